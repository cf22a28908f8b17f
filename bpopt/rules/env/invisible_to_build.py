"""A setting for the build that the build does not see.

## What it does

Finds settings for pip, compilers and CMake in app.json of apps on Heroku's classic platform.

## Why is this bad

Heroku shows config vars to the running app, to Django's collectstatic and to hooks, but not to pip, Poetry
or uv; the only exception is PIP_EXTRA_INDEX_URL. `CMAKE_ARGS`, `CXXFLAGS` or `PIP_NO_BINARY` change
nothing there, by design.

## Fix safety

Unsafe: the setting is removed. To change a build, use a prebuilt wheel, an option in requirements.txt, or
a buildpack of your own before the Python one that exports the variable.

## References

- [heroku-buildpack-python #324](https://github.com/heroku/heroku-buildpack-python/issues/324)
- [heroku-buildpack-python #750](https://github.com/heroku/heroku-buildpack-python/pull/750)
- [Heroku's Python buildpack, lib/pip.sh](https://github.com/heroku/heroku-buildpack-python/blob/main/lib/pip.sh)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.env import FOR_THE_BUILD, removal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App

META = Rule("BP607", "invisible-to-build", "app", Severity.WARNING)

EXAMPLES = (
    bad(
        {"app.json": '{"env": {«"CMAKE_ARGS"»: "-DLLAMA_BLAS=ON", "A": "1"}}\n'},
        fixed={"app.json": '{"env": {"A": "1"}}\n'},
        safety="unsafe",
    ),
    bad({"app.json": '{"env": {«"PIP_INDEX_URL"»: "https://pypi.example.org/simple"}}\n'}, message="pip"),
    ok(
        {"app.json": '{"env": {"PIP_EXTRA_INDEX_URL": "https://pypi.example.org/simple"}}\n'},
        title="passed on",
    ),
    ok(
        {"app.json": '{"env": {"CMAKE_ARGS": "-DX=1"}}\n'},
        on="dokku",
        title="the build sees config vars there",
    ),
    ok({"app.json": '{"env": {"DISABLE_COLLECTSTATIC": "1"}}\n'}, title="collectstatic gets config vars"),
)

# These have no effect anywhere, or are set by the buildpack, and have rules of their own.
_OTHERS = ("CMAKE_CXX_FLAGS", "CMAKE_C_FLAGS", "PIP_DISABLE_PIP_VERSION_CHECK", "PIP_NO_CACHE_DIR")


def check(app: App, context: App) -> Iterator[Finding]:
    """Report each setting that only a build could use."""
    for placed in app.env:
        blind = tuple(t for t in placed.targets if t.platform.holds("env.visible_to_build") is False)
        if not blind or placed.origin not in ("app_json", "heroku_yml") or placed.name in _OTHERS:
            continue
        fact, exceptions = (blind[0].platform.fact(f"env.visible_to_build{end}") for end in ("", "_except"))
        passed = exceptions.value if exceptions is not None else ()
        if fact is None or not placed.name.startswith(FOR_THE_BUILD) or placed.name in (passed or ()):  # type: ignore[operator]
            continue
        yield META.found(
            placed.source,
            placed.setting.name_span,
            f"{placed.name} does not reach pip: {blind[0].platform.title} keeps config vars from the build",
            help="remove it; of these only PIP_EXTRA_INDEX_URL is passed on",
            fix=removal(placed, app, "another platform may read this file"),
            evidence=[Evidence("fact", fact.note, fact.source, fact.date)],
            on=blind,
        )
