"""Platform facts: names, typed values, what each fact must have, and a few facts that rules stand on."""

from __future__ import annotations

import re
from datetime import date

import pytest

from bpopt import platforms
from bpopt.platforms import Fact, Platform, plans, python, source

EVERY = [platforms.load(name) for name in platforms.NAMES]
FACTS = [(platform, key, fact) for platform in EVERY for key, fact in platform.facts.items()]


def a_platform(**facts: Fact) -> Platform:
    return Platform("made-up", "Made up", (), {key.replace("__", "."): fact for key, fact in facts.items()})


def a_fact(value: platforms.Value, *, verified: bool = True) -> Fact:
    return Fact(value, "https://example.org/", "2026-11-23", verified)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("heroku", ("heroku", None)),
        ("Heroku-24", ("heroku", "heroku-24")),
        ("heroku-20", ("heroku", "heroku-20")),
        ("heroku-fir", ("heroku-fir", None)),
        ("fir", ("heroku-fir", None)),
        ("do", ("digitalocean", None)),
        ("ubuntu-22", ("digitalocean", "ubuntu-22")),
        ("dokku", ("dokku", None)),
        (" scalingo-26 ", ("scalingo", "scalingo-26")),
        ("heroku-23", None),
        ("render", None),
        ("", None),
    ],
)
def test_canonical_names(name: str, meant: tuple[str, str | None] | None) -> None:
    assert platforms.canonical(name) == meant


def test_every_canonical_stack_is_one_of_its_platform() -> None:
    from bpopt.platforms.load import _ALIASES

    for name in [*_ALIASES, *(stack.name for platform in EVERY for stack in platform.stacks)]:
        found = platforms.canonical(name)
        assert found is not None, name
        assert found[1] is None or platforms.load(found[0]).stack(found[1]) is not None, name


def test_an_unknown_platform_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        platforms.load("heroku-24")


def test_a_platform_is_loaded_once() -> None:
    assert platforms.load("dokku") is platforms.load("dokku")


@pytest.mark.parametrize("platform", EVERY, ids=platforms.NAMES)
def test_every_fact_has_a_source_and_a_date(platform: Platform) -> None:
    assert platform.facts
    for key, fact in platform.facts.items():
        assert type(fact) is Fact
        assert re.fullmatch(r"https?://[^\s/]+\.[^\s/]+(/\S*)?", fact.source), key
        assert date(2026, 1, 1) <= date.fromisoformat(fact.date) <= date.today(), key
        assert type(fact.verified) is bool, key
        assert type(fact.value) in (str, int, float, bool, tuple), key
        assert not isinstance(fact.value, tuple) or all(type(item) is str for item in fact.value), key
        assert bool(fact.scope and fact.mode) is key.startswith("sets."), key
        assert not fact.note.endswith("."), key


def test_a_key_has_the_same_type_everywhere() -> None:
    types: dict[str, set[type]] = {}
    for _, key, fact in FACTS:
        types.setdefault(key, set()).add(type(fact.value))
    assert {key: found for key, found in types.items() if len(found) > 1} == {}


def test_numbers_say_their_unit_and_are_whole_and_not_negative() -> None:
    for platform, key, fact in FACTS:
        if key.endswith(("_seconds", "_bytes")):
            assert type(fact.value) is int, (platform.name, key)
            assert fact.value >= 0, (platform.name, key)


def test_every_platform_answers_for_every_kind_of_file() -> None:
    for platform in EVERY:
        assert {key for key in platform.facts if key.startswith("reads.")} == {
            f"reads.{kind}" for kind in source.keys()["reads"]
        }


def test_every_explained_key_is_used() -> None:
    used = {key for _, key, _ in FACTS}
    explained = {f"{group}.{key}" for group, entries in source.keys().items() for key in entries}
    assert explained - used == set()


def test_stacks() -> None:
    for platform in EVERY:
        assert sum(stack.default for stack in platform.stacks) == 1
        assert platform.stack(None) is platform.stack(platform.default_stack)
        for stack in platform.stacks:
            assert stack.source.startswith("https://")
            assert date.fromisoformat(stack.date) <= date.today()
            assert stack.end_of_support is None or date.fromisoformat(stack.end_of_support) > date(2020, 1, 1)
            assert not (stack.default and not stack.supported)
            if stack.end_of_support is not None:
                assert stack.supported is (stack.end_of_support > stack.date)


def test_a_platform_without_that_stack() -> None:
    assert platforms.load("scalingo").stack("heroku-24") is None


