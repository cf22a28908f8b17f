"""Having a build use the wheelhouse: the lines of requirements.txt that change, and what would keep it from working."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.documents.requirements import pinned
from bpopt.finding import Edit
from bpopt.fixer import splice
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bpopt.app import App
    from bpopt.documents.requirements import Requirement, Requirements
    from bpopt.report.measured import Built
    from bpopt.report.wheel_plan import Place


def changes(app: App, wheels: Sequence[Built], folder: str) -> dict[str, bytes]:
    """The requirements files as they use the wheelhouse: --find-links, exact versions, hashes where there are some.

    pip takes a wheel before a source of the same version, so elsewhere (another Python, another system) the
    source is still used. A folder after --find-links is looked for beside the requirements file.
    """
    edits: dict[str, list[Edit]] = {}
    for document in app.requirement_files:
        path = document.source.path
        for wheel in wheels:
            entry = document.find(wheel.name)
            if entry is not None:
                edits.setdefault(path, []).extend(_line(path, entry, wheel))
        if path == "requirements.txt" and not _links(document, folder):
            at = _head(document)
            edits.setdefault(path, []).append(Edit(path, Span(at, at), f"--find-links {folder}\n"))
    found: dict[str, bytes] = {}
    for document in app.requirement_files:
        own = edits.get(document.source.path)
        if own:
            found[document.source.path] = document.source.encode(splice(document.source, own))
    return found


def _line(path: str, entry: Requirement, wheel: Built) -> Iterator[Edit]:
    if pinned(entry) is None:
        extras = Span(entry.specifier_span.start, entry.specifier_span.end)
        yield Edit(path, extras, f"=={wheel.version}")
    hashes = [option for option in entry.options if option.name == "--hash"]
    if hashes and not any(wheel.sha256 in (option.value or "") for option in hashes):
        end = hashes[-1].span.end
        yield Edit(path, Span(end, end), f" --hash=sha256:{wheel.sha256}")


def _links(document: Requirements, folder: str) -> bool:
    """Whether the file names the wheelhouse already."""
    return any(
        option.name == "--find-links" and (option.value or "").strip("./") == folder.strip("./")
        for option in document.options
    )


def _head(document: Requirements) -> int:
    """Where the option goes: before the first line that is neither blank nor a comment."""
    for line in document.source.lines:
        bare = line.text.strip()
        if bare and not bare.startswith("#"):
            return line.span.start
    return len(document.source.text)


def obstacles(app: App, wheels: Sequence[Built], where: Place, folder: str) -> Iterator[str]:
    """What would keep a build from using the wheels, one sentence each."""
    from bpopt.app.index import tracked
    from bpopt.rules.slug import patterns, pushed

    paths = [f"{folder}/{wheel.file}" for wheel in wheels]
    for path in sorted(set(paths) - set(pushed.only_pushed(app, paths))):
        if tracked(app) is None or _ignored(app, path):
            yield f"{path} is left out by .gitignore, so no push carries it"
    for target in where.targets:
        dialect = patterns.dialect(target)
        before = target.platform.fact("slugignore.when")
        if (
            app.slugignore is None
            or dialect is None
            or (before is not None and before.value == "after-build")
        ):
            continue
        for pattern in app.slugignore.patterns:
            if any(patterns.matcher(pattern.text, dialect)(path) for path in paths):
                yield f".slugignore:{app.slugignore.source.position(pattern.span.start).line} takes the wheelhouse out"
    for wheel in wheels:
        needs = tuple(map(int, wheel.glibc.split("."))) if wheel.glibc else (0, 0)
        if where.glibc != (0, 0) and needs > where.glibc:
            has = ".".join(map(str, where.glibc))
            yield f"{wheel.file} needs glibc {wheel.glibc}, the stack has {has}: build it on the stack's own release"
    if not where.told:
        yield f"no file asks for Python {where.minor}: with another one the wheels are not used (add .python-version)"


def _ignored(app: App, path: str) -> bool:
    """Whether the app's own .gitignore takes a path that is not in git yet."""
    from pathspec import GitIgnoreSpec

    raw = app.files.read(".gitignore")
    lines = raw.decode("utf-8", "replace").splitlines() if raw is not None else []
    return GitIgnoreSpec.from_lines(lines).match_file(path)
