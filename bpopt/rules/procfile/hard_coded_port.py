"""The web process listens where nobody asks.

## What it does

Finds web commands whose server listens on a port of its own instead of `$PORT`, or on localhost: gunicorn, uvicorn,
hypercorn, daphne, waitress, uwsgi and streamlit, by their options or, where they do not read `PORT`, without them;
gunicorn by `GUNICORN_CMD_ARGS` and its configuration file, too.
On DigitalOcean 8080 is right, which is `http_port` unless the app spec says otherwise (see `port-mismatch`).

## Why is this bad

The platform sends requests to the port it chose, from outside the container. A process that does not answer there
is stopped: on Heroku after 60 seconds (R10), on DigitalOcean by the health check, and the deploy is rolled back.

## Fix safety

Safe: the address becomes `0.0.0.0` and the port `$PORT`, which every platform sets (on DigitalOcean to `http_port`).
Unsafe in a configuration file: its `bind` goes, and gunicorn listens on `$PORT` by itself where that is set.

## References

- [Heroku: the Procfile's web process binds $PORT](https://devcenter.heroku.com/articles/procfile#the-web-process-type)
- [DigitalOcean: failed health checks](https://docs.digitalocean.com/support/my-app-deployment-failed-because-of-a-health-check/)
- [R10 with a fixed port](https://github.com/wagtail-deprecated/wagtaildemo/issues/86)
- [gunicorn settings: bind](https://docs.gunicorn.org/en/stable/settings.html#bind)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bpopt.app.gunicorn_setup import FILE
from bpopt.app.servers import PORT, behind_proxy, expected, listening, parsed_address
from bpopt.finding import Edit, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.procfile import fact, known, titles
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.servers import Listening
    from bpopt.app.targets import Target
    from bpopt.app.web import Web
    from bpopt.text import Source

META = Rule("BP206", "hard-coded-port", "web", Severity.ERROR)

_GUNICORN = {"Procfile": "web: gunicorn app:app\n"}
_SPEC = "services:\n- name: web\n  http_port: {}\n  run_command: gunicorn app:app --bind {}\n"

EXAMPLES = (
    bad(
        "web: gunicorn app:app --bind «127.0.0.1:8000»\n",
        fixed="web: gunicorn app:app --bind 0.0.0.0:$PORT\n",
        message="listens on 127.0.0.1",
    ),
    bad("web: gunicorn -b «localhost:$PORT» app:app\n", fixed="web: gunicorn -b 0.0.0.0:$PORT app:app\n"),
    bad(
        "web: gunicorn app:app --bind=«0.0.0.0:5000»\n", fixed="web: gunicorn app:app --bind=0.0.0.0:$PORT\n"
    ),
    bad(
        "web: gunicorn app:app --bind «:5000»\n",
        fixed="web: gunicorn app:app --bind 0.0.0.0:$PORT\n",
        on="scalingo",
    ),
    bad(
        "web: «uvicorn» main:app\n",
        fixed="web: uvicorn main:app --host 0.0.0.0 --port $PORT\n",
        title="uvicorn does not read PORT",
    ),
    bad(
        "web: uvicorn main:app --host 0.0.0.0 --port «8000»\n",
        fixed="web: uvicorn main:app --host 0.0.0.0 --port $PORT\n",
    ),
    bad("web: uwsgi --http «:5000» --module app\n", fixed="web: uwsgi --http 0.0.0.0:$PORT --module app\n"),
    bad("web: «streamlit» run app.py\n", fixed="web: streamlit run app.py --server.port $PORT\n"),
    bad(
        "web: gunicorn app:app -b «0.0.0.0:5000»\n",
        on="digitalocean",
        fixed="web: gunicorn app:app -b 0.0.0.0:$PORT\n",
        message="port 5000, DigitalOcean App Platform asks on port 8080",
    ),
    bad(
        {".do/app.yaml": _SPEC.format(8080, "«127.0.0.1:8080»")},
        on="digitalocean",
        fixed={".do/app.yaml": _SPEC.format(8080, "0.0.0.0:$PORT")},
    ),
    bad(
        {"Procfile": "web: gunicorn app:app -b «0.0.0.0:8080»\n"},
        on=("heroku", "digitalocean"),
        fixed="web: gunicorn app:app -b 0.0.0.0:$PORT\n",
        title="right on DigitalOcean, wrong on Heroku",
    ),
    bad(
        {**_GUNICORN, "gunicorn.conf.py": "workers = 2\nbind = «'127.0.0.1:8000'»\n"},
        fixed={"gunicorn.conf.py": "workers = 2\n"},
        safety="unsafe",
        message="listens on 127.0.0.1",
        title="in the configuration file",
    ),
    bad(
        {**_GUNICORN, "gunicorn.conf.py": "bind = «['0.0.0.0:5000']»\n"},
        fixed={"gunicorn.conf.py": ""},
        safety="unsafe",
    ),
    bad({**_GUNICORN, "app.json": '{"env": {"GUNICORN_CMD_ARGS": «"-b :8000"»}}\n'}, message="port 8000"),
    ok({"Procfile": "web: gunicorn app:app -b :$PORT\n", "gunicorn.conf.py": "bind = '127.0.0.1:8000'\n"}),
    ok({**_GUNICORN, "gunicorn.conf.py": "import os\nbind = '0.0.0.0:' + os.environ['PORT']\n"}),
    ok({**_GUNICORN, "gunicorn.conf.py": "bind = 'unix:/tmp/nginx.socket'\n"}),
    ok(
        {**_GUNICORN, "gunicorn.conf.py": "bind = ':8080'\n"},
        on="digitalocean",
        title="the default http_port",
    ),
    ok({".do/app.yaml": _SPEC.format(8080, "0.0.0.0:8080")}, on="digitalocean", title="the http_port"),
    ok({".do/app.yaml": _SPEC.format(5000, ":5000")}, on="digitalocean", title="the http_port"),
    ok("web: gunicorn app:app --bind 0.0.0.0:8080\n", on="digitalocean", title="the default http_port"),
    ok("web: gunicorn app:app\n", title="gunicorn listens on $PORT by itself"),
    ok("web: gunicorn app:app --bind 0.0.0.0:$PORT\n"),
    ok('web: gunicorn app:app --bind "0.0.0.0:${PORT}"\n'),
    ok("web: gunicorn app:app --bind 0.0.0.0:${PORT:-8000}\n", title="a port for elsewhere"),
    ok("web: bin/start-nginx gunicorn -b 127.0.0.1:8000 app:app\n", title="nginx stands before it"),
    ok("web: gunicorn -b unix:/tmp/nginx.socket app:app\n"),
    ok("web: uvicorn main:app --host 0.0.0.0 --port $PORT\n"),
    ok("web: uvicorn main:app $UVICORN_OPTIONS\n", title="the variable may hold the port"),
    ok("web: sh setup.sh && streamlit run app.py\n", title="a script that writes its configuration"),
    ok({"Procfile": "web: streamlit run app.py\n", ".streamlit/config.toml": "[server]\nport = 1\n"}),
)

_BIND = "https://docs.gunicorn.org/en/stable/settings.html#bind"
_HEROKU = "https://devcenter.heroku.com/articles/procfile#the-web-process-type"


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report servers whose every address is one that the platform does not ask."""
    addresses = listening(web, app)
    if not addresses and web.gunicorn is not None and web.gunicorn.get("bind") is None:
        yield from _configured(web, app)
    wrong = [(one, _wrong_on(one, web, app)) for one in addresses]
    if not wrong or any(not targets for _, targets in wrong):
        return
    for address, targets in wrong:
        yield META.found(
            web.source,
            _place(address, web),
            _message(address, web, app, targets),
            help="listen on 0.0.0.0 and $PORT",
            fix=_fix(address, web),
            evidence=[
                fact("where it listens by its options", address.url),
                *known(targets, "port.variable", "PORT"),
            ],
            on=targets if len(targets) < len(web.targets) else (),
        )


