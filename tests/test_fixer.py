"""Splicing, choosing and converging, on small findings made by hand."""

from __future__ import annotations

import pytest

from bpopt import engine, fixer, settings
from bpopt.app import App
from bpopt.app.files import MemoryFiles
from bpopt.engine import AppResult
from bpopt.finding import Edit, Finding, Fix, NewFile, Safety, Severity
from bpopt.settings import Settings
from bpopt.text import Source, Span

FIRST = Span(0, 1)


def finding(app: App, fix: Fix, span: Span = FIRST, code: str = "BP104") -> Finding:
    source = app.source("Aptfile")
    assert source is not None
    return Finding(code, "test", Severity.WARNING, "m", source, span, fix=fix)


def an_app(text: str = "abcdef\n", **more: str) -> App:
    return App(MemoryFiles({"Aptfile": text.encode(), **{k: v.encode() for k, v in more.items()}}))


def safe(*edits: Edit, **more: object) -> Fix:
    return Fix("t", Safety.SAFE, edits, **more)  # type: ignore[arg-type]


def test_splice_keeps_everything_outside_the_edits() -> None:
    source = Source.of("f", "one two three")
    edits = [Edit("f", Span(8, 13), "3"), Edit("f", Span(0, 3), "1")]
    assert fixer.splice(source, edits) == "1 two 3"


def test_inserted_newlines_become_those_of_the_file() -> None:
    source = Source("f", b"\xef\xbb\xbfa\r\nb\r\n")
    assert (
        source.encode(fixer.splice(source, [Edit("f", Span(3, 3), "x\ny\n")]))
        == b"\xef\xbb\xbfa\r\nx\r\ny\r\nb\r\n"
    )


def test_insertions_at_one_place_are_all_made_in_order() -> None:
    app = an_app()
    first = finding(app, safe(Edit("Aptfile", Span(6, 6), " x")))
    second = finding(app, safe(Edit("Aptfile", Span(6, 6), " y")))
    changes, used = fixer.apply(app, [first, second])
    assert changes == {"Aptfile": b"abcdef x y\n"}
    assert used == [first, second]


@pytest.mark.parametrize("other", [Edit("Aptfile", Span(2, 5), ""), Edit("Aptfile", Span(1, 3), "q")])
def test_overlapping_edits_wait_for_the_next_round(other: Edit) -> None:
    app = an_app()
    first = finding(app, safe(Edit("Aptfile", Span(1, 4), "")))
    changes, used = fixer.apply(app, [first, finding(app, safe(other))])
    assert used == [first]
    assert changes == {"Aptfile": b"aef\n"}


def test_a_fix_of_several_edits_is_made_whole_or_not_at_all() -> None:
    app = an_app()
    first = finding(app, safe(Edit("Aptfile", Span(0, 1), "")))
    both = finding(app, safe(Edit("Aptfile", Span(0, 1), "z"), Edit("Aptfile", Span(4, 5), "z")))
    changes, used = fixer.apply(app, [first, both])
    assert used == [first]
    assert changes == {"Aptfile": b"bcdef\n"}


def test_files_are_created_and_removed_but_never_overwritten() -> None:
    app = an_app(old="x")
    create = finding(app, safe(creates=(NewFile("new", "n\n"),), removes=("old",)))
    taken = finding(app, safe(creates=(NewFile("Aptfile", "n\n"),)))
    changes, used = fixer.apply(app, [create, taken])
    assert changes == {"new": b"n\n", "old": None}
    assert used == [create]


def test_unsafe_and_display_fixes_need_to_be_asked_for() -> None:
    app = an_app()
    fixes = {s: finding(app, Fix("t", s, (Edit("Aptfile", Span(0, 1), ""),)), code="BP104") for s in Safety}
    result = AppResult(".", (), True, (), tuple(fixes.values()))
    plain = settings.defaults()
    assert fixer.choose(result, plain, False) == [fixes[Safety.SAFE]]
    assert set(fixer.choose(result, plain, True)) == {fixes[Safety.SAFE], fixes[Safety.UNSAFE]}
    promoted = settings.defaults(extend_safe_fixes=["BP104"])
    assert set(fixer.choose(result, promoted, False)) == {fixes[Safety.SAFE], fixes[Safety.UNSAFE]}
    demoted = settings.defaults(extend_unsafe_fixes=["apt"])
    assert fixer.choose(result, demoted, False) == []


def test_a_fix_that_does_not_mend_is_taken_back() -> None:
    def useless(app: App, _: Settings) -> AppResult:
        return AppResult(".", (), True, (), (finding(app, safe(Edit("Aptfile", Span(7, 7), "#\n"))),))

    fixed = fixer.converge(an_app(), settings.defaults(), False, useless)
    assert fixed.changes == {}
    assert len(fixed.refused) == 1
    assert fixed.stable


def test_fixes_that_never_settle_end_after_ten_rounds() -> None:
    def restless(app: App, _: Settings) -> AppResult:
        source = app.source("Aptfile")
        assert source is not None
        whole = Span(0, len(source.text))
        return AppResult(".", (), True, (), (finding(app, safe(Edit("Aptfile", Span(0, 0), "x")), whole),))

    fixed = fixer.converge(an_app(), settings.defaults(), False, restless)
    assert fixed.changes == {"Aptfile": b"x" * fixer.ROUNDS + b"abcdef\n"}
    assert not fixed.stable


def test_a_fix_that_breaks_the_syntax_is_taken_back() -> None:
    def breaking(app: App, _: Settings) -> AppResult:
        source = app.source("Aptfile")
        assert source is not None
        if source.text.startswith("{"):
            return AppResult(
                ".", (), True, (), (Finding("BP002", "s", Severity.ERROR, "broken", source, Span(0, 1)),)
            )
        return AppResult(".", (), True, (), (finding(app, safe(Edit("Aptfile", Span(0, 0), "{"))),))

    fixed = fixer.converge(an_app(), settings.defaults(), False, breaking)
    assert fixed.changes == {}
    assert len(fixed.refused) == 1


def test_converging_is_idempotent() -> None:
    app = an_app("cmake curl cmake\nzip\ncurl\nzip\n")
    fixed = fixer.converge(app, settings.defaults(select=["BP104"]), False, engine.check)
    assert fixed.changes == {"Aptfile": b"cmake curl\nzip\n"}
    again = fixer.converge(
        app.with_changes(fixed.changes), settings.defaults(select=["BP104"]), False, engine.check
    )
    assert again.changes == {}
    assert again.stable
