"""`bpopt rules`: the list of all rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bpopt import rules
from bpopt.settings.faults import check_selector

if TYPE_CHECKING:
    from rich.console import Group
    from rich.table import Table


@click.command(
    "rules", epilog="\b\nExamples:\n  bpopt rules\n  bpopt rules --select apt\n  bpopt rules --format json\n"
)
@click.option("--select", multiple=True, metavar="RULE", help="Only these: code, name, prefix or family.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
def command(select: tuple[str, ...], form: str) -> None:
    """List all rules: code, name, severity, whether there is a fix, and what each finds."""
    for selector in select:
        check_selector(selector, "command line")
    chosen = [
        entry for entry in rules.REGISTRY if not select or any(entry in rules.matching(s) for s in select)
    ]
    if form == "json":
        import json

        from bpopt.rules import page

        click.echo(json.dumps([page.facts(entry) for entry in chosen], indent=2, ensure_ascii=False))
    else:
        _table(chosen)


_STYLES = {"error": "red", "warning": "yellow", "info": "blue"}
_TABLE_WIDTH = 110  # a narrower table leaves the last column a word a line


def _table(entries: list[rules.Entry]) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    width = console.width if console.is_terminal else 140
    shown = _columns(entries) if width >= _TABLE_WIDTH else _paragraphs(entries)
    console.print(shown, width=width)
    click.echo(f"{len(entries)} rules. bpopt explain RULE shows one in full.")


def _columns(entries: list[rules.Entry]) -> Table:
    """A row a rule, a section a family."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in ("Code", "Name", "Severity", "Fix", "What it finds"):
        table.add_column(title, no_wrap=title != "What it finds")
    for before, entry in zip([None, *entries], entries, strict=False):
        if before and before.family != entry.family:
            table.add_section()
        severity, fix, summary = _facts(entry)
        table.add_row(entry.code, entry.name, f"[{_STYLES[severity]}]{severity}[/]", fix, summary)
    return table


def _paragraphs(entries: list[rules.Entry]) -> Group:
    """Two lines a rule: who it is, and indented what it finds."""
    from rich.console import Group
    from rich.padding import Padding

    lines: list[str | Padding] = []
    for entry in entries:
        severity, fix, summary = _facts(entry)
        lines.append(f"{entry.code} [bold]{entry.name}[/]  [{_STYLES[severity]}]{severity}[/], fix {fix}")
        lines.append(Padding(summary, (0, 0, 0, 6)))
    return Group(*lines)


def _facts(entry: rules.Entry) -> tuple[str, str, str]:
    """Severity, whether there is a fix, and what the rule finds in one line."""
    from bpopt.rules import page

    module = entry.load()
    summary = (module.__doc__ or "").splitlines()[0].rstrip(".")
    return module.META.severity.value, page.fixability(entry), summary
