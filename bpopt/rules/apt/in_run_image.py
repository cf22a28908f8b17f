"""A package is in the run image of the stack already.

## What it does

Finds packages of an apt list that the image has in which the app runs. Packages with headers (`-dev`) are left
alone: they are for the build.

## Why is this bad

The apt buildpack asks for `--reinstall`, so the package is fetched and unpacked again, into the app, on every build.
The second copy is the one that is loaded, and it stays at the version of the last build while the platform patches
the image.

## Fix safety

Safe where the run image of every platform of the app is known to have the package. Unsafe where another platform of
the app reads the list and its image is not known.

## References

- [Packages of the heroku-24 run image](https://github.com/heroku/base-images/blob/main/heroku-24/installed-packages-amd64.txt)
- [heroku-buildpack-apt, bin/compile](https://github.com/heroku/heroku-buildpack-apt/blob/main/bin/compile)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.apt import cost_of, readers, remove_word, run_image_has
from bpopt.rules.apt.needs_maintainer_script import PACKAGES as SCRIPTS
from bpopt.rules.apt.unneeded_x_session_library import LIBRARIES
from bpopt.rules.base import Rule, bad, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.aptfile import Aptfile, AptWord

META = Rule("BP103", "in-run-image", "aptfile", Severity.INFO)

EXAMPLES = (
    bad("# images\n«libjpeg-turbo8»\nffmpeg\n", fixed="# images\nffmpeg\n", on="heroku-24"),
    bad("«curl» ffmpeg\n", fixed="ffmpeg\n", on="heroku-22"),
    bad(
        "«curl»\nffmpeg\n",
        fixed="ffmpeg\n",
        safety="unsafe",
        on=("heroku-24", "digitalocean"),
        title="what DigitalOcean's image has is not known",
    ),
    ok("libpq-dev\nffmpeg\n", title="headers are for the build, and ffmpeg is not in the image"),
    ok("curl\n", on="digitalocean", title="no list of the image is known"),
    bad("«libpq5»\n«gcc»\n", fixed="", on="dokku", title="Dokku runs apps in the build image"),
    ok("libsm6\nca-certificates\n", title="have rules of their own"),
)


def check(aptfile: Aptfile, app: App) -> Iterator[Finding]:
    """Report packages that a target's run image has."""
    targets = readers(app)
    for word in dict.fromkeys(aptfile.packages):
        if word.text.endswith("-dev") or word.text in LIBRARIES or word.text in SCRIPTS:
            continue
        there = [target for target in targets if run_image_has(word.text, target, app)]
        if there:
            yield _finding(aptfile, word, app, [t for t in targets if t not in there], there)


def _finding(aptfile: Aptfile, word: AptWord, app: App, others: list[Target], there: list[Target]) -> Finding:
    stacks = (
        ", ".join(dict.fromkeys(t.stack or t.platform.name for t in there))
        if app.knows_target
        else "every stack"
    )
    names = ", ".join(dict.fromkeys(t.platform.name for t in others))
    return META.found(
        aptfile.source,
        word.span,
        f"{word.text} is in the run image already ({stacks})",
        help="remove it; the copy in the app is not patched with the image",
        fix=Fix(
            f"Remove {word.text}",
            Safety.UNSAFE if others else Safety.SAFE,
            (remove_word(aptfile.source, word),),
            reason=f"whether the run image of {names} has it is not known" if others else "",
        ),
        impact=cost_of([word.text], aptfile, app),
        evidence=[
            Evidence(
                "catalog",
                "the image's own list of packages",
                "https://github.com/heroku/base-images",
                "2026-11-23",
            )
        ],
        on=there,
    )
