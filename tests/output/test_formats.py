"""Each format against its schema, and the details that a schema does not know."""

from __future__ import annotations

import json
import shutil
import subprocess
from itertools import count, islice
from pathlib import Path

import jsonschema
import pytest

from bpopt.engine import AppResult
from bpopt.finding import Edit, Fix, Safety, fingerprints
from bpopt.output import FORMATS, Look, render
from bpopt.output.links import rule_url
from bpopt.text import Span
from tests.output.checks import REPORT, check_gitlab, check_json, check_junit, check_sarif
from tests.output.sample import APTFILE, BAD_WORKER, CLEAR, DUPLICATE_BLAS, DUPLICATE_PACKAGE, RESULTS, target

LOOK = Look(now="2026-11-24T12:00:00")


def written(form: str, *results: AppResult, look: Look = LOOK) -> str:
    return "".join(render(form, results or RESULTS, look))


def alone(finding: object) -> AppResult:
    return AppResult("shop", (target("heroku"),), True, ("Aptfile",), (finding,))  # type: ignore[arg-type]


def test_the_published_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(REPORT.read_text()))


@pytest.mark.parametrize("results", [RESULTS, CLEAR, ()])
def test_json_keeps_to_its_schema(results: tuple[AppResult, ...]) -> None:
    report = check_json("".join(render("json", results, LOOK)))
    found = [finding for result in results for finding in result.findings]
    assert len(report["findings"]) == sum(finding.suppressed is None for finding in found)
    assert len(report["suppressed_findings"]) == sum(finding.suppressed is not None for finding in found)
    assert report["summary"]["findings"] == len(report["findings"])
    assert [app["root"] for app in report["apps"]] == [result.root for result in results]


def test_the_schema_refuses_a_report_that_lacks_a_field() -> None:
    report = json.loads(written("json"))
    del report["findings"][0]["fingerprint"]
    with pytest.raises(AssertionError, match="fingerprint"):
        check_json(json.dumps(report))


def test_json_places_are_those_of_the_file() -> None:
    finding = check_json(written("json", alone(DUPLICATE_PACKAGE)))["findings"][0]
    assert finding["path"] == "shop/Aptfile"
    assert (finding["line"], finding["column"], finding["end_line"], finding["end_column"]) == (6, 19, 6, 30)
    assert finding["url"] == rule_url("duplicate-package")
    edit = finding["fix"]["edits"][0]
    assert APTFILE.text[edit["start"] : edit["end"]] == " libjpeg-dev"


@pytest.mark.parametrize("results", [RESULTS, CLEAR, ()])
def test_sarif_keeps_to_the_standard(results: tuple[AppResult, ...]) -> None:
    run = check_sarif("".join(render("sarif", results, LOOK)))["runs"][0]
    assert len(run["results"]) == sum(len(result.findings) for result in results)
    assert run["columnKind"] == "unicodeCodePoints"


def test_sarif_keeps_and_marks_what_is_suppressed() -> None:
    results = check_sarif(written("sarif"))["runs"][0]["results"]
    marks = {result["ruleId"]: result["suppressions"] for result in results if result["suppressions"]}
    assert {code: mark[0]["kind"] for code, mark in marks.items()} == {
        "BP907": "inSource",
        "BP105": "external",
    }
    assert marks["BP907"][0]["justification"] == "migrations are quick here -- we looked"


def test_sarif_describes_a_rule_with_its_own_page() -> None:
    driver = check_sarif(written("sarif", alone(DUPLICATE_PACKAGE)))["runs"][0]["tool"]["driver"]
    rule = driver["rules"][0]
    assert rule["shortDescription"]["text"] == "A package is listed twice."
    assert rule["fullDescription"]["text"] == "Finds apt packages that an Aptfile names more than once."
    assert "## Why is this bad" in rule["help"]["markdown"]
    assert rule["defaultConfiguration"]["level"] == "warning"
    assert rule["properties"]["tags"] == ["buildpack", "apt"]


def test_sarif_fixes_are_those_that_can_be_applied_whole() -> None:
    results = check_sarif(written("sarif"))["runs"][0]["results"]
    assert {result["ruleId"] for result in results if "fixes" in result} == {
        "BP101",
        "BP104",
        "BP105",
        "BP304",
        "BP401",
    }
    fix = next(result for result in results if result["ruleId"] == "BP101")["fixes"][0]
    replacement = fix["artifactChanges"][0]["replacements"][0]
    assert replacement["deletedRegion"] == {"startLine": 3, "startColumn": 1, "endLine": 4, "endColumn": 1}
    assert replacement["insertedContent"] == {"text": ""}


def test_sarif_names_a_file_that_is_not_at_hand_by_characters() -> None:
    fix = Fix("Set it", Safety.SAFE, (Edit("app.json", Span(4, 6), "x"),))
    result = check_sarif(written("sarif", alone(DUPLICATE_BLAS._replace(fix=fix))))["runs"][0]["results"][0]
    change = result["fixes"][0]["artifactChanges"][0]
    assert change["artifactLocation"]["uri"] == "shop/app.json"
    assert change["replacements"][0]["deletedRegion"] == {"charOffset": 4, "charLength": 2}


