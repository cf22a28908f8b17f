"""Rules of one family: app specs. Here is what several of them share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit
from bpopt.text import Span

if TYPE_CHECKING:
    from bpopt.app.buildpacks import Asked, Listed


def without_buildpack(listed: Listed, buildpack: Asked) -> Edit | None:
    """The edit that takes a buildpack out of its list, None where that cannot be done cleanly."""
    source, at = listed.source, listed.buildpacks.index(buildpack)
    if listed.kind == "buildpacks_file":
        return Edit(source.path, source.whole_line(buildpack.entry_span), "")
    if listed.kind != "app_json" or len(listed.buildpacks) == 1:
        return None
    if at + 1 < len(listed.buildpacks):
        after = listed.buildpacks[at + 1].entry_span.start
        return Edit(source.path, Span(buildpack.entry_span.start, after), "")
    before = listed.buildpacks[at - 1].entry_span.end
    return Edit(source.path, Span(before, buildpack.entry_span.end), "")


def platforms_of(listed: Listed) -> str:
    """The names of the platforms that take their buildpacks from a list."""
    return " and ".join(dict.fromkeys(t.platform.title for t in listed.targets))
