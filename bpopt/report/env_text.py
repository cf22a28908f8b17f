"""The settings as a list for people, as dotenv, and as the commands of each platform. No secret is printed."""

from __future__ import annotations

import re
from shlex import quote
from typing import TYPE_CHECKING, NamedTuple

from bpopt.output.shown import safe
from bpopt.report.env_plan import STATES, Row
from bpopt.report.paint import Paint, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.output import Look


class Commands(NamedTuple):
    """How a platform's client sets `{pairs}` (NAME=value) and unsets `{names}`, and where that is written."""

    platforms: tuple[str, ...]
    set: str
    unset: str
    source: str


COMMANDS = {
    "heroku": Commands(
        ("heroku", "heroku-fir"),
        'heroku config:set {pairs} --app "$APP"',
        'heroku config:unset {names} --app "$APP"',
        "https://devcenter.heroku.com/articles/config-vars",
    ),
    "dokku": Commands(
        ("dokku",),
        'dokku config:set "$APP" {pairs}',
        'dokku config:unset "$APP" {names}',
        "https://dokku.com/docs/configuration/environment-variables/",
    ),
    "scalingo": Commands(
        ("scalingo",),
        'scalingo --app "$APP" env-set {pairs}',
        'scalingo --app "$APP" env-unset {names}',
        "https://doc.scalingo.com/platform/app/environment",
    ),
}
_UNTOLD = ("***", "?")  # what stands for a value that is secret, or that only the shell knows
_DOCTL = "https://docs.digitalocean.com/reference/doctl/reference/apps/update/"
FORMATS = ("table", "json", "dotenv", "heroku", "doctl", "dokku", "scalingo")
PLATFORM_OF = {"heroku": "heroku", "doctl": "digitalocean", "dokku": "dokku", "scalingo": "scalingo"}
_STYLES = {
    "missing": "warning",
    "wrong": "error",
    "without effect": "warning",
    "yours": "note",
    "set": "safe",
}


def table(app: App, rows: tuple[Row, ...], look: Look) -> Iterator[str]:
    """The settings of each platform under their states, each with reason and source."""
    paint = Paint(look)
    for target in app.targets:
        own = [row for row in rows if row.platform == target.platform.name]
        yield paint("strong", f"{target.platform.title}") + paint("faint", f"  {_told(app, target)}")
        for state, meaning in STATES.items():
            chosen = [row for row in own if row.state == state]
            if chosen:
                yield ""
                yield f"  {paint(_STYLES.get(state, 'strong'), state)}{paint('faint', ': ' + meaning)}"
                for row in chosen:
                    yield from _entry(row, paint)
        yield ""
    if not look.quiet:
        yield from wrapped(_summary(app, rows), paint, indent="")


def _summary(app: App, rows: tuple[Row, ...]) -> str:
    """What is missing where, and how it is set."""
    parts, forms = [], []
    for target in app.targets:
        names = [row.name for row in rows if row.platform == target.platform.name and row.state == "missing"]
        if names:
            parts.append(f"{', '.join(names)} on {target.platform.title}")
            forms += [form for form, name in PLATFORM_OF.items() if target.platform.name.startswith(name)]
    wrong = "".join(f" Wrong: {row.name} ({row.where})." for row in rows if row.state == "wrong")
    if not parts:
        return f"Nothing is missing.{wrong}"
    told = " or ".join(f"--format {form}" for form in dict.fromkeys(forms))
    return (
        f"Missing: {'; '.join(parts)}. bpopt env --write puts it into the files (--diff shows how), {told} prints "
        f"the commands.{wrong}"
    )


def _told(app: App, target: Target) -> str:
    if app.knows_target:
        return f"{target.label}, from {target.why}"
    return f"{target.label}, assumed: name yours with --platform"


