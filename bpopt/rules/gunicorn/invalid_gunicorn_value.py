"""gunicorn cannot use the value of an option.

## What it does

Finds values of gunicorn options that are no number where one is wanted (`--timeout 30s`, `--workers auto`), that
are out of range (a port above 65535, a negative number), that stop the app from serving (`--workers 0`), that are
none of the few a setting has (`--header-map`, `--http-protocols`), names where addresses are wanted, a folder for
`--chdir` that the app does not have, and log levels that gunicorn does not know; in the command, in
`GUNICORN_CMD_ARGS` and in the configuration file.

## Why is this bad

gunicorn ends with an error instead of starting. With `--workers 0` it starts, listens and never answers. An unknown
log level is silently taken for `info`.

## Fix safety

Safe for a unit of seconds behind a number, which goes. Otherwise what to write is for you to say.

## References

- [gunicorn settings](https://docs.gunicorn.org/en/stable/settings.html)
- [gunicorn, config.py](https://github.com/benoitc/gunicorn/blob/master/gunicorn/config.py)
"""

from __future__ import annotations

from functools import lru_cache
from posixpath import join, normpath
from typing import TYPE_CHECKING

from bpopt.app.gunicorn_setup import CMD_ARGS, FILE, OPTION, Given, releases, started_in
from bpopt.app.names import has_source
from bpopt.documents import gunicorn
from bpopt.documents.gunicorn import before
from bpopt.finding import Edit, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.gunicorn import fact
from bpopt.rules.gunicorn.choices import CHOICES, TRUSTED, no_address, no_choice
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.gunicorn_setup import Setup
    from bpopt.app.web import Web

META = Rule("BP306", "invalid-gunicorn-value", "web", Severity.ERROR)

EXAMPLES = (
    bad("web: gunicorn app:app --workers «0»\n", message="starts no worker"),
    bad(
        "web: gunicorn app:app -t «30s»\n",
        fixed="web: gunicorn app:app -t 30\n",
        message="is no whole number",
    ),
    bad("web: gunicorn app:app --workers=«auto»\n"),
    bad("web: gunicorn app:app --threads «2.5»\n"),
    bad("web: gunicorn app:app -w «-1»\n", message="may not be negative"),
    bad("web: gunicorn app:app --bind 0.0.0.0:«99999»\n", message="no port"),
    bad("web: gunicorn app:app --bind 0.0.0.0:«http»\n"),
    bad("web: gunicorn app:app --bind «$PORT»\n", fixed="web: gunicorn app:app --bind 0.0.0.0:$PORT\n"),
    bad("web: gunicorn app:app --log-level «warn»\n", severity="warning", message="taken for info"),
    bad({"Procfile": "web: gunicorn app:app\n", "gunicorn.conf.py": 'workers = «"many"»\n'}),
    bad(
        {
            "Procfile": "web: gunicorn app:app\n",
            "app.json": '{"env": {"GUNICORN_CMD_ARGS": «"--workers two"»}}\n',
        }
    ),
    bad(
        "web: gunicorn app:app --header-map «keep»\n", message="'keep' is not one of drop, refuse, dangerous"
    ),
    bad("web: gunicorn app:app --http-protocols «h2,h3»\n", message="'h3' is not one of h1, h2"),
    bad("web: gunicorn app:app --forwarded-allow-ips «proxy»\n", message="no address", severity="warning"),
    bad(
        {
            "Procfile": "web: gunicorn app:app --forwarded-allow-ips «proxy»\n",
            "requirements.txt": "gunicorn==23.0.0\n",
        },
        severity="error",
    ),
    bad(
        {"Procfile": "web: gunicorn --chdir «source» app:app\n", "src/app.py": "app = 1\n"},
        message="no folder source",
    ),
    ok({"Procfile": "web: gunicorn --chdir src app:app\n", "src/app.py": "app = 1\n"}),
    ok("web: gunicorn --chdir src app:app\n", title="no source is there at all"),
    ok("web: gunicorn app:app --forwarded-allow-ips='*' --header-map drop --proxy-allow-from 10.0.0.0/8\n"),
    ok(
        {
            "Procfile": "web: gunicorn app:app --forwarded-allow-ips proxy\n",
            "requirements.txt": "gunicorn==20.1.0\n",
        },
        title="old releases take anything",
    ),
    ok("web: gunicorn app:app --workers $WORKERS --timeout ${TIMEOUT:-60}\n", title="only run time knows"),
    ok("web: gunicorn app:app --workers 3 --bind 0.0.0.0:$PORT --log-level DEBUG\n"),
    ok("web: gunicorn app:app --bind unix:/tmp/app.sock --bind :8000 -b [::]:5000\n"),
    ok(
        {"Procfile": "web: gunicorn app:app\n", "gunicorn.conf.py": 'workers = "4"\n'},
        title="a number in quotes is taken",
    ),
)

