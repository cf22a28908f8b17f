"""The rules' own examples are their tests: what is found, where, and what the fix makes of it."""

from __future__ import annotations

import re

import pytest

from bpopt import rules
from bpopt.rules.base import RuleModule
from tests.rules.harness import Case, build, cases, findings, fix, named

CASES = cases()
SECTIONS = ("## What it does", "## Why is this bad", "## Fix safety", "## References")


@pytest.mark.parametrize("case", CASES, ids=[c.id for c in CASES])
def test_finds_exactly_what_is_marked(case: Case) -> None:
    app, expected = build(case)
    found = findings(case, app)
    marked = {(f.source.path, f.span) for f in found}
    if case.example.finds and not expected:
        assert found, "nothing found"
    else:
        assert marked == expected, [(f.message, f.source.text[f.span.start : f.span.end]) for f in found]
    assert bool(found) == case.example.finds
    if case.example.severity:
        assert {f.severity.value for f in found} == {case.example.severity}
    if case.example.message:
        assert any(case.example.message in f.message for f in found), [f.message for f in found]


@pytest.mark.parametrize("case", [c for c in CASES if c.example.finds], ids=lambda c: c.id)
def test_fix_gives_exactly_the_text_and_mends(case: Case) -> None:
    app, _ = build(case)
    offered = {f.fix.safety.value for f in findings(case, app) if f.fix is not None}
    changed, left = fix(case, app)
    if case.example.fixed is None:
        assert not changed, changed
        return
    assert changed == named(case, dict(case.example.fixed))
    assert not left
    assert case.example.safety in offered


@pytest.mark.parametrize("module", [e.load() for e in rules.REGISTRY], ids=lambda m: m.META.code)
def test_page_is_complete(module: RuleModule) -> None:
    doc = module.__doc__ or ""
    title = doc.splitlines()[0]
    assert title.endswith("."), "the first line is the title, a sentence"
    assert [s for s in SECTIONS if s not in doc] == []
    assert re.search(r"\]\(https://[^)\s]+\)", doc.split("## References")[1]), "a rule needs a source"
    kinds = {example.finds for example in module.EXAMPLES}
    assert kinds == {True, False}, "a rule needs examples that it finds and examples that it leaves alone"


def test_registry_matches_the_modules() -> None:
    for entry in rules.REGISTRY:
        meta = entry.load().META
        assert (entry.code, entry.name, entry.kind) == (meta.code, meta.name, meta.kind)
    codes = [entry.code for entry in rules.REGISTRY]
    assert codes == sorted(set(codes))
