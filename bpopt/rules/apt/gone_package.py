"""A package that the stack's archive does not have.

## What it does

Finds names of an apt list that apt on the app's stack refuses: dropped, renamed, never there, or those of Python
packages, which pip installs. Where the stack is not known, only what every stack refuses.

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

from functools import lru_cache
from typing import TYPE_CHECKING

from bpopt.finding import Edit, Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.apt import SUITES, archive_has, is_distribution, readers, remove_word, stacks
from bpopt.rules.apt.not_a_package import is_shell, names_packages
from bpopt.rules.base import Rule, bad, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.apt.catalog import Catalog
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
    bad(
        "«unrar»\n",
        on="heroku-24",
        severity="error",
        title="of multiverse, which Heroku's images do not read",
    ),
    bad(
        "«unrar»\n",
        on="digitalocean",
        severity="warning",
        message="main and universe",
        title="there they may",
    ),
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
    bad(
        {"Aptfile": "«flask»\n«opencv-python-headless»\n", "requirements.txt": "flask\n"},
        on="heroku-24",
        message="is a Python package",
        title="names of PyPI",
    ),
    ok(
        "apt-get install -y ffmpeg\nrun update && rm x\n",
        on="heroku-24",
        title="commands: another rule speaks",
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


_OLDEST = ("focal", "bullseye")
# Unknown names of a file that a known one is looked for, some 10 ms each: with more, it is no list of packages.
_GUESSES = 30


def check(aptfile: Aptfile, app: App) -> Iterator[Finding]:
    """Report each name that apt refuses on a stack of the app."""
    own_archive = any(entry.kind == "repo" for entry in aptfile.entries)
    guesses = _GUESSES
    shell = {
        w for entry in aptfile.entries if is_shell(entry) or not names_packages(entry) for w in entry.words
    }
    for word in dict.fromkeys(aptfile.packages):
        known = [
            (target, gone) for target in readers(app) if (gone := gone_on(word.text, target, app)) is not None
        ]
        if known:
            yield _renamed(aptfile, word, app, [target for target, _ in known], known[0][1])
        elif not own_archive and word not in shell:
            for finding in _unknown(aptfile, word, app, guesses > 0):
                guesses -= 1
                yield finding
            yield from _by_relative(aptfile, word, app)


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
        gone_text(word.text, gone.since),
        help=f"{instead}; {gone.note}" if gone.note else instead,
        fix=fix,
        evidence=[Evidence("catalog", "the archive's own package index", gone.source, gone.checked)],
        on=on,
    )


def gone_text(name: str, since: str) -> str:
    """Of the oldest suites that were looked at nobody knows whether the name was in one before."""
    suite = SUITES.get(since, since)
    return f"{suite} and newer have no {name}" if since in _OLDEST else f"{name} is gone since {suite}"


def _unknown(aptfile: Aptfile, word: AptWord, app: App, guess: bool) -> Iterator[Finding]:
    """A name that is in no archive of a stack whose very catalog bpopt has."""
    targets = readers(app)
    if not app.knows_target and targets and not missing_on(word.text, targets[0], app):
        return  # only what no stack has is told then, and one answer is enough
    missing = [target for target in targets if missing_on(word.text, target, app)]
    if not missing:
        return
    providers = _providers(word.text, missing[0])
    pip = not providers and is_distribution(word.text, app)
    sure = missing if providers or pip else [target for target in missing if _sources_known(target)]
    stack = missing[0].stack if app.knows_target else None
    none = f"{stack} has no package" if stack else "no stack has a package"
    if providers:
        message = f"several packages of {stack or 'the stacks'} provide {word.text}, so apt chooses none: "
        message, advice = message + ", ".join(providers[:3]), "name one of them"
    elif pip:
        there = app.requirement(word.text) is not None
        message = f"{word.text} is a Python package, and {none} of that name"
        advice = "remove it: requirements.txt has it" if there else "move it to requirements.txt"
    else:
        none = none if sure else "main and universe of its Ubuntu have no package"
        message = f"{none} {word.text}{_meant(word.text, missing[0]) if guess else ''}"
        advice = "look for the name at packages.ubuntu.com"
    yield META.found(
        aptfile.source,
        word.span,
        message,
        help=advice,
        severity=META.severity if sure else Severity.WARNING,
        evidence=[Evidence("catalog", "the archive's own package index", "https://packages.ubuntu.com/")],
        on=sure or missing,
    )


def _by_relative(aptfile: Aptfile, word: AptWord, app: App) -> Iterator[Finding]:
    """A name that the nearest suite does not know either, where the stack's own has no catalog here: a hint."""
    from bpopt.apt import catalog, names
    from bpopt.apt import stacks as known

    for target in readers(app) if app.knows_target else ():
        near, stack = catalog.for_stack(target.stack), known.find(target.stack)
        if near is None or stack is None or near.exact or near.exists(word.text) or near.resolve(word.text):
            continue
        if names.elsewhere(word.text, target.stack) or names.spoken_of(word.text):
            continue
        yield META.found(
            aptfile.source,
            word.span,
            f"{near.suite}, which stands in for {stack.suite}, has no package {word.text}"
            f"{_meant(word.text, target)}",
            help=f"look for the name at packages.ubuntu.com, or have bpopt catalog update --suite {stack.suite} "
            "bring the suite's own index",
            severity=Severity.INFO,
            evidence=[
                Evidence("catalog", f"the package index of {near.suite}", near.meta["source"], near.date)
            ],
            on=[target],
        )
        return


def _sources_known(target: Target) -> bool:
    """Whether it is published which archives the image reads; others may read multiverse and restricted, too."""
    from bpopt.apt import stacks as known

    found = known.find(target.stack)
    return found is not None and found.image is not None and found.image_exact


def _providers(name: str, target: Target) -> tuple[str, ...]:
    from bpopt.apt import catalog

    found = catalog.for_stack(target.stack)
    return found.provided(name) if found is not None else ()


def missing_on(name: str, target: Target, app: App) -> bool:
    """Whether no stack in question has a name, nor another archive that its image reads."""
    from bpopt.apt import catalog

    asked = stacks(target, app)
    return bool(asked) and all(_lacks(catalog.for_stack(stack), name, stack) for stack in asked)


@lru_cache(maxsize=4096)  # apps name the same packages over and over
def _lacks(index: Catalog | None, name: str, stack: str) -> bool:
    from bpopt.apt import names

    if index is None or not index.exact or index.exists(name) or names.elsewhere(name, stack):
        return False
    return index.resolve(name) is None


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
