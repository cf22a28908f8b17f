"""A requirement whose name is not that of the package.

## What it does

Finds names that are no longer or never were what they seem:

- `sklearn`, whose setup ends with an error: the package is scikit-learn (its release 0.0, which pip does install, is
  empty and only brings whatever scikit-learn is newest);
- `PIL`, `cv2` and `opencv`, names that no index has as packages, and `beautifulsoup`, which refuses Python 3;
- `pkg-resources==0.0.0`, which a broken `pip freeze` of Debian and Ubuntu writes and no index has;
- `tensorflow-gpu` without a version, whose last release only ends with an error.

## Why is this bad

pip cannot install them, and the build ends there.

## Fix safety

Safe: `sklearn` becomes `scikit-learn`, or goes where that is listed already; `pkg-resources` goes. Unsafe for the
others, which become the package that has the module.

## References

- [sklearn on PyPI: use scikit-learn](https://pypi.org/project/sklearn/)
- [pip #4022: pip freeze lists pkg-resources==0.0.0](https://github.com/pypa/pip/issues/4022)
- [tensorflow-gpu on PyPI: removed](https://pypi.org/project/tensorflow-gpu/)
- [Pillow: successor of PIL](https://pillow.readthedocs.io/en/stable/about.html)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.requirements import applies, installed, without_line
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.requirements import Requirement, Requirements

META = Rule("BP713", "wrong-package", "requirements", Severity.ERROR)

EXAMPLES = (
    bad("numpy\n«sklearn»\n", fixed="numpy\nscikit-learn\n", severity="error"),
    bad(
        "numpy\n«sklearn»==0.0\n",
        fixed="numpy\nscikit-learn\n",
        severity="info",
        message="empty package",
        title="a release that pip does install",
    ),
    bad("«PIL»\n", fixed="pillow\n", safety="unsafe", message="the package is pillow"),
    bad("«cv2»\nPillow\n", fixed="opencv-python-headless\nPillow\n", safety="unsafe"),
    bad("scikit-learn==1.5.2\n«sklearn»\n", fixed="scikit-learn==1.5.2\n"),
    bad("flask\n«pkg-resources»==0.0.0\ngunicorn\n", fixed="flask\ngunicorn\n"),
    bad("«tensorflow-gpu»\n", fixed="tensorflow\n", safety="unsafe"),
    ok("scikit-learn==1.5.2\nsklearn-pandas==2.2.0\n"),
    ok("tensorflow-gpu==2.10.1\n", title="an old release that can be installed"),
    ok(
        {"requirements-dev.txt": "sklearn\n", "requirements.txt": "flask\n"},
        title="not installed by the build",
    ),
)

# Name -> the right one, empty where the line has to go; each tried with pip on 2026-11-24.
_RIGHT = {
    "sklearn": "scikit-learn",
    "pkg-resources": "",
    "tensorflow-gpu": "tensorflow",
    "pil": "pillow",
    "cv2": "opencv-python-headless",
    "opencv": "opencv-python-headless",
    "beautifulsoup": "beautifulsoup4",
}
_SAFE = ("sklearn", "pkg-resources")


def check(document: Requirements, app: App) -> Iterator[Finding]:
    """Report each name that pip cannot install."""
    if not installed(document, app):
        return
    for entry in document.requirements:
        if entry.name in _RIGHT and applies(entry) and not entry.url and not _works(entry):
            yield _finding(document, entry, app)


def _works(entry: Requirement) -> bool:
    """Old releases of tensorflow-gpu, and a pkg-resources that is not the one of Debian."""
    return (entry.name == "tensorflow-gpu" and bool(entry.specifier)) or (
        entry.name == "pkg-resources" and "0.0.0" not in entry.specifier
    )


def _finding(document: Requirements, entry: Requirement, app: App) -> Finding:
    right = _RIGHT[entry.name]
    listed = bool(right) and app.requirement(right) is not None
    span = Span(entry.name_span.start, max(entry.name_span.end, entry.specifier_span.end))
    edit = without_line(document, entry) if not right or listed else Edit(document.source.path, span, right)
    title = f"Install {right} instead" if right and not listed else f"Remove {entry.name}"
    safety = Safety.SAFE if entry.name in _SAFE else Safety.UNSAFE
    reason = "tensorflow's wheels have no GPU libraries in them" if entry.name == "tensorflow-gpu" else ""
    if safety is Safety.UNSAFE and not reason:
        reason = f"{right} is what has the module; without a version it is the newest"
    empty = entry.name == "sklearn" and entry.specifier.replace(" ", "") == "==0.0"
    message = f"pip cannot install {entry.written}" + (
        f": the package is {right}" if right else ", which no index has"
    )
    if empty:
        message = "sklearn 0.0 is an empty package that brings the newest scikit-learn, whichever that is"
    url = f"https://pypi.org/project/{entry.name}/"
    return META.found(
        document.source,
        entry.name_span,
        message,
        help=f"list {right}" if right and not listed else "remove this line",
        severity=Severity.INFO if empty else None,
        fix=Fix(title, safety, (edit,), reason=reason),
        evidence=[Evidence("catalog", "tried with pip", url, "2026-11-24")],
    )
