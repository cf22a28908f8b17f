"""The arithmetic of the status: how much of an app's deployment is in order, in per cent.

Each area (a family of rules) that applies to the app starts at 100. Each rule that finds something there takes a
share of what is left: an error 50 %, a warning 20 %, a note 5 %, once however many places it finds. Where the cost
was measured or looked up, the share grows with it, up to twice as much at 5 minutes of build time or 500 MB. The
status is the mean of the areas, rounded down; while there is an error it is half of that, because an error stops
or breaks a deploy however good the rest is. Rules that are suppressed or deselected do not count. The weights are
a judgement; docs/status.md says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bpopt.finding import Severity
from bpopt.rules import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bpopt.app import App
    from bpopt.finding import Finding

SHARES = {Severity.ERROR: 0.50, Severity.WARNING: 0.20, Severity.INFO: 0.05}
FULL_SECONDS = 300.0  # of build time: a measured cost of this much doubles the share
FULL_BYTES = 500_000_000
LARGEST = 0.90
WITH_ERROR = 0.5


class Share(NamedTuple):
    """What one rule takes from its area: the share (0 to 1), its worst severity, and in how many places."""

    code: str
    name: str
    severity: Severity
    share: float
    places: int


class Area(NamedTuple):
    """One area: its family, title, percentage (0 to 100), and what takes from it, the largest first."""

    family: str
    title: str
    percent: float
    shares: tuple[Share, ...]


class Score(NamedTuple):
    """The status: whole per cent, the areas that apply, and the number of findings."""

    percent: int
    areas: tuple[Area, ...]
    findings: int


def _has(*kinds: str) -> Callable[[App], bool]:
    return lambda app: any(kind in app.paths for kind in kinds)


# Family -> its title, and whether it applies to an app that has no finding of it.
AREAS: dict[str, tuple[str, Callable[[App], bool]]] = {
    "run": ("files that can be read", lambda app: bool(app.paths)),
    "apt": ("system packages", _has("aptfile")),
    "procfile": ("process types", _has("procfile")),
    "gunicorn": ("gunicorn", lambda app: any(web.gunicorn is not None for web in app.webs)),
    "slug": (
        "what goes into the image",
        lambda app: bool(app.reading("slugignore")),
    ),
    "python": ("Python version", lambda app: bool(app.reading("python_version"))),
    "env": ("environment settings", lambda app: bool(app.env)),
    "requirements": ("requirements", _has("requirements")),
    "spec": ("app specs", _has("app_spec", "app_json", "project_toml", "heroku_yml", "scalingo_json")),
}


def score(app: App, findings: Iterable[Finding]) -> Score:
    """The status of an app that has these findings (suppressed ones left out before)."""
    by_family: dict[str, dict[str, list[Finding]]] = {}
    count, worst = 0, 2
    for finding in findings:
        count += 1
        worst = min(worst, finding.severity.rank)
        by_family.setdefault(FAMILIES[finding.code[:3]], {}).setdefault(finding.code, []).append(finding)
    areas = tuple(
        _area(family, title, by_family.get(family, {}))
        for family, (title, applies) in AREAS.items()
        if family in by_family or applies(app)
    )
    mean = sum(area.percent for area in areas) / len(areas) if areas else 100.0
    if count and worst == 0:
        mean *= WITH_ERROR
    return Score(int(mean + 1e-9), areas, count)


def _area(family: str, title: str, found: dict[str, list[Finding]]) -> Area:
    shares = sorted((share(own) for own in found.values()), key=lambda s: (-s.share, s.code))
    left = 1.0
    for one in shares:
        left *= 1 - one.share
    return Area(family, title, 100 * left, tuple(shares))


def share(findings: list[Finding]) -> Share:
    """What a rule takes for its findings: by the worst of them, and the largest measured cost among them."""
    worst = min(findings, key=lambda f: f.severity.rank)
    cost = max(_cost(finding) for finding in findings)
    size = min(LARGEST, SHARES[worst.severity] * (1 + cost))
    return Share(worst.code, worst.name, worst.severity, size, len(findings))


def _cost(finding: Finding) -> float:
    """A measured cost from 0 (none) to 1 (5 minutes, 500 MB, or more)."""
    impact = finding.impact
    if impact is None:
        return 0.0
    return min(1.0, max((impact.seconds or 0.0) / FULL_SECONDS, (impact.bytes or 0) / FULL_BYTES, 0.0))
