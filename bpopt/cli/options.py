"""The click options that several commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from bpopt.cli import completing

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., Any]")

# Option -> click arguments; in the order of --help.
_SELECTION: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = (
    (
        ("--select",),
        {
            "multiple": True,
            "metavar": "RULE",
            "shell_complete": completing.rules,
            "help": "Run only these rules: code, name, prefix, family or ALL.",
        },
    ),
    (
        ("--ignore",),
        {
            "multiple": True,
            "metavar": "RULE",
            "shell_complete": completing.rules,
            "help": "Do not run these rules.",
        },
    ),
    (
        ("--platform",),
        {
            "multiple": True,
            "metavar": "NAME",
            "shell_complete": completing.platforms,
            "help": "heroku, heroku-fir, digitalocean, dokku or scalingo.",
        },
    ),
    (
        ("--stack",),
        {
            "metavar": "NAME",
            "shell_complete": completing.platforms,
            "help": "The stack, such as heroku-24.",
        },
    ),
    (("--plan",), {"metavar": "NAME", "help": "The plan or instance size, such as standard-1x."}),
    (
        ("--exclude",),
        {"multiple": True, "metavar": "PATTERN", "help": "Leave out folders, as a .gitignore line would."},
    ),
    (("--no-gitignore",), {"is_flag": True, "help": "Look into folders that .gitignore leaves out too."}),
    (
        ("--config",),
        {"metavar": "FILE", "type": completing.FILE, "help": "Use this configuration file and no other."},
    ),
    (("--isolated",), {"is_flag": True, "help": "Use no configuration file at all."}),
    (
        ("--stdin-filename",),
        {
            "metavar": "PATH",
            "type": completing.FILE,
            "help": "With - as PATHS: the file that standard input stands for.",
        },
    ),
    (
        ("--color",),
        {"type": click.Choice(["auto", "always", "never"]), "default": "auto", "help": "When to use colour."},
    ),
    (("-q", "--quiet"), {"is_flag": True, "help": "Print findings only, no summary."}),
)


def selection(function: F) -> F:
    """Add the options that say what to look at."""
    for names, arguments in reversed(_SELECTION):
        function = click.option(*names, **arguments)(function)
    return click.argument("paths", nargs=-1, metavar="[PATHS]...", type=completing.FILE)(function)
