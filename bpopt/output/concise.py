"""One line for each finding, as compilers write it: `path:line:col: severity CODE name message [fix]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.output.links import rule_url
from bpopt.output.shown import safe
from bpopt.output.style import MARKERS, WORDS, link, paint
from bpopt.output.totals import Totals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bpopt.engine import AppResult
    from bpopt.finding import Finding
    from bpopt.output import Look


def render(results: Iterable[AppResult], look: Look) -> Iterator[str]:
    """The lines of each app, then the totals."""
    totals = Totals()
    for result in results:
        totals.add(result)
        shown = result.findings if look.show_suppressed else result.counted
        yield "".join(_line(finding, look) for finding in shown)
    if not look.quiet:
        yield totals.sentence() + "\n"


def _line(finding: Finding, look: Look) -> str:
    at = finding.start
    place = f"{safe(finding.path, look.ascii)}:{at.line}:{at.column}:"
    word = WORDS[finding.severity.value]
    code = link(look, rule_url(finding.name), paint(look, "strong", f"{finding.code} {finding.name}"))
    mark = f" {MARKERS[finding.fix.safety.value]}" if finding.fix else ""
    quiet = f" [suppressed: {finding.suppressed}]" if finding.suppressed else ""
    message = " ".join(safe(finding.message, look.ascii).split())
    return f"{place} {paint(look, word, word)} {code} {message}{paint(look, 'faint', mark + quiet)}\n"
