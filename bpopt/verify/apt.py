"""Stage apt: the layers that the two apt lists make: packages, bytes, and whether every library is still found.

Real apt resolves them, and with --build fetches and unpacks them as the platform's buildpack does. It asks the
archive of the stack's suite; where that cannot be reached or checked, the catalog's estimate stands for the
stack, and apt works on the suite of this machine's own distribution, which is said.
"""

from __future__ import annotations

import os
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from bpopt.apt import catalog, images, plan, stacks
from bpopt.verify import apt_tool, elf, words
from bpopt.verify.apt_tool import Apt, AptError, Deb, Source
from bpopt.verify.model import FAILED, PASSED, SKIPPED, Measure, StageResult

if TYPE_CHECKING:
    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.verify.model import Plan, Progress, Side

NAME = "apt"
TITLE = "Apt packages"

Lines = tuple[tuple[str, ...], ...]


class Layer(NamedTuple):
    """What an apt list comes to: bytes to fetch and unpacked, packages, lines that apt refuses and why.

    `fetch` and `unpack` are seconds, None where it was only resolved; `folder` is the unpacked layer.
    """

    packages: int
    download: int
    unpacked: int
    refused: tuple[str, ...]
    fetch: float | None = None
    unpack: float | None = None
    folder: str = ""


def run(before: Side, after: Side, plan_: Plan, progress: Progress) -> StageResult:
    """Make both layers and compare them."""
    began = monotonic()
    lists = [lines(before.app), lines(after.app)]
    if not any(lists):
        return StageResult(NAME, SKIPPED, "neither state has an Aptfile")
    target = _target(after.app)
    if target is None:
        return StageResult(NAME, SKIPPED, "no platform of this app installs apt packages from a file")
    estimates = [_estimate(target, own) for own in lists]
    chosen, layers, notes = _real(lists, target, plan_, progress)
    exact = chosen is not None and chosen.suite == _suite(target)
    measures: list[Measure] = []
    if not exact and estimates[0] and estimates[1]:
        measures += _estimated(estimates[0], estimates[1])
        notes.append(f"sizes for {target.label} are estimated from bpopt's catalog ({estimates[0].date})")
    if layers:
        here = "" if exact or not measures else f"here.{chosen.suite}" if chosen else ""
        measures += _measures(layers[0], layers[1], here, plan_.build)
    if not measures:
        return StageResult(
            NAME, SKIPPED, "; ".join(notes) or "no apt and no catalog here", seconds=monotonic() - began
        )
    faults = _faults(layers, lists, exact)
    details: dict[str, Any] = {"suite": chosen.suite if chosen else None, "target": target.label}
    if layers:
        details |= {"before": _described(layers[0]), "after": _described(layers[1])}
        notes += _seconds(layers)
    if plan_.build and layers:
        progress.step("looking for shared libraries")
        lost, said = elf.compare(plan_.python, layers[0].folder, layers[1].folder)
        faults += [f"{', '.join(lost)}: found before and nowhere after"] if lost else []
        notes += said
    status = FAILED if faults else PASSED
    return StageResult(
        NAME, status, "; ".join(faults), tuple(measures), tuple(notes), details, monotonic() - began
    )


def lines(app: App) -> Lines:
    """The lines of the app's apt list that name packages, as words."""
    found = app.aptfile
    if found is None:
        return ()
    return tuple(tuple(w.text for w in entry.words) for entry in found.entries if entry.kind == "packages")


def _target(app: App) -> Target | None:
    """The first target that installs from an Aptfile; one that certainly does before one that may."""
    sure = [target for target in app.targets if target.platform.reads("aptfile")]
    return sure[0] if sure else None


def _suite(target: Target) -> str | None:
    stack = stacks.find(target.stack)
    return stack.suite if stack is not None else None


def _estimate(target: Target, own: Lines) -> plan.Layer | None:
    return plan.for_platform(target.platform.name, target.stack, own)


def _real(
    lists: list[Lines], target: Target, plan_: Plan, progress: Progress
) -> tuple[Source | None, list[Layer], list[str]]:
    """The layers by real apt, from the first archive that answers, and what is to be said of it."""
    if not apt_tool.available():
        return None, [], ["apt is not on this machine"]
    notes: list[str] = []
    for source in _sources(target):
        progress.step(f"fetching the package lists of {source.suite}")
        folder = os.path.join(plan_.scratch, f"apt-{source.suite}")
        try:
            apt = Apt(os.path.join(folder, "lists"), source)
            apt.update()
        except AptError as error:
            notes.append(f"the archive of {source.suite} cannot be used here: {error}")
            continue
        known = _resolved(apt, lists, progress)
        layers = [_layer(own, known, apt) for own in lists]
        if plan_.build:
            layers = [
                _fetched(apt, os.path.join(folder, name), own, layer, progress)
                for name, own, layer in zip("ba", lists, layers, strict=True)
            ]
        if source.suite != _suite(target):
            notes.append(f"apt worked on {source.suite}, this machine's own suite, with nothing installed")
        return source, layers, notes
    return None, [], notes


def _sources(target: Target) -> list[Source]:
    """The stack's archive with the build image's packages installed, then that of this machine."""
    suites = [_suite(target), apt_tool.own_suite()]
    found = []
    for suite in dict.fromkeys(suite for suite in suites if suite):
        status = _installed(target) if suite == _suite(target) else ""
        source = apt_tool.source(suite, status)
        if source is not None:
            found.append(source)
    return found


def _installed(target: Target) -> str:
    image, known = images.image(target.stack, "build"), catalog.for_stack(target.stack)
    if image is None or known is None:
        return ""
    packages = (
        (name, package.version) for name in sorted(image.packages) if (package := known.package(name))
    )
    return apt_tool.status_of(packages)


