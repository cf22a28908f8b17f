"""Whether a report is what its format promises, by schemas and parsers that are not bpopt's."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
from lxml import etree

SCHEMAS = Path(__file__).parent / "schemas"
REPORT = Path(__file__).parents[2] / "bpopt" / "data" / "schema" / "report.schema.json"


def check_json(text: str) -> Any:
    """By the published schema, closed: a field that it does not name is an error here."""
    return _check(_closed_report(), text)


def check_gitlab(text: str) -> Any:
    report = _check(_validator(SCHEMAS / "gitlab-code-quality.json"), text)
    marks = [issue["fingerprint"] for issue in report]
    assert len(set(marks)) == len(marks)
    return report


def check_sarif(text: str) -> Any:
    log = _check(_validator(SCHEMAS / "sarif-2.1.0-rtm.5.json"), text)
    for run in log["runs"]:
        rules = run["tool"]["driver"]["rules"]
        assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    return log


def check_junit(text: str) -> etree._Element:
    root = etree.fromstring(text.encode())
    _junit().assertValid(root)
    for suite in root:
        assert suite.get("tests") == str(len(suite.findall("testcase")))
        assert suite.get("failures") == str(len(suite.findall("testcase/failure")))
    return root


def _check(validator: Any, text: str) -> Any:
    value = json.loads(text)
    errors = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]
    if errors:
        raise AssertionError("; ".join(errors))
    return value


@cache
def _validator(path: Path) -> Any:
    schema = json.loads(path.read_text())
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema, format_checker=kind.FORMAT_CHECKER)


@cache
def _closed_report() -> Any:
    schema = json.loads(REPORT.read_text())
    _close(schema)
    return jsonschema.Draft202012Validator(schema)


def _close(schema: Any) -> None:
    if isinstance(schema, dict):
        if "required" in schema and "properties" in schema:
            schema["additionalProperties"] = False
        for value in schema.values():
            _close(value)
    elif isinstance(schema, list):
        for value in schema:
            _close(value)


@cache
def _junit() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMAS / "junit.xsd"))
