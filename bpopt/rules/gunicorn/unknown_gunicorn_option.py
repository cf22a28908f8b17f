"""gunicorn refuses an option.

## What it does

Finds options that gunicorn does not have, short forms that fit several options, options without their value, and
words that belong to no option; in the command and in `GUNICORN_CMD_ARGS`. The options are those of the release that the
requirements lead to.

## Why is this bad

gunicorn prints its usage and ends with an error instead of starting, so the deploy ends in a crash loop.

## Fix safety

Safe where one option is certainly meant: a known mistake such as `--worker-timeout` or `--keepalive`, an
underscore for a dash, one letter wrong. Otherwise the closest options are named.

## References

- [gunicorn settings](https://docs.gunicorn.org/en/stable/settings.html)
- [gunicorn releases](https://pypi.org/project/gunicorn/#history)
- [a flag that never was, from a blog](https://github.com/marketcalls/openalgo/pull/1172)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.app.gunicorn_setup import releases
from bpopt.documents import gunicorn
from bpopt.finding import Edit, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.gunicorn import fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.web import Web
    from bpopt.documents.gunicorn import Problem

META = Rule("BP305", "unknown-gunicorn-option", "web", Severity.ERROR)

_OLD = {"requirements.txt": "gunicorn==20.1.0\n"}

EXAMPLES = (
    bad(
        "web: gunicorn app:app «--worker-timeout» 60\n",
        fixed="web: gunicorn app:app --timeout 60\n",
        message="gunicorn has no option --worker-timeout, did you mean '--timeout'?",
    ),
    bad("web: gunicorn app:app «--keepalive» 5\n", fixed="web: gunicorn app:app --keep-alive 5\n"),
    bad("web: gunicorn app:app «--log_level»=debug\n", fixed="web: gunicorn app:app --log-level=debug\n"),
    bad("web: gunicorn app:app «--treads» 4\n", fixed="web: gunicorn app:app --threads 4\n"),
    bad(
        "web: gunicorn app:app «--worker» 4\n",
        fixed="web: gunicorn app:app --workers 4\n",
        message="several options",
    ),
    bad(
        "web: gunicorn app:app «--control-socket-disable»\n",
        fixed="web: gunicorn app:app --no-control-socket\n",
    ),
    bad("web: gunicorn app:app «--fast»\n", message="gunicorn has no option --fast"),
    bad("web: gunicorn app:app «--workers»\n", message="needs a value"),
    bad(
        "web: gunicorn app:app «--preload=true»\n",
        fixed="web: gunicorn app:app --preload\n",
        message="takes no value",
    ),
    bad("web: gunicorn app:app --bind 0.0.0.0 «:8000»\n", message="does not know what :8000 is for"),
    bad(
        {"Procfile": "web: gunicorn app:app «--no-control-socket»\n", **_OLD},
        message="has come with gunicorn 25",
        title="newer than the pinned release",
    ),
    bad(
        {"Procfile": "web: gunicorn app:app «--tolerate-dangerous-framing»\n"},
        severity="warning",
        message="is gone since gunicorn 23",
        title="nothing tells the release",
    ),
    ok("web: gunicorn app:app --thread 4\n", title="an unambiguous short form is taken"),
    ok("web: gunicorn app:app --no-control-socket\n", title="new, and no release is pinned"),
    ok({"Procfile": "web: gunicorn app:app --no-control-socket\n", "requirements.txt": "gunicorn==25.1.0\n"}),
    ok("web: gunicorn app:app $OPTIONS\n"),
    ok(
        "web: bin/start-nginx newrelic-admin run-program gunicorn -c config/gunicorn.conf.py 'app:create_app()'\n"
    ),
    ok("web: gunicorn --version\n", title="asked of the command itself"),
    ok(
        "web: gunicorn app:app --no-sendfile --capture-output --proxy-protocol\n",
        title="flags, and one that may be",
    ),
)

# Options that circulate and never were -> the one that is meant.
_MISTAKES = {
    "--max-worker-connections": "--worker-connections",
    "--worker-timeout": "--timeout",
    "--num-workers": "--workers",
    "--nworkers": "--workers",
    "--num-threads": "--threads",
    "--preload-app": "--preload",
    "--keepalive": "--keep-alive",
    "--access-log": "--access-logfile",
    "--accesslog": "--access-logfile",
    "--error-log": "--error-logfile",
    "--errorlog": "--error-logfile",
    "--loglevel": "--log-level",
    "--logfile": "--log-file",
    "--control-socket-disable": "--no-control-socket",
    "--max-request": "--max-requests",
    "--worker": "--workers",
    "--graceful-time": "--graceful-timeout",
}
_OWN = frozenset({"-h", "--help", "-v", "--version"})


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report everything that gunicorn's parser refuses."""
    setup = app.gunicorn(web)
    if setup is None or web.script.errors:
        return
    for problem in setup.arguments.problems:
        if problem.kind != "extra" and problem.text not in _OWN:
            yield from _finding(problem, web, app)
    for source, span, arguments in setup.extra:
        for problem in arguments.problems:
            if problem.kind != "extra" and problem.text not in _OWN:
                meant = _meant(problem, app)
                message = f"in GUNICORN_CMD_ARGS: {_message(problem, meant, app)}"
                evidence = [fact("gunicorn reads it as its command line")]
                yield META.found(source, span, message, help=_help(problem, meant), evidence=evidence)


