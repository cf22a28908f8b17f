"""Files that the app does not need go into every slug.

## What it does

Finds apps on Heroku (classic buildpacks) or Scalingo that have no `.slugignore`, though at least 100 kB of what is
pushed is of no use to the running app: tests, documents, notebooks, drawings.

## Why is this bad

The slug is made, stored and copied to each dyno on every deploy and start. Heroku refuses one above 500 MB
compressed, and large ones start late.

## Fix safety

Safe: the new file names only folders and files that are in the app, that git pushes, and that nothing in the app's
own code, Procfile or scripts names. Heroku removes files *before* the build, so nothing that the build reads is
listed. Unsafe where the code is too much to look through, or where nobody said which platform the app is for.

DigitalOcean does nothing with the file as far as its documents and public sources say, and Dokku ignores it: there,
`build_command` can delete files, or a Dockerfile with a `.dockerignore` can leave them out.

## References

- [Heroku: ignoring files with .slugignore](https://devcenter.heroku.com/articles/slug-compiler)
- [Scalingo: .slugignore](https://doc.scalingo.com/platform/app/slugignore)
- [App Platform: build commands](https://docs.digitalocean.com/products/app-platform/how-to/build-run-commands/)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Fix, Impact, NewFile, Safety, Severity
from bpopt.rules.base import Rule, bad, filler, ok
from bpopt.rules.slug import CHECKED, SLUG_COMPILER, before_build, best_place, honouring, needless, size_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.rules.slug.needless import Needless

META = Rule("BP401", "missing-slugignore", "app", Severity.INFO)

LEAST, MUCH = 100_000, 10_000_000  # bytes
# Platform without any use for the file -> its title, what to do there instead.
_ELSEWHERE = {
    "digitalocean": ("DigitalOcean", "delete files in the build_command"),
    "dokku": ("Dokku", "use a Dockerfile with a .dockerignore"),
    "heroku-fir": ("Heroku Fir", "name them in exclude of [io.buildpacks] in project.toml"),
}
_WEB = "«web»: gunicorn app:app\n"
_APP = "from flask import Flask\n\napp = Flask(__name__)\n"
_FACES = filler(150_000)

EXAMPLES = (
    bad(
        {"Procfile": _WEB, "app.py": _APP, "tests/faces.txt": _FACES, "docs/a.md": "A\n"},
        fixed={
            ".slugignore": "# What the running app does not need. Heroku removes it before the build, so nothing that\n"
            "# the build reads may be listed. Patterns are those of .gitignore, without negation.\n"
            "# tests\n/tests\n# documents\n/docs\n"
        },
    ),
    bad(
        {"Procfile": _WEB, "app.py": _APP, "tests/faces.txt": _FACES},
        fixed={
            ".slugignore": "# What the running app does not need. Heroku removes it before the build, so nothing that\n"
            "# the build reads may be listed. Patterns are those of .gitignore, without negation.\n"
            "# DigitalOcean does nothing with this file: there, delete files in the build_command.\n"
            "# tests\n/tests\n"
        },
        on=("heroku", "digitalocean"),
        message="DigitalOcean does nothing with it",
        title="for one of two platforms",
    ),
    bad(
        {"Procfile": _WEB, "app.py": _APP, "tests/faces.txt": _FACES},
        fixed={
            ".slugignore": "# What the running app does not need. Scalingo removes it after the build.\n"
            "# Dokku does nothing with this file: there, use a Dockerfile with a .dockerignore.\n"
            "# tests\n/tests\n"
        },
        on=("scalingo", "dokku"),
    ),
    ok(
        {"Procfile": "web: gunicorn app:app\n", "tests/faces.txt": _FACES},
        on=("digitalocean", "dokku", "heroku-fir"),
        title="no platform of the app reads the file",
    ),
    ok(
        {"Procfile": "web: gunicorn app:app\n", "tests/test_app.py": "x = 1\n"},
        title="nothing worth leaving out",
    ),
    ok(
        {
            "Procfile": "web: gunicorn app:app\n",
            "app.py": "FACES = 'tests/faces.txt'\n",
            "tests/faces.txt": _FACES,
        },
        title="the app reads it",
    ),
    ok(
        {
            "Procfile": "web: gunicorn app:app\n",
            ".gitignore": "tests/data/\n",
            "tests/data/faces.txt": _FACES,
        },
        title="git does not push it",
    ),
    ok(
        {"Procfile": "web: x\n", "app.json": '{"scripts": {"test": "pytest"}}\n', "tests/faces.txt": _FACES},
        title="Heroku CI runs the tests, and .slugignore would take them away there too",
    ),
    ok({"Procfile": "web: x\n", ".slugignore": "*.psd\n", "tests/faces.txt": _FACES}),
)


def check(app: App, context: App) -> Iterator[Finding]:
    """Report what ships for nothing where no .slugignore is."""
    targets = honouring(app)
    if not targets or app.has(".slugignore"):
        return
    found, doubt = needless.find(app)
    size = sum(n.bytes for n in found)
    place = best_place(app) if size >= LEAST else None
    if place is None:
        return
    what = ", ".join(dict.fromkeys(n.what for n in found))
    others = _others(app, targets)
    idle = f" ({' and '.join(others)} do{'es' if len(others) == 1 else ''} nothing with it)" if others else ""
    yield META.found(
        *place,
        f"{size_text(size)} that the app does not need go into every slug ({what}): no .slugignore{idle}",
        help="create a .slugignore that names what the running app does not need"
        + "".join(f"; on {name}, {instead}" for name, instead in others.items()),
        severity=Severity.WARNING if size >= MUCH else None,
        fix=_fix(app, targets, found, doubt),
        impact=Impact(_largest(found), bytes=size),
        evidence=[Evidence("fact", "files named in .slugignore do not ship", SLUG_COMPILER, CHECKED)],
        on=targets,
    )


def _largest(found: tuple[Needless, ...]) -> str:
    return ", ".join(f"{n.path} {size_text(n.bytes)}" for n in found[:5])


def _others(app: App, targets: tuple[Target, ...]) -> dict[str, str]:
    """The other platforms of the app, which do nothing with the file, and what to do there instead."""
    if not app.knows_target:
        return {}
    names = {t.platform.name for t in app.targets} - {t.platform.name for t in targets}
    return {title: instead for name, (title, instead) in _ELSEWHERE.items() if name in names}


def _fix(app: App, targets: tuple[Target, ...], found: tuple[Needless, ...], doubt: str) -> Fix:
    if not app.knows_target:
        doubt = "nobody said that the app goes to a platform that reads it"
    text = "\n".join([*_head(targets, _others(app, targets)), *_patterns(found), ""])
    safety = Safety.UNSAFE if doubt else Safety.SAFE
    return Fix("Create .slugignore", safety, creates=(NewFile(".slugignore", text),), reason=doubt)


def _head(targets: tuple[Target, ...], others: dict[str, str]) -> Iterator[str]:
    if any(before_build(t) for t in targets):
        yield "# What the running app does not need. Heroku removes it before the build, so nothing that"
        yield "# the build reads may be listed. Patterns are those of .gitignore, without negation."
    else:
        yield "# What the running app does not need. Scalingo removes it after the build."
    for name, instead in others.items():
        yield f"# {name} does nothing with this file: there, {instead}."


def _patterns(found: tuple[Needless, ...]) -> Iterator[str]:
    """Paths from the top, which Heroku and Scalingo read alike, under what they are."""
    kinds: dict[str, list[str]] = {}
    for needless_ in found:
        kinds.setdefault(needless_.what, []).append(needless_.path)
    for what, paths in kinds.items():
        yield f"# {what}"
        yield from (f"/{escaped(path)}" for path in paths)


def escaped(path: str) -> str:
    """A path as a pattern that names it alone."""
    return "".join(f"\\{c}" if c in "*?[\\" else c for c in path)
