"""A package that does its work in a script that the buildpack does not run.

## What it does

Finds packages of an apt list that only unpacking cannot make work: fonts that are downloaded by the installation,
certificates, keys and sources of apt itself, browsers that Ubuntu has as snaps. Java is told of, too: its programs are
unpacked, but not where `java` is looked for.

## Why is this bad

apt buildpacks unpack packages with `dpkg -x`. Nothing is configured: no script runs before or after, no trigger, no
`update-alternatives`, no `ldconfig`. These packages are then files without effect.

## Fix safety

Unsafe: the line goes; something else may have been meant by it.

## References

- [heroku-buildpack-apt, bin/compile](https://github.com/heroku/heroku-buildpack-apt/blob/main/bin/compile)
- [heroku-buildpack-apt #35](https://github.com/heroku/heroku-buildpack-apt/issues/35)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Fix, Safety, Severity
from bpopt.patterns import Pattern
from bpopt.rules.apt import HEROKU_APT, remove_word
from bpopt.rules.base import Rule, bad, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.aptfile import Aptfile

META = Rule("BP114", "needs-maintainer-script", "aptfile", Severity.WARNING)

# Package -> what its scripts would have done, and what to do instead.
PACKAGES = {
    "ttf-mscorefonts-installer": ("its script downloads the fonts", "put the font files into the app"),
    "software-properties-common": ("it manages apt's own sources", "write a :repo: line"),
    "apt-transport-https": ("it is part of apt for long", "remove it"),
    "ca-certificates": ("its script collects the certificates", "remove it: the image has them"),
    "update-notifier-common": ("it works by triggers alone", "remove it"),
    "debian-archive-keyring": ("its keys are for apt's own folder", "remove it"),
    "chromium-browser": ("Ubuntu's fetches a snap, which no container runs", "use a buildpack of Chrome's"),
    "firefox": ("Ubuntu's fetches a snap, which no container runs", "use a browser from elsewhere"),
}

EXAMPLES = (
    bad("ffmpeg\n«ttf-mscorefonts-installer»\n", fixed="ffmpeg\n", safety="unsafe"),
    bad(
        "«software-properties-common»\n«ca-certificates»\nffmpeg\n",
        fixed="ffmpeg\n",
        safety="unsafe",
        on="scalingo",
    ),
    bad("«default-jre»\n", severity="info", message="java is not on PATH"),
    bad("ffmpeg\n«chromium-browser»\n", fixed="ffmpeg\n", safety="unsafe", message="a snap"),
    ok("fonts-liberation\nffmpeg\n", title="files alone do"),
    ok("ca-certificates\n", on="heroku-fir", title="Fir does not read the file"),
)
# Their programs lie below usr/lib/jvm; update-alternatives would have linked them (read in the packages of Debian 12).
_JAVA = Pattern(r"(default-j(re|dk)|openjdk-\d+-j(re|dk))(-headless)?$")
FACT = Evidence("fact", "packages are unpacked, their scripts are not run", HEROKU_APT, "2026-11-23")


def check(aptfile: Aptfile, app: App) -> Iterator[Finding]:
    """Report packages whose work is in their scripts."""
    targets = app.where(
        lambda t: t.platform.reads("aptfile") and t.platform.holds("aptfile.maintainer_scripts") is False
    )
    for word in aptfile.packages if targets else ():
        if _JAVA.match(word.text):
            yield META.found(
                aptfile.source,
                word.span,
                f"java is not on PATH: a script of {word.text} would have linked it",
                help="use the heroku/jvm buildpack, or set JAVA_HOME and PATH to its folder below usr/lib/jvm",
                severity=Severity.INFO,
                evidence=[FACT],
                on=targets,
            )
        if word.text in PACKAGES:
            why, instead = PACKAGES[word.text]
            fix = Fix(
                f"Remove {word.text}",
                Safety.UNSAFE,
                (remove_word(aptfile.source, word),),
                reason="something else may have been meant by it",
            )
            yield META.found(
                aptfile.source,
                word.span,
                f"{word.text} does nothing when it is only unpacked: {why}",
                help=instead,
                fix=fix,
                evidence=[FACT],
                on=targets,
            )
