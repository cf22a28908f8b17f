"""What the steps and checks of a deployment are filled with for an app on a target, and which of them concern it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bpopt.app import App
    from bpopt.app.targets import Target

_CLASSIC = ("heroku", "dokku", "scalingo")
_ROUTE = re.compile(rb"""["'](/(?:api/)?(?:healthz?|status|ping)/?)["']""")
_MOST = 200  # Python files in which a route is looked for


def words_of(app: App, target: Target) -> tuple[dict[str, str], set[str]]:
    """The words that fill the steps for an app on a target, and what holds of it."""
    words: dict[str, str] = {}
    holds: set[str] = set()
    _from_platform(target, words, holds)
    _from_files(app, target, words, holds)
    for name in ("dlib", "face_recognition"):
        if app.requirement(name.replace("_", "-")) is not None:
            holds.add(name)
    return words, holds


def _from_platform(target: Target, words: dict[str, str], holds: set[str]) -> None:
    platform = target.platform
    if target.stack:
        words["stack"] = target.stack
    if platform.name in _CLASSIC:
        holds.add("classic")
    if seconds := platform.number("build.timeout_seconds"):
        fact = platform.fact("build.timeout_seconds")
        assert fact is not None
        words |= {
            "build_minutes": str(int(seconds) // 60),
            "limit_source": fact.source,
            "limit_date": fact.date,
        }
        holds.add("build_limit")
    if seconds := platform.number("boot.timeout_seconds"):
        words["boot_seconds"] = str(int(seconds))


def _from_files(app: App, target: Target, words: dict[str, str], holds: set[str]) -> None:
    from bpopt.rules.gunicorn.too_many_workers import plan_of
    from bpopt.rules.versions import python_of

    if app.aptfile is not None and target.platform.reads("aptfile"):
        holds.add("aptfile")
    if app.has(".buildpacks") or (app.app_json is not None and app.app_json.buildpacks):
        holds.add("buildpacks")
    if app.app_spec is not None:
        words["spec"] = app.app_spec.tree.source.path
        holds.add("spec")
    python = python_of(app, target)
    if python is not None and python.told:
        words["python"] = ".".join(map(str, python.minor))
        holds.add("python")
    if (path := health(app)) is not None:
        words["health"] = path
        holds.add("health")
    _processes(app, words, holds)
    web = next((web for web in app.webs if target in web.targets), None)
    if web is not None and web.gunicorn is not None:
        holds.add("gunicorn")
    plan = plan_of(target, app, web) if web is not None else None
    if plan is not None:
        holds.add("memory")
        words |= {"memory": f"{plan.memory // 2**20} MB", "plan": plan.title}
        words |= {"plan_source": plan.source, "plan_date": plan.date}


def _processes(app: App, words: dict[str, str], holds: set[str]) -> None:
    processes = app.procfile.processes if app.procfile is not None else ()
    names = [process.name for process in processes]
    if "web" in names:
        holds.add("web")
    workers = [name for name in dict.fromkeys(names) if name not in ("web", "release", "postdeploy")]
    if workers:
        holds.add("workers")
        words |= {"workers": ", ".join(workers), "scale": " ".join(f"{name}=1" for name in workers)}


def health(app: App) -> str | None:
    """The path by which to ask whether the app lives: that of the app spec, else a route with such a name."""
    spec = app.app_spec
    for service in spec.services if spec is not None else ():
        if service.health_check is not None and service.health_check.http_path is not None:
            return service.health_check.http_path.value
    paths = [path for path, size in app.files.walk() if path.endswith(".py") and size < 1_000_000]
    for path in sorted(paths, key=lambda p: (p.count("/"), p))[:_MOST]:
        if "test" not in path and (match := _ROUTE.search(app.files.read(path) or b"")):
            return match[1].decode()
    return None
