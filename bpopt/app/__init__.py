"""App: one deployable folder, its documents parsed when first asked for, and what follows from them.

Rules read apps and documents, never the disk. An app holds no state that changes: the same files give the
same answers.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from bpopt.documents import kept, kinds
from bpopt.values import lazy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from bpopt.app.buildpacks import Listed
    from bpopt.app.env import Placed
    from bpopt.app.files import Files
    from bpopt.app.gunicorn_setup import Setup
    from bpopt.app.hazards import Hazards
    from bpopt.app.locked import Locked
    from bpopt.app.modules import Program
    from bpopt.app.targets import Target
    from bpopt.app.web import Web
    from bpopt.documents.app_json import AppJson
    from bpopt.documents.app_spec import AppSpec
    from bpopt.documents.aptfile import Aptfile
    from bpopt.documents.command import Script
    from bpopt.documents.procfile import Procfile
    from bpopt.documents.project_toml import ProjectToml
    from bpopt.documents.python_source import PythonSource
    from bpopt.documents.requirements import Requirement, Requirements
    from bpopt.documents.slugignore import Slugignore
    from bpopt.text import Source, Span


def joined(path: str, relative: str) -> str:
    """A path written in the file at `path`, from the app's root."""
    from posixpath import dirname, join, normpath

    return normpath(join(dirname(path), relative))


