"""A package is listed that another line brings along.

## What it does

Finds packages of an apt list without which the same packages would be fetched: another line depends on them. The
finding shows the chain of dependencies. Recommended packages do not count, and neither does what the build image has,
which no other line would bring.

## Why is this bad

Nothing breaks. But the line saves nothing when it goes, whatever guides say of its size, and the name of a library
changes with the stack, while that of the package that needs it mostly stays.

## Fix safety

Safe where the set of packages is the same without the line, on every platform of the app and by the stack's own index
and image list. Unsafe where a relative has to stand in.

## References

- [Declaring relationships between packages, Debian Policy](https://www.debian.org/doc/debian-policy/ch-relationships.html)
- [heroku-buildpack-apt, bin/compile](https://github.com/heroku/heroku-buildpack-apt/blob/main/bin/compile)
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Fix, Impact, Label, Safety, Severity
from bpopt.rules.apt import layer_of, python_package, readers, remove_word
from bpopt.rules.base import Rule, bad, ok
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.apt.plan import Layer, Step
    from bpopt.documents.aptfile import Aptfile, AptWord

META = Rule("BP124", "brought-along", "aptfile", Severity.INFO)

EXAMPLES = (
    bad(
        "«libsndfile1»\nlibsndfile1-dev\n",
        fixed="libsndfile1-dev\n",
        on="heroku-24",
        message="libsndfile1-dev needs libsndfile1",
    ),
    bad("«libgtk-3-0t64» libgtk-3-dev\n", fixed="libgtk-3-dev\n", on="heroku-24", message="gir1.2-gtk-3.0"),
    bad("libopenblas-dev\n«libopenblas0»\n", fixed="libopenblas-dev\n", safety="unsafe", on="digitalocean"),
    ok("libgtk-3-dev\nlibsm6\n", on="heroku-24", title="the image has it, so no other line would bring it"),
    ok("libgtk-3-dev\nat-spi2-core\n", on="heroku-24", title="recommended only"),
    ok("ffmpeg\ntesseract-ocr\n", on="heroku-24"),
    ok(
        "libsndfile1\nlibsndfile1-dev\nnosuchthing\n",
        on="heroku-24",
        title="apt refuses the list: told elsewhere",
    ),
    ok("libsndfile1-dev\n", on="heroku-24", title="alone"),
    ok(
        {"Aptfile": "libboost-python-dev\npython3-dev\n", "requirements.txt": "flask\n"},
        on="heroku-24",
        title="the distribution's own Python: another rule speaks",
    ),
)


class Along(NamedTuple):
    """A word that another line brings: where, and by which way."""

    word: AptWord
    by: AptWord
    way: tuple[Step, ...]
    target: Target
    exact: bool


Brought = tuple[
    int, int, "tuple[Step, ...]"
]  # the place of a name in a list, that of the one that brings it, the way


def check(aptfile: Aptfile, app: App) -> Iterator[Finding]:
    """Report each package that would come without its line, where it is known which stack the app is on."""
    if not app.knows_target or len(aptfile.packages) < 2:
        return
    targets = readers(app)
    found: dict[AptWord, list[Along]] = {}
    for target in targets:
        for along in _along(aptfile, target):
            found.setdefault(along.word, []).append(along)
    told = {finding.span for finding in python_package.check(aptfile, app)} if found else ()
    for word, ways in found.items():
        if word.span not in told:
            yield _finding(aptfile, ways, targets)


def _along(aptfile: Aptfile, target: Target) -> Iterator[Along]:
    words = list({word.text: word for word in reversed(aptfile.packages)}.values())[::-1]
    exact, brought = _brought(target.platform.name, target.stack, tuple([word.text for word in words]))
    for at, by, way in brought:
        yield Along(words[at], words[by], way, target, exact)


@lru_cache(maxsize=64)
def _brought(platform: str, stack: str | None, names: tuple[str, ...]) -> tuple[bool, tuple[Brought, ...]]:
    """The names without which everything would come all the same; of two that bring each other, the later stays.

    With it whether the stack's own index and image say so.
    """
    layer = layer_of(platform, stack, names)
    if layer is None or layer.refused:
        return False, ()
    kept, found = set(range(len(names))), []
    for at in range(len(names)):
        bringing = _bringing(layer, at, kept - {at})
        if bringing is not None:
            kept.discard(at)
            found.append((at, *bringing))
    return layer.exact, tuple(found)


def _bringing(layer: Layer, at: int, others: set[int]) -> tuple[int, tuple[Step, ...]] | None:
    """Another line that depends on the package of this one, with the way; None if something would be lost."""
    from bpopt.apt import plan

    closure = layer.closures[at]
    there = frozenset().union(*(layer.closures[other].numbers for other in others))
    if not closure.selected or not closure.numbers <= there:
        return None
    for other in sorted(others):
        way = plan.path_to(layer.closures[other], closure.named[0])
        if len(way) > 1 and not any(step.recommended for step in way):
            return other, way
    return None


def _finding(aptfile: Aptfile, ways: list[Along], targets: tuple[Target, ...]) -> Finding:
    first = min(ways, key=lambda along: not along.exact)
    on = [along.target for along in ways]
    others = [t for t in targets if not any(along.target is t and along.exact for along in ways)]
    reason = f"what the image of {others[0].platform.title} has is not known for certain" if others else ""
    chain = " needs ".join(step.name for step in first.way)
    return META.found(
        aptfile.source,
        first.word.span,
        f"{first.word.text} comes along with {first.by.text} already: {chain}",
        help="remove it",
        fix=Fix(
            f"Remove {first.word.text}",
            Safety.UNSAFE if reason else Safety.SAFE,
            (remove_word(aptfile.source, first.word),),
            reason=reason,
        ),
        labels=[Label(aptfile.source, first.by.span, "brings it")],
        impact=Impact("nothing: the same packages are fetched without the line", bytes=0),
        evidence=[Evidence("catalog", "the archive's own package index", "https://packages.ubuntu.com/")],
        on=on,
    )