Known = dict[tuple[str, ...], "list[Deb] | AptError"]


def _resolved(apt: Apt, lists: list[Lines], progress: Progress) -> Known:
    """What apt would fetch for each line of either list, or why it refuses; two lines at a time."""
    from concurrent.futures import ThreadPoolExecutor

    def planned(line: tuple[str, ...]) -> list[Deb] | AptError:
        progress.step(f"apt-get install {' '.join(line)}")
        try:
            return apt.planned(line)
        except AptError as error:
            return error

    distinct = list(dict.fromkeys(line for own in lists for line in own))
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(distinct, pool.map(planned, distinct), strict=True))


def _layer(own: Lines, known: Known, apt: Apt) -> Layer:
    """One list's layer as apt resolves it, line by line."""
    debs: dict[str, Deb] = {}
    refused = []
    for line in own:
        found = known[line]
        if isinstance(found, AptError):
            refused.append(f"{' '.join(line)}: {found}")
        else:
            debs.update({deb.name: deb for deb in found})
    names = sorted({deb.name.partition("_")[0] for deb in debs.values()})
    size = sum(deb.size for deb in debs.values())
    return Layer(len(debs), size, apt.installed_sizes(names), tuple(refused))


def _share_lists(there: str, folder: str) -> None:
    """Use package lists that were fetched before: hard links, as apt replaces and never changes them."""
    lists = os.path.join(there, "state", "lists")
    for name in os.listdir(lists):
        path = os.path.join(lists, name)
        if os.path.isfile(path):
            os.link(path, os.path.join(folder, "state", "lists", name))


def _fetched(resolver: Apt, folder: str, own: Lines, resolved: Layer, progress: Progress) -> Layer:
    """One list's layer fetched by an apt of its own, line by line, and unpacked."""
    apt = Apt(folder, resolver.source)
    _share_lists(resolver.folder, apt.folder)
    layer, refused = f"{folder}-layer", []
    began = monotonic()
    for words_ in own:
        progress.step(f"fetching {' '.join(words_)}")
        try:
            apt.fetch(words_)
        except AptError as error:
            refused.append(f"{' '.join(words_)}: {error}")
    fetched = monotonic()
    debs = apt.fetched()
    progress.step(f"unpacking {len(debs)} packages")
    apt_tool.unpack(debs, layer)
    ended = monotonic()
    sizes = sum(map(os.path.getsize, debs)), folder_size(layer)
    for deb in debs:
        os.unlink(deb)
    return Layer(
        len(debs), *sizes, tuple(refused) or resolved.refused, fetched - began, ended - fetched, layer
    )


def folder_size(folder: str) -> int:
    """The bytes of all files in a folder, each once however many links it has; links and folders count nothing."""
    seen, total = set(), 0
    for path, _, names in os.walk(folder):
        for name in names:
            status = os.lstat(os.path.join(path, name))
            if not os.path.islink(os.path.join(path, name)) and (status.st_dev, status.st_ino) not in seen:
                seen.add((status.st_dev, status.st_ino))
                total += status.st_size
    return total


def _measures(before: Layer, after: Layer, here: str, real: bool) -> list[Measure]:
    prefix = f"apt.{here}." if here else "apt."
    where = f" ({here.removeprefix('here.')}, this machine's suite)" if here else ""
    unpacked = (
        "bytes of the files that dpkg -x unpacked"
        if real
        else "Installed-Size of the packages that apt chose"
    )
    rows = (
        (
            "packages",
            "Apt packages",
            "count",
            before.packages,
            after.packages,
            "packages that apt chose, line by line",
        ),
        ("download", "Apt download", "B", before.download, after.download, "bytes of those packages"),
        ("unpacked", "Apt layer", "B", before.unpacked, after.unpacked, unpacked),
    )
    return [
        Measure(f"{prefix}{key}", f"{title}{where}", unit, True, (b,), (b,), (a,), f"{how}{where}")
        for key, title, unit, b, a, how in rows
    ]


def _estimated(before: plan.Layer, after: plan.Layer) -> list[Measure]:
    how = (
        f"estimate of bpopt's catalog of {before.suite} ({before.date}), on top of the build image's packages"
    )
    rows = (
        ("packages", "Apt packages", "count", before.total.packages, after.total.packages),
        ("download", "Apt download", "B", before.total.size, after.total.size),
        ("unpacked", "Apt layer", "B", before.total.unpacked, after.total.unpacked),
    )
    return [
        Measure(f"apt.{key}", f"{title} (estimate)", unit, True, (b,), (b,), (a,), how)
        for key, title, unit, b, a in rows
    ]


def _faults(layers: list[Layer], lists: list[Lines], exact: bool) -> list[str]:
    """Lines that apt refuses after and did not before; on another suite than the stack's they are no fault."""
    if not layers or not exact:
        return []
    known = set(layers[0].refused)
    return [f"apt refuses {line}" for line in layers[1].refused if line not in known]


def _described(layer: Layer) -> dict[str, Any]:
    described = layer._asdict()
    del described["folder"]
    return described


def _seconds(layers: list[Layer]) -> list[str]:
    notes = [
        f"{name}: apt refuses {line}"
        for name, layer in zip(("before", "after"), layers, strict=True)
        for line in layer.refused
    ]
    first, second = layers
    if (
        first.fetch is not None
        and second.fetch is not None
        and first.unpack is not None
        and second.unpack is not None
    ):
        fetched, unpacked = (
            " and ".join(words.value(value, "s") for value in pair)
            for pair in ((first.fetch, second.fetch), (first.unpack, second.unpack))
        )
        notes.append(f"fetched in {fetched}, unpacked in {unpacked} (one run each: no verdict)")
    return notes
