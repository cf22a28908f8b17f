"""A suppression silences nothing.

## What it does

Finds `# bpopt: ignore[...]` comments and entries of the `suppress` table that match no finding, name a rule
that does not exist, or name no rule at all.

## Why is this bad

A suppression that is left behind hides the next real finding of that rule at that place, and tells readers
of a problem that is gone.

## Fix safety

Safe: the comment goes, or the one rule that it names in vain. An entry of the configuration is only
reported.

## References

- [How suppressions work](https://github.com/bpopt/bpopt/blob/main/docs/guide.md)
"""

from __future__ import annotations

from posixpath import relpath
from typing import TYPE_CHECKING

from bpopt.finding import Edit, Finding, Fix, Safety, Severity, under
from bpopt.rules.base import Rule, bad, ok
from bpopt.text import Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.settings import Settings, Suppression
    from bpopt.suppress import Directive

META = Rule("BP001", "unused-suppression", "app", Severity.WARNING)

EXAMPLES = (
    bad(
        {"Aptfile": "# images\n# bpopt: ignore[«BP104»] wanted twice\ncmake\n"},
        fixed={"Aptfile": "# images\ncmake\n"},
    ),
    bad({"Aptfile": "«# bpopt: ignore everything»\ncmake\n"}, fixed=None, title="names no rule"),
    ok({"Aptfile": "cmake\n# bpopt: ignore[BP104] wanted twice\ncmake\n"}),
    ok({"Aptfile": "cmake\n# bpopt: ignore[duplicate-package] by its name\ncmake\n"}),
)


def check(app: App, context: App) -> Iterator[Finding]:
    """Nothing by itself: only after all other rules it is known which suppressions were of use."""
    return iter(())


def unused(
    comments: list[Directive], used: set[tuple[object, ...]], app: App, settings: Settings
) -> Iterator[Finding]:
    """The findings of this rule, once the others are known."""
    from bpopt import rules

    if not settings.selects(rules.index()[META.code]):
        return
    for directive in comments:
        if not directive.rules:
            help_text = "name the rules: # bpopt: ignore[BP104] reason"
            yield META.found(
                directive.source, directive.span, "this suppression names no rule", help=help_text
            )
        for name, span in directive.rules:
            entry = rules.index().get(name)
            if (directive.source.path, span) not in used and (entry is None or settings.selects(entry)):
                yield _comment(directive, name, span, entry is not None)
    for item in settings.suppressions:
        entry = rules.index().get(item.rule)
        if (
            entry
            and settings.selects(entry)
            and ("config", item.number) not in used
            and _own(item, app, settings)
        ):
            yield _entry(item, app, settings)


def _own(item: Suppression, app: App, settings: Settings) -> bool:
    """Whether an entry of the configuration can only be meant for this app.

    One configuration may serve many apps, and what one of them does not need another may.
    """
    own = (path for paths in app.paths.values() for path in paths)
    if item.path and any(item.names("", under(app.root, path), settings.folder) for path in own):
        return True
    here = relpath(settings.folder or ".", app.root or ".") == "."
    return here and not any(char in item.path for char in "*?[") and not app.files.exists(item.path or "-")


def _entry(item: Suppression, app: App, settings: Settings) -> Finding:
    assert settings.source is not None
    path = relpath(settings.source.path, app.root or ".")
    at = settings.place("suppress", item.number, "rule")
    message = f"the suppression of {item.rule} in the configuration silences nothing in this app"
    source = Source(path, settings.source.raw)
    return META.found(source, at, message, help="remove it", severity=Severity.INFO)


def _comment(directive: Directive, name: str, span: Span, known: bool) -> Finding:
    from bpopt import rules
    from bpopt.suggest import meant

    message = (
        f"no finding of {name} is silenced here"
        if known
        else f"there is no rule {name}{meant(name, rules.index())}"
    )
    fix = Fix(f"Remove the suppression of {name}", Safety.SAFE, (_removal(directive, span),))
    return META.found(directive.source, span, message, help="remove it", fix=fix if known else None)


def _removal(directive: Directive, span: Span) -> Edit:
    source: Source = directive.source
    if len(directive.rules) == 1:
        line = source.whole_line(directive.span)
        alone = source.text[line.start : directive.span.start].strip() == ""
        return Edit(source.path, line if alone else directive.span, "")
    end = span.end
    while source.text[end : end + 1] in (",", " "):
        end += 1
    start = span.start
    if source.text[end : end + 1] == "]":
        while source.text[start - 1] in ", ":
            start -= 1
    return Edit(source.path, Span(start, end), "")
