"""Which case of an answer in `data/env.toml` holds for an app and a platform; `env_answers` says it."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from bpopt.rules.versions import at_least

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.app.web import Web
    from bpopt.platforms import Fact
    from bpopt.report.env_reads import Read

DATA = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "data", "env.toml")
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


def reaches_pip(target: Target) -> bool:
    """Whether the app's settings are seen by pip and compilers, as far as is known."""
    fact = target.platform.fact("env.visible_to_build")
    return fact is not None and fact.value is True


def compiles_dlib(app: App) -> bool:
    """Whether pip compiles a dlib for the app: its own line asks for one, or face_recognition does."""
    if app.requirement("dlib-bin") is not None:
        return False
    entry = app.requirement("dlib") or app.requirement("face-recognition")
    return entry is not None and not entry.url


def _reads_more(app: App) -> bool | None:
    """Whether that dlib is 19.24.6 or newer: it reads the number of jobs, and CMake 4 takes it."""
    return app.requirement("dlib") is None or at_least(app, "dlib", "19.24.6", _DLIBS)


def compiled(app: App, target: Target) -> Case:
    """Settings for compilers: whether they reach one, and whether that is one of dlib."""
    if reaches_pip(target):
        return Case("dlib" if compiles_dlib(app) else "nothing")
    key = "unseen-dlib" if compiles_dlib(app) else "unseen-nothing"
    return Case(key, fact=target.platform.fact("env.visible_to_build"))


def pip_cache(target: Target) -> Case:
    """Whether pip's cache is off anyway, or kept between builds."""
    if target.platform.name not in _PIP:
        return Case("kept")
    return Case("flag", source=_PIP[target.platform.name])


def by_platform(target: Target, name: str) -> Case | None:
    """Whether the platform sets it, for certain or as its buildpack is thought to; None if it does not."""
    fact = target.platform.sets(name)
    if fact is None:
        return None
    likely = not fact.verified and "likely" in data()[name]
    return Case("likely" if likely else "platform", fact=fact)


def flask_env(app: App, reads: Mapping[str, Read]) -> Case:
    """What becomes of FLASK_ENV with the app's Flask, and with its own files."""
    if app.requirement("flask") is None:
        return Case("nothing")
    read = reads.get("FLASK_ENV")
    if read is not None:
        return Case("read", words={"where": f"{read.path}:{read.line}"})
    return Case("old" if at_least(app, "flask", "2.3", _FLASKS) is False else "gone")


def timeout(app: App, target: Target) -> Case:
    """Whether builds have a limit, and whether it can be set."""
    platform = target.platform
    seconds, fixed = platform.number("build.timeout_seconds"), platform.fact("build.configurable")
    if seconds:
        limit = f"A build may take {int(seconds) // 60} minutes"
        key = "fixed-dlib" if compiles_dlib(app) else "fixed"
        return Case(key, words={"limit": limit}, fact=platform.fact("build.timeout_seconds"))
    return Case(
        "none" if fixed is not None and fixed.value is True else "unknown", fact=fixed or _any_fact(target)
    )


def _any_fact(target: Target) -> Fact | None:
    return target.platform.fact("reads.requirements")


def parallel(app: App, target: Target) -> Case | None:
    """How many compilers of dlib may run at once; None where none does."""
    if not compiles_dlib(app):
        return None
    if not reaches_pip(target):
        return Case("unseen", fact=target.platform.fact("env.visible_to_build"))
    if _reads_more(app) is False:
        return Case("old")
    room, cpus = target.platform.number("build.memory_bytes"), target.platform.number("build.cpus")
    if not room:
        return Case("missing", "1", {"room": "a build of 1.5 GB; one more for each 1.5 GB more"})
    jobs = max(1, int(min(room // ONE_COMPILER, cpus or room)))
    text = f"a build of {room / 2**30:.0f} GiB" + (f" and {int(cpus)} processors" if cpus else "")
    return Case("missing", str(jobs), {"room": text})


def policy(app: App, target: Target) -> Case | None:
    """Whether a dlib is asked for that CMake 4 refuses; None where none is compiled, or its version is not told."""
    newer = _reads_more(app) if compiles_dlib(app) else None
    if newer is None:
        return None
    if newer:
        return Case("new")
    return Case("missing", "3.5") if reaches_pip(target) else Case("unseen")


def of_gunicorn(app: App, target: Target) -> dict[str, Case | None]:
    """What concerns gunicorn; nothing where the web command does not run it."""
    web = next((w for w in app.webs if target in w.targets and w.gunicorn is not None), None)
    if web is None:
        return {}
    return {"WEB_CONCURRENCY": _workers(app, target, web), "FORWARDED_ALLOW_IPS": _proxy(app, target, web)}


def _workers(app: App, target: Target, web: Web) -> Case | None:
    setup = app.gunicorn(web)
    given = setup.given("workers") if setup is not None else None
    if given is not None:
        known = given.source is not None and given.value is not None
        where = f"{given.value} worker{'s' if given.value != '1' else ''}"
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
    return by_platform(target, "FORWARDED_ALLOW_IPS") or (
        Case("missing", "*") if target.platform.name == "heroku-fir" else None
    )
