"""How a side's web process is run here: its own command, on a private address, with the settings of its files."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bpopt.app import App
    from bpopt.app.web import Web

SHELL = next((path for path in ("/bin/bash", "/usr/bin/bash") if os.path.exists(path)), "/bin/sh")
PROGRAMS = ("python", "python3", "gunicorn")  # always those of the chosen environment, whatever PATH has

# What is never passed on from the environment that bpopt runs in: everything but these. A test run that
# inherited DATABASE_URL would work on somebody's data.
INHERITED = ("LANG", "LC_ALL", "TZ")


class Command(NamedTuple):
    """What to run for a side.

    `text` is a line of shell, `environment` the settings that the app's files hold. `workers` and `threads` are
    gunicorn's as far as they are known (1 where they are not), `is_gunicorn` whether the server is that.
    """

    text: str
    environment: Mapping[str, str]
    is_gunicorn: bool
    workers: int
    threads: int

    @property
    def slots(self) -> int:
        """How many requests can be worked on at once."""
        return self.workers * self.threads


def of(app: App, process: str, port: int) -> Command | None:
    """The command of a process type, made to listen on 127.0.0.1:`port`; None if the app has none."""
    web = next((web for web in app.webs if web.process == process), None)
    if web is None and process == "web":
        web = next(iter(app.webs), None)  # a service of an app spec has a name of its own
    if web is None:
        return None
    settings = environment(app, web.process)
    if web.gunicorn is None:
        return Command(_text(web), settings, False, 1, 1)
    workers, threads = concurrency(app, web, settings)
    return Command(_bound(web, port), settings, True, workers, threads)


def _text(web: Web) -> str:
    return web.source.text[web.span.start : web.span.end]


def _bound(web: Web, port: int) -> str:
    """The command with its own addresses taken out and a private one put in: nobody else is to reach it."""
    assert web.gunicorn is not None
    start, text = web.span.start, _text(web)
    cuts = [(o.span, "") for o in web.gunicorn.options if o.setting is not None and o.setting.name == "bind"]
    cuts.append((web.end, f" --bind 127.0.0.1:{port}"))
    for span, new in sorted(cuts, reverse=True):
        text = text[: span.start - start] + new + text[span.end - start :]
    return text


def environment(app: App, process: str) -> dict[str, str]:
    """The settings that the app's files give to the running process; references to other resources are left out."""
    chosen = {}
    for placed in app.env:
        ours = placed.component in ("", process) and placed.origin not in ("command", "dotenv")
        value = placed.value
        if ours and placed.run and placed.targets and value is not None and not value.startswith("${"):
            chosen[placed.name] = value
    return chosen


def concurrency(app: App, web: Web, settings: Mapping[str, str]) -> tuple[int, int]:
    """Workers and threads of a gunicorn command, 1 where they are not known."""
    from bpopt.app import gunicorn_setup

    setup = gunicorn_setup.of(web, app)
    if setup is None:
        return 1, 1
    numbers = []
    for name, default in (("workers", settings.get("WEB_CONCURRENCY", "")), ("threads", "")):
        given = setup.given(name)
        number = given.number if given is not None else int(default) if default.isdigit() else 1
        numbers.append(max(1, number or 1))
    return numbers[0], numbers[1]


def programs(folder: str, python: str) -> None:
    """Put programs into `folder` that run the chosen Python under the names that commands use."""
    os.makedirs(folder, exist_ok=True)
    for name in PROGRAMS:
        module = " -m gunicorn" if name == "gunicorn" else ""
        path = os.path.join(folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(f'#!/bin/sh\nexec {_quoted(python)}{module} "$@"\n')
        os.chmod(path, 0o700)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def surroundings(folder: str, python: str, port: int) -> dict[str, str]:
    """The environment before the app's own settings: private folders for all that programs write by themselves."""
    path = [f"{folder}/bin", os.path.dirname(python), "/usr/local/bin", "/usr/bin", "/bin"]
    kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
    own = {
        "PATH": ":".join(path),
        "HOME": f"{folder}/home",
        "TMPDIR": f"{folder}/tmp",
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
        "LANG": kept.get("LANG", "C.UTF-8"),
    }
    return {**kept, **own}
