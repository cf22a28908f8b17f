"""Which charts the HTML report of an app has, and what they show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.report import charts, tuned, verified
from bpopt.report.charts import Bar
from bpopt.report.markdown import megabytes, minutes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.report.gather import AptLayer, Gathered

_MOST = 12  # bars of a chart


def charts_of(gathered: Gathered) -> Iterator[str]:
    """Every chart that the app has something for, as HTML."""
    yield _areas(gathered)
    if gathered.results.verified is not None:
        found = gathered.results.verified
        note = f"By bpopt verify on {found.day}, {found.machine}. The thinner bar is after."
        yield charts.bars("Measured before and after", note, verified.bars(found), own_scale=True)
    if gathered.results.tuned is not None:
        tried = gathered.results.tuned
        note = f"By bpopt tune on {tried.day}, {tried.machine}, {tried.clients} clients at once; medians."
        yield charts.bars("Throughput of the configurations that were tried", note, tuned.bars(tried))
    for own in gathered.layers:
        yield from _packages(own)
    yield charts.bars(
        "What is deployed, by folder",
        "What a push carries, and what .slugignore leaves of it after bpopt fix, where it counts.",
        [
            Bar(f.path, f.bytes, megabytes(f.bytes), f.fixed, megabytes(f.fixed))
            for f in gathered.folders[:_MOST]
        ],
    )
    yield charts.bars(
        "Wheels: seconds to compile, and to install once compiled",
        "Measured by bpopt wheels; wheelhouse/wheels.json.",
        [
            Bar(
                f"{w.name} {w.version}",
                w.build_seconds,
                minutes(w.build_seconds),
                w.install_seconds,
                minutes(w.install_seconds),
            )
            for w in gathered.built
        ],
    )


def _packages(own: AptLayer) -> Iterator[str]:
    """The system packages of a target: in all before and after, by line, and the largest."""
    lines = [(" ".join(line.line), line.own.unpacked) for line in own.now.lines]
    total = own.now.total
    name = own.target.platform.title
    where = f"{own.target.label}; the index of {own.now.suite} of {own.now.date}"
    if own.now.stand_ins:
        where += f"; estimates, from {' and '.join(own.now.stand_ins)}"
    now, fixed = total.unpacked, own.fixed.total.unpacked
    whole = Bar("the whole layer", now, megabytes(now), fixed, megabytes(fixed))
    yield charts.bars(f"System packages on {name}, before and after bpopt fix", where, [whole])
    yield charts.bars(
        f"System packages on {name}, by line of the list",
        "Unpacked, with all that each line brings; lines share packages.",
        [Bar(label, size, megabytes(size)) for label, size in sorted(lines, key=lambda line: -line[1])],
    )
    packages = [Bar(p.name, p.unpacked, megabytes(p.unpacked)) for p in own.now.packages]
    chosen = charts.largest(packages, _MOST, "others")
    chosen = [b if b.text else b._replace(text=megabytes(int(b.value))) for b in chosen]
    yield charts.bars(
        f"The largest packages on {name}", f"Unpacked; {total.packages} packages in all.", chosen
    )


def _areas(gathered: Gathered) -> str:
    fixed = {area.family: area.percent for area in gathered.stages.fixed.areas}
    rows = [
        Bar(
            a.title,
            a.percent,
            f"{a.percent:.0f} %",
            fixed.get(a.family, 100.0),
            f"{fixed.get(a.family, 100.0):.0f} %",
        )
        for a in gathered.stages.now.areas
    ]
    return charts.bars(
        "Status by area",
        "Now, and after bpopt fix (the thinner bar); the status is the mean, half of it while there is an error.",
        rows,
    )
