"""The version of Python that Pipfile.lock asks for, which the classic buildpack takes where no other file says one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.patterns import Pattern
from bpopt.rules.python import deciding

if TYPE_CHECKING:
    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.python_version import PythonVersion

# `_meta.requires` as pipenv writes it; the full version counts before the other.
_KEYS = tuple(
    Pattern(rf'"{key}"\s*:\s*"([0-9]+\.[0-9.]+)"') for key in ("python_full_version", "python_version")
)


def requested(app: App) -> tuple[PythonVersion, tuple[Target, ...]] | None:
    """What the lock file asks for, as if it were a version file, and the targets on which that counts."""
    source = app.source("Pipfile.lock") if app.has("Pipfile.lock") else None
    if source is None:
        return None
    on = app.where(lambda t: t.platform.reads("runtime_txt") and deciding(app, t) is None)
    found = next((match for key in _KEYS if (match := key.search(source.text))), None)
    if not on or found is None:
        return None
    from bpopt.documents.python_version import PythonVersion, Requested
    from bpopt.text import Line, Span

    numbers = [int(part) for part in found[1].split(".") if part]
    span = Span(*found.span(1))
    minor = (numbers[0], numbers[1]) if len(numbers) > 1 else None
    patch = numbers[2] if len(numbers) > 2 else None
    request = Requested(found[1], span, Line(found[1], span, ""), False, minor, patch)
    return PythonVersion(source, (request,), ()), on
