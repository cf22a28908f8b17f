"""Where the server of a web command listens, as far as its command line tells. Defaults checked 2026-11-24."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.text import Span, has_any
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.app.web import Web
    from bpopt.documents.command import Word

LOCAL = ("localhost", "127.", "::1", "[::1]")
PORT = "$PORT"
# Programs that take requests from outside and hand them to a server that listens on this machine only.
_PROXIES = ("nginx", "caddy", "haproxy", "envoy", "traefik", "httpd", "apache")


class Server(NamedTuple):
    """The options of a server: for the host, the port, both at once; those that replace them; what it does else.

    `default` is (host, port) without options, None where it does not listen then. `elsewhere` are variables and
    files that can say the same.
    """

    host: tuple[str, ...]
    port: tuple[str, ...]
    both: tuple[str, ...]
    instead: tuple[str, ...]
    default: tuple[str, str] | None
    elsewhere: tuple[str, ...]
    url: str


SERVERS = {
    "uvicorn": Server(
        ("--host",),
        ("--port",),
        (),
        ("--uds", "--fd"),
        ("127.0.0.1", "8000"),
        ("UVICORN_HOST", "UVICORN_PORT"),
        "https://www.uvicorn.org/settings/#socket-binding",
    ),
    "hypercorn": Server(
        (),
        (),
        ("-b", "--bind"),
        ("-c", "--config"),
        ("127.0.0.1", "8000"),
        (),
        "https://hypercorn.readthedocs.io/en/latest/how_to_guides/binds.html",
    ),
    "daphne": Server(
        ("-b", "--bind"),
        ("-p", "--port"),
        (),
        ("-u", "--unix-socket", "--fd", "-e", "--endpoint"),
        ("127.0.0.1", "8000"),
        (),
        "https://github.com/django/daphne/blob/main/daphne/cli.py",
    ),
    "waitress-serve": Server(
        ("--host",),
        ("--port",),
        ("--listen",),
        ("--unix-socket",),
        ("0.0.0.0", "8080"),
        (),
        "https://docs.pylonsproject.org/projects/waitress/en/stable/runner.html",
    ),
    "uwsgi": Server(
        (),
        (),
        ("--http", "--http-socket"),
        (),
        None,
        (),
        "https://uwsgi-docs.readthedocs.io/en/latest/Options.html",
    ),
    "streamlit": Server(
        ("--server.address",),
        ("--server.port",),
        (),
        (),
        ("0.0.0.0", "8501"),
        ("STREAMLIT_SERVER_PORT", ".streamlit/config.toml"),
        "https://docs.streamlit.io/develop/api-reference/configuration/config.toml#server",
    ),
}


class Listening(NamedTuple):
    """One address that a server listens on. `port` is digits, PORT where the platform's variable stands, None if
    not known; the spans are those of host and port as written, empty behind the command where nothing is."""

    program: str
    host: str | None
    port: str | None
    host_span: Span
    port_span: Span
    url: str

    @property
    def local(self) -> bool:
        """Whether nobody outside this machine can connect."""
        return self.host is not None and self.host.lower().startswith(LOCAL)


def listening(web: Web, app: App) -> tuple[Listening, ...]:
    """The addresses a command certainly listens on; none where that is not clear."""
    if behind_proxy(web):
        return ()
    if web.gunicorn is not None:
        return tuple(_of_gunicorn(web))
    program = web.final.program or ""
    server = SERVERS.get(program)
    if server is None or _said_elsewhere(server, app):
        return ()
    words = list(web.final.arguments)
    if program == "streamlit" and (not words or words[0].value != "run" or len(web.script.commands) > 1):
        return ()  # a `setup.sh` before it usually writes ~/.streamlit/config.toml
    return tuple(_of_server(web, program, server, words))


def behind_proxy(web: Web) -> bool:
    """Whether the command also starts something that takes the requests."""
    text = web.source.text[slice(*web.span)].lower()
    return has_any(text, _PROXIES)


def _said_elsewhere(server: Server, app: App) -> bool:
    return any(p.name in server.elsewhere for p in app.env) or any(
        app.files.exists(e) for e in server.elsewhere
    )


def _of_gunicorn(web: Web) -> Iterator[Listening]:
    url = "https://docs.gunicorn.org/en/stable/settings.html#bind"
    for option in web.gunicorn.options if web.gunicorn is not None else ():
        if option.setting is not None and option.setting.name == "bind" and option.value_span is not None:
            yield from parsed_address("gunicorn", option.raw, option.value_span, url)


def _of_server(web: Web, program: str, server: Server, words: list[Word]) -> Iterator[Listening]:
    options = list(_options(words))
    flags = [flag for flag, _, _ in options]
    if any(flag in server.instead for flag in flags) or _may_hold_options(words):
        return
    together = [(text, span) for flag, text, span in options if flag in server.both]
    for text, span in together:
        yield from parsed_address(program, text, span, server.url)
    if together or server.default is None:
        return
    default_host, default_port = server.default
    host = next(((t, s) for f, t, s in reversed(options) if f in server.host), (default_host, web.end))
    port = next(((t, s) for f, t, s in reversed(options) if f in server.port), (default_port, web.end))
    yield Listening(program, _host(host[0]), _port(port[0]), host[1], port[1], server.url)


def _may_hold_options(words: list[Word]) -> bool:
    """Whether a variable stands alone, and not behind an option as its value."""
    before = [None, *words]
    return any(
        word.text.startswith("$") and (last is None or not last.text.startswith("-") or "=" in last.text)
        for last, word in zip(before, words, strict=False)
    )


def _options(words: list[Word]) -> Iterator[tuple[str, str, Span]]:
    """(flag, value as written, its place) of each option that has a value."""
    for at, word in enumerate(words):
        flag, equals, attached = word.text.partition("=")
        if not flag.startswith("-"):
            continue
        if equals:
            yield flag, attached, Span(word.span.end - len(attached), word.span.end)
        elif at + 1 < len(words) and not words[at + 1].text.startswith("-"):
            yield flag, words[at + 1].text, words[at + 1].span


def parsed_address(program: str, text: str, span: Span, url: str) -> Iterator[Listening]:
    """`host:port` as written; nothing for sockets and what cannot be read."""
    bare = text.strip("\"'")
    if bare.startswith(("unix:", "fd:")) or bare.count("$(") or not bare:
        return
    start = span.start + text.index(bare)
    host, colon, port = _split(bare.removeprefix("tcp://"))
    at = Span(start, start + len(bare) - len(port) - bool(colon))
    where = Span(start + len(bare) - len(port), start + len(bare))
    yield Listening(program, _host(host), _port(port) if port else None, at, where, url)


def _split(address: str) -> tuple[str, str, str]:
    """Host, colon and port; a colon within `${...}` or `[...]` does not count."""
    depth = 0
    for at, char in enumerate(address):
        depth += (char in "{[") - (char in "}]")
        if char == ":" and not depth:
            return address[:at], ":", address[at + 1 :]
    return address, "", ""


def _host(text: str) -> str | None:
    bare = text.strip("\"'")
    return None if "$" in bare else bare


def _port(text: str) -> str | None:
    bare = text.strip("\"'")
    if bare.isdigit():
        return bare
    return PORT if bare in ("$PORT", "${PORT}") else None


def expected(web: Web, app: App, target: Target) -> int | None:
    """The one port that a platform sends requests to, 0 if only $PORT tells; None if that is not certain."""
    platform = target.platform
    fixed = platform.fact("port.fixed_works")
    if platform.name != "digitalocean":
        return 0 if fixed is not None and fixed.verified and fixed.value is False else None
    services = app.app_spec.services if app.app_spec is not None else ()
    own = next((s for s in services if s.run_command and s.run_command.verbatim == web.span), None)
    service = own or (services[0] if len(services) == 1 else None)
    if service is None:
        return None if services else _default(target)
    if service.view.at("internal_ports").node is not None and service.http_port is None:
        return None
    return service.http_port.value if service.http_port is not None else _default(target)


def _default(target: Target) -> int | None:
    port = target.platform.number("port.default")
    return int(port) if port else None
