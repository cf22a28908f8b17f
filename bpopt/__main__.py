"""`python -m bpopt` and the `bpopt` command."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line; the exit code is 0 clean, 1 findings, 2 usage, 3 nothing to check, 4 internal error."""
    from bpopt.cli import is_plain, run

    code = run(sys.argv[1:])
    if is_plain(sys.argv[1:]):
        # A check leaves nothing to be closed: taking the interpreter apart would cost it 3 ms more.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    main()