def _configured(web: Web, app: App) -> Iterator[Finding]:
    """Report a gunicorn whose settings elsewhere let it listen where no target asks."""
    setup = app.gunicorn(web)
    given = setup.given("bind") if setup is not None and not behind_proxy(web) else None
    if setup is None or given is None or given.value is None or given.source is None or given.span is None:
        return
    values = re.findall(r"[^\s\[\]'\",]+", given.value)
    addresses = [found for text in values for found in parsed_address("gunicorn", text, given.span, _BIND)]
    wrong = [(one, _wrong_on(one, web, app)) for one in addresses]
    if len(addresses) == len(values) and wrong and all(targets for _, targets in wrong):
        targets = wrong[0][1]
        yield META.found(
            given.source,
            given.span,
            _message(wrong[0][0], web, app, targets),
            help="leave bind out: gunicorn listens on 0.0.0.0 and $PORT by itself",
            fix=_unbound(given.source, given.span) if given.origin == FILE else None,
            evidence=[
                fact("where it listens by its settings", _BIND),
                *known(targets, "port.variable", "PORT"),
            ],
            on=targets if len(targets) < len(web.targets) else (),
        )


def _unbound(source: Source, span: Span) -> Fix | None:
    """The fix that takes `bind` out of a configuration file, where it has a line of its own."""
    line = source.whole_line(span)
    if re.fullmatch(r"bind\s*=[^;\n]*\n?", source.text[line.start : line.end]) is None:
        return None
    reason = "where PORT is not set gunicorn then listens on 127.0.0.1:8000"
    return Fix("Leave bind out", Safety.UNSAFE, (Edit(source.path, line, ""),), reason=reason)


