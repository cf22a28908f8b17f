"""A file whose name is nearly, but not quite, the one that is read.

## What it does

Finds misspelled names: `procfile`, `ProcFile`, `Procfile.txt` or, if it has a `web` line, `Profile` and its kin where
no Procfile is; `aptfile`; the
twenty spellings of `.python-version` that Heroku's buildpack knows; `requirement.txt` and its kin;
`.slugignore.txt`, `App.json`, `Runtime.txt`.

## Why is this bad

Names are case-sensitive on the build machines. An app with a `procfile` has no web process, one with
`Aptfile.txt` no packages, and a misspelled `.python-version` ends the build by design, even where a right
one is beside it.

## Fix safety

Safe for Procfile and .python-version, without which nothing runs: the file gets its right name. Unsafe for
the others, as what they say then takes effect. A file that is there under the right name is never
replaced.

## References

- [dokku #1266: ProcFile](https://github.com/dokku/dokku/issues/1266)
- [Heroku: the Procfile, naming and location](https://devcenter.heroku.com/articles/procfile#procfile-naming-and-location)
- [Heroku's Python buildpack: misspelled names](https://github.com/heroku/heroku-buildpack-python/blob/main/lib/python_version.sh)
- [Heroku's Python buildpack: misspelled requirements](https://github.com/heroku/heroku-buildpack-python/blob/main/bin/detect)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Finding, Fix, NewFile, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.text import Span, unreadable
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target

META = Rule("BP004", "wrong-file-name", "app", Severity.WARNING)

_WEB = "web: gunicorn app:app\n"

EXAMPLES = (
    bad({"procfile": f"«»{_WEB}"}, fixed={"procfile": None, "Procfile": _WEB}, severity="error"),
    bad({"Procfile.txt": f"«»{_WEB}"}, on="dokku", fixed={"Procfile.txt": None, "Procfile": _WEB}),
    bad(
        {"python-version": "«»3.13\n", "Procfile": _WEB},
        fixed={"python-version": None, ".python-version": "3.13\n"},
        severity="error",
    ),
    bad(
        {".python-version.txt": "«»3.13\n", ".python-version": "3.13\n"},
        severity="error",
        title="the right one is there, too",
    ),
    bad(
        {"aptfile": "«»cmake\n", "Procfile": _WEB},
        fixed={"aptfile": None, "Aptfile": "cmake\n"},
        safety="unsafe",
        severity="warning",
    ),
    bad(
        {"requirement.txt": "«»flask\n", "Procfile": _WEB},
        fixed={"requirement.txt": None, "requirements.txt": "flask\n"},
        safety="unsafe",
        severity="error",
    ),
    bad({"Profile": f"«»{_WEB}"}, fixed={"Profile": None, "Procfile": _WEB}, title="a web line tells"),
    ok({"Profile": "name: me\n"}, title="somebody's profile"),
    ok(
        {"Procfile": _WEB, "Procfile.dev": "web: flask run\n", "Procfile.windows": _WEB},
        title="files of other tools",
    ),
    ok({"Procfile": _WEB, "procfile.md": "About ours\n"}, title="a note beside the real one"),
    ok(
        {"python-version": "3.13\n", "runtime.txt": "python-3.13.1\n"},
        title="runtime.txt wins before the names are looked at",
    ),
    ok({"requirement.txt": "flask\n", "requirements.txt": "flask\n"}),
    ok({"requirements": "flask\n", "poetry.lock": "", "Procfile": _WEB}, title="another package manager"),
)


class Right(NamedTuple):
    """A right name, its misspellings, and what it means if the file is not found."""

    name: str
    wrong: frozenset[str]
    consequence: str
    severity: Severity
    safety: Safety


# https://github.com/heroku/heroku-buildpack-python/blob/main/lib/python_version.sh
_VERSIONS = frozenset(
    {
        " .python-version",
        ". python-version",
        ".python_version.txt",
        ".python_version",
        ".python-version ",
        ",python-version",
        ".python-version.",
        ".python-version.py",
        ".python-version.rtf",
        ".python-version.txt",
        ".python-version.TXT",
        ".Python-version",
        ".python.version",
        ".pythonversion",
        "'.python-version'",
        "python_version.txt",
        "python_version",
        "python-version.",
        "python-version.txt",
        "python-version",
    }
)
# https://github.com/heroku/heroku-buildpack-python/blob/main/bin/detect
_REQUIREMENTS = frozenset(
    {
        "requeriments.txt",
        "requirement.txt",
        "requirements",
        "requirements.text",
        "Requirements.txt",
        "requirements.txt.txt",
        "requirments.txt",
    }
)
# Names that may be anything's, and are a Procfile's only with a line for `web` in them.
_NEARLY = frozenset(
    {"Profile", "Procfiles", ".Procfile", "Proc file", "Procfile.rtf", "Procfile.md", "Profcile", "Procfle"}
)
_RIGHT = (
    Right(
        "Procfile",
        frozenset(
            {
                "procfile",
                "ProcFile",
                "PROCFILE",
                "procFile",
                "Procfile.txt",
                "procfile.txt",
                "ProcFile.txt",
                "PROCFILE.TXT",
                "Procfile ",
                *_NEARLY,
            }
        ),
        "there is no web process",
        Severity.ERROR,
        Safety.SAFE,
    ),
    Right(".python-version", _VERSIONS, "the build ends with an error", Severity.ERROR, Safety.SAFE),
    Right(
        "requirements.txt",
        _REQUIREMENTS,
        "the build finds no packages to install",
        Severity.ERROR,
        Safety.UNSAFE,
    ),
    Right(
        "Aptfile",
        frozenset(
            {
                "aptfile",
                "AptFile",
                "APTFILE",
                "Aptfile.txt",
                "aptfile.txt",
                "Apt-file",
                "apt-file",
                "AptFile.txt",
                "Aptfile ",
                "Aptfiles",
            }
        ),
        "none of its packages is installed",
        Severity.WARNING,
        Safety.UNSAFE,
    ),
    Right(
        ".slugignore",
        frozenset({"slugignore", ".slugignore.txt", ".slug-ignore", ".Slugignore", ".slugIgnore"}),
        "nothing is left out of the slug",
        Severity.WARNING,
        Safety.UNSAFE,
    ),
    Right(
        "runtime.txt",
        frozenset({"Runtime.txt", "Runtime.TXT", "runtime.txt.txt"}),
        "the Python it asks for is not used",
        Severity.WARNING,
        Safety.DISPLAY,
    ),
    Right(
        "app.json",
        frozenset({"App.json", "app.json.txt"}),
        "what it says has no effect",
        Severity.WARNING,
        Safety.UNSAFE,
    ),
)
_WRONG = frozenset().union(*[right.wrong for right in _RIGHT])
_OTHER_MANAGERS = ("Pipfile", "Pipfile.lock", "poetry.lock", "uv.lock", "setup.py", "pyproject.toml")
# A file of that name may be about anything unless the app is a Python app that is deployed.
_SIGNS = ("Procfile", "Aptfile", "runtime.txt", ".python-version", "app.json", "heroku.yml")


def check(app: App, context: App) -> Iterator[Finding]:
    """Report each misspelled name whose right file is missing, or that ends the build by itself."""
    if _WRONG.isdisjoint(app.names):
        return
    for right in _RIGHT:
        for name in sorted(right.wrong & app.names):
            if name in _NEARLY and not _serves(name, app):
                continue
            on = _concerned(right, app)
            if on and (not app.has(right.name) or right.name == ".python-version"):
                yield from _finding(app, right, name, on)


def _concerned(right: Right, app: App) -> tuple[Target, ...]:
    """The targets on which the misspelling has a consequence."""
    if right.name == ".python-version":
        if app.has("runtime.txt"):
            return ()
        return app.where(lambda t: t.platform.holds("python_version.misspelled_fails"))
    if right.name == "requirements.txt" and (
        any(app.has(name) for name in _OTHER_MANAGERS) or not any(app.has(name) for name in _SIGNS)
    ):
        return ()
    kind = {"Procfile": "procfile", "Aptfile": "aptfile", ".slugignore": "slugignore", "app.json": "app_json"}
    kind |= {"requirements.txt": "requirements", "runtime.txt": "runtime_txt"}
    on = app.where(lambda t: t.platform.reads(kind[right.name]))
    # A run_command takes the place of a Procfile.
    commands = app.app_spec is not None and any(c.run_command for c in app.app_spec.components)
    return tuple(
        t for t in on if not (right.name == "Procfile" and commands and t.platform.name == "digitalocean")
    )


def _serves(name: str, app: App) -> bool:
    source = app.source(name)
    return source is not None and any(line.text.startswith("web:") for line in source.lines)


def _finding(app: App, right: Right, name: str, on: tuple[Target, ...]) -> Iterator[Finding]:
    source = app.source(name)
    if source is None:
        return
    safety, fix = right.safety, None
    if not app.has(right.name) and unreadable(source.raw) is None:
        reason = "what it says then takes effect" if safety is not Safety.SAFE else ""
        new = (NewFile(right.name, source.text),) if safety is not Safety.DISPLAY else ()
        fix = Fix(
            f"Rename it to {right.name}", safety, creates=new, removes=(name,) if new else (), reason=reason
        )
    shown = f"'{name}'" if name.strip() != name else name
    yield META.found(
        source,
        Span(0, 0),
        f"{shown} is not read, {right.name} would be: {right.consequence}",
        help=f"rename it to {right.name}",
        fix=fix,
        severity=right.severity,
        on=on,
    )
