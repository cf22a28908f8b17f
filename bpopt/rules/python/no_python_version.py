"""No file says which Python the app needs.

## What it does

Finds apps with Python requirements and neither a `.python-version` nor a `runtime.txt` nor a version in `Pipfile.lock`.

## Why is this bad

The platform chooses: Heroku and Dokku its newest version for a new app and the minor version of the last build for an
old one, so that the same commit is built differently here and there. Heroku's buildpack warns and has announced an
error; with uv it is one already.

## Fix safety

Unsafe: the new file asks for what the platform would install for a new app, or, where pyproject.toml does not allow
that, for the newest version that it does; the app may run on another one now. No fix where the platforms of the app
differ in that.

## References

- [Heroku: specifying a Python version](https://devcenter.heroku.com/articles/python-runtimes)
- [Heroku's Python buildpack: the default, and the last build's version](https://github.com/heroku/heroku-buildpack-python/blob/main/lib/python_version.sh)
- [App Platform: Python buildpack](https://docs.digitalocean.com/products/app-platform/reference/buildpacks/python/)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Fix, NewFile, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.python import CHECKED, VERSION_SH, pushable, requires_python_mismatch, unsupported_python
from bpopt.rules.python.managers import present
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target

META = Rule("BP507", "no-python-version", "app", Severity.WARNING)

EXAMPLES = (
    bad(
        {"requirements.txt": "«flask==3.1.3»\n"},
        fixed={".python-version": "3.14\n"},
        safety="unsafe",
        severity="warning",
    ),
    bad(
        {"requirements.txt": "«flask==3.1.3»\n"},
        on=("heroku", "digitalocean"),
        message="3.14 on Heroku, 3.13 on DigitalOcean App Platform",
        title="the platforms differ",
    ),
    bad(
        {"requirements.txt": "«flask==3.1.3»\n"},
        fixed={".python-version": "3.13\n"},
        safety="unsafe",
        on="digitalocean",
        severity="info",
    ),
    bad(
        {"uv.lock": "«»version = 1\n"}, fixed={".python-version": "3.14\n"}, safety="unsafe", severity="error"
    ),
    bad(
        {"requirements.txt": "«flask==3.1.3»\n", "pyproject.toml": '[project]\nrequires-python = "<3.13"\n'},
        fixed={".python-version": "3.12\n"},
        safety="unsafe",
        severity="warning",
        message="3.14 on Heroku, which pyproject.toml does not allow",
    ),
    ok({"requirements.txt": "flask\n", ".python-version": "3.13\n"}),
    ok(
        {"requirements.txt": "flask\n", "runtime.txt": "python-3.13\n"},
        on="heroku-fir",
        title="runtime.txt ends the build there: another rule speaks",
    ),
    ok({"requirements.txt": "flask\n", "runtime.txt": "python-3.13\n"}),
    ok(
        {"Pipfile.lock": '{"_meta": {"requires": {"python_version": "3.13"}}}\n'},
        title="said in Pipfile.lock",
    ),
    ok({"requirements.txt": "flask\n", "runtime.txt": "three\n"}, title="said badly: another rule speaks"),
    ok({"Procfile": "web: node server.js\n"}, title="no Python requirements"),
    ok(
        {"requirements.txt": "flask\n", "python-version.txt": "3.13\n"},
        title="a misspelled name has a rule of its own",
    ),
)


def check(app: App, context: App) -> Iterator[Finding]:
    """Report an app that leaves its Python to the platform."""
    manager = next(iter(present(app)), None)
    if manager is None or manager == "Pipfile.lock":
        return
    on = app.where(lambda t: t.platform.reads("python_version") and not _said(app, t))
    source = app.source(manager) if on else None
    if source is None or (app.has("Dockerfile") and not app.knows_target):
        return
    from bpopt.rules.run.wrong_file_name import _VERSIONS

    if not _VERSIONS.isdisjoint(app.names):
        return
    required = [t for t in on if app.has("uv.lock") and t.platform.holds("runtime_txt.error_with_uv")]
    strict = required or [t for t in on if t.platform.name != "digitalocean"]
    severity = Severity.ERROR if required else Severity.WARNING if strict else Severity.INFO
    where = "the platform's own choice"
    if app.knows_target:
        where = ", ".join(f"{v} on {title}" for title, v in _defaults(on).items())
        if any(not _allowed(app, version) for version in _defaults(on).values()):
            where += ", which pyproject.toml does not allow"
    yield META.found(
        source,
        _place(app, manager),
        f"no file says which Python the app needs; a new app gets {where}",
        help="create .python-version with the version that you test with, such as 3.13",
        severity=severity,
        fix=_fix(on, app),
        evidence=[Evidence("fact", "without a file the buildpack chooses", VERSION_SH, CHECKED)],
        on=on,
    )


def _place(app: App, manager: str) -> Span:
    """The first requirement, or the start of a lock file."""
    document = app.requirements if manager == "requirements.txt" else None
    return document.requirements[0].span if document is not None and document.requirements else Span(0, 0)


def _said(app: App, target: Target) -> bool:
    """Whether a file says it; a runtime.txt that ends the build is what another rule speaks of."""
    return app.has(".python-version") or (
        app.has("runtime.txt")
        and (
            target.platform.reads("runtime_txt") is True or target.platform.holds("runtime_txt.error") is True
        )
    )


def _allowed(app: App, version: str) -> bool:
    major, minor = version.split(".")[:2]
    return requires_python_mismatch.allows(app, (int(major), int(minor)))


def _defaults(on: tuple[Target, ...]) -> dict[str, str]:
    facts = {t.platform.title: t.platform.fact("python.default") for t in on}
    return {title: str(fact.value) for title, fact in facts.items() if fact is not None and fact.verified}


def _fix(on: tuple[Target, ...], app: App) -> Fix | None:
    versions = set(_defaults(app.targets).values())
    if len(versions) != 1 or app.has(".python-version"):
        return None
    (version,) = versions
    if not _allowed(app, version):
        newest = unsupported_python.newest(app)
        if newest is None:
            return None
        version = newest
    reason = "whether the app runs on it is not known, nor what it runs on now"
    text = f"{version}\n"
    new = NewFile(".python-version", text)
    return pushable(Fix(f"Ask for {version}", Safety.UNSAFE, creates=(new,), reason=reason), app)
