"""Stage slug: what would ship before and after, by each platform's reading of .slugignore."""

from __future__ import annotations

import os
from time import monotonic
from typing import TYPE_CHECKING, Any

from bpopt.app.files import DiskFiles
from bpopt.verify.model import FAILED, PASSED, Measure, StageResult
from bpopt.verify.shipping import Shipped, shipped
from bpopt.verify.sides import all_files

if TYPE_CHECKING:
    from bpopt.verify.model import Plan, Progress, Side

NAME = "slug"
TITLE = "What ships"

COMPRESS_SECONDS = (
    20.0  # for one side; what is larger than can be compressed in this time has no compressed size
)
# Without these the build has nothing to install or to run: https://devcenter.heroku.com/articles/slug-compiler
# drops files before the build sees them (checked 2026-11-24).
NEEDED = (
    *("requirements.txt", "pyproject.toml", "Pipfile", "Pipfile.lock", "poetry.lock", "uv.lock"),
    *("Procfile", "Aptfile", "runtime.txt", ".python-version", "setup.py", "manage.py"),
)


def run(before: Side, after: Side, plan: Plan, progress: Progress) -> StageResult:
    """Count and compress the files that ship; that the app starts from what is left, the boot stage shows."""
    began = monotonic()
    progress.step("counting files")
    pairs = [(_ship(before, i), _ship(after, i)) for i in range(len(before.app.targets))]
    first, second = pairs[0]
    measures = [
        _measure("files", "Files that ship", "count", len(first.kept), len(second.kept)),
        _measure("bytes", "Bytes that ship", "B", first.size, second.size),
    ]
    progress.step("compressing")
    packed = [compressed(_root(side), ship) for side, ship in ((before, first), (after, second))]
    notes = _notes(pairs)
    if packed[0] is not None and packed[1] is not None:
        measures.append(_measure("compressed", "Bytes compressed", "B", packed[0], packed[1]))
    else:
        notes.append(f"too large to compress in {COMPRESS_SECONDS:.0f} s")
    lost = _lost(first, second)
    reason = f"{', '.join(lost)} no longer ships, and the build needs it" if lost else ""
    details = {
        "directories": directories(first, second),
        "targets": [_described(*pair) for pair in pairs],
    }
    status = FAILED if lost else PASSED
    return StageResult(NAME, status, reason, tuple(measures), tuple(notes), details, monotonic() - began)


def _ship(side: Side, number: int) -> Shipped:
    return shipped(side.app, side.app.targets[number], all_files(_root(side)))


def _root(side: Side) -> str:
    """The folder with all files of a side, those too that do not ship."""
    assert isinstance(side.app.files, DiskFiles)
    return side.app.files.root


def _measure(key: str, title: str, unit: str, before: float, after: float) -> Measure:
    how = "counted in the files that ship; the installed requirements and the apt layer are not among them"
    if key == "compressed":
        how = "tar and gzip (level 6) of the files that ship"
    return Measure(f"slug.{key}", title, unit, True, (before,), (before,), (after,), how)


def compressed(root: str, ship: Shipped, seconds: float = COMPRESS_SECONDS) -> int | None:
    """The bytes of a tar of the files that ship, compressed by gzip; None if that takes longer than `seconds`."""
    import tarfile
    import zlib

    counter = _Counter(zlib.compressobj(6, zlib.DEFLATED, 31))
    until = monotonic() + seconds
    with tarfile.open(fileobj=counter, mode="w|") as archive:  # type: ignore[call-overload]
        for path, _ in ship.kept:
            archive.add(os.path.join(root, path), path, recursive=False, filter=_anonymous)
            if monotonic() > until:
                return None
    return counter.finish()


def _anonymous(entry: Any) -> Any:
    """The same bytes for the same files, whoever copied them and when."""
    entry.mtime = entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


class _Counter:
    """Counts what a compressor gives for what is written."""

    def __init__(self, compressor: Any) -> None:
        self.compressor, self.count = compressor, 0

    def write(self, data: bytes) -> int:
        self.count += len(self.compressor.compress(data))
        return len(data)

    def finish(self) -> int:
        return self.count + len(self.compressor.flush())


def _lost(before: Shipped, after: Shipped) -> list[str]:
    """What the build needs that shipped before and is dropped after."""
    kept = {path for path, _ in before.kept}
    return [path for path, _ in after.dropped if path in NEEDED and path in kept]


def _notes(pairs: list[tuple[Shipped, Shipped]]) -> list[str]:
    notes = []
    for _, after in pairs:
        has_file = any(path == ".slugignore" for path, _ in after.kept + after.dropped)
        if has_file and after.honoured is False:
            notes.append(f"{after.target.label} does not read .slugignore: everything ships")
        if has_file and after.honoured is None:
            notes.append(
                f"nobody knows that {after.target.label} reads .slugignore: counted as if it did not"
            )
    return notes


def directories(before: Shipped, after: Shipped) -> dict[str, list[int]]:
    """Bytes that ship by top folder (`.` for the files at the top): [before, after], the largest first."""
    sums: dict[str, list[int]] = {}
    for index, ship in enumerate((before, after)):
        for path, size in ship.kept:
            top = path.partition("/")[0] if "/" in path else "."
            sums.setdefault(top, [0, 0])[index] += size
    return dict(sorted(sums.items(), key=lambda item: -max(item[1])))


def _described(before: Shipped, after: Shipped) -> dict[str, Any]:
    return {
        "target": after.target.label,
        "reads_slugignore": after.honoured,
        "files": [len(before.kept), len(after.kept)],
        "bytes": [before.size, after.size],
    }
