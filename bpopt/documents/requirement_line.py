"""One logical line of a requirements file: pip options, or something to install."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from bpopt.documents.tree import Problem
from bpopt.patterns import Pattern
from bpopt.text import Span
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from bpopt.text import Line

SHORT = {
    "-r": "--requirement",
    "-c": "--constraint",
    "-e": "--editable",
    "-i": "--index-url",
    "-f": "--find-links",
    "-C": "--config-settings",
}
FLAGS = frozenset({"--no-index", "--pre", "--prefer-binary", "--require-hashes"})
_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_HEAD = Pattern(rf"(?P<name>{_NAME})[ \t]*(?:\[(?P<extras>[^\[\]]*)\])?[ \t]*")
_PLAIN = Pattern(rf"(?P<name>{_NAME})==[0-9][0-9.]*")  # most lines: no part that needs a closer look
_CLAUSE = r"(?:===|==|~=|!=|<=|>=|<|>)[ \t]*[^\s,;()=<>!~]+"
_SPECIFIER = Pattern(rf"{_CLAUSE}(?:[ \t]*,[ \t]*{_CLAUSE})*(?:[ \t]*,)?")
_OPTION = Pattern(r"(?:(?<=\s)|^)(?P<name>--[A-Za-z][A-Za-z-]*|-[A-Za-z])(?:=|[ \t]+|$)?")
_URL = Pattern(r"[A-Za-z][A-Za-z0-9+.-]*:(?://|\S*/)\S*")
_EGG = Pattern(rf"[#&]egg=(?P<name>{_NAME})")
_WHEEL = Pattern(r"(?P<name>[A-Za-z0-9._]+)-[^-/]+(?:-[^-/]+){3,4}\.whl(?:[#?]|$)")
_ARCHIVES = (".whl", ".zip", ".tar.gz", ".tgz", ".tar.bz2", ".tar")


class Option(NamedTuple):
    """A pip option: its long name, the value as written (None for a flag), and the places.

    `value_span` is empty behind the name where there is no value.
    """

    name: str
    value: str | None
    name_span: Span
    value_span: Span
    span: Span
    line: Line


class Requirement(NamedTuple):
    """One thing to install.

    `name` is normalised (PEP 503), empty where an address does not tell it (`name_span` is then the address);
    `written` is the name as it stands. `specifier`, `marker` and `url` are as written, empty where there is
    none. `span` covers it up to comments; `line` is the first line it is on.
    """

    name: str
    written: str
    name_span: Span
    extras: tuple[str, ...]
    specifier: str
    specifier_span: Span
    marker: str
    url: str
    editable: bool
    options: tuple[Option, ...]
    span: Span
    line: Line


class Logical(NamedTuple):
    """A logical line: its text with blanks where lines were joined, where that begins, and the first line."""

    text: str
    start: int
    line: Line


@lru_cache(4096)
def normalised(name: str) -> str:
    """A package name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read_options(body: Logical, at: int) -> list[Option]:
    """The options from `at` to the end of the line."""
    heads = list(_OPTION.finditer(body.text, at))
    if not heads:
        return []
    found = []
    for head, after in zip(heads, [*(h.start() for h in heads[1:]), len(body.text)], strict=True):
        name = SHORT.get(head["name"], head["name"])
        value = "" if name in FLAGS else body.text[head.end() : after].strip()
        start, stop = (body.start + i for i in head.span("name"))
        where = Span(stop, stop)
        if value:
            left = body.start + body.text.index(value, head.end())
            where = Span(left, left + len(value))
        found.append(Option(name, value or None, Span(start, stop), where, Span(start, where.end), body.line))
    return found


def editable(body: Logical, option: Option) -> Requirement:
    """What an `-e` option installs."""
    return _located(body, option.value or "", option.value_span, option.span, True, ())


