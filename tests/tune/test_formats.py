"""What tune shows: whole, valid, and the same in a terminal of 80 columns."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest

from bpopt.output import Look
from bpopt.tune import formats, report
from bpopt.tune.searching import BUDGET, INTERRUPTED
from tests.tune import made

LOOK = Look(width=80)
SCHEMA = Path(__file__).parents[2] / "bpopt" / "data" / "schema" / "tune.schema.json"
SNAPSHOT = Path(__file__).parent / "report.txt"


def test_the_table() -> None:
    text = formats.render("table", made.report(), LOOK)
    assert text == SNAPSHOT.read_text(encoding="utf-8")
    assert max(map(len, text.splitlines())) <= 80


def test_plain_terminals_get_ascii() -> None:
    text = formats.render("table", made.report(), LOOK._replace(ascii=True))
    assert text.isascii()
    assert "\x1b" not in text
    assert "\x1b[" in formats.render("table", made.report(), LOOK._replace(color=True))


def test_quiet_gives_the_answer_alone() -> None:
    text = formats.render("table", made.report(), LOOK._replace(quiet=True))
    assert text.startswith("Run gunicorn with --workers 2 --preload: ")
    assert "Not tried" not in text


def test_json_is_valid_by_its_schema() -> None:
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    for found in (made.report(), made.report(INTERRUPTED)):
        record = json.loads(formats.render("json", found, LOOK))
        jsonschema.validate(record, schema)
        assert record["answer"]["options"] == "--workers 2 --preload"
    assert [own["barred"] for own in record["configurations"] if own["barred"]][-1] == "2 workers crashed"


def test_html_is_whole_and_escaped() -> None:
    text = formats.render("html", made.report(), LOOK)
    assert "a &lt;note&gt;" in text
    assert "<script" not in text
    assert len(re.findall("<svg", text)) == 1
    assert text.count("<tr>") == 6


@pytest.mark.parametrize(
    ("ended", "said"), [(BUDGET, "the budget is spent"), (INTERRUPTED, "it was interrupted")]
)
def test_an_answer_that_is_not_settled_says_so(ended: str, said: str) -> None:
    assert said in report.sentences(made.report(ended))[-1]


def test_the_front() -> None:
    found = made.report()
    assert {s.candidate.key for s in found.front()} >= {"w1-t1", "w2-t1-preload"}
    assert "w3-t1" not in {s.candidate.key for s in found.front()}
