"""What all measuring of one run of tune shares: the app, the plan, and a side for each configuration."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, NamedTuple

from bpopt import writing
from bpopt.app import App
from bpopt.app.files import DiskFiles
from bpopt.tune import edits
from bpopt.verify import sides

if TYPE_CHECKING:
    from bpopt.tune.candidates import Candidate
    from bpopt.verify.model import Plan, Progress, Side


class Bench(NamedTuple):
    """Everything that is needed to run a configuration.

    `app` is the user's, of which `files` is a scratch copy; `plan` what verify's servers take their orders from
    (its `limit` is the memory of the deployment plan); `clients` ask at once; `current` is what the app has, which runs
    without the limit if `unlimited` says so: it would be killed.
    """

    app: App
    files: str
    plan: Plan
    clients: int
    current: Candidate
    progress: Progress
    unlimited: bool = False

    def side(self, candidate: Candidate) -> Side:
        """The app with a configuration: a copy (hard links) in which the files are as `--apply` would write them."""
        folder = os.path.join(self.plan.scratch, "sides", candidate.key)
        root = os.path.join(folder, "files")
        if not os.path.exists(root):
            shutil.copytree(self.files, root, symlinks=True, copy_function=_link)
            start = App(DiskFiles(root), self.app.root, self.app.told, self.app.today)
            made = edits.changes(start, candidate)
            writing.write(root, made, {path: start.files.read(path) for path in made})
            return sides.side(candidate.key, root, self.app)
        whole = App(DiskFiles(root), self.app.root, self.app.told, self.app.today)
        from bpopt.verify.model import Side

        return Side(candidate.key, os.path.join(folder, "shipped"), whole)


def _link(source: str, target: str) -> str:
    os.link(source, target, follow_symlinks=False)
    return target


def copy(app: App, scratch: str) -> tuple[str, list[str]]:
    """A scratch copy of the app's files as they are, and the links that lead out of it and are left out."""
    left_out: list[str] = []
    folder = sides.state(sides.folder_of(app), None, os.path.join(scratch, "app"), left_out)
    return folder, left_out
