"""Stage build: a fresh environment from the requirements, with the build settings of before and of after.

What pip is told about its index comes from the user's own configuration; everything else of the user's
environment stays out. The package cache is empty at the start, as on a new builder.
"""

from __future__ import annotations

import os
import re
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, NamedTuple

from bpopt.verify import words
from bpopt.verify.command import Command
from bpopt.verify.model import FAILED, PASSED, SKIPPED, Measure, StageResult
from bpopt.verify.server import NoServer, Server

if TYPE_CHECKING:
    from bpopt.app import App
    from bpopt.verify.model import Plan, Progress, Side

NAME = "build"
TITLE = "Build"

DEADLINE = 1800.0  # seconds: Heroku ends a build after 15 minutes, DigitalOcean after 30
PAUSE = 0.25  # seconds between samples of memory
ORDER = (
    "{python} -m venv ../environment && ../environment/bin/python -m pip install --no-input "
    "--disable-pip-version-check -r {file} && ../environment/bin/python -m pip check"
)
# Where packages come from and whom to trust is the machine's matter, not the app's.
PASSED_ON = re.compile(
    r"PIP_(?:INDEX_URL|EXTRA_INDEX_URL|FIND_LINKS|TRUSTED_HOST|CERT|CLIENT_CERT|PROXY|CONFIG_FILE|DEFAULT_TIMEOUT)$"
    r"|SSL_CERT_(?:FILE|DIR)$|REQUESTS_CA_BUNDLE$|(?:https?|no|all)_proxy$",
    re.IGNORECASE,
)

# What is in the log of a build that fails -> why. Sources: the named tools' own messages; CMake 4 and the
# versions of dlib were tried on 2026-11-23.
HINTS = (
    (
        r"Compatibility with CMake < 3\.5 has been removed",
        "this release does not build with CMake 4: take a newer one, or set CMAKE_POLICY_VERSION_MINIMUM=3.5",
    ),
    (
        r"CMake must be installed to build|cmake: command not found|No such file.*cmake",
        "CMake is not there: install it",
    ),
    (r"pg_config executable not found", "psycopg2 is compiled here: install psycopg2-binary instead"),
    (
        r"fatal error: ([\w./]+\.h): No such file or directory",
        "a package is compiled and {0} is missing: the Aptfile's packages are not on this machine",
    ),
    (
        r"(?:c\+\+|cc1plus|g\+\+|cc).*Killed|internal compiler error: Killed",
        "a compiler was killed: too little memory",
    ),
    (r"No matching distribution found for (\S+)", "there is no {0} for this Python and machine"),
    (r"ResolutionImpossible|conflicting dependencies", "the requirements contradict each other"),
    (
        r"Temporary failure in name resolution|NewConnectionError|Network is unreachable",
        "there is no network here",
    ),
)


class Build(NamedTuple):
    """One build: seconds, peak PSS in bytes, exit status (None: not ended in time), warnings and CMake errors."""

    seconds: float
    peak: int
    status: int | None
    warnings: tuple[str, ...]
    cmake_errors: tuple[str, ...]
    compiled: tuple[str, ...]
    reason: str


def run(before: Side, after: Side, plan: Plan, progress: Progress) -> StageResult:
    """Build both environments; one stands for both where nothing that the build reads is different."""
    began = monotonic()
    files = [requirements_file(side.app) for side in (before, after)]
    if not any(files):
        return StageResult(NAME, SKIPPED, "neither state has a requirements.txt")
    same = _inputs(before.app) == _inputs(after.app)
    try:
        builds = [build(side, plan, progress) for side in ((before,) if same else (before, after))]
    except NoServer as error:
        return StageResult(NAME, SKIPPED, str(error))
    first, second = builds[0], builds[-1]
    notes = [
        "requirements and build settings are the same: built once"
        if same
        else "one build each: no verdict on time",
        *(
            f"{name}: compiled from source: {', '.join(one.compiled)}"
            for name, one in zip(("before", "after"), builds, strict=False)
            if one.compiled
        ),
    ]
    reason = "" if second.status == 0 else second.reason
    if reason and first.status != 0:
        reason += " (before fails, too)"
    details = {"before": first._asdict(), "after": second._asdict(), "same": same}
    measures = _measures(first, second) if first.status == 0 == second.status else ()
    return StageResult(
        NAME, FAILED if reason else PASSED, reason, measures, tuple(notes), details, monotonic() - began
    )


