"""Aptfile, Procfile, .slugignore, .python-version and runtime.txt: lines, spans, and that nothing is lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from bpopt.documents import aptfile, procfile, python_version, slugignore
from bpopt.text import Line, Source
from tests.documents.places import at, source
from tests.documents.test_any_bytes import ANY

APT = "# é\nlibgl1  libglib2.0-0\t# inline\n\n  # indented\n:repo:deb http://h/ é main\n :repo:x\nhttps://h/x.deb\r\nLibX\n"


def test_an_aptfile_is_cut_into_words_with_places() -> None:
    apt = aptfile.parse(source(APT))
    assert [(e.kind, e.indented, [w.text for w in e.words]) for e in apt.entries] == [
        ("packages", False, ["libgl1", "libglib2.0-0", "#", "inline"]),
        ("repo", False, [":repo:deb", "http://h/", "é", "main"]),
        ("repo", True, [":repo:x"]),
        ("deb", False, ["https://h/x.deb"]),
        ("packages", False, ["LibX"]),
    ]
    for word in (w for e in apt.entries for w in e.words):
        assert at(APT, word.span) == word.text
    assert [c.text for c in apt.comments] == ["# é", "  # indented"]


def test_packages_are_names_before_an_inline_comment() -> None:
    apt = aptfile.parse(source(APT))
    assert [w.text for w in apt.packages] == ["libgl1", "libglib2.0-0"]
    found = apt.find("libglib2.0-0")
    assert found is not None
    assert at(APT, found.span) == "libglib2.0-0"
    assert apt.find("inline") is None


@pytest.mark.parametrize("name", ["g++", "libstdc++6", "python3.11-dev", "0ad", "libc6"])
def test_package_names_of_debian_are_names(name: str) -> None:
    assert aptfile.PACKAGE_NAME.match(name)


@pytest.mark.parametrize(
    "name", ["a", "-y", "libX11-dev", "apt-get,", "*libarchive13*", "a/b", "foo=1.0", "é1"]
)
def test_other_words_are_none(name: str) -> None:
    assert not aptfile.PACKAGE_NAME.match(name)


@settings(deadline=None)
@given(raw=ANY)
def test_every_line_of_an_aptfile_is_an_entry_a_comment_or_blank(raw: bytes) -> None:
    apt = aptfile.parse(Source("f", raw))
    check_cover(apt.source, [*(e.line for e in apt.entries), *apt.comments])
    for entry in apt.entries:
        assert "".join(w.text for w in entry.words) == "".join(c for c in entry.line.text if c not in " \t\r")


PROC = "# é\nweb: gunicorn app:app \r\n\n  rel-ease :python é.py\nworker celery -A x\n// c\n:x\nempty:\nbare\na: b: c\n"


def test_a_procfile_is_cut_into_process_types_with_places() -> None:
    proc = procfile.parse(source(PROC))
    assert [(p.name, p.command, p.colon, p.gap) for p in proc.processes] == [
        ("web", "gunicorn app:app", True, " "),
        ("rel-ease", "python é.py", True, ""),
        ("worker", "celery -A x", False, ""),
        ("empty", "", True, ""),
        ("a", "b: c", True, " "),
    ]
    for process in proc.processes:
        assert at(PROC, process.name_span) == process.name
        assert at(PROC, process.command_span) == process.command
    assert [c.text for c in proc.comments] == ["# é", "// c"]
    assert [u.text for u in proc.unparsed] == [":x", "bare"]


def test_the_first_of_two_process_types_is_found() -> None:
    proc = procfile.parse(source("web: a\nweb: b\n"))
    found = proc.process("web")
    assert found is not None
    assert found.command == "a"
    assert proc.process("worker") is None


@settings(deadline=None)
@given(raw=ANY)
def test_every_line_of_a_procfile_is_in_exactly_one_place(raw: bytes) -> None:
    proc = procfile.parse(Source("f", raw))
    check_cover(proc.source, [*(p.line for p in proc.processes), *proc.comments, *proc.unparsed])
    for p in proc.processes:
        between = at(proc.source.text, p.name_span._replace(start=p.name_span.end, end=p.command_span.start))
        assert between.strip(" \t") in ("", ":")
        assert between.endswith(p.gap)
        assert p.line.text[p.command_span.end - p.line.span.start :].strip() == ""


SLUG = "# c\n*.é\n  !keep/ \r\n\n\\#x\n"


def test_a_slugignore_is_cut_into_patterns_with_places() -> None:
    slug = slugignore.parse(source(SLUG))
    assert [(p.text, p.negated, at(SLUG, p.span)) for p in slug.patterns] == [
        ("*.é", False, "*.é"),
        ("!keep/", True, "!keep/"),
        ("\\#x", False, "\\#x"),
    ]
    assert [c.text for c in slug.comments] == ["# c"]


@settings(deadline=None)
@given(raw=ANY)
def test_every_line_of_a_slugignore_is_a_pattern_a_comment_or_blank(raw: bytes) -> None:
    slug = slugignore.parse(Source("f", raw))
    check_cover(slug.source, [*(p.line for p in slug.patterns), *slug.comments])


@pytest.mark.parametrize(
    ("text", "version", "minor", "patch", "prefix"),
    [
        ("3.12\n", "3.12", (3, 12), None, False),
        ("# c\n 3.12.7 \r\n", "3.12.7", (3, 12), 7, False),
        ("python-3.9.18", "3.9.18", (3, 9), 18, True),
        ("python-3.9.x", None, None, None, True),
        ("3", None, None, None, False),
        ("3.12rc1", None, None, None, False),
        ("pypy3.10", None, None, None, False),
        ("３.12", None, None, None, False),
        ("3." + "1" * 100, None, None, None, False),
    ],
)
def test_a_version_line(
    text: str, version: str | None, minor: tuple[int, int] | None, patch: int | None, prefix: bool
) -> None:
    request = python_version.parse(source(text)).request
    assert request is not None
    assert (request.version, request.minor, request.patch, request.prefix) == (version, minor, patch, prefix)
    assert at(text, request.span) == request.text == request.line.text.strip()


@pytest.mark.parametrize("text", ["", "# 3.12\n", "3.12\n3.11\n"])
def test_no_version_or_two_are_no_request(text: str) -> None:
    assert python_version.parse(source(text)).request is None


@settings(deadline=None)
@given(raw=ANY)
def test_every_line_of_a_version_file_is_a_request_a_comment_or_blank(raw: bytes) -> None:
    parsed = python_version.parse(Source("f", raw))
    check_cover(parsed.source, [*(r.line for r in parsed.requests), *parsed.comments])


def check_cover(where: Source, taken: list[Line]) -> None:
    """The lines taken are all the lines that are not blank, each once."""
    assert sorted(line.span for line in taken) == [line.span for line in where.lines if line.text.strip()]
