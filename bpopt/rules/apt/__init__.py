"""Rules of one family: apt package lists. Here is what several of them share."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from bpopt.finding import Edit, Impact
from bpopt.text import Source, Span

if TYPE_CHECKING:
    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.apt.plan import Layer
    from bpopt.documents.aptfile import Aptfile, AptWord


def remove_word(source: Source, word: AptWord) -> Edit:
    """The edit that takes a package out of its list: its whole line if it is alone there, else the word."""
    line = source.whole_line(word.span)
    text = source.text[line.start : line.end]
    if text.strip() == word.text:
        return Edit(source.path, line, "")
    before = source.text[line.start : word.span.start]
    if before.strip():
        return Edit(source.path, Span(line.start + len(before.rstrip()), word.span.end), "")
    after = source.text[word.span.end : line.end]
    blanks = len(after) - len(after.lstrip(" \t"))
    return Edit(source.path, Span(word.span.start, word.span.end + blanks), "")


HEROKU_APT = "https://github.com/heroku/heroku-buildpack-apt/blob/main/bin/compile"
DIGITALOCEAN_APT = "https://github.com/digitalocean/buildpack-apt/blob/main/bin/build"


def readers(app: App) -> tuple[Target, ...]:
    """The targets that install from an Aptfile."""
    return app.reading("aptfile")


def stacks(target: Target, app: App) -> tuple[str, ...]:
    """The stacks to ask: that of the target, or all supported ones where nobody said which it is."""
    if app.knows_target and target.stack:
        return (target.stack,)
    return tuple(stack.name for stack in target.platform.stacks if stack.supported)


def archive_has(name: str, target: Target, app: App) -> bool:
    """Whether the archive of every stack in question certainly has a package."""
    from bpopt.apt import catalog

    found = [catalog.for_stack(stack) for stack in stacks(target, app)]
    return bool(found) and all(c is not None and c.exact and c.number(name) is not None for c in found)


def run_image_has(name: str, target: Target, app: App) -> bool:
    """Whether a package is for certain in the image that the app runs in; Dokku runs apps in the build image."""
    return _in_image(
        name, target, app, "build" if target.platform.holds("aptfile.runs_in_build_image") else "run"
    )


def build_image_has(name: str, target: Target, app: App) -> bool:
    """Whether a package is for certain in the image that the app is built in."""
    return _in_image(name, target, app, "build")


def _in_image(name: str, target: Target, app: App, which: Literal["run", "build"]) -> bool:
    return name in _in_all(stacks(target, app), which)


@lru_cache(maxsize=64)
def _in_all(asked: tuple[str, ...], which: Literal["run", "build"]) -> frozenset[str]:
    """What the images of all these stacks have, as far as their own lists say."""
    from bpopt.apt import images

    found = [images.image(stack, which) for stack in asked]
    lists = [image.packages if image is not None and image.exact else frozenset() for image in found]
    return lists[0].intersection(*lists[1:]) if lists else frozenset()


# What each suite is called by those who do not know its code name.
SUITES = {
    "focal": "Ubuntu 20.04",
    "jammy": "Ubuntu 22.04",
    "noble": "Ubuntu 24.04",
    "resolute": "Ubuntu 26.04",
    "bullseye": "Debian 11",
    "bookworm": "Debian 12",
    "trixie": "Debian 13",
}


def cost_of(names: list[str], aptfile: Aptfile, app: App) -> Impact | None:
    """What goes with the lines that name these packages, on the first target of which most is known; else None.

    Where a related suite or image has to stand in, the text says which.
    """
    target, layer = best_layer(aptfile, app)
    if layer is None or target is None:
        return None
    from bpopt.apt import plan

    dropped = [at for at, words in enumerate(layer.words) if words[0] in names]
    if not dropped:
        return None
    cost = plan.saved(layer, dropped)
    if not cost.packages:
        return None
    text = f"{megabytes(cost.unpacked)} in the slug, {megabytes(cost.size)} to download, on {target.stack}"
    return Impact(text + estimate(layer), bytes=cost.unpacked)


def estimate(layer: Layer) -> str:
    """Behind a figure, what had to stand in for the stack's own data; "" where nothing did."""
    return "" if layer.exact else f" (an estimate from {' and '.join(layer.stand_ins)})"


def best_layer(aptfile: Aptfile, app: App) -> tuple[Target | None, Layer | None]:
    """What the list adds to the app, each package on a line of its own: on a stack known exactly, if there is one."""
    if not app.knows_target:
        return None, None
    names = tuple(word.text for word in aptfile.packages)
    for target in sorted(readers(app), key=lambda one: not _known_exactly(one.stack)):
        layer = layer_on(target, names)
        if layer is not None:
            return target, layer
    return None, None


def _known_exactly(stack: str | None) -> bool:
    """Whether the stack's own index and image list are there: asked before a list is resolved, which takes longer."""
    from bpopt.apt import catalog, images

    index, image = catalog.for_stack(stack), images.image(stack, "build")
    return index is not None and index.exact and image is not None and image.exact


def layer_on(target: Target, names: tuple[str, ...]) -> Layer | None:
    """What these packages add to an app on a target, each on a line of its own; None where no catalog is known."""
    return layer_of(target.platform.name, target.stack, names)


@lru_cache(maxsize=64)
def layer_of(platform: str, stack: str | None, names: tuple[str, ...]) -> Layer | None:
    """The same for a stack of a platform."""
    if not stack:
        return None
    from bpopt.apt import plan

    return plan.for_platform(platform, stack, [[name] for name in names])


def is_distribution(name: str, app: App) -> bool:
    """Whether a name is that of a Python package: one that the app requires, or that bpopt has a wheel's facts of."""
    from bpopt.documents.requirements import normalised
    from bpopt.native import table
    from bpopt.rules.apt.windows import WINDOWS

    name = normalised(name)
    if name in WINDOWS:
        return True
    return app.requirement(name) is not None or table.certainty(name) != "unknown"


def megabytes(size: int) -> str:
    """Bytes for people, in steps of a thousand as disk makers and platforms count."""
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size / 1e3:.0f} kB"
