"""What an app's apt list tells a target to install: the Aptfile, or the deb-packages table of project.toml."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.apt.plan import Layer


class AptList(NamedTuple):
    """The lines of a list, each as its words; `path` is its file, empty without one.

    `whole` is False where something else comes in that no catalog knows: a .deb address, another archive.
    """

    path: str
    lines: tuple[tuple[str, ...], ...]
    whole: bool


NOTHING = AptList("", (), True)


def of(app: App, target: Target) -> AptList:
    """Return what the platform of `target` installs by apt for this app."""
    if target.platform.reads("project_toml") and not target.platform.reads("aptfile"):
        return _from_project(app)
    document = app.aptfile
    if document is None:
        return NOTHING
    lines = []
    for entry in document.entries:
        words = [word.text for word in entry.words]
        cut = next((i for i, word in enumerate(words) if word.startswith("#")), len(words))
        if entry.kind == "packages" and cut:
            lines.append(tuple(words[:cut]))
    whole = all(entry.kind == "packages" for entry in document.entries)
    return AptList(document.source.path, tuple(lines), whole)


def layer(app: App, target: Target, *, recommends: bool | None = None) -> Layer | None:
    """Return what the list brings on the target's stack; None where no catalog is known for it."""
    from bpopt.apt import plan

    lines = of(app, target).lines
    return plan.for_platform(target.platform.name, target.stack, lines, recommends=recommends)


def _from_project(app: App) -> AptList:
    project = app.project_toml
    if project is None or not project.deb_install:
        return NOTHING
    lines = tuple((package.name.value,) for package in project.deb_install)
    whole = not project.deb_download and not project.deb_packages.items("sources")
    return AptList(project.tree.source.path, lines, whole)
