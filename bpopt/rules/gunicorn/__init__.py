"""Rules of one family: how gunicorn is started. Here is what several of them share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.app.gunicorn_setup import OPTION
from bpopt.finding import Edit, Evidence, Fix, Label, Safety
from bpopt.text import Span
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bpopt.app.gunicorn_setup import Setup
    from bpopt.app.hazard import Hazard
    from bpopt.app.hazards import Hazards
    from bpopt.app.web import Web
    from bpopt.text import Source

CHECKED = "2026-11-23"
SETTINGS = "https://docs.gunicorn.org/en/stable/settings.html"
# Worker classes that --threads applies to; the others run requests in ways of their own.
THREADED = ("sync", "gthread")
THREADLESS = frozenset({
    "gevent", "geventworker", "gevent_wsgi", "gevent_pywsgi", "eventlet", "eventletworker", "tornado", "asgi",
    "uvicornworker", "uvicornh11worker", "geventwebsocketworker",
})  # fmt: skip
GREEN = ("gevent", "geventworker", "gevent_wsgi", "gevent_pywsgi", "eventlet", "eventletworker")


def name_span(web: Web) -> Span:
    """Where `gunicorn` is written: the place of what is not there."""
    return web.final.words[0].span


def appended(web: Web, options: str, title: str, safety: Safety, reason: str = "") -> Fix:
    """The fix that puts options behind the last argument; no edit where the command is not all there."""
    if web.gunicorn is None or web.gunicorn.opaque:
        return Fix(title, Safety.DISPLAY, reason="the command is not all known")
    return Fix(title, safety, (Edit(web.source.path, web.end, f" {options}"),), reason=reason)


def removed(source: Source, span: Span, title: str, safety: Safety = Safety.SAFE, reason: str = "") -> Fix:
    """The fix that takes an option out of a command, with the blanks before it."""
    before = source.text[: span.start]
    start = len(before.rstrip(" \t"))
    return Fix(title, safety, (Edit(source.path, Span(start, span.end), ""),), reason=reason)


def removal(setup: Setup, setting: str, title: str, safety: Safety = Safety.SAFE, reason: str = "") -> Fix:
    """The fix that takes an option out wherever the command repeats it: advice where it is set elsewhere."""
    given = setup.given(setting)
    if given is None or given.origin != OPTION:
        return Fix(title, Safety.DISPLAY, reason="it is not an option of the command")
    source = setup.web.source
    repeated = [o for o in setup.arguments.options if o.setting is not None and o.setting.name == setting]
    edits = tuple(edit for o in repeated for edit in removed(source, o.span, title).edits)
    return Fix(title, safety, edits, reason=reason)


class Verdict(NamedTuple):
    """Whether reading the app's source allows an option: how safe it is, why no safer, and the lines."""

    safety: Safety
    reason: str = ""
    labels: tuple[Label, ...] = ()

    @property
    def suffix(self) -> str:
        """What a message adds when a line of the app speaks against it."""
        return f", but {self.reason}" if self.labels else ""


def verdict(found: tuple[Hazard, ...], hazards: Hazards) -> Verdict:
    """Safe if the source was read in full and nothing was found in it."""
    if found:
        first = found[0]
        labels = tuple(Label(h.source, h.span, h.what) for h in found[:3])
        return Verdict(Safety.UNSAFE, f"{first.place} {first.what}", labels)
    if not hazards.complete:
        return Verdict(Safety.UNSAFE, f"the app could not be read in full: {hazards.gaps[0]}")
    return Verdict(Safety.SAFE)


def fact(text: str, url: str = SETTINGS) -> Evidence:
    """A fact about gunicorn, from its settings page unless another source is given."""
    return Evidence("fact", text, url, CHECKED)


def sources(hazards: Iterable[Hazard]) -> list[Evidence]:
    """What the hazards found rest on, each source once."""
    return [Evidence("fact", h.what, h.url, CHECKED) for h in {h.url: h for h in hazards if h.url}.values()]
