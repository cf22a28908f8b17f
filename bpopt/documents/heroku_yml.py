"""heroku.yml: how Heroku builds an app from Docker images, or (in its preview) from languages and packages.

Fields: https://devcenter.heroku.com/articles/build-docker-images-heroku-yml (read 2026-11-23).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.documents import yaml_tree
from bpopt.documents.env_setting import EnvSetting
from bpopt.documents.view import Text, View, setting
from bpopt.text import Span
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from bpopt.documents.tree import Entry, Tree
    from bpopt.text import Source


class Run(NamedTuple):
    """The command of a process type; several items of a list are several commands of one script."""

    name: str
    name_span: Span
    commands: tuple[Text, ...]
    image: Text | None
    span: Span


class HerokuYml(NamedTuple):
    """What bpopt asks of a heroku.yml. `docker` maps process types to Dockerfiles, in order."""

    tree: Tree
    docker: tuple[tuple[str, Text], ...]
    packages: tuple[Text, ...]
    languages: tuple[Text, ...]
    run: tuple[Run, ...]
    release: Run | None
    addons: tuple[Text, ...]
    env: tuple[EnvSetting, ...]

    @property
    def view(self) -> View:
        """The root, to ask for what has no field."""
        return View(self.tree.source, self.tree.root)


def parse(source: Source) -> HerokuYml:
    """Read a heroku.yml; what is missing or of a wrong type has no value."""
    tree = yaml_tree.parse(source)
    root = View(source, tree.root)
    docker = (
        (e.key, text)
        for e, v in root.entries("build", "docker")
        if (text := v.text() or v.text("dockerfile"))
    )
    release = next((_run(e, v) for e, v in root.entries() if e.key == "release"), None)
    built = tuple(setting(e, v, "BUILD_TIME") for e, v in root.entries("build", "config"))
    return HerokuYml(
        tree,
        tuple(docker),
        root.texts("build", "packages"),
        root.texts("build", "languages"),
        tuple(_run(e, v) for e, v in root.entries("run")),
        release,
        tuple(t for item in root.items("setup", "addons") if (t := item.text() or item.text("plan"))),
        built + tuple(setting(e, v) for e, v in root.entries("setup", "config")),
    )


def _run(entry: Entry, view: View) -> Run:
    text = view.text() or view.text("command")
    commands = (text,) if text else view.texts("command")
    return Run(entry.key, entry.key_span, commands, view.text("image"), entry.span)
