"""gunicorn cannot load the app.

## What it does

Looks for the app that gunicorn is told to load, as gunicorn does: the module by its dotted name, in the folder where it
starts or that of `--chdir`, and the name in it (`application` if none is given). Finds paths in place of names
(`shop/wsgi`, `app.py`), modules and names that are not there, and commands that name no app at all.

## Why is this bad

gunicorn ends with "Failed to find attribute" or an ImportError, in each worker again and again.

## Fix safety

Safe where the module exists and only its notation is wrong, and where the module has exactly one app, by another
name. Otherwise what was meant is for you to say.

## References

- [gunicorn: running, APP_MODULE](https://docs.gunicorn.org/en/stable/run.html)
- [gunicorn, util.py: import_app](https://github.com/benoitc/gunicorn/blob/master/gunicorn/util.py)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.app.imports import locate
from bpopt.app.names import has_source, top_names
from bpopt.finding import Edit, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.gunicorn import name_span
from bpopt.rules.procfile import fact
from bpopt.suggest import meant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.gunicorn_setup import Setup
    from bpopt.app.web import Web
    from bpopt.documents.command import Word
    from bpopt.text import Span

META = Rule("BP210", "module-not-found", "web", Severity.ERROR)

_FLASK = "from flask import Flask\n{} = Flask(__name__)\n"

EXAMPLES = (
    bad(
        {"Procfile": "web: gunicorn «shop/wsgi»\n", "shop/wsgi.py": "application = 1\n"},
        fixed={"Procfile": "web: gunicorn shop.wsgi\n"},
        message="is a path",
    ),
    bad(
        {"Procfile": "web: gunicorn «app.py:app»\n", "app.py": _FLASK.format("app")},
        fixed={"Procfile": "web: gunicorn app:app\n"},
    ),
    bad({"Procfile": "web: gunicorn «shop/shop.wsgi»\n"}, title="the path alone tells"),
    bad(
        {"Procfile": "web: gunicorn «app:app»\n", "app.py": _FLASK.format("server")},
        fixed={"Procfile": "web: gunicorn app:server\n"},
        message="app.py has no app",
    ),
    bad(
        {"Procfile": "web: gunicorn «app»\n", "app.py": _FLASK.format("app")},
        fixed={"Procfile": "web: gunicorn app:app\n"},
        message="app.py has no application",
    ),
    bad(
        {
            "Procfile": "web: gunicorn «shop.wsg»\n",
            "shop/wsgi.py": "application = 1\n",
            "shop/__init__.py": "",
        },
        message="did you mean 'shop.wsgi'?",
    ),
    bad({"Procfile": "web: gunicorn «main:app»\n", "app.py": _FLASK.format("app")}, severity="warning"),
    bad("web: «gunicorn»\n", message="names no app"),
    ok({"Procfile": "web: gunicorn app:app\n", "app.py": _FLASK.format("app")}),
    ok(
        {"Procfile": "web: gunicorn 'app:make()'\n", "app.py": "def make():\n    return 1\n"},
        title="a factory",
    ),
    ok({"Procfile": "web: gunicorn --chdir src app:app\n", "src/app.py": _FLASK.format("app")}),
    ok({"Procfile": "web: cd src && gunicorn app:app\n", "src/app.py": _FLASK.format("app")}),
    ok(
        {"Procfile": "web: gunicorn app:app\n", "app.py": "from core import *\n"},
        title="the name may come with the star",
    ),
    ok(
        {
            "Procfile": "web: gunicorn app:app\n",
            "app.py": "try:\n    from core import app\nexcept ImportError:\n    app = 1\n",
        }
    ),
    ok({"Procfile": "web: gunicorn app:app\n"}, title="no source is there at all"),
    ok(
        {
            "Procfile": "web: gunicorn superset.app:create_app()\n",
            "a.py": "",
            "requirements.txt": "superset\n",
        }
    ),
    ok({"Procfile": "web: gunicorn $MODULE\n", "a.py": ""}),
    ok("web: gunicorn --paste production.ini\n", title="the app is in the ini file"),
    ok({"Procfile": "web: gunicorn\n", "gunicorn.conf.py": "wsgi_app = 'app:app'\n"}),
    ok(
        {
            "Procfile": "web: gunicorn app:app\n",
            "app/__init__.py": "from .core import app\n",
            "app/core.py": "app = 1\n",
        }
    ),
)

_RUN = "https://docs.gunicorn.org/en/stable/run.html"
_WSGI_MAKERS = (
    "flask.Flask",
    "fastapi.FastAPI",
    "bottle.Bottle",
    "falcon.App",
    "quart.Quart",
    "starlette.applications.Starlette",
)


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report an app that gunicorn will not find."""
    setup = app.gunicorn(web)
    if setup is None:
        return
    word = setup.arguments.app
    if word is None:
        if (
            setup.given("wsgi_app") is None
            and setup.given("paste") is None
            and not setup.arguments.problems
            and len(web.final.words) >= 1
        ):
            yield _finding(
                web, name_span(web), "gunicorn names no app to load", "write gunicorn module:name", None
            )
        return
    if word.value is None:
        return
    module, colon, name = word.value.partition(":")
    if "/" in module or module.endswith(".py"):
        yield _path(word, module, colon + name, setup, web, app)
        return
    if not has_source(app) or not setup.sealed:
        return
    path = locate(app, module, setup.roots)
    if path is None:
        yield from _missing(word, module, setup, web, app)
    else:
        yield from _no_name(word, path, name or "application", colon, web, app)


