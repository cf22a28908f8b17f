"""A report made by hand, with all that a report can hold: for the tests of formats and gates."""

from __future__ import annotations

from bpopt.verify import gates, stats
from bpopt.verify.model import FAILED, PASSED, SKIPPED, Measure, StageResult
from bpopt.verify.report import Applied, Effect, Report

MB = 1024 * 1024


def measure(
    key: str, unit: str, before: float, after: float, title: str = "", rounds: int = 5, noise: float = 0.01
) -> Measure:
    """A measure with a little noise, the same at every call."""
    shifts = [1 + noise * (((7 * i) % 5) - 2) / 2 for i in range(3 * rounds)]
    columns = (
        tuple(value * shift for shift in shifts[start::3])
        for start, value in enumerate((before, before, after))
    )
    lower = unit != "1/s"
    return Measure(
        key, title or key, unit, lower, next(columns), next(columns), next(columns), f"how {key} was measured"
    )


def counted(key: str, unit: str, before: float, after: float) -> Measure:
    """A measure that is counted."""
    return Measure(key, key, unit, True, (before,), (before,), (after,), "counted")


def results(after_p95: float = 0.9, broken: bool = False) -> tuple[StageResult, ...]:
    """A result of every stage."""
    load = (
        measure("load.rest.health.p50", "s", 0.0003, 0.0003, "Health at rest"),
        measure("load.closed4.p95", "s", 0.285, 0.285 * after_p95, "p95, 4 clients"),
        measure("load.closed1.throughput", "1/s", 8, 8, "Throughput, 1 client"),
        measure("load.closed4.throughput", "1/s", 15.7, 15.6, "Throughput, 4 clients"),
    )
    memory = (
        measure("memory.loaded.pss", "B", 376 * MB, 261 * MB, "Memory, after load"),
        measure("memory.peak.pss", "B", 380 * MB, 265 * MB, "Memory, peak"),
    )
    samples = [[0.2, 200 * MB, 100 * MB], [0.4, 261 * MB, 120 * MB]]
    waits = [0.1, 0.12, 0.13, 0.2, 0.31]
    phases = [{"key": "closed4", "title": "4 clients"}]
    latencies = {"latencies": {"before": {"closed4": waits}, "after": {"closed4": waits}}, "phases": phases}
    slug = (counted("slug.bytes", "B", 1_000_000, 400_000), counted("slug.compressed", "B", 500_000, 200_000))
    return (
        StageResult("config", PASSED, notes=("a <note> with `marks` & \x1b[31mcolour\x1b[0m",)),
        StageResult(
            "slug", PASSED, measures=slug, details={"directories": {"docs": [600_000, 0], ".": [1, 2]}}
        ),
        StageResult("apt", SKIPPED, "neither state has an Aptfile"),
        StageResult("boot", PASSED, measures=(measure("boot.seconds", "s", 1.3, 1.22),), seconds=9.5),
        StageResult("probe", FAILED if broken else PASSED, "2 of 40 answers differ" if broken else ""),
        StageResult("load", PASSED, measures=load, details=latencies),
        StageResult(
            "memory", PASSED, measures=memory, details={"samples": {"before": samples, "after": samples}}
        ),
    )


def report(
    wanted: dict[str, float | bool] | None = None, broken: bool = False, after_p95: float = 0.9
) -> Report:
    """The report."""
    found = results(after_p95, broken)
    memory = found[-1].measures[0]
    return Report(
        app="apps/faces",
        date="2026-11-24T04:00:00Z",
        titles=("as it is", "with fixes"),
        applied=(Applied("BP304", "no-preload", "Procfile", "Add --preload"),),
        changed=("Procfile",),
        diff="--- a/Procfile\n+++ b/Procfile\n@@ -1 +1 @@\n-web: a\n+web: a --preload\n",
        results=found,
        gates=gates.judge(wanted or {}, found),
        machine={
            "bpopt": "0.1.0",
            "python": "3.11.7",
            "packages": {"gunicorn": "27.0.1"},
            "system": "Linux 6.1",
            "machine": "x86_64",
            "processor": "some processor",
            "cores": 2,
            "memory": 8 * 1024**3,
            "load_before": 0.1,
            "load_after": 0.9,
        },
        settings={
            "stages": [result.stage for result in found],
            "budget": 150.0,
            "seed": 1,
            "unsafe": False,
            "select": ["ALL"],
            "targets": ["heroku (heroku-24)"],
            "memory_limit": 512 * MB,
            "memory_limit_from": "heroku Basic",
            "traffic": {
                "hash": "0123456789abcdef",
                "source": "verify",
                "health": "/health",
                "requests": {"health": 1, "recognise": 6},
                "paths": {"health": ["/health"], "recognise": ["/api/recognise"]},
            },
        },
        seconds=93.0,
        notes=("a note",),
        each=(Effect("BP304", "no-preload", ("Add --preload",), {memory.key: stats.change(memory)}, ()),),
    )
