"""A process starts a program that the run image does not have.

## What it does

Finds commands that start `git`, `make`, `gcc` and other programs that the run image of the stack lacks, unless the
Aptfile brings them; `node` and `npm` where no package.json brings in the buildpack of Node.js. Speaks only of stacks
whose list of packages is published.

## Why is this bad

heroku-24 has in its build image only what heroku-22 still had in both. The build goes well, and the process ends at
once: `make: command not found`.

## Fix safety

Unsafe: the package is added to the Aptfile, if there is one. It needs the apt buildpack, and the slug grows.

## References

- [heroku/base-images, packages of each image](https://github.com/heroku/base-images)
- [what a smaller run image broke](https://github.com/mastodon/mastodon/pull/8588)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.app.web import unwrap
from bpopt.finding import Edit, Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.procfile import scripts, some
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target

META = Rule("BP219", "program-not-in-image", "app", Severity.ERROR)

EXAMPLES = (
    bad(
        {"Procfile": "web: «make» run\n"}, on="heroku-24", message="make is not in the run image of heroku-24"
    ),
    bad(
        {"Procfile": "web: gunicorn a:a\nworker: «git» pull && python w.py\n", "Aptfile": "jq\n"},
        on="heroku-26",
        fixed={"Aptfile": "jq\ngit\n"},
        safety="unsafe",
    ),
    bad({"Procfile": "web: «npm» start\n", "requirements.txt": "flask\n"}, on="heroku-24"),
    ok(
        {"Procfile": "web: npm start\n", "package.json": "{}"},
        on="heroku-24",
        title="Node's buildpack brings it",
    ),
    ok({"Procfile": "web: make run\n"}, on="heroku-22", title="that stack has it"),
    ok({"Procfile": "web: make run\n", "Aptfile": "make\n"}, on="heroku-24", title="the Aptfile brings it"),
    ok({"Procfile": "web: make run\n"}, on="dokku", title="runs apps in the build image, which has it"),
    ok({"Procfile": "web: make run\n"}, on="digitalocean", title="its packages are not published"),
    ok({"Procfile": "web: bin/make run\n"}, on="heroku-24", title="a program of the app"),
)

# Programs that some stack's run image lacks -> the package that has them.
_PACKAGES = {
    "git": "git",
    "make": "make",
    "gcc": "gcc",
    "g++": "g++",
    "cmake": "cmake",
    "msgfmt": "gettext",
    "telnet": "telnet",
    "dig": "dnsutils",
    "nslookup": "dnsutils",
    "ed": "ed",
    "node": "nodejs",
    "npm": "npm",
}


def check(app: App, context: App) -> Iterator[Finding]:
    """Report each program once."""
    seen: set[str] = set()
    listed = {w.text for w in app.aptfile.packages} if app.aptfile is not None else set()
    for source, script in scripts(app):
        for command in script.commands:
            words = unwrap(command).words
            word = words[0] if words else None
            program = word.value if word is not None else None
            package = _PACKAGES.get(program or "")
            if program in ("node", "npm") and _has_node(app):
                continue
            if word is None or program is None or package is None or program in seen or package in listed:
                continue
            seen.add(program)
            on = app.where(lambda t, package=package: _lacks(t, package))  # type: ignore[misc]
            if on:
                yield META.found(
                    source,
                    word.span,
                    f"{program} is not in the run image of {on[0].stack}",
                    help=f"start something else, or bring {package} in with the apt buildpack",
                    fix=_fix(package, app),
                    evidence=[
                        Evidence("catalog", f"{on[0].stack} has no {package}", _source(on[0]), "2026-11-23")
                    ],
                    on=some(on, app.targets),
                )


def _has_node(app: App) -> bool:
    """Whether a buildpack may bring Node.js: it looks for package.json, or is listed."""
    listed = any("node" in asked.url for found in app.buildpacks for asked in found.buildpacks)
    return listed or app.files.exists("package.json")


def _lacks(target: Target, package: str) -> bool:
    from bpopt.apt.images import image

    # Dokku runs apps in the image that they are built in.
    which = "build" if target.platform.holds("aptfile.runs_in_build_image") else "run"
    found = image(target.stack, which)  # type: ignore[arg-type]
    return found is not None and found.exact and package not in found.packages


def _source(target: Target) -> str:
    from bpopt.apt.images import image

    found = image(target.stack, "run")
    return found.source.split(" ")[0] if found is not None else ""


def _fix(package: str, app: App) -> Fix | None:
    aptfile = app.aptfile
    if aptfile is None:
        return None
    end = len(aptfile.source.text)
    start = "" if not end or aptfile.source.text.endswith("\n") else "\n"
    edit = Edit(aptfile.source.path, Span(end, end), f"{start}{package}\n")
    return Fix(f"Add {package} to the Aptfile", Safety.UNSAFE, (edit,), reason="the slug grows")
