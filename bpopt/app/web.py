"""Which command serves the web on each platform, and the gunicorn in it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from bpopt.documents import command as shell
from bpopt.documents import gunicorn
from bpopt.documents.kept import KEPT
from bpopt.text import Source, Span
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.view import Text

# Programs that run the rest of their arguments as a command -> their options that take a value.
_WRAPPERS: dict[str, frozenset[str]] = {
    "exec": frozenset({"-a"}),
    "env": frozenset({"-u", "-C", "--unset", "--chdir"}),
    "nice": frozenset({"-n"}),
    "time": frozenset(),
    "nohup": frozenset(),
    "ddtrace-run": frozenset(),
    "opentelemetry-instrument": frozenset(),
    "bin/start-nginx": frozenset(),
    "start-nginx": frozenset(),
    "start-pgbouncer": frozenset(),
    "start-pgbouncer-stunnel": frozenset(),
    "start-stunnel": frozenset(),
}
# The same for programs that need a sub-command first.
_RUNNERS = {
    "poetry": ("run",),
    "pipenv": ("run",),
    "uv": ("run",),
    "pdm": ("run",),
    "newrelic-admin": ("run-program",),
    "scout-apm": ("run",),
    "python": ("-m",),
    "python3": ("-m",),
}
# Options of `uv run`, `poetry run` and their kin that take a value.
_RUN_OPTIONS = frozenset({
    "--with", "--with-requirements", "--extra", "--group", "--only-group", "--no-group", "--env-file", "--python",
    "-p", "--package", "--project", "--directory", "--index-url", "-m",
})  # fmt: skip


class Web(NamedTuple):
    """A command that serves the web: where it is written, and on which of the app's targets it runs.

    `final` is the command after wrappers such as `exec` or `poetry run` are taken off; `script` all of the
    line. `gunicorn` are its arguments if that is what it runs. `folder` is where it starts, relative to the app.
    """

    source: Source
    span: Span
    process: str
    script: shell.Script
    final: shell.Command
    gunicorn: gunicorn.Arguments | None
    targets: tuple[Target, ...]
    folder: str = ""

    @property
    def end(self) -> Span:
        """The empty span after the last argument: where a new option goes."""
        at = self.final.words[-1].span.end
        return Span(at, at)


def unwrap(command: shell.Command) -> shell.Command:
    """The command that is really run: `exec`, `env X=1`, `poetry run`, `python -m` and their kin taken off."""
    while command.words:
        skipped = _wrapper_length(command)
        if not skipped or skipped >= len(command.words):
            return command
        command = command._replace(words=command.words[skipped:])
    return command


def _wrapper_length(command: shell.Command) -> int:
    """How many leading words belong to a wrapper, 0 if the first is none."""
    program, words = command.program, command.words
    if program is None:
        return 0
    at = 1
    if program in _RUNNERS:
        wanted = _RUNNERS[program]
        at += len(wanted)
        if tuple(w.value for w in words[1:at]) != wanted:
            return 0
        if wanted != ("run",):
            return at
    elif program not in _WRAPPERS:
        return 0
    while at < len(words) and (
        words[at].text.startswith("-") or (program == "env" and "=" in words[at].text)
    ):
        at += 2 if words[at].text in _WRAPPERS.get(program, _RUN_OPTIONS) else 1
    return at


def find(app: App) -> tuple[Web, ...]:
    """Every web command of the app, each with the targets that run it."""
    places: dict[tuple[str, Span], tuple[Source, str, str, list[Target]]] = {}
    for target in app.targets:
        for source, span, text, process in _places(app, target):
            places.setdefault((source.path, span), (source, text, process, []))[3].append(target)
    found = (
        _web(app, source, key[1], text, process, tuple(targets))
        for key, (source, text, process, targets) in places.items()
    )
    return tuple(web for web in found if web is not None)


def _places(app: App, target: Target) -> list[tuple[Source, Span, str, str]]:
    """Where one platform takes its web command from: its app spec if that has one, else the Procfile."""
    if target.platform.name == "digitalocean" and (spec := app.app_spec) is not None:
        commands = [(service.name, service.run_command) for service in spec.services if service.run_command]
        if commands:
            # A command that is folded or escaped in the YAML has no place of its own: nothing is said of it.
            source = spec.tree.source
            return [
                (source, run.verbatim, source.text[slice(*run.verbatim)], name.value if name else "service")
                for name, run in commands
                if run.verbatim
            ]
        if spec.services and all(_relative(service.source_dir) for service in spec.services):
            return []  # each service reads the Procfile of its own folder
    procfile = app.procfile
    entry = procfile.process("web") if procfile is not None else None
    if procfile is None or entry is None:
        return []
    return [(procfile.source, entry.command_span, entry.command, "web")]


def _web(
    app: App, source: Source, span: Span, text: str, process: str, targets: tuple[Target, ...]
) -> Web | None:
    from bpopt.app.gunicorn_setup import version

    script = app.script(text, span.start)
    command = _serving(script)
    if command is None:
        return None
    arguments = _arguments(text, span.start, version(app)) if command.program == "gunicorn" else None
    return Web(source, span, process, script, command, arguments, targets, _folder(app, source, span))


def _serving(script: shell.Script) -> shell.Command | None:
    """The command of a line that serves: gunicorn if it is among them, else the last."""
    if not script.commands:
        return None
    unwrapped = [unwrap(command) for command in script.commands]
    command = next((c for c in unwrapped if c.program == "gunicorn"), unwrapped[-1])
    return command if command.words else None


def _folder(app: App, source: Source, span: Span) -> str:
    """The `source_dir` of the service that has this command, empty for the app itself."""
    spec = app.app_spec
    if spec is None or source is not spec.tree.source:
        return ""
    own = (s for s in spec.services if s.run_command is not None and s.run_command.verbatim == span)
    return next((_relative(s.source_dir) for s in own), "")


def _relative(source_dir: Text | None) -> str:
    from posixpath import normpath

    path = normpath(source_dir.value.strip("/") or ".") if source_dir is not None else "."
    return "" if path == "." else path


@lru_cache(KEPT)  # apps of one repository are started by much the same commands
def _arguments(text: str, start: int, version: str | None) -> gunicorn.Arguments | None:
    """The arguments; opaque too if the command goes on in the next line or is no whole shell command."""
    script = shell.parse(text, start)
    command = _serving(script)
    if command is None:
        return None
    arguments = gunicorn.parse(command, version)
    # What stands behind `--` is no option, so that nothing can be added at the end.
    unclear = text.endswith("\\") or script.errors or any(w.text == "--" for w in command.words)
    return arguments._replace(opaque=True) if unclear else arguments
