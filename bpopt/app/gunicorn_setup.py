"""What a gunicorn command really runs with: its options, GUNICORN_CMD_ARGS, the configuration file, the environment.

Strongest first, as gunicorn.app.base reads them (27.0.1; checked 2026-11-23): the command line,
GUNICORN_CMD_ARGS, one configuration file, the environment, the built-in default.
"""

from __future__ import annotations

from posixpath import join, normpath
from typing import TYPE_CHECKING, Any

from bpopt.documents import gunicorn
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.app.web import Web
    from bpopt.documents.gunicorn_conf import GunicornConf
    from bpopt.text import Source, Span

OPTION, CMD_ARGS, FILE, UNKNOWN = "option", "GUNICORN_CMD_ARGS", "file", "unknown"
DEFAULT_FILE = "gunicorn.conf.py"


class Given(NamedTuple):
    """What gives a setting its value, and the value as text (`true` for a flag), None if only run time tells."""

    origin: str
    value: str | None
    source: Source | None = None
    span: Span | None = None

    @property
    def number(self) -> int | None:
        """The value as a whole number, None if it is none."""
        return int(self.value) if self.value is not None and self.value.strip().isdigit() else None


class Setup(NamedTuple):
    """All that sets up one gunicorn command.

    `folder` is where it is started, `roots` are the folders that modules are looked for in, all relative to the
    app. `conf` is the configuration file (`conf_name` as it is written), `sealed` whether all places that can
    hold settings were read.
    """

    web: Web
    arguments: gunicorn.Arguments
    extra: tuple[tuple[Source, Span, gunicorn.Arguments], ...]
    conf: GunicornConf | None
    conf_name: str | None
    folder: str
    roots: tuple[str, ...]
    sealed: bool

    def given(self, setting: str) -> Given | None:
        """What sets a setting; None if nothing does, and `origin` UNKNOWN if something unread may."""
        option = self.arguments.counting.get(setting)
        if option is not None:
            return Given(OPTION, _text(option), self.web.source, option.span)
        for source, span, arguments in self.extra:
            if (option := arguments.get(setting)) is not None:
                return Given(CMD_ARGS, _text(option), source, span)
        if self.conf is not None and (assigned := self.conf.find(setting)) is not None:
            value = _python(assigned.value) if assigned.literal and not assigned.conditional else None
            return Given(FILE, value, self.conf.source, assigned.value_span)
        return None if self.sealed else Given(UNKNOWN, None)

    @property
    def wsgi(self) -> str | None:
        """The app as `module:name`, None if it is not known."""
        if self.arguments.app is not None:
            return self.arguments.app.value
        given = self.given("wsgi_app")
        return given.value if given is not None else None

    @property
    def worker(self) -> str | None:
        """The last part of the worker class in lower case (`sync`, `gevent`, `uvicornworker`), None if not known."""
        given = self.given("worker_class")
        if given is None:
            return "sync"
        return given.value.rpartition(".")[2].lower() if given.value is not None else None

    @property
    def worker_name(self) -> str:
        """The worker class as it is written, without the modules before it."""
        given = self.given("worker_class")
        return given.value.rpartition(".")[2] if given is not None and given.value is not None else "sync"

    def workers(self, app: App, target: Target) -> int | None:
        """How many workers run on a platform, None if that is not known."""
        given = self.given("workers")
        if given is not None:
            return given.number
        own = [p for p in app.env if p.name == "WEB_CONCURRENCY" and p.run and target in p.targets]
        if own:
            return int(own[-1].value or "") if (own[-1].value or "").isdigit() else None
        automatic = target.platform.fact("concurrency.automatic")
        certain = automatic is not None and automatic.verified and automatic.value is False
        return 1 if certain else None


def _text(option: gunicorn.Option) -> str | None:
    return "true" if option.setting is not None and option.setting.kind == "flag" else option.value


