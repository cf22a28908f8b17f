"""Where the documents of bpopt live: the one place that knows their addresses."""

from __future__ import annotations

HOME = "https://github.com/bpopt/bpopt"


def rule_url(name: str) -> str:
    """The page of the rule of that name."""
    return f"{HOME}/blob/main/docs/rules/{name}.md"
