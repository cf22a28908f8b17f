"""Running `bpopt tune` on a small app in a folder of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

APPS = Path(__file__).parent / "apps"
VERIFY = APPS.parents[1] / "verify" / "apps"

TRAFFIC = """\
[verify]
health = "/health"
[[verify.request]]
name = "page"
path = ["/a", "/b", "/c", "/d", "/e", "/f", "/g", "/h"]
"""


def make(folder: Path, app: str, command: str, requirements: str = "gunicorn\n", **env: str) -> Path:
    """The app in a folder of that name."""
    root = folder / "app"
    root.mkdir()
    source = APPS / f"{app}.py"
    shutil.copy(source if source.exists() else VERIFY / f"{app}.py", root / "app.py")
    (root / "Procfile").write_text(f"# as it starts\nweb: {command}\n")
    (root / "bpopt.toml").write_text(TRAFFIC)
    (root / "requirements.txt").write_text(requirements)
    if env:
        (root / "app.json").write_text(json.dumps({"env": env}))
    return root


def order(root: Path, *options: str) -> list[str]:
    """The command line: one processor and 512 MB unless told otherwise."""
    own = [] if "--memory" in options else ["--memory", "512MB"]
    cpus = [] if "--cpus" in options else ["--cpus", "1"]
    return [sys.executable, "-m", "bpopt", "tune", str(root), *own, *cpus, *options]


def environment(root: Path) -> dict[str, str]:
    """The environment of the command: what it keeps is kept beside the app."""
    return {
        **os.environ,
        "XDG_STATE_HOME": str(root.parent / "state"),
        "TMPDIR": str(root.parent),
        "COLUMNS": "80",
    }


def tune(root: Path, *options: str, code: int = 0) -> dict[str, Any]:
    """Run it to its end; the JSON report, with what it said on standard error as `said`."""
    out = root.parent / "tune.json"
    given = [*order(root, *options), "--output-format", "json", "-o", str(out)]
    done = subprocess.run(
        given, env=environment(root), capture_output=True, text=True, timeout=900, check=False
    )
    assert done.returncode == code, done.stderr
    return {**json.loads(out.read_text()), "said": done.stderr}


def interrupted(root: Path, until: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run it until it says something on standard error, and press Ctrl-C."""
    run = subprocess.Popen(
        order(root, *options),
        env=environment(root),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert run.stderr is not None
    seen = []
    for line in run.stderr:
        seen.append(line)
        if until in line:
            break
    run.send_signal(signal.SIGINT)
    out, rest = run.communicate(timeout=120)
    return subprocess.CompletedProcess(run.args, run.returncode, out, "".join(seen) + rest)
