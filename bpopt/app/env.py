"""Every environment setting of an app in one place, wherever it is written, with who gets to see it.

Values may be secrets: rules compare them and never print one whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.documents.env_setting import EnvSetting
from bpopt.documents.view import View, listed_setting, setting
from bpopt.text import Span
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.command import Assignment
    from bpopt.text import Source

# Scopes of DigitalOcean -> seen by the build, seen by the running app.
SCOPES = {
    "RUN_TIME": (False, True),
    "BUILD_TIME": (True, False),
    "RUN_AND_BUILD_TIME": (True, True),
}


class Placed(NamedTuple):
    """One setting and where it is written.

    `origin` is the kind of file; `component` the component, process type or table it belongs to, empty for the
    whole app. `build` and `run` tell whether it is meant for the build and for the running app. `targets` are
    those of the app's targets that read this file.
    """

    source: Source
    setting: EnvSetting
    origin: str
    component: str
    build: bool
    run: bool
    targets: tuple[Target, ...]

    @property
    def name(self) -> str:
        """The name of the variable."""
        return self.setting.name

    @property
    def value(self) -> str | None:
        """What it is set to, None where that is not written or only known at run time."""
        return self.setting.value


def find(app: App) -> tuple[Placed, ...]:
    """All settings of an app, in the order of its files."""
    found: list[Placed] = []
    for kind, collect in _COLLECTORS.items():
        if kind in app.paths:
            found += collect(app)
    return tuple(found)


def readers(app: App, kind: str) -> tuple[Target, ...]:
    """The targets that take settings from a kind of file, as far as is known."""
    found = ((target, target.platform.fact(f"reads.{kind}")) for target in app.targets)
    return tuple(target for target, fact in found if fact is not None and fact.value is True)


def _app_json(app: App) -> Iterator[Placed]:
    targets = readers(app, "app_json")
    for manifest in app.documents("app_json"):
        source = manifest.tree.source
        for own in manifest.env:
            yield Placed(source, own, "app_json", "", True, True, targets)
        for entry, view in manifest.view.entries("environments"):
            for own in _mapped(view.at("env")):
                yield Placed(source, own, "app_json", f"environments.{entry.key}", True, True, targets)


def _scalingo_json(app: App) -> Iterator[Placed]:
    for tree in app.documents("scalingo_json"):
        for own in _mapped(View(tree.source, tree.root).at("env")):
            yield Placed(tree.source, own, "scalingo_json", "", True, True, readers(app, "scalingo_json"))


def _mapped(view: View) -> Iterator[EnvSetting]:
    """The settings of a map `NAME: value` or `NAME: {value: ...}`."""
    for entry, value in view.entries():
        inner = value.at("value")
        own = setting(entry, inner if inner.node else value)
        yield own._replace(value_span=inner.node.span) if inner.node else own


def _app_spec(app: App) -> Iterator[Placed]:
    targets = readers(app, "app_spec")
    for spec in app.documents("app_spec"):
        source = spec.tree.source
        for own in spec.envs:
            yield _scoped(source, own, "", targets)
        for component in spec.components:
            name = component.name.value if component.name else component.kind
            for own in component.envs:
                yield _scoped(source, own, name, targets)
            for run in (component.run_command, component.build_command):
                if run is not None and run.verbatim is not None:
                    text = source.text[slice(*run.verbatim)]
                    building = run is component.build_command
                    yield from _inline(app, source, text, run.verbatim.start, name, building, targets)


def _scoped(source: Source, own: EnvSetting, component: str, targets: tuple[Target, ...]) -> Placed:
    build, run = SCOPES.get(own.scope or "", (True, True))
    return Placed(source, own, "app_spec", component, build, run, targets)


def _project_toml(app: App) -> Iterator[Placed]:
    """`[[io.buildpacks.build.env]]`, and `[[build.env]]` of the descriptor's first version: seen by the build."""
    targets = readers(app, "project_toml")
    for document in app.documents("project_toml"):
        root = View(document.tree.source, document.tree.root)
        for path in (("io", "buildpacks", "build", "env"), ("build", "env")):
            for item in root.items(*path):
                if (own := listed_setting(item, "name")) is not None:
                    yield Placed(root.source, own, "project_toml", ".".join(path), True, False, targets)


def _heroku_yml(app: App) -> Iterator[Placed]:
    """`setup.config` are config vars, `build.config` build arguments of the Dockerfile."""
    targets = readers(app, "heroku_yml")
    for document in app.documents("heroku_yml"):
        root = View(document.tree.source, document.tree.root)
        for own in _mapped(root.at("setup", "config")):
            yield Placed(root.source, own, "heroku_yml", "setup.config", False, True, targets)
        for own in _mapped(root.at("build", "config")):
            yield Placed(root.source, own, "heroku_yml", "build.config", True, False, targets)


def _dotenv(app: App) -> Iterator[Placed]:
    for document in app.documents("dotenv"):
        if not committed(app, document.source.path):
            continue
        targets = readers(app, "dotenv") if document.source.path == ".env" else ()
        for own in document.settings:
            yield Placed(document.source, own, "dotenv", "", True, True, targets)


def committed(app: App, name: str) -> bool:
    """Whether a file at the top of an app is deployed: not named in its .gitignore, or in git's index all the same."""
    ignore = app.source(".gitignore") if app.has(".gitignore") else None
    ignored = False
    for line in ignore.text.splitlines() if ignore is not None else ():
        pattern = line.strip()
        negated = pattern.startswith("!")
        pattern = pattern.lstrip("!").removeprefix("/")
        if "/" not in pattern.removeprefix("**/") and not pattern.startswith("#"):
            from fnmatch import fnmatchcase

            ignored = not negated if fnmatchcase(name, pattern.removeprefix("**/")) else ignored
    if not ignored:
        return True
    from bpopt.app.index import tracked

    listed = tracked(app)
    return listed is not None and name in listed


def _procfile(app: App) -> Iterator[Placed]:
    for procfile in app.documents("procfile"):
        for process in procfile.processes:
            targets = _runners(app, process.name)
            text, start = process.command, process.command_span.start
            yield from _inline(app, procfile.source, text, start, process.name, False, targets)


def _runners(app: App, process: str) -> tuple[Target, ...]:
    """The targets that run a process type of the Procfile."""
    readers_of_it = app.reading("procfile")
    if process != "web":
        return tuple(t for t in readers_of_it if t.platform.name != "digitalocean")
    webs = [t for web in app.webs if web.process == "web" for t in web.targets]
    return tuple(t for t in readers_of_it if t in webs)


def _inline(
    app: App, source: Source, text: str, start: int, component: str, build: bool, targets: tuple[Target, ...]
) -> Iterator[Placed]:
    """The assignments in a command: those before a program, and those that are exported."""
    if "=" not in text:
        return
    script = app.script(text, start)
    assignments = [a for command in script.commands for a in command.assignments] + list(script.assignments)
    for assignment in assignments:
        yield Placed(source, _assigned(assignment), "command", component, build, not build, targets)


def _assigned(assignment: Assignment) -> EnvSetting:
    start, end = assignment.span
    name_span = Span(start, start + len(assignment.name))
    word = assignment.value
    if word is None:
        return EnvSetting(assignment.name, "", name_span, Span(end, end), assignment.span)
    return EnvSetting(assignment.name, word.value, name_span, word.span, assignment.span)


_COLLECTORS = {
    "app_json": _app_json,
    "scalingo_json": _scalingo_json,
    "app_spec": _app_spec,
    "project_toml": _project_toml,
    "heroku_yml": _heroku_yml,
    "dotenv": _dotenv,
    "procfile": _procfile,
}
