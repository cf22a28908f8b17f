"""Headers and build tools of an apt list ship with the app.

## What it does

Adds up what the `-dev` packages of an apt list bring, and what would not ship without them. One note for the file.

## Why is this bad

Headers are for compilers. The apt buildpacks unpack into the app, so all of it goes into the slug: `libgtk-3-dev`
alone is hundreds of megabytes. A running app needs at most the library itself, `libgtk-3-0t64` instead of
`libgtk-3-dev`, and nothing where a wheel brings its own.

## Fix safety

There is no fix: whether something is compiled against a library is not written in any file.

## References

- [heroku-buildpack-apt, bin/compile](https://github.com/heroku/heroku-buildpack-apt/blob/main/bin/compile)
- [Development packages, Debian Policy](https://www.debian.org/doc/debian-policy/ch-sharedlibs.html#development-files)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Severity
from bpopt.rules.apt import HEROKU_APT, build_image_has, cost_of, readers
from bpopt.rules.apt.unlinked_headers import unlinked
from bpopt.rules.base import Rule, bad, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.aptfile import Aptfile

META = Rule("BP122", "headers-in-slug", "aptfile", Severity.INFO)

LEAST = 10_000_000  # bytes unpacked

EXAMPLES = (
    bad("ffmpeg\n«libgtk-3-dev»\nlibopenblas-dev\n", on="heroku-24", message="2 packages"),
    bad("«libgtk-3-dev»\n", on="heroku-24", message="libgtk-3-dev ships its headers"),
    ok("libpq-dev\n", on="heroku-24", title="in the build image: another rule speaks"),
    ok("libsndfile1-dev\n", on="heroku-24", title="small"),
    ok(
        {"Aptfile": "libgtk-3-dev\n", "requirements.txt": "flask\n"},
        on="heroku-24",
        title="linked by nothing: another rule speaks",
    ),
    ok("ffmpeg\n", on="heroku-24"),
    bad(
        "«libgtk-3-dev»\n",
        on="digitalocean",
        message="ships its headers",
        title="an estimate, from heroku's image",
    ),
)


def _library(name: str, targets: tuple[Target, ...]) -> str:
    """The package that has the library to a package of headers, where the stack's catalog tells."""
    from bpopt.apt import catalog

    found = next((c for t in targets if (c := catalog.for_stack(t.stack)) is not None and c.exact), None)
    base = name.removesuffix("-dev")
    names = [term[0] for term in found.depends(name)] if found is not None and found.exists(name) else []
    own = [
        n
        for n in names
        if n.startswith(base) and not n.endswith(("-dev", "-common", "-bin", "-doc", "-data"))
    ]
    return f"{own[0]} instead of {name}" if own else "the library without -dev"


def check(aptfile: Aptfile, app: App) -> Iterator[Finding]:
    """Report the sum at the first such package."""
    targets = readers(app)
    dev = [
        word
        for word in aptfile.packages
        if word.text.endswith("-dev") and not any(build_image_has(word.text, t, app) for t in targets)
    ]
    told = {word for word, _ in unlinked(app)} if dev else set()
    dev = [word for word in dev if word not in told]
    impact = cost_of([w.text for w in dev], aptfile, app) if dev else None
    if impact is None or (impact.bytes or 0) < LEAST:
        return
    several = f"{len(dev)} packages with headers ship" if len(dev) > 1 else f"{dev[0].text} ships its headers"
    yield META.found(
        aptfile.source,
        dev[0].span,
        f"{several} with the app" + (f": {', '.join(w.text for w in dev)}" if len(dev) > 1 else ""),
        help="leave out what nothing is compiled against; for the running app "
        f"{_library(dev[0].text, targets)} is enough",
        impact=impact,
        evidence=[Evidence("fact", "packages are unpacked into the app", HEROKU_APT, "2026-11-23")],
        on=targets,
    )
