"""The command line: exit codes, and the one place that turns an exception into a message."""

from __future__ import annotations

import os
import sys

CLEAN, FINDINGS, USAGE, NOTHING, INTERNAL = range(5)


def run(arguments: list[str]) -> int:
    """Run a command line and give its exit code; no exception comes out."""
    import gc

    # Nearly all objects of a run live until it ends: collecting often only costs.
    gc.set_threshold(100_000, 20, 100)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _dispatch(arguments)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader (head, less) went away: that is no error, and Python must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except Exception as error:  # noqa: BLE001 - the last net: a user never sees a traceback unasked
        return _report(error)


def is_plain(arguments: list[str]) -> bool:
    """Whether a command line is `check` with paths alone, and no shell asks for completions."""
    plain = arguments[:1] == ["check"] and not any(argument.startswith("-") for argument in arguments)
    return plain and "_BPOPT_COMPLETE" not in os.environ


def _dispatch(arguments: list[str]) -> int:
    """Paths alone need no option parser, which saves a third of the time; the rest goes to click."""
    if is_plain(arguments):
        from bpopt.cli.checking import check
        from bpopt.cli.request import Request

        return check(Request(tuple(arguments[1:])))
    from bpopt.cli.main import invoke

    return invoke(arguments)


def _report(error: Exception) -> int:
    from bpopt.discovery import NotThere
    from bpopt.settings import ConfigError
    from bpopt.writing import WriteError

    if isinstance(error, NotThere):
        tell(f"{error}: no such file or folder")
        return USAGE
    if isinstance(error, (ConfigError, WriteError)):
        tell(str(error))
        return USAGE
    if os.environ.get("BPOPT_TRACEBACK"):
        raise error
    tell(
        f"internal error: {type(error).__name__}: {error}\n"
        "This is a fault of bpopt, not of your files.\n"
        "Run again with BPOPT_TRACEBACK=1 and report what it prints."
    )
    return INTERNAL


def tell(text: str) -> None:
    """Say something on standard error that is not part of the report."""
    print(f"bpopt: {text}", file=sys.stderr)
