"""Which files the build and the running app need, as far as the app's own files tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Severity
from bpopt.rules.slug import pushed
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App

_MOST_PAGES = 200
_LOCKS = ("Pipfile.lock", "poetry.lock", "uv.lock")


class Need(NamedTuple):
    """One needed file: who needs it, while building, while running, and how bad it is without it."""

    path: str
    why: str
    build: bool
    run: bool
    severity: Severity


def find(app: App) -> dict[str, Need]:
    """What is needed, by path; the worst reason where there are several."""
    found: dict[str, Need] = {}
    for need in (*_build(app), *_commands(app), *_modules(app), *_folders(app)):
        kept = found.get(need.path)
        if kept is None or need.severity.rank < kept.severity.rank:
            found[need.path] = need
    return found


def _build(app: App) -> Iterator[Need]:
    error, warning = Severity.ERROR, Severity.WARNING
    for document in app.requirement_files:
        yield Need(document.source.path, "pip installs from it", True, False, error)
    for lock in _LOCKS:
        if app.has(lock):
            yield Need(lock, "the requirements are installed from it", True, False, error)
    if any(app.has(lock) for lock in _LOCKS) or _installs_itself(app):
        for name in ("Pipfile", "pyproject.toml", "setup.py", "setup.cfg"):
            yield Need(name, "the installation reads it", True, False, error)
    apt_listed = any(listed.first("apt") is not None for listed in app.buildpacks)
    yield Need("Aptfile", "the apt buildpack reads it", True, False, error if apt_listed else warning)
    yield Need("Procfile", "it says what to start", True, False, error)
    for name in (".python-version", "runtime.txt"):
        yield Need(name, "it says which Python to install", True, False, warning)
    for name in ("nltk.txt", "bin/pre_compile", "bin/post_compile"):
        yield Need(name, "the Python buildpack uses it", True, False, warning)
    if app.requirement("django") is not None:
        yield Need("manage.py", "the Python buildpack runs collectstatic with it", True, False, warning)


def _installs_itself(app: App) -> bool:
    return any(
        (r.url or "").split("[")[0] in (".", "./")
        for document in app.requirement_files
        for r in document.requirements
    )


def _commands(app: App) -> Iterator[Need]:
    """Files that a command of the Procfile names."""
    procfile = app.procfile
    for process in procfile.processes if procfile is not None else ():
        script = app.script(process.command, process.command_span.start)
        for command in script.commands:
            for word in command.words:
                path = (word.value or "").removeprefix("./")
                if path and not path.startswith(("/", "-", ".")) and app.files.exists(path):
                    yield Need(path, f"the {process.name} process names it", False, True, Severity.ERROR)


def _modules(app: App) -> Iterator[Need]:
    """The modules that serving the web imports, and the configuration it reads."""
    for web in app.webs:
        setup = app.gunicorn(web)
        if setup is None:
            continue
        if setup.conf is not None:
            yield Need(setup.conf.source.path, "gunicorn reads it", False, True, Severity.WARNING)
        module = (setup.wsgi or "").partition(":")[0]
        for found in app.program(module, setup.roots).modules.values() if module else ():
            yield Need(found.path, "the app imports it", False, True, Severity.ERROR)


def _folders(app: App) -> Iterator[Need]:
    """Templates, and the files that the app's own code or its templates name in quotes."""
    paths = {need.path for need in _modules(app) if need.path.endswith(".py")}
    texts = [source.text for path in sorted(paths) if (source := app.source(path)) is not None]
    frameworks = any(app.requirement(name) is not None for name in ("flask", "django", "jinja2", "fastapi"))
    files = pushed.files(app)
    templates = [path for path, _ in files if frameworks and _is_template(path)]
    pages = [source.text for path in templates[:_MOST_PAGES] if (source := app.source(path)) is not None]
    for path in templates:
        yield Need(path, "it is a template", False, True, Severity.WARNING)
    for path, _ in files:
        name = path.rpartition("/")[2]
        if "." not in name or path in templates:
            continue
        if any(f'"{name}"' in t or f"'{name}'" in t or f"/{name}" in t for t in texts):
            yield Need(path, "the app's code names it", False, True, Severity.WARNING)
        elif "static" in path.split("/")[:-1] and any(_linked(name, page) for page in pages):
            yield Need(path, "a template links to it", True, True, Severity.WARNING)


def _is_template(path: str) -> bool:
    return "templates" in path.split("/")[:-1] and path.endswith((".html", ".txt", ".jinja", ".j2"))


def _linked(name: str, page: str) -> bool:
    """Whether a page names a file: the name ends where its quotes do, or where a query begins."""
    at = page.find(name)
    while at >= 0:
        if page[at - 1 : at] in ('"', "'", "/") and page[at + len(name) : at + len(name) + 1] in (
            '"',
            "'",
            "?",
        ):
            return True
        at = page.find(name, at + 1)
    return False
