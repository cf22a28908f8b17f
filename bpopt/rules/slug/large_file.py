"""A large file ships that is data, not code.

## What it does

Finds files of 5 MB and more among what is pushed and not named in a .slugignore that counts: weights of models,
datasets, notebooks, media, archives, dumps of databases. All of one kind are one finding, at the largest. Smaller files
count where those of one kind come to 50 MB, and tests where they come to 5 MB.

## Why is this bad

Heroku refuses a slug above 500 MB compressed ("Compiled slug size ... is too large") and such files hardly compress;
Scalingo refuses an image above 2 GiB, and App Platform advises against one above 1 GiB. Each is copied at each
deploy and each start of a dyno, and stays in git's history.

## Fix safety

There is no fix: the app may need the file. Weights can be fetched at boot from object storage, media served from
there; what is not needed belongs into .slugignore, where that is read.

## References

- [Heroku: slug size](https://devcenter.heroku.com/articles/slug-compiler#slug-size)
- [heroku-buildpack-python #1202: slug size is too large](https://github.com/heroku/heroku-buildpack-python/issues/1202)
- [App Platform: limits](https://docs.digitalocean.com/products/app-platform/details/limits/)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Impact, Severity
from bpopt.rules.base import Rule, bad, filler, ok
from bpopt.rules.slug import CHECKED, SLUG_COMPILER, before_build, honouring, placed, pushed, size_text
from bpopt.rules.slug.patterns import dialect, matcher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target

META = Rule("BP408", "large-file", "app", Severity.INFO)

LEAST = 5_000_000  # bytes of one file, and of all tests
MANY = 50_000_000  # bytes of smaller files of one kind: a tenth of a slug
_KINDS = {
    "weights of models": (".h5", ".hdf5", ".keras", ".pt", ".pth", ".ckpt", ".onnx", ".pb", ".tflite", ".pkl",
                          ".pickle", ".joblib", ".safetensors", ".bin", ".dat", ".caffemodel", ".weights", ".gguf"),
    "datasets": (".csv", ".tsv", ".parquet", ".npy", ".npz", ".feather", ".arrow", ".xlsx", ".jsonl"),
    "notebooks": (".ipynb",),
    "media": (".mp4", ".mov", ".avi", ".mkv", ".webm", ".mp3", ".wav", ".flac", ".jpg", ".jpeg", ".png", ".gif",
              ".tif", ".tiff", ".psd", ".pdf"),
    "archives": (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar"),
    "dumps of databases": (".sql", ".dump", ".sqlite", ".sqlite3", ".db"),
}  # fmt: skip
TESTS = "tests"
_OF = {suffix: kind for kind, suffixes in _KINDS.items() for suffix in suffixes}

EXAMPLES = (
    bad({"Procfile": "web: x\n", "model.h5": filler(LEAST, found=True)}, message="5.0 MB", severity="info"),
    bad(
        {".slugignore": "*.h5\n", "model.h5": filler(LEAST, found=True)},
        on="dokku",
        title="named in a .slugignore nobody reads",
    ),
    bad(
        {"Procfile": "web: x\n", **{f"photos/{n}.jpg": filler(4_900_000, found=n == 9) for n in range(11)}},
        message="11 files of media ship with the app, 53.9 MB in all",
    ),
    bad(
        {"tests/a.txt": filler(4_000_000, found=True), "tests/b.txt": filler(3_000_000)},
        on="digitalocean",
        message="2 files of tests ship with the app, 7.0 MB in all",
    ),
    ok({"tests/a.txt": filler(7_000_000)}, title="that there is no .slugignore is said already"),
    ok({".slugignore": "/tests\n", "tests/a.txt": filler(7_000_000)}, title="left out"),
    ok({"Procfile": "web: x\n", **{f"photos/{n}.jpg": filler(400_000) for n in range(11)}}),
    ok({".slugignore": "*.h5\n", "model.h5": filler(LEAST)}, title="left out"),
    ok({".gitignore": "*.h5\n", "model.h5": filler(LEAST)}, title="not pushed"),
    ok({"Procfile": "web: x\n", "model.h5": "small\n"}),
)


def check(app: App, context: App) -> Iterator[Finding]:
    """Report the large files that ship, and the many, kind by kind."""
    if sum([size for _, size in pushed.walked(app)]) < LEAST:
        return
    kinds: dict[str, list[tuple[int, str]]] = {}
    for path, size in pushed.walked(app):
        if kind := _kind(path):
            kinds.setdefault(kind, []).append((size, path))
    kept: set[str] | None = None
    for kind in (*_KINDS, TESTS):
        for files, many in _worth_it(kinds.get(kind, []), kind):
            if kept is None:  # what is pushed takes some time to find out
                kept = {path for path, _ in pushed.files(app)}
            yield from _shipped([f for f in files if f[1] in kept], kind, many, app)


def _worth_it(files: list[tuple[int, str]], kind: str) -> Iterator[tuple[list[tuple[int, str]], int]]:
    """The files to look at closely, and how many bytes have to be left of them."""
    large = [f for f in files if f[0] >= LEAST] if kind != TESTS else []
    small = [f for f in files if f[0] < LEAST] if kind != TESTS else files
    if large:
        yield large, 0
    least = LEAST if kind == TESTS else MANY
    if sum(size for size, _ in small) >= least:
        yield small, least


def _shipped(files: list[tuple[int, str]], kind: str, least: int, app: App) -> Iterator[Finding]:
    on = app.where(lambda t: any(_ships(path, t, app) for _, path in files))
    if kind == TESTS and not app.has(".slugignore"):
        on = tuple(t for t in on if t not in honouring(app))  # elsewhere missing-slugignore speaks
    ships = sorted((f for f in files if any(_ships(f[1], t, app) for t in on)), reverse=True)
    if ships and sum(size for size, _ in ships) >= least:
        yield _finding(app, kind, ships, on, bool(least))


def _kind(path: str) -> str | None:
    if path.startswith(("tests/", "test/")):
        return TESTS
    dot = path.rfind(".")
    return _OF.get(path[dot:].lower()) if dot > 0 else None


def _ships(path: str, target: Target, app: App) -> bool:
    """Whether no pattern of a .slugignore that the target reads takes the file."""
    document, read_as = app.slugignore, dialect(target)
    if document is None or read_as is None or target not in honouring(app):
        return True
    return not any(matcher(pattern.text, read_as)(path) for pattern in document.patterns)


def _finding(
    app: App, kind: str, ships: list[tuple[int, str]], on: tuple[Target, ...], many: bool
) -> Finding:
    total = sum(size for size, _ in ships)
    limits = [limit for t in on if (limit := t.platform.number("limits.slug_bytes"))]
    too_much = any(total > limit for limit in limits)
    size, path = ships[0]
    more = f" and {len(ships) - 1} more of {size_text(total)} in all" if len(ships) > 1 else ""
    what = f"{size_text(size)} of {kind} ship with the app{more}"
    if many:
        files = f"{len(ships):,} files" if len(ships) > 1 else "1 file"
        what = f"{files} of {kind} ship with the app, {size_text(total)} in all"
    help_ = (
        "name what the app does not need in .slugignore"
        if any(before_build(t) for t in on)
        else "leave out what the app does not need"
    )
    return META.found(
        *placed(app, path),
        what + (": more than the 500 MB of a slug unless they compress well" if too_much else ""),
        help=f"{help_}; fetch weights and media from object storage",
        severity=Severity.WARNING if too_much else None,
        impact=Impact(f"{size_text(total)} in each slug or image", bytes=total),
        evidence=[Evidence("fact", "500 MB compressed is the most on Heroku", SLUG_COMPILER, CHECKED)],
        on=on,
    )
