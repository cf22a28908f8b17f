"""The store, from one process and from several."""

from __future__ import annotations

import multiprocessing
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

import store

APP = Path(__file__).parent.parent


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to an empty store."""
    with closing(store.connect(tmp_path / "faces.sqlite3")) as connection:
        yield connection


def face(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=128)


def test_a_face_comes_back_exactly(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "faces.sqlite3"
    with closing(store.connect(path)) as db:
        assert store.add_face(db, "Ada", face(1)) == store.Person(1, "Ada", 1)

    with closing(store.connect(path)) as db:
        known = store.known(db)
    assert known.people == [(1, "Ada")]
    assert (known.encodings == [face(1)]).all()


def test_nobody_is_known_at_first(db: sqlite3.Connection) -> None:
    assert store.people(db) == []
    assert store.known(db).encodings.shape == (0, 128)


def test_case_and_unicode_form_do_not_make_a_new_person(db: sqlite3.Connection) -> None:
    store.add_face(db, "Zo\u00eb", face(1))
    assert store.add_face(db, "ZOE\u0308", face(2)) == store.Person(1, "Zo\u00eb", 2)
    store.add_face(db, "Bob", face(3))
    assert store.people(db) == [store.Person(2, "Bob", 1), store.Person(1, "Zo\u00eb", 2)]


def test_someone_removed_is_forgotten_with_their_faces(db: sqlite3.Connection) -> None:
    store.add_face(db, "Ada", face(1))
    store.add_face(db, "Bob", face(2))
    assert store.remove(db, 1)
    assert not store.remove(db, 1)
    assert not store.remove(db, 10**30)
    assert store.known(db).people == [(2, "Bob")]
    assert db.execute("SELECT count(*) FROM faces").fetchone() == (1,)


def test_a_failed_write_leaves_nothing_behind(db: sqlite3.Connection) -> None:
    db.execute("CREATE TRIGGER full BEFORE INSERT ON faces BEGIN SELECT RAISE(ABORT, 'full'); END")
    with pytest.raises(sqlite3.IntegrityError, match="full"):
        store.add_face(db, "Ada", face(1))
    assert store.people(db) == []


def add_many(path: Path, worker: int, count: int) -> None:
    """What one process of the next test does: a connection for each face, as requests have."""
    for number in range(count):
        with closing(store.connect(path)) as db:
            store.add_face(db, f"Person {number}", face(1000 * worker + number))
            store.people(db)


def test_two_processes_write_at_once(tmp_path: Path) -> None:
    """They race for the new file, for its tables and for every name."""
    path, count = tmp_path / "faces.sqlite3", 60
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=add_many, args=(path, worker, count)) for worker in (1, 2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=120)
    assert [worker.exitcode for worker in workers] == [0, 0]

    with closing(store.connect(path)) as db:
        people, encodings = store.people(db), store.known(db).encodings
    assert {person.name for person in people} == {f"Person {number}" for number in range(count)}
    assert {person.photos for person in people} == {2}
    expected = {face(1000 * worker + number).tobytes() for worker in (1, 2) for number in range(count)}
    assert {encoding.tobytes() for encoding in encodings} == expected


def test_importing_the_app_opens_no_store(tmp_path: Path) -> None:
    """A connection opened at import would be shared by the workers that --preload forks."""
    path = tmp_path / "faces.sqlite3"
    program = "import sqlite3; sqlite3.connect = None; import app; print(app.app.config['FACES_DB'])"
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=APP,
        env={"FACES_DB": str(path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == str(path)
    assert not path.exists()
