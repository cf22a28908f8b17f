"""The Python that runs the app: whether it has what the app requires, asked of it without running the app."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

from bpopt.settings import ConfigError

if TYPE_CHECKING:
    from bpopt.app import App

SECONDS = 60.0

# Runs in the chosen Python: for each (name, specifier, marker), what is installed under that name or importable
# by it. `dlib-bin` is a distribution of another name that brings the module of `dlib`: it counts as there.
_ASK = """
import importlib.metadata as metadata, importlib.util, json, sys
answers = []
for name, marker in json.load(sys.stdin):
    try:
        from packaging.markers import Marker
        wanted = not marker or Marker(marker).evaluate()
    except Exception:
        wanted = True
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        module = name.replace("-", "_")
        try:
            there = importlib.util.find_spec(module) is not None
        except (ImportError, ValueError):
            there = False
        version = "importable" if there else None
    answers.append(version if wanted else "not wanted")
versions = {}
for name in ("gunicorn", "flask", "django", "fastapi", "numpy", "dlib", "dlib-bin", "face-recognition"):
    try:
        versions[name] = metadata.version(name)
    except metadata.PackageNotFoundError:
        pass
print(json.dumps({"answers": answers, "version": sys.version.split()[0], "versions": versions}))
"""


class Environment(NamedTuple):
    """A Python: its path and version, the versions of what matters in it, and which requirements it lacks."""

    python: str
    version: str
    versions: dict[str, str]
    missing: tuple[str, ...]

    @property
    def reason(self) -> str:
        """Why the app cannot run in it, and what to do; empty if it has all."""
        if not self.missing:
            return ""
        names = ", ".join(self.missing[:6]) + (" and more" if len(self.missing) > 6 else "")
        return (
            f"{self.python} has no {names}: give the Python that has the app's requirements with --python, "
            "or install them there"
        )


def look(python: str | None, *apps: App) -> Environment:
    """What the chosen Python (bpopt's own for None) has and lacks of what the apps require.

    ConfigError if it does not run.
    """
    chosen = python or sys.executable
    names = {
        r.name: r.marker for app in apps for d in app.requirement_files for r in d.requirements if r.name
    }
    if any(web.gunicorn is not None for app in apps for web in app.webs):
        names.setdefault("gunicorn", "")
    try:
        done = subprocess.run(
            [chosen, "-I", "-c", _ASK],
            input=json.dumps(list(names.items())).encode(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
        answer = json.loads(done.stdout)
    except (OSError, subprocess.TimeoutExpired, ValueError) as error:
        raise ConfigError(f"{chosen} is no Python that runs: {error}") from None
    missing = (name for name, found in zip(names, answer["answers"], strict=True) if found is None)
    return Environment(chosen, answer["version"], answer["versions"], tuple(missing))
