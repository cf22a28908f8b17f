"""Rules of one family: what the Procfile says. Here is what several of them share."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from bpopt.finding import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.command import Script
    from bpopt.documents.procfile import Procfile
    from bpopt.text import Source

CHECKED = "2026-11-23"


def fact(text: str, url: str) -> Evidence:
    """A fact with its source."""
    return Evidence("fact", text, url, CHECKED)


def known(targets: Iterable[Target], key: str, text: str) -> list[Evidence]:
    """What the platforms' facts of one key say, each source once."""
    found = {}
    for target in targets:
        known_fact = target.platform.fact(key)
        if known_fact is not None:
            note = f": {known_fact.note}" if known_fact.note else ""
            found[known_fact.source] = Evidence(
                "fact", f"{target.platform.title}: {text}{note}", known_fact.source, known_fact.date
            )
    return list(found.values())


def titles(targets: Iterable[Target]) -> str:
    """The platforms by name, as a sentence has them: `Heroku, Dokku and Scalingo`."""
    names = list(dict.fromkeys(target.platform.title for target in targets))
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def readers(app: App) -> tuple[Target, ...]:
    """The targets that certainly read the Procfile."""
    return app.reading("procfile")


def having(targets: Iterable[Target], key: str, value: object = True) -> tuple[Target, ...]:
    """The targets of which a fact is certain and has a value."""
    facts = ((target, target.platform.fact(key)) for target in targets)
    return tuple(
        target for target, fact in facts if fact is not None and fact.verified and fact.value == value
    )


def some(found: tuple[Target, ...], among: Iterable[Target]) -> tuple[Target, ...]:
    """What to name a finding's platforms by: none if it holds on all of them."""
    return found if len(found) < len(list(among)) else ()


def another_format(procfile: Procfile) -> bool:
    """Whether most lines are no process types: a file of another kind, of which `other-format` tells."""
    if len(procfile.processes) + len(procfile.unparsed) < 3:
        return False
    bad = len(procfile.unparsed) + sum(1 for p in procfile.processes if not p.colon or not p.command)
    listed = any(p.name == "-" and not p.colon for p in procfile.processes)
    return bad >= 3 and (listed or bad * 2 > len(procfile.processes) + len(procfile.unparsed))


def plausible(name: str) -> bool:
    """Whether a word may be the name of a process type: letters, digits, `-` and `_`, and a letter among them."""
    return name.replace("-", "").replace("_", "").isalnum() and name[0] not in "-_"


def continued(procfile: Procfile) -> set[int]:
    """The starts of lines that a backslash at the end of the line before them makes part of that line."""
    lines = procfile.source.lines if "\\" in procfile.source.text else ()
    return {after.span.start for line, after in pairwise(lines) if line.text.rstrip().endswith("\\")}


def scripts(app: App) -> Iterator[tuple[Source, Script]]:
    """Every command that a platform runs: those of the Procfile, and the web commands of app specs."""
    procfile = app.procfile
    if procfile is not None and not another_format(procfile):
        for process in procfile.processes:
            if process.colon:
                yield procfile.source, app.script(process.command, process.command_span.start)
    for web in app.webs:
        # The requirements of a service with a folder of its own are not those of this app.
        if (procfile is None or web.source is not procfile.source) and not web.folder:
            yield web.source, web.script
