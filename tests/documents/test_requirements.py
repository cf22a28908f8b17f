"""requirements.txt: logical lines, requirements, options, problems; compared with packaging's own reader."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.requirements import Requirement as Official

from bpopt.documents import requirements
from bpopt.documents.requirements import Requirement
from bpopt.text import Source
from tests.documents.places import at, source, spans
from tests.documents.test_any_bytes import ANY


def only(text: str) -> Requirement:
    parsed = requirements.parse(source(text))
    assert parsed.problems == ()
    assert len(parsed.requirements) == 1
    return parsed.requirements[0]


@pytest.mark.parametrize(
    ("line", "name", "written", "specifier", "marker"),
    [
        ("Flask==2.3.2  # web", "flask", "Flask", "==2.3.2", ""),
        ("scikit_learn", "scikit-learn", "scikit_learn", "", ""),
        ("a.b >= 1.2, < 2 ; python_version < '3'", "a-b", "a.b", ">= 1.2, < 2", "python_version < '3'"),
        ("foo (>=1.0)", "foo", "foo", ">=1.0", ""),
        ("a===1.0+local", "a", "a", "===1.0+local", ""),
        ("dlib-bin==19.*\t", "dlib-bin", "dlib-bin", "==19.*", ""),
        ("  x~=1.0,!=1.5,", "x", "x", "~=1.0,!=1.5,", ""),
        ("x#y==1", None, None, None, None),
    ],
)  # fmt: skip
def test_named_requirements(
    line: str, name: str | None, written: str | None, specifier: str | None, marker: str | None
) -> None:
    if name is None:
        assert requirements.parse(source(line)).problems
        return
    found = only(line)
    assert (found.name, found.written, found.specifier, found.marker) == (name, written, specifier, marker)
    assert at(line, found.name_span) == written
    assert at(line, found.specifier_span) == specifier


def test_a_requirement_over_several_lines_with_hashes() -> None:
    text = "# é\nDlib \\\n   ==20.0.1 \\\r\n   --hash=sha256:abc \\\n   --hash sha256:def # c\nb\n"
    parsed = requirements.parse(source(text))
    dlib, b = parsed.requirements
    assert at(text, dlib.span) == "Dlib \\\n   ==20.0.1 \\\r\n   --hash=sha256:abc \\\n   --hash sha256:def"
    assert (at(text, dlib.name_span), at(text, dlib.specifier_span)) == ("Dlib", "==20.0.1")
    assert [(o.name, o.value) for o in dlib.options] == [("--hash", "sha256:abc"), ("--hash", "sha256:def")]
    assert [at(text, o.value_span) for o in dlib.options] == ["sha256:abc", "sha256:def"]
    assert [r.line.text for r in (dlib, b)] == ["Dlib \\", "b"]
    assert [at(text, c) for c in parsed.comments] == ["# é", "# c"]


def test_extras_and_direct_addresses() -> None:
    assert only("requests[security, socks]~=2.0").extras == ("security", "socks")
    found = only("pkg[x] @ https://host/y.zip#sha256=1 ; python_version > '3'")
    assert (found.name, found.extras, found.url) == ("pkg", ("x",), "https://host/y.zip#sha256=1")
    assert found.marker == "python_version > '3'"


@pytest.mark.parametrize(
    ("line", "name", "url", "editable"),
    [
        ("git+https://h/a/b.git@main#egg=My.Pkg", "my-pkg", "git+https://h/a/b.git@main#egg=My.Pkg", False),
        ("git+ssh://git@h/y.git#subdirectory=q&egg=z", "z", "git+ssh://git@h/y.git#subdirectory=q&egg=z", False),
        ("git+https://h/a/b.git", "", "git+https://h/a/b.git", False),
        ("https://h/torch-1.0-cp311-cp311-linux.whl", "torch", "https://h/torch-1.0-cp311-cp311-linux.whl", False),
        ("./local/dir", "", "./local/dir", False),
        ("wheels/x.tar.gz", "", "wheels/x.tar.gz", False),
        ("-e .", "", ".", True),
        ("--editable=git+https://h/r#egg=q", "q", "git+https://h/r#egg=q", True),
        ("${TOKEN_URL}", "", "${TOKEN_URL}", False),
    ],
)  # fmt: skip
def test_addresses_and_paths(line: str, name: str, url: str, editable: bool) -> None:
    found = only(line)
    assert (found.name, found.url, found.editable) == (name, url, editable)
    assert at(line, found.name_span) == (found.written or url)
    assert at(line, found.span) == line


def test_options_on_their_own_lines() -> None:
    text = "-r base.txt\n--index-url=https://h/y#z\n-cfile.txt\n--pre\n--no-binary :all: --only-binary x\n"
    parsed = requirements.parse(source(text))
    assert [(o.name, o.value, at(text, o.span), at(text, o.value_span)) for o in parsed.options] == [
        ("--requirement", "base.txt", "-r base.txt", "base.txt"),
        ("--index-url", "https://h/y#z", "--index-url=https://h/y#z", "https://h/y#z"),
        ("--constraint", "file.txt", "-cfile.txt", "file.txt"),
        ("--pre", None, "--pre", ""),
        ("--no-binary", ":all:", "--no-binary :all:", ":all:"),
        ("--only-binary", "x", "--only-binary x", "x"),
    ]
    assert [o.value for o in parsed.includes] == ["base.txt"]


def test_options_behind_a_requirement_stay_with_it() -> None:
    found = only("grad-cam==1.4.8 --no-deps")
    assert (found.specifier, [o.name for o in found.options]) == ("==1.4.8", ["--no-deps"])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("pip install flask", "is a command: a requirements file holds only the names that follow `install`"),
        ("foo=1.0", "has one `=` where pip wants `==`"),
        ("foo 1.0", "has a version without `==` before it"),
        ("foo bar", "has more than one word: one package a line"),
        ("foo: bar", "is not `name`, `name==version` or `name @ address`"),
        ("==1.0", "is neither a package nor an option of pip"),
        ("<!DOCTYPE html>", "is neither a package nor an option of pip"),
    ],
)
def test_what_pip_refuses_is_told_plainly(line: str, message: str) -> None:
    parsed = requirements.parse(source(f"\n{line} # c\n"))
    assert [(p.message, at(parsed.source, p.span)) for p in parsed.problems] == [(message, line)]
    assert parsed.requirements == ()


def test_find_compares_names_as_pip_does() -> None:
    parsed = requirements.parse(source("Face_Recognition\nflask\n"))
    found = parsed.find("face.recognition")
    assert found is not None
    assert found.written == "Face_Recognition"
    assert parsed.find("face") is None


@pytest.mark.parametrize(
    ("line", "version"),
    [
        ("a==1.0", "1.0"),
        ("a === 1.0+x", "1.0+x"),
        ("a==1.*", None),
        ("a>=1", None),
        ("a", None),
        ("a==1,<2", None),
    ],
)
def test_only_an_exact_version_is_pinned(line: str, version: str | None) -> None:
    assert requirements.pinned(only(line)) == version


@pytest.mark.parametrize(
    ("line", "version", "answer"),
    [
        ("a>=1,<2", "1.5", True),
        ("a>=1,<2", "2.0", False),
        ("a", "0.1", True),
        ("a>1", "2.0rc1", True),
        ("a==${V}", "1", None),
        ("a @ https://h/a.zip", "1", None),
        ("a>=1", "nonsense", None),
        ("a>=nonsense", "1", None),
    ],
)
def test_allows_says_so_or_that_it_cannot_tell(line: str, version: str, answer: bool | None) -> None:
    assert requirements.allows(only(line), version) is answer


NAMES = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,6}[A-Za-z0-9])?", fullmatch=True)
BLANK = st.sampled_from(["", " ", "  "])
VERSION = st.sampled_from(["1", "1.0", "2.3.4", "1.0rc1", "1.*"])
CLAUSE = st.builds("{}{}{}".format, st.sampled_from(["==", "!="]), BLANK, VERSION) | st.builds(
    "{}{}{}".format, st.sampled_from(["<", ">", "<=", ">="]), BLANK, st.sampled_from(["1", "1.0", "2.3.4"])
)


@settings(deadline=None)
@given(
    name=NAMES,
    extras=st.lists(NAMES, max_size=2),
    clauses=st.lists(CLAUSE, max_size=3),
    gap=BLANK,
    marker=st.sampled_from(["", "; python_version < '3.9'", ' ; sys_platform == "linux" and os_name != "x"']),
)
def test_valid_lines_are_read_as_packaging_reads_them(
    name: str, extras: list[str], clauses: list[str], gap: str, marker: str
) -> None:
    line = (
        name + gap + (f"[{','.join(extras)}]" if extras else "") + gap + f"{gap},{gap}".join(clauses) + marker
    )
    expected, found = Official(line), only(line)
    assert found.written == expected.name
    assert set(found.extras) == expected.extras
    assert {c.replace(" ", "") for c in found.specifier.split(",") if c} == {
        str(s) for s in expected.specifier
    }
    assert bool(found.marker) == (expected.marker is not None)


@settings(deadline=None)
@given(raw=ANY)
def test_every_visible_character_belongs_to_something(raw: bytes) -> None:
    parsed = requirements.parse(Source("f", raw))
    text = parsed.source.text
    covered = {i for span in spans([*parsed[1:4], [p.span for p in parsed.problems]]) for i in range(*span)}
    left = [c for i, c in enumerate(text) if i not in covered and not c.isspace()]
    assert set(left) <= {"\\"}
