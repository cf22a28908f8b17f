"""What is silenced, by a comment, by the configuration and by a baseline, in the real command."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_commands import DUPLICATE, bpopt

ONLY = ("--select", "BP104,BP001")


def findings(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    done = bpopt(folder, "check", *ONLY, "--output-format", "json", *arguments)
    assert done.returncode in (0, 1), done.stderr
    return list(json.loads(done.stdout)["findings"])


def write(root: Path, **files: str) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


@pytest.mark.parametrize(
    "comment",
    [
        "# bpopt: ignore[BP104] wanted",
        "#bpopt:ignore[duplicate-package]",
        "# bpopt: ignore [BP101, BP104] two rules",
        "# bpopt: ignore[BP104] first\n# and a second line of reasons\n",
    ],
)
def test_the_ways_to_write_a_comment(tmp_path: Path, comment: str) -> None:
    write(tmp_path, Aptfile=f"cmake\n{comment}\ncmake\n")
    assert [f["code"] for f in findings(tmp_path) if f["code"] != "BP001"] == []


def test_an_unused_comment_is_a_finding_of_its_file_like_any_other(tmp_path: Path) -> None:
    write(tmp_path, **{"api/Aptfile": "cmake\n# bpopt: ignore[BP104] wanted\ncurl\n"})
    (unused,) = findings(tmp_path)
    assert (unused["code"], unused["path"], unused["line"]) == ("BP001", "api/Aptfile", 2)
    write(tmp_path, **{"bpopt.toml": "[severity]\nunused-suppression = 'error'\n"})
    assert [f["severity"] for f in findings(tmp_path)] == ["error"]
    write(tmp_path, **{"bpopt.toml": "[per-file-ignores]\n'api/*' = ['BP001']\n"})
    assert findings(tmp_path) == []


ENTRY = '[[suppress]]\nrule = "BP104"\nreason = "known"\n'


def test_an_unused_entry_of_the_configuration_is_a_finding_with_its_place(tmp_path: Path) -> None:
    write(tmp_path, Aptfile="cmake\n", **{"bpopt.toml": f"# suppress\n{ENTRY}"})
    (unused,) = findings(tmp_path)
    assert (unused["code"], unused["path"], unused["line"]) == ("BP001", "bpopt.toml", 3)
    write(tmp_path, Aptfile=DUPLICATE)
    assert findings(tmp_path) == []


def test_an_entry_for_one_app_is_not_unused_in_the_others(tmp_path: Path) -> None:
    write(
        tmp_path,
        **{"a/Aptfile": DUPLICATE, "b/Aptfile": "cmake\n", "bpopt.toml": f'{ENTRY}path = "a/Aptfile"\n'},
    )
    assert findings(tmp_path) == []
    assert findings(tmp_path, "b/Aptfile") == []
    assert findings(tmp_path / "b") == []
    assert findings(tmp_path / "a") == []
    write(tmp_path, **{"a/Aptfile": "cmake\n"})
    assert [(f["code"], f["path"], f["line"]) for f in findings(tmp_path)] == [("BP001", "bpopt.toml", 2)]
    assert [f["path"] for f in findings(tmp_path / "a")] == ["../bpopt.toml"]


def test_patterns_count_from_the_configuration_or_from_the_app(tmp_path: Path) -> None:
    write(tmp_path, **{"a/Aptfile": DUPLICATE, "b/Aptfile": DUPLICATE})
    write(tmp_path, **{"bpopt.toml": "[per-file-ignores]\n'a/Aptfile' = ['apt']\n"})
    assert [f["path"] for f in findings(tmp_path)] == ["b/Aptfile"]
    assert findings(tmp_path / "a") == []
    write(tmp_path, **{"bpopt.toml": "[per-file-ignores]\n'/Aptfile' = ['apt']\n"})
    assert findings(tmp_path) == []


def test_a_suppression_renames_no_other_finding(tmp_path: Path) -> None:
    """Equal findings are numbered; a comment on the first must not give its number to the second."""
    write(tmp_path, Aptfile="zip\nzip\nzip\n")
    second = findings(tmp_path)[1]["fingerprint"]
    bpopt(tmp_path, "check", *ONLY, "--write-baseline", "base.json")
    write(tmp_path, Aptfile="zip\n# bpopt: ignore[BP104] x\nzip\nzip\n")
    assert [f["fingerprint"] for f in findings(tmp_path)] == [second]
    assert findings(tmp_path, "--baseline", "base.json") == []
    (tmp_path / "base.json").unlink()
    bpopt(tmp_path, "check", *ONLY, "--write-baseline", "base.json")
    entries = json.loads((tmp_path / "base.json").read_text())["findings"]
    assert [entry["fingerprint"] for entry in entries] == [second]


@pytest.fixture
def monorepo(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    write(tmp_path, **{"a/Aptfile": DUPLICATE, "b/Aptfile": DUPLICATE})
    assert bpopt(tmp_path, "check", *ONLY, "--write-baseline", "base.json").returncode == 0
    return tmp_path


def test_a_baseline_holds_wherever_bpopt_is_run(monorepo: Path) -> None:
    assert findings(monorepo, "--baseline", "base.json") == []
    assert findings(monorepo / "a", "--baseline", "../base.json") == []
    write(monorepo, **{"bpopt.toml": "baseline = 'base.json'\n"})
    assert findings(monorepo / "b") == []


def test_what_was_not_looked_at_is_not_mended(monorepo: Path) -> None:
    write(monorepo, **{"b/Aptfile": "cmake\n"})
    part = bpopt(monorepo, "check", *ONLY, "--baseline", "base.json", "a/Aptfile")
    assert part.stderr == ""
    other = bpopt(monorepo, "check", "--select", "BP001", "--baseline", "base.json")
    assert other.stderr == ""
    bpopt(monorepo, "check", *ONLY, "--write-baseline", "base.json", "a")
    assert len(json.loads((monorepo / "base.json").read_text())["findings"]) == 2
    whole = bpopt(monorepo, "check", *ONLY, "--baseline", "base.json")
    assert "1 finding in base.json is mended" in whole.stderr
    bpopt(monorepo, "check", *ONLY, "--write-baseline", "base.json")
    assert [f["app"] for f in json.loads((monorepo / "base.json").read_text())["findings"]] == ["a"]
