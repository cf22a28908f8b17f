"""Opening the database that studies are kept in, through Optuna: SQLite in the user's state folder, or a URL."""

from __future__ import annotations

import os
from typing import Any

from bpopt.settings import ConfigError

NEEDS = "bpopt tune keeps its measurements with Optuna: pip install 'bpopt[tune]'"
ATTEMPTS = 5  # of the first connection: two runs that begin together both make the tables


def default_url() -> str:
    """The SQLite file in the user's state folder (XDG_STATE_HOME), which is made."""
    base = os.environ.get("XDG_STATE_HOME") or os.path.join(os.path.expanduser("~"), ".local", "state")
    folder = os.path.join(base, "bpopt")
    os.makedirs(folder, exist_ok=True)
    return f"sqlite:///{folder}/tune.sqlite3"


def optuna() -> Any:
    """The library, quiet; ConfigError where it is not installed."""
    try:
        import optuna as library
    except ImportError:
        raise ConfigError(NEEDS) from None
    library.logging.set_verbosity(library.logging.ERROR)
    return library


def storage(library: Any, url: str) -> Any:
    """The storage of a URL; postgresql:// goes through psycopg 3, and SQLite waits for its lock."""
    from time import sleep

    from sqlalchemy.exc import SQLAlchemyError

    real = url.replace("postgresql://", "postgresql+psycopg://", 1)
    options = {"connect_args": {"timeout": 60}} if real.startswith("sqlite") else {"pool_pre_ping": True}
    for attempt in range(ATTEMPTS):
        try:
            made = library.storages.RDBStorage(real, engine_kwargs=options)
            break
        except (SQLAlchemyError, ImportError, ValueError) as error:
            if attempt + 1 == ATTEMPTS or isinstance(error, ImportError):
                raise ConfigError(f"--storage: {_without_password(url)}: {_reason(error)}") from None
            sleep(0.2 * (attempt + 1))
    if real.startswith("sqlite"):
        _serialise(made.engine)
    return made


def _serialise(engine: Any) -> None:
    """Let every transaction take SQLite's write lock at its begin.

    SQLite has no SELECT FOR UPDATE, by which Optuna takes a waiting trial in other databases: two would get the same.
    https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#sqlite-transactions (checked 2026-11-25)
    """
    from sqlalchemy import event

    def by_hand(connection: Any, _: Any) -> None:
        connection.isolation_level = None

    event.listen(engine, "connect", by_hand)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    engine.dispose()


def _without_password(url: str) -> str:
    import re

    return re.sub(r"(://[^:/@]*):[^@]*@", r"\1:...@", url)


def _reason(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
