"""What in the app's own source would go wrong under `--preload` or `--threads`, and what is heavy to import.

Read as syntax, from the WSGI module on; nothing is imported or run. Finding nothing counts only where
`complete` is true: all of the app's modules that can be reached were read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bpopt.app import App
    from bpopt.app.calls import Calls, Key
    from bpopt.app.hazard import Hazard
    from bpopt.app.modules import Program


class Hazards(NamedTuple):
    """All that reading the app told. `gaps` are why it could not be read in full."""

    preload: tuple[Hazard, ...]
    threads: tuple[Hazard, ...]
    heavy: tuple[Hazard, ...]
    gaps: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether everything that can be reached was read."""
        return not self.gaps


def find(app: App, wsgi: str | None, roots: tuple[str, ...] = ("",)) -> Hazards:
    """The hazards of the app that gunicorn is told to load as `module:name`; `roots` are folders of the app."""
    if not wsgi:
        return Hazards((), (), (), ("the module that gunicorn loads is not known",))
    module, _, attribute = wsgi.partition(":")
    program = app.program(module, roots)
    if not program.modules:  # nothing to read, nor to import what reads it
        return Hazards((), (), (), program.gaps)
    from bpopt.app import hazards_at_import, hazards_in_threads
    from bpopt.app.calls import Calls

    calls = Calls(program, _factory(program, module, attribute))
    return Hazards(
        tuple(_sorted(hazards_at_import.find(calls))),
        tuple(_sorted(hazards_in_threads.find(calls))),
        tuple(_heavy(program, calls)),
        program.gaps,
    )


def _factory(program: Program, module: str, attribute: str) -> Key | None:
    """The function that gunicorn calls, for `app:create_app()`."""
    name, bracket, _ = attribute.partition("(")
    found = program.lookup(program.modules[module], f"{module}.{name}") if module in program.modules else None
    return (found[0].name, found[1]) if bracket and found is not None else None


def _sorted(hazards: Iterable[Hazard]) -> list[Hazard]:
    """By place, each place once."""
    return sorted(
        {(h.source.path, h.span): h for h in hazards}.values(), key=lambda h: (h.source.path, h.span)
    )


def _heavy(program: Program, calls: Calls) -> Iterator[Hazard]:
    """The imports that take long, in modules that are imported at the start; each library once."""
    from bpopt.app.hazard import Hazard
    from bpopt.app.preload_table import HEAVY
    from bpopt.documents.python_source import IMPORT

    seen = set()
    early = {s.module.name for s in calls.at_import} | {program.entry}
    for module in program.modules.values():
        for imported in module.python.imports:
            top = imported.full.partition(".")[0]
            if imported.place == IMPORT and top in HEAVY and top not in seen and module.name in early:
                seen.add(top)
                yield Hazard(module.python.source, imported.span, f"imports {top}", "")
