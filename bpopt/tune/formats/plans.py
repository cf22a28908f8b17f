"""The advice of `bpopt plan` in the terminal: a table for each platform, prices with their date."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bpopt.output.shown import safe
from bpopt.tune import planning
from bpopt.verify import words

if TYPE_CHECKING:
    from bpopt.output import Look
    from bpopt.tune.holding import Row
    from bpopt.tune.planning import Advice

SMALL = 8  # plans of a platform that are shown: those beyond are only larger


def render(form: str, advice: Advice, look: Look) -> str:
    """The advice as `table` or `json`."""
    if form == "json":
        return json.dumps(planning.record(advice), indent=2) + "\n"
    out = io.StringIO()
    console = Console(
        file=out,
        width=look.width,
        force_terminal=look.color,
        color_system="standard" if look.color else None,
        highlight=False,
        emoji=False,
    )
    title = f"{safe(advice.app, look.ascii)}: plans for {words.figures(advice.rate)} requests/s"
    console.print(Text(title, style="bold"))
    for name, rows in advice.platforms:
        console.print(Text(name, style="bold"))
        console.print(_table(rows, look))
        for text in _notes(rows):
            console.print(Text(text, style="dim"))
    for note in advice.notes:
        console.print(Text(safe(f"note: {note}", look.ascii), style="dim"))
    return "".join(f"{line.rstrip(' ')}\n" for line in out.getvalue().splitlines())


def _table(rows: tuple[Row, ...], look: Look) -> Table:
    grid = Table(box=box.ASCII2 if look.ascii else box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    grid.add_column("plan", no_wrap=True)
    for title in ("peak of MB", "cores", "per s", "number", "a month"):
        grid.add_column(title, justify="right", no_wrap=True)
    grid.add_column("workers x threads", overflow="fold")
    holding = [row for row in rows if row.candidate is not None]
    for row in (*[r for r in rows if r.candidate is None], *holding[:SMALL]):
        grid.add_row(*_cells(row))
    return grid


def _cells(row: Row) -> list[Text]:
    size = f"{row.peak / 2**20:.0f} of {row.plan.memory / 2**20:.0f}"
    if row.candidate is None:
        texts = (size, _cores(row), "-", "-", "-")
        return [Text(row.plan.name, style="dim"), *map(Text, texts), Text(row.why, style="red")]
    cost = "?" if row.price is None else f"{row.plan.currency} {row.price:,.0f}"
    texts = (size, _cores(row), words.figures(row.rate), str(row.containers), cost)
    return [Text(row.plan.name), *map(Text, texts), Text(row.candidate.short)]


def _cores(row: Row) -> str:
    """How many, with a tilde where others use them too."""
    return ("~" if row.plan.shared else "") + ("?" if row.plan.cpus is None else f"{row.plan.cpus:g}")


def _notes(rows: tuple[Row, ...]) -> list[str]:
    """What the signs in the table mean, and what is to be known of prices."""
    signs = ["per s: requests of one container, number: containers that take the load"]
    signs += ["~: others use them too"] if any(row.plan.shared for row in rows) else []
    signs += ["?: not known, reckoned as measured here"] if any(row.plan.cpus is None for row in rows) else []
    flat = [f"{row.plan.name}: {row.plan.note}" for row in rows if "flat" in row.plan.note]
    return ["; ".join(signs), _prices(rows), *flat]


def _prices(rows: tuple[Row, ...]) -> str:
    dates = sorted({row.plan.date for row in rows})
    doubtful = [row.plan.name for row in rows if not row.plan.verified]
    more = (
        f"; at second hand: {', '.join(doubtful[:3])}{' and more' if len(doubtful) > 3 else ''}"
        if doubtful
        else ""
    )
    return f"Prices as of {' to '.join(dict.fromkeys((dates[0], dates[-1])))}, without tax{more}."
