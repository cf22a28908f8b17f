"""gunicorn's configuration file sets something that does not exist.

## What it does

Finds names in gunicorn's configuration file that are almost a setting: a misspelling (`worker`, `max_request`), or the
name of the option instead of that of the setting (`preload`, `log_level`, `access_logfile`).

## Why is this bad

gunicorn passes over names that it does not know, without a word: `worker = 3` leaves one worker.

## Fix safety

Unsafe: renamed, the line has an effect that it never had before.

## References

- [gunicorn: configuration file](https://docs.gunicorn.org/en/stable/configure.html#configuration-file)
- [gunicorn settings](https://docs.gunicorn.org/en/stable/settings.html)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.documents import gunicorn
from bpopt.finding import Edit, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.gunicorn import fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.web import Web
    from bpopt.documents.gunicorn_conf import GunicornConf

META = Rule("BP325", "unknown-config-name", "web", Severity.WARNING)

_WEB = {"Procfile": "web: gunicorn app:app\n"}

EXAMPLES = (
    bad(
        {**_WEB, "gunicorn.conf.py": "«worker» = 3\n"},
        fixed={"gunicorn.conf.py": "workers = 3\n"},
        safety="unsafe",
        message="did you mean 'workers'?",
    ),
    bad(
        {**_WEB, "gunicorn.conf.py": "«log_level» = 'debug'\n«preload» = True\n"},
        fixed={"gunicorn.conf.py": "loglevel = 'debug'\npreload_app = True\n"},
        safety="unsafe",
    ),
    bad(
        {**_WEB, "gunicorn.conf.py": "«max_request» = 3\nmax_requests = 4\n"},
        title="both, so renaming is no help",
    ),
    ok(
        {**_WEB, "gunicorn.conf.py": "import os\nport = os.environ['PORT']\nbind = f':{port}'\n"},
        title="a variable",
    ),
    ok({**_WEB, "gunicorn.conf.py": "worker = 3\nworkers = worker * 2\n"}, title="used in the file"),
    ok({**_WEB, "gunicorn.conf.py": "workers = 3\nWORKER = 2\n_thread = 1\n"}, title="the file's own names"),
    ok({"Procfile": "web: gunicorn -c etc.py app:app\n", "etc.py": "threads = 4\nunrelated = 1\n"}),
)

# Names of options, and others that people try -> the setting.
_MEANT = {
    "preload": "preload_app",
    "log_level": "loglevel",
    "access_log": "accesslog",
    "access_logfile": "accesslog",
    "access_log_file": "accesslog",
    "accesslogfile": "accesslog",
    "error_log": "errorlog",
    "error_logfile": "errorlog",
    "errorlogfile": "errorlog",
    "log_file": "errorlog",
    "logfile": "errorlog",
    "access_logformat": "access_log_format",
    "keep_alive": "keepalive",
    "worker": "workers",
    "num_workers": "workers",
    "worker_count": "workers",
    "worker_threads": "threads",
    "worker_timeout": "timeout",
    "log_config": "logconfig",
    "pid": "pidfile",
    "pid_file": "pidfile",
    "proxy_allow_from": "proxy_allow_ips",
    "reload_extra_file": "reload_extra_files",
    "workerclass": "worker_class",
    "no_control_socket": "control_socket_disable",
}


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report names that are almost those of settings and are used for nothing else."""
    setup = app.gunicorn(web)
    conf = setup.conf if setup is not None else None
    if conf is None:
        return
    known = gunicorn.settings()
    used = _used(conf)
    for assigned in conf.assignments:
        name = assigned.name
        if name in known or name in used or name != name.lower() or name.startswith("_"):
            continue
        meant = _MEANT.get(name) or _close(name, known)
        if meant is None or meant not in known:
            continue
        edit = Edit(conf.source.path, assigned.name_span, meant)
        fix = Fix(f"Rename it to {meant}", Safety.UNSAFE, (edit,), reason="it then has an effect")
        yield META.found(
            conf.source,
            assigned.name_span,
            f"gunicorn has no setting {name} and passes over it, did you mean {meant!r}?",
            help=f"write {meant}",
            fix=fix if conf.find(meant) is None else None,
            evidence=[fact("unknown names in the configuration file are ignored")],
        )


def _close(name: str, known: dict[str, gunicorn.Setting]) -> str | None:
    from bpopt.suggest import closest

    return closest(name, known, 0.88)


def _used(conf: GunicornConf) -> set[str]:
    """The names that the file itself reads."""
    import ast

    tree = conf.syntax.module
    nodes = ast.walk(tree) if tree is not None else ()
    return {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
