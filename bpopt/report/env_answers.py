"""What is to be said of each setting for an app on a platform: `data/env.toml` has the words, `env_cases` the cases.

The mission's six settings and its build time-out are answered for every app; the others where they matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bpopt.report import env_cases

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.report.env_cases import Case
    from bpopt.report.env_reads import Read

TIMEOUT = "build time-out"


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


def asked(name: str) -> str:
    """The value that the usual advice gives for a setting, empty where it is not among the usual ones."""
    return str(env_cases.data()[name].get("asked", ""))


def answers(app: App, target: Target, reads: Mapping[str, Read]) -> Iterator[Answer]:
    """Every answer for an app on one platform; settings of no concern for it have none."""
    cases = {
        "CMAKE_BUILD_TYPE": env_cases.compiled(app, target),
        "CMAKE_CXX_FLAGS": env_cases.compiled(app, target),
        "PIP_NO_CACHE_DIR": env_cases.pip_cache(target),
        "PIP_DISABLE_PIP_VERSION_CHECK": env_cases.by_platform(target, "PIP_DISABLE_PIP_VERSION_CHECK")
        or env_cases.Case("other"),
        "PYTHONUNBUFFERED": env_cases.by_platform(target, "PYTHONUNBUFFERED"),
        "FLASK_ENV": env_cases.flask_env(app, reads),
        TIMEOUT: env_cases.timeout(app, target),
        "CMAKE_BUILD_PARALLEL_LEVEL": env_cases.parallel(app, target),
        "CMAKE_POLICY_VERSION_MINIMUM": env_cases.policy(app, target),
        **env_cases.of_gunicorn(app, target),
    }
    for name, case in cases.items():
        if case is not None:
            yield _answer(name, case, target)


def _answer(name: str, case: Case, target: Target) -> Answer:
    group = env_cases.data()[name]
    entry = group[case.key]
    words = {"title": target.platform.title, "value": case.value, **case.words}
    source, day = case.source or entry["source"], str(env_cases.data()["date"])
    if source == "fact" and case.fact is not None:
        words["value"] = str(case.fact.value)
        source, day = case.fact.source, case.fact.date
    else:
        source = env_cases.data()["sources"].get(source, source)
    advised = case.value if entry["state"] == "missing" else ""
    why, instead = (entry.get(field, "").format(**words) for field in ("why", "instead"))
    wanted = advised and group["scope"] == "build"
    if (wanted or entry.get("untried")) and target.platform.holds("env.visible_to_build") is None:
        why += " That settings reach pip here was not tried on the platform."
    return Answer(name, group["scope"], entry["state"], advised, why, instead, source, day)