class App:
    """One app. `told` are the targets the user named; without them the files show where it goes.

    `root` is its folder as seen from the working directory, `base` the latter as seen from its repository.
    """

    def __init__(
        self,
        files: Files,
        root: str = "",
        told: tuple[Target, ...] = (),
        today: date | None = None,
        base: str = "",
    ) -> None:
        self.files = files
        self.root = root
        self.told = told
        self.base = base
        self._today = today
        self._sources: dict[str, Source | None] = {}
        self._veiled: dict[str, Source] = {}
        self._documents: dict[tuple[str, str], Any] = {}
        self._lists: dict[str, list[Any]] = {}
        self._setups: dict[tuple[str, Span], Setup | None] = {}
        self._hazards: dict[tuple[str, ...], Hazards] = {}
        self._pythons: dict[str, PythonSource | None] = {}
        self._programs: dict[tuple[str, ...], Program] = {}
        self.reckoned: dict[Any, Any] = {}  # by function: see `bpopt.app.once`

    @property
    def today(self) -> date:
        """The day that ends of life are told by."""
        if self._today is None:
            from datetime import date

            self._today = date.today()
        return self._today

    def with_changes(self, changes: Mapping[str, bytes | None]) -> App:
        """The same app with some files changed (None removes one), as if they had been written."""
        from bpopt.app.files import Overlay

        base, known = self.files, dict[str, bytes | None]()
        if isinstance(self.files, Overlay):  # such as standard input in place of a file
            base, known = self.files.base, self.files.changes
        return App(Overlay(base, {**known, **changes}), self.root, self.told, self._today, self.base)

    @lazy
    def paths(self) -> dict[str, list[str]]:
        """The files that bpopt reads, by kind."""
        by_kind: dict[str, list[str]] = {}
        for name in self.files.names():
            kind = kinds.kind_of(name)
            if kind is not None:
                by_kind.setdefault(kind, []).append(name)
        return by_kind

    @lazy
    def names(self) -> frozenset[str]:
        """The files at the top of the app (and in `.do` and `requirements`)."""
        return frozenset(self.files.names())

    @lazy
    def sources_by_kind(self) -> dict[str, list[Source]]:
        """The files that bpopt reads, by kind, those that cannot be read left out."""
        return {
            kind: [source for path in paths if (source := self.source(path)) is not None]
            for kind, paths in self.paths.items()
        }

    @lazy
    def sources(self) -> tuple[Source, ...]:
        """All of them."""
        return tuple(chain.from_iterable(self.sources_by_kind.values()))

    @lazy
    def lowered(self) -> str:
        """The names and texts of these files in lower case, to look for words in."""
        return "\n".join([source.lowered for source in self.sources])

    def has(self, path: str) -> bool:
        """Whether a file of that name is at the top of the app."""
        return path in self.names

    def source(self, path: str) -> Source | None:
        """The source of a file, None if there is none; kept, so that findings share it."""
        if path in self._sources:
            return self._sources[path]
        raw = self.files.read(path)
        fits = raw is not None and len(raw) <= kinds.largest(path)
        found = self._sources[path] = kept.source(path, raw) if raw is not None and fits else None
        return found

    def document(self, kind: str, path: str) -> Any:
        """The parsed document of a kind at a path; None if it is not there or not text."""
        key = (kind, path)
        if key in self._documents:
            return self._documents[key]
        source = self.source(path)
        found = self._documents[key] = kept.document(kind, source) if source is not None else None
        return found

    def documents(self, kind: str) -> list[Any]:
        """All documents of a kind that are there and readable."""
        found = self._lists.get(kind)
        if found is None:
            parsed = [self.document(kind, path) for path in self.paths[kind]] if kind in self.paths else []
            found = self._lists[kind] = parsed if None not in parsed else [d for d in parsed if d is not None]
        return found

    def first(self, kind: str) -> Any:
        """The first document of a kind, None if there is none."""
        documents = self.documents(kind)
        return documents[0] if documents else None

    @lazy
    def aptfile(self) -> Aptfile | None:
        """The Aptfile."""
        document: Aptfile | None = self.first("aptfile")
        return document

    @lazy
    def procfile(self) -> Procfile | None:
        """The Procfile."""
        document: Procfile | None = self.first("procfile")
        return document

    @lazy
    def slugignore(self) -> Slugignore | None:
        """The .slugignore."""
        document: Slugignore | None = self.first("slugignore")
        return document

    @lazy
    def app_json(self) -> AppJson | None:
        """app.json, Heroku's or Dokku's."""
        document: AppJson | None = self.first("app_json")
        return document

    @lazy
    def app_spec(self) -> AppSpec | None:
        """The DigitalOcean app spec."""
        document: AppSpec | None = self.first("app_spec")
        return document

    @lazy
    def project_toml(self) -> ProjectToml | None:
        """project.toml of Cloud Native Buildpacks."""
        document: ProjectToml | None = self.first("project_toml")
        return document

    @lazy
    def requirements(self) -> Requirements | None:
        """requirements.txt at the top, the one that buildpacks install."""
        document: Requirements | None = (
            self.document("requirements", "requirements.txt") if self.has("requirements.txt") else None
        )
        return document

    @lazy
    def requirement_files(self) -> tuple[Requirements, ...]:
        """requirements.txt and what it includes by `-r`, in order, each once."""
        found: dict[str, Requirements] = {}
        queue = ["requirements.txt"]
        while queue:
            path = queue.pop(0)
            if path in found or path.startswith(("../", "/")):  # nothing outside the app is read
                continue
            document: Requirements | None = self.document("requirements", path)
            if document is not None:
                found[path] = document
                queue += [joined(path, include.value) for include in document.includes if include.value]
        return tuple(found.values())

    @lazy
    def requirement(self) -> Callable[[str], Requirement | None]:
        """Gives the first line of the requirements that names a distribution, None if there is none."""
        from bpopt.documents.requirements import normalised

        found: dict[str, Requirement] = {}
        for document in self.requirement_files:
            for entry in document.requirements:
                found.setdefault(entry.name, entry)
        return lambda name: found.get(normalised(name))

    @lazy
    def locked(self) -> Locked | None:
        """What the app installs from pyproject.toml with a lock beside it, None if it installs from something else."""
        if not self.has("pyproject.toml") or self.has("requirements.txt"):
            return None
        from bpopt.app.locked import find

        return find(self)

    def version_of(self, name: str) -> str | None:
        """The version a distribution is pinned to in requirements.txt, None if it is not."""
        entry = self.requirement(name)
        if entry is None:
            return None
        from bpopt.documents.requirements import pinned

        return pinned(entry)

    def script(self, text: str, offset: int) -> Script:
        """The shell commands in a text that begins at `offset` of its file; parsed once."""
        from bpopt.documents.command import parse

        return parse(text, offset)

    @lazy
    def _targets(self) -> tuple[tuple[Target, ...], bool]:
        if self.told:
            return self.told, True
        from bpopt.app.targets import detect

        return detect(self)

    @lazy
    def targets(self) -> tuple[Target, ...]:
        """Where the app is deployed; all platforms that read a Procfile if nothing shows it."""
        return self._targets[0]

    @property
    def knows_target(self) -> bool:
        """Whether the user or a file said where the app goes."""
        return self._targets[1]

    def where(self, holds: Callable[[Target], bool | None]) -> tuple[Target, ...]:
        """The targets on which something certainly holds."""
        return tuple([target for target in self.targets if holds(target)])

    def reading(self, kind: str) -> tuple[Target, ...]:
        """The targets on which a file of a kind (`aptfile`, `procfile`, ...) certainly has an effect."""
        found = self._reading.get(kind)
        if found is None:
            found = self._reading[kind] = self.where(lambda target: target.platform.reads(kind))
        return found

    @lazy
    def _reading(self) -> dict[str, tuple[Target, ...]]:
        return _readers_by_kind(self.targets)

    @lazy
    def webs(self) -> tuple[Web, ...]:
        """The commands that serve the web, each with the targets that run it."""
        from bpopt.app.web import find

        return find(self)

    def python(self, path: str) -> PythonSource | None:
        """A Python file of the app as syntax, None if there is none; read once."""
        if path not in self._pythons:
            from bpopt.documents import python_source

            source = self.source(path)
            self._pythons[path] = python_source.parse(source) if source is not None else None
        return self._pythons[path]

    def gunicorn(self, web: Web) -> Setup | None:
        """What the gunicorn of a web command runs with, None if it runs something else; read once."""
        key = (web.source.path, web.span)
        if key in self._setups:
            return self._setups[key]
        from bpopt.app import gunicorn_setup

        setup = self._setups[key] = gunicorn_setup.of(web, self)
        return setup

    def hazards(self, setup: Setup) -> Hazards:
        """What of the app's own source goes wrong under `--preload` or `--threads`; read once."""
        key = (setup.wsgi or "", *setup.roots)
        if key not in self._hazards:
            from bpopt.app import hazards

            self._hazards[key] = hazards.find(self, setup.wsgi, setup.roots)
        return self._hazards[key]

    def program(self, module: str, roots: tuple[str, ...]) -> Program:
        """The app's modules that importing one of them, looked for in these folders, can bring in; read once."""
        key = (module, *roots)
        if key not in self._programs:
            from bpopt.app.imports import follow

            self._programs[key] = follow(self, module, roots)
        return self._programs[key]

    def made_of(self, setup: Setup) -> str | None:
        """What the app that gunicorn loads was made by, such as `flask.Flask`; None if its source does not say."""
        from bpopt.app.names import maker

        return maker(self, setup.wsgi, setup.roots)

    @lazy
    def env(self) -> tuple[Placed, ...]:
        """Every environment setting that the app's files hold, with who gets to see it."""
        from bpopt.app.env import find

        return find(self)

    @lazy
    def _with_settings(self) -> frozenset[str]:
        return frozenset(placed.source.path for placed in self.env)

    def settings_of(self, source: Source) -> tuple[Placed, ...]:
        """The environment settings that one file of the app holds."""
        if source.path not in self._with_settings:
            return ()
        return tuple(placed for placed in self.env if placed.source is source)

    def veiled(self, source: Source) -> Source:
        """A file of the app as reports may show it, with what may be a secret blotted out; made once."""
        if source is not self._sources.get(source.path):
            return source
        if source.path not in self._veiled:
            from bpopt.app.suspect import suspicious

            shown = source
            if source.path in self._with_settings or suspicious(source.text):
                from bpopt.app.veil import veiled

                shown = veiled(self, source)
            self._veiled[source.path] = shown
        return self._veiled[source.path]

    @lazy
    def buildpacks(self) -> tuple[Listed, ...]:
        """The lists of buildpacks in the app's files."""
        from bpopt.app.buildpacks import find

        return find(self)


@lru_cache(64)
def _readers_by_kind(_targets: tuple[Target, ...]) -> dict[str, tuple[Target, ...]]:
    """What `App.reading` has worked out, shared by all apps that go to the same targets."""
    return {}
