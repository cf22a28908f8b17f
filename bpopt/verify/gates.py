"""Gates: what a run must keep to, from `[tool.bpopt.verify.gates]`; a gate that was not shown to hold is broken.

max_p95_ratio = 1.2               # 95 % of the answers: after/before at most, for every entry of the load
min_throughput_ratio = 0.9        # answers per second: after/before at least
max_memory_mb = 512               # the peak of after, in units of 1024 * 1024 bytes as plans count
max_slug_mb = 300                 # what ships after, compressed, in the same unit
max_boot_seconds = 60             # the slowest start of after
require_identical_responses = true
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bpopt.settings import ConfigError
from bpopt.suggest import meant
from bpopt.verify import stats
from bpopt.verify.model import PASSED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bpopt.verify.model import Measure, StageResult

MB = 1024 * 1024
NOT_MEASURED = "was not measured"


class Outcome(NamedTuple):
    """A gate held against a run: its name and limit, what was measured, whether it holds, and why in words."""

    name: str
    limit: float | bool
    value: float | None
    holds: bool
    text: str


def validate(table: Any, where: str) -> dict[str, Any]:
    """The gates of a configuration; ConfigError for an unknown one or a value of the wrong kind."""
    if not isinstance(table, dict):
        raise ConfigError(f"{where}: gates must be a table")
    for name, limit in table.items():
        if name not in _GATES:
            raise ConfigError(f"{where}: unknown gate {name!r}{meant(name, _GATES)}")
        wanted = bool if name.startswith("require_") else (int, float)
        if not isinstance(limit, wanted) or (isinstance(limit, bool) and wanted is not bool):
            kind = "true or false" if wanted is bool else "a number"
            raise ConfigError(f"{where}: {name} must be {kind}")
    return dict(table)


def judge(gates: Mapping[str, Any], results: Iterable[StageResult]) -> tuple[Outcome, ...]:
    """Hold every gate against what the stages found."""
    found = tuple(results)
    return tuple(_GATES[name](name, limit, found) for name, limit in gates.items() if limit is not False)


def _measures(results: tuple[StageResult, ...], beginning: str, ending: str) -> list[Measure]:
    return [
        measure
        for result in results
        for measure in result.measures
        if measure.key.startswith(beginning) and measure.key.endswith(ending) and measure.after
    ]


def _not_measured(name: str, limit: float) -> Outcome:
    return Outcome(name, limit, None, False, NOT_MEASURED)


def _ratio(name: str, limit: float, results: tuple[StageResult, ...]) -> Outcome:
    """The worst ratio of all that the gate is about must keep to it, with its whole interval."""
    upper = name.startswith("max_")
    measures = _measures(results, "load.", ".p95" if "p95" in name else ".throughput")
    changes = [(measure, stats.change(measure)) for measure in measures]
    known = [(m, c) for m, c in changes if c.ratio is not None]
    if not known:
        return _not_measured(name, limit)
    sign = 1 if upper else -1
    measure, worst = max(known, key=lambda pair: sign * (pair[1].ratio or 0))
    assert worst.ratio is not None
    unsure = [(m, c) for m, c in known if not _within(c.low if not upper else c.high, limit, upper)]
    if not unsure:
        return Outcome(name, limit, worst.ratio, True, f"{worst.ratio:.2f} at the worst ({measure.title})")
    measure, worst = max(unsure, key=lambda pair: sign * (pair[1].ratio or 0))
    sure = not _within(worst.high if not upper else worst.low, limit, upper)
    said = f"{measure.title}: {worst.ratio:.2f}, limit {limit:g}"
    if not sure:
        said += (
            f"; too noisy to show that it holds (interval {_ends(worst)}): give it more time with --budget"
        )
    return Outcome(name, limit, worst.ratio, False, said)


def _within(value: float | None, limit: float, upper: bool) -> bool:
    return value is not None and (value <= limit if upper else value >= limit)


def _ends(change: stats.Change) -> str:
    low = "0" if change.low is None else f"{change.low:.2f}"
    return f"{low} to {'any' if change.high is None else format(change.high, '.2f')}"


def _largest(
    beginning: str, ending: str, unit: float, word: str
) -> Callable[[str, float, tuple[StageResult, ...]], Outcome]:
    """A gate on the greatest value of after."""

    def gate(name: str, limit: float, results: tuple[StageResult, ...]) -> Outcome:
        measures = _measures(results, beginning, ending)
        if not measures:
            return _not_measured(name, limit)
        value = max(max(measure.after) for measure in measures) / unit
        return Outcome(name, limit, value, value <= limit, f"{value:.1f} {word}, limit {limit:g}")

    return gate


def _identical(name: str, limit: bool, results: tuple[StageResult, ...]) -> Outcome:
    probe = next((result for result in results if result.stage == "probe"), None)
    if probe is None:
        return Outcome(name, limit, None, False, NOT_MEASURED)
    holds = probe.status == PASSED
    return Outcome(name, limit, float(holds), holds, "all answers agree" if holds else probe.reason)


_GATES: dict[str, Callable[[str, Any, tuple[StageResult, ...]], Outcome]] = {
    "max_p95_ratio": _ratio,
    "min_throughput_ratio": _ratio,
    "max_memory_mb": _largest("memory.", "peak.pss", MB, "MiB"),
    "max_slug_mb": _largest("slug.", "compressed", MB, "MiB"),
    "max_boot_seconds": _largest("boot.", "seconds", 1, "s"),
    "require_identical_responses": _identical,
}
