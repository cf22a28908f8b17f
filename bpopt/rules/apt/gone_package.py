"""A package that the stack's archive does not have.

## What it does

Finds names of an apt list that apt on the app's stack refuses: dropped, renamed, or never there.

## Why is this bad

`apt-get` ends with "Unable to locate package" or "has no installation candidate", and the build ends with it. It
happens on the day a stack is upgraded, with no other change.

## Fix safety

Safe where one new name stands for the old one. Where several or none do, the finding says which.

## References

- [heroku-buildpack-apt #79: names after a stack upgrade](https://github.com/heroku/heroku-buildpack-apt/pull/79)
- [Ubuntu's package index](https://packages.ubuntu.com/)
- [Debian's package index](https://packages.debian.org/)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.apt import SUITES, archive_has, readers, remove_word, stacks
from bpopt.rules.base import Rule, bad, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.apt.names import Rename
    from bpopt.documents.aptfile import Aptfile, AptWord

META = Rule("BP105", "gone-package", "aptfile", Severity.ERROR)

EXAMPLES = (
    bad("«libgl1-mesa-glx»\ncurl\n", fixed="libgl1\ncurl\n", on="heroku-24", severity="error"),
    bad(
        "«libasound2»\n",
        fixed="libasound2t64\n",
        on="heroku-24",
        title="two packages provide it, so apt chooses none",
    ),
    bad("«python-pip»\nffmpeg\n", on="heroku-24", title="nothing stands for it"),
    bad("«libopencvv-dev»\n", on="heroku-24", message="did you mean", title="never there"),
    bad("«libgl1-mesa-glx»\n", fixed="libgl1\n", on=("heroku-24", "heroku-26")),
    bad(
        "«mail-transport-agent»\n", on="heroku-24", message="several packages", title="a virtual name of many"
    ),
    bad(
        "«libgl1-mesa-glx»\n",
        fixed="libgl1\n",
        on=("heroku-24", "digitalocean"),
        title="the older archive of the other platform has the new name, too",
    ),
    bad(
        "«libasound2»\n",
        fixed="libasound2t64\n",
        safety="unsafe",
        on=("heroku-24", "digitalocean"),
        title="the older archive has not",
    ),
    ok("libgl1-mesa-glx\n", on="heroku-22", title="still there on heroku-22"),
    ok("libglib2.0-0\nlibcups2\n", on="heroku-24", title="old names that exactly one package provides"),
    ok("libasound-dev\nlibsndfile-dev\nlibglu1\n", on="heroku-24", title="virtual names resolve"),
    ok(
        "postgresql-client-15\n",
        on="heroku-24",
        title="may come from the archive of PostgreSQL that the image reads",
    ),
    ok(":repo:deb http://ours.example/apt stable main\nour-tool\n", title="may come from that repository"),
    ok("mysql-client-*\nfoo=1.2\nfoo/noble\n", title="patterns, versions and suites are apt's affair"),
)


def check(aptfile: Aptfile, app: App) -> Iterator[Finding]:
    """Report each name that apt refuses on a stack of the app."""
    own_archive = any(entry.kind == "repo" for entry in aptfile.entries)
    for word in dict.fromkeys(aptfile.packages):
        known = [
            (target, gone) for target in readers(app) if (gone := gone_on(word.text, target, app)) is not None
        ]
        if known:
            yield _renamed(aptfile, word, app, [target for target, _ in known], known[0][1])
        elif not own_archive:
            yield from _unknown(aptfile, word, app)


def gone_on(name: str, target: Target, app: App) -> Rename | None:
    """What became of a name on every stack in question, None if it stands on any."""
    from bpopt.apt import names

    found = [names.renamed(name, stack) for stack in stacks(target, app)]
    if not found or any(rename is None or rename.kind != "gone" for rename in found):
        return None
    return found[-1]


def _renamed(aptfile: Aptfile, word: AptWord, app: App, on: list[Target], gone: Rename) -> Finding:
    fix = None
    if len(gone.new) == 1:
        new = gone.new[0]
        edit = (
            remove_word(aptfile.source, word)
            if aptfile.find(new)
            else Edit(aptfile.source.path, word.span, new)
        )
        others = [t for t in readers(app) if t not in on and not archive_has(new, t, app)]
        reason = f"whether {others[0].platform.name} has {new} is not known" if others else ""
        fix = Fix(f"Write {new}", Safety.UNSAFE if others else Safety.SAFE, (edit,), reason=reason)
    instead = f"write {' and '.join(gone.new)}" if gone.new else "remove it"
    return META.found(
        aptfile.source,
        word.span,
        f"{word.text} is gone since {SUITES.get(gone.since, gone.since)}",
        help=f"{instead}; {gone.note}" if gone.note else instead,
        fix=fix,
        evidence=[Evidence("catalog", "the archive's own package index", gone.source, gone.checked)],
        on=on,
    )


def _unknown(aptfile: Aptfile, word: AptWord, app: App) -> Iterator[Finding]:
    """A name that is in no archive of a stack whose very catalog bpopt has."""
    from bpopt.apt import names

    if not app.knows_target or names.elsewhere(word.text, app.targets[0].stack):
        return
    missing = [target for target in readers(app) if _missing(word.text, target)]
    if missing:
        stack = missing[0].stack
        providers = _providers(word.text, missing[0])
        yield META.found(
            aptfile.source,
            word.span,
            f"several packages of {stack} provide {word.text}, so apt chooses none: {', '.join(providers[:3])}"
            if providers
            else f"{stack} has no package {word.text}{_meant(word.text, missing[0])}",
            help="name one of them"
            if providers
            else "look for the name at packages.ubuntu.com; a Python package belongs into requirements.txt",
            evidence=[Evidence("catalog", "the archive's own package index", "https://packages.ubuntu.com/")],
            on=missing,
        )


def _providers(name: str, target: Target) -> tuple[str, ...]:
    from bpopt.apt import catalog

    found = catalog.for_stack(target.stack)
    return found.provided(name) if found is not None else ()


def _missing(name: str, target: Target) -> bool:
    from bpopt.apt import catalog

    found = catalog.for_stack(target.stack)
    return found is not None and found.exact and not found.exists(name) and found.resolve(name) is None


def _meant(name: str, target: Target) -> str:
    """`, did you mean 'x'?`: the package that has a library of that name, else the one most like it."""
    from bpopt.apt import catalog
    from bpopt.apt.nearest import nearest
    from bpopt.native import table

    found = catalog.for_stack(target.stack)
    near = table.provider(name, target.stack) if ".so" in name else None
    if near is None and found is not None:
        near = nearest(name, found)
    return f", did you mean {near!r}?" if near else ""
