"""The app listens on another port than the one App Platform asks.

## What it does

Compares the port that the web command binds, and a `PORT` among the settings, with the service's
`http_port` (8080 where none is given).

## Why is this bad

App Platform sends requests and health checks to `http_port`. An app that listens elsewhere never becomes
healthy, and the deploy is rolled back. gunicorn listens on `$PORT` by itself, which the platform sets to
http_port unless the app does.

## Fix safety

Safe where the command says the port: it becomes `$PORT`, which App Platform sets to http_port; uvicorn, which does not
read that, gets `--port $PORT`. Unsafe otherwise: `http_port` is set to the port that the command binds. Advice only
where no http_port is written.

## References

- [App Platform: deployment failed because of a health check](https://docs.digitalocean.com/support/my-app-deployment-failed-because-of-a-health-check/)
- [godo: http_port](https://github.com/digitalocean/godo/blob/main/apps.gen.go)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Evidence, Finding, Fix, Label, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.spec import listening
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.web import Web
    from bpopt.documents.app_spec import AppSpec, Component
    from bpopt.text import Source

META = Rule("BP806", "port-mismatch", "app", Severity.ERROR)

_SPEC = "services:\n- name: web\n  http_port: {}\n  run_command: {}\n"

EXAMPLES = (
    bad(
        {".do/app.yaml": _SPEC.format("8080", "gunicorn --bind 0.0.0.0:«8000» app:app")},
        on="digitalocean",
        fixed={".do/app.yaml": _SPEC.format("8080", "gunicorn --bind 0.0.0.0:$PORT app:app")},
    ),
    bad(
        {
            ".do/app.yaml": "services:\n- name: web\n",
            "Procfile": "web: uvicorn app:app --host 0.0.0.0 --port «8000»\n",
        },
        fixed={"Procfile": "web: uvicorn app:app --host 0.0.0.0 --port $PORT\n"},
        on="digitalocean",
        message="http_port is 8080",
    ),
    bad(
        {
            ".do/app.yaml": "services:\n- name: web\n  envs:\n  - key: PORT\n    value: «5000»\n",
            "Procfile": "web: gunicorn a:b\n",
        },
        on="digitalocean",
        message="PORT",
    ),
    bad(
        {".do/app.yaml": _SPEC.format("8080", "flask run -h 0.0.0.0 -p «5000»")},
        on="digitalocean",
        fixed={".do/app.yaml": _SPEC.format("8080", "flask run -h 0.0.0.0 -p $PORT")},
    ),
    bad(
        {".do/app.yaml": "services:\n- name: web\n  run_command: «uvicorn» app:app --host 0.0.0.0\n"},
        fixed={
            ".do/app.yaml": "services:\n- name: web\n  run_command: uvicorn app:app --host 0.0.0.0 --port $PORT\n"
        },
        on="digitalocean",
        message="8000",
        title="uvicorn does not read PORT",
    ),
    ok({".do/app.yaml": _SPEC.format("8000", "gunicorn --bind 0.0.0.0:8000 app:app")}, on="digitalocean"),
    ok(
        {".do/app.yaml": _SPEC.format("8000", "gunicorn app:app")},
        on="digitalocean",
        title="gunicorn follows $PORT",
    ),
    ok({".do/app.yaml": _SPEC.format("8000", "gunicorn -b :$PORT app:app")}, on="digitalocean"),
    ok(
        {".do/app.yaml": "services:\n- name: web\n  run_command: gunicorn -b 0.0.0.0:8080 a:b\n"},
        on="digitalocean",
    ),
    ok({"Procfile": "web: gunicorn -b 0.0.0.0:8000 app:app\n"}, title="Heroku has no http_port"),
    ok(
        {
            ".do/app.yaml": "services:\n- name: web\n  dockerfile_path: Dockerfile\n",
            "Procfile": "web: gunicorn -b :5000 a:b\n",
        },
        on="digitalocean",
    ),
)

DEFAULT = 8080
_GODO = "https://github.com/digitalocean/godo/blob/3fce660c40164d739042422abd984198ea680c63/apps.gen.go"


def check(app: App, context: App) -> Iterator[Finding]:
    """Report services whose command or PORT disagrees with their http_port."""
    spec = app.app_spec
    if spec is None:
        return
    for service in spec.services:
        if (
            service.dockerfile_path is not None
            or service.view.at("image").node is not None
            or _elsewhere(service)
        ):
            continue
        if service.view.at("http_port").node is not None and service.http_port is None:
            continue
        for web in _webs(app, spec, service):
            found = listening.of(web, app)
            if found is not None and found.port != _wanted(service):
                yield _listens(app, spec, service, web, found)
            elif found is None and web.gunicorn is not None and not web.gunicorn.get("bind"):
                yield from _variable(app, spec, service)


def _elsewhere(service: Component) -> bool:
    return service.source_dir is not None and service.source_dir.value.strip("/.") != ""


def _webs(app: App, spec: AppSpec, service: Component) -> list[Web]:
    """The commands that serve this service: its own, or the Procfile's where it is the only service."""
    run = service.run_command
    if run is not None:
        return [
            w
            for w in app.webs
            if run.verbatim is not None and w.source is spec.tree.source and w.span == run.verbatim
        ]
    on_do = [w for w in app.webs if any(t.platform.name == "digitalocean" for t in w.targets)]
    return [w for w in on_do if w.source is not spec.tree.source] if len(spec.services) == 1 else []


