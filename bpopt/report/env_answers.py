"""Which answer of `data/env.toml` holds for a setting, an app and a platform, and what it says.

The mission's six settings and its build time-out are answered for every app; the others where they matter.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from bpopt.rules.versions import at_least

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.app.web import Web
    from bpopt.platforms import Fact
    from bpopt.report.env_reads import Read

DATA = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "data", "env.toml")
TIMEOUT = "build time-out"
ONE_COMPILER = 1_500_000_000  # bytes: the largest compiler of dlib took 1.40 GB
_DLIBS = ("20.0.1", "20.0.0", "19.24.9")
_FLASKS = ("3.1.3", "3.0.3", "2.3.3")
# Platform -> where its buildpack's call of pip is written.
_PIP = {
    "heroku": "pip-heroku",
    "digitalocean": "pip-v322",
    "dokku": "pip-v349",
    "scalingo": "pip-scalingo",
}
_MEGABYTES_PER_WORKER = 256  # as in Heroku's buildpack, vendor/WEB_CONCURRENCY.sh


class Answer(NamedTuple):
    """What is to be said of a setting: its state and advised value (empty for none), why, and on what authority."""

    name: str
    scope: str
    state: str
    value: str
    why: str
    instead: str
    source: str
    date: str


class Case(NamedTuple):
    """The chosen case of a setting, the words for its text, and the platform fact it rests on."""

    key: str
    value: str = ""
    words: Mapping[str, str] = {}
    fact: Fact | None = None
    source: str = ""


@cache
def data() -> dict[str, Any]:
    """The answers as they are written."""
    import tomllib

    with open(DATA, "rb") as file:
        return tomllib.load(file)


def asked(name: str) -> str:
    """The value that the usual advice gives for a setting, empty where it is not among the usual ones."""
    return str(data()[name].get("asked", ""))


def answers(app: App, target: Target, reads: Mapping[str, Read]) -> Iterator[Answer]:
    """Every answer for an app on one platform; settings of no concern for it have none."""
    cases = {
        "CMAKE_BUILD_TYPE": _compiled(app, target),
        "CMAKE_CXX_FLAGS": _flags(app, target),
        "PIP_NO_CACHE_DIR": _pip_cache(target),
        "PIP_DISABLE_PIP_VERSION_CHECK": _by_platform(target, "PIP_DISABLE_PIP_VERSION_CHECK")
        or Case("other"),
        "PYTHONUNBUFFERED": _by_platform(target, "PYTHONUNBUFFERED"),
        "FLASK_ENV": _flask_env(app, reads),
        TIMEOUT: _timeout(target),
        "CMAKE_BUILD_PARALLEL_LEVEL": _parallel(app, target),
        "CMAKE_POLICY_VERSION_MINIMUM": _policy(app, target),
        **_of_gunicorn(app, target),
    }
    for name, case in cases.items():
        if case is not None:
            yield _answer(name, case, target)


def _answer(name: str, case: Case, target: Target) -> Answer:
    group = data()[name]
    entry = group[case.key]
    words = {"title": target.platform.title, "value": case.value, **case.words}
    source, day = case.source or entry["source"], str(data()["date"])
    if source == "fact" and case.fact is not None:
        words["value"] = str(case.fact.value)
        source, day = case.fact.source, case.fact.date
    else:
        source = data()["sources"].get(source, source)
    advised = case.value if entry["state"] == "missing" else ""
    why, instead = (entry.get(field, "").format(**words) for field in ("why", "instead"))
    if advised and group["scope"] == "build" and target.platform.holds("env.visible_to_build") is None:
        why += " That settings reach pip here was not tried on the platform."
    return Answer(name, group["scope"], entry["state"], advised, why, instead, source, day)


def reaches_pip(target: Target) -> bool:
    """Whether the app's settings are seen by pip and compilers, as far as is known."""
    fact = target.platform.fact("env.visible_to_build")
    return fact is not None and fact.value is True


def _compiled(app: App, target: Target) -> Case:
    if not reaches_pip(target):
        return Case("unseen", fact=target.platform.fact("env.visible_to_build"))
    return Case("dlib" if app.requirement("dlib") is not None else "nothing")


def _flags(app: App, target: Target) -> Case:
    case = _compiled(app, target)
    return (
        case._replace(key="unseen-dlib")
        if case.key == "unseen" and app.requirement("dlib") is not None
        else case
    )


