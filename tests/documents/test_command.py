"""Shell commands: words, values, variables, joints and places."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bpopt.documents import bash, command
from bpopt.documents.command import Command, parse
from tests.documents.places import at


def words(text: str) -> list[list[str | None]]:
    return [[w.value for w in c.words] for c in parse(text).commands]


def only(text: str) -> Command:
    script = parse(text)
    assert script.errors == ()
    assert len(script.commands) == 1
    return script.commands[0]


@pytest.mark.parametrize(
    ("text", "joints"),
    [
        ("a", [("a", "", False)]),
        ("cd src && gunicorn app", [("cd", "", False), ("gunicorn", "&&", False)]),
        ("a || b | c; d", [("a", "", False), ("b", "||", False), ("c", "|", False), ("d", ";", False)]),
        ("a & b &", [("a", "", True), ("b", "&", True)]),
        ("(cd x; y)", [("cd", "", False), ("y", ";", False)]),
        ("{ a; b; }", [("a", "", False), ("b", ";", False)]),
        ("if x; then y; fi", [("x", "", False), ("y", ";", False)]),
        ("a > log 2>&1 &", [("a", "", True)]),
        ("a # comment && b", [("a", "", False)]),
        ("# only a comment", []),
        ("", []),
    ],
)
def test_commands_and_how_they_are_joined(text: str, joints: list[tuple[str, str, bool]]) -> None:
    script = parse(text)
    assert script.errors == ()
    assert [(c.program, c.follows, c.background) for c in script.commands] == joints


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("gunicorn --bind=0.0.0.0:8000 app:app", ["gunicorn", "--bind=0.0.0.0:8000", "app:app"]),
        ("a 'b c' \"d e\" f\\ g", ["a", "b c", "d e", "f g"]),
        ('a "x\\"y\\n" \\$P \'$P\'', ["a", 'x"y\\n', "$P", "$P"]),
        ("\"a\"'b'c", ["abc"]),
        ("a '' \"\"", ["a", "", ""]),
        ("a \\\n  b", ["a", "b"]),
        ("python -c \"print('é')\" 😀", ["python", "-c", "print('é')", "😀"]),
        ("sh -c 'gunicorn a & wait'", ["sh", "-c", "gunicorn a & wait"]),
        ("a -w 4 1", ["a", "-w", "4", "1"]),
        ("./bin/run.sh x", ["./bin/run.sh", "x"]),
        ("\ta  ", ["a"]),
    ],
)
def test_values_have_lost_their_quotes(text: str, values: list[str]) -> None:
    assert words(text) == [values]


@pytest.mark.parametrize(
    ("word", "variables"),
    [
        ("$PORT", ("PORT",)),
        ("0.0.0.0:$PORT", ("PORT",)),
        ("${PORT:-8000}", ("PORT",)),
        ('"$A-${B}"', ("A", "B")),
        ("--x='y'$Z", ("Z",)),
        ("$(nproc)", ()),
        ("`nproc`", ()),
        ("$((1+1))", ()),
        ('"a $(b) c"', ()),
    ],
)
def test_what_the_shell_decides_at_run_time_has_no_value(word: str, variables: tuple[str, ...]) -> None:
    text = f"é {word} end"
    found = only(text)
    assert [w.value for w in found.words] == ["é", None, "end"]
    assert (found.words[1].variables, at(text, found.words[1].span)) == (variables, word)


def test_commands_inside_substitutions_are_not_commands_of_the_line() -> None:
    assert [c.program for c in parse("a $(b c) `d` <(e)").commands] == ["a"]
    assert parse("f() { a; }").commands == ()


def test_assignments_before_a_command_and_alone() -> None:
    text = 'A=1 B="x y" C= exec gunicorn $D'
    found = only(text)
    assert [(a.name, a.value.value if a.value else None, at(text, a.span)) for a in found.assignments] == [
        ("A", "1", "A=1"),
        ("B", "x y", 'B="x y"'),
        ("C", None, "C="),
    ]
    assert (found.program, [w.text for w in found.arguments]) == ("exec", ["gunicorn", "$D"])
    script = parse("export A=1 && B=2; c")
    assert [a.name for a in script.assignments] == ["A", "B"]
    assert [c.program for c in script.commands] == ["c"]


def test_the_program_is_the_last_part_of_its_path() -> None:
    assert only("/app/.heroku/python/bin/gunicorn x").program == "gunicorn"
    assert only("$PYTHON x").program is None


@pytest.mark.parametrize("text", ["echo 'x", 'echo "x', "a &&", "(a", "if x; then", "a | | b", "a )"])
def test_what_the_shell_refuses_is_an_error(text: str) -> None:
    assert parse(text).errors
    assert subprocess.run(["bash", "-n", "-c", text], capture_output=True, check=False).returncode != 0


def test_places_count_characters_of_the_file() -> None:
    text = "web: é 😀 'ü' \udce9 end"
    script = parse(text[5:], 5)
    assert [at(text, w.span) for w in script.commands[0].words] == ["é", "😀", "'ü'", "\udce9", "end"]


def test_a_text_too_long_for_a_command_is_not_read() -> None:
    text = "a|" * command.LONGEST
    script = parse(text, 3)
    assert (script.commands, script.errors) == ((), ((3, 3 + len(text)),))
    assert len(parse("a " * (command.LONGEST // 2)).commands[0].words) == command.LONGEST // 2


@settings(deadline=None)
@given(
    st.lists(
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8), min_size=1
    )
)
def test_quoted_words_come_back_as_they_were(values: list[str]) -> None:
    text = shlex.join(["run", *values])
    found = only(text)
    assert [w.value for w in found.words] == ["run", *values]
    assert [at(text, w.span) for w in found.words] == ["run", *map(shlex.quote, values)]


PIECES = st.lists(
    st.sampled_from(
        ["a", "b-c", "'d e'", '"f \\" g"', "h\\ i", "é", "=", "/", "''", "1", ":", "\\$x", "'$y'", "@", "%"]
    ),
    min_size=1,
    max_size=4,
).map("".join)


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
@settings(deadline=None, max_examples=60)
@given(st.lists(PIECES, min_size=1, max_size=5))
def test_values_are_those_that_bash_passes(pieces: list[str]) -> None:
    text = "printf '%s\\0' " + " ".join(pieces)
    script = parse(text)
    assume(not script.errors)  # the grammar has no place for == as the last word, and says so
    ran = subprocess.run(["bash", "-c", text], capture_output=True, check=True)
    assert [w.value for w in script.commands[0].words[2:]] == ran.stdout.decode().split("\0")[:-1]


def test_signs_of_comparison_are_words() -> None:
    assert [w.value for w in only("run 'a' == =~ b").words] == ["run", "a", "==", "=~", "b"]


@settings(deadline=None)
@given(st.from_regex(re.compile(command._PLAIN.pattern, re.ASCII), fullmatch=True), st.integers(0, 9))
def test_plain_words_are_cut_as_the_grammar_cuts_them(text: str, offset: int) -> None:
    assert parse(text, offset) == bash.parse(text, offset)
