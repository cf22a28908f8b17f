"""The search space: what is always in it, what the app does not allow never is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bpopt.tune import candidates
from bpopt.tune.candidates import GEVENT, MISSION, Allowed, Candidate

allowances = st.builds(
    Allowed,
    cores=st.integers(1, 16),
    clients=st.integers(1, 64),
    threads=st.booleans(),
    preload=st.booleans(),
    gevent=st.booleans(),
    recycle=st.sampled_from((0, 500)),
)
currents = st.builds(
    Candidate,
    st.integers(1, 9),
    st.integers(1, 8),
    st.sampled_from(("sync", "uvicorn.workers.UvicornWorker")),
    st.booleans(),
    st.sampled_from((0, 100)),
)


@given(currents, allowances)
def test_the_space(current: Candidate, allowed: Allowed) -> None:
    found = candidates.space(current, allowed)
    assert found[0] == current
    assert len(set(found)) == len(found) == len({c.key for c in found})
    others = found[1:]
    if not allowed.threads:
        assert all(c.threads == 1 for c in others)
    if not allowed.preload:
        assert not any(c.preload for c in others)
    if not allowed.gevent:
        assert not any(c.worker_class == GEVENT for c in others)
    assert len(found) < 40
    if allowed.threads and allowed.preload:
        assert MISSION in found
    else:
        assert [left.candidate for left in candidates.not_offered(current, allowed)] == [MISSION] * (
            current != MISSION
        )


def test_other_worker_classes_stay() -> None:
    found = candidates.space(Candidate(1, 1, "uvicorn.workers.UvicornWorker"), Allowed(2, 8, threads=False))
    assert {c.worker_class for c in found[2:]} == {"uvicorn.workers.UvicornWorker"}


def test_words() -> None:
    assert MISSION.title == "--workers 2 --threads 4 --preload --max-requests 1000"
    assert MISSION.key == "w2-t4-preload-r1000"
    assert Candidate(2, 1, GEVENT).slots(8) == 8
    assert Candidate(2, 2).slots(8) == 4
    assert candidates.workers(1) == (1, 2)
    assert candidates.workers(4) == (1, 2, 4, 5, 8)
