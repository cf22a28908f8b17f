"""Whether the requirements install a distribution, as far as that can be told without resolving them."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    if not files or any(app.has(name) for name in _OTHER_MANAGERS):
        return None
    if any(r.url or r.editable for document in files for r in document.requirements):
        return None
    included = sum(len(document.includes) for document in files)
    if included > len(files) - 1 or any(document.problems for document in files):
        return None
    return False
