"""People and their faces in SQLite.

Every request opens its own connection and closes it. None is opened at import: one that gunicorn's --preload
would carry through a fork into the workers can corrupt the file (https://www.sqlite.org/howtocorrupt.html).
"""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

WAIT = 10  # seconds to wait for another process that is writing
LARGEST_ID = 2**63 - 1  # that SQLite can hold

SCHEMA = """
CREATE TABLE IF NOT EXISTS people (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    key TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS faces (
    id INTEGER PRIMARY KEY,
    person INTEGER NOT NULL REFERENCES people(id) ON DELETE CASCADE,
    encoding BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS faces_of_person ON faces(person);
"""


class Person(NamedTuple):
    """Someone enrolled."""

    id: int
    name: str
    photos: int  # how many photos we know this person by


class Known(NamedTuple):
    """Every face there is: row i of encodings belongs to people[i]."""

    people: list[tuple[int, str]]  # id, name
    encodings: np.ndarray[Any, np.dtype[np.float64]]  # shape (n, 128)


def connect(path: str | Path) -> sqlite3.Connection:
    """Open the file, making it and its tables if need be. For one thread; close it after the request."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(path, timeout=WAIT, isolation_level=None)
    db.execute("PRAGMA foreign_keys = ON")
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'faces_of_person'").fetchone():
        with _writing(db):
            for statement in SCHEMA.split(";"):
                db.execute(statement)
    return db


def add_face(db: sqlite3.Connection, name: str, encoding: np.ndarray[Any, np.dtype[np.float64]]) -> Person:
    """Add a face to the person of that name, made if new. Case and Unicode form do not make a new name."""
    key = unicodedata.normalize("NFKC", name).casefold()
    with _writing(db):
        db.execute("INSERT INTO people (name, key) VALUES (?, ?) ON CONFLICT (key) DO NOTHING", (name, key))
        (person,) = db.execute("SELECT id FROM people WHERE key = ?", (key,)).fetchone()
        blob = np.asarray(encoding, "<f8").tobytes()
        db.execute("INSERT INTO faces (person, encoding) VALUES (?, ?)", (person, blob))
        return Person(*db.execute(f"{_PEOPLE} WHERE people.id = ? GROUP BY people.id", (person,)).fetchone())


def people(db: sqlite3.Connection) -> list[Person]:
    """Everyone, by name."""
    return [Person(*row) for row in db.execute(f"{_PEOPLE} GROUP BY people.id ORDER BY people.key")]


def known(db: sqlite3.Connection) -> Known:
    """Every face there is, to compare with."""
    every = "SELECT people.id, name, encoding FROM faces JOIN people ON people.id = person"
    rows = db.execute(every).fetchall()
    encodings = np.frombuffer(b"".join(row[2] for row in rows), "<f8").reshape(-1, 128)
    return Known([(row[0], row[1]) for row in rows], encodings)


def remove(db: sqlite3.Connection, person: int) -> bool:
    """Forget a person and their faces; False if there was none."""
    if person > LARGEST_ID:
        return False
    with _writing(db):
        return db.execute("DELETE FROM people WHERE id = ?", (person,)).rowcount == 1


_PEOPLE = "SELECT people.id, name, count(faces.id) FROM people LEFT JOIN faces ON person = people.id"


@contextmanager
def _writing(db: sqlite3.Connection) -> Iterator[None]:
    """A transaction that takes the write lock first: one that starts by reading and then wants to write
    fails at once when another process was quicker, however long we would wait."""
    db.execute("BEGIN IMMEDIATE")
    with db:  # commits, or rolls back if the block raises
        yield
