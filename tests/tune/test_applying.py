"""Writing what was found: the fix with its evidence, and nothing where there is nothing to write."""

from __future__ import annotations

from pathlib import Path

from bpopt.app import App
from bpopt.app.files import DiskFiles
from bpopt.tune import applying
from tests.tune import made


def test_it_is_a_fix_with_its_evidence(tmp_path: Path) -> None:
    procfile = tmp_path / "Procfile"
    procfile.write_bytes(b"# mine\r\nweb: gunicorn app:app -w 2 --timeout 9\r\n")
    procfile.chmod(0o640)
    app = App(DiskFiles(str(tmp_path)), ".")
    report = made.report()
    found = applying.finding(app, report)
    assert found is not None
    assert found.fix is not None
    assert found.message.startswith("Run gunicorn with --workers 2 --preload: it takes less memory")
    assert "throughput no change" in found.evidence[0].text
    assert "25 measurements, some processor" in found.evidence[0].text
    said = applying.write(app, report)
    assert said[0] == "Procfile: Run gunicorn with --workers 2 --preload"
    assert procfile.read_bytes() == b"# mine\r\nweb: gunicorn app:app -w 2 --timeout 9 --preload\r\n"
    assert procfile.stat().st_mode & 0o777 == 0o640
    again = App(DiskFiles(str(tmp_path)), ".")
    assert applying.write(again, report) == ["nothing to apply: the files have it already"]
