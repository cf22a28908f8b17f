"""DEPLOYMENT.md: the steps on each platform, and what to check afterwards; from `data/deploy.toml`."""

from __future__ import annotations

import os
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from bpopt.report.env_reads import reads
from bpopt.report.markdown import cited, code, commands, escape, head

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.report.gather import Gathered

DATA = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "data", "deploy.toml")
_LEAD = "How this app is deployed, step by step, and what to look at afterwards."
_CLASSIC = ("heroku", "dokku", "scalingo")
_ROUTE = re.compile(rb"""["'](/(?:api/)?(?:healthz?|status|ping)/?)["']""")
_MOST = 200  # Python files in which a route is looked for


@cache
def _data() -> dict[str, Any]:
    import tomllib

    with open(DATA, "rb") as file:
        return tomllib.load(file)


def text(gathered: Gathered) -> str:
    """The document."""
    parts = [head("Deployment", gathered, _LEAD)]
    app = gathered.app
    stopped = any(
        f.name == "unsupported-python" and f.severity.rank == 0 for f in gathered.stages.result.counted
    )
    needed = [read for read in reads(app).values() if read.required]
    for target in app.targets:
        parts.append(f"## {escape(target.platform.title)}\n")
        words, holds = words_of(app, target)
        holds -= {"python"} if stopped else set()
        parts += _steps(target, words, holds)
        parts.append("### Afterwards\n")
        parts.append("".join(f"- [ ] {line}\n" for line in checks(target, words, holds)))
    if needed:
        names = ", ".join(code(read.name) for read in needed)
        parts.append(
            f"The app does not start without these variables, or fails where it reads them: {names}.\n"
        )
    parts.append("Before each deploy: `bpopt check`. After a failed one: `bpopt doctor LOGFILE`.\n")
    return "\n".join(parts)


def _steps(target: Target, words: dict[str, str], holds: set[str]) -> Iterator[str]:
    number = 0
    for step in _data()[target.platform.name]:
        texts = [step.get("text", ""), *step.get("commands", ())]
        if not _fits(step, holds) or any(word not in words for text in texts for word in _words(text)):
            continue
        number += 1
        yield f"{number}. **{step['title']}.** {step.get('text', '').format(**words)}".rstrip() + (
            f" ({cited(_data()['sources'][step['source']], _data()['date'])})\n"
        )
        if step.get("commands"):
            block = commands(command.format(**words) for command in step["commands"])
            yield "".join(f"   {line}\n" for line in block.splitlines())


def _words(text: str) -> list[str]:
    return re.findall(r"\{(\w+)\}", text)


def _fits(entry: dict[str, Any], holds: set[str]) -> bool:
    wanted = entry.get("when", ())
    return all((name[1:] not in holds) if name.startswith("-") else name in holds for name in wanted)


def checks(target: Target, words: dict[str, str], holds: set[str]) -> Iterator[str]:
    """What to check after a deploy to a target, as markdown."""
    data = _data()
    for check in data["checks"]:
        platforms = check.get("platforms", (target.platform.name,))
        if (
            target.platform.name in platforms
            and _fits(check, holds)
            and all(w in words for w in _words(check["text"]))
        ):
            source, day = data["sources"].get(check["source"], ""), data["date"]
            if check["source"] in ("limit", "plan"):
                source, day = words[f"{check['source']}_source"], words[f"{check['source']}_date"]
            yield f"{check['text'].format(**words)} ({cited(source, day)})"


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