def _wrong_on(address: Listening, web: Web, app: App) -> tuple[Target, ...]:
    """The targets that do not reach an address."""
    if address.local:
        return web.targets
    if address.port is None or address.port == PORT:
        return ()
    # What an app spec says of ports is compared by port-mismatch, BP806.
    own = [t for t in web.targets if app.app_spec is None or t.platform.name != "digitalocean"]
    wanted = [(target, expected(web, app, target)) for target in own]
    return tuple(target for target, port in wanted if port is not None and str(port) != address.port)


def _message(address: Listening, web: Web, app: App, targets: tuple[Target, ...]) -> str:
    if address.local:
        return f"{address.program} listens on {address.host}, where only this container can reach it"
    port = expected(web, app, targets[0])
    asks = "ask" if len({t.platform.name for t in targets}) > 1 else "asks"
    where = f"port {port}" if port else "$PORT"
    return f"{address.program} listens on port {address.port}, {titles(targets)} {asks} on {where}"


def _place(address: Listening, web: Web) -> Span:
    """Host and port as far as they are written, else the program."""
    written = [s for s in (address.host_span, address.port_span) if s.start < s.end]
    if not written:
        return web.final.words[0].span
    if address.host_span.end + 1 >= address.port_span.start >= address.host_span.start:
        return Span(address.host_span.start, address.port_span.end)
    return written[0] if address.local and address.host_span in written else written[-1]


def _fix(address: Listening, web: Web) -> Fix:
    title = "Listen on 0.0.0.0 and $PORT"
    place = _place(address, web)
    if (
        address.program in ("gunicorn", "uwsgi", "hypercorn")
        and address.port_span.start < address.port_span.end
    ):
        return Fix(title, Safety.SAFE, (Edit(web.source.path, place, "0.0.0.0:$PORT"),))
    flags = {
        "uvicorn": ("--host", "--port"),
        "daphne": ("-b", "-p"),
        "waitress-serve": ("--host", "--port"),
        "streamlit": ("--server.address", "--server.port"),
    }.get(address.program)
    if flags is None:
        both = {"hypercorn": " --bind 0.0.0.0:$PORT"}.get(address.program)
        return (
            Fix(title, Safety.SAFE, (Edit(web.source.path, web.end, both),))
            if both
            else Fix(title, Safety.DISPLAY)
        )
    edits = []
    added = ""
    if address.local and address.host_span == web.end:
        added += f" {flags[0]} 0.0.0.0"
    elif address.local:
        edits.append(Edit(web.source.path, address.host_span, "0.0.0.0"))
    if address.port != PORT and address.port_span == web.end:
        added += f" {flags[1]} $PORT"
    elif address.port != PORT and address.port is not None:
        edits.append(Edit(web.source.path, address.port_span, "$PORT"))
    if added:
        edits.append(Edit(web.source.path, web.end, added))
    return Fix(title, Safety.SAFE, tuple(edits))
