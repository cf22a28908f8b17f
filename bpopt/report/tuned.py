"""A stored result of `bpopt tune` as the documents tell it: the answer, and what each configuration did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bpopt.report.charts import Bar
from bpopt.report.markdown import bullets, code, escape, table

if TYPE_CHECKING:
    from collections.abc import Iterator

KIND, VERSION = "bpopt tune", 1
_SHOWN = {"throughput": "throughput", "p95": "p95", "memory": "memory"}
_MOST = 12  # configurations


class Tried(NamedTuple):
    """One configuration: its gunicorn options, rounds, the changes in words, and what bars it, if anything.

    `throughput` is its ratio to what the app has, None where none can be told.
    """

    options: str
    rounds: int
    changes: tuple[str, ...]
    barred: str
    throughput: float | None


class Tuned(NamedTuple):
    """A run: its ISO day, machine, objective, clients at once, the answer in sentences, and what was tried."""

    day: str
    machine: str
    objective: str
    clients: int
    sentences: tuple[str, ...]
    tried: tuple[Tried, ...]


def read(data: dict[str, Any]) -> Tuned:
    """A result that `bpopt tune --output-format json` wrote; KeyError and the like if it is not whole."""
    machine = data["machine"]
    return Tuned(
        str(data["date"])[:10],
        f"{machine['cores']} cores ({machine['processor']})",
        str(data["objective"]),
        int(data["clients"]),
        tuple(map(str, data["answer"]["sentences"])),
        tuple(map(_tried, data["configurations"])),
    )


def _tried(entry: dict[str, Any]) -> Tried:
    from bpopt.verify import words
    from bpopt.verify.stats import Change

    found = {name: Change(**change) for name, change in entry["changes"].items()}
    told = tuple(words.change(found[name]) if name in found else "" for name in _SHOWN)
    ratio = found["throughput"].ratio if "throughput" in found else None
    return Tried(str(entry["options"]), int(entry["rounds"]), told, str(entry["barred"] or ""), ratio)


def section(found: Tuned) -> Iterator[str]:
    """What was found, as a section of the analysis."""
    yield "## Tuned\n"
    yield (
        f"By `bpopt tune` on {found.day}, {escape(found.machine)}, for {escape(found.objective)}, "
        f"{found.clients} clients at once.\n"
    )
    yield bullets(map(escape, found.sentences))
    rows = [
        (code(own.options), str(own.rounds), *map(escape, own.changes), escape(own.barred))
        for own in found.tried[:_MOST]
    ]
    yield table(("configuration", ">rounds", *_SHOWN.values(), "ruled out because"), rows)
    yield "Changes are against what the app has now, in the same rounds.\n"


def bars(found: Tuned) -> list[Bar]:
    """The throughput of what the app has (100 %) and of the configurations, as bars."""
    known = [(own.options, own.throughput) for own in found.tried[:_MOST] if own.throughput is not None]
    rows = [Bar(options, 100 * ratio, f"{100 * ratio:.0f} %") for options, ratio in known]
    return [Bar("what the app has", 100.0, "100 %"), *rows] if rows else []
