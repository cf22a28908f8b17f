from __future__ import annotations

import contextlib
import io
import shlex

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpopt.documents import command, gunicorn


def read(text: str, version: str | None = None) -> gunicorn.Arguments:
    return gunicorn.parse(command.parse(f"gunicorn {text}").commands[0], version)


def values(text: str) -> dict[str, str | None]:
    return {o.setting.name: o.value for o in read(text).options if o.setting is not None}


def test_values_in_every_notation() -> None:
    assert values("-w 2 --threads=4 -b:8000 -t=30 --preload app:app") == {
        "workers": "2",
        "threads": "4",
        "bind": ":8000",
        "timeout": "30",
        "preload_app": None,
    }


def test_the_app_is_the_first_word_that_belongs_to_no_option() -> None:
    for text in ("app:app", "-w 2 app:app", "--preload app:app", "--no-sendfile app:app -w 2", "-- app:app"):
        app = read(text).app
        assert app is not None
        assert app.value == "app:app", text
    assert read("-w app:app").app is None, "it is the value of -w"


def test_the_last_of_a_repeated_option_counts() -> None:
    option = read("-w 2 --workers 5 app:app").get("workers")
    assert option is not None
    assert option.value == "5"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("--fast", "unknown"),
        ("--worker 4", "ambiguous"),
        ("-w", "missing-value"),
        ("--workers --preload", "missing-value"),
        ("--preload=1", "unexpected-value"),
        ("app:app more", "extra"),
        ("app:app --preload more", "stray"),
        ("-Z 4", "unknown"),
    ],
)
def test_problems(text: str, kind: str) -> None:
    assert [p.kind for p in read(text).problems] == [kind]


def test_options_by_release() -> None:
    assert [p.kind for p in read("--no-control-socket", "23.0.0").problems] == ["unknown"]
    assert read("--no-control-socket", "25.3.0").problems == ()
    assert read("--proxy-protocol app:app", "23.0.0").app is not None, "a flag until 23"
    assert read("--proxy-protocol off app:app").problems == ()
    assert gunicorn.nearest("22.1") == "22.0.0"
    assert gunicorn.nearest("1.0") == "20.1.0"
    assert gunicorn.around("25.1.0") == ("24.1.1", "25.3.0")
    assert gunicorn.around("27.0.1") == ("27.0.1",)


def test_a_variable_may_hold_anything() -> None:
    assert read("$OPTIONS app:app").opaque
    assert not read("-w $WORKERS app:app").opaque


FLAGS = sorted(f for f in gunicorn.flags() if gunicorn.flags()[f].kind in ("flag", "count", "string", "list"))
WORDS = st.one_of(
    st.sampled_from(FLAGS),
    st.sampled_from(FLAGS).map(lambda flag: flag[: max(3, len(flag) - 2)]),
    st.sampled_from(FLAGS).map(lambda flag: f"{flag}=4"),
    st.sampled_from(
        [
            "4",
            "app:app",
            "--fast",
            "-Z",
            "--proxy-protocol",
            "-w4",
            "-b:80",
            "-1",
            "-1.5",
            "-4x",
            "-DR",
            "-Dx",
            "-a b",
            "x",
        ]
    ),
)


@pytest.mark.rare
@given(st.lists(WORDS, max_size=5))
@settings(max_examples=500, deadline=None)
def test_gunicorn_itself_refuses_the_same_lines(words: list[str]) -> None:
    config = pytest.importorskip("gunicorn.config", reason="gunicorn is not installed")
    if pytest.importorskip("gunicorn").__version__ != gunicorn.NEWEST:
        pytest.skip(f"another gunicorn than {gunicorn.NEWEST}")
    if {"-h", "--help", "-v", "--version"} & set(words):
        return
    refused = False
    with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
        try:
            config.Config().parser().parse_args(words)
        except SystemExit:
            refused = True
    arguments = read(shlex.join(words))
    found = [p for p in arguments.problems if p.kind != "extra"]
    counts = [o.value for o in arguments.options if o.setting is not None and o.setting.kind == "count"]
    no_number = [
        v for v in counts if v is not None and not v.lstrip("-").isdigit()
    ]  # of these another rule tells
    assert bool(found or no_number) == refused, (words, found)
