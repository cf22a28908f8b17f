"""An option changes nothing.

## What it does

Finds options of gunicorn that leave everything as it is:

- `--log-file -` and `--error-logfile -`: that is the default, and it does not turn on the access log;
- `--bind 0.0.0.0:$PORT`: gunicorn does so by itself wherever `PORT` is set;
- `--keep-alive` and `--worker-connections` for the sync worker, which closes each connection;
- `--max-requests-jitter` without `--max-requests`;
- `--capture-output` while errors go to the terminal, as they do by default;
- `--ssl-version`, which gunicorn ignores since release 21;
- `--access-logformat` where no access log is written; `--statsd-prefix`, `--log-syslog-prefix`, `--reload-engine` and
  others without the option that they belong to.

## Why is this bad

It costs readers. `--log-file -` is often written in the belief that requests are logged then.

## Fix safety

Safe for `--log-file -`, `--error-logfile -` and options that belong to one that is not given. Unsafe for `--bind`,
which matters where `PORT` is not set. Advice for what another worker class or `--threads` would make use of.

## References

- [gunicorn settings](https://docs.gunicorn.org/en/stable/settings.html)
- [gunicorn settings: bind](https://docs.gunicorn.org/en/stable/settings.html#bind)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.app.gunicorn_setup import CMD_ARGS, UNKNOWN, releases
from bpopt.documents.gunicorn import before
from bpopt.finding import Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.gunicorn import fact, removed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.gunicorn_setup import Setup
    from bpopt.app.targets import Target
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
    bad(
        "web: gunicorn app:app «--max-requests-jitter 5» --max-requests 0\n",
        title="turned off",
        fixed="web: gunicorn app:app --max-requests 0\n",
    ),
    bad("web: gunicorn app:app «--capture-output»\n", fixed="web: gunicorn app:app\n"),
    bad(
        "web: gunicorn app:app «--statsd-prefix shop»\n",
        fixed="web: gunicorn app:app\n",
        message="--statsd-host",
    ),
    bad(
        {"Procfile": "web: gunicorn app:app «--ssl-version TLS»\n", "requirements.txt": "gunicorn==27.0.1\n"},
        fixed={"Procfile": "web: gunicorn app:app\n"},
        message="since release 21",
    ),
    bad(
        "web: gunicorn app:app «--access-logformat '%(h)s'»\n",
        on="heroku-fir",
        fixed="web: gunicorn app:app\n",
        message="no access log",
    ),
    ok("web: gunicorn app:app --access-logformat '%(h)s'\n", title="Heroku's buildpack turns the log on"),
    ok("web: gunicorn app:app --access-logformat '%(h)s' --access-logfile -\n", on="heroku-fir"),
    ok("web: gunicorn app:app --capture-output --error-logfile /tmp/errors.log\n"),
    ok("web: gunicorn app:app --statsd-prefix shop --statsd-host 127.0.0.1:8125\n"),
    ok(
        {"Procfile": "web: gunicorn app:app --ssl-version TLS\n", "requirements.txt": "gunicorn==20.1.0\n"},
        title="an old release knows it",
    ),
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


# Setting -> the one it belongs to, and what the lack of that means.
_BELONGS = {
    "max_requests_jitter": ("max_requests", "there is no --max-requests for it to vary"),
    "statsd_prefix": ("statsd_host", "nothing is sent without --statsd-host"),
    "dogstatsd_tags": ("statsd_host", "nothing is sent without --statsd-host"),
    "syslog_prefix": ("syslog", "nothing goes to syslog without --log-syslog"),
    "syslog_facility": ("syslog", "nothing goes to syslog without --log-syslog"),
    "syslog_addr": ("syslog", "nothing goes to syslog without --log-syslog"),
    "reload_engine": ("reload", "nothing is reloaded without --reload"),
    "reload_extra_files": ("reload", "nothing is reloaded without --reload"),
}


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
    if name == "bind" and option.raw.strip("\"'") in ("0.0.0.0:$PORT", "0.0.0.0:${PORT}"):
        binds = sum(o.setting is option.setting for o in setup.arguments.options)
        if binds > 1 or _elsewhere(setup, "bind") or any(p.name == "PORT" for p in app.env):
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
    if name == "ssl_version" and not any(before(release, "21") for release in releases(app)):
        return "gunicorn ignores it since release 21", Safety.SAFE, ""
    why = _lonely(name, setup, app)
    return (why, Safety.SAFE, "") if why else nothing


def _lonely(name: str, setup: Setup, app: App) -> str:
    """What an option belongs to that is not given, empty if it is or may be."""
    if name == "capture_output":
        log = setup.given("errorlog")
        quiet = setup.sealed and (log is None or log.value == "-")
        return "output goes to the terminal anyway, as the errors do" if quiet else ""
    if name == "access_log_format":
        silent = all(_writes_no_log(target) for target in setup.web.targets)
        outside = any(placed.name == CMD_ARGS for placed in app.env)
        return _absent("accesslog", "no access log is written", setup) if silent and not outside else ""
    owner, why = _BELONGS.get(name, ("", ""))
    return _absent(owner, why, setup) if owner else ""


def _absent(owner: str, why: str, setup: Setup) -> str:
    given = setup.given(owner)
    off = given is not None and given.value in ("0", "false") and given.origin != UNKNOWN
    return why if (given is None and setup.sealed) or off else ""


def _writes_no_log(target: Target) -> bool:
    """Whether a platform turns no access log on by itself, where that is known."""
    return target.platform.name == "heroku-fir" and target.platform.sets(CMD_ARGS) is None


def _elsewhere(setup: Setup, name: str) -> bool:
    """Whether a configuration that the option overrides, read or not, may set something else."""
    if not setup.sealed or (setup.conf is not None and setup.conf.find(name) is not None):
        return True
    return any(arguments.get(name) is not None for _, _, arguments in setup.extra)
