"""A PostgreSQL server of Debian's package for one test: its own folder, a socket in it, no port."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from glob import glob
from pathlib import Path

PROGRAMS = next(iter(sorted(glob("/usr/lib/postgresql/*/bin"), reverse=True)), "")


def unable() -> str:
    """Why there is none to be had here, empty if there is."""
    if not PROGRAMS or not Path(PROGRAMS, "initdb").exists():
        return "PostgreSQL is not installed (apt-get install postgresql)"
    if os.geteuid() == 0 and shutil.which("runuser") is None:
        return "PostgreSQL does not run as root, and runuser is not here"
    return ""


@contextmanager
def server() -> Iterator[str]:
    """The URL of a new, empty database."""
    folder = tempfile.mkdtemp(prefix="bpopt-pg-")
    as_other = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_other:
        shutil.chown(folder, "postgres")

    def run(*order: str) -> None:
        subprocess.run([*as_other, *order], check=True, cwd="/", capture_output=True, timeout=60)

    data, log = f"{folder}/data", f"{folder}/log"
    try:
        run(f"{PROGRAMS}/initdb", "-D", data, "-A", "trust", "-U", "tune", "--no-sync")
        settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        run(f"{PROGRAMS}/pg_ctl", "-D", data, "-l", log, "-w", "-o", settings, "start")
        try:
            run(f"{PROGRAMS}/createdb", "-h", folder, "-U", "tune", "study")
            yield f"postgresql://tune@/study?host={folder}"
        finally:
            run(f"{PROGRAMS}/pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
