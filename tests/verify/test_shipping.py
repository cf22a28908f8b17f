"""What ships, on each platform as it reads .slugignore."""

from __future__ import annotations

import pytest

from bpopt.app import App
from bpopt.app.files import MemoryFiles
from bpopt.app.targets import told
from bpopt.verify.shipping import shipped

FILES = (
    "app.py",
    "docs/a.md",
    "docs/deep/b.md",
    "src/docs/c.md",
    "x.psd",
    "art/y.psd",
    "tmp/cache/z",
    ".m2/s",
)


def dropped(platform: str, slugignore: str) -> set[str]:
    app = App(MemoryFiles({".slugignore": slugignore.encode(), "Procfile": b"web: x\n"}))
    (target,) = told((platform,), None, None, "test")
    return {path for path, _ in shipped(app, target, [(path, 1) for path in FILES]).dropped}


@pytest.mark.parametrize(
    ("platform", "pattern", "gone"),
    [
        ("heroku", "docs", {"docs/a.md", "docs/deep/b.md", "src/docs/c.md"}),
        ("heroku", "/docs/", {"docs/a.md", "docs/deep/b.md"}),
        ("heroku", "*.psd", {"x.psd", "art/y.psd"}),
        ("heroku", "# docs\n\n", set()),
        ("heroku", "*\n!app.py", set(FILES)),
        ("scalingo", "docs", {"docs/a.md", "docs/deep/b.md"}),
        ("scalingo", "*.psd", {"x.psd"}),
        ("scalingo", "/tmp/cache", {"tmp/cache/z"}),
        ("scalingo", ".m2", {".m2/s"}),
        ("scalingo", "[^a-d]*.psd", {"x.psd"}),
        ("scalingo", "[", set()),
        ("scalingo", "art/?.psd", {"art/y.psd"}),
        ("digitalocean", "docs", set()),
        ("dokku", "docs", set()),
    ],
)
def test_patterns(platform: str, pattern: str, gone: set[str]) -> None:
    assert dropped(platform, pattern) == gone


def test_sizes_add_up_and_unknown_is_said() -> None:
    app = App(MemoryFiles({".slugignore": b"b\n", "Procfile": b"web: x\n"}))
    (heroku,) = told(("heroku",), None, None, "test")
    found = shipped(app, heroku, [("a", 10), ("b", 5)])
    assert (found.size, found.dropped, found.honoured) == (10, (("b", 5),), True)
    (ocean,) = told(("digitalocean",), None, None, "test")
    assert shipped(app, ocean, [("a", 10), ("b", 5)])[1:3] == (None, (("a", 10), ("b", 5)))
