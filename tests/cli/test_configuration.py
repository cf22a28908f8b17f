"""Mistakes in the configuration: each is told with its place and what was meant, and is never a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from bpopt.settings import options
from tests.cli.test_commands import DUPLICATE, bpopt

MISTAKES = [
    ('select = ["apt"]\nigonre = []\n', ":2:1: unknown setting 'igonre', did you mean 'ignore'?"),
    ('ignore = [\n  "BP104",\n  "redundant-bla",\n]\n', ":3:3: unknown rule 'redundant-bla', did you mean"),
    ("select = true\n", ":1:1: select must be a list, not True"),
    ('select = ["apt", 3]\n', ":1:18: select[1] must be text, not 3"),
    ('[severity]\nBP104 = "fatal"\n', ":2:1: severity.BP104 must be one of error, warning, info, not 'fatal'"),
    ('[severity]\nBP999 = "error"\n', ":2:1: unknown rule 'BP999', did you mean"),
    ('[per-file-ignores]\n"*.txt" = ["aptt"]\n', ":2:12: unknown rule 'aptt', did you mean 'apt'?"),
    ('[[suppress]]\nrule = "BP104"\n', ":1:1: suppress[0] needs 'reason'"),
    ('[[suppress]]\nrule = "BP104"\nreason = ""\n', ":3:1: suppress[0].reason must not be empty"),
    ('[[suppress]]\nrule = "BP104"\nreason = "x"\nfile = "y"\n', ":4:1: suppress[0] has an unknown key 'file'"),
    ('select = ["apt"\nignore = 3\n', ":2:1: not valid TOML"),
    ("a b\n", ":1:"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told"), MISTAKES, ids=[told for _, told in MISTAKES])
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "Aptfile").write_text(DUPLICATE)
    (tmp_path / "bpopt.toml").write_text(text)
    done = bpopt(tmp_path, "check")
    assert done.returncode == 2
    assert f"bpopt: bpopt.toml{told}" in done.stderr


def test_a_mistake_in_pyproject_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app/Aptfile").write_text(DUPLICATE)
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n\n[tool.bpopt]\nselct = []\n')
    done = bpopt(tmp_path, "check", "app")
    assert done.returncode == 2
    assert "bpopt: pyproject.toml:5:1: unknown setting 'selct', did you mean 'select'?" in done.stderr


@pytest.mark.parametrize("raw", [b"\xff\xfes\0", b"\0", b"\xff = 1\n", b"[" * 9999, b"a" * 5_000_000])
def test_a_configuration_of_any_bytes_is_refused_in_words(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "Aptfile").write_text(DUPLICATE)
    (tmp_path / "bpopt.toml").write_bytes(raw)
    done = bpopt(tmp_path, "check")
    assert done.returncode == 2
    assert done.stderr.startswith("bpopt: bpopt.toml")
    assert len(done.stderr) < 300


def test_a_configuration_that_is_not_there_or_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "Aptfile").write_text(DUPLICATE)
    missing = bpopt(tmp_path, "check", "--config", "nope.toml")
    assert (missing.returncode, missing.stderr) == (
        2,
        "bpopt: nope.toml: cannot be read: No such file or directory\n",
    )
    folder = bpopt(tmp_path, "check", "--config", ".")
    assert (folder.returncode, folder.stderr) == (2, "bpopt: .: cannot be read: Is a directory\n")


def test_exclude_belongs_to_the_configuration_of_the_folder_that_is_checked(tmp_path: Path) -> None:
    for app in ("repo/a", "repo/old/b"):
        (tmp_path / app).mkdir(parents=True)
        (tmp_path / app / "Aptfile").write_text(DUPLICATE)
    (tmp_path / "repo/bpopt.toml").write_text('exclude = ["/old"]\n')
    files = ("repo/a/Aptfile", "repo/old/b/Aptfile")
    for folder, paths in ((tmp_path, ("repo",)), (tmp_path / "repo", ()), (tmp_path, files)):
        done = bpopt(folder, "check", *paths, "--show-files")
        assert done.stdout.split() == [f"{'repo/' if folder == tmp_path else ''}a/Aptfile"]


def test_the_published_schema_is_complete_and_agrees_with_the_check() -> None:
    """Every setting is in it, and it refuses what bpopt refuses."""
    import tomli

    schema = options.schema()
    assert set(schema["properties"]) == {option.key for option in options.OPTIONS}
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    for option in options.OPTIONS:
        if option.default is not None:
            validator.validate({option.key: option.default})
    for text, told in MISTAKES:
        if "TOML" not in told and "rule" not in told and text != "a b\n":
            assert not validator.is_valid(tomli.loads(text)), text


def test_settings_tells_where_each_value_came_from(tmp_path: Path) -> None:
    (tmp_path / "bpopt.toml").write_text('ignore = ["BP104"]\n')
    done = bpopt(tmp_path, "settings", "--format", "json", "--platform", "dokku")
    rows = json.loads(done.stdout)
    assert rows["ignore"] == {"value": ["BP104"], "origin": "bpopt.toml"}
    assert rows["platform"] == {"value": ["dokku"], "origin": "command line"}
    assert rows["baseline"]["origin"] == "default"
    (tmp_path / "Aptfile").touch()
    of_file = json.loads(bpopt(tmp_path, "settings", "--format", "json", "Aptfile").stdout)
    assert of_file["ignore"]["origin"] == "bpopt.toml"
    assert bpopt(tmp_path, "settings", "nowhere").returncode == 2
