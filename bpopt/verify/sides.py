"""The two states to compare, as scratch copies: before and after. The user's own files are only read.

What is copied is what could be deployed: in a git work tree the files that git tracks or would offer to track,
elsewhere everything but version control, environments and caches. What .slugignore drops is then taken away
from the copy that is run, as the platform does before the build, so that a wrong pattern shows as an app that
does not start.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING, NamedTuple

from bpopt.app import App
from bpopt.app.files import DiskFiles
from bpopt.settings import ConfigError
from bpopt.verify import shipping
from bpopt.verify.model import Side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.finding import Finding
    from bpopt.settings import Settings

GIT_SECONDS = 120


class Sides(NamedTuple):
    """Before and after, what each is in words, what the fixes were and what they changed.

    `changed` are the paths that differ; `diff` is how (as `bpopt fix --diff` prints it); `left_out` are links
    that lead out of the app and were not copied.
    """

    before: Side
    after: Side
    titles: tuple[str, str]
    applied: tuple[Finding, ...]
    changed: tuple[str, ...]
    diff: str
    left_out: tuple[str, ...]


def make(
    app: App,
    settings: Settings,
    scratch: str,
    *,
    unsafe: bool = False,
    before: str | None = None,
    after: str | None = None,
    only: tuple[Finding, ...] | None = None,
) -> Sides:
    """Make both sides below `scratch`.

    `before` and `after` are a folder or a git revision; without `before` it is the app as it lies there, without
    `after` it is before with the fixes that the settings choose (only those findings' fixes, if given).
    ConfigError if a state cannot be had.
    """
    folder = folder_of(app)
    left_out: list[str] = []
    first = state(folder, before, os.path.join(scratch, "before"), left_out)
    start = App(DiskFiles(first), app.root, app.told, app.today)
    applied: tuple[Finding, ...] = ()
    second = os.path.join(scratch, "after", "files")
    if after is not None:
        state(folder, after, os.path.join(scratch, "after"), left_out)
        titles = (before or "as it is", after)
    else:
        shutil.copytree(first, second, symlinks=True)
        applied = _fix(start, settings, second, unsafe, only)
        titles = (before or "as it is", "with fixes" if applied else "no fix to apply")
    sides = [side(name, root, app) for name, root in (("before", first), ("after", second))]
    changed, diff = _differences(sides[0].app, sides[1].app)
    return Sides(sides[0], sides[1], titles, applied, changed, diff, tuple(dict.fromkeys(left_out)))


def bundled_sample() -> str | None:
    """The folder of the sample app: beside the package in a checkout, within it when installed; None without."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    for folder in (os.path.join(os.path.dirname(package), "sample_app"), os.path.join(package, "sample_app")):
        if all(os.path.isfile(os.path.join(folder, name)) for name in ("Procfile", "faces.py", "looking.py")):
            return folder
    return None


def sample_hint(app: App) -> str:
    """The sample app needs wheels that its own requirements do not name."""
    folder = bundled_sample()
    if folder is None or os.path.realpath(getattr(app.files, "root", "")) != os.path.realpath(folder):
        return ""
    return f" (pip install --no-deps -r {os.path.join(folder, 'requirements-test.txt')})"


def folder_of(app: App) -> str:
    """The folder of an app on disk; ConfigError for one that is elsewhere."""
    files = app.files
    if not isinstance(files, DiskFiles):
        raise ConfigError("only an app on disk can be verified")
    return os.path.abspath(files.root)


def side(name: str, root: str, app: App) -> Side:
    """A side whose root lacks what the platform drops before the build; its app still sees all files in `root`."""
    whole = App(DiskFiles(root), app.root, app.told, app.today)
    honouring = whole.reading("slugignore")
    drops = [drop for target in honouring if (drop := shipping.matcher(whole, target)) is not None]
    run = os.path.join(os.path.dirname(root), "shipped")
    for path, _ in all_files(root):
        if not any(drop(path) for drop in drops):
            target = os.path.join(run, path)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            os.link(os.path.join(root, path), target, follow_symlinks=False)
    os.makedirs(run, exist_ok=True)
    return Side(name, run, whole)


def all_files(root: str) -> Iterator[tuple[str, int]]:
    """Every file and link below a folder with its bytes, sorted."""
    for folder, folders, names in os.walk(root):
        folders.sort()
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        for name in sorted(names + links):
            full = os.path.join(folder, name)
            yield os.path.relpath(full, root).replace(os.sep, "/"), os.lstat(full).st_size


def _fix(
    app: App, settings: Settings, root: str, unsafe: bool, only: tuple[Finding, ...] | None
) -> tuple[Finding, ...]:
    """Write the fixes into a copy and tell which they were."""
    from bpopt import engine, fixer, writing

    wanted = None if only is None else {finding.code for finding in only}

    def check(app: App, settings: Settings) -> engine.AppResult:
        found = engine.check(app, settings)
        kept = (f for f in found.findings if wanted is None or f.code in wanted)
        return found._replace(findings=tuple(kept))

    fixed = fixer.converge(app, settings, unsafe, check)
    writing.write(root, fixed.changes, {path: app.files.read(path) for path in fixed.changes})
    return fixed.applied


def _differences(before: App, after: App) -> tuple[tuple[str, ...], str]:
    """The paths that differ, and the text of the difference for those that bpopt reads."""
    from bpopt import diff

    roots = [side.files.root for side in (before, after) if isinstance(side.files, DiskFiles)]
    listed = [dict(all_files(root)) for root in roots]
    changed = sorted(path for path in listed[0].keys() | listed[1].keys() if not _same(roots, listed, path))
    read = set(before.names) | set(after.names)
    old = {path: before.files.read(path) for path in changed if path in read}
    new = {path: after.files.read(path) for path in changed if path in read}
    return tuple(changed), "".join(diff.unified("", old, new))


def _same(roots: list[str], listed: list[dict[str, int]], path: str) -> bool:
    import filecmp

    if listed[0].get(path) != listed[1].get(path):
        return False
    first, second = (os.path.join(root, path) for root in roots)
    if os.path.islink(first) or os.path.islink(second):
        return os.path.islink(first) and os.path.islink(second) and os.readlink(first) == os.readlink(second)
    return filecmp.cmp(first, second, shallow=False)


def state(folder: str, wish: str | None, target: str, left_out: list[str]) -> str:
    """Copy a state (None: the folder as it is; else a folder or a revision) to `target/files`."""
    files = os.path.join(target, "files")
    os.makedirs(files)
    if wish is None or os.path.isdir(wish):
        left_out += _copy(os.path.abspath(wish or folder), files)
    else:
        _revision(folder, wish, target, files)
    return files


def _copy(folder: str, target: str) -> list[str]:
    """Copy what could be deployed; gives the links that lead out of the folder, which are left out."""
    outside = []
    for path in _candidates(folder):
        source, copy = os.path.join(folder, path), os.path.join(target, path)
        if os.path.islink(source):
            if not _stays_inside(folder, source):
                outside.append(path)
                continue
        elif not os.path.isfile(source):  # gone, a folder of another repository, a socket, a pipe
            continue
        os.makedirs(os.path.dirname(copy), exist_ok=True)
        shutil.copy2(source, copy, follow_symlinks=False)
    return outside


def _stays_inside(folder: str, link: str) -> bool:
    if os.path.isabs(os.readlink(link)):
        return False
    real, root = os.path.realpath(link), os.path.realpath(folder)
    return os.path.commonpath([real, root]) == root


def _candidates(folder: str) -> Iterator[str]:
    listed = _git(folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", ".")
    if listed:
        yield from (path for path in listed.split("\0") if path)
        return
    yield from (path for path, _ in DiskFiles(folder).walk())


def _revision(folder: str, revision: str, target: str, files: str) -> None:
    """Check a revision of the app's folder out into `files` by an index of our own; the work tree stays as it is."""
    prefix = _git(folder, "rev-parse", "--show-prefix")
    if prefix is None:
        raise ConfigError(f"{revision!r} is no folder, and {folder} is not in a git work tree")
    tree = f"{revision}:{prefix.strip().rstrip('/')}"
    if revision.startswith("-") or _git(folder, "rev-parse", "--verify", "--quiet", tree) is None:
        raise ConfigError(f"{revision!r} is neither a folder nor a revision that has this app")
    index = {"GIT_INDEX_FILE": os.path.join(target, "index")}
    for order in (("read-tree", tree), ("checkout-index", "--all", f"--prefix={files}/")):
        if _git(folder, *order, environment=index) is None:
            raise ConfigError(f"git could not check out {revision!r}")
    os.unlink(index["GIT_INDEX_FILE"])


def _git(folder: str, *arguments: str, environment: dict[str, str] | None = None) -> str | None:
    """What git prints, None if it fails or is not there. It takes no locks and fetches nothing."""
    own = {
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_LFS_SKIP_SMUDGE": "1",
        "GIT_TERMINAL_PROMPT": "0",
        **(environment or {}),
    }
    top = ["-C", folder]
    if environment is not None:  # with an index of its own, paths count from the top of the work tree
        root = _git(folder, "rev-parse", "--show-toplevel")
        top = ["-C", root.strip() if root else folder]
    try:
        done = subprocess.run(
            ["git", *top, *arguments],
            env={**os.environ, **own},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=GIT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return os.fsdecode(done.stdout) if done.returncode == 0 else None
