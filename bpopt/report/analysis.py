"""OPTIMIZATION_ANALYSIS.md: every finding, what it costs, on what evidence, and what `bpopt fix` changes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bpopt import diff
from bpopt.apt.show import basis
from bpopt.output.shown import encodable
from bpopt.report import stages as stages_room
from bpopt.report import tuned, verified
from bpopt.report.markdown import (
    bullets,
    cited,
    code,
    commands,
    errors,
    escape,
    head,
    megabytes,
    minutes,
    table,
)
from bpopt.report.status_text import named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.finding import Finding
    from bpopt.report.gather import Gathered
    from bpopt.report.stages import Step

_LEAD = (
    "What bpopt finds in the deployment files of this app, what it costs, and what is changed. Bytes come from the "
    "index of the package archive and from the files themselves; times only where they were measured."
)
_BYTES = re.compile(r"\d ?[kMG]?B\b")
_LONGEST = 120  # characters of a line of the app's files
_WORDS = {"error": "error", "warning": "warning", "info": "note"}
_GROUPS = {
    stages_room.FIX: ("Done by `bpopt fix`", "These keep what the app does."),
    stages_room.UNSAFE: (
        "Done by `bpopt fix --unsafe`",
        "These change how the app behaves: look first.",
    ),
    stages_room.YOU: ("Left to you", "bpopt does not do these by itself."),
    stages_room.NOBODY: ("Worth knowing", "Nothing in this repository mends these."),
}


def text(gathered: Gathered) -> str:
    """The document."""
    parts = [head("Optimisation analysis", gathered, _LEAD), "## Status\n", _status(gathered)]
    if gathered.layers:
        parts += ["## System packages\n", *_apt(gathered)]
    if gathered.folders:
        parts += ["## What is deployed\n", _folders(gathered)]
    if gathered.results.verified is not None:
        parts += verified.section(gathered.results.verified)
    if gathered.results.tuned is not None:
        parts += tuned.section(gathered.results.tuned)
    if gathered.built:
        parts += ["## Wheels\n", _wheels(gathered)]
    parts += ["## Findings\n", *_findings(gathered), "## What changes\n", *_changes(gathered)]
    return "\n".join(parts)


def _status(gathered: Gathered) -> str:
    rows = [(name, f"{score.percent} %", str(score.findings)) for name, score in named(gathered.stages)]
    areas = gathered.stages.now.areas
    fine = [area.title for area in areas if not area.shares]
    text = table(("", ">status", ">findings"), rows)
    if told := errors(gathered):
        text += f"\n{told}"
    text += (
        "\nThe status is the mean of the areas below, half of it while there is an error; `bpopt status --areas` "
        "shows the arithmetic.\n\n"
    )
    fixed = {area.family: area.percent for area in gathered.stages.fixed.areas}
    text += table(
        ("area", ">now", ">after bpopt fix"),
        [(escape(a.title), f"{a.percent:.0f} %", f"{fixed.get(a.family, 100):.0f} %") for a in areas],
    )
    if fine:
        text += f"\nNothing was found in: {escape(', '.join(fine))}.\n"
    return text


def _apt(gathered: Gathered) -> Iterator[str]:
    """What each line of the apt list brings, for each platform, now and after the fixes."""
    for own in gathered.layers:
        yield f"### On {escape(own.target.label)}\n"
        rows = [
            (
                code(" ".join(line.line)),
                str(line.own.packages),
                megabytes(line.own.size),
                megabytes(line.own.unpacked),
                megabytes(line.marginal.unpacked) if not line.closure.unknown else "refused by apt",
            )
            for line in own.now.lines
        ]
        yield table(("line", ">packages", ">download", ">unpacked", ">goes if the line goes"), rows)
        now, fixed = own.now.total, own.fixed.total
        change = ""
        if fixed != now:
            change = f" After `bpopt fix`: {fixed.packages} packages, {megabytes(fixed.unpacked)} unpacked."
        yield (
            f"In all {now.packages} packages, {megabytes(now.size)} to download, {megabytes(now.unpacked)} unpacked "
            f"({escape(basis(own.now))}).{change}\n"
        )


def _folders(gathered: Gathered) -> str:
    total, fixed = (sum(sizes) for sizes in zip(*((f.bytes, f.fixed) for f in gathered.folders), strict=True))
    rows = [
        (code(f.path) if f.path.endswith("/") else escape(f.path), megabytes(f.bytes), megabytes(f.fixed))
        for f in gathered.folders[:15]
    ]
    rows.append(("in all", megabytes(total), megabytes(fixed)))
    if not gathered.app.reading("slugignore"):
        return table(("folder", ">bytes"), [row[:2] for row in rows]) + "\nWhat a push carries.\n"
    note = "\nWhat a push carries. The second figure is what .slugignore leaves, where it counts.\n"
    return table(("folder", ">now", ">after bpopt fix"), rows) + note


def _wheels(gathered: Gathered) -> str:
    rows = [
        (
            code(f"{w.name} {w.version}"),
            minutes(w.build_seconds),
            minutes(w.install_seconds),
            minutes(max(0.0, w.build_seconds - w.install_seconds)),
            escape(f"{w.machine}, {w.day}"),
        )
        for w in gathered.built
    ]
    heads = ("wheel", ">compiled in", ">installed in", ">spared when installed anew", "measured on")
    return table(heads, rows) + "\nFrom `wheelhouse/wheels.json`, which `bpopt wheels` wrote.\n"


def _findings(gathered: Gathered) -> Iterator[str]:
    if not gathered.stages.steps:
        yield "None.\n"
    for who, (title, meaning) in _GROUPS.items():
        steps = gathered.stages.of(who)
        if steps:
            yield f"### {title}\n\n{meaning}\n"
            yield from (_finding(step) for step in steps)


def _finding(step: Step) -> str:
    finding = step.finding
    word = _WORDS[finding.severity.value]
    line = finding.source.line_at(finding.start.line).strip()
    place = code(f"{finding.path}:{finding.start.line}")
    text = f"#### {finding.code} {escape(finding.name)} ({word})\n\n{place}"
    shown = line if len(line) <= _LONGEST else line[: _LONGEST - 3] + "..."
    text += f" {code(encodable(shown))}\n\n" if line else "\n\n"
    return text + escape(finding.message) + ".\n\n" + bullets(_details(step)) + "\n"


def _details(step: Step) -> Iterator[str]:
    finding = step.finding
    if finding.impact is not None:
        yield f"Costs: {_cost(finding)}"
    if step.who in (stages_room.FIX, stages_room.UNSAFE) and finding.fix is not None:
        yield f"Change: {escape(finding.fix.title)}" + (
            f" ({escape(finding.fix.reason)})" if finding.fix.reason else ""
        )
    elif finding.help:
        yield f"What to do: {escape(finding.help)}"
    if finding.platforms:
        yield f"On: {escape(', '.join(finding.platforms))}"
    for evidence in finding.evidence:
        source = cited(evidence.url, evidence.date)
        if evidence.text == finding.message and source:
            yield f"Evidence ({evidence.kind}): {source}"
        else:
            yield f"Evidence ({evidence.kind}): {escape(evidence.text)}" + (f" ({source})" if source else "")
    yield f"More: `bpopt explain {finding.code}`"


def _cost(finding: Finding) -> str:
    impact = finding.impact
    assert impact is not None
    parts = [escape(impact.text)]
    if impact.bytes and not _BYTES.search(impact.text):
        parts.append(f"({megabytes(impact.bytes)})")
    if impact.seconds:
        parts.append(f"({minutes(impact.seconds)})")
    return " ".join(parts)


def _changes(gathered: Gathered) -> Iterator[str]:
    """The diff of the safe fixes against the files as they are."""
    fix = gathered.stages.fix
    if not fix.changes:
        yield "`bpopt fix` changes nothing: what it can mend is mended.\n"
        return
    yield "`bpopt fix` makes these changes:\n"
    before = {path: gathered.app.files.read(path) for path in fix.changes}
    parts = diff.unified("", before, fix.changes, gathered.app)
    yield commands(encodable("".join(parts)).rstrip("\n").split("\n"), "diff")
