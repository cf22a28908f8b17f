"""ENV_VARS.md: each setting on each platform with state, reason and source, and the commands that set it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.report import env_text
from bpopt.report.env_answers import TIMEOUT, asked
from bpopt.report.env_plan import STATES
from bpopt.report.markdown import bullets, cited, code, commands, escape, head, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app.targets import Target
    from bpopt.report.env_plan import Row
    from bpopt.report.gather import Gathered

USUAL = (
    "CMAKE_BUILD_TYPE",
    "CMAKE_CXX_FLAGS",
    "PIP_NO_CACHE_DIR",
    "PIP_DISABLE_PIP_VERSION_CHECK",
    "PYTHONUNBUFFERED",
    "FLASK_ENV",
    TIMEOUT,
)
_LEAD = (
    "Which environment settings this app needs on its platforms, which of those that are often recommended do "
    "nothing there, and who sets what. Values of secrets are not shown. Settings that were made outside of the "
    "repository are not known here."
)


def text(gathered: Gathered) -> str:
    """The document."""
    parts = [head("Environment settings", gathered, _LEAD)]
    for target in gathered.app.targets:
        parts += _platform(gathered, target)
    return "\n".join(parts)


def _platform(gathered: Gathered, target: Target) -> Iterator[str]:
    rows = [row for row in gathered.rows if row.platform == target.platform.name]
    yield f"## {escape(target.platform.title)}\n"
    wanted = [row for row in rows if row.state in ("missing", "wrong", "yours")]
    yield "### To do\n"
    yield bullets(map(_line, wanted)) if wanted else "Nothing is missing in these files.\n"
    yield from _commands(gathered, target, wanted)
    yield "### The settings that are usually recommended\n"
    usual = [row for name in USUAL for row in rows if row.name == name]
    yield table(
        ("setting", "recommended", "here"), [(code(r.name), escape(asked(r.name)), r.state) for r in usual]
    )
    yield bullets(map(_line, usual))
    others = [row for row in rows if row not in wanted and row not in usual]
    if others:
        yield "### The others\n"
        yield bullets(map(_line, others))
    yield (
        "What the states mean: "
        + "; ".join(f"*{name}*: {meaning}" for name, meaning in STATES.items())
        + ".\n"
    )


def _line(row: Row) -> str:
    """One setting as an item of a list."""
    value = f"={row.value}" if row.value else f"={row.here}" if row.where and row.here else ""
    where = f", {code(row.where)}" if row.where else ""
    instead = f" Instead: {escape(row.instead)}." if row.instead else ""
    source = cited(row.source, row.date)
    text = f"{code(row.name + value)} ({row.scope}{where}): *{row.state}*. {escape(row.why)}{instead}"
    return f"{text} ({source})" if source else text


def _commands(gathered: Gathered, target: Target, wanted: list[Row]) -> Iterator[str]:
    form = next(
        (f for f, name in env_text.PLATFORM_OF.items() if target.platform.name.startswith(name)), None
    )
    if form is not None and wanted:
        own = [row for row in gathered.rows if row.platform == target.platform.name]
        yield commands(env_text.commands(form, gathered.app, own))
