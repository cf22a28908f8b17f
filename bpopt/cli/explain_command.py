"""`bpopt explain RULE`: the page of a rule, with its examples."""

from __future__ import annotations

from typing import Any

import click

from bpopt import rules
from bpopt.cli import completing
from bpopt.settings import ConfigError
from bpopt.suggest import meant


@click.command(
    "explain", epilog="\b\nExamples:\n  bpopt explain BP101\n  bpopt explain redundant-blas --format json\n"
)
@click.argument("rule", shell_complete=completing.rules)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(rule: str, form: str) -> None:
    """Show what a RULE (a code or a name) finds, why it matters, examples and sources."""
    entry = rules.index().get(rule) or rules.index().get(rule.upper())
    if entry is None:
        raise ConfigError(f"there is no rule {rule!r}{meant(rule, rules.index())}")
    from bpopt.rules import page
    from bpopt.verify import stored

    if form == "json":
        import json

        facts = {**page.facts(entry), "measured": stored.sentences(entry.code)}
        click.echo(json.dumps(facts, indent=2, ensure_ascii=False))
        return
    _show(page.markdown(entry) + _measured(stored.sentences(entry.code)))


def _measured(sentences: list[str]) -> str:
    """What `bpopt verify --each` found on the sample app, as a section."""
    if not sentences:
        return ""
    return "\n## Measured\n\n" + "".join(f"- {sentence}\n" for sentence in sentences)


def _show(text: str) -> None:
    from rich.console import Console
    from rich.markdown import Markdown

    # Unknown to a pipe, rich would cut at 80 columns anyway; on a terminal it takes the width there is.
    kwargs: dict[str, Any] = {"soft_wrap": False, "highlight": False}
    console = Console(**kwargs)
    if console.is_terminal:
        console.print(Markdown(text))
    else:
        click.echo(text)
