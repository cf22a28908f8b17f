"""The rungs: fewer configurations for longer, always ending with some that are measured until it is clear."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from bpopt.tune import halving


@given(st.integers(1, 500), st.integers(1, 8), st.floats(1, 3600))
def test_rungs(count: int, block: int, budget: float) -> None:
    steps = halving.rungs(count)
    assert steps[-1].last
    assert not any(rung.last for rung in steps[:-1])
    assert steps[0].size == count
    for one, following in itertools.pairwise(steps):
        assert one.keep == following.size < one.size
        assert following.rounds >= one.rounds or following.last
    assert steps[-1].size <= halving.FINALISTS
    assert halving.LEAST <= halving.seconds(steps, block, budget) <= halving.MOST


def test_the_default_fits_the_sample_app() -> None:
    steps = halving.rungs(17)
    assert [(r.size, r.rounds, r.keep) for r in steps] == [(17, 1, 6), (6, 2, 4), (4, 3, 0)]
    assert halving.measurements(steps, 4) == 27 + 20
