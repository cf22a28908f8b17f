"""What a shell may offer where a rule, a platform or a path is due; asked only while somebody types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

FILE = click.Path(readable=False)  # any path: shells complete it, and bpopt itself says what is wrong with it


def rules(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Codes and names of rules, and families; after a comma, too."""
    from click.shell_completion import CompletionItem

    from bpopt import rules as registry

    before, comma, last = typed.rpartition(",")
    known = {entry.code: entry.name for entry in registry.REGISTRY}
    known |= {entry.name: entry.code for entry in registry.REGISTRY}
    if param.name != "rule":
        known |= dict.fromkeys([*registry.FAMILIES.values(), "ALL"], "")
    return [
        CompletionItem(f"{before}{comma}{word}", help=told or None)
        for word, told in known.items()
        if word.startswith(last)
    ]


def platforms(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Names of platforms and of their stacks; after a comma, too."""
    from click.shell_completion import CompletionItem

    from bpopt import platforms as room

    before, comma, last = typed.rpartition(",")
    stacks = [stack.name for name in room.NAMES for stack in room.load(name).stacks]
    words = stacks if param.name == "stack" else [*room.NAMES, *stacks]
    return [
        CompletionItem(f"{before}{comma}{word}") for word in dict.fromkeys(words) if word.startswith(last)
    ]
