"""BUILDPACK_FIXES.md: the failures that this app is prone to, how they look, and what to change; `data/risks.toml`."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from bpopt.app.veil import hide
from bpopt.report import doctor
from bpopt.report.markdown import cited, code, commands, escape, head
from bpopt.rules.versions import leads_to

if TYPE_CHECKING:
    from bpopt.app import App
    from bpopt.documents.requirements import Requirement
    from bpopt.report.gather import Gathered

DATA = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "data", "risks.toml")
_LEAD = (
    "Builds and boots that can fail with what this app holds: how it looks in the log, why, and what to change. "
    "`bpopt doctor LOGFILE` recognises these and others in a log."
)
_NEWEST = ("20.0.1", "20.0.0", "19.24.9")  # of dlib, the one distribution whose versions matter here


class Risk(NamedTuple):
    """A failure that an app is prone to, or (`safe` not empty) that it holds the makings of and is not."""

    entry: dict[str, Any]
    because: str
    safe: str


@cache
def _data() -> tuple[dict[str, Any], ...]:
    import tomllib

    with open(DATA, "rb") as file:
        return tuple(tomllib.load(file)["risks"])


def text(gathered: Gathered) -> str:
    """The document."""
    found = risks(gathered)
    parts = [head("Build failures and their fixes", gathered, _LEAD)]
    prone = [risk for risk in found if not risk.safe]
    parts += (_section(risk, gathered.app) for risk in prone)
    if not prone:
        parts.append("This app holds nothing that bpopt knows to break builds.\n")
    safe = [risk for risk in found if risk.safe]
    if safe:
        parts.append("## Not a danger here\n")
        parts.append(
            "".join(f"- **{escape(r.entry['title'])}**: {escape(r.safe)} ({r.because})\n" for r in safe)
        )
    return "\n".join(parts)


def risks(gathered: Gathered) -> tuple[Risk, ...]:
    """The failures that concern this app, in the order of the data."""
    found = (_risk(entry, gathered) for entry in _data())
    return tuple(risk for risk in found if risk is not None)


def _risk(entry: dict[str, Any], gathered: Gathered) -> Risk | None:
    app = gathered.app
    platforms = entry.get("platforms")
    on = [t.platform.title for t in app.targets if platforms is None or t.platform.name in platforms]
    if not on or any(not app.has(path) for path in entry.get("files", ())):
        return None
    if any(app.requirement(name) is not None for name in entry.get("gone_with", ())):
        return None
    required = next(
        (r for name in entry.get("requires", ()) if (r := app.requirement(name)) is not None), None
    )
    safe = _safe(entry, required, app) if required is not None else ""
    reasons = [_shown(required)] if required is not None else []
    reasons += _packages(entry, app) + _findings(entry, gathered)
    wanting = any(key in entry for key in ("requires", "packages", "findings"))
    if safe is None or (wanting and not reasons) or ("findings" in entry and not _findings(entry, gathered)):
        return None
    because = [code(reason) for reason in reasons]
    if platforms is not None:
        because.append(f"on {escape(', '.join(dict.fromkeys(on)))}")
    return Risk(entry, ", ".join(because), safe)


def _packages(entry: dict[str, Any], app: App) -> list[str]:
    listed = app.aptfile.packages if app.aptfile is not None else ()
    return [word.text for word in listed if word.text in entry.get("packages", ())]


def _findings(entry: dict[str, Any], gathered: Gathered) -> list[str]:
    names, worst = entry.get("findings", ()), entry.get("errors", False)
    found = (f for f in gathered.stages.result.counted if f.name in names)
    return [f"{f.path}:{f.start.line}" for f in found if f.severity.rank == 0 or not worst][:3]


def _shown(required: Requirement) -> str:
    return required.written + required.specifier


def _safe(entry: dict[str, Any], required: Requirement, app: App) -> str | None:
    """Why the app is not prone to it, empty if it is; None where nothing can be said."""
    told: str | None = entry.get("safe") or None
    listed = {word.text for word in app.aptfile.packages} if app.aptfile is not None else set()
    if any(app.requirement(name) is not None for name in entry.get("unless", ())):
        return told
    if listed.intersection(entry.get("unless_packages", ())):
        return told
    if "below" in entry:
        newer = leads_to(required, entry["below"], _NEWEST)
        return None if newer is None else told if newer else ""
    if "versions" in entry:
        from bpopt.documents.requirements import pinned

        version = pinned(required)
        return (
            None if version is None and required.specifier else "" if version in entry["versions"] else told
        )
    return ""


def _section(risk: Risk, app: App) -> str:
    entry = risk.entry
    cause = next(cause for cause in doctor.causes() if cause.name == entry["cause"])
    why, change = sentences(entry, cause)
    note = f"{escape(entry['note'])}\n\n" if "note" in entry else ""
    measured = f"Measured on two processors, {doctor.date()}.\n\n" if entry.get("measured") else ""
    write = ""
    if cause.line and "{" not in cause.line:
        write = (
            f"For example, in {code(cause.file)}:\n\n"
            + commands(_for_app(cause.line, app).split("\n"), "text")
            + "\n"
        )
    return (
        f"## {escape(entry['title'])}\n\nBecause of {risk.because}.\n\n{commands([entry['looks']], 'text')}\n"
        f"**Why:** {escape(why)}\n\n{note}{measured}**Change:** {escape(change)}\n\n{write}"
        f"Source: {cited(cause.source, cause.read)}\n"
    )


def _for_app(line: str, app: App) -> str:
    """An example of a web command with the app's own command in it, if that has none of its options yet."""
    general, _, options = line.partition("gunicorn app:app ")
    processes = app.procfile.processes if app.procfile is not None else ()
    own = next((process.command.strip() for process in processes if process.name == "web"), "")
    simple = own.startswith("gunicorn ") and not any(mark in own for mark in "|&;<>`")
    new = [word for word in options.split() if word.startswith("-")]
    if general != "web: " or not simple or any(word in own for word in new) or ("-w" in own.split()):
        return line
    return f"web: {hide(own)} {options}"


def sentences(entry: dict[str, Any], cause: doctor.Cause) -> tuple[str, str]:
    """Why it fails and what to change, without words that only a log has."""
    return (
        entry.get("why") or doctor.in_general(cause.cause),
        entry.get("change") or doctor.in_general(cause.change),
    )
