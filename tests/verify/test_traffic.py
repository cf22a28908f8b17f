"""The mix of requests: read from tables and files, weighted, the same for the same seed."""

from __future__ import annotations

from collections import Counter
from email.parser import BytesParser
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from bpopt.app import App
from bpopt.app.files import DiskFiles, MemoryFiles
from bpopt.settings import ConfigError
from bpopt.verify import traffic
from bpopt.verify.traffic import Traffic

SAMPLE = Path(__file__).parents[2] / "sample_app"


def load(table: dict[str, Any], root: str = ".", files: dict[str, bytes] | None = None) -> Traffic:
    return traffic.load(App(MemoryFiles(files or {})), root, table)


def test_without_configuration() -> None:
    found = load({})
    assert (found.health, found.guessed, [e.name for e in found.entries]) == ("/", True, ["/"])
    assert found.good(404)
    assert not found.good(500)


def test_health_of_an_app_spec() -> None:
    spec = b"services:\n- name: web\n  health_check:\n    http_path: /up\n"
    found = load({}, files={".do/app.yaml": spec})
    assert (found.health, found.guessed) == ("/up", False)
    assert [e.name for e in found.entries] == ["/", "/up"]


def test_variants_and_forms(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8 a")
    (tmp_path / "b.jpg").write_bytes(b"\xff\xd8 b")
    item = {"path": "/find", "form": {"name": "Ada"}, "files": {"photo": ["a.jpg", "b.jpg"]}}
    (entry,) = load({"request": [item]}, str(tmp_path)).entries
    assert [(s.method, s.variant) for s in entry.sent] == [("POST", "a.jpg"), ("POST", "b.jpg")]
    head = f"Content-Type: {dict(entry.sent[1].headers)['Content-Type']}\r\n\r\n".encode()
    _form, name, photo = BytesParser().parsebytes(head + entry.sent[1].body).walk()
    assert name.get_payload() == "Ada"
    assert photo.get_filename() == "b.jpg"
    assert photo.get_payload(decode=True) == b"\xff\xd8 b"


def test_mix_follows_the_weights_and_the_seed() -> None:
    table = {
        "request": [{"path": ["/a", "/b", "/c"], "name": "many", "weight": 3}, {"path": "/d", "weight": 2}]
    }
    found = load(table)
    one = list(islice(traffic.mix(found, "x"), 50))
    assert one == list(islice(traffic.mix(found, "x"), 50)) != list(islice(traffic.mix(found, "y"), 50))
    for turn in range(10):
        counted = Counter(sent.path for sent in one[turn * 5 : turn * 5 + 5])
        assert counted == {"/a": 1, "/b": 1, "/c": 1, "/d": 2}


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"request": [{"paht": "/"}]}, "unknown key 'paht'"),
        ({"request": [{"path": "x"}]}, "the path must begin with /"),
        ({"request": [{"path": []}]}, "an empty list"),
        ({"request": [{"weight": 0}]}, "weight must be a whole number"),
        ({"request": [{}, {}]}, "two requests have the same name"),
        ({"request": [{"files": {"photo": "none.jpg"}}]}, "none.jpg: No such file"),
        ({"request": [{"compare": "all"}]}, "compare must be body or status"),
        ({"concurrency": [0]}, "must be positive"),
    ],
)
def test_what_is_wrong_is_told(table: dict[str, Any], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        load(table)


def test_file_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "traffic.toml"
    path.write_text('health = "/up"\n[[request]]\npath = "/x"\n')
    app = App(MemoryFiles({}))
    assert traffic.load(app, ".", {}, str(path)).entries[0].name == "/x"
    path.write_text('helth = "/up"\n')
    with pytest.raises(ConfigError, match="health"):
        traffic.load(app, ".", {}, str(path))
    with pytest.raises(ConfigError, match="No such file"):
        traffic.load(app, ".", {}, str(tmp_path / "none"))


def test_the_hash_is_that_of_what_is_sent(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    table = {"request": [{"path": "/", "files": {"f": "a"}}]}
    first = load(table, str(tmp_path)).digest
    assert first == load(table, str(tmp_path)).digest
    (tmp_path / "a").write_bytes(b"2")
    assert first != load(table, str(tmp_path)).digest


def test_the_sample_app_has_traffic_of_different_photos() -> None:
    import tomli

    table = tomli.loads((SAMPLE / "bpopt.toml").read_text())["verify"]
    found = traffic.load(App(DiskFiles(str(SAMPLE))), str(SAMPLE), table)
    assert [e.name for e in found.entries] == ["recognise", "enrol", "health", "page"]
    assert len({sent.body for sent in found.entries[0].sent}) == 6
