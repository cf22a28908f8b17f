"""Gates: what holds, what is broken, and what a noisy run cannot show."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bpopt.output import Look
from bpopt.settings import ConfigError
from bpopt.verify import compare, formats, gates
from bpopt.verify.model import StageResult
from tests.verify import made


@pytest.mark.parametrize(
    ("name", "limit", "holds"),
    [
        ("max_p95_ratio", 1.2, True),
        ("max_p95_ratio", 0.8, False),
        ("min_throughput_ratio", 0.9, True),
        ("min_throughput_ratio", 1.1, False),
        ("max_memory_mb", 512, True),
        ("max_memory_mb", 250, False),
        ("max_slug_mb", 1, True),
        ("max_slug_mb", 0.1, False),
        ("max_boot_seconds", 5, True),
        ("max_boot_seconds", 1, False),
        ("require_identical_responses", True, True),
    ],
)
def test_gates(name: str, limit: float, holds: bool) -> None:
    (outcome,) = gates.judge({name: limit}, made.results())
    assert (outcome.name, outcome.holds) == (name, holds)


def test_different_answers_break_the_gate_of_answers() -> None:
    (outcome,) = gates.judge({"require_identical_responses": True}, made.results(broken=True))
    assert not outcome.holds
    assert outcome.text == "2 of 40 answers differ"


def test_what_noise_hides_is_not_taken_for_shown() -> None:
    noisy = made.measure("load.closed4.p95", "s", 1.0, 1.0, rounds=3, noise=0.6)
    (outcome,) = gates.judge({"max_p95_ratio": 1.2}, (StageResult("load", "passed", measures=(noisy,)),))
    assert not outcome.holds
    assert "too noisy to show that it holds" in outcome.text


def test_what_was_not_measured_does_not_hold() -> None:
    for outcome in gates.judge(
        {"max_memory_mb": 1, "max_p95_ratio": 1, "require_identical_responses": True}, ()
    ):
        assert (outcome.holds, outcome.text) == (False, "was not measured")


def test_a_gate_that_is_turned_off_is_not_asked() -> None:
    assert gates.judge({"require_identical_responses": False}, ()) == ()


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"max_p95": 1}, "did you mean 'max_p95_ratio'"),
        ({"max_memory_mb": "512"}, "must be a number"),
        ({"max_memory_mb": True}, "must be a number"),
        ({"require_identical_responses": 1}, "must be true or false"),
        ([], "must be a table"),
    ],
)
def test_mistakes_in_the_configuration_are_said(table: object, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        gates.validate(table, "here")


def stored(tmp_path: Path, **changes: float | bool) -> dict[str, object]:
    path = tmp_path / "earlier.json"
    path.write_text(formats.render("json", made.report(**changes), Look()))  # type: ignore[arg-type]
    return compare.read(str(path))


def test_an_equal_run_is_no_worse_than_the_stored_one(tmp_path: Path) -> None:
    report = made.report()._replace(earlier=stored(tmp_path))
    assert compare.regressions(report) == []
    assert compare.sentences(report) == ["no difference beyond noise"]


def test_a_slower_run_and_new_failures_are_worse(tmp_path: Path) -> None:
    report = made.report(after_p95=1.5, broken=True)._replace(earlier=stored(tmp_path))
    found = compare.regressions(report)
    assert any(text.startswith("p95, 4 clients: +50 %") for text in found)
    assert "probe failed, then it passed" in found
    assert "gate" not in formats.render("table", report, Look())
    better = made.report()._replace(earlier=stored(tmp_path, after_p95=1.5, broken=True))
    assert compare.regressions(better) == []
    assert len(compare.sentences(better)) == 2


@pytest.mark.parametrize("text", ["", "{}", "[1]", json.dumps({"kind": "bpopt verify", "version": 99})])
def test_a_file_that_is_no_result_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(ConfigError):
        compare.read(str(tmp_path / "x.json"))
    with pytest.raises(ConfigError):
        compare.read(str(tmp_path / "none.json"))