def _python(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def of(web: Web, app: App) -> Setup | None:
    """The set-up of a web command, None if it does not run gunicorn."""
    if web.gunicorn is None:
        return None
    folder = started_in(web)
    extra, read = _extra(web, app)
    configs = [a.get("config") for a in (web.gunicorn, *(e[2] for e in extra))]
    named = next((c for c in configs if c is not None), None)
    conf, known = _conf(app, folder, named)
    chdir = web.gunicorn.get("chdir")
    sealed = read and known and not web.gunicorn.opaque and folder is not None
    start = folder or ""
    root = normpath(join(start, chdir.value)) if chdir is not None and chdir.value else start
    name = (named.value if named is not None else None) or (DEFAULT_FILE if conf is not None else None)
    roots = tuple(dict.fromkeys(r if r != "." else "" for r in (root, *_python_path(web, app), web.folder)))
    return Setup(web, web.gunicorn, extra, conf, name, start, roots, sealed)


def started_in(web: Web) -> str | None:
    """The folder that the command starts in, `cd` before it included; None if not known."""
    folder = web.folder
    for command in web.script.commands:
        if command.span.start >= web.final.span.start:
            break
        if command.program == "cd":
            value = command.words[1].value if len(command.words) == 2 else None
            if value is None or value.startswith(("/", "~", "-", "..")):
                return None
            folder = normpath(join(folder, value))
    return "" if folder == "." else folder


def _extra(web: Web, app: App) -> tuple[tuple[tuple[Source, Span, gunicorn.Arguments], ...], bool]:
    """GUNICORN_CMD_ARGS wherever the app's files set it, and whether each could be read."""
    found, read = [], True
    for placed in app.env:
        if placed.name != CMD_ARGS or not placed.run or not set(placed.targets) & set(web.targets):
            continue
        command = app.script(f"gunicorn {placed.value}", 0).commands if placed.value is not None else ()
        read = read and len(command) == 1
        for words in command[:1]:
            arguments = gunicorn.parse(words, version(app))
            read = read and not arguments.opaque
            found.append((placed.source, placed.setting.value_span, arguments))
    return tuple(found), read


def _conf(app: App, folder: str | None, named: gunicorn.Option | None) -> tuple[GunicornConf | None, bool]:
    """The configuration file, and whether all of its settings can be told from it."""
    if named is None:
        path = join(folder or "", DEFAULT_FILE)
        if not app.files.exists(path):
            return None, True
    elif named.value is None:
        return None, False
    else:
        found = conf_path(named.value, folder or "")
        if found is None:
            return None, False
        path = found
    conf: GunicornConf | None = app.document("gunicorn_conf", path)
    return conf, conf is not None and not conf.problems and not conf.open_ended


def conf_path(value: str, folder: str) -> str | None:
    """The file that `-c value` names, relative to the app; None if it lies outside."""
    if value.startswith("python:"):
        path = value.removeprefix("python:").replace(".", "/") + ".py"
    else:
        path = value.removeprefix("file:")
    path = normpath(join(folder, path))
    return None if path.startswith(("/", "../")) else path


def _python_path(web: Web, app: App) -> Iterator[str]:
    """The folders of `--pythonpath` and PYTHONPATH that lie in the app."""
    option = web.gunicorn.get("pythonpath") if web.gunicorn is not None else None
    values = [(option.value or "").replace(",", ":")] if option is not None else []
    values += [p.value or "" for p in app.env if p.name == "PYTHONPATH" and p.run]
    for entry in (e for value in values for e in value.split(":")):
        path = normpath(entry.removeprefix("/app").lstrip("/") if entry.startswith("/app") else entry)
        if entry and not path.startswith(("/", "..", "$")):
            yield path


def version(app: App) -> str | None:
    """The tabulated release by which to read gunicorn's options; None stands for the newest."""
    newest = releases(app)[-1]
    return None if newest == gunicorn.NEWEST else newest


def releases(app: App) -> tuple[str, ...]:
    """The tabulated releases that the app's may be like: one if it is certain, all if nothing is known.

    A release between two tabulated ones may be like either of them.
    """
    pinned = app.version_of("gunicorn")
    if pinned is not None:
        return gunicorn.around(pinned)
    entry = app.requirement("gunicorn")
    if entry is None:
        return gunicorn.VERSIONS
    if not entry.specifier:
        # Without a lock file, which may hold an older release, pip takes the newest.
        locked = any(app.has(name) for name in ("poetry.lock", "uv.lock", "Pipfile.lock"))
        return gunicorn.VERSIONS if locked or entry.url else (gunicorn.NEWEST,)
    from bpopt.documents.requirements import allows

    newest = next((r for r in reversed(gunicorn.RELEASES) if allows(entry, r)), None)
    return gunicorn.around(newest) if newest else gunicorn.VERSIONS