def _finding(problem: Problem, web: Web, app: App) -> Iterator[Finding]:
    meant = _meant(problem, app)
    had = [v for v in releases(app) if problem.text in gunicorn.flags(v)]
    named = problem.kind in ("unknown", "ambiguous")
    if named and releases(app)[-1] in had:
        return
    severity = Severity.WARNING if (named and had) or _untabulated(app) else META.severity
    yield META.found(
        web.source,
        problem.span,
        _message(problem, meant, app),
        help=_help(problem, meant),
        fix=_fix(problem, meant, web),
        severity=severity,
        evidence=[fact(f"options of gunicorn {' and '.join(releases(app)[-2:])}")],
    )


def _untabulated(app: App) -> bool:
    """Whether a release is pinned that is older than the table."""
    major = (app.version_of("gunicorn") or "99").partition(".")[0]
    return not major.isdigit() or int(major) < 20


def _meant(problem: Problem, app: App) -> str | None:
    """The option that is certainly meant."""
    table = gunicorn.flags(releases(app)[-1])
    flag = problem.text
    known = _MISTAKES.get(flag) or flag.replace("_", "-")
    if known != flag and known in table:
        return known
    if problem.kind != "unknown" or not flag.startswith("--"):
        return None
    from bpopt.suggest import closest

    return closest(flag, (f for f in table if f.startswith("--")), 0.86)


def _message(problem: Problem, meant: str | None, app: App) -> str:
    flag = problem.text
    if problem.kind == "ambiguous":
        return f"{flag} fits several options of gunicorn: {', '.join(problem.candidates[:4])}"
    if problem.kind == "missing-value":
        return f"{flag} needs a value"
    if problem.kind == "unexpected-value":
        return f"{flag} takes no value"
    if problem.kind == "stray":
        return f"gunicorn does not know what {flag} is for, behind the app and its options"
    had = [s for s in gunicorn.all_settings() if flag in s.flags]
    if had and had[0].first > releases(app)[-1]:
        return f"{flag} has come with gunicorn {had[0].first.partition('.')[0]}, the app gets {releases(app)[-1]}"
    if had:
        after = gunicorn.VERSIONS[gunicorn.VERSIONS.index(had[-1].last) + 1]
        return f"{flag} is gone since gunicorn {after.partition('.')[0]}"
    hint = f", did you mean {meant!r}?" if meant else ""
    return f"gunicorn has no option {flag}{hint}"


def _help(problem: Problem, meant: str | None) -> str:
    if meant:
        return f"write {meant}"
    if problem.kind == "unknown" and problem.text in ("--port", "--host", "-p"):
        return "write --bind 0.0.0.0:$PORT, or nothing: gunicorn listens on $PORT by itself"
    return "gunicorn --help lists the options"


def _fix(problem: Problem, meant: str | None, web: Web) -> Fix | None:
    text = web.source.text[slice(*problem.span)]
    if problem.kind == "unexpected-value":
        flag, _, value = text.partition("=")
        safe = value.strip("\"'").lower() in ("true", "1", "yes", "on")
        edit = Edit(web.source.path, problem.span, flag)
        return Fix(f"Write {flag} alone", Safety.SAFE, (edit,)) if safe else None
    if meant is None or text != problem.text or problem.kind in ("missing-value", "stray"):
        return None
    return Fix(f"Replace {text} by {meant}", Safety.SAFE, (Edit(web.source.path, problem.span, meant),))
