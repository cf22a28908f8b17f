"""What a command line asks for, and what that comes to: apps with their settings."""

from __future__ import annotations

import os
import sys
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from bpopt.app import App
from bpopt.app.files import DiskFiles, Overlay
from bpopt.discovery import Excluded, Ignored, Place, places
from bpopt.settings import FILE_NAMES, ConfigError, Settings, defaults
from bpopt.suggest import meant
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.output import Look


class Request(NamedTuple):
    """What the options that check and fix share say, as given."""

    paths: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    platform: tuple[str, ...] = ()
    stack: str | None = None
    plan: str | None = None
    exclude: tuple[str, ...] = ()
    no_gitignore: bool = False
    config: str | None = None
    isolated: bool = False
    stdin_filename: str | None = None
    color: str = "auto"
    quiet: bool = False

    @classmethod
    def take(cls, options: dict[str, Any]) -> Request:
        """Take the shared options out of a command's options."""
        for key in ("select", "ignore", "platform"):
            options[key] = tuple(part for value in options[key] for part in value.split(",") if part)
        return cls(*(options.pop(field) for field in cls._fields))


class Job(NamedTuple):
    """One app to look at, with its settings."""

    app: App
    settings: Settings


def jobs(request: Request) -> Iterator[Job]:
    """The apps that a command line asks for, one at a time."""
    configuration = Configuration(request)
    if "-" in request.paths:
        yield _stdin_job(request, configuration)
        return
    for place in places(request.paths or (".",), configuration.left_out):
        yield _job(place, configuration)


def _job(place: Place, configuration: Configuration) -> Job:
    settings = configuration.for_folder(place.root, place.names)
    files = DiskFiles(place.root, place.names, place.folders)
    app = App(files, shown(place.root), configuration.targets(settings), base=configuration.base)
    return Job(app, settings)


def _stdin_job(request: Request, configuration: Configuration) -> Job:
    if len(request.paths) > 1 or not request.stdin_filename:
        raise ConfigError("- (standard input) goes alone, with --stdin-filename to say which file it is")
    raw = sys.stdin.buffer.read()
    path = request.stdin_filename
    folder, name = os.path.split(path)
    if os.path.basename(folder) in (".do", "requirements"):
        folder, name = os.path.dirname(folder), f"{os.path.basename(folder)}/{name}"
    settings = configuration.for_folder(folder or ".", None)
    files = Overlay(DiskFiles(folder or "."), {name: raw})
    app = App(files, shown(folder or "."), configuration.targets(settings), base=configuration.base)
    return Job(app, settings)


def _in_repository() -> str:
    """The working directory as seen from the git repository that it lies in; empty without one."""
    here = folder = os.getcwd()
    while not os.path.lexists(f"{folder}/.git"):
        if folder == (folder := os.path.dirname(folder)):
            return ""
    return os.path.relpath(here, folder).replace(os.sep, "/") if here != folder else ""


def shown(folder: str) -> str:
    """A folder as findings name it: relative to the working directory, with `/`."""
    above, name = os.path.split(folder)
    if name in ("", ".", "..") or not above:
        return _shown(folder)
    above = _shown(above)
    return name if above == "." else f"{above}/{name}" if above != "/" else f"/{name}"


@lru_cache(64)  # most apps of a tree are siblings
def _shown(folder: str) -> str:
    shown = os.path.relpath(folder) if os.path.isabs(folder) else os.path.normpath(folder)
    return shown.replace(os.sep, "/")


def _load(path: str) -> Settings | None:
    """The settings in a file; what reads them is imported only where there is one."""
    from bpopt.settings.load import load

    return load(path)