def read_requirement(body: Logical, at: int) -> Requirement | Problem:
    """Read a line that is no option: a name with all its parts, or an address or path."""
    if (plain := _PLAIN.fullmatch(body.text, at)) is not None:
        return _pinned(body, at, plain["name"])
    option = _OPTION.search(body.text, at)
    options = tuple(read_options(body, option.start())) if option and option.start() > at else ()
    text = body.text[: option.start()].rstrip() if options and option else body.text
    span = Span(body.start + at, body.start + len(body.text))
    head = _HEAD.match(text, at)
    if head is None or _is_address(text[at:]):
        address = text[at:].partition(" ")[0]
        if not _is_address(address):
            return Problem("is neither a package nor an option of pip", span)
        rest = text[at + len(address) :].strip()
        # As pip reads it: a blank ends an address before its marker, while `;` alone ends a path.
        cut = len(address) - 1 if address.endswith(";") else -1 if _URL.match(address) else address.find(";")
        if cut >= 0:
            address, rest = address[:cut], f"{address[cut:]} {rest}"
        where = Span(span.start, span.start + len(address))
        located = _located(body, address, where, span, False, options)
        return located._replace(marker=rest[1:].strip()) if rest.startswith(";") else located
    return _named(body, text, head, options, span)


def _pinned(body: Logical, at: int, name: str) -> Requirement:
    """The requirement of `name==version` without a blank."""
    start = body.start + at
    middle, end = start + len(name), body.start + len(body.text)
    make, specifier = Span._make, body.text[at + len(name) :]
    own, version, whole = make((start, middle)), make((middle, end)), make((start, end))
    return Requirement(
        normalised(name), name, own, (), specifier, version, "", "", False, (), whole, body.line
    )


def _named(
    body: Logical, text: str, head: re.Match[str], options: tuple[Option, ...], span: Span
) -> Requirement | Problem:
    rest, at = text[head.end() :], head.end()
    url, specifier, where = "", "", at
    if rest.startswith("@"):
        url = rest[1:].lstrip().partition(" ")[0]
        marker = rest[1:].lstrip()[len(url) :]
    else:
        where += len(rest) - len(rest.lstrip("( \t"))
        match = _SPECIFIER.match(text, where)
        specifier = match[0] if match else ""
        marker = text[where + len(specifier) :].lstrip(") \t")
    marker = marker.lstrip()
    if marker and not marker.startswith(";"):
        return Problem(_why(head["name"], marker), span)
    extras = tuple(e.strip() for e in (head["extras"] or "").split(",") if e.strip())
    name_span = Span(body.start + head.start("name"), body.start + head.end("name"))
    spec_span = Span(body.start + where, body.start + where + len(specifier))
    return Requirement(
        normalised(head["name"]),
        head["name"],
        name_span,
        extras,
        specifier,
        spec_span if specifier else Span(name_span.end, name_span.end),
        marker[1:].strip(),
        url,
        False,
        options,
        span,
        body.line,
    )


def _why(name: str, rest: str) -> str:
    """What to tell of a line whose name is followed by what pip does not understand."""
    if name in ("pip", "pip3", "python", "conda") and "install" in rest.split():
        return "is a command: a requirements file holds only the names that follow `install`"
    if rest.startswith("=") and not rest.startswith("=="):
        return "has one `=` where pip wants `==`"
    if rest[0].isdigit() or rest[0] == "v":
        return "has a version without `==` before it"
    if rest[0].isalpha():
        return "has more than one word: one package a line"
    return "is not `name`, `name==version` or `name @ address`"


def _is_address(text: str) -> bool:
    """Whether a requirement is an address or a path: a scheme, a leading dot, a slash, an archive's name."""
    first = text.partition(" ")[0].partition(";")[0]
    if _URL.match(first) or first.startswith((".", "/", "~", "$")):
        return True
    bare = first.partition("@")[0].partition("[")[0].partition("=")[0]
    return "/" in bare or first.lower().endswith(_ARCHIVES)


def _located(
    body: Logical, address: str, where: Span, span: Span, editable: bool, options: tuple[Option, ...]
) -> Requirement:
    """A requirement given by an address or path, named if the address tells."""
    match = _EGG.search(address) or _WHEEL.match(address.rpartition("/")[2])
    written = match["name"] if match else ""
    start = where.start + address.index(written) if written else where.start
    name_span = Span(start, start + len(written)) if written else where
    if match and match.re is _EGG:
        name_span = Span(where.start + match.start("name"), where.start + match.end("name"))
    empty = Span(where.end, where.end)
    return Requirement(
        normalised(written),
        written,
        name_span,
        (),
        "",
        empty,
        "",
        address,
        editable,
        options,
        span,
        body.line,
    )