def requirements_file(app: App) -> str | None:
    """The file that buildpacks install from with pip, None if there is none."""
    return "requirements.txt" if app.has("requirements.txt") else None


def settings(app: App) -> dict[str, str]:
    """The settings that the app's files give to the build."""
    return {
        placed.name: placed.value
        for placed in app.env
        if placed.build and placed.origin != "dotenv" and placed.targets and placed.value is not None
    }


def _inputs(app: App) -> tuple[Any, ...]:
    texts = tuple(document.source.raw for document in app.requirement_files)
    return texts, tuple(sorted(settings(app).items()))


class _Builder(Server):
    """The installation of a side's requirements, kept and ended as a server is."""

    def _command(self) -> Command:
        file = requirements_file(self.side.app)
        if file is None:
            raise NoServer(f"{self.side.name} has no requirements.txt")
        text = ORDER.format(python=_quoted(self.plan.python), file=file)
        own = {name: value for name, value in os.environ.items() if PASSED_ON.match(name)}
        return Command(text, {**own, **_pip_files(), **settings(self.side.app)}, False, 1, 1)


def _quoted(text: str) -> str:
    from shlex import quote

    return quote(text)


def _pip_files() -> dict[str, str]:
    """The user's own pip configuration, which a home folder of its own would hide."""
    home = os.path.expanduser("~")
    base = os.environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")
    for path in (os.path.join(base, "pip", "pip.conf"), os.path.join(home, ".pip", "pip.conf")):
        if os.path.isfile(path) and "PIP_CONFIG_FILE" not in os.environ:
            return {"PIP_CONFIG_FILE": path}
    return {}


def build(side: Side, plan: Plan, progress: Progress, deadline: float = DEADLINE) -> Build:
    """Install a side's requirements into an environment of its own."""
    peak = 0
    with _Builder(side, plan, label=f"build {side.name}/app") as builder:
        until = monotonic() + deadline
        while builder.alive and monotonic() < until:
            peak = max(peak, builder.memory().pss)
            progress.step(f"{side.name}: {_last(builder.log())}")
            sleep(PAUSE)
        ended = builder.ended or monotonic()
        text = builder.log()
        seconds = ended - builder.began
        return Build(
            seconds,
            peak,
            builder.exited,
            tuple(_found(r"^\s*(?:WARNING|DEPRECATION): (.+)$", text)),
            tuple(_found(r"^\s*(CMake Error.*)$", text)),
            compiled(text),
            _reason(builder.exited, seconds, text),
        )


def _last(text: str) -> str:
    lines = text.rstrip().splitlines()
    return lines[-1].strip()[:60] if lines else "making an environment"


def _found(pattern: str, text: str) -> list[str]:
    return list(dict.fromkeys(match.strip() for match in re.findall(pattern, text, re.MULTILINE)))[:20]


def compiled(text: str) -> tuple[str, ...]:
    """The packages that had no wheel and were built from source, as pip names them."""
    return tuple(dict.fromkeys(re.findall(r"Building wheel for (\S+)", text)))


def _reason(status: int | None, seconds: float, text: str) -> str:
    if status == 0:
        return ""
    if status is None:
        return f"the build did not end within {words.value(seconds, 's')}"
    for pattern, advice in HINTS:
        if found := re.search(pattern, text):
            return advice.format(*found.groups())
    errors = _found(r"^\s*(?:ERROR|error): (.+)$", text)
    return errors[-1] if errors else f"pip ended with exit status {status}"


def _measures(before: Build, after: Build) -> tuple[Measure, ...]:
    how = "python -m venv and pip install into a new environment, nothing cached; one run of each state"
    memory = f"greatest PSS of all processes of the build, sampled every {PAUSE:g} s; one run of each state"
    return (
        Measure("build.seconds", "Build time", "s", True, (before.seconds,), (), (after.seconds,), how),
        Measure(
            "build.memory",
            "Memory of the build",
            "B",
            True,
            (float(before.peak),),
            (),
            (float(after.peak),),
            memory,
        ),
    )
