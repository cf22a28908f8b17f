"""What `bpopt explain` cites of the stored result of the sample app."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema

from bpopt.output import Look
from bpopt.verify import formats, stored
from bpopt.verify.report import Effect
from tests.verify import made

SCHEMA = Path(__file__).parents[2] / "bpopt" / "data" / "schema" / "verify.schema.json"


def test_a_rules_effect_is_told_with_where_it_was_measured(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    path.write_text(formats.render("json", made.report(), Look()))
    found = stored.sentences("BP304", str(path))
    assert found[0] == "Memory, after load: better, −31 % (−31 to −30 %)"
    assert found[-1].startswith("measured by bpopt verify --each on the sample app, 2026-11-24, 2 cores")
    assert stored.sentences("BP999", str(path)) == []
    assert stored.sentences("BP304", str(tmp_path / "none")) == []


def test_what_broke_and_what_changed_nothing_is_told(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    effects = (Effect("BP301", "no-threads", ("Add",), {}, ("probe: wrong answers",)),)
    path.write_text(formats.render("json", made.report()._replace(each=effects), Look()))
    assert stored.sentences("BP301", str(path))[:2] == [
        "probe: wrong answers",
        "no measurable change in 0 measures",
    ]


def test_the_stored_result_of_the_sample_app_is_valid_and_says_that_preload_saves_memory() -> None:
    record = json.loads(Path(stored.PATH).read_text())
    jsonschema.validate(record, json.loads(SCHEMA.read_text()))
    said = " ".join(stored.sentences("BP304"))
    assert "Memory, idle: better" in said
