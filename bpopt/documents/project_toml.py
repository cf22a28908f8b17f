"""project.toml, by which Cloud Native Buildpacks (Heroku Fir among them) are told what to do.

Schema: https://github.com/buildpacks/spec/blob/main/extensions/project-descriptor.md, and the apt list of
https://github.com/heroku/buildpacks-deb-packages (both read 2026-11-23).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.documents import toml_tree
from bpopt.documents.env_setting import EnvSetting
from bpopt.documents.view import Text, View, listed_setting
from bpopt.text import Span
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from bpopt.documents.tree import Tree
    from bpopt.text import Source

DEB_PACKAGES = ("com", "heroku", "buildpacks", "deb-packages")


class Buildpack(NamedTuple):
    """One element of the buildpack group; `span` is all of it."""

    id: Text | None
    uri: Text | None
    version: Text | None
    span: Span


class DebPackage(NamedTuple):
    """One package to install; `span` is the list item, a string or an inline table."""

    name: Text
    span: Span
    force: bool
    skip_dependencies: bool


class ProjectToml(NamedTuple):
    """What bpopt asks of a project.toml; both the schema 0.2 (`io.buildpacks`) and the old 0.1 (`build`).

    `deb_packages` is the table of Heroku's apt buildpack, empty view without a node if there is none.
    """

    tree: Tree
    schema_version: Text | None
    builder: Text | None
    exclude: tuple[Text, ...]
    include: tuple[Text, ...]
    buildpacks: tuple[Buildpack, ...]
    env: tuple[EnvSetting, ...]
    deb_packages: View
    deb_install: tuple[DebPackage, ...]
    deb_download: tuple[Text, ...]

    @property
    def view(self) -> View:
        """The root, to ask for what has no field."""
        return View(self.tree.source, self.tree.root)


def parse(source: Source) -> ProjectToml:
    """Read a project.toml; what is missing or of a wrong type has no value."""
    tree = toml_tree.parse(source)
    root = View(source, tree.root)
    new, old, deb = root.at("io", "buildpacks"), root.at("build"), root.at(*DEB_PACKAGES)
    groups = new.items("group") + old.items("buildpacks")
    settings = new.items("build", "env") + old.items("env")
    return ProjectToml(
        tree,
        root.text("_", "schema-version"),
        new.text("builder") or old.text("builder"),
        new.texts("exclude") + old.texts("exclude"),
        new.texts("include") + old.texts("include"),
        tuple(b for item in groups if (b := _buildpack(item))),
        tuple(s for item in settings if (s := listed_setting(item, "name", "BUILD_TIME"))),
        deb,
        tuple(p for item in deb.items("install") if (p := _package(item))),
        deb.texts("download"),
    )


def _buildpack(item: View) -> Buildpack | None:
    if item.node is None or item.node.kind != "map":
        return None
    return Buildpack(item.text("id"), item.text("uri"), item.text("version"), item.node.span)


def _package(item: View) -> DebPackage | None:
    name = item.text() or item.text("name")
    if name is None or item.node is None:
        return None
    force, alone = item.node.scalar("force"), item.node.scalar("skip_dependencies")
    return DebPackage(name, item.node.span, force is True, alone is True)
