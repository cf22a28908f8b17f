"""A file is dead because something else decides.

## What it does

Finds files of buildpacks (Aptfile, runtime.txt, .slugignore, .buildpacks) in apps that
are built from a Dockerfile, or by another builder: a component with `dockerfile_path` or `image`, a
Dockerfile on Dokku, a heroku.yml with `build.docker`.

## Why is this bad

Nobody reads them any more, but they look as if they counted. Packages are added to the Aptfile, and the
image stays as it was.

## Fix safety

There is no fix: either the file or the Dockerfile is the one that was meant.

## References

- [App Platform: Python buildpack, Dockerfile first](https://docs.digitalocean.com/products/app-platform/reference/buildpacks/python/)
- [Dokku: Dockerfile builder](https://dokku.com/docs/deployment/builders/dockerfiles/)
- [Heroku: heroku.yml](https://devcenter.heroku.com/articles/build-docker-images-heroku-yml)
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
# a Dockerfile on Dokku and is left to other rules.
_KINDS = ("aptfile", "runtime_txt", "slugignore", "buildpacks_file")


def check(app: App, context: App) -> Iterator[Finding]:
    """Report each file that no target reads any more, where it is known where the app goes."""
    if not app.knows_target:
        return
    causes = {target: _cause(app, target) for target in app.targets}
    for kind in _KINDS:
        readers = [t for t in app.targets if t.platform.reads(kind) is not False]
        if not readers or any(not causes[target] for target in readers):
            continue
        for path in app.paths.get(kind, ()):
            source = app.source(path)
            if source is None:
                continue
            line = next(
                (line for line in source.lines if line.text.strip() and not line.text.startswith("#")), None
            )
            yield META.found(
                source,
                line.strip()[1] if line is not None else Span(0, 0),
                f"{path} is not read: {causes[readers[0]]}",
                help="remove it, or what takes its place",
                on=tuple(readers),
            )


def _cause(app: App, target: Target) -> str:
    """What takes the buildpacks' place on a target, empty if nothing certainly does."""
    name = target.platform.name
    if name == "digitalocean" and app.app_spec is not None:
        built = [c for c in app.app_spec.components if c.kind in ("service", "worker", "job")]
        if built and all(_without_buildpack(c) for c in built):
            return "every component is built from dockerfile_path or an image"
    if (
        name == "dokku"
        and app.has("Dockerfile")
        and not app.has(".buildpacks")
        and not app.has("project.toml")
    ):
        env = app.document("dotenv", ".env") if app.has(".env") else None
        if env is None or not any(e.name == "BUILDPACK_URL" for e in env.entries):
            return "Dokku builds from the Dockerfile"
    if name == "heroku" and (document := app.first("heroku_yml")) is not None and document.docker:
        return "heroku.yml builds from a Dockerfile"
    return ""


def _without_buildpack(component: Component) -> bool:
    return component.dockerfile_path is not None or component.view.at("image").node is not None