class Configuration:
    """Finds the configuration of each folder, once, and puts the command line on top of it."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self._by_folder: dict[str, Settings | None] = {}
        self._final: dict[int, Settings] = {}
        self._none = defaults()
        self._told: dict[tuple[Any, ...], Any] = {}
        self._given = _load(request.config) if request.config else None
        self.base = _in_repository()
        if request.select or request.ignore:
            from bpopt.settings.faults import check_selector

            for selector in (*request.select, *request.ignore):
                check_selector(selector, "command line")

    def left_out(self, top: str) -> Ignored:
        """What is not to be looked at below a folder, by its own configuration and the command line."""
        own = self.for_folder(top, None)
        excluded = (Excluded(own.folder, tuple(own["exclude"])), Excluded(".", self.request.exclude))
        return Ignored(excluded, own["respect-gitignore"] and not self.request.no_gitignore)

    def for_folder(self, folder: str, names: tuple[str, ...] | None) -> Settings:
        """The settings for an app in a folder."""
        request = self.request
        if self._given is not None:
            found: Settings | None = self._given
        else:
            found = None if request.isolated else self._closest(os.path.abspath(folder), names)
        base = found or self._none
        if id(base) not in self._final:
            self._final[id(base)] = self._on_top(base)
        return self._final[id(base)]

    def _closest(self, folder: str, names: tuple[str, ...] | None) -> Settings | None:
        if folder not in self._by_folder:
            found = self._read(folder, names)
            above = os.path.dirname(folder)
            if found is None and above != folder:
                found = self._closest(above, None)
            self._by_folder[folder] = found
        return self._by_folder[folder]

    def _read(self, folder: str, names: tuple[str, ...] | None) -> Settings | None:
        for name in FILE_NAMES:
            if names is not None and name not in names:
                continue
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                settings = _load(os.path.relpath(path))
                if settings is not None:
                    return settings
        return None

    def _on_top(self, base: Settings) -> Settings:
        request = self.request
        given: dict[str, Any] = {
            "select": list(request.select),
            "ignore": list(request.ignore),
            "platform": list(request.platform),
            "stack": request.stack,
            "plan": request.plan,
        }
        given = {key: value for key, value in given.items() if value}
        origins = {**base.origins, **dict.fromkeys(given, "command line")}
        return Settings({**base.values, **given}, origins, base.source, base.folder)

    def targets(self, settings: Settings) -> Any:
        """The targets that the settings name; empty if the app's files shall show them."""
        key = (tuple(settings["platform"]), settings["stack"], settings["plan"])
        if key not in self._told:
            self._told[key] = _told(*key, settings.origins["platform"])
        return self._told[key]


def _told(names: tuple[str, ...], stack: str | None, plan: str | None, why: str) -> Any:
    from bpopt import platforms
    from bpopt.app.targets import told

    if not names and stack:
        names = (stack,)
    if stack and platforms.canonical(stack) is None:
        raise ConfigError(f"there is no stack {stack!r}{meant(stack, _stacks())}")
    try:
        return told(names, stack, plan, why)
    except KeyError as error:
        word = str(error.args[0])
        raise ConfigError(
            f"there is no platform {word!r}{meant(word, [*platforms.NAMES, *_stacks()])} "
            f"({', '.join(platforms.NAMES)})"
        ) from None


def _stacks() -> list[str]:
    from bpopt import platforms

    return [stack.name for name in platforms.NAMES for stack in platforms.load(name).stacks]


def look(request: Request) -> Look:
    """How the report is to look on this terminal: NO_COLOR and FORCE_COLOR are honoured."""
    from bpopt.output import Look

    color = _color(request.color)
    width = os.environ.get("COLUMNS", "")
    terminal = sys.stdout.isatty()
    columns = int(width) if width.isdigit() else _columns()
    return Look(
        width=max(40, min(columns, 120)),
        color=color,
        links=color and terminal and "TERM_PROGRAM" in os.environ,
        quiet=request.quiet,
        ascii="utf" not in (sys.stdout.encoding or "").lower(),
    )


def _columns() -> int:
    """The width of the terminal, also where only standard error is one (`bpopt check | less`); else 100."""
    for stream in (sys.stdout, sys.stderr):
        try:
            return os.get_terminal_size(stream.fileno()).columns or 100
        except (OSError, ValueError):
            continue
    return 100


def _color(wish: str) -> bool:
    if wish != "auto":
        return wish == "always"
    if os.environ.get("FORCE_COLOR"):
        return True
    return not os.environ.get("NO_COLOR") and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