def _entry(row: Row, paint: Paint) -> Iterator[str]:
    value = f"={row.value}" if row.value else f"={safe(row.here)}" if row.where else ""
    about = row.scope + (f", {row.where}" if row.where else "")
    yield f"    {paint('strong', row.name + value)}  {paint('faint', about)}"
    lines = [row.why, *([f"Instead: {row.instead}."] if row.instead else [])]
    for line in lines:
        yield from wrapped(f"      {safe(line)}", paint, indent="      ")
    if row.source:
        yield paint("faint", f"      {row.source}")


def dotenv(app: App, rows: Iterable[Row]) -> Iterator[str]:
    """What should be set and what is set, as NAME=value lines with reasons as comments, each name once.

    What is secret, or has no value that is known, is a comment.
    """
    chosen = [row for row in rows if row.state in ("missing", "yours", "set")]
    seen: set[str] = set()
    for target in app.targets:
        here = [row for row in chosen if row.platform == target.platform.name]
        own = [row for row in here if row.name not in seen]
        yield f"# {target.platform.title}" + ("" if own else ": nothing more" if here else ": nothing to set")
        for row in own:
            value = row.value or ("" if row.here in _UNTOLD else row.here)
            yield f"# {row.scope}: {safe(row.why)}"
            yield f"{row.name}={_dotenv_value(value)}" if value else f"# {row.name}="
        seen |= {row.name for row in own}


def _dotenv_value(value: str) -> str:
    """A value as shells and dotenv readers take it: bare, in single quotes, or in double ones if it has single ones."""
    if quote(value) == value and value:
        return value
    if "'" not in value:
        return f"'{value}'"
    return '"' + re.sub(r'([\\"$`])', r"\\\1", value) + '"'


def commands(name: str, app: App, rows: Iterable[Row]) -> Iterator[str]:
    """The commands of one platform's client, ready to paste; $APP is the app's name (its ID for doctl)."""
    if name == "doctl":
        yield from _doctl(app, rows)
        return
    form = COMMANDS[name]
    own = [row for row in rows if row.platform in form.platforms]
    yield f"# {form.source}"
    yield "APP=  # the app's name"
    pairs = [f"{row.name}={quote(row.value)}" for row in own if row.state == "missing"]
    yield form.set.format(pairs=" ".join(pairs)) if pairs else "# nothing is missing"
    for row in own:
        if row.state == "yours":
            yield f"# {safe(row.why)} If it is not set yet:"
            yield "# " + form.set.format(pairs=f"{row.name}=...")
    for row in own:
        if row.where and row.state in ("without effect", "wrong", "platform"):
            yield f"# {row.state}: {safe(row.why)} If it was set:"
            yield "# " + form.unset.format(names=row.name)


def _doctl(app: App, rows: Iterable[Row]) -> Iterator[str]:
    """App Platform takes settings with the whole app spec only."""
    own = [row for row in rows if row.platform == "digitalocean"]
    missing = [row for row in own if row.state == "missing"]
    spec = app.app_spec.tree.source.path if app.app_spec is not None else ".do/app.yaml"
    yield f"# {_DOCTL}"
    yield "# There is no command for a single setting: the app spec is changed and sent, and replaces the app's own."
    yield "APP=  # the app's ID, from: doctl apps list"
    if app.app_spec is None:
        yield f'mkdir -p .do && doctl apps spec get "$APP" > {spec}'
    elif missing:
        yield "# What was set in the dashboard and is not in the file is lost with that. To compare first:"
        yield f'# doctl apps spec get "$APP" | diff - {quote(spec)}'
    for row in missing:
        yield f"# {row.name}={safe(row.value)} (scope {SCOPES[row.scope]}): {safe(row.why)}"
    yield "bpopt env --platform digitalocean --write" if missing else "# nothing is missing"
    for row in own:
        if row.state == "yours":
            yield f"# {safe(row.why)} If it is not set yet, add {row.name} with type: SECRET to {spec}."
    if missing or app.app_spec is None:
        yield f'doctl apps update "$APP" --spec {quote(spec)}'


SCOPES = {"build": "BUILD_TIME", "run": "RUN_TIME", "both": "RUN_AND_BUILD_TIME"}
