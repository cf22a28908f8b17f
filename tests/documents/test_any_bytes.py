"""What holds for every parser on any bytes: no exception, spans inside the text, time that grows with size."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpopt.documents import command
from bpopt.documents.kinds import PARSERS
from bpopt.text import Source
from tests.documents.places import at, spans

MODULES = sorted({*PARSERS.values(), "json_tree", "yaml_tree", "toml_tree", "python_source"})

# Pieces that the grammars care about, so that random files get far into each parser.
PIECES = [
    *"\n\r\t \f\0\\'\"#=:;,-&*!|>?@%`$~^.<()[]{}/",
    "\r\n", "\ufeff", "\x85", "\u2028", "é", "😀", "\udc80", "\udcff", "\xa0",
    "a", "web: gunicorn app:app", "libgl1", ":repo:", "python-3.12.7", "3.13", "export ", "A=1", "${X}", "$(",
    "flask==2.3", "[security]", "-r x.txt", "--hash=sha256:a", "git+https://x/y.git#egg=z", ' ; a < "1"', "\\\n",
    '"a": ', "null", "true", "1e5", "0x1F", "NaN", "//c\n", "/*", "*/", "\\u00e9", "\\q",
    "- ", ": ", "? ", "key: value\n", "  ", "&a ", "*a", "<<: *a\n", "!!str ", "|\n", ">-\n", "---\n", "...\n",
    "%YAML 1.1\n",
    "[a.b]\n", "[[a]]\n", "a.b = 1\n", '"""', "'''", "2020-01-01", "inf",
    "env", "services:\n", "envs:\n", "spec:\n", "buildpacks", "io.buildpacks",
    "import a as b\n", "from . import x\n", "def f():\n ", "class A:\n ", "if x:\n ", "f'{a()}'", "a.b().c",
    "lambda: ", "with a:\n ",
]  # fmt: skip
SOUP = (
    st.lists(st.sampled_from(PIECES), max_size=40)
    .map("".join)
    .map(lambda t: t.encode("utf-8", "surrogateescape"))
)
ANY = st.one_of(st.binary(max_size=200), SOUP)


def parse(module: str, raw: bytes) -> tuple[Source, Any]:
    source = Source("file", raw)
    return source, import_module(f"bpopt.documents.{module}").parse(source)


@pytest.mark.parametrize("module", MODULES)
@settings(max_examples=150, deadline=None)
@given(raw=ANY)
def test_any_bytes_are_parsed_and_every_span_lies_in_the_text(module: str, raw: bytes) -> None:
    source, parsed = parse(module, raw)
    for span in spans(parsed):
        at(source, span)
    assert source.encode(source.text) == raw


@settings(max_examples=300, deadline=None)
@given(raw=ANY, offset=st.integers(0, 1000))
def test_any_command_is_parsed_and_its_words_stand_where_they_say(raw: bytes, offset: int) -> None:
    text = raw.decode("utf-8", "surrogateescape")
    script = command.parse(text, offset)
    for word in (w for c in script.commands for w in c.words):
        assert text[word.span.start - offset : word.span.end - offset] == word.text
    for span in spans(script):
        assert offset <= span.start <= span.end <= offset + len(text)


NASTY = {
    "nothing but line ends": "\n",
    "one letter": "a",
    "short lines": "a\n",
    "open list": "[",
    "open map": '{"a":',
    "open flow map": "{a: ",
    "block lists": "- ",
    "complex keys": "? ",
    "dots": "a.",
    "open quotes": 'A="x\n',
    "single quotes": "A='x\n",
    "escaped quotes": '"\\',
    "continued lines": "a\\\n",
    "comments": " #",
    "blanks": " ",
    "commas": ",",
    "minus": "-",
    "dollars": "$",
    "assignments": "a=1\n",
    "parentheses": "(",
    "calls": "a()",
    "additions": "1+",
    "options": " -a",
    "anchors": "&a [*a, ",
    "non-ASCII": "é\n",
    "not UTF-8": "\udcff",
    "NUL": "\0",
}


@pytest.mark.parametrize("module", ["json_tree", "yaml_tree", "toml_tree"])
@pytest.mark.parametrize("unit", ["[", '{"a":', "- ", "a=[", "a."])
def test_a_hundred_thousand_levels_are_a_problem_and_no_crash(module: str, unit: str) -> None:
    _, tree = parse(module, (unit * 100_000).encode())
    assert tree.root is None or tree.root.kind == "scalar"
    assert tree.problems or tree.root is not None


@pytest.mark.parametrize("module", ["json_tree", "yaml_tree", "toml_tree", "python_source", "gunicorn_conf"])
def test_ten_megabytes_are_refused_in_words(module: str) -> None:
    _, parsed = parse(module, b"a = 1\n" * 1_750_000)
    problems = parsed.problems
    assert [p.message for p in problems] == ["is larger than 1,000,000 characters, so it is not read"]


@pytest.mark.parametrize("module", ["aptfile", "procfile", "slugignore", "requirements", "dotenv"])
def test_ten_megabytes_of_lines_are_read(module: str) -> None:
    line = b"a_rather_long_name_of_something_that_somebody_wants=" + b"x" * 200 + b"\n"
    source, parsed = parse(module, line * 40_000)
    kept = max(len(field) for field in parsed[1:])
    assert len(source.raw) > 10_000_000
    assert kept == 40_000
