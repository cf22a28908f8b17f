"""The page of a rule, from its module: docstring, examples, and whether it has a fix (derived, not declared)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bpopt.rules.base import DEFAULT_PATHS

if TYPE_CHECKING:
    from bpopt.rules import Entry
    from bpopt.rules.base import Example

LONGEST = 2000  # characters of an example's file


def fixability(entry: Entry) -> str:
    """`always`, `sometimes` or `never`: how many of the rule's bad examples have a fix."""
    shown = [example.fixed is not None for example in entry.load().EXAMPLES if example.finds]
    return "always" if all(shown) else "sometimes" if any(shown) else "never"


def facts(entry: Entry) -> dict[str, Any]:
    """What a rule is, for machines."""
    module = entry.load()
    doc = module.__doc__ or ""
    return {
        "code": entry.code,
        "name": entry.name,
        "family": entry.family,
        "kind": entry.kind,
        "severity": module.META.severity.value,
        "since": module.META.since,
        "fix": fixability(entry),
        "summary": doc.splitlines()[0],
        "documentation": doc.strip(),
        "sources": sources(doc),
        "examples": [_example(example, entry) for example in module.EXAMPLES],
    }


def sources(doc: str) -> list[str]:
    """The addresses under References."""
    import re

    return re.findall(r"\]\((https?://[^)\s]+)\)", doc.partition("## References")[2])


def _example(example: Example, entry: Entry) -> dict[str, Any]:
    def name(files: Any) -> Any:
        return (
            {path or DEFAULT_PATHS[entry.kind]: shown(text) for path, text in files.items()}
            if files
            else None
        )

    return {
        "finds": example.finds,
        "title": example.title,
        "on": example.on,
        "files": name(example.files),
        "fixed": name(example.fixed),
    }


def shown(text: str | None) -> str | None:
    """The text of an example, cut where it is long only because a rule is about size."""
    if text is None or len(text) <= LONGEST:
        return text
    return f"{text[:60]}... ({len(text):,} characters)\n"


def markdown(entry: Entry) -> str:
    """The page as markdown; examples stand before `Fix safety`."""
    doc = (entry.load().__doc__ or "").strip()
    title, _, body = doc.partition("\n")
    before, mark, after = body.partition("## Fix safety")
    severity = entry.load().META.severity.value
    about = f"*{severity}, fix: {fixability(entry)}, family: {entry.family}*"
    head = f"# {entry.name} ({entry.code})\n\n{title}\n\n{about}\n"
    return f"{head}{before}{_examples(entry)}{mark}{after}\n"


def _examples(entry: Entry) -> str:
    parts = ["## Examples\n\nWhat is found is marked with « and ».\n\n"]
    for example in entry.load().EXAMPLES:
        title = f" ({example.title})" if example.title else ""
        where = ", ".join(example.on)
        if example.finds:
            parts.append(f"Found on {where}{title}:\n\n{_files(example.files, entry)}")
            if example.fixed is not None:
                parts.append(f"Fixed ({example.safety}):\n\n{_files(example.fixed, entry)}")
        else:
            parts.append(f"Fine on {where}{title}:\n\n{_files(example.files, entry)}")
    return "".join(parts)


def _files(files: Any, entry: Entry) -> str:
    blocks = []
    for path, text in files.items():
        name = path or DEFAULT_PATHS.get(entry.kind, path)
        body = (
            "(removed)"
            if text is None
            else str(shown(text)).rstrip("\n").replace("\r", "␍").replace("\ufeff", "[BOM]")
        )
        fence = "````" if "```" in body else "```"
        blocks.append(f"`{name}`\n\n{fence}\n{body}\n{fence}\n\n")
    return "".join(blocks)
