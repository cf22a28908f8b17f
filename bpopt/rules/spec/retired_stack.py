"""A stack that is retired, or soon will be.

## What it does

Finds stacks in app.json, and builders in project.toml, that are out of support, those whose support ends within half a
year, and names that no stack has.

## Why is this bad

Today's buildpacks refuse a retired stack, so an app on it cannot be built any more, and it has had no security updates
since. Heroku's Python buildpack dropped heroku-20 on 2025-05-02, and so did its Cloud Native Buildpack: what
`heroku/builder:20` still holds is as old as its base.

## Fix safety

Unsafe: the platform's default stack takes its place. It is another Ubuntu, so names of apt packages may
change.

## References

- [Heroku: stacks and their end of support](https://devcenter.heroku.com/articles/stack)
- [Heroku's Cloud Native Buildpack: builder:20 dropped](https://github.com/heroku/buildpacks-python/pull/358)
- [Heroku's Python buildpack: v282 drops heroku-20](https://github.com/heroku/heroku-buildpack-python/blob/main/CHANGELOG.md)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.documents.view import View
from bpopt.finding import Edit, Evidence, Finding, Fix, Safety, Severity
from bpopt.patterns import Pattern
from bpopt.rules.base import Rule, bad, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.view import Text
    from bpopt.platforms import Stack
    from bpopt.text import Source

META = Rule("BP804", "retired-stack", "app", Severity.ERROR)

EXAMPLES = (
    bad(
        {"app.json": '{"stack": «"heroku-20"»}\n'},
        fixed={"app.json": '{"stack": "heroku-24"}\n'},
        safety="unsafe",
        severity="error",
    ),
    bad(
        {"app.json": '{"stack": «"heroku-18"»}\n'},
        fixed={"app.json": '{"stack": "heroku-24"}\n'},
        safety="unsafe",
        severity="error",
    ),
    bad({"app.json": '{"stack": «"heroku-22"»}\n'}, severity="info", message="2027-04-30"),
    bad(
        {"app.json": '{"stack": «"heroku-25"»}\n'},
        fixed={"app.json": '{"stack": "heroku-24"}\n'},
        safety="unsafe",
        severity="error",
        message="there is no stack heroku-25",
    ),
    bad(
        {"project.toml": '[io.buildpacks]\nbuilder = «"heroku/builder:20"»\n'},
        fixed={"project.toml": '[io.buildpacks]\nbuilder = "heroku/builder:24"\n'},
        safety="unsafe",
        on="heroku-fir",
        severity="warning",
    ),
    ok({"project.toml": '[io.buildpacks]\nbuilder = "heroku/builder:24"\n'}, on=("heroku-fir", "dokku")),
    ok({"project.toml": '[io.buildpacks]\nbuilder = "paketobuildpacks/builder:base"\n'}, on="dokku"),
    ok({"app.json": '{"stack": "heroku-24"}\n'}),
    ok({"app.json": '{"stack": "heroku-28"}\n'}, title="newer than what is known"),
    ok({"app.json": '{"stack": "container"}\n'}, title="an image of one's own"),
    ok({"app.json": '{"stack": "heroku-20"}\n'}, on="digitalocean", title="not read there"),
)

# Stacks that are gone so long that no platform data lists them: https://devcenter.heroku.com/articles/stack
_LONG_GONE = ("cedar", "cedar-10", "cedar-14", "heroku-16", "heroku-18")
_STACKS = "https://devcenter.heroku.com/articles/stack"
_CNB = "https://github.com/heroku/buildpacks-python/pull/358"
_OLD_BUILDER = Pattern(r"heroku/(?:builder|buildpacks|builder-classic):(?:18|20)")
_SOON = 183  # days


def check(app: App, context: App) -> Iterator[Finding]:
    """Report the stack that an app.json asks for, and the builder of a project.toml."""
    target = next((t for t in app.targets if t.platform.name == "heroku"), None)
    for manifest in app.documents("app_json") if target is not None else ():
        if manifest.stack is not None and target is not None:
            yield from _stack(manifest.tree.source, manifest.stack, target, app)
    on = app.where(lambda t: t.platform.name in ("heroku-fir", "dokku"))
    for project in app.documents("project_toml") if on else ():
        builder = View(project.tree.source, project.tree.root).text("io", "buildpacks", "builder")
        if builder is not None and _OLD_BUILDER.fullmatch(builder.value):
            yield _builder(project.tree.source, builder, on)


def _stack(source: Source, stack: Text, target: Target, app: App) -> Iterator[Finding]:
    known = next((s for s in target.platform.stacks if s.name == stack.value), None)
    if stack.value in _LONG_GONE or (known is not None and not known.supported):
        yield _retired(source, stack, target, known)
    elif known is None and _never(stack.value, target):
        newest = _newest(target)
        yield META.found(
            source,
            stack.span,
            f"there is no stack {stack.value}",
            help=f"ask for {newest}",
            fix=_fix(source, stack, newest, "another stack was meant, perhaps"),
            evidence=[Evidence("fact", "the stacks there are", _STACKS, "2026-11-24")],
            on=[target],
        )
    elif known is not None and known.end_of_support is not None:
        from datetime import date

        ends = date.fromisoformat(known.end_of_support)
        if (ends - app.today).days < _SOON:
            yield META.found(
                source,
                stack.span,
                f"support for {stack.value} ends on {known.end_of_support}",
                help=f"move to {_newest(target)} before that; bpopt check --stack shows what changes",
                severity=Severity.INFO,
                evidence=[
                    Evidence("fact", f"{stack.value} until {known.end_of_support}", known.source, known.date)
                ],
                on=[target],
            )


def _never(name: str, target: Target) -> bool:
    """Whether a name looks like a stack's and is older than the newest one that is known, so that it never was one."""
    number = name.removeprefix("heroku-")
    numbers = [n for s in target.platform.stacks if (n := s.name.removeprefix("heroku-")).isdigit()]
    return name.startswith("heroku-") and number.isdigit() and int(number) < max(map(int, numbers))


def _builder(source: Source, builder: Text, on: tuple[Target, ...]) -> Finding:
    new = "heroku/builder:24"
    return META.found(
        source,
        builder.span,
        f"{builder.value} is retired: neither its Ubuntu nor its buildpacks get updates any more",
        help=f"ask for {new}",
        severity=Severity.WARNING,
        fix=_fix(source, builder, new, "the base image is another Ubuntu"),
        evidence=[Evidence("fact", "Ubuntu 20.04 dropped in 1.0.0 of 2025-05-02", _CNB, "2026-11-25")],
        on=on,
    )


def _fix(source: Source, old: Text, new: str, reason: str) -> Fix:
    edit = Edit(source.path, old.span, source.text[slice(*old.span)].replace(old.value, new))
    return Fix(f"Ask for {new}", Safety.UNSAFE, (edit,), reason=reason)


def _newest(target: Target) -> str:
    """The default stack, or the newest supported one."""
    return target.platform.default_stack or next(
        s.name for s in reversed(target.platform.stacks) if s.supported
    )


def _retired(source: Source, stack: Text, target: Target, known: Stack | None) -> Finding:
    newest = _newest(target)
    since = f" since {known.end_of_support}" if known is not None and known.end_of_support else ""
    return META.found(
        source,
        stack.span,
        f"{stack.value} has been out of support{since}: buildpacks refuse it, and nothing can be built",
        help=f"ask for {newest}",
        fix=_fix(source, stack, newest, "the stack is another Ubuntu"),
        evidence=[Evidence("fact", f"{stack.value} is retired", _STACKS, "2026-11-24")],
        on=[target],
    )
