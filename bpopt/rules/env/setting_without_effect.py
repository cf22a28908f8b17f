"""A setting has no effect.

## What it does

Finds environment settings that nothing reads:

- `FLASK_ENV`, where the requirements lead to Flask 2.3 or newer and no Python file of the app mentions it;
- `CMAKE_CXX_FLAGS` and `CMAKE_C_FLAGS`, which CMake does not take from the environment;
- `USE_AVX_INSTRUCTIONS` and its kin, `CMAKE_ARGS` with them, and `DLIB_*` before dlib 20.0.1: dlib's setup
  does not pass them on;
- `CMAKE_BUILD_TYPE` for dlib, whose setup always asks for a release build;
- `PYTHON_VERSION` and `PYTHON_RUNTIME_VERSION`, which choose no Python on these platforms.

## Why is this bad

The setting was made to change something, and that has not changed: the build is as slow as before, the
Python is another one. CMake 3.21 to 4.1 and dlib 20.0.1 were tried: with `CMAKE_CXX_FLAGS=-O3` in the
environment all 86 compile commands of dlib are the same as without.

## Fix safety

Unsafe: the setting goes, or moves to the name that is read, which changes the build. Where a comment
stands above the setting it is advice only.

## References

- [Flask 2.3 changes: FLASK_ENV removed](https://flask.palletsprojects.com/en/stable/changes/#version-2-3-0)
- [CMake: environment variables it reads](https://cmake.org/cmake/help/latest/manual/cmake-env-variables.7.html)
- [dlib, setup.py](https://github.com/davisking/dlib/blob/master/setup.py)
- [Heroku: choosing a Python version](https://devcenter.heroku.com/articles/python-runtimes)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.documents.releases import not_older
from bpopt.finding import Edit, Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.env import removal
from bpopt.rules.versions import at_least
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.env import Placed

META = Rule("BP601", "setting-without-effect", "app", Severity.WARNING)

_SPEC = "services:\n- name: web\n  envs:\n  - key: {}\n    value: {}\n    scope: BUILD_TIME\n"
_MORE = "  - key: A\n    value: b\n"
_JSON = '{"env": {«"FLASK_ENV"»: "production", "SECRET": "x"}}\n'

EXAMPLES = (
    bad(
        {"app.json": _JSON, "requirements.txt": "Flask==3.1.3\n"},
        fixed={"app.json": '{"env": {"SECRET": "x"}}\n'},
        safety="unsafe",
        message="FLASK_ENV is not read by Flask 2.3 and newer",
    ),
    bad(
        {"app.json": _JSON, "requirements.txt": "Flask<3\n"},
        fixed={"app.json": '{"env": {"SECRET": "x"}}\n'},
        safety="unsafe",
        title="2.3.3 is the newest that this line allows",
    ),
    bad(
        {".do/app.yaml": _SPEC.format("«CMAKE_CXX_FLAGS»", '"-O3"')},
        on="digitalocean",
        fixed={".do/app.yaml": _SPEC.format("CXXFLAGS", '"-O3"')},
        safety="unsafe",
        message="CXXFLAGS",
    ),
    bad(
        {".env": "«DLIB_USE_CUDA»=0\nA=1\n", "requirements.txt": "dlib==19.24.9\n"},
        on="dokku",
        fixed={".env": "A=1\n"},
        safety="unsafe",
    ),
    bad(
        {".do/app.yaml": _SPEC.format("«CMAKE_CXX_FLAGS»", '"-O3"') + _MORE, "requirements.txt": "dlib\n"},
        on="digitalocean",
        fixed={".do/app.yaml": "services:\n- name: web\n  envs:\n" + _MORE},
        safety="unsafe",
        title="dlib is compiled with -O3 anyway",
    ),
    bad(
        {
            ".do/app.yaml": "envs:\n# fast\n- {key: «CMAKE_CXX_FLAGS», value: -O3}\n",
            "requirements.txt": "dlib\n",
        },
        on="digitalocean",
        title="a comment above it: what becomes of it is for a person to say",
    ),
    ok({"app.json": '{"env": {"FLASK_ENV": "production"}}\n', "requirements.txt": "Flask==2.2.5\n"}),
    ok(
        {
            "app.json": '{"env": {"FLASK_ENV": "production"}}\n',
            "requirements.txt": "Flask==3.1.3\n",
            "config.py": 'import os\nENV = os.environ["FLASK_ENV"]\n',
        },
        title="the app reads it itself",
    ),
    ok({"app.json": '{"env": {"FLASK_ENV": "production"}}\n'}, title="no requirements to tell the Flask"),
    ok(
        {".env": "DLIB_USE_CUDA=0\n", "requirements.txt": "dlib==20.0.1\n"},
        on="dokku",
        title="read since 20.0.1",
    ),
    ok({".do/app.yaml": _SPEC.format("CXXFLAGS", "-march=x86-64-v3")}, on="digitalocean"),
    ok(
        {"Dockerfile": "FROM python\n", ".env": "PYTHON_VERSION=3.12\n"}, on="dokku", title="a build argument"
    ),
)

_CMAKE = "https://cmake.org/cmake/help/latest/manual/cmake-env-variables.7.html"
_DLIB = "https://github.com/davisking/dlib/blob/master/setup.py"
_FLASK = "https://flask.palletsprojects.com/en/stable/changes/#version-2-3-0"
_PYTHON = "https://github.com/heroku/heroku-buildpack-python/blob/main/lib/python_version.sh"
_TRIED = "2026-11-23"
_FLASKS = ("3.1.3", "3.0.3", "2.3.3")
# The name under which CMake does read what was meant.
_READ_INSTEAD = {"CMAKE_CXX_FLAGS": "CXXFLAGS", "CMAKE_C_FLAGS": "CFLAGS"}
_ONLY_ARGUMENTS = (
    "USE_AVX_INSTRUCTIONS",
    "USE_SSE4_INSTRUCTIONS",
    "USE_SSE2_INSTRUCTIONS",
    "USE_NEON_INSTRUCTIONS",
)
_VERSIONS = ("PYTHON_VERSION", "PYTHON_RUNTIME_VERSION")
_NAMES = frozenset(
    {"FLASK_ENV", "CMAKE_ARGS", "CMAKE_BUILD_TYPE", *_READ_INSTEAD, *_ONLY_ARGUMENTS, *_VERSIONS}
)


class Why(NamedTuple):
    """Why a setting has no effect: message, what to do, where that is written, the name that has one."""

    message: str
    help: str
    url: str
    instead: str = ""


def check(app: App, context: App) -> Iterator[Finding]:
    """Report each setting that nothing on its platforms reads."""
    names = frozenset(placed.name for placed in app.env)
    dlib = app.requirement("dlib") is not None
    whys: dict[tuple[str, str | None], Why | None] = {}
    for placed in app.env:
        key = (placed.name, placed.value)
        if key not in whys:
            whys[key] = _why(placed, app)
        why = whys[key]
        if why is not None and placed.targets:
            yield META.found(
                placed.source,
                placed.setting.name_span,
                why.message,
                help=why.help,
                fix=_fix(placed, app, why, names, dlib),
                evidence=[Evidence("fact", why.message, why.url, _TRIED)],
                on=placed.targets,
            )


def _why(placed: Placed, app: App) -> Why | None:
    name = placed.name
    if name not in _NAMES and not name.startswith("DLIB_"):
        return None
    if name == "FLASK_ENV":
        return _flask_env(app)
    if name in _READ_INSTEAD:
        return _cmake_flags(name, app)
    if name in _VERSIONS and not app.has("Dockerfile"):
        message = f"{name} does not choose the Python: it is that of .python-version"
        return Why(message, "write the version into .python-version and remove this setting", _PYTHON)
    return _dlib(placed, app)


def _flask_env(app: App) -> Why | None:
    if not at_least(app, "flask", "2.3", _FLASKS) or _mentions(app, "FLASK_ENV"):
        return None
    return Why(
        "FLASK_ENV is not read by Flask 2.3 and newer, nor by any file of this app",
        "remove it; production is what Flask does anyway, FLASK_DEBUG=1 is what turned debugging on",
        _FLASK,
    )


def _cmake_flags(name: str, app: App) -> Why:
    instead = _READ_INSTEAD[name]
    dlib = "; dlib's build has -O3 already" if app.requirement("dlib") is not None else ""
    return Why(
        f"{name} is not read from the environment by CMake, {instead} is{dlib}",
        f"remove it, or set {instead} if these flags are really wanted",
        _CMAKE,
        instead,
    )


def _dlib(placed: Placed, app: App) -> Why | None:
    dlib = app.requirement("dlib")
    if dlib is None:
        return None
    name, version = placed.name, app.version_of("dlib")
    if name in _ONLY_ARGUMENTS or (
        name == "CMAKE_ARGS" and any(a in (placed.value or "") for a in _ONLY_ARGUMENTS)
    ):
        return Why(
            f"{name} is not read by dlib's setup: AVX and SSE follow from the machine that builds",
            "remove it",
            _DLIB,
        )
    if name == "CMAKE_BUILD_TYPE":
        return Why(
            "CMAKE_BUILD_TYPE does not reach dlib: its setup always asks for Release", "remove it", _DLIB
        )
    if name.startswith("DLIB_") and version is not None and not_older(version, "20.0.1") is False:
        return Why(
            f"{name} is not read by dlib {version}, only by 20.0.1 and newer", "pin dlib==20.0.1", _DLIB
        )
    return None


def _mentions(app: App, word: str) -> bool:
    """Whether a Python file of the app (of the first 400) holds a word."""
    wanted, left = word.encode(), 400
    for path, size in app.files.walk():
        if path.endswith(".py") and size < 1_000_000:
            left -= 1
            if left < 0 or wanted in (app.files.read(path) or b""):
                return True
    return False


def _fix(placed: Placed, app: App, why: Why, names: frozenset[str], dlib: bool) -> Fix:
    source, span = placed.source, placed.setting.name_span
    levels_only = all(word.startswith("-O") for word in (placed.value or "").split())
    if not why.instead or (levels_only and dlib):
        return removal(placed, app, "something outside this repository may read it")
    title = f"Rename {placed.name} to {why.instead}"
    if why.instead in names:
        return Fix(title, Safety.DISPLAY, reason=f"{why.instead} is set already")
    text = source.text[slice(*span)].replace(placed.name, why.instead)
    return Fix(
        title, Safety.UNSAFE, (Edit(source.path, span, text),), reason="the flags then change the build"
    )
