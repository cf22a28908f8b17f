"""A package that does not find its own files without an environment variable.

## What it does

Finds tesseract, ImageMagick, fontconfig and gdk-pixbuf in an apt list of an app in which no file sets the variable
that tells them where their files are.

## Why is this bad

apt buildpacks unpack into a folder of their own (`/app/.apt` on Heroku), while the programs were built to look below
`/usr` and `/etc`. tesseract ends with "Error opening data file", ImageMagick with "no decode delegate". What
the run image has already finds its files; such a package needs no line at all.

The variable may be set in the platform's dashboard, which bpopt does not see; therefore this is a note.

## Fix safety

There is no fix: where the platform unpacks and which version there is decide the value.

## References

- [heroku-buildpack-apt, bin/compile](https://github.com/heroku/heroku-buildpack-apt/blob/main/bin/compile)
- [tesseract's environment](https://tesseract-ocr.github.io/tessdoc/Installation.html)
- [ImageMagick's environment](https://imagemagick.org/script/resources.php#environment)
- [fontconfig's environment](https://www.freedesktop.org/software/fontconfig/fontconfig-user.html)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Severity
from bpopt.rules.apt import HEROKU_APT, readers, run_image_has, stacks
from bpopt.rules.base import Rule, bad, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.aptfile import Aptfile

META = Rule("BP115", "needs-environment", "aptfile", Severity.INFO)

# Package -> the variable, and where its value leads below the folder that the buildpack unpacks into.
VARIABLES = {
    "tesseract-ocr": ("TESSDATA_PREFIX", "usr/share/tesseract-ocr/*/tessdata"),
    "imagemagick": ("MAGICK_CONFIGURE_PATH", "etc/ImageMagick-*"),
    "fontconfig-config": ("FONTCONFIG_PATH", "etc/fonts"),
    "libgdk-pixbuf2.0-bin": (
        "GDK_PIXBUF_MODULE_FILE",
        "usr/lib/x86_64-linux-gnu/gdk-pixbuf-2.0/2.10.0/loaders.cache",
    ),
}

EXAMPLES = (
    bad("«tesseract-ocr»\ntesseract-ocr-deu\n", message="TESSDATA_PREFIX"),
    bad("«imagemagick»\n", on="digitalocean", message="MAGICK_CONFIGURE_PATH"),
    ok(
        {
            "Aptfile": "tesseract-ocr\n",
            "app.json": '{"stack": "heroku-24", "env": {"TESSDATA_PREFIX": "/app/.apt/usr/share"}}\n',
        },
        title="a file sets it",
    ),
    bad("«tesseract-ocr»\n", on="heroku-22", message="TESSDATA_PREFIX"),
    ok("imagemagick\n", on="heroku-24", title="in the run image, which needs no variable"),
    ok("tesseract-ocr\n", on="heroku-fir"),
    ok("libtesseract-dev\n", title="headers need no data"),
)
FACT = Evidence("fact", "packages are unpacked into a folder of the app", HEROKU_APT, "2026-11-23")


def check(aptfile: Aptfile, app: App) -> Iterator[Finding]:
    """Report packages whose variable no file sets."""
    targets = readers(app)
    for word in aptfile.packages if targets else ():
        variable, below = VARIABLES.get(word.text, ("", ""))
        on = [t for t in targets if not run_image_has(word.text, t, app)] if variable else []
        if on and not any(placed.name == variable for placed in app.env):
            where = "/app/.apt" if all(t.platform.name != "digitalocean" for t in on) else "..."
            path = f"{where}/{below.replace('*', _release(word.text, on, app))}"
            yield META.found(
                aptfile.source,
                word.span,
                f"{word.text} looks for its files below /usr and /etc: no file sets {variable}",
                help=f"set {variable} to {path} unless it is set on the platform",
                evidence=[FACT],
                on=on,
            )


def _release(name: str, on: list[Target], app: App) -> str:
    """The part of tesseract's path that its release decides, `*` where the stacks differ or are not known."""
    from bpopt.apt import catalog

    found = {catalog.for_stack(stack) for target in on for stack in stacks(target, app)}
    packages = [c.package(name) if c is not None else None for c in found]
    majors = {p.version.partition(".")[0] if p is not None else "" for p in packages}
    return {"4": "4.00", "5": "5"}.get(majors.pop(), "*") if len(majors) == 1 else "*"
