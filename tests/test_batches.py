"""Apps by the handful: in order, bounded in number and weight, and found in them what is found in each alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bpopt import batches, engine, settings
from bpopt.app import App
from bpopt.app.files import DiskFiles, MemoryFiles
from tests.perf import apps

SETTINGS = settings.defaults()


def memory(size: int, name: str = "requirements.txt") -> App:
    return App(MemoryFiles({"Procfile": b"web: x\n", name: b"#" * size}))


def sizes(given: list[App]) -> list[int]:
    found = list(batches.batches((app, SETTINGS) for app in given))
    assert [app for batch in found for app, _ in batch] == given
    return [len(batch) for batch in found]


def test_small_apps_go_sixteen_at_a_time() -> None:
    assert sizes([]) == []
    assert sizes([memory(10)]) == [1]
    assert sizes([memory(10) for _ in range(40)]) == [16, 16, 8]


def test_a_heavy_app_ends_its_batch() -> None:
    heavy = batches.HEAVIEST
    assert sizes([memory(heavy), memory(heavy), memory(10)]) == [1, 1, 1]
    assert sizes([memory(10), memory(heavy, "app.py"), memory(10), memory(10)]) == [2, 2]
    assert sizes([memory(heavy, "photo.jpg")] * 3) == [3]  # what no rule reads weighs nothing


def test_what_goes_wrong_with_a_later_app_comes_after_those_before_it() -> None:
    def jobs() -> Iterator[tuple[App, settings.Settings]]:
        yield memory(10), SETTINGS
        yield memory(10), SETTINGS
        raise settings.ConfigError("no")

    found = batches.batches(jobs())
    assert len(next(found)) == 2
    with pytest.raises(settings.ConfigError):
        next(found)


def test_a_batch_is_found_in_what_each_app_alone_is(tmp_path: Path) -> None:
    apps.write(tmp_path, 40)
    folders = sorted(tmp_path.glob("*/*"))
    jobs = [(App(DiskFiles(str(folder)), folder.name), SETTINGS) for folder in folders]
    together = [result for batch in batches.batches(jobs) for result in engine.check_all(batch)]
    alone = [engine.check(App(DiskFiles(str(folder)), folder.name), SETTINGS) for folder in folders]
    assert [_shown(result) for result in together] == [_shown(result) for result in alone]
    assert sum(len(result.findings) for result in together) > len(folders)


def _shown(result: engine.AppResult) -> tuple[object, ...]:
    found = [f._replace(source=f.source.path, labels=len(f.labels)) for f in result.findings]  # type: ignore[arg-type]
    return result._replace(findings=tuple(found))
