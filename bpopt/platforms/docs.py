"""Write `docs/platforms.md` from the facts: `python -m bpopt.platforms.docs`; with `--check` only compare.

It needs a checkout: the page is not part of the installed package.
"""

from __future__ import annotations

import os
import sys

from bpopt import platforms
from bpopt.platforms import python, source
from bpopt.platforms.model import Fact, Platform, Value

PAGE = os.path.join(os.path.dirname(os.path.dirname(source.DATA)), "docs", "platforms.md")

_HEAD = """\
# What the platforms do

<!-- Written by `python -m bpopt.platforms.docs` from bpopt/data/platforms/*.toml; do not edit. -->

What bpopt knows of each platform. Each entry links to its source; when it was checked stands at the end, beside
the address. **?** marks what nobody could confirm: bpopt gives hints on it, never errors. An empty cell means that
nothing is known.
"""


def page() -> str:
    """The whole page as Markdown."""
    known = [platforms.load(name) for name in platforms.NAMES]
    parts = [_HEAD, _stacks(known)]
    for group, entries in source.keys().items():
        parts.append(_variables(known) if group == "sets" else _group(known, group, entries))
    return _numbered("\n".join([*parts, _plans(known), _python(known)]), _dates(known))


def _numbered(text: str, dates: dict[str, str]) -> str:
    """The text with links by number, and below it the addresses with the dates of the checks."""
    import re

    numbers: dict[str, int] = {}

    def number(link: re.Match[str]) -> str:
        return f"][{numbers.setdefault(link[1], len(numbers) + 1)}]"

    body = re.sub(r"\]\((https?://[^)]+)\)", number, text)
    links = (f'[{n}]: {url} "checked {dates[url]}"' for url, n in numbers.items())
    return "\n".join([body, *links, ""])


def _dates(known: list[Platform]) -> dict[str, str]:
    """When each address was last looked at."""
    dates: dict[str, str] = {}
    for platform in known:
        cited = [(fact.source, fact.date) for fact in platform.facts.values()]
        cited += [(stack.source, stack.date) for stack in platform.stacks]
        cited += [(plan.source, plan.date) for plan in platform.plans]
        for url, date in cited:
            dates[url] = max(date, dates.get(url, ""))
    for release in python.releases():
        dates[release.source] = dates[release.latest_source] = release.date
    return dates


def _group(known: list[Platform], group: str, entries: dict[str, str]) -> str:
    rows = [
        [f"`{group}.{key}`: {meaning}", *_cells(known, f"{group}.{key}")] for key, meaning in entries.items()
    ]
    return _section(group, ["", *(p.title for p in known)], rows) + _notes(known, group, list(entries))


def _variables(known: list[Platform]) -> str:
    """The variables that platforms set, with who wins when the user sets one too."""
    names = sorted({key[5:] for p in known for key in p.facts if key.startswith("sets.")})
    rows = [[f"`{name}`", *_cells(known, f"sets.{name}")] for name in names]
    title = "Variables that the platform sets itself"
    text = _section(title, ["", *(p.title for p in known)], rows)
    modes = (
        "\n*always*: a value of yours is overridden; *default*: yours wins; *auto*: computed from the size of\n"
        "the container unless you set one.\n"
    )
    return text + modes + _notes(known, "sets", names)


def _cells(known: list[Platform], key: str) -> list[str]:
    return [_cell(platform.fact(key)) for platform in known]


def _cell(fact: Fact | None) -> str:
    if fact is None:
        return ""
    mode = f" ({fact.mode})" if fact.mode else ""
    return f"[{_shown(fact.value)}]({fact.source}){mode}{'' if fact.verified else ' **?**'}"


def _shown(value: Value) -> str:
    """A value as a table cell has it: lists short, nothing that Markdown would read."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:,}"
    if isinstance(value, tuple):
        value = ", ".join(value) if len(value) < 9 else f"{len(value)} names"
    return f"`{value.replace('|', chr(92) + '|')}`" if value else "none"


def _notes(known: list[Platform], group: str, entries: list[str]) -> str:
    lines = []
    for key in entries:
        for platform in known:
            fact = platform.fact(f"{group}.{key}")
            if fact is not None and fact.note:
                lines.append(f"- `{key}`, {platform.title}: {fact.note}.")
    return "\n" + "\n".join(lines) + "\n" if lines else ""


def _stacks(known: list[Platform]) -> str:
    rows = [
        [
            platform.title,
            f"[`{stack.name}`]({stack.source}){' (default)' if stack.default else ''}",
            f"{stack.base} ({stack.suite})",
            "supported" if stack.supported else "retired",
            stack.end_of_support or "",
        ]
        for platform in known
        for stack in platform.stacks
    ]
    return _section("stacks", ["Platform", "Stack", "Base", "State", "End of support"], rows)


def _plans(known: list[Platform]) -> str:
    rows = [
        [
            platform.title,
            f"[`{plan.name}`]({plan.source}){'' if plan.verified else ' **?**'}",
            f"{plan.memory // 2**20:,}",
            "" if plan.cpus is None else f"{plan.cpus:g}",
            "shared" if plan.shared else "dedicated",
            "" if plan.price is None else f"{plan.price:,.0f} {plan.currency}",
            "retired" if plan.retired else "",
        ]
        for platform in known
        for plan in platform.plans
    ]
    heads = ["Platform", "Plan", "MiB", "CPUs", "CPU", "Price a month", ""]
    return _section("plans", heads, rows)


def _python(known: list[Platform]) -> str:
    """Releases of Python, with the platforms whose buildpack builds each."""
    rows = []
    for release in python.releases():
        building = [p.title for p in known if release.name in _minors(p.fact("python.supported"))]
        name = f"[{release.name}]({release.source})"
        latest = f"[{release.latest}]({release.latest_source})" if release.latest else ""
        rows.append([name, release.released, release.end_of_life, latest, ", ".join(building)])
    return _section("Python releases", ["Minor", "Released", "End of life", "Latest", "Builds on"], rows)


def _minors(fact: Fact | None) -> tuple[str, ...]:
    return fact.value if fact is not None and isinstance(fact.value, tuple) else ()


def _section(title: str, heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    return f"## {title}\n\n{table}\n"


def main(arguments: list[str]) -> int:
    """Write the page, or with `--check` say whether it is out of date; returns the exit status."""
    text = page()
    if arguments == ["--check"]:
        with open(PAGE, encoding="utf-8") as file:
            fresh = file.read() == text
        print("" if fresh else "out of date: docs/platforms.md (run python -m bpopt.platforms.docs)", end="")
        return 0 if fresh else 1
    with open(PAGE, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
