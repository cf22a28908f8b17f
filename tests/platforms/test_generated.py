"""The generated files: fresh, made of the TOML files alone, and what wrong TOML is answered with."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bpopt import platforms
from bpopt.platforms import build, docs, source


def test_tables_are_fresh() -> None:
    assert build.stale() == []


def test_the_page_is_fresh() -> None:
    assert Path(docs.PAGE).read_text(encoding="utf-8") == docs.page()


def test_the_tables_folder_holds_nothing_else() -> None:
    expected = {table.name for table in build.tables()} | {"__init__.py"}
    assert {name for name in os.listdir(build.TABLES) if name.endswith(".py")} == expected


def test_the_page_links_every_fact_that_is_shown() -> None:
    page = docs.page()
    for name in platforms.NAMES:
        for fact in platforms.load(name).facts.values():
            assert f"]: {fact.source} " in page


def test_check_modes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert build.main(["--check"]) == 0
    assert docs.main(["--check"]) == 0
    monkeypatch.setattr(build, "TABLES", str(tmp_path))
    assert build.main(["--check"]) == 1
    assert "dokku.py" in capsys.readouterr().out
    assert build.main([]) == 0
    assert build.main(["--check"]) == 0
    (tmp_path / "dokku.py").write_text("FACTS = {}\n", encoding="utf-8")
    assert build.main(["--check"]) == 1
    monkeypatch.setattr(docs, "PAGE", str(tmp_path / "platforms.md"))
    assert docs.main([]) == 0
    assert docs.main(["--check"]) == 0
    (tmp_path / "platforms.md").write_text("old\n", encoding="utf-8")
    assert docs.main(["--check"]) == 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("crlf = { value", "crfl = { value", "crfl is not in keys.toml"),
        ('source = "slug"', 'source = "slugs"', "no source called slugs"),
        ('scope = "run", mode = "always"', 'scope = "run"', "needs scope and mode"),
        ('note = "capital P', 'notes = "capital P', "unknown field notes"),
        (
            "[sources]\n",
            '[sources]\nspare = { url = "https://x.org", date = "2026-11-23" }\n',
            "nothing cites: spare",
        ),
        ('suite = "noble"', 'sweet = "noble"', "suite, sweet missing or unknown"),
    ],
)
def test_wrong_data_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, said: str
) -> None:
    shutil.copytree(os.path.join(source.DATA, "platforms"), tmp_path / "platforms")
    file = tmp_path / "platforms" / "heroku.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    monkeypatch.setattr(source, "DATA", str(tmp_path))
    with pytest.raises(ValueError, match=said):
        source.platform("heroku")


def test_loading_imports_nothing_heavy() -> None:
    """What `bpopt check` pays for: the tables, and neither a TOML reader nor plans nor Python releases."""
    code = (
        "import sys; from bpopt import platforms; [platforms.load(n) for n in platforms.NAMES];"
        "print(*sorted(sys.modules))"
    )
    loaded = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True)
    heavy = {"tomllib", "tomli", "json", "pathlib", "importlib.resources", "dataclasses", "inspect"}
    heavy |= {f"bpopt.platforms.{name}" for name in ("source", "build", "docs", "plans", "python")}
    assert heavy & set(loaded.stdout.split()) == set()