def _wanted(service: Component) -> int:
    return service.http_port.value if service.http_port is not None else DEFAULT


def _listens(app: App, spec: AppSpec, service: Component, web: Web, found: listening.Listening) -> Finding:
    written = found.span.start < found.span.end
    fix = _fix(spec.tree.source, service, found.port)
    if written and web.source.text[slice(*found.span)] == str(found.port):
        edit = Edit(web.source.path, found.span, "$PORT")
        fix = Fix("Listen on $PORT", Safety.SAFE, (edit,))
    elif web.final.program == "uvicorn" and not written:
        end = web.final.words[-1].span.end
        fix = Fix("Add --port $PORT", Safety.SAFE, (Edit(web.source.path, Span(end, end), " --port $PORT"),))
    span = found.span if written else web.final.words[0].span
    return _finding(app, spec, service, web.source, span, f"the app listens on {found.port}", fix)


def _variable(app: App, spec: AppSpec, service: Component) -> Iterator[Finding]:
    """A PORT of the app's own, which gunicorn follows."""
    for setting in (*service.envs, *spec.envs):
        value = setting.value or ""
        if setting.name == "PORT" and value.isdigit() and int(value) != _wanted(service):
            source = spec.tree.source
            yield _finding(
                app,
                spec,
                service,
                source,
                setting.value_span,
                f"PORT makes the app listen on {value}",
                _fix(source, service, int(value)),
            )
            return


def _finding(
    app: App, spec: AppSpec, service: Component, source: Source, span: Span, what: str, fix: Fix
) -> Finding:
    wanted, own = _wanted(service), spec.tree.source
    name = service.name.value if service.name else "the service"
    label = [Label(own, service.http_port.span, "asked here")] if service.http_port else []
    return META.found(
        source,
        span,
        f"{what}, but http_port is {wanted}: {name} never becomes healthy",
        help="listen on $PORT, as gunicorn does by itself, or set http_port to this port",
        fix=fix,
        labels=label,
        evidence=[
            Evidence(
                "fact",
                "http_port is where the run command has to listen, 8080 by default",
                _GODO,
                "2026-11-24",
            )
        ],
        on=app.where(lambda t: t.platform.name == "digitalocean"),
    )


def _fix(source: Source, service: Component, port: int) -> Fix:
    title, reason = f"Set http_port to {port}", "requests then go to another port"
    if service.http_port is None:
        return Fix(title, Safety.DISPLAY, reason=reason)
    return Fix(title, Safety.UNSAFE, (Edit(source.path, service.http_port.span, str(port)),), reason=reason)
