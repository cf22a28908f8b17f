"""`python -m bpopt` and the `bpopt` command."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; the exit code is 0 clean, 1 findings, 2 usage, 3 nothing to check, 4 internal error."""
    from bpopt.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
