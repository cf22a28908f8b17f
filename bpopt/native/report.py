"""What `bpopt native` tells: each library and program, who needs it, and where it is on a stack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from bpopt.native import table
from bpopt.native.libraries import LIBC
from bpopt.native.rows import Need
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from rich.table import Table

    from bpopt.app import App

State = Literal["image", "listed", "missing", "part", "unknown"]

# What each state says, and how it is painted.
_SAID = {
    "missing": ("nothing brings it", "red"),
    "part": ("not there, needed for a part only", "yellow"),
    "unknown": ("no list of this stack", "dim"),
    "listed": ("the apt list", "green"),
    "image": ("the run image", "green"),
}


class Line(NamedTuple):
    """One library or program: `needed_by` are (distribution, part), `package` has it on the stack ("" if none)."""

    name: str
    via: str
    state: State
    package: str
    needed_by: tuple[tuple[str, str], ...]


def of_requirements(app: App) -> Iterator[tuple[str, Need]]:
    """Yield what the shipped table says of an app's requirements: (distribution, need)."""
    for _, through, need in table.wanted(app):
        yield through[-1], need


def of_environment(folder: str) -> Iterator[tuple[str, Need]]:
    """Yield what the distributions installed in an environment need. Raises elf.MissingReader."""
    from bpopt.native import build, rows, scan

    installed = list(scan.environment(folder))
    for one in installed:
        read = build.row(one, build.required(one, installed))
        hand = tuple(row for row in rows.of(one.name) if row.by_hand and table.holds(row, one.version))
        yield from ((one.name, need) for need in table.merged((read, *hand)))


def lines(
    found: Iterable[tuple[str, Need]], stack: str | None, brought: Container[str] | None
) -> tuple[Line, ...]:
    """Return a line for each library and program, what is missing first; what glibc has is left out.

    `brought` are the packages of the apt list, None when they are not known.
    """
    needs: dict[tuple[str, str], list[tuple[str, Need]]] = {}
    for name, need in found:
        if need.soname not in LIBC:
            needs.setdefault((need.soname, "program" if need.via == "program" else ""), []).append(
                (name, need)
            )
    made = (_line(by, stack, brought) for by in needs.values())
    return tuple(sorted(made, key=lambda line: (list(_SAID).index(line.state), line.name)))


def _line(by: list[tuple[str, Need]], stack: str | None, brought: Container[str] | None) -> Line:
    need = by[0][1]
    package = table.provider(need.soname, stack, via=need.via) or ""
    needed_by = tuple(dict.fromkeys((name, n.part) for name, n in by))
    return Line(need.soname, need.via, _state([n for _, n in by], stack, brought), package, needed_by)


def _state(needs: list[Need], stack: str | None, brought: Container[str] | None) -> State:
    there = table.given(needs[0], stack)
    if there:
        return "image"
    if there is None or brought is None:
        return "unknown"
    if any(package in brought for package in table.packages(needs[0], stack) or ()):
        return "listed"
    return "part" if all(need.part for need in needs) else "missing"


def as_table(found: tuple[Line, ...]) -> Table:
    """Return the lines as a table for people."""
    from rich import box
    from rich.table import Table

    view = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in ("Library or program", "Where it is", "Package", "Needed by"):
        view.add_column(title, overflow="fold")
    for line in found:
        said, style = _SAID[line.state]
        by = ", ".join(f"{name} ({part})" if part else name for name, part in line.needed_by)
        view.add_row(line.name, f"[{style}]{said}[/]", line.package, by)
    return view


def as_json(found: tuple[Line, ...]) -> list[dict[str, Any]]:
    """Return the lines as plain data."""
    return [
        {**line._asdict(), "needed_by": [{"name": name, "part": part} for name, part in line.needed_by]}
        for line in found
    ]