def test_holds_needs_a_verified_fact() -> None:
    platform = a_platform(a__yes=a_fact(True), a__no=a_fact(False), a__perhaps=a_fact(True, verified=False))
    assert platform.holds("a.yes") is True
    assert platform.holds("a.no") is False
    assert platform.holds("a.perhaps") is None
    assert platform.holds("a.unheard_of") is None
    perhaps = platform.fact("a.perhaps")
    assert perhaps is not None
    assert perhaps.value is True


def test_asking_a_fact_for_the_wrong_type_is_an_error() -> None:
    platform = a_platform(a__text=a_fact("yes"), a__flag=a_fact(True), a__count=a_fact(3))
    with pytest.raises(TypeError):
        platform.holds("a.text")
    with pytest.raises(TypeError):
        platform.holds("a.count")
    with pytest.raises(TypeError):
        platform.number("a.flag")
    assert platform.number("a.count") == 3


def test_number_needs_a_verified_fact() -> None:
    platform = a_platform(a__count=a_fact(3, verified=False))
    assert platform.number("a.count") is None
    assert platform.number("a.unheard_of") is None


def test_facts_are_a_copy() -> None:
    platform = a_platform(a__flag=a_fact(True))
    platform.facts.clear()
    assert platform.holds("a.flag") is True


def test_slugignore_as_published() -> None:
    assert {p.name: p.reads("slugignore") for p in EVERY} == {
        "heroku": True,
        "heroku-fir": False,
        "digitalocean": None,  # no document says either
        "dokku": False,
        "scalingo": True,
    }
    assert all(p.holds("slugignore.honoured") == p.reads("slugignore") for p in EVERY)


def test_one_package_per_line_on_digitalocean_only() -> None:
    answers = {p.name: p.holds("aptfile.several_per_line") for p in EVERY if p.reads("aptfile")}
    assert answers == {"heroku": True, "digitalocean": False, "dokku": True, "scalingo": True}


def test_variables_that_a_platform_sets() -> None:
    workers = platforms.load("heroku").sets("WEB_CONCURRENCY")
    assert workers is not None
    assert (workers.mode, workers.scope) == ("auto", "run")
    assert platforms.load("dokku").sets("WEB_CONCURRENCY") is None
    assert platforms.load("heroku-fir").sets("FORWARDED_ALLOW_IPS") is None
    assert platforms.load("heroku").sets("MALLOC_ARENA_MAX") is None


def test_deprecated_python_is_supported_python() -> None:
    for platform in EVERY:
        supported, default = platform.fact("python.supported"), platform.fact("python.default")
        assert supported is not None
        assert default is not None
        assert isinstance(supported.value, tuple)
        assert default.value in supported.value
        deprecated = platform.fact("python.deprecated")
        assert deprecated is None or set(deprecated.value) <= set(supported.value)  # type: ignore[arg-type]
        assert all(python.release(minor) is not None for minor in supported.value)


def test_patterns_are_regular_expressions() -> None:
    for _, key, fact in FACTS:
        if key.endswith("key_pattern"):
            assert re.compile(str(fact.value)).match("web")


def test_plans() -> None:
    for platform in EVERY:
        names = [plan.name for plan in platform.plans]
        assert len(names) == len(set(names))
        for plan in platform.plans:
            assert plan.name == plan.name.lower()
            assert plan.memory % 2**20 == 0
            assert plan.memory >= 256 * 2**20
            assert plan.cpus is None or plan.cpus > 0
            assert plan.price is None or plan.price > 0
            assert plan.source.startswith("https://")
            assert date.fromisoformat(plan.date) <= date.today()


def test_a_plan_by_name_in_any_case() -> None:
    plan = platforms.load("heroku").plan("Standard-1X")
    assert plan is not None
    assert (plan.title, plan.memory, plan.price, plan.currency) == ("Standard-1X", 512 * 2**20, 25.0, "USD")
    assert platforms.load("heroku").plan("apps-s-1vcpu-1gb") is None
    assert platforms.load("dokku").plans == ()


def test_retired_plans_come_last() -> None:
    for platform in EVERY:
        retired = [plan.retired for plan in platform.plans]
        assert retired == sorted(retired)


def test_plans_of_nobody() -> None:
    assert plans.of("render") == ()


def test_python_releases_follow_each_other() -> None:
    releases = python.releases()
    assert [r.released for r in releases] == sorted(r.released for r in releases)
    for release in releases:
        assert date.fromisoformat(release.released) < date.fromisoformat(release.end_of_life)
        assert release.latest.startswith(f"{release.name}.") or not release.latest
        assert release.source == "https://devguide.python.org/versions/"
    nine = python.release("3.9")
    assert nine is not None
    assert nine.end_of_life == "2025-10-31"
    assert python.release("4.0") is None
