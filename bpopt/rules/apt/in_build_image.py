"""A package for building is in the build image of the stack already.

## What it does

Finds packages of an apt list that the image has in which the app is built, but not the one in which it runs: headers
such as `libpq-dev`, tools such as `cmake`.

## Why is this bad

The compiler finds them without the list. Listed, they are fetched again in each build and shipped, and a running
app has no use for headers.

## Fix safety

Unsafe: a tool may have been listed for the running app, which has no other copy of it, and a platform whose images are
not known may lack it. No fix for tools.

## References

- [Packages of the heroku-24 build image](https://github.com/heroku/base-images/blob/main/heroku-24-build/installed-packages-amd64.txt)
- [heroku-buildpack-apt, bin/compile](https://github.com/heroku/heroku-buildpack-apt/blob/main/bin/compile)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.apt import build_image_has, cost_of, readers, remove_word, run_image_has
from bpopt.rules.base import Rule, bad, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.aptfile import Aptfile, AptWord

META = Rule("BP121", "in-build-image", "aptfile", Severity.INFO)

EXAMPLES = (
    bad("# psycopg2\n«libpq-dev»\nffmpeg\n", fixed="# psycopg2\nffmpeg\n", safety="unsafe", on="heroku-24"),
    bad("«cmake»\n", on="heroku-24", title="a tool"),
    ok("libpq-dev\n", on="digitalocean", title="no list of the image is known"),
    ok("libopenblas-dev\n", on="heroku-24", title="not in the image"),
    ok("curl\n", on="heroku-24", title="in the run image: another rule speaks"),
)


def check(aptfile: Aptfile, app: App) -> Iterator[Finding]:
    """Report packages that only the build image has."""
    if not app.knows_target:
        return
    targets = readers(app)
    for word in aptfile.packages:
        there = [t for t in targets if build_image_has(word.text, t, app)]
        if word.text.endswith("-dev"):
            on = there
        else:
            on = [t for t in there if not run_image_has(word.text, t, app)]
        if on:
            yield _finding(aptfile, word, app, on)


def _finding(aptfile: Aptfile, word: AptWord, app: App, on: list[Target]) -> Finding:
    headers = word.text.endswith("-dev")
    others = [t.platform.title for t in readers(app) if t not in on]
    reason = (
        f"whether the image of {others[0]} has it is not known" if others else "the running app may use it"
    )
    fix = Fix(f"Remove {word.text}", Safety.UNSAFE, (remove_word(aptfile.source, word),), reason=reason)
    stacks = ", ".join(dict.fromkeys(t.stack or t.platform.name for t in on))
    return META.found(
        aptfile.source,
        word.span,
        f"{word.text} is in the build image already ({stacks})",
        help="remove it" if headers else "remove it, unless the running app uses it",
        fix=fix if headers else None,
        impact=cost_of([word.text], aptfile, app),
        evidence=[
            Evidence(
                "catalog",
                "the image's own list of packages",
                "https://github.com/heroku/base-images",
                "2026-11-23",
            )
        ],
        on=on,
    )
