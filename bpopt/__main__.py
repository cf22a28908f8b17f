"""`python -m bpopt` and the `bpopt` command."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line; the exit code is 0 clean, 1 findings, 2 usage, 3 nothing to check, 4 internal error."""
    from bpopt.cli import run

    code = run(sys.argv[1:])
    if sys.argv[1:2] == ["check"]:
        # A check leaves nothing to be closed: taking the interpreter apart would cost it a tenth more.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    main()
