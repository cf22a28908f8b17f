"""A package that the next stack no longer has.

## What it does

Finds names of an apt list that apt still takes on the app's stack, and refuses on a newer stack of the same platform.

## Why is this bad

Nothing, until the stack is upgraded: then the build ends with "Unable to locate package", on a day on which other
things go wrong too. Many old names are empty packages that only ask for the new one, which can be written today.

## Fix safety

Safe where the old name is such an empty package on today's stack, so that the new one is installed already. Unsafe
where today's stack has the new name too, but as another package. No fix where it has not.

## References

- [heroku-buildpack-apt #79: names after a stack upgrade](https://github.com/heroku/heroku-buildpack-apt/pull/79)
- [Heroku: stacks and their end](https://devcenter.heroku.com/articles/stack)
- [Ubuntu's package index](https://packages.ubuntu.com/)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.apt import SUITES, archive_has, readers, remove_word
from bpopt.rules.apt.gone_package import gone_on
from bpopt.rules.apt.redundant_blas import ATLAS
from bpopt.rules.base import Rule, bad, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.apt.names import Rename
    from bpopt.documents.aptfile import Aptfile, AptWord

META = Rule("BP106", "renamed-package", "aptfile", Severity.INFO)

EXAMPLES = (
    bad("«libgl1-mesa-glx»\ncurl\n", fixed="libgl1\ncurl\n", on="heroku-22", message="heroku-24"),
    bad("libgl1\n«libgl1-mesa-glx»\n", fixed="libgl1\n", on="heroku-22", title="the new name is listed, too"),
    bad("«libicu70»\n", on="heroku-22", title="named after its version"),
    ok("libgl1-mesa-glx\n", on="heroku-24", title="gone today: another rule speaks"),
    ok("libgl1\nffmpeg\n", on="heroku-22"),
    ok("libgl1-mesa-glx\n", on="digitalocean", title="no newer stack is known"),
    ok("libatlas-base-dev\nlibopenblas-dev\n", on="heroku-24", title="a second BLAS has a rule of its own"),
)


def check(aptfile: Aptfile, app: App) -> Iterator[Finding]:
    """Report each name that a newer stack refuses, where it is known which stack the app is on."""
    if not app.knows_target:
        return
    several_blas = any("openblas" in word.text for word in aptfile.packages)
    for word in aptfile.packages:
        if word.text in ATLAS and several_blas:
            continue
        for target in readers(app):
            later = _later(word.text, target) if gone_on(word.text, target, app) is None else None
            if later is not None:
                yield _finding(aptfile, word, target, app, *later)
                break


def _later(name: str, target: Target) -> tuple[str, Rename] | None:
    """The first newer stack that refuses a name, and what became of it there."""
    from bpopt.apt import names

    stacks = [stack.name for stack in target.platform.stacks]
    newer = stacks[stacks.index(target.stack) + 1 :] if target.stack in stacks else []
    for stack in newer:
        found = names.renamed(name, stack)
        if found is not None and found.kind == "gone":
            return stack, found
    return None


def _finding(aptfile: Aptfile, word: AptWord, target: Target, app: App, stack: str, gone: Rename) -> Finding:
    instead = f"write {' and '.join(gone.new)}" if gone.new else "look for what needs it"
    return META.found(
        aptfile.source,
        word.span,
        f"{word.text} is gone on {stack} ({SUITES.get(gone.since, gone.since)})",
        help=f"{instead} when the stack is upgraded" + (f"; {gone.note}" if gone.note else ""),
        fix=_fix(aptfile, word, target, gone, app),
        evidence=[Evidence("catalog", "the archive's own package index", gone.source, gone.checked)],
        on=[target],
    )


def _fix(aptfile: Aptfile, word: AptWord, target: Target, gone: Rename, app: App) -> Fix | None:
    """The new name, where the archive of today's stack has it."""
    from bpopt.apt import catalog

    archive = catalog.for_stack(target.stack)
    if len(gone.new) != 1 or archive is None or not archive.exact or archive.number(gone.new[0]) is None:
        return None
    new, old = gone.new[0], archive.package(word.text)
    brings = old is not None and any(archive.number(new) in group for group in old.depends)
    there = aptfile.find(new) is not None
    edit = remove_word(aptfile.source, word) if there else Edit(aptfile.source.path, word.span, new)
    others = [t.platform.title for t in readers(app) if not archive_has(new, t, app)]
    reason = f"whether {others[0]} has {new} is not known" if others else ""
    if brings and old is not None and old.unpacked < _EMPTY and not others:
        return Fix(f"Write {new}", Safety.SAFE, (edit,))
    reason = reason or f"on {target.stack} {word.text} is another package"
    return Fix(f"Write {new}", Safety.UNSAFE, (edit,), reason=reason)


_EMPTY = 100_000  # bytes: a changelog and a copyright notice, compressed
