""".env files: quotes, export, comments; values as bash assigns them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings

from bpopt.documents import dotenv
from bpopt.text import Source
from tests.documents.places import at, source
from tests.documents.test_any_bytes import ANY

TEXT = """\
# é comment
A=1
export B = two # inline
C="x $Y"
D='a
b' # after
F=a#b
G=
export I
  J="q\\"r"   # spaced
"""


def test_entries_have_names_values_and_places() -> None:
    parsed = dotenv.parse(source(TEXT))
    assert parsed.problems == ()
    assert [(e.name, e.value, e.quote, at(TEXT, e.value_span), e.comment) for e in parsed.entries] == [
        ("A", "1", "", "1", ""),
        ("B", "two", "", "two", "# inline"),
        ("C", None, '"', '"x $Y"', ""),
        ("D", "a\nb", "'", "'a\nb'", "# after"),
        ("F", "a#b", "", "a#b", ""),
        ("G", "", "", "", ""),
        ("I", None, "", "", ""),
        ("J", 'q"r', '"', '"q\\"r"', "# spaced"),
    ]
    assert [at(TEXT, e.name_span) for e in parsed.entries] == list("ABCDFGIJ")
    assert [at(TEXT, e.span) for e in parsed.entries][1:4] == ["export B = two", 'C="x $Y"', "D='a\nb'"]
    assert [line.text for line in parsed.comments] == ["# é comment"]


def test_export_and_blanks_are_kept_as_written() -> None:
    entries = {e.name: e for e in dotenv.parse(source(TEXT)).entries}
    assert [n for n, e in entries.items() if e.export] == ["B", "I"]
    assert [n for n, e in entries.items() if e.spaced] == ["B"]
    assert [n for n, e in entries.items() if not e.equals] == ["I"]


def test_settings_leave_out_a_bare_export() -> None:
    found = dotenv.parse(source(TEXT)).settings
    assert [s.name for s in found] == list("ABCDFGJ")
    assert (found[1].value, at(TEXT, found[1].entry_span)) == ("two", "export B = two")


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("just words\n", "is not NAME=value", "just words"),
        ("=x\n", "is not NAME=value", "=x"),
        ("1A=x\n", "is no name a shell can export", "1A"),
        ("my-name=x\n", "is no name a shell can export", "my-name"),
        ('A="open\nB=1\n', "this quote is not closed on its line", '"'),
        ("A='open\nB=it's\n", "this quote is not closed on its line", "'"),
    ],
)
def test_problems_have_a_place(text: str, message: str, place: str) -> None:
    parsed = dotenv.parse(source(text))
    assert [(p.message, at(text, p.span)) for p in parsed.problems] == [(message, place)]


def test_an_open_quote_does_not_swallow_the_file() -> None:
    parsed = dotenv.parse(source('A="open\nB=1\nC=2\n'))
    assert [e.name for e in parsed.entries] == ["A", "B", "C"]
    assert parsed.entries[0].value is None


@pytest.mark.parametrize(
    "value", ["$HOME", "a${X}b", "$(date)", "`date`", '"a $X"', "a'b'c", "a\\ b", '{"a": 1}']
)
def test_what_a_shell_would_still_work_on_has_no_value(value: str) -> None:
    assert dotenv.parse(source(f"A={value}\n")).entries[0].value is None


@pytest.mark.parametrize("text", ["A=1\r\nB='x'\r\n", "A=1\nB='x'"])
def test_line_ends_are_no_part_of_values(text: str) -> None:
    assert [(e.name, e.value) for e in dotenv.parse(source(text)).entries] == [("A", "1"), ("B", "x")]


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
@pytest.mark.parametrize(
    "line",
    [
        "V=plain", "V=", "V='single $X \"q\"'", 'V="double \\"q\\" \\$X \\\\ \\n"', "V=a#b", "V=x # c", "export V=1",
        "V='two\nlines'", 'V="two\nlines"', "V=a=b", "V=https://h/p?a=1", 'V="" # c', "V=a$", "V=é😀",
    ],
)  # fmt: skip
def test_values_are_those_that_bash_assigns(line: str, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(line + "\n", encoding="utf-8")
    script = '. ./.env; printf %s "$V"'
    ran = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, check=True)
    assert dotenv.parse(source(line + "\n")).entries[0].value == ran.stdout.decode()


@settings(deadline=None)
@given(raw=ANY)
def test_every_line_is_an_entry_a_comment_a_problem_or_blank(raw: bytes) -> None:
    parsed = dotenv.parse(Source("f", raw))
    taken = (
        [e.span for e in parsed.entries]
        + [c.span for c in parsed.comments]
        + [p.span for p in parsed.problems]
    )
    for line in parsed.source.lines:
        bare, span = line.strip()
        assert not bare or any(s.start <= span.start < s.end or span == s for s in taken), line
