"""What the README shows is what bpopt prints."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SHOWN = re.compile(r"```console\n\$ bpopt (?P<arguments>[^\n]*)\n(?P<output>.*?)```", re.DOTALL)


def test_the_output_shown_is_that_of_the_command() -> None:
    shown = list(SHOWN.finditer((ROOT / "README.md").read_text()))
    assert shown
    for found in shown:
        command = [sys.executable, "-m", "bpopt", *found["arguments"].split(), "--color", "never"]
        environment = {**os.environ, "COLUMNS": "80"}
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment, check=False)
        assert done.stdout.rstrip() == found["output"].rstrip()


def test_every_link_leads_somewhere() -> None:
    text = (ROOT / "README.md").read_text()
    for address in re.findall(r"\]\((?!https?:)([^)#]+)", text):
        assert (ROOT / address).exists(), address
