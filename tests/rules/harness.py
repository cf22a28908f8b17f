"""Runs one rule on one example: marks out, app in memory, findings and fix back."""

from __future__ import annotations

import datetime
import re
from typing import NamedTuple

from bpopt import engine, fixer, rules, settings
from bpopt.app import App
from bpopt.app.files import MemoryFiles
from bpopt.app.targets import told
from bpopt.finding import Finding, Safety
from bpopt.rules.base import DEFAULT_PATHS, Example, Filler, RuleModule
from bpopt.text import Span

TODAY = datetime.date(2026, 11, 24)
ALL = settings.defaults()


class Case(NamedTuple):
    """An example of a rule, unpacked."""

    module: RuleModule
    example: Example
    number: int

    @property
    def id(self) -> str:
        return f"{self.module.META.code}-{self.number}-{'bad' if self.example.finds else 'ok'}"


def cases() -> list[Case]:
    """Every example of every rule."""
    modules = [entry.load() for entry in rules.REGISTRY]
    return [Case(m, example, n) for m in modules for n, example in enumerate(m.EXAMPLES)]


def unmark(text: str) -> tuple[str, list[Span]]:
    """Take the « and » out of a text; give the spans they enclosed."""
    plain, spans, start = "", [], 0
    for part in re.split("([«»])", text):
        if part == "«":
            start = len(plain)
        elif part == "»":
            spans.append(Span(start, len(plain)))
        else:
            plain += part
    return plain, spans


def named(case: Case, files: dict[str, str | None]) -> dict[str, str | None]:
    """Files by path; the empty path is the rule's usual file."""
    return {path or DEFAULT_PATHS[case.module.META.kind]: text for path, text in files.items()}


def build(case: Case) -> tuple[App, set[tuple[str, Span]]]:
    """The example's app, and the places that its marks say."""
    contents, expected = {}, set()
    for path, text in named(case, dict(case.example.files)).items():
        assert text is not None
        plain, spans = unmark(text)
        if isinstance(text, Filler):
            plain = "0" * text.size
        contents[path] = plain.encode()
        mark = plain.startswith("\ufeff")  # positions do not count a byte order mark
        expected |= {(path, Span(span.start - mark, span.end - mark)) for span in spans}
    targets = told(case.example.on, None, None, "example")
    return App(MemoryFiles(contents), "", targets, TODAY), expected


def findings(case: Case, app: App) -> list[Finding]:
    """The rule's own findings in an app."""
    chosen = ALL if case.module.META.code == "BP001" else settings.defaults(select=[case.module.META.code])
    return [f for f in engine.check(app, chosen).counted if f.code == case.module.META.code]


def fix(case: Case, app: App) -> tuple[dict[str, str | None], list[Finding]]:
    """The files that the rule's safe and unsafe fixes change, and what the rule still finds then."""
    chosen = ALL if case.module.META.code == "BP001" else settings.defaults(select=[case.module.META.code])
    fixed = fixer.converge(app, chosen, True, engine.check)
    assert fixed.stable, "the fix does not settle"
    assert not fixed.refused, f"the fix does not mend its finding: {fixed.refused}"
    texts = {path: None if raw is None else raw.decode() for path, raw in fixed.changes.items()}
    left = [f for f in fixed.remaining.counted if f.code == case.module.META.code]
    return texts, [f for f in left if f.fix is not None and f.fix.safety is not Safety.DISPLAY]
