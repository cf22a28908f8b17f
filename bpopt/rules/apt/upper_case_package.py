"""The name of a package is written with capital letters.

## What it does

Finds words of an apt list that would be the name of a package but for their capitals.

## Why is this bad

Names of Debian and Ubuntu packages are lower case, and apt compares letter for letter: `FFmpeg` and `libGL1` end the
build with "Unable to locate package". Names with capitals such as `Flask` are often those of Python packages.

## Fix safety

Safe where the archive of every platform of the app has the name in lower case. Else there is no fix.

## References

- [Names of packages, Debian Policy](https://www.debian.org/doc/debian-policy/ch-controlfields.html#source)
- [heroku-buildpack-apt, bin/compile](https://github.com/heroku/heroku-buildpack-apt/blob/main/bin/compile)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.documents.aptfile import PACKAGE_NAME
from bpopt.finding import Edit, Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.apt import archive_has, readers
from bpopt.rules.apt.not_a_package import COMMANDS, names_packages
from bpopt.rules.base import Rule, bad, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.aptfile import Aptfile

META = Rule("BP123", "upper-case-package", "aptfile", Severity.ERROR)

EXAMPLES = (
    bad("«FFmpeg»\n«libGL1» curl\n", fixed="ffmpeg\nlibgl1 curl\n", on="heroku-24"),
    bad("«Flask»\n", on="heroku-24", message="requirements.txt", title="a Python package"),
    bad("«FFmpeg»\n", fixed="ffmpeg\n", on=("heroku", "digitalocean")),
    ok("ffmpeg\nlibgl1\n# FFmpeg\n"),
    ok("RUN apt-get install ffmpeg\nhttps://example.com/Tool.deb\n", title="commands and addresses"),
    ok("The packages: of my App (see README)\n", title="prose: another rule speaks"),
    ok("FFmpeg\n", on="heroku-fir"),
)
FACT = Evidence(
    "fact",
    "names of packages are lower case",
    "https://www.debian.org/doc/debian-policy/ch-controlfields.html#source",
    "2026-11-24",
)


def check(aptfile: Aptfile, app: App) -> Iterator[Finding]:
    """Report each name with capitals."""
    on = readers(app)
    for entry in aptfile.entries if on else ():
        if entry.kind != "packages" or not names_packages(entry):
            continue
        for word in entry.words:
            low = word.text.lower()
            if word.text.startswith("#"):
                break
            if low == word.text or word.text in COMMANDS or PACKAGE_NAME.match(low) is None:
                continue
            fix = None
            if all(archive_has(low, target, app) for target in on):
                fix = Fix(f"Write {low}", Safety.SAFE, (Edit(aptfile.source.path, word.span, low),))
            yield META.found(
                aptfile.source,
                word.span,
                f"no package is called {word.text}: names are lower case"
                + ("" if fix else "; a Python package belongs into requirements.txt"),
                help=f"write {low}" if fix else "look for the name at packages.ubuntu.com",
                fix=fix,
                evidence=[FACT],
                on=on,
            )
