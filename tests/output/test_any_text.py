"""Whatever a file, a path or a message holds: reports stay valid, and no terminal is told anything by it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpopt.engine import AppResult
from bpopt.finding import Edit, Evidence, Finding, Fix, Impact, Label, NewFile, Safety, Severity
from bpopt.output import FORMATS, Look, render
from bpopt.output.frame import Frame, mark
from bpopt.output.later import IN_MEMORY, Later
from bpopt.output.shown import safe, show, width, wrap
from bpopt.output.view import View
from bpopt.text import Source, Span
from tests.output.checks import check_gitlab, check_json, check_junit, check_sarif
from tests.output.sample import target

SEQUENCE = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;;[!-~]*\x1b\\")
ODD = "\x00\x07\x1b\x9b\x7f\r\n\t\u00a0\u00ad\u200b\u2028\u202e\ufeff\uffff\ud800\udc80\udcff\u0301顔👩%:,|`]]><&\"'"
texts = st.text(st.one_of(st.sampled_from(ODD), st.characters()), max_size=60)
contents = st.one_of(
    st.binary(max_size=200),
    st.text(st.sampled_from("ab \t\n\r" + ODD.replace("\ud800", "")), max_size=200).map(
        lambda text: text.encode("utf-8", "surrogateescape")
    ),
)
# What os.listdir can give: bytes that are no UTF-8 come as U+DC80 to U+DCFF.
names = (
    st.binary(min_size=1, max_size=20)
    .map(lambda raw: raw.replace(b"/", b"").replace(b"\0", b"").decode("utf-8", "surrogateescape"))
    .filter(bool)
)


@st.composite
def sources(draw: st.DrawFn) -> Source:
    return Source(draw(names), draw(contents))


@st.composite
def spans(draw: st.DrawFn, source: Source) -> Span:
    start = draw(st.integers(0, len(source.text)))
    return Span(start, draw(st.integers(start, len(source.text))))


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    source, other = draw(sources()), draw(sources())
    labels = [
        Label(s, draw(spans(s)), draw(texts))
        for s in draw(st.lists(st.sampled_from([source, other]), max_size=3))
    ]
    edits = (Edit(source.path, draw(spans(source)), draw(texts)), Edit(draw(names), Span(0, 3), draw(texts)))
    fix = Fix(
        draw(texts),
        draw(st.sampled_from(Safety)),
        edits,
        (NewFile(draw(names), draw(texts)),),
        (),
        draw(texts),
    )
    return Finding(
        "BP001",
        "some-rule",
        draw(st.sampled_from(Severity)),
        draw(texts),
        source,
        draw(spans(source)),
        draw(texts),
        draw(st.sampled_from([fix, None])),
        tuple(labels),
        Impact(draw(texts), draw(st.integers(0, 10**13)), draw(st.floats(0, 1e6))),
        (Evidence("fact", draw(texts), draw(texts), "2026-11-23"),),
        ("heroku",),
        draw(names),
        draw(st.sampled_from([None, "inline", "baseline"])),
        draw(texts),
    )


@st.composite
def results(draw: st.DrawFn) -> tuple[AppResult, ...]:
    found = tuple(draw(st.lists(findings(), min_size=1, max_size=2)))
    where = (target("heroku", why=draw(texts)), target("dokku"))
    return (AppResult(draw(names), where, True, (draw(names),), found),)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "look", [Look(), Look(width=40, show_suppressed=True), Look(ascii=True, show_suppressed=True)]
)
@settings(max_examples=60, deadline=None)
@given(report=results())
def test_without_colour_only_printable_text_is_written(
    form: str, look: Look, report: tuple[AppResult, ...]
) -> None:
    text = "".join(render(form, report, look))
    text.encode()
    assert "\x1b" not in text
    assert all(char == "\n" or char.isprintable() for char in text)
    assert text.isascii() or not look.ascii or form == "markdown"


@settings(max_examples=60, deadline=None)
@given(report=results())
def test_machines_can_read_every_report(report: tuple[AppResult, ...]) -> None:
    found = check_json("".join(render("json", report, Look())))
    assert len(found["findings"]) + len(found["suppressed_findings"]) == len(report[0].findings)
    assert len(check_sarif("".join(render("sarif", report, Look())))["runs"][0]["results"]) == len(
        report[0].findings
    )
    assert len(check_gitlab("".join(render("gitlab", report, Look())))) == len(report[0].counted)
    assert len(check_junit("".join(render("junit", report, Look())))) == 1


@pytest.mark.parametrize("form", ["full", "concise"])
@settings(max_examples=80, deadline=None)
@given(report=results())
def test_colour_adds_sequences_and_nothing_else(form: str, report: tuple[AppResult, ...]) -> None:
    plain = "".join(render(form, report, Look(show_suppressed=True)))
    assert SEQUENCE.sub("", "".join(render(form, report, Look(color=True, show_suppressed=True)))) == plain


@pytest.mark.parametrize("form", ["full", "concise"])
@settings(max_examples=60, deadline=None)
@given(report=results())
def test_links_are_opened_and_closed(form: str, report: tuple[AppResult, ...]) -> None:
    text = "".join(render(form, report, Look(color=True, links=True, show_suppressed=True)))
    assert "\x1b" not in SEQUENCE.sub("", text)
    addresses = re.findall(r"\x1b\]8;;([^\x1b]*)", text)
    assert all(address == "" for address in addresses[1::2])
    assert len(addresses) % 2 == 0


@settings(max_examples=150, deadline=None)
@given(data=st.data(), source=sources(), columns=st.integers(40, 120))
def test_a_frame_keeps_to_the_width(data: st.DataObject, source: Source, columns: int) -> None:
    marks = [mark(source, data.draw(spans(source)), "", True)]
    marks += [
        mark(source, data.draw(spans(source)), "here", False) for _ in range(data.draw(st.integers(0, 3)))
    ]
    for row in Frame(source, marks, 3, "error", Look(width=columns)).rows():
        assert width(row) <= columns


@settings(max_examples=200, deadline=None)
@given(line=st.text(st.characters(exclude_characters="\n")), room=st.integers(20, 60), data=st.data())
def test_a_view_shows_what_is_meant(line: str, room: int, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(line)))
    view = View(line, (start, data.draw(st.integers(start, len(line)))), room)
    assert width(view.text) <= room
    if start < len(line):
        shown = show(line[start])
        assert shown in view.text
        if shown.isascii() and view.text.isascii():
            assert view.text[view.column(start) :].startswith(shown)


def test_a_line_of_megabytes_is_cut_at_once() -> None:
    source = Source.of("Procfile", "x" * 5_000_000 + "HERE" + "y" * 5_000_000)
    rows = list(
        Frame(source, [mark(source, Span(5_000_000, 5_000_004), "", True)], 1, "error", Look()).rows()
    )
    assert "xHEREy" in rows[0]
    assert rows[1].index("^^^^") == rows[0].index("HERE")
    assert len(rows[0]) <= 80


@given(text=texts.map(safe), limit=st.integers(10, 100), indent=st.integers(0, 8))
def test_wrapping_keeps_every_word(text: str, limit: int, indent: int) -> None:
    lines = wrap(text, limit, indent, indent)
    assert " ".join(lines).split() == text.split()
    assert all(width(line) + indent <= limit or " " not in line for line in lines)


@given(text=texts)
def test_safe_text_is_printable_and_stays_safe(text: str) -> None:
    assert safe(text).isprintable()
    assert safe(safe(text)) == safe(text)
    assert safe(text, ascii_only=True).isascii()


@pytest.mark.parametrize("size", [10, IN_MEMORY // 3])
def test_what_waits_comes_back_in_order(size: int) -> None:
    later = Later()
    chunks = [f"{number}é\r\n" + "x" * size for number in range(10)]
    for chunk in chunks:
        later.write(chunk)
    assert "".join(later.read()) == "".join(chunks)
    assert later.count == 10
