"""The steps of action.yml, run by a real bash as GitHub's runner does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import yaml

from tests.cli.test_commands import DUPLICATE

ROOT = Path(__file__).resolve().parents[2]
STEPS = yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]


def run(folder: Path, **env: str) -> tuple[int, str, str]:
    """Exit code, what was printed and what was handed on by the step that checks."""
    step = next(step for step in STEPS if step.get("id") == "check")
    assert set(step["env"]) == {"PATHS", "ARGUMENTS", "SARIF"}
    temp = folder / "temp"
    (temp / "bpopt").mkdir(parents=True, exist_ok=True)
    if not (temp / "bpopt/bin").exists():
        (temp / "bpopt/bin").symlink_to(Path(sys.executable).parent)
    given = {"PATHS": ".", "ARGUMENTS": "", "SARIF": "", **env}
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=folder,
        env={**os.environ, **given, "RUNNER_TEMP": str(temp), "GITHUB_OUTPUT": str(folder / "output")},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr, (folder / "output").read_text()


def test_findings_are_annotated_and_handed_on(tmp_path: Path) -> None:
    for app in ("a", "b", "c"):
        (tmp_path / app).mkdir()
        (tmp_path / app / "Aptfile").write_text(DUPLICATE if app != "c" else "libjpeg-dev\n")
    code, text, output = run(tmp_path, PATHS="a\nb\n", ARGUMENTS="--select BP104", SARIF="r.sarif")
    assert (code, output) == (1, "exit-code=1\n")
    assert "file=a/Aptfile" in text
    assert "file=b/Aptfile" in text
    results = json.loads((tmp_path / "r.sarif").read_text())["runs"][0]["results"]
    assert [result["ruleId"] for result in results] == ["BP104", "BP104"]
    assert run(tmp_path, PATHS="c", ARGUMENTS="--select BP104")[0] == 0
    assert run(tmp_path, ARGUMENTS="--platform nowhere")[0] == 2


def test_inputs_are_words_and_never_commands(tmp_path: Path) -> None:
    code, _, _ = run(tmp_path, PATHS="$(touch pwned) `touch pwned`;touch pwned", ARGUMENTS="", SARIF="")
    assert code == 2
    assert not (tmp_path / "pwned").exists()
