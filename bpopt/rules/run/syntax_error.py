"""A configuration file does not parse.

## What it does

Reports every place at which an app spec, app.json, project.toml, heroku.yml, requirements file, dotenv
file or gunicorn.conf.py is no longer what its format allows, with line and column.

## Why is this bad

Whoever reads the file stops there: App Platform refuses the spec, pip ends the build, gunicorn does not
start. bpopt's other rules cannot see what such a file says either, so it is the first thing to mend.

## Fix safety

There is no fix: what was meant is not certain. The message says what stands there and what the format
expects.

## References

- [YAML 1.2, the language of app specs](https://yaml.org/spec/1.2.2/)
- [RFC 8259, JSON](https://www.rfc-editor.org/rfc/rfc8259)
- [TOML 1.0](https://toml.io/en/v1.0.0)
- [pip's requirements file format](https://pip.pypa.io/en/stable/reference/requirements-file-format/)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bpopt.documents.kinds import PARSERS
from bpopt.finding import Finding, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.text import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.tree import Problem

META = Rule("BP002", "syntax-error", "app", Severity.ERROR)

EXAMPLES = (
    bad({"app.json": '{"name": "faces"«,»}\n'}, message="comma"),
    bad(
        {"app.json": '{"name": "faces"«,»}\n'}, on="digitalocean", severity="warning", title="not read there"
    ),
    ok(
        {"app.json": '{"env": {}, // ours\n}\n'}, on="dokku", title="Dokku takes comments and trailing commas"
    ),
    bad({".do/app.yaml": "name: faces\nservices:\n«\t»- name: web\n"}, on="digitalocean"),
    bad({"pyproject.toml": "[project«\n»name = 1\n"}, severity="warning", title="no platform reads this one"),
    ok({"app.json": '{"name": "faces"}\n'}),
    ok({".do/app.yaml": "name: faces\nregion: fra\n"}, on="digitalocean"),
    ok({"Procfile": "web: gunicorn app:app\n"}, title="lines of a Procfile have rules of their own"),
)

# What no deploy certainly stops for; gunicorn.conf.py may be written for a newer Python than runs bpopt.
_MILD = frozenset({"dotenv", "pyproject", "gunicorn_conf"})
_NAMES = {
    "app_json": "JSON",
    "scalingo_json": "JSON",
    "app_spec": "YAML",
    "heroku_yml": "YAML",
    "project_toml": "TOML",
    "pyproject": "TOML",
    "requirements": "a requirements file",
    "dotenv": "a dotenv file",
    "gunicorn_conf": "Python",
}


def check(app: App, context: App) -> Iterator[Finding]:
    """Report the problems of each document that has a grammar."""
    for kind, paths in app.paths.items():
        for path in paths if kind in _NAMES else ():
            found = problems(app.document(kind, path))
            if kind == "app_json" and _lenient(app):
                found = tuple(p for p in found if not p.message.startswith("JSON has no"))
            source = app.source(path) if found else None
            if source is not None:
                shown = _blotted(source, found) if kind == "dotenv" else source
                mild = kind in _MILD or not _read(app, kind)
                yield from (_finding(kind, path, shown, problem, mild) for problem in found)


def _read(app: App, kind: str) -> bool:
    """Whether any platform of the app takes something from such a file, as far as is known."""
    facts = [target.platform.fact(f"reads.{kind}") for target in app.targets]
    return any(fact is None or fact.value is True for fact in facts)


def _lenient(app: App) -> bool:
    """Whether only Dokku reads app.json, which takes comments and trailing commas.

    https://github.com/dokku/dokku/blob/33896f5d7efc3b03d0ea94934d8413cddbce07fd/plugins/app-json/appjson.go (hujson)
    """
    facts = ((t.platform.name, t.platform.fact("reads.app_json")) for t in app.targets)
    readers = [name for name, fact in facts if fact is not None and fact.value is True]
    return readers == ["dokku"]


def problems(document: Any) -> tuple[Problem, ...]:
    """The syntax problems of a document, bytes that are no UTF-8 left to BP003."""
    if document is None:
        return ()
    found = getattr(getattr(document, "tree", document), "problems", ())
    return tuple([p for p in found if not p.message.endswith("is not UTF-8")]) if found else ()


def _finding(kind: str, path: str, source: Source, problem: Problem, mild: bool) -> Finding:
    mild = mild or (kind == "requirements" and path != "requirements.txt")
    severity = Severity.WARNING if mild else Severity.ERROR
    if kind == "dotenv" and path != ".env":
        severity = Severity.INFO  # a template for people
    return META.found(
        source,
        problem.span,
        f"not valid as {_NAMES[kind]}: {problem.message}",
        help="mend this place by hand; the rules for this file see nothing before that",
        severity=severity,
    )


def _blotted(source: Source, found: tuple[Problem, ...]) -> Source:
    """The file with these places blotted out: what is no setting in a .env may be the rest of a secret."""
    from bpopt.app.veil import blot

    parts, at = [], 0
    for start, end in sorted(problem.span for problem in found):
        if start >= at:
            parts += [source.text[at:start], blot(source.text[start:end])]
            at = end
    return Source(source.path, source.encode("".join(parts) + source.text[at:]))


assert set(_NAMES) <= set(PARSERS)
