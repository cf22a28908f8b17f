"""Rules of one family: which Python, installed from what. Here is what several of them share."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from bpopt.finding import Edit, Fix, NewFile, Safety
from bpopt.text import Span

if TYPE_CHECKING:
    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.python_version import PythonVersion, Requested

VERSION_SH = "https://github.com/heroku/heroku-buildpack-python/blob/main/lib/python_version.sh"
CHANGELOG = "https://github.com/heroku/heroku-buildpack-python/blob/main/CHANGELOG.md"
CHECKED = "2026-11-23"

LOCKS = ("Pipfile.lock", "poetry.lock", "uv.lock")


def deciding(app: App, target: Target) -> PythonVersion | None:
    """The file whose version a target installs, None if there is none that it reads."""
    if target.platform.reads("runtime_txt") and (document := app.first("runtime_txt")) is not None:
        return cast("PythonVersion", document)
    found: PythonVersion | None = (
        app.first("python_version") if target.platform.reads("python_version") else None
    )
    return found


def by_file(app: App) -> list[tuple[PythonVersion, tuple[Target, ...]]]:
    """The files that decide the version, each with the targets on which it does."""
    found: dict[str, tuple[PythonVersion, list[Target]]] = {}
    for target in app.targets:
        document = deciding(app, target)
        if document is not None:
            found.setdefault(document.source.path, (document, []))[1].append(target)
    return [(document, tuple(targets)) for document, targets in found.values()]


def name_of(minor: tuple[int, int]) -> str:
    """`3.12`."""
    return f"{minor[0]}.{minor[1]}"


def version_edit(document: PythonVersion, request: Requested, version: str) -> Edit:
    """The edit that asks for another version in either file."""
    prefix = "python-" if document.source.path == "runtime.txt" else ""
    return Edit(document.source.path, request.span, prefix + version)


def as_python_version(document: PythonVersion, version: str) -> Fix:
    """The fix that replaces runtime.txt by a .python-version with its comments."""
    lines = []
    for line in document.source.lines:
        bare = line.text.strip()
        lines.append(bare if bare.startswith("#") or not bare else version)
    text = "\n".join(lines).strip("\n") + "\n"
    return Fix(
        f"Replace runtime.txt by .python-version with {version}",
        Safety.SAFE,
        creates=(NewFile(".python-version", text),),
        removes=(document.source.path,),
    )


def pushable(fix: Fix, app: App) -> Fix:
    """The fix, with .python-version taken out of .gitignore where that would keep it from being pushed."""
    from bpopt.rules.slug import pushed

    source = app.source(".gitignore") if pushed.left_out(app, ".python-version") else None
    if source is None:
        return fix
    plain = [line for line in source.lines if line.text.strip().strip("/") == ".python-version"]
    edits = tuple(Edit(source.path, source.whole_line(line.span), "") for line in plain)
    if not edits:
        reason = "a pattern of .gitignore keeps .python-version from being pushed"
        return fix._replace(safety=Safety.DISPLAY, reason=reason)
    reason = ".gitignore keeps .python-version from being pushed, so that line goes, too"
    return fix._replace(safety=Safety.UNSAFE, edits=(*fix.edits, *edits), reason=reason)


def first_span(document: PythonVersion) -> Span:
    """The first line that asks for a version, else the start of the file."""
    return document.requests[0].span if document.requests else Span(0, 0)


def well_formed(request: Requested) -> bool:
    """Whether a line is `python-X.Y` or `python-X.Y.Z` as runtime.txt needs it, without leading zeros."""
    return request.version is not None and request.text == f"python-{request.version}"


def another_format(document: PythonVersion) -> bool:
    """Whether a version file is really a list for pip, TOML or a web page, which the rules of the run report."""
    texts = [request.text for request in document.requests]
    return len(texts) > 1 and any("==" in t or t.startswith(("[", "<")) for t in texts)
