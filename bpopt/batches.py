"""Apps by the handful: what the engine looks at together, rule by rule, while the processor has the rule at hand."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from bpopt.app.files import KEPT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bpopt.app import App
    from bpopt.settings import Settings

    Job = TypeVar("Job", bound=tuple[App, Settings])

MOST = 16  # apps; more gain nothing
# Bytes that rules may read of a batch, deployment files and Python source together. What is read of an app is kept
# until its batch is done, and Python's syntax takes some forty times the memory of its text (37 to 47, measured with
# tracemalloc on 72 files, CPython 3.11): a large app goes alone.
HEAVIEST = 300_000


def batches(jobs: Iterable[Job]) -> Iterator[list[Job]]:
    """The apps in order, each in one batch."""
    batch: list[Job] = []
    weight = 0
    try:
        for job in jobs:
            batch.append(job)
            weight += _weight(job[0])
            if len(batch) == MOST or weight > HEAVIEST:
                yield batch
                batch, weight = [], 0
    except Exception:  # such as the settings of a later app: those before it are shown first
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def _weight(app: App) -> int:
    python = [size for path, size in islice(app.files.walk(), KEPT) if path.endswith(".py")]
    return sum([len(source.raw) for source in app.sources]) + sum(python)
