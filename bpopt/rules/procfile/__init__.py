"""Rules of one family: what the Procfile says. Here is what several of them share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bpopt.app.targets import Target

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
