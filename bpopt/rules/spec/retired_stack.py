"""A stack that is retired, or soon will be.

## What it does

Finds stacks in app.json and app specs that are out of support, and those whose support ends within half a
year.

## Why is this bad

Today's buildpacks refuse a retired stack, so an app on it cannot be built any more, and it has had no
security updates since. Heroku's Python buildpack dropped heroku-20 on 2025-05-02.

## Fix safety

Unsafe: the platform's default stack takes its place. It is another Ubuntu, so names of apt packages may
change.

## References

- [Heroku: stacks and their end of support](https://devcenter.heroku.com/articles/stack)
- [Heroku's Python buildpack: v282 drops heroku-20](https://github.com/heroku/heroku-buildpack-python/blob/main/CHANGELOG.md)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.view import Text
    from bpopt.platforms import Stack
    from bpopt.text import Source

META = Rule("BP804", "retired-stack", "app_json", Severity.ERROR)

EXAMPLES = (
    bad('{"stack": «"heroku-20"»}\n', fixed='{"stack": "heroku-24"}\n', safety="unsafe", severity="error"),
    bad('{"stack": «"heroku-18"»}\n', fixed='{"stack": "heroku-24"}\n', safety="unsafe", severity="error"),
    bad('{"stack": «"heroku-22"»}\n', severity="info", message="2027-04-30"),
    ok('{"stack": "heroku-24"}\n'),
    ok('{"stack": "container"}\n', title="an image of one's own"),
    ok('{"stack": "heroku-20"}\n', on="digitalocean", title="not read there"),
)

# Stacks that are gone so long that no platform data lists them: https://devcenter.heroku.com/articles/stack
_LONG_GONE = ("cedar", "cedar-10", "cedar-14", "heroku-16", "heroku-18")
_STACKS = "https://devcenter.heroku.com/articles/stack"
_SOON = 183  # days


def check(manifest: object, app: App) -> Iterator[Finding]:
    """Report the stack that an app.json asks for."""
    stack: Text | None = manifest.stack  # type: ignore[attr-defined]
    target = next((t for t in app.targets if t.platform.name == "heroku"), None)
    if stack is None or target is None:
        return
    source: Source = manifest.tree.source  # type: ignore[attr-defined]
    known = next((s for s in target.platform.stacks if s.name == stack.value), None)
    if stack.value in _LONG_GONE or (known is not None and not known.supported):
        yield _retired(source, stack, target, known)
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


def _newest(target: Target) -> str:
    """The default stack, or the newest supported one."""
    return target.platform.default_stack or next(
        s.name for s in reversed(target.platform.stacks) if s.supported
    )


def _retired(source: Source, stack: Text, target: Target, known: Stack | None) -> Finding:
    newest = _newest(target)
    since = f" since {known.end_of_support}" if known is not None and known.end_of_support else ""
    edit = Edit(source.path, stack.span, f'"{newest}"')
    return META.found(
        source,
        stack.span,
        f"{stack.value} has been out of support{since}: buildpacks refuse it, and nothing can be built",
        help=f"ask for {newest}",
        fix=Fix(f"Ask for {newest}", Safety.UNSAFE, (edit,), reason="the stack is another Ubuntu"),
        evidence=[Evidence("fact", f"{stack.value} is retired", _STACKS, "2026-11-24")],
        on=[target],
    )
