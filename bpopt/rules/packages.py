"""Whether the requirements install a distribution, as far as that can be told without resolving them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Fix, Safety
from bpopt.text import Span

if TYPE_CHECKING:
    from bpopt.app import App

_OTHER_MANAGERS = ("Pipfile", "Pipfile.lock", "poetry.lock", "uv.lock", "environment.yml")


def installs(app: App, names: tuple[str, ...]) -> bool | None:
    """True if one of the distributions is listed, False if none is and the list is all there is, else None.

    It is not all there is with another package manager, a requirement that is a folder or an address (its own
    needs are not known), an include that is missing, or no requirements at all.
    """
    files = app.requirement_files
    if any(app.requirement(name) is not None for name in names):
        return True
    if not files or not app.names.isdisjoint(_OTHER_MANAGERS):
        return None
    if any(r.url or r.editable for document in files for r in document.requirements):
        return None
    included = sum(len(document.includes) for document in files)
    if included > len(files) - 1 or any(document.problems for document in files):
        return None
    return False


def adding(name: str, app: App) -> Fix | None:
    """The fix that puts a distribution at the end of requirements.txt, None where there is none."""
    document = app.requirements
    if document is None:
        return None
    source = document.source
    start = "" if not source.text or source.text.endswith("\n") else source.newline
    edit = Edit(source.path, Span(len(source.text), len(source.text)), f"{start}{name}{source.newline}")
    reason = "its newest release is installed"
    return Fix(f"Add {name} to requirements.txt", Safety.UNSAFE, (edit,), reason=reason)
