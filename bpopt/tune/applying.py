"""Writing the recommended configuration: a fix like any other, with what was measured as its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt import fixer, writing
from bpopt.finding import Evidence
from bpopt.tune import edits
from bpopt.tune.report import sentences
from bpopt.verify import sides

if TYPE_CHECKING:
    from bpopt.app import App
    from bpopt.finding import Finding
    from bpopt.tune.report import Report


def finding(app: App, report: Report) -> Finding | None:
    """The recommendation as a finding with its fix and its evidence; None if the app has it already."""
    machine = report.machine
    processor = machine["processor"] or machine["machine"]
    on = f"{report.resources.title}, {report.settings['rounds']} measurements, {processor}"
    said = sentences(report)
    evidence = tuple(Evidence("measurement", f"{text} ({on})", "", report.date[:10]) for text in said[1:2])
    return edits.finding(app, report.decision.chosen, evidence, said[0])


def write(app: App, report: Report) -> list[str]:
    """Write it, all files or none; sentences on what was done and why. WriteError if a file changed meanwhile."""
    found = finding(app, report)
    if found is None or found.fix is None:
        return ["nothing to apply: the files have it already"]
    changes, _ = fixer.apply(app, [found])
    if edits.changes(app.with_changes(changes), report.decision.chosen):
        raise writing.WriteError("the files do not take this configuration: nothing was changed")
    writing.write(sides.folder_of(app), changes, {path: app.files.read(path) for path in changes})
    return [f"{', '.join(sorted(changes))}: {found.fix.title}", *(e.text for e in found.evidence)]
