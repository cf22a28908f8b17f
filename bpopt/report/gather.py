"""All that the documents of an app tell, gathered once: findings, stages, settings, sizes, measurements.

The same files give the same answers: no clock but the app's day, no random choice, no network. The files that
the report is to write do not count as files of the app, so that a second report says the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bpopt.app import App
from bpopt.report import env_plan, measured, stages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bpopt.app.files import Files
    from bpopt.app.targets import Target
    from bpopt.apt.plan import Layer
    from bpopt.report.env_plan import Row
    from bpopt.report.measured import Built, Results
    from bpopt.report.stages import Stages
    from bpopt.settings import Settings

MARK = "Written by bpopt report"  # what a file begins with that this room wrote


class AptLayer(NamedTuple):
    """What the apt list of a target brings, now and after `bpopt fix`."""

    target: Target
    now: Layer
    fixed: Layer


class Folder(NamedTuple):
    """A folder (or a file at the top) of what is deployed: bytes now, and after `bpopt fix`."""

    path: str
    bytes: int
    fixed: int


class Gathered(NamedTuple):
    """Everything known of one app; `app` is as it is, without the documents of an earlier report."""

    app: App
    stages: Stages
    rows: tuple[Row, ...]
    layers: tuple[AptLayer, ...]
    folders: tuple[Folder, ...]
    built: tuple[Built, ...]
    results: Results = measured.NOTHING


def gather(
    app: App, settings: Settings, own: tuple[str, ...], results: Results = measured.NOTHING
) -> Gathered:
    """Look at an app; `own` are the paths that this report is to write."""
    clean = without(app, own)
    found = stages.stages(clean, settings)
    after = clean.with_changes(found.fix.changes)
    return Gathered(
        clean,
        found,
        env_plan.plan(clean, found.result),
        _layers(clean, after),
        _folders(clean, after),
        measured.built(clean),
        results,
    )


class Without:
    """The files of an app without some paths."""

    def __init__(self, base: Files, gone: frozenset[str]) -> None:
        self.base = base
        self.gone = gone

    def names(self) -> Iterable[str]:
        """The names at the top that are left."""
        return [name for name in self.base.names() if name not in self.gone]

    def read(self, path: str) -> bytes | None:
        """The bytes of a file that is left."""
        return None if path in self.gone else self.base.read(path)

    def trouble(self, path: str) -> str:
        """Why a file that is left cannot be read."""
        return self.base.trouble(path)

    def exists(self, path: str) -> bool:
        """Whether something is left at a path: a folder that holds only what is gone is gone too."""
        if path in self.gone or not self.base.exists(path):
            return False
        inside = [gone for gone in self.gone if gone.startswith(f"{path}/")]
        return not inside or any(name.startswith(f"{path}/") for name, _ in self.walk())

    def walk(self) -> Iterator[tuple[str, int]]:
        """Every file that is left."""
        return ((path, size) for path, size in self.base.walk() if path not in self.gone)


def without(app: App, own: tuple[str, ...]) -> App:
    """The app as it is without the files that a report writes, whoever wrote them; its paths are those below it.

    So the documents say the same from wherever the report is written.
    """
    return App(Without(app.files, frozenset(own)), ".", app.told, app.today)


def _layers(app: App, after: App) -> tuple[AptLayer, ...]:
    """The layers of the targets that read an apt list and whose stack has a catalog."""
    from bpopt.app import apt_list

    found = []
    for target in app.targets:
        if not apt_list.of(app, target).lines:
            continue
        now, fixed = apt_list.layer(app, target), apt_list.layer(after, target)
        if now is not None and fixed is not None:
            found.append(AptLayer(target, now, fixed))
    return tuple(found)


def _folders(app: App, after: App) -> tuple[Folder, ...]:
    """What a push carries by folder, and what is left of it where .slugignore takes files out; the largest first."""
    from bpopt.rules.slug import pushed

    sizes: dict[str, list[int]] = {}
    kept = _kept(after)
    for path, size in pushed.files(app):
        head, slash, _ = path.partition("/")
        entry = sizes.setdefault(f"{head}/" if slash else "files at the top", [0, 0])
        entry[0] += size
        entry[1] += size if path in kept else 0
    return tuple(sorted((Folder(p, *s) for p, s in sizes.items()), key=lambda f: (-f.bytes, f.path)))


def _kept(app: App) -> frozenset[str]:
    """The paths that .slugignore leaves in, on the first target that honours it."""
    from bpopt.rules.slug import patterns, pushed

    listed = [path for path, _ in pushed.files(app)]
    target = next((t for t in app.targets if t.platform.reads("slugignore")), None)
    dialect = patterns.dialect(target) if target is not None else None
    document = app.slugignore
    if document is None or dialect is None:
        return frozenset(listed)
    takes = [patterns.matcher(pattern.text, dialect) for pattern in document.patterns]
    return frozenset(path for path in listed if not any(take(path) for take in takes))
