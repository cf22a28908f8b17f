from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpopt import rules
from bpopt.finding import Finding, Impact, Severity
from bpopt.output import Look
from bpopt.report import score, stages, status_text
from bpopt.report.badge import badge
from bpopt.text import Source, Span
from tests.report.samples import FACES, app, chosen, same

RULES = ("BP104", "BP601", "BP603", "BP704")
SOURCE = Source.of("Procfile", "web: gunicorn app:app\n")


def finding(code: str, severity: Severity, impact: Impact | None = None) -> Finding:
    return Finding(code, "x", severity, "m", SOURCE, Span(0, 3), impact=impact)


def percent(*findings: Finding) -> dict[str, float]:
    return {area.family: area.percent for area in score.score(app(FACES, "heroku"), findings).areas}


def test_every_family_has_an_area() -> None:
    assert set(score.AREAS) == set(rules.FAMILIES.values())


def test_nothing_found_is_100() -> None:
    assert score.score(app(FACES, "heroku"), []).percent == 100


@pytest.mark.parametrize(
    ("severity", "left"), [(Severity.ERROR, 50), (Severity.WARNING, 80), (Severity.INFO, 95)]
)
def test_share_by_severity(severity: Severity, left: float) -> None:
    assert percent(finding("BP104", severity))["apt"] == pytest.approx(left)


def test_shares_are_taken_of_what_is_left_and_once_for_a_rule() -> None:
    many = [finding("BP104", Severity.WARNING)] * 9 + [finding("BP101", Severity.WARNING)]
    assert percent(*many)["apt"] == pytest.approx(64)


@pytest.mark.parametrize(
    ("impact", "left"),
    [
        (Impact("x"), 80),
        (Impact("x", seconds=150), 70),
        (Impact("x", seconds=300), 60),
        (Impact("x", seconds=9000), 60),
        (Impact("x", bytes=250_000_000), 70),
        (Impact("x", bytes=500_000_000, seconds=1), 60),
    ],
)
def test_share_grows_with_measured_cost(impact: Impact, left: float) -> None:
    assert percent(finding("BP704", Severity.WARNING, impact))["requirements"] == pytest.approx(left)


def test_mean_of_the_areas_that_apply() -> None:
    only = app({"requirements.txt": "flask\n"}, "digitalocean")
    found = score.score(only, [finding("BP704", Severity.WARNING)])
    families = {area.family for area in found.areas}
    assert "apt" not in families
    assert "gunicorn" not in families
    assert found.percent == int((100 * (len(families) - 1) + 80) / len(families))


def test_an_error_halves_the_status() -> None:
    found = score.score(app(FACES, "heroku"), [finding("BP104", Severity.ERROR)])
    mean = (100 * (len(found.areas) - 1) + 50) / len(found.areas)
    assert found.percent == int(mean / 2)


FOUND = st.builds(
    finding,
    st.sampled_from([entry.code for entry in rules.REGISTRY]),
    st.sampled_from(list(Severity)),
    st.one_of(st.none(), st.builds(Impact, st.just("x"), st.integers(0, 10**9), st.floats(0, 10**4))),
)


@given(st.lists(FOUND, max_size=12))
def test_any_findings_make_a_percentage_and_mending_one_never_lowers_its_area(
    findings: list[Finding],
) -> None:
    of = app(FACES, "heroku")
    whole = score.score(of, findings)
    assert 0 <= whole.percent <= 100
    assert (whole.percent == 100) <= (not findings)
    before = {area.family: area.percent for area in whole.areas}
    for index in range(len(findings)):
        less = score.score(of, findings[:index] + findings[index + 1 :])
        for area in less.areas:
            assert area.percent >= before[area.family] - 1e-9


def test_three_stages_and_who_does_what() -> None:
    of = app(FACES, "digitalocean")
    found = stages.stages(of, chosen(*RULES))
    assert found.now.percent < found.fixed.percent < found.manual.percent == 100
    assert {step.finding.code for step in found.of(stages.FIX)} == {"BP104"}
    assert "BP603" in {step.finding.code for step in found.of(stages.YOU)}
    assert len(found.steps) == found.now.findings


def test_text_and_json() -> None:
    of = app(FACES, "digitalocean")
    found = stages.stages(of, chosen(*RULES))
    text = "\n".join(status_text.text(of, found, Look(width=80), areas=True)) + "\n"
    assert all(len(line) <= 80 for line in text.splitlines())
    same("status.txt", text)
    same("status.json", json.dumps(status_text.data(of, found), indent=2) + "\n")


@pytest.mark.parametrize("value", [0, 50, 51, 90, 100])
def test_badge_is_an_image_that_says_the_number(value: int) -> None:
    root = ElementTree.fromstring(badge(value))
    assert root.tag.endswith("svg")
    assert [e.text for e in root.iter() if e.tag.endswith("text")] == ["deployment", f"{value}%"]
    assert "http" not in badge(value).replace("http://www.w3.org/2000/svg", "")


def test_badge() -> None:
    same("badge.svg", badge(83))