def _pip_cache(target: Target) -> Case:
    if target.platform.name not in _PIP:
        return Case("kept")
    return Case("flag", source=_PIP[target.platform.name])


def _by_platform(target: Target, name: str) -> Case | None:
    fact = target.platform.sets(name)
    if fact is None:
        return None
    likely = not fact.verified and "likely" in data()[name]
    return Case("likely" if likely else "platform", fact=fact)


def _flask_env(app: App, reads: Mapping[str, Read]) -> Case:
    if app.requirement("flask") is None:
        return Case("nothing")
    read = reads.get("FLASK_ENV")
    if read is not None:
        return Case("read", words={"where": f"{read.path}:{read.line}"})
    return Case("old" if at_least(app, "flask", "2.3", _FLASKS) is False else "gone")


def _timeout(target: Target) -> Case:
    platform = target.platform
    seconds, fixed = platform.number("build.timeout_seconds"), platform.fact("build.configurable")
    if seconds:
        limit = f"A build may take {int(seconds) // 60} minutes"
        return Case("fixed", words={"limit": limit}, fact=platform.fact("build.timeout_seconds"))
    return Case(
        "none" if fixed is not None and fixed.value is True else "unknown", fact=fixed or _any_fact(target)
    )


def _any_fact(target: Target) -> Fact | None:
    return target.platform.fact("reads.requirements")


def _parallel(app: App, target: Target) -> Case | None:
    if app.requirement("dlib") is None:
        return None
    if not reaches_pip(target):
        return Case("unseen", fact=target.platform.fact("env.visible_to_build"))
    if at_least(app, "dlib", "19.24.6", _DLIBS) is False:
        return Case("old")
    room, cpus = target.platform.number("build.memory_bytes"), target.platform.number("build.cpus")
    if not room:
        return Case("missing", "1", {"room": "a build of 1.5 GB; one more for each 1.5 GB more"})
    jobs = max(1, int(min(room // ONE_COMPILER, cpus or room)))
    text = f"a build of {room / 2**30:.0f} GiB" + (f" and {int(cpus)} processors" if cpus else "")
    return Case("missing", str(jobs), {"room": text})


def _policy(app: App, target: Target) -> Case | None:
    if app.requirement("dlib") is None or at_least(app, "dlib", "19.24.6", _DLIBS) is not False:
        return None
    return Case("missing", "3.5") if reaches_pip(target) else Case("unseen")


def _of_gunicorn(app: App, target: Target) -> dict[str, Case | None]:
    web = next((w for w in app.webs if target in w.targets and w.gunicorn is not None), None)
    if web is None:
        return {}
    return {"WEB_CONCURRENCY": _workers(app, target, web), "FORWARDED_ALLOW_IPS": _proxy(app, target, web)}


def _workers(app: App, target: Target, web: Web) -> Case | None:
    setup = app.gunicorn(web)
    given = setup.given("workers") if setup is not None else None
    if given is not None:
        known = given.source is not None and given.value is not None
        where = f"{given.value} workers" if known else "its configuration may"
        return Case("command", words={"where": where}) if known else None
    automatic = target.platform.fact("concurrency.automatic")
    fact = target.platform.sets("WEB_CONCURRENCY")
    if fact is not None and fact.mode == "auto" and automatic is not None and automatic.value is True:
        return Case("platform", fact=fact)
    if automatic is None or automatic.value is True:
        return None
    return _advised(app, target, web)


def _advised(app: App, target: Target, web: Web) -> Case:
    from bpopt.rules.gunicorn.too_many_workers import plan_of

    plan = plan_of(target, app, web)
    memory = plan.memory if plan is not None else 512 * 2**20
    cores = int(plan.cpus) if plan is not None and plan.cpus else 1
    workers = max(1, min(2 * max(1, cores) + 1, memory // 2**20 // _MEGABYTES_PER_WORKER))
    room = f"{memory // 2**20} MB" + (f" of {plan.title}" if plan is not None else ", if that is what it has")
    return Case("missing", str(workers), {"room": room})


def _proxy(app: App, target: Target, web: Web) -> Case | None:
    setup = app.gunicorn(web)
    if setup is None or setup.given("forwarded_allow_ips") is not None:
        return None
    return _by_platform(target, "FORWARDED_ALLOW_IPS") or (
        Case("missing", "*") if target.platform.name == "heroku-fir" else None
    )