def _finding(
    web: Web, span: Span, message: str, advice: str, fix: Fix | None, severity: Severity | None = None
) -> Finding:
    evidence = [fact("gunicorn imports $(MODULE_NAME):$(VARIABLE_NAME)", _RUN)]
    return META.found(web.source, span, message, help=advice, fix=fix, severity=severity, evidence=evidence)


def _path(word: Word, module: str, rest: str, setup: Setup, web: Web, app: App) -> Finding:
    dotted = module.removesuffix(".py").strip("./").replace("/", ".")
    path = locate(app, dotted, setup.roots)
    fix = None
    if path is not None:
        names = top_names(app, path)
        wanted = rest or (
            ":" + next(iter(_apps(app, path)), "") if names and "application" not in names else ""
        )
        new = f"{dotted}{wanted.rstrip(':')}"
        fix = (
            _replace(word, new, web)
            if names is None or (wanted.strip(":") or "application") in names
            else None
        )
    return _finding(
        web, word.span, f"{module} is a path, gunicorn wants a module name", f"write {dotted}{rest}", fix
    )


def _missing(word: Word, module: str, setup: Setup, web: Web, app: App) -> Iterator[Finding]:
    """A module that is not one of the app's files."""
    top = module.partition(".")[0]
    local = locate(app, top, setup.roots) is not None or any(
        path.startswith(f"{root}/{top}/" if root else f"{top}/")
        for root in setup.roots
        for path, _ in app.files.walk()
    )
    if not local and _may_be_installed(top, app):
        return
    known = [p[:-3].replace("/", ".") for p, _ in app.files.walk() if p.endswith(".py") and p.count("/") < 4]
    hint = meant(module, known)
    severity = META.severity if local else Severity.WARNING
    message = f"there is no module {module} in the app{hint}"
    yield _finding(web, word.span, message, "name the module that holds the app", None, severity)


def _may_be_installed(name: str, app: App) -> bool:
    """Whether a module may come with one of the requirements, whose names need not be those of their modules."""
    from bpopt.documents.requirements import normalised

    files = app.requirement_files
    if any(app.has(f) for f in ("Pipfile", "pyproject.toml", "setup.py", "setup.cfg", "environment.yml")):
        return True
    wanted = normalised(name)
    return any(r.url or r.editable or wanted in r.name for document in files for r in document.requirements)


def _no_name(word: Word, path: str, name: str, colon: str, web: Web, app: App) -> Iterator[Finding]:
    bare = name.partition("(")[0]
    names = top_names(app, path)
    if names is None or bare in names or not bare.isidentifier():
        return
    apps = _apps(app, path)
    module = word.value.partition(":")[0] if word.value else ""
    fix = _replace(word, f"{module}:{apps[0]}", web) if len(apps) == 1 and "(" not in name else None
    message = f"{path} has no {bare}{meant(bare, names) if not fix else ''}"
    advice = f"write {module}:{apps[0]}" if len(apps) == 1 else "name what the app is called there"
    yield _finding(web, word.span, message, advice, fix)


def _apps(app: App, path: str) -> list[str]:
    """The variables of a module that are made as WSGI or ASGI apps."""
    python = app.python(path)
    made = python.made if python is not None else {}
    return [name for (function, name), maker in made.items() if not function and maker in _WSGI_MAKERS]


def _replace(word: Word, new: str, web: Web) -> Fix:
    quote = word.text[0] if word.text[:1] in ("'", '"') else ""
    edit = Edit(web.source.path, word.span, f"{quote}{new}{quote}")
    return Fix(f"Write {new}", Safety.SAFE, (edit,))
