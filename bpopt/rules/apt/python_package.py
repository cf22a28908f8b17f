"""A Python package of the distribution, which the app's Python does not see.

## What it does

Finds `python3-numpy`, `python-pip`, `python3` and their kin in an apt list.

## Why is this bad

The Python buildpack brings a Python of its own, which looks for packages in its own folder: what apt unpacks is for
the distribution's Python. The import fails, or finds the version of requirements.txt, and the packages ship for
nothing.

## Fix safety

There is no fix: `python3-dev` may have been listed for its headers, which a compiler of the app finds by CPATH.

## References

- [Heroku's Python buildpack](https://github.com/heroku/heroku-buildpack-python)
- [heroku-buildpack-apt, bin/compile](https://github.com/heroku/heroku-buildpack-apt/blob/main/bin/compile)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Severity
from bpopt.rules.apt import readers
from bpopt.rules.apt.gone_package import gone_on, missing_on
from bpopt.rules.base import Rule, bad, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.aptfile import Aptfile

META = Rule("BP113", "python-package", "aptfile", Severity.WARNING)

SYSTEM = frozenset({"python", "python2", "python3", "python-is-python3"})
# Names that begin alike and are no modules of the distribution's Python.
_OTHERS = ("python3-config",)
# Files by which a platform installs Python packages.
_PYTHON = ("requirements.txt", "Pipfile", "Pipfile.lock", "poetry.lock", "uv.lock")

EXAMPLES = (
    bad({"Aptfile": "cmake\n«python3-numpy»\n", "requirements.txt": "flask\n"}),
    bad({"Aptfile": "«python3»\n«python3-dev»\n", "requirements.txt": "flask\n"}, on="digitalocean"),
    bad({"Aptfile": "«python3-numpy»\n", "poetry.lock": ""}, title="Poetry's"),
    ok({"Aptfile": "python-pip\n", "requirements.txt": "flask\n"}, title="gone: another rule speaks"),
    ok({"Aptfile": "python3-numpy\n"}, title="an Aptfile alone says nothing about Python"),
    ok({"Aptfile": "libpython3-stdlib\npythonpy\n", "requirements.txt": "flask\n"}, title="other names"),
    ok({"Aptfile": "python3-numpy\n", "requirements.txt": "flask\n"}, on="heroku-fir"),
)
FACT = Evidence(
    "fact",
    "the buildpack installs a Python of its own",
    "https://github.com/heroku/heroku-buildpack-python",
    "2026-11-23",
)


def check(aptfile: Aptfile, app: App) -> Iterator[Finding]:
    """Report the distribution's Python and its packages beside a Python buildpack's files."""
    targets = readers(app)
    if not targets or not any(app.has(name) for name in _PYTHON):
        return
    for word in aptfile.packages:
        if (
            word.text not in SYSTEM and not word.text.startswith(("python3-", "python-"))
        ) or word.text in _OTHERS:
            continue
        if all(gone_on(word.text, t, app) is not None or missing_on(word.text, t, app) for t in targets):
            continue
        module = word.text.partition("-")[2]
        there = app.requirement(module) is not None
        help_text = f"put {module} into requirements.txt" if module not in ("", "dev", "pip") else "remove it"
        help_text = f"remove it: requirements.txt has {module}" if there else help_text
        yield META.found(
            aptfile.source,
            word.span,
            f"the app's Python does not see {word.text}: it is for the distribution's own Python",
            help=help_text,
            severity=Severity.INFO if word.text.endswith("-dev") else None,
            evidence=[FACT],
            on=targets,
        )