_HELP = {"count": "write a whole number", "": "write one of those"}
_HELP_BY_NAME = {
    "bind": "write host:port, such as 0.0.0.0:$PORT",
    "chdir": "name a folder of the app, by its path from where gunicorn starts",
    "forwarded_allow_ips": "write addresses, or * where only the platform's router can connect",
    "proxy_allow_ips": "write addresses",
}
_LEVELS = frozenset({"critical", "error", "warning", "info", "debug"})


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report each value that gunicorn refuses or misunderstands."""
    setup = app.gunicorn(web)
    if setup is None or web.script.errors:
        return
    for name, given in _values(setup):
        if given.value is not None and _is_fine(name, given.value):
            continue
        setting = gunicorn.settings().get(name)
        why, severity, part = _wrong(name, setting.kind if setting else "", given)
        if not why and given.value is not None:
            why, severity = _unusable(name, given.value, setup, app)
        if not why or given.source is None or given.span is None:
            continue
        option = setting.long if setting and given.origin != FILE else name
        yield META.found(
            given.source,
            part or given.span,
            f"{option}: {why}",
            help=_HELP_BY_NAME.get(name) or _HELP.get(setting.kind if setting else "", _HELP[""]),
            fix=_fix(given, part or given.span),
            severity=severity,
            evidence=[fact("gunicorn checks its settings before it starts")],
        )


@lru_cache(512)  # apps of one repository give much the same values
def _is_fine(name: str, value: str) -> bool:
    """Whether a value is right whatever else the app says: of these settings the place or the rest counts, too."""
    if name in TRUSTED or name in ("bind", "chdir"):
        return False
    setting = gunicorn.settings().get(name)
    return not _wrong(name, setting.kind if setting else "", Given(OPTION, value))[0]


def _values(setup: Setup) -> Iterator[tuple[str, Given]]:
    """Every literal value with its setting; `$PORT` alone counts as literal."""
    for option in setup.arguments.options:
        if option.setting is not None and option.value_span is not None:
            value = option.raw if option.raw in ("$PORT", "${PORT}") else option.value
            yield option.setting.name, Given(OPTION, value, setup.web.source, option.value_span)
    for source, span, arguments in setup.extra:
        for option in arguments.options:
            if option.setting is not None:
                yield option.setting.name, Given(CMD_ARGS, option.value, source, span)
    if setup.conf is None:
        return
    for assigned in setup.conf.assignments:
        if assigned.literal and isinstance(assigned.value, str | int | float):
            yield assigned.name, Given(FILE, str(assigned.value), setup.conf.source, assigned.value_span)


def _wrong(name: str, kind: str, given: Given) -> tuple[str, Severity, Span | None]:
    """What is wrong with a value, how bad it is, and the part of it."""
    value = given.value
    if value is None:
        return "", META.severity, None
    if kind == "count" and value not in ("True", "False"):
        return _wrong_number(name, value), META.severity, None
    if name == "loglevel" and value.lower() not in _LEVELS:
        known = ", ".join(sorted(_LEVELS))
        return f"{value!r} is taken for info, the levels are {known}", Severity.WARNING, None
    if kind in CHOICES:
        return no_choice(kind, value), META.severity, None
    if name == "bind":
        why, part = _wrong_address(value)
        at = given.span.end - len(part) if given.span and given.origin == OPTION else None
        exact = at is not None and given.source is not None and given.source.text[at : given.span.end] == part  # type: ignore[union-attr]
        return why, META.severity, Span(at, at + len(part)) if exact and at is not None else None
    return "", META.severity, None


def _unusable(name: str, value: str, setup: Setup, app: App) -> tuple[str, Severity]:
    """What is wrong with a value by what else is known: the app's folders, the release of gunicorn."""
    if name in TRUSTED:
        old = [before(release, "23") for release in releases(app)]
        return ("" if all(old) else no_address(value)), Severity.WARNING if any(old) else META.severity
    if name == "chdir" and _no_folder(value, setup, app):
        return f"there is no folder {value}: gunicorn ends with an error", META.severity
    return "", META.severity


def _no_folder(value: str, setup: Setup, app: App) -> bool:
    """Whether the app, whose source is there, certainly has no such folder (a link may be one)."""
    if value.startswith(("/", "..", "~")) or started_in(setup.web) is None or not has_source(app):
        return False
    inside = normpath(join(setup.folder, value))
    return inside != "." and not any(p == inside or p.startswith(f"{inside}/") for p, _ in app.files.walk())


def _wrong_number(name: str, value: str) -> str:
    try:
        number = int(value)
    except ValueError:
        return f"{value!r} is no whole number"
    if number < 0:
        return f"{value} may not be negative"
    return (
        "0 starts no worker: gunicorn listens and never answers" if name == "workers" and not number else ""
    )


def _wrong_address(value: str) -> tuple[str, str]:
    """What is wrong with an address to listen on, and the part of it."""
    if value.startswith(("unix:", "fd://")):
        return "", value
    if value in ("$PORT", "${PORT}") or value.isdigit():
        return f"{value} alone is taken for a host name, a colon must stand before a port", value
    after = value.rpartition("]")[2] if "]" in value else value.removeprefix("tcp://")
    port = after.partition(":")[2].partition(":")[0] if ":" in after else ""
    if not port or "$" in port:
        return "", value
    if not port.isdigit() or not 0 <= int(port) <= 65535:
        return f"{port!r} is no port", port
    return "", value


def _fix(given: Given, span: Span) -> Fix | None:
    value = (given.value or "").strip()
    path = given.source.path if given.source else ""
    if given.origin == OPTION and value in ("$PORT", "${PORT}"):
        return Fix("Listen on all addresses", Safety.SAFE, (Edit(path, span, f"0.0.0.0:{value}"),))
    number = value.lower().removesuffix("seconds").removesuffix("secs").removesuffix("sec").removesuffix("s")
    if given.origin == OPTION and number != value.lower() and number.isdigit():
        return Fix(f"Write {number}", Safety.SAFE, (Edit(path, span, number),))
    return None
