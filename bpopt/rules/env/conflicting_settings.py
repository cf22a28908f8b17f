"""One name is set twice.

## What it does

Finds names that one list of settings holds twice, and names that app.json and .env set differently for
Dokku.

## Why is this bad

Only one of the two values counts, and which one depends on the reader: the last line of a .env, the last
key of a JSON object. Whoever changes the other one changes nothing.

## Fix safety

Safe where both lines of a .env say the same: the first one goes. No fix where they differ.

## References

- [RFC 8259: names within an object should be unique](https://www.rfc-editor.org/rfc/rfc8259#section-4)
- [herokuish, include/buildpack.bash](https://github.com/gliderlabs/herokuish/blob/master/include/buildpack.bash)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Finding, Fix, Label, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.env import removing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.env import Placed

META = Rule("BP611", "conflicting-settings", "app", Severity.WARNING)

EXAMPLES = (
    bad({".env": "A=1\nB=2\n«A»=1\n"}, on="dokku", fixed={".env": "B=2\nA=1\n"}, severity="info"),
    bad({".env": "A=1\n«A»=2\n"}, on="dokku", severity="warning"),
    bad({"app.json": '{"env": {"A": "1", «"A"»: "2"}}\n'}),
    bad({".do/app.yaml": "envs:\n- key: A\n  value: '1'\n- key: «A»\n  value: '2'\n"}, on="digitalocean"),
    bad({"app.json": '{"env": {"A": "1"}}\n', ".env": "«A»=2\n"}, on="dokku", message="app.json"),
    ok({".env": "A=1\n", ".env.example": "A=\n"}, on="dokku"),
    ok(
        {
            ".do/app.yaml": "envs:\n- {key: A, value: x}\nservices:\n- name: w\n  envs:\n  - {key: A, value: y}\n"
        },
        on="digitalocean",
        title="a component's own value",
    ),
    ok({"app.json": '{"env": {"A": "1"}}\n', ".env": "A=2\n"}, title="Heroku does not read .env"),
    ok({"Procfile": "web: A=1 gunicorn a:b\nworker: A=2 celery\n"}),
)


def check(app: App, context: App) -> Iterator[Finding]:
    """Report each second setting of a name."""
    seen: dict[tuple[str, str, str], Placed] = {}
    shared: dict[str, Placed] = {}
    for placed in app.env:
        if placed.origin == "command":
            continue
        key = (placed.source.path, placed.component, placed.name)
        first = seen.setdefault(key, placed)
        if first is not placed:
            yield _twice(app, first, placed)
        elif placed.targets and not placed.component and placed.origin in ("app_json", "dotenv"):
            other = shared.setdefault(placed.name, placed)
            if other is not placed and _differ(other, placed) and set(other.targets) & set(placed.targets):
                yield _apart(other, placed)


def _differ(one: Placed, other: Placed) -> bool:
    return one.value is not None and other.value is not None and one.value != other.value


def _twice(app: App, first: Placed, placed: Placed) -> Finding:
    same = first.value == placed.value and first.value is not None
    fix = None
    if same and placed.origin == "dotenv":
        edit = removing(first, app)
        fix = Fix(f"Remove the first {placed.name}", Safety.SAFE, (edit,)) if edit else None
    return META.found(
        placed.source,
        placed.setting.name_span,
        f"{placed.name} is set twice" + ("" if same else ", to different values"),
        help="keep one of them",
        fix=fix,
        severity=Severity.INFO if same or not placed.targets else Severity.WARNING,
        labels=[Label(first.source, first.setting.name_span, "first set here")],
    )


def _apart(first: Placed, placed: Placed) -> Finding:
    return META.found(
        placed.source,
        placed.setting.name_span,
        f"{placed.name} has another value in {first.source.path}",
        help="keep it in one of the two files",
        severity=Severity.INFO,
        on=tuple(t for t in placed.targets if t in first.targets),
    )
