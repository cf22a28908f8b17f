"""The buildpacks that an app's files ask for, in the order in which they run."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.text import Source, Span


class Asked(NamedTuple):
    """One buildpack: its address without the version, the version behind `#` or `@`, and the whole entry.

    `what` is `apt` or `python` for the buildpacks that bpopt knows, else empty.
    """

    url: str
    version: str
    what: str
    span: Span
    entry_span: Span


class Listed(NamedTuple):
    """The buildpacks of one file, and the targets that take them from there."""

    source: Source
    kind: str
    buildpacks: tuple[Asked, ...]
    targets: tuple[Target, ...]

    def first(self, what: str) -> int | None:
        """The place in the list of the first apt or Python buildpack."""
        return next((i for i, b in enumerate(self.buildpacks) if b.what == what), None)


MOST = 100  # buildpacks of a list that are looked at; nobody has ten
_READERS = {
    "app_json": ("heroku", "dokku"),
    "buildpacks_file": ("dokku", "scalingo"),
    "project_toml": ("heroku-fir",),
}
# The end of an address without `.git`, `.tgz` and slashes -> what it is.
_KNOWN = {
    "heroku-community/apt": "apt",
    "heroku/apt": "apt",
    "heroku-buildpack-apt": "apt",
    "apt-buildpack": "apt",
    "buildpack-apt": "apt",
    "heroku/deb-packages": "apt",
    "heroku/python": "python",
    "heroku-buildpack-python": "python",
    "scalingo/python-buildpack": "python",
    "heroku/buildpack-python": "python",
}


def find(app: App) -> tuple[Listed, ...]:
    """The lists of buildpacks in an app's files, those that are empty left out."""
    found = []
    for kind, names in _READERS.items():
        if kind not in app.paths:
            continue
        targets = app.where(lambda t, names=names: t.platform.name in names)  # type: ignore[misc]
        for document in app.documents(kind) if targets else ():
            source = document.source if kind == "buildpacks_file" else document.tree.source
            buildpacks = tuple(islice(_asked(kind, document), MOST))
            if buildpacks:
                found.append(Listed(source, kind, buildpacks, targets))
    return tuple(found)


def _asked(kind: str, document: object) -> Iterator[Asked]:
    for item in document.entries if kind == "buildpacks_file" else document.buildpacks:  # type: ignore[attr-defined]
        if kind == "buildpacks_file":
            yield _read(item.url, "", item.span, item.span)
        elif kind == "app_json":
            yield _read(item.url.value, "", item.url.span, item.span)
        elif (name := item.uri or item.id) is not None:
            yield _read(name.value, item.version.value if item.version else "", name.span, item.span)


def _read(written: str, version: str, span: Span, entry_span: Span) -> Asked:
    address, _, tag = written.strip().partition("#")
    return Asked(address, tag or version, identify(address), span, entry_span)


def identify(address: str) -> str:
    """`apt` or `python` for an address of such a buildpack, empty for any other."""
    bare = (
        address.lower()
        .rstrip("/")
        .removesuffix(".git")
        .removesuffix(".tgz")
        .removeprefix("urn:cnb:registry:")
    )
    ends = (bare, "/".join(bare.split("/")[-2:]), bare.rpartition("/")[2])
    return next((_KNOWN[end] for end in ends if end in _KNOWN), "")
