"""The whole output of every format on one sample; `UPDATE_SNAPSHOTS=1 pytest tests/output` writes it anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bpopt.output import FORMATS, Look, render
from tests.output.sample import CLEAR, RESULTS

SNAPSHOTS = Path(__file__).parent / "snapshots"
SUFFIXES = {"json": "json", "sarif": "sarif", "gitlab": "json", "junit": "xml", "markdown": "md"}
NOW = "2026-11-24T12:00:00"
LOOKS = {
    "full-color": ("full", Look(color=True)),
    "full-links": ("full", Look(color=True, links=True)),
    "full-ascii": ("full", Look(ascii=True)),
    "full-narrow": ("full", Look(width=44)),
    "full-suppressed": ("full", Look(show_suppressed=True)),
    "full-quiet": ("full", Look(quiet=True)),
    "concise-color": ("concise", Look(color=True)),
    "concise-suppressed": ("concise", Look(show_suppressed=True)),
} | {name: (name, Look(now=NOW)) for name in FORMATS}


def compare(name: str, text: str) -> None:
    path = SNAPSHOTS / name
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode())
    assert text == path.read_bytes().decode()


@pytest.mark.parametrize("name", LOOKS)
def test_a_report_looks_as_it_did(name: str) -> None:
    form, look = LOOKS[name]
    compare(f"{name}.{SUFFIXES.get(form, 'txt')}", "".join(render(form, RESULTS, look)))


@pytest.mark.parametrize("form", FORMATS)
def test_a_report_without_findings_looks_as_it_did(form: str) -> None:
    compare(f"clear-{form}.{SUFFIXES.get(form, 'txt')}", "".join(render(form, CLEAR, Look(now=NOW))))


@pytest.mark.parametrize("form", FORMATS)
def test_a_report_on_nothing_looks_as_it_did(form: str) -> None:
    compare(f"empty-{form}.{SUFFIXES.get(form, 'txt')}", "".join(render(form, (), Look(now=NOW))))
