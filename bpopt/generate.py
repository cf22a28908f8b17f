"""Files of the repository that are made from the code: `python -m bpopt.generate`, and `--check` for CI.

Rule pages, the list of rules, the JSON schema of the configuration, the help of every command, and the table of renamed
apt packages in a form that is read faster than TOML.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import click

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def files() -> Iterator[tuple[str, str]]:
    """(path in the repository, text) of everything that is generated."""
    from bpopt import rules
    from bpopt.rules import page

    for entry in rules.REGISTRY:
        yield f"docs/rules/{entry.name}.md", page.markdown(entry)
    yield "docs/rules/README.md", _index()
    yield "docs/schema/config.schema.json", _schema()
    yield "docs/commands.md", _commands()
    yield "bpopt/data/apt/renames.json", _renames()


def _index() -> str:
    from bpopt import rules
    from bpopt.rules import page

    lines = ["# Rules\n", "\nMade by `python -m bpopt.generate` from the rules themselves.\n"]
    family = ""
    for entry in rules.REGISTRY:
        if entry.family != family:
            family = entry.family
            lines.append(f"\n## {family} ({entry.code[:3]}xx)\n\n| Code | Rule | Severity | Fix | Finds |\n")
            lines.append("|---|---|---|---|---|\n")
        module = entry.load()
        title = (module.__doc__ or "").splitlines()[0].rstrip(".")
        severity = module.META.severity.value
        name = f"[{entry.name}]({entry.name}.md)"
        lines.append(f"| {entry.code} | {name} | {severity} | {page.fixability(entry)} | {title} |\n")
    return "".join(lines)


def _schema() -> str:
    import json

    from bpopt.settings.options import schema

    return json.dumps(schema(), indent=2) + "\n"


def _renames() -> str:
    import json

    import tomli

    with open(os.path.join(ROOT, "bpopt", "data", "apt", "renames.toml"), "rb") as file:
        table = tomli.load(file)
    return (
        json.dumps({key: table[key] for key in ("checked", "name", "series")}, separators=(",", ":")) + "\n"
    )


def _commands() -> str:
    import click

    from bpopt.cli.main import COMMANDS, main

    lines = ["# Commands\n\nMade by `python -m bpopt.generate` from `--help`.\n"]
    context = click.Context(main, info_name="bpopt", terminal_width=100, max_content_width=100)
    for name in COMMANDS:
        command = main.get_command(context, name)
        assert command is not None
        lines += _helps(command, name, context)
    return "".join(lines)


def _helps(command: click.Command, name: str, parent: click.Context) -> Iterator[str]:
    """The help of a command, and of those below it."""
    import click

    child = click.Context(command, info_name=name, parent=parent, terminal_width=100, max_content_width=100)
    yield f"\n## {child.command_path}\n\n```text\n{command.get_help(child)}\n```\n"
    if isinstance(command, click.Group):
        for below in command.list_commands(child):
            found = command.get_command(child, below)
            assert found is not None
            yield from _helps(found, below, child)


def main() -> int:
    """Write what is out of date, or with `--check` only name it; 1 if anything was."""
    check = "--check" in sys.argv
    stale = []
    for path, text in files():
        full = os.path.join(ROOT, path)
        if not os.path.exists(full) or open(full, encoding="utf-8", newline="").read() != text:  # noqa: SIM115
            stale.append(path)
            if not check:
                os.makedirs(os.path.dirname(full), exist_ok=True)
                with open(full, "w", encoding="utf-8", newline="") as file:
                    file.write(text)
    for path in stale:
        print(f"{'out of date' if check else 'written'}: {path}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
