"""A file is dead because something else decides.

## What it does

Finds files of buildpacks (Aptfile, runtime.txt, .slugignore, .buildpacks) in apps that are built from a Dockerfile or
by another builder: a component with `dockerfile_path` or `image`, a Dockerfile on Dokku or App Platform, a heroku.yml
with `build.docker`, a project.toml on Dokku. On App Platform the Procfile is dead beside a Dockerfile, too, and on
Heroku beside such a heroku.yml where app.json asks for the stack `container`: its `run`, else the `CMD` of the
Dockerfile, is the command. (What a `run_command` takes the place of is told by `overridden-procfile`.)

## Why is this bad

Nobody reads them any more, but they look as if they counted. Packages are added to the Aptfile, and the
image stays as it was.

## Fix safety

There is no fix: either the file or the Dockerfile is the one that was meant.

## References

- [App Platform: Python buildpack, Dockerfile first](https://docs.digitalocean.com/products/app-platform/reference/buildpacks/python/)
- [Dokku: Dockerfile builder](https://dokku.com/docs/deployment/builders/dockerfiles/)
- [Heroku: heroku.yml](https://devcenter.heroku.com/articles/build-docker-images-heroku-yml)
- [Heroku: Docker images do not use the Procfile](https://help.heroku.com/YNG7SACF/how-do-i-define-a-start-command-for-an-app-using-docker-images)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Finding, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.app_spec import Component
    from bpopt.text import Source

META = Rule("BP006", "dead-file", "app", Severity.WARNING)

EXAMPLES = (
    bad(
        {
            ".do/app.yaml": "services:\n- name: web\n  dockerfile_path: Dockerfile\n",
            "Aptfile": "«cmake»\n",
            "Dockerfile": "FROM x\n",
        },
        on="digitalocean",
        message="dockerfile_path",
    ),
    bad({"Dockerfile": "FROM python:3.13\n", "Aptfile": "«cmake»\n", "Procfile": "web: x\n"}, on="dokku"),
    bad(
        {"heroku.yml": "build:\n  docker:\n    web: Dockerfile\n", "runtime.txt": "«python-3.13.1»\n"},
        message="heroku.yml",
    ),
    bad(
        {
            "heroku.yml": "build:\n  docker:\n    web: Dockerfile\n",
            "app.json": '{"stack": "container"}\n',
            "Procfile": "«web: gunicorn app:app»\n",
        },
        message="app.json asks for the stack container",
    ),
    ok(
        {
            "heroku.yml": "build:\n  docker:\n    web: Dockerfile\nrun:\n  web: gunicorn app:app\n",
            "app.json": '{"stack": "heroku-24"}\n',
            "Procfile": "web: gunicorn app:app\n",
        },
        title="heroku.yml counts on the stack container only",
    ),
    ok(
        {
            "heroku.yml": "build:\n  docker:\n    web: Dockerfile\n",
            "Procfile": "web: gunicorn app:app\n",
        },
        title="no file tells the stack, so the Procfile may be what counts",
    ),
    ok(
        {
            "heroku.yml": "build:\n  docker:\n    web: Dockerfile\n",
            "app.json": '{"stack": "container"}\n',
            "Procfile": "web: gunicorn app:app\n",
        },
        on=("heroku", "dokku"),
        title="Dokku runs it",
    ),
    bad(
        {"Dockerfile": "FROM python:3.13\n", "Aptfile": "«cmake»\n", "Procfile": "«web: x»\n"},
        on="digitalocean",
        message="App Platform builds from the Dockerfile",
        title="no app spec says how it is built",
    ),
    bad(
        {
            ".do/app.yaml": "services:\n- name: web\n  source_dir: /\n",
            "Dockerfile": "FROM x\n",
            "Aptfile": "«cmake»\n",
        },
        on="digitalocean",
    ),
    bad(
        {"project.toml": '[_]\nschema-version = "0.2"\n', "Aptfile": "«cmake»\n"},
        on="dokku",
        severity="info",
        message="project.toml",
    ),
    ok(
        {
            ".do/app.yaml": "services:\n- {name: b, environment_slug: python}\n",
            "Dockerfile": "FROM x\n",
            "Aptfile": "cmake\n",
        },
        on="digitalocean",
        title="the app spec asks for the Python buildpack",
    ),
    ok(
        {
            ".do/app.yaml": "services:\n- {name: b, source_dir: api}\n",
            "Dockerfile": "FROM x\n",
            "Aptfile": "cmake\n",
        },
        on="digitalocean",
        title="the service lies in another folder",
    ),
    ok(
        {"Dockerfile": "FROM python:3.13\n", "Aptfile": "cmake\n"},
        on="heroku",
        title="Heroku ignores a Dockerfile",
    ),
    ok(
        {"Dockerfile": "FROM x\n", "Aptfile": "cmake\n", ".buildpacks": "https://a/b\n"},
        on="dokku",
        title="buildpacks win",
    ),
    ok(
        {"Dockerfile": "FROM x\n", "Aptfile": "cmake\n"},
        on=("dokku", "heroku"),
        title="one of the platforms reads it",
    ),
    ok(
        {
            ".do/app.yaml": "services:\n- {name: a, dockerfile_path: D}\n- {name: b, environment_slug: python}\n",
            "Aptfile": "cmake\n",
        },
        on="digitalocean",
        title="the other service reads it",
    ),
)

# Kinds that only buildpacks read (tools of developers read .python-version, too). A Procfile has its say beside
# a Dockerfile on Dokku, and not on App Platform.
_KINDS = ("aptfile", "runtime_txt", "slugignore", "buildpacks_file", "procfile")
_CONTAINER = "heroku.yml builds from a Dockerfile, and app.json asks for the stack container"
_DOCKERFILE = "App Platform builds from the Dockerfile"
# What a builder that is not known by name may read after all.
_PACK = "Dokku builds with Cloud Native Buildpacks where there is a project.toml"


def check(app: App, context: App) -> Iterator[Finding]:
    """Report each file that no target reads any more, where it is known where the app goes."""
    if not app.knows_target:
        return
    causes = {target: taken_over(app, target) for target in app.targets}
    for kind in _KINDS if any(causes.values()) else ():
        readers = [t for t in app.targets if t.platform.reads(kind) is not False]
        if not readers or any(not _kills(causes[target], kind) for target in readers):
            continue
        for path in app.paths.get(kind, ()):
            source = app.source(path)
            if source is not None:
                yield _finding(source, causes[readers[0]], readers)


def _finding(source: Source, cause: str, readers: list[Target]) -> Finding:
    line = next((line for line in source.lines if line.text.strip() and not line.text.startswith("#")), None)
    return META.found(
        source,
        line.strip()[1] if line is not None else Span(0, 0),
        f"{source.path} is not read: {cause}",
        help="remove it, or what takes its place",
        severity=Severity.INFO if cause == _PACK else None,
        on=tuple(readers),
    )


def _kills(cause: str, kind: str) -> bool:
    """Whether what builds the app leaves a kind of file unread."""
    if kind == "procfile":
        return cause in (_DOCKERFILE, _CONTAINER)
    return bool(cause) and (cause != _PACK or kind in ("aptfile", "slugignore"))


def _asks_for_container(app: App) -> bool:
    root = app.app_json.tree.root if app.app_json is not None else None
    return root is not None and root.text("stack") == "container"


def taken_over(app: App, target: Target) -> str:
    """What takes the buildpacks' place on a target, empty if nothing certainly does."""
    name = target.platform.name
    if name == "digitalocean":
        return _on_app_platform(app)
    if name == "dokku" and not app.has(".buildpacks") and not _chosen_buildpack(app):
        if app.has("project.toml"):
            return _PACK
        return "Dokku builds from the Dockerfile" if app.has("Dockerfile") else ""
    if name == "heroku" and (document := app.first("heroku_yml")) is not None and document.docker:
        return _CONTAINER if _asks_for_container(app) else "heroku.yml builds from a Dockerfile"
    return ""


def _chosen_buildpack(app: App) -> bool:
    env = app.document("dotenv", ".env") if app.has(".env") else None
    return env is not None and any(entry.name == "BUILDPACK_URL" for entry in env.entries)


def _on_app_platform(app: App) -> str:
    spec = app.app_spec
    built = [c for c in spec.components if c.kind in ("service", "worker", "job")] if spec is not None else []
    if built and all(_without_buildpack(c) for c in built):
        return "every component is built from dockerfile_path or an image"
    if not app.has("Dockerfile") or any(_asks_for_buildpack(c) for c in built):
        return ""
    return _DOCKERFILE


def _without_buildpack(component: Component) -> bool:
    return component.dockerfile_path is not None or component.view.at("image").node is not None


def _asks_for_buildpack(component: Component) -> bool:
    """Whether a component names its environment, or is built in another folder than the app's."""
    folder = component.source_dir.value.strip("/.") if component.source_dir is not None else ""
    return bool(folder) or component.view.at("environment_slug").node is not None
