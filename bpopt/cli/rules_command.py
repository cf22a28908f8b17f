"""`bpopt rules`: the list of all rules."""

from __future__ import annotations

import click

from bpopt import rules
from bpopt.settings import check_selector


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


def _table(entries: list[rules.Entry]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from bpopt.rules import page

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in ("Code", "Name", "Severity", "Fix", "What it finds"):
        table.add_column(title, no_wrap=title != "What it finds")
    family = ""
    for entry in entries:
        module = entry.load()
        if family and entry.family != family:
            table.add_section()
        family = entry.family
        severity = module.META.severity.value
        summary = (module.__doc__ or "").splitlines()[0].rstrip(".")
        table.add_row(
            entry.code, entry.name, f"[{_STYLES[severity]}]{severity}[/]", page.fixability(entry), summary
        )
    console = Console()
    console.print(table, width=None if console.is_terminal else 140)
    click.echo(f"{len(entries)} rules. bpopt explain RULE shows one in full.")
