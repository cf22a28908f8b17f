"""Two states of a small real app, as the stages get them."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bpopt.app import App
from bpopt.app.files import DiskFiles
from bpopt.verify import processes, traffic
from bpopt.verify.model import Plan, Side

APPS = Path(__file__).parent / "apps"
COMMAND = "gunicorn app:app --workers 2"

# The stages' own condition: elsewhere they say that they are skipped, which is tested too.
UNABLE = processes.supported()

DIFFERENT = {
    "health": "/health",
    "request": [{"name": "names", "path": [f"/name/{n}" for n in range(8)]}],
}


def side(
    folder: Path, name: str, app: str, command: str = COMMAND, env: Mapping[str, str] | None = None
) -> Side:
    """A side whose app is one of APPS, with its command and settings in its files."""
    root = folder / f"side-{name}"
    root.mkdir()
    shutil.copy(APPS / f"{app}.py", root / "app.py")
    (root / "Procfile").write_text(f"web: {command}\n")
    if env:
        lines = ",".join(f'"{key}": {{"value": "{value}"}}' for key, value in env.items())
        (root / "app.json").write_text(f'{{"env": {{{lines}}}}}')
    return Side(name, str(root), App(DiskFiles(str(root))))


def pair(
    folder: Path,
    before: str,
    after: str,
    commands: tuple[str, str] = (COMMAND, COMMAND),
    env: tuple[dict[str, str], dict[str, str]] | None = None,
) -> tuple[Side, Side]:
    """Both sides."""
    one, two = env or ({}, {})
    return side(folder, "before", before, commands[0], one), side(folder, "after", after, commands[1], two)


def plan(folder: Path, one: Side, table: Mapping[str, Any] | None = None, **given: Any) -> Plan:
    """A short plan for the two sides."""
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    asked = traffic.load(one.app, one.root, table if table is not None else {"health": "/health"})
    values: dict[str, Any] = {
        "budget": 20.0,
        "deadline": 8.0,
        "grace": 3.0,
        "min_rounds": 3,
        "max_rounds": 3,
        "overrun": 50.0,  # a busy machine is to take longer, not to leave the tests without rounds
        "traffic": asked,
        **given,
    }
    return Plan(str(scratch), sys.executable, **values)


def leftovers(folder: Path) -> list[str]:
    """Commands of processes that have something of a test's folder in their environment or folder."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            seen = (entry / "environ").read_bytes() if entry.name.isdigit() else b""
        except OSError:
            continue
        if str(folder).encode() in seen:
            found.append((entry / "cmdline").read_bytes().decode().replace("\0", " "))
    return found
