"""What a platform's build makes of an apt list: what it fetches, what a line costs, why a package is there.

The apt buildpacks run `apt-get -y -d install --reinstall` once for each line, with recommended packages,
and unpack all that was fetched (`dpkg -x`); nothing is installed between the lines, so every line is
resolved alone and the layer is the union. The deb-packages buildpack of the new Heroku stacks has a
resolver of its own. Sources (checked 2026-11-23): https://github.com/heroku/heroku-buildpack-apt
(bin/compile), https://github.com/digitalocean/buildpack-apt (bin/build),
https://github.com/Scalingo/apt-buildpack (bin/compile), https://github.com/heroku/buildpacks-deb-packages
(src/determine_packages_to_install.rs).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from bpopt.apt import catalog, images
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from bpopt.apt.catalog import Catalog, Package
    from bpopt.apt.solver import Closure

Line = Sequence[str]


class Behaviour(NamedTuple):
    """How a platform installs: with recommended packages or not, by apt or by its own resolver.

    `one_name` platforms take a line as one name, blanks included.
    """

    recommends: bool = True
    own_resolver: bool = False
    one_name: bool = False


BEHAVIOURS = {
    "heroku": Behaviour(),
    "dokku": Behaviour(),
    "scalingo": Behaviour(),  # APT_DONT_INSTALL_RECOMMENDS turns recommended packages off
    "digitalocean": Behaviour(one_name=True),
    "heroku-fir": Behaviour(recommends=False, own_resolver=True),
}


class Cost(NamedTuple):
    """How many packages, their bytes to download and their bytes on disk."""

    packages: int
    size: int
    unpacked: int


class LineCost(NamedTuple):
    """What one line brings in all (`own`), and what would go away if the line went (`marginal`)."""

    line: tuple[str, ...]
    own: Cost
    marginal: Cost
    closure: Closure


class Layer:
    """What an apt list adds to the app: every line, the union of all, and on what that rests.

    `stand_ins` says in words what had to stand in (a related suite, a related image); with any, the figures are
    estimates and `exact` is False. `closures` are what each line of `words`
    brings; what is summed is summed when asked for.
    """

    def __init__(
        self,
        index: Catalog,
        stand_ins: tuple[str, ...],
        words: tuple[tuple[str, ...], ...],
        closures: tuple[Closure, ...],
    ) -> None:
        self.words = words
        self.index = index
        self.suite = index.suite
        self.date = index.date
        self.stand_ins = stand_ins
        self.closures = closures

    @property
    def exact(self) -> bool:
        """Tell whether everything asked was that of the stack itself."""
        return not self.stand_ins

    @property
    def refused(self) -> bool:
        """Tell whether apt refuses a line, or what it chose does not hold together."""
        return any(closure.unknown or closure.broken for closure in self.closures)

    @cached_property
    def lines(self) -> tuple[LineCost, ...]:
        """What each line costs."""
        brought = Counter(number for closure in self.closures for number in closure.numbers)
        return tuple(
            LineCost(
                line,
                Cost(len(closure.chosen), closure.size, closure.unpacked),
                cost(self.index, [number for number in closure.chosen if brought[number] == 1]),
                closure,
            )
            for line, closure in zip(self.words, self.closures, strict=True)
        )

    @cached_property
    def packages(self) -> tuple[Package, ...]:
        """All packages, each once."""
        return tuple(map(self.index.at, self.numbers))

    @cached_property
    def numbers(self) -> dict[int, None]:
        """The numbers of all packages, each once."""
        return dict.fromkeys(number for closure in self.closures for number in closure.chosen)

    def __contains__(self, name: object) -> bool:
        """Tell whether the package of that name is among them."""
        return isinstance(name, str) and any(closure.brings(name) for closure in self.closures)

    @cached_property
    def total(self) -> Cost:
        """What the whole list costs."""
        return cost(self.index, self.numbers)


def for_platform(
    platform: str, stack: str | None, lines: Sequence[Line], *, recommends: bool | None = None
) -> Layer | None:
    """Return the layer that `platform` makes of `lines` on `stack`; None when the stack has no catalog.

    `recommends` overrides what the platform does by default.
    """
    found = catalog.for_stack(stack)
    if found is None:
        return None
    behaviour = BEHAVIOURS.get(platform, Behaviour())
    image = images.image(stack, "build")
    installed = image.packages if image else frozenset()
    wanted = behaviour.recommends if recommends is None else recommends
    if behaviour.one_name:
        lines = [[" ".join(line)] for line in lines]
    made = layer(found, lines, installed=installed, recommends=wanted, own_resolver=behaviour.own_resolver)
    made.stand_ins += _image_stand_in(image)
    return made


def layer(
    packages: Catalog,
    lines: Sequence[Line],
    *,
    installed: Iterable[str] = (),
    recommends: bool = True,
    own_resolver: bool = False,
) -> Layer:
    """Return the layer of `lines` on an image that has `installed`: each line alone, then the union."""
    present = frozenset(installed)
    words = tuple(map(tuple, lines))
    closures = tuple(_closure(packages, line, present, recommends, own_resolver) for line in words)
    stand_ins = () if packages.exact else (f"the suite's nearest relative, {packages.suite}",)
    return Layer(packages, stand_ins, words, closures)


def _image_stand_in(image: images.Image | None) -> tuple[str, ...]:
    if image is None:
        return ("an empty image, as no list of its packages is known",)
    return () if image.exact else (f"the image's nearest relative, {image.name}",)


def saved(made: Layer, dropped: Iterable[int]) -> Cost:
    """Return what goes away when the lines of these indexes (from 0) all go."""
    gone = set(dropped)
    stays = frozenset().union(*(closure.numbers for i, closure in enumerate(made.closures) if i not in gone))
    return cost(made.index, [number for number in made.numbers if number not in stays])


def cost(index: Catalog, numbers: Collection[int]) -> Cost:
    """Add up the packages of these numbers."""
    sizes = list(map(index.sizes, numbers))
    return Cost(len(sizes), sum(size for size, _ in sizes), sum(unpacked for _, unpacked in sizes))


class Step(NamedTuple):
    """A package on the way from a named one; `recommended` when it came as a recommendation."""

    name: str
    recommended: bool


def why(made: Layer, package: str) -> tuple[tuple[Step, ...], ...]:
    """Return the ways by which `package` came: one for each line that brings it, from the named one on."""
    paths = (path_to(closure, package) for closure in made.closures)
    return tuple(dict.fromkeys(path for path in paths if path))


def path_to(closure: Closure, package: str) -> tuple[Step, ...]:
    """Return the way from a named package to `package`; () when it is not fetched."""
    return tuple(Step(name, recommended) for name, recommended in closure.path_to(package))


# Apps name the same packages over and over; a line's answer depends on nothing else.
@lru_cache(maxsize=1024)
def _closure(
    packages: Catalog, line: tuple[str, ...], installed: frozenset[str], recommends: bool, own_resolver: bool
) -> Closure:
    from bpopt.apt import cnb, resolved, solver

    if own_resolver:
        return cnb.install(packages, line, installed=installed)
    ready = resolved.find(packages, line[0], installed) if recommends and len(line) == 1 else None
    return ready or solver.install(packages, line, installed=installed, recommends=recommends)
