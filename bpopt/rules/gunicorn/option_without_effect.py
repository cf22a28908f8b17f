"""An option changes nothing.

## What it does

Finds options of gunicorn that leave everything as it is:

- `--log-file -` and `--error-logfile -`: that is the default, and it does not turn on the access log;
- `--bind 0.0.0.0:$PORT`: gunicorn does so by itself wherever `PORT` is set;
- `--keep-alive` and `--worker-connections` for the sync worker, which closes each connection;
- `--max-requests-jitter` without `--max-requests`.

## Why is this bad

It costs readers. `--log-file -` is often written in the belief that requests are logged then.

## Fix safety

Safe for `--log-file -`, `--error-logfile -` and a jitter of nothing. Unsafe for `--bind`, which matters where `PORT`
is not set. Advice for what another worker class or `--threads` would make use of.

## References

- [gunicorn settings](https://docs.gunicorn.org/en/stable/settings.html)
- [gunicorn settings: bind](https://docs.gunicorn.org/en/stable/settings.html#bind)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.gunicorn import fact, removed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.gunicorn_setup import Setup
    from bpopt.app.web import Web
    from bpopt.documents.gunicorn import Option

META = Rule("BP322", "option-without-effect", "web", Severity.INFO)

EXAMPLES = (
    bad(
        "web: gunicorn app:app «--log-file -» -w 2\n",
        fixed="web: gunicorn app:app -w 2\n",
        message="does not turn on the access log",
    ),
    bad("web: gunicorn app:app «--error-logfile=-»\n", fixed="web: gunicorn app:app\n"),
    bad("web: gunicorn «-b 0.0.0.0:$PORT» app:app\n", fixed="web: gunicorn app:app\n", safety="unsafe"),
    bad("web: gunicorn app:app «--keep-alive 5»\n", title="the sync worker keeps no connection"),
    bad("web: gunicorn app:app «--max-requests-jitter 50»\n", fixed="web: gunicorn app:app\n"),
    ok("web: gunicorn app:app --log-file /tmp/errors.log\n"),
    ok("web: gunicorn app:app --access-logfile -\n"),
    ok("web: gunicorn app:app --keep-alive 5 --threads 2\n"),
    ok("web: gunicorn app:app --keep-alive 5 -k uvicorn.workers.UvicornWorker\n"),
    ok("web: gunicorn app:app --bind 0.0.0.0:${PORT:-8000}\n", title="it says what to do without PORT"),
    ok("web: gunicorn app:app -b 0.0.0.0:$PORT -b unix:/tmp/s\n", title="two addresses"),
    ok({"Procfile": "web: gunicorn app:app --log-file -\n", "gunicorn.conf.py": "errorlog = '/tmp/e'\n"}),
    ok(
        {
            "Procfile": "web: gunicorn app:app --max-requests-jitter 5\n",
            "gunicorn.conf.py": "max_requests = 9\n",
        }
    ),
)


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report options that say what is so anyway."""
    setup = app.gunicorn(web)
    for option in setup.arguments.options if setup is not None else ():
        assert setup is not None
        why, safety, reason = _idle(option, setup, app)
        if why:
            title = f"Remove {option.flag}"
            display = safety is Safety.DISPLAY
            yield META.found(
                web.source,
                option.span,
                f"{option.flag} changes nothing: {why}",
                help="remove it",
                fix=Fix(title, safety, reason=reason)
                if display
                else removed(web.source, option.span, title, safety, reason),
                evidence=[fact(why)],
            )


def _idle(option: Option, setup: Setup, app: App) -> tuple[str, Safety, str]:
    """Why an option does nothing (empty if it may do something), and how safe it is to remove it."""
    nothing = ("", Safety.DISPLAY, "")
    name = option.setting.name if option.setting is not None else ""
    if name == "errorlog" and option.value == "-" and not _elsewhere(setup, "errorlog"):
        return "errors go there anyway, and it does not turn on the access log", Safety.SAFE, ""
    binds = [o for o in setup.arguments.options if o.setting is not None and o.setting.name == "bind"]
    if name == "bind" and option.raw.strip("\"'") in ("0.0.0.0:$PORT", "0.0.0.0:${PORT}"):
        if len(binds) > 1 or _elsewhere(setup, "bind") or any(p.name == "PORT" for p in app.env):
            return nothing
        return (
            "gunicorn listens there wherever PORT is set",
            Safety.UNSAFE,
            "it matters where PORT is not set",
        )
    if name in ("keepalive", "worker_connections") and setup.worker == "sync":
        threads = setup.given("threads")
        if threads is None or threads.number == 1:
            reason = "with --threads it has an effect"
            return "the sync worker closes each connection after the answer", Safety.DISPLAY, reason
    if name == "max_requests_jitter" and setup.given("max_requests") is None and setup.sealed:
        return "there is no --max-requests for it to vary", Safety.SAFE, ""
    return nothing


def _elsewhere(setup: Setup, name: str) -> bool:
    """Whether a configuration that the option overrides, read or not, may set something else."""
    if not setup.sealed or (setup.conf is not None and setup.conf.find(name) is not None):
        return True
    return any(arguments.get(name) is not None for _, _, arguments in setup.extra)
