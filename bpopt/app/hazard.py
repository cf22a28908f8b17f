"""One place in the app's source that makes an option of gunicorn dangerous."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from bpopt.app.calls import Site
    from bpopt.app.known import Known
    from bpopt.text import Source, Span


class Hazard(NamedTuple):
    """One place in the app's source that makes an option dangerous; `what` goes on after "line 3 "."""

    source: Source
    span: Span
    what: str
    url: str

    @property
    def place(self) -> str:
        """The file and the line."""
        return f"{self.source.path}:{self.source.position(self.span.start).line}"


def at(site: Site, known: Known, what: str = "") -> Hazard:
    """The hazard of a call."""
    return Hazard(site.module.python.source, site.call.span, what or known.what, known.url)
