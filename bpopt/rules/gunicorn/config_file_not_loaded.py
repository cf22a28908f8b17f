"""gunicorn does not read its configuration file.

## What it does

Finds a `-c` that names a file that is not there, and files that look like a gunicorn configuration and are never
read: only `gunicorn.conf.py` in the folder where gunicorn starts is found without `-c`.

## Why is this bad

With `-c` and no file gunicorn ends with an error. Without `-c`, `gunicorn_config.py`, `gunicorn.config.py` and a
`gunicorn.conf.py` in the `--chdir` folder are passed over in silence: the app runs with the defaults.

## Fix safety

Unsafe: `-c` is added, and with it everything that the file sets.

## References

- [gunicorn: configuration file](https://docs.gunicorn.org/en/stable/configure.html#configuration-file)
- [gunicorn settings: config](https://docs.gunicorn.org/en/stable/settings.html#config)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.app.gunicorn_setup import DEFAULT_FILE, conf_path
from bpopt.app.names import has_source
from bpopt.documents import gunicorn
from bpopt.finding import Finding, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.gunicorn import appended, fact
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.gunicorn_setup import Setup
    from bpopt.app.web import Web

META = Rule("BP324", "config-file-not-loaded", "web", Severity.WARNING)

_WEB = {"Procfile": "web: gunicorn app:app\n"}

EXAMPLES = (
    bad(
        {"Procfile": "web: gunicorn «-c gunicorn.conf» app:app\n", "app.py": "app = 1\n"},
        severity="error",
        message="gunicorn.conf is not there",
    ),
    bad(
        {**_WEB, "gunicorn_config.py": "«workers» = 4\n"},
        fixed={"Procfile": "web: gunicorn app:app -c gunicorn_config.py\n"},
        safety="unsafe",
        message="gunicorn_config.py is never read",
    ),
    bad(
        {"Procfile": "web: gunicorn --chdir src app:app\n", "src/gunicorn.conf.py": "«threads» = 4\n"},
        fixed={"Procfile": "web: gunicorn --chdir src app:app -c src/gunicorn.conf.py\n"},
        safety="unsafe",
        title="looked for before --chdir counts",
    ),
    ok({**_WEB, "gunicorn.conf.py": "workers = 4\n"}),
    ok({"Procfile": "web: gunicorn -c gunicorn_config.py app:app\n", "gunicorn_config.py": "workers = 4\n"}),
    ok({"Procfile": "web: gunicorn -c python:conf.web app:app\n", "conf/web.py": "workers = 4\n"}),
    ok({"Procfile": "web: gunicorn -c $CONF app:app\n"}, title="only run time knows"),
    ok({"Procfile": "web: cd api && gunicorn -c conf.py app:app\n", "api/conf.py": "workers = 4\n"}),
    ok({**_WEB, "gunicorn_config.py": "import os\n"}, title="it sets nothing"),
    ok(
        {
            **_WEB,
            "gunicorn_config.py": "workers = 4\n",
            "Dockerfile": "CMD gunicorn -c gunicorn_config.py app:app\n",
        },
        title="the configuration of another platform",
    ),
    ok("web: gunicorn -c gunicorn.conf app:app\n", title="no source is there at all"),
    ok({"Procfile": "web: gunicorn -c python:mine.conf app:app\n"}, title="a module of an installed package"),
)

_NAMES = ("gunicorn_config.py", "gunicorn_conf.py", "gunicorn.config.py", "gunicornconf.py", "gunicorn_cfg.py",
          "config/gunicorn.py", "conf/gunicorn.py", "config/gunicorn.conf.py", "conf/gunicorn.conf.py")  # fmt: skip
_OTHERS = ("Dockerfile", "docker-compose.yml", "docker-compose.yaml", "compose.yaml", "Makefile", "start.sh",
           "entrypoint.sh", "run.sh", "render.yaml", "fly.toml", "supervisord.conf", "Procfile")  # fmt: skip


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report a configuration that is named and absent, or present and not named."""
    setup = app.gunicorn(web)
    if setup is None or setup.arguments.opaque:
        return
    option = setup.arguments.get("config")
    if option is not None and option.value is not None:
        path = conf_path(option.value, setup.folder)
        if path is not None and not option.value.startswith("python:") and _absent(path, app):
            yield META.found(
                web.source,
                option.span,
                f"{option.value} is not there: gunicorn ends with an error",
                help="name a file of the app, by its path from where gunicorn starts",
                severity=Severity.ERROR,
                evidence=[fact("a missing configuration file is fatal")],
            )
    elif option is None and setup.conf is None and setup.sealed:
        yield from _unread(setup, web, app)


def _unread(setup: Setup, web: Web, app: App) -> Iterator[Finding]:
    chdir = setup.arguments.get("chdir")
    names = [f"{chdir.value.strip('/')}/{DEFAULT_FILE}"] if chdir is not None and chdir.value else []
    names += [f"{setup.folder}/{name}" if setup.folder else name for name in _NAMES]
    for name in names:
        found = _settings(name, app) if app.files.exists(name) else None
        if found is None or _used_elsewhere(name, app):
            continue
        source = app.source(name)
        assert source is not None
        relative = name.removeprefix(f"{setup.folder}/") if setup.folder else name
        yield META.found(
            source,
            found,
            f"{name} is never read: gunicorn looks for {DEFAULT_FILE} where it starts",
            help=f"add -c {relative} to the command, or move it there as {DEFAULT_FILE}",
            fix=appended(
                web,
                f"-c {relative}",
                f"Add -c {relative}",
                Safety.UNSAFE,
                "all that the file sets then counts",
            ),
            evidence=[fact("the file name that is looked for")],
        )
        return


def _absent(path: str, app: App) -> bool:
    return not app.files.exists(path) and has_source(app)


def _settings(name: str, app: App) -> Span | None:
    """Where a file first assigns a setting of gunicorn, None if it does not."""
    conf = app.document("gunicorn_conf", name)
    if conf is None:
        return None
    known = gunicorn.settings()
    return next((a.name_span for a in conf.assignments if a.name in known), None)


def _used_elsewhere(name: str, app: App) -> bool:
    """Whether another file of the app starts gunicorn with it."""
    word = name.rpartition("/")[2].encode()
    return any(word in (app.files.read(other) or b"") for other in _OTHERS if app.files.exists(other))
