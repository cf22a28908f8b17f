"""No platform of the app reads .slugignore.

## What it does

Finds a `.slugignore` in an app that goes only to platforms without any use for it.

## Why is this bad

Heroku (classic buildpacks) and Scalingo read the file. Dokku's builder and Heroku Fir do not, and neither document
nor public source of DigitalOcean's App Platform knows it. Everything that it names ships, and whoever wrote the file
believes that it does not.

## Fix safety

There is no fix. On DigitalOcean, delete the files in `build_command`, which runs before the image is made, or use a
Dockerfile with a `.dockerignore`; on Fir, name them in `exclude` of `[io.buildpacks]` in project.toml.

## References

- [Heroku: .slugignore is for classic buildpacks](https://devcenter.heroku.com/articles/slug-compiler)
- [App Platform: build commands](https://docs.digitalocean.com/products/app-platform/how-to/build-run-commands/)
- [herokuish reads it only to make slugs](https://github.com/gliderlabs/herokuish/tree/fbc485e2de50e67f8c986c313e04983e255dd6b6)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.slug import honouring

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.slugignore import Slugignore

META = Rule("BP403", "slugignore-without-effect", "slugignore", Severity.WARNING)

EXAMPLES = (
    bad("# weights\n«*.h5»\n/docs\n", on="dokku", severity="warning"),
    bad("«/docs»\n", on="heroku-fir", severity="warning"),
    bad("«/docs»\n", on="digitalocean", severity="info", message="not known to read"),
    ok("/docs\n", on=("heroku", "digitalocean"), title="one of the platforms reads it"),
    ok("/docs\n", on="scalingo"),
    ok("# nothing\n", on="dokku", title="names nothing"),
)

INSTEAD = {
    "digitalocean": "delete the files in build_command, or use a Dockerfile with a .dockerignore",
    "heroku-fir": "name them in exclude of [io.buildpacks] in project.toml",
    "dokku": "leave them out of the repository, or use a Dockerfile with a .dockerignore",
}


def check(slugignore: Slugignore, app: App) -> Iterator[Finding]:
    """Report the file at its first pattern where it is for nobody."""
    if not app.knows_target or honouring(app) or not slugignore.patterns:
        return
    certain = app.where(lambda t: t.platform.reads("slugignore") is False)
    on = certain or app.targets
    titles = ", ".join(dict.fromkeys(t.platform.title for t in on))
    fact = on[0].platform.fact("reads.slugignore")
    yield META.found(
        slugignore.source,
        slugignore.patterns[0].span,
        f"{titles} does not read .slugignore" if certain else f"{titles} is not known to read .slugignore",
        help=INSTEAD.get(on[0].platform.name, "leave the files out of the repository"),
        severity=None if certain else Severity.INFO,
        evidence=[Evidence("fact", fact.note, fact.source, fact.date)] if fact is not None else (),
        on=on,
    )
