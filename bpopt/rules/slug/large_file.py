"""A large file ships that is data, not code.

## What it does

Finds files of 5 MB and more among what is pushed and not named in a .slugignore that counts: weights of models,
datasets, notebooks, media, archives, dumps of databases. All of one kind are one finding, at the largest.

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

LEAST = 5_000_000  # bytes of one file
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
_OF = {suffix: kind for kind, suffixes in _KINDS.items() for suffix in suffixes}

EXAMPLES = (
    bad({"Procfile": "web: x\n", "model.h5": filler(LEAST, found=True)}, message="5.0 MB", severity="info"),
    bad(
        {".slugignore": "*.h5\n", "model.h5": filler(LEAST, found=True)},
        on="dokku",
        title="named in a .slugignore nobody reads",
    ),
    ok({".slugignore": "*.h5\n", "model.h5": filler(LEAST)}, title="left out"),
    ok({".gitignore": "*.h5\n", "model.h5": filler(LEAST)}, title="not pushed"),
    ok({"Procfile": "web: x\n", "model.h5": "small\n"}),
)


def check(app: App, context: App) -> Iterator[Finding]:
    """Report the large files that ship, kind by kind."""
    large = [
        (path, size, kind) for path, size in pushed.walked(app) if size >= LEAST and (kind := _kind(path))
    ]
    if not large:
        return
    kept = {path for path, _ in pushed.files(app)}
    for kind in _KINDS:
        files = [(size, path) for path, size, own in large if own == kind and path in kept]
        on = app.where(lambda t, files=files: any(_ships(path, t, app) for _, path in files))  # type: ignore[misc]
        ships = sorted((f for f in files if any(_ships(f[1], t, app) for t in on)), reverse=True)
        if ships:
            yield _finding(app, kind, ships, on)


def _kind(path: str) -> str | None:
    dot = path.rfind(".")
    return _OF.get(path[dot:].lower()) if dot > 0 else None


def _ships(path: str, target: Target, app: App) -> bool:
    """Whether no pattern of a .slugignore that the target reads takes the file."""
    document, read_as = app.slugignore, dialect(target)
    if document is None or read_as is None or target not in honouring(app):
        return True
    return not any(matcher(pattern.text, read_as)(path) for pattern in document.patterns)


def _finding(app: App, kind: str, ships: list[tuple[int, str]], on: tuple[Target, ...]) -> Finding:
    total = sum(size for size, _ in ships)
    limits = [limit for t in on if (limit := t.platform.number("limits.slug_bytes"))]
    too_much = any(total > limit for limit in limits)
    size, path = ships[0]
    more = f" and {len(ships) - 1} more of {size_text(total)} in all" if len(ships) > 1 else ""
    help_ = (
        "name what the app does not need in .slugignore"
        if any(before_build(t) for t in on)
        else "leave out what the app does not need"
    )
    return META.found(
        *placed(app, path),
        f"{size_text(size)} of {kind} ship with the app{more}"
        + (": more than the 500 MB of a slug unless they compress well" if too_much else ""),
        help=f"{help_}; fetch weights and media from object storage",
        severity=Severity.WARNING if too_much else None,
        impact=Impact(f"{size_text(total)} in each slug or image", bytes=total),
        evidence=[Evidence("fact", "500 MB compressed is the most on Heroku", SLUG_COMPILER, CHECKED)],
        on=on,
    )