@pytest.mark.parametrize(
    ("root", "uri"),
    [
        ("a b", "a%20b/Aptfile"),
        ("caf\udce9", "caf%E9/Aptfile"),
        ("c:d", "c%3Ad/Aptfile"),
        ("../up", "../up/Aptfile"),
        ("/srv/app", "file:///srv/app/Aptfile"),
    ],
)
def test_sarif_writes_paths_as_uris(root: str, uri: str) -> None:
    result = check_sarif(written("sarif", alone(DUPLICATE_BLAS._replace(root=root))))["runs"][0]["results"][0]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


@pytest.mark.rare
@pytest.mark.parametrize("results", [RESULTS, CLEAR, ()])
def test_sarif_is_accepted_by_the_sarif_sdk(results: tuple[AppResult, ...], tmp_path: Path) -> None:
    """`npm install -g @microsoft/sarif-multitool`: the validator of the standard's own authors."""
    tool = shutil.which("sarif-multitool")
    if tool is None:
        pytest.skip("sarif-multitool is not installed")
    (tmp_path / "report.sarif").write_text("".join(render("sarif", results, LOOK)))
    command = [tool, "validate", "report.sarif", "--output", "out.sarif"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert "Analysis completed successfully" in run.stdout
    assert json.loads((tmp_path / "out.sarif").read_bytes().decode("utf-8-sig"))["runs"][0]["results"] == []


@pytest.mark.parametrize("results", [RESULTS, CLEAR, ()])
def test_gitlab_keeps_to_the_documented_shape(results: tuple[AppResult, ...]) -> None:
    report = check_gitlab("".join(render("gitlab", results, LOOK)))
    assert len(report) == sum(len(result.counted) for result in results)


def test_json_sarif_and_gitlab_share_one_fingerprint() -> None:
    marks = fingerprints(list(RESULTS[0].findings))
    report, log = check_json(written("json", RESULTS[0])), check_sarif(written("sarif", RESULTS[0]))
    counted = [mark for mark, f in zip(marks, RESULTS[0].findings, strict=True) if f.suppressed is None]
    assert [result["partialFingerprints"]["bpopt/v1"] for result in log["runs"][0]["results"]] == marks
    assert [finding["fingerprint"] for finding in report["findings"]] == counted
    assert [issue["fingerprint"] for issue in check_gitlab(written("gitlab", RESULTS[0]))] == counted


@pytest.mark.parametrize("results", [RESULTS, CLEAR, ()])
def test_junit_keeps_to_its_schema(results: tuple[AppResult, ...]) -> None:
    root = check_junit("".join(render("junit", results, LOOK)))
    assert [suite.get("name") for suite in root] == [result.root for result in results]


def test_junit_takes_the_clock_where_no_time_is_given() -> None:
    check_junit(written("junit", look=Look()))


def test_github_escapes_what_would_end_a_command() -> None:
    finding = BAD_WORKER._replace(message="50%: a,b\nc", root="a:b,c%")
    command, total = written("github", alone(finding)).splitlines()
    assert command == (
        "::error file=a%3Ab%2Cc%25/Procfile,line=1,endLine=1,col=154,endColumn=195,"
        "title=BP305 unknown-worker-option::50%25: a,b c"
    )
    assert total.startswith("Found 1 error in 1 app")


def test_markdown_shows_text_as_it_is() -> None:
    finding = BAD_WORKER._replace(message="a|b `c` <img> [x](y) @team $x *y*", root="a`b|c")
    row = written("markdown", alone(finding)).splitlines()[-1]
    assert "a\\|b \\`c\\` \\<img\\> \\[x\\](y) @<!-- -->team \\$x \\*y\\*" in row
    assert "``a`b\\|c/Procfile:1:154``" in row


def test_markdown_stays_below_what_github_takes() -> None:
    results = [RESULTS[0]._replace(root=f"app{number}") for number in range(500)]
    text = "".join(render("markdown", results, LOOK))
    assert len(text) < 65_536
    assert "Found 1,000 errors, 1,500 warnings, 500 notes in 500 apps" in text
    shown = text.count("BP101 redundant")
    assert f"{(500 - shown) * 6:,} findings more did not fit here" in text


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "markdown"])
def test_a_report_is_a_stream(form: str) -> None:
    endless = (RESULTS[0]._replace(root=f"app{number}") for number in count())
    chunks = list(islice(render(form, endless, LOOK), 200))
    assert len("".join(chunks)) > 10_000


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_suppressed_is_hidden_but_counted(form: str) -> None:
    text = written(form)
    hidden = "cmake is only needed to compile" in text
    assert hidden is (form in ("json", "sarif"))
    if form in ("full", "concise", "github", "markdown"):
        assert "2 suppressed." in text
