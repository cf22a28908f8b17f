"""Every format of a verify report: valid, whole, and safe whatever the app printed."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pytest
from lxml import etree

from bpopt.output import Look
from bpopt.verify import formats, table
from tests.output.checks import check_junit
from tests.verify import made

LOOK = Look(width=80)
SCHEMA = Path(__file__).parents[2] / "bpopt" / "data" / "schema" / "verify.schema.json"


def test_json_is_valid_by_its_schema() -> None:
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    record = json.loads(formats.render("json", made.report({"max_memory_mb": 300}, broken=True), LOOK))
    jsonschema.validate(record, schema)
    assert record["failed"] == ["probe: 2 of 40 answers differ"]
    assert record["table"][2]["key"] == "memory.loaded.pss"


def test_json_has_no_infinities() -> None:
    report = made.report()
    once = made.measure("boot.seconds", "s", 1, 2, rounds=1)
    report = report._replace(results=(report.results[3]._replace(measures=(once,)),))
    text = formats.render("json", report, LOOK)
    assert json.loads(text)["stages"][0]["measures"][0]["change"]["low"] is None
    assert "Infinity" not in text


def test_junit_is_valid_and_counts_what_failed() -> None:
    root = check_junit(formats.render("junit", made.report(broken=True), LOOK))
    suite = root[0]
    assert suite.get("failures") == "2"  # the stage and its line of the checklist
    names = {case.get("name"): [child.tag for child in case] for case in suite.iter("testcase")}
    assert names["probe"] == ["failure"]
    assert "apt" not in names
    assert "skipped: apt: neither state has an Aptfile" in (suite.findtext("system-out") or "")
    assert names["boot"] == []


class _Tags(HTMLParser):
    VOID = frozenset({"meta", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_html_is_one_file_without_scripts_and_its_tags_close() -> None:
    page = formats.render("html", made.report(), LOOK)
    tags = _Tags()
    tags.feed(page)
    assert tags.open == []
    assert "script" not in tags.seen
    assert "link" not in tags.seen
    addresses = re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?(.)""", page)
    assert set(addresses) <= {"#"}  # within the page
    assert page.count("<svg") == 4
    for drawing in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
        etree.fromstring(drawing)


@pytest.mark.parametrize("name", formats.FORMATS)
def test_what_an_app_printed_does_no_harm(name: str) -> None:
    evil = "<script>alert(1)</script> ]]> | `x` \x1b[2J \x00 \udce9 @everyone [bold]"
    report = made.report()
    notes = report.results[0]._replace(notes=(evil,), reason=evil, status="failed")
    text = formats.render(name, report._replace(results=(notes,), app=evil, diff=evil), LOOK)
    text.encode()
    assert "\x1b[2J" not in text
    assert "\x00" not in text
    if name in ("html", "markdown", "junit"):
        assert "<script>" not in text.replace("\\<script\\>", "").partition("```diff")[0]
    if name == "junit":
        check_junit(text)


def test_the_table_fits_eighty_columns_and_says_all() -> None:
    text = formats.render("table", made.report({"max_memory_mb": 200}), LOOK)
    assert max(map(len, text.splitlines())) <= 80
    assert "BP304 no-preload: Add --preload" in text
    assert re.search(r"Memory\s+376 MiB\s+261 MiB\s+better: −31 %", text)
    assert "✓ Memory stays under the plan  268 MiB of 512 MiB" in text
    assert "✓ Answers within 2 s" in text
    assert "gate max_memory_mb broken: 267.6 MiB, limit 200" in text
    assert text.splitlines()[-1].startswith("Failed: max_memory_mb")


def test_the_table_can_be_ascii_and_quiet() -> None:
    text = formats.render("table", made.report(), LOOK._replace(ascii=True, quiet=True))
    assert text.isascii()
    assert "some processor" not in text


def test_colour_only_where_it_is_wanted() -> None:
    assert "\x1b[" not in formats.render("table", made.report(), LOOK)
    assert "\x1b[" in formats.render("table", made.report(), LOOK._replace(color=True))


def test_markdown_fits_a_comment() -> None:
    text = formats.render("markdown", made.report()._replace(diff="x" * 100_000), LOOK)
    assert len(text) < 65_000
    assert "| Memory | 376 MiB | 261 MiB | **better**:" in text


def test_the_checklist_knows_what_was_not_looked_at() -> None:
    checks = {check.title: check for check in table.checklist(made.report(broken=True))}
    assert checks["Build completes"].holds is None
    assert checks["Answers are right"].holds is False
    assert checks["App starts"].holds is True
    assert checks["Health check is quick"].holds is True


def test_image_size_adds_the_layer_to_what_ships() -> None:
    report = made.report()
    layer = made.counted("apt.unpacked", "B", 10_000_000, 9_000_000)
    found = (*report.results, report.results[2]._replace(status="passed", measures=(layer,)))
    row = table.rows(report._replace(results=found))[1]
    assert row.measure is not None
    assert (row.measure.before, row.measure.after) == ((11_000_000,), (9_400_000,))


def test_a_run_without_any_measure_says_so() -> None:
    report = made.report()._replace(results=())
    text = formats.render("table", report, LOOK)
    assert "Nothing was measured" in text
