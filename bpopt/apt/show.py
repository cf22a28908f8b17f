"""Render what the apt functions found, for people (rich) and for programs (plain mappings)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from bpopt.apt.plan import Cost, Layer, Step, saved, why

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.tree import Tree

    from bpopt.apt.catalog import Package
    from bpopt.apt.solver import Closure
    from bpopt.apt.update import Entry


def human(size: int) -> str:
    """Return bytes as a short text in powers of 1000: `35 kB`, `4.1 MB`."""
    if size < 1000:
        return f"{size} B"
    value = size / 1000
    for unit in ("kB", "MB"):
        if value < 999.5:
            return f"{value:.1f} {unit}" if value < 10 else f"{value:.0f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"


def size_table(layer: Layer, without: Sequence[str] = ()) -> RenderableType:
    """Return the table of `bpopt apt size`: what each line brings, and what would go with it.

    `without` are lines (their words with blanks between) that would go together.
    """
    from rich.console import Group
    from rich.markup import escape
    from rich.table import Table

    table = Table(caption=basis(layer), caption_justify="left", show_footer=True)
    table.add_column("line", footer="in all", overflow="fold")
    table.add_column("packages", footer=str(layer.total.packages), justify="right")
    table.add_column("download", footer=human(layer.total.size), justify="right")
    table.add_column("unpacked", footer=human(layer.total.unpacked), justify="right")
    table.add_column("goes if the line goes", justify="right")
    for line in layer.lines:
        refused = ", ".join(line.closure.unknown)
        table.add_row(
            escape(" ".join(line.line)),
            str(line.own.packages),
            human(line.own.size),
            human(line.own.unpacked),
            f"[red]refused: {escape(refused)}[/red]" if refused else human(line.marginal.unpacked),
        )
    if not without:
        return table
    gone = saved(layer, dropped(layer, without))
    names = escape(", ".join(without))
    return Group(
        table,
        f"Without {names}: {gone.packages} packages, {human(gone.size)} to download and "
        f"{human(gone.unpacked)} unpacked less",
    )


def dropped(layer: Layer, without: Sequence[str]) -> list[int]:
    """Return the places of the lines named."""
    return [at for at, line in enumerate(layer.lines) if " ".join(line.line) in without]


def basis(layer: Layer) -> str:
    """Return in one line what the figures rest on."""
    stand_in = "" if layer.exact else f"; estimates, from {' and '.join(layer.stand_ins)}"
    return f"index of {layer.suite} of {layer.date}{stand_in}"


def tree(layer: Layer) -> RenderableType:
    """Return the tree of `bpopt apt tree`: each line, its packages under the one that brought them."""
    from rich.console import Group

    return Group(*(_line_tree(" ".join(line.line), line.closure) for line in layer.lines), basis(layer))


def why_text(layer: Layer, package: str) -> RenderableType:
    """Return the answer of `bpopt apt why`."""
    from rich.console import Group

    ways = why(layer, package)
    if not ways:
        return f"{package} is not brought by any line ({basis(layer)})"
    return Group(*(_path(way) for way in ways), basis(layer))


def catalogs_table(entries: Iterable[Entry]) -> RenderableType:
    """Return the table of `bpopt catalog list`."""
    from rich.table import Table

    table = Table("suite", "index of", "packages", "checked by", "size", "from", "stacks")
    for entry in entries:
        origin = "shipped" if entry.shipped else entry.path
        stacks = ", ".join(entry.stacks)
        checked = (entry.verified, human(entry.size), origin, stacks)
        table.add_row(entry.suite, entry.date, str(entry.packages), *checked)
    return table


def layer_json(layer: Layer, without: Sequence[str] = ()) -> dict[str, Any]:
    """Return a layer as plain data for JSON; sizes in bytes. `without` as for `size_table`."""
    gone = saved(layer, dropped(layer, without))
    more = {"without": {"lines": list(without), **gone._asdict()}} if without else {}
    return {
        **more,
        "suite": layer.suite,
        "exact": layer.exact,
        "stand_ins": list(layer.stand_ins),
        "date": layer.date,
        "total": layer.total._asdict(),
        "lines": [
            {
                "line": list(line.line),
                "own": line.own._asdict(),
                "marginal": line.marginal._asdict(),
                "refused": list(line.closure.unknown),
                "broken": list(line.closure.broken),
                "packages": [_package_json(package, line.closure) for package in line.closure.packages],
            }
            for line in layer.lines
        ],
    }


def why_json(layer: Layer, package: str) -> dict[str, Any]:
    """Return the ways to a package as plain data for JSON."""
    ways = [[step._asdict() for step in way] for way in why(layer, package)]
    return {"package": package, "suite": layer.suite, "exact": layer.exact, "ways": ways}


def catalogs_json(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Return the catalogs as plain data for JSON."""
    return [{**entry._asdict(), "stacks": list(entry.stacks)} for entry in entries]


def _package_json(package: Package, closure: Closure) -> dict[str, Any]:
    by, recommended = closure.because.get(package.name, (None, False))
    return {
        "name": package.name,
        "version": package.version,
        "size": package.size,
        "unpacked": package.unpacked,
        "by": by,
        "recommended": recommended,
    }


def _line_tree(label: str, closure: Closure) -> Tree:
    """Return the packages of one line, each under the package that brought it, the heaviest first."""
    from rich.markup import escape
    from rich.tree import Tree

    under: dict[str | None, list[Package]] = {}
    for package in closure.packages:
        under.setdefault(closure.because.get(package.name, (None, False))[0], []).append(package)
    total = Cost(len(closure.chosen), closure.size, closure.unpacked)
    root = Tree(f"[bold]{escape(label)}[/bold]  {total.packages} packages, {human(total.unpacked)} unpacked")
    pending: list[tuple[Tree, str | None]] = [(root, None)]
    while pending:
        branch, name = pending.pop()
        for package in sorted(under.get(name, ()), key=lambda p: -p.unpacked):
            soft = " [dim](recommended)[/dim]" if closure.because.get(package.name, ("", False))[1] else ""
            twig = branch.add(f"{package.name} {package.version}  {human(package.unpacked)}{soft}")
            pending.append((twig, package.name))
    for name in closure.unknown:
        root.add(f"[red]{escape(name)}: apt refuses this name, and with it the whole line[/red]")
    return root


def _path(way: tuple[Step, ...]) -> str:
    first, *rest = way
    arrows = (f" [dim]{'recommends' if step.recommended else 'needs'}[/dim] {step.name}" for step in rest)
    return first.name + "".join(arrows)
