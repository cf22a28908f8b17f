from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpopt.app import App
from bpopt.app.files import MemoryFiles
from bpopt.output import Look
from bpopt.report import doctor, doctor_text, logs
from tests.report.samples import same

HERE = Path(__file__).parent
CASES: dict[str, Any] = tomllib.loads((HERE / "logs.toml").read_text(encoding="utf-8"))
EMPTY = App(MemoryFiles({}))

# What a platform puts around the text: lines before and after, and a prefix for each line of the text.
FRAMES = {
    "push": (
        "remote: Compressing source files... done.\nremote: Building source:\nremote: \n"
        "remote: -----> Building on the Heroku-24 stack\nremote: -----> Python app detected\n",
        "remote: ",
        "remote:  !     Push rejected, failed to compile Python app.\nremote: \nremote:  !     Push failed\n"
        "To https://git.heroku.com/x.git\n ! [remote rejected] main -> main (pre-receive hook declined)\n",
    ),
    "run": (
        "2026-11-24T02:59:58.000000+00:00 heroku[web.1]: State changed from down to starting\n"
        "2026-11-24T03:00:01.000000+00:00 heroku[web.1]: Starting process with command `gunicorn app:app`\n",
        "2026-11-24T03:00:12.123456+00:00 ",
        "2026-11-24T03:00:20.000000+00:00 heroku[web.1]: Process exited with status 1\n",
    ),
    "dokku": (
        "-----> Cleaning up...\n-----> Building x from Dockerfile\n",
        "remote: ",
        " !     App build failed\n",
    ),
    "do": (
        "[web] [2026-11-24 03:00:10] => Building app using buildpacks\n",
        "[web] [2026-11-24 03:00:12] \x1b[2m│\x1b[0m ",
        "[web] [2026-11-24 03:00:14] ERROR: failed to build: exit status 1\n",
    ),
    "dorun": ("", "web 2026-11-24T03:00:12.123456789Z ", ""),
    "cnb": (
        "===> BUILDING\n[Installing dependencies using pip]\n",
        "",
        "ERROR: failed to build: exit status 1\n",
    ),
}
HARMLESS = {
    "build": "remote: -----> Installing dependencies using 'pip install -r requirements.txt'\n"
    "remote:        Collecting flask-errors==1.0 (from -r requirements.txt (line 3))\n"
    "remote:        Successfully installed exceptiongroup-1.2 errors-0.3\n"
    "remote: -----> Discovering process types\nremote:        Procfile declares types -> web\n"
    "remote: -----> Compressing...\nremote:        Done: 57.9M\nremote: Verifying deploy... done.\n",
    "boot": "2026-11-24T03:00:01+00:00 app[web.1]: [2026-11-24 03:00:01 +0000] [2] [INFO] Starting gunicorn 27.0.1\n"
    "2026-11-24T03:00:01+00:00 app[web.1]: [2026-11-24 03:00:01 +0000] [2] [INFO] Listening at: "
    "http://0.0.0.0:5000 (2)\n2026-11-24T03:00:02+00:00 heroku[web.1]: State changed from starting to up\n",
    "access": '10.0.0.1 - - [24/Nov/2026:03:00:12 +0000] "GET /errors/list HTTP/1.1" 200 1834 "-" "curl"\n'
    '10.0.0.1 - - [24/Nov/2026:03:00:13 +0000] "GET /favicon.ico HTTP/1.1" 404 22 "-" "curl"\n'
    'heroku[router]: at=info method=GET path="/killed" host=x dyno=web.1 status=200 bytes=12\n',
    "development": " * Running on http://127.0.0.1:5000\nPress CTRL+C to quit\n",
    "warning": "remote:  !     Warning: No Python version was specified.\nremote:  !     Warning: The runtime.txt "
    "file is deprecated.\nremote: Verifying deploy... done.\n",
    "tests": "collected 812 items\n\n812 passed, 3 warnings in 12.01s\n",
    "prose": "The build is killed when memory runs out. See the page on BLAS. Port 8080 is used.\n",
    "node": "npm ERR! code ELIFECYCLE\nnpm ERR! errno 1\nnpm ERR! build: `webpack --mode production`\n",
    "rust": "error[E0382]: borrow of moved value: `config`\n  --> src/main.rs:14:20\nerror: aborting\n",
    "kernel": "[12.3] usb 1-1: device descriptor read/64, error -71\n[12.9] EXT4-fs (sda1): mounted filesystem\n",
    "java": 'Exception in thread "main" java.lang.NullPointerException\n\tat com.example.Main.main(Main.java:5)\n',
    "shell": "make: *** [Makefile:12: all] Error 2\n",
    "django": 'Watching for file changes with StatReloader\n[24/Nov/2026 03:00:12] "POST /login/ HTTP/1.1" 403 2506\n'
    "Forbidden (CSRF token missing.): /login/\nNot Found: /killed/\nBroken pipe from ('127.0.0.1', 50412)\n"
    "ERROR Internal Server Error: /orders/12\n",
    "pytest": "FAILED tests/test_api.py::test_timeout - AssertionError: assert 'BuildJob' == 'Build'\n"
    'E       assert "Error R14" in text\n1 failed, 811 passed in 12.01s\n',
    "dlib builds": "      [ 57%] Building CXX object dlib_build/CMakeFiles/dlib.dir/dnn/cpu_dlib.cpp.o\n"
    "      -- Looking for cblas_ddot - not found\n      *** No BLAS library found so using dlib's built in BLAS ***\n"
    "  Building wheel for dlib (setup.py): finished with status 'done'\nSuccessfully built dlib\n",
    "celery": "[2026-11-24 03:00:12,123: ERROR/MainProcess] Task jobs.mail[1a2b] raised unexpected: Timeout('slow')\n",
}


def framed(frame: str, text: str) -> bytes:
    before, prefix, after = FRAMES[frame]
    body = "".join(f"{prefix}{line}\n" for line in text.strip("\n").split("\n"))
    return (before + body + after).encode()


def test_each_cause_has_a_log() -> None:
    specific = {cause.name for cause in doctor.causes() if not cause.general}
    assert specific == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_log_is_recognised(name: str) -> None:
    case = CASES[name]
    log = logs.read("x.log", framed(case["frame"], case["text"]))
    result = doctor.diagnose(log)
    assert [d.cause.name for d in result.causes] == [name]
    diagnosis = result.causes[0]
    assert case.get("says", "") in diagnosis.text
    assert not re.search(r"(?<!\$)\{[a-z_]+\}|\[\[", diagnosis.text + diagnosis.change)
    if "write" in case:
        assert diagnosis.write == case["write"]


@pytest.mark.parametrize("name", HARMLESS)
def test_unrelated_log_gets_no_diagnosis(name: str) -> None:
    result = doctor.diagnose(logs.read("x.log", HARMLESS[name].encode()))
    assert [d.cause.name for d in result.causes] == []
    assert [d.cause.name for d in result.steps] == []


def test_every_kind_of_the_buildpack_is_known() -> None:
    kinds = set((HERE / "buildpack_kinds.txt").read_text().split())
    assert {cause.kind for cause in doctor.causes() if cause.kind} == kinds


@pytest.mark.parametrize("cause", [c for c in doctor.causes() if c.general], ids=lambda c: c.name)
def test_general_cause_alone_is_a_step_and_shows_lines(cause: doctor.Cause) -> None:
    lines = {
        "wheel-not-built": "ERROR: Failed building wheel for cffi",
        "metadata-not-built": "error: metadata-generation-failed",
        "pip-failed": " !     Error: Unable to install dependencies using pip.",
        "pipenv-failed": " !     Error: Unable to install dependencies using Pipenv.",
        "poetry-failed": " !     Error: Unable to install dependencies using Poetry.",
        "uv-failed": " !     Error: Unable to install dependencies using uv.",
        "container-exited": "heroku[web.1]: Process exited with status 3",
        "app-crashed": 'heroku[router]: at=error code=H10 desc="App crashed" method=GET path="/"',
        "worker-failed-to-boot": "[2026-11-24 03:00:12 +0000] [2] [ERROR] Reason: Worker failed to boot.",
        "push-rejected": " !     Push rejected, failed to compile Python app.",
    }
    log = logs.read("x.log", f"ZeroDivisionError: division by zero\n{lines[cause.name]}\n".encode())
    result = doctor.diagnose(log)
    assert not result.causes
    assert cause.name in [step.cause.name for step in result.steps]
    assert 0 in result.lines


def test_sources_are_cited_by_causes() -> None:
    data = doctor._data()
    assert {entry["source"] for entry in data["causes"]} == set(data["sources"])


def test_place_is_the_line_of_the_app() -> None:
    app = App(MemoryFiles({"Aptfile": b"libpq-dev\nlibgl1-mesa-glx\n"}))
    result = doctor.diagnose(logs.read("x", b"E: Unable to locate package libgl1-mesa-glx\n"))
    assert doctor.place(result.causes[0], app) == ("Aptfile", 2, "libgl1-mesa-glx")


def test_place_without_such_a_line_is_none() -> None:
    app = App(MemoryFiles({"Aptfile": b"libpq-dev\n"}))
    result = doctor.diagnose(logs.read("x", b"E: Unable to locate package libgl1-mesa-glx\n"))
    assert doctor.place(result.causes[0], app) is None


@pytest.mark.parametrize(
    "line",
    [
        "remote:        E: Unable to locate package foo",
        "2026-11-24T03:00:12.1+00:00 app[web.1]: E: Unable to locate package foo",
        "[web] [2026-11-24 03:00:12] │ E: Unable to locate package foo",
        "web 2026-11-24T03:00:12.1Z [2026-11-24 03:00:12] E: Unable to locate package foo",
        "#12 34.56 E: Unable to locate package foo",
        "\x1b[1;31m !     E: Unable to locate package foo\x1b[0m",
        "10%\r100%\rE: Unable to locate package foo\r",
    ],
)
def test_prefixes_are_taken_off(line: str) -> None:
    assert logs.read("x", line.encode()).text == "E: Unable to locate package foo"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_encodings(encoding: str) -> None:
    raw = "ok\r\nE: Unable to locate package foo\r\n".encode(encoding)
    log = logs.read("x", raw)
    assert doctor.diagnose(log).causes[0].at == 1


def test_only_the_end_of_a_long_log_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "LARGEST", 60)
    log = logs.read("x", b"E: Unable to locate package early\n" * 8 + b"E: Unable to locate package late\n")
    result = doctor.diagnose(log)
    assert log.first + result.causes[-1].at == 9
    assert log.lines[-1].endswith("late")


@pytest.mark.parametrize("unit", [b"a ", b"\0", b"remote: ", b"error ", b"! "])
def test_a_line_without_end_is_cut_for_the_patterns(unit: bytes) -> None:
    """Two patterns would take the square of its length: minutes for a megabyte."""
    log = logs.read("x", unit * 200_000 + b"\nE: Unable to locate package foo\n" * (unit != b"\0"))
    assert max(len(log.bare(index)) for index in range(len(log.lines))) <= logs.LONGEST
    assert [d.cause.name for d in doctor.diagnose(log).causes] == ["package-unknown"] * (unit != b"\0")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            'could not connect to server: Connection refused\n\tIs the server running on host "localhost" '
            "(127.0.0.1) and accepting\n\tTCP/IP connections on port 5432?",
            "database-on-loopback",
        ),
        (
            "redis.exceptions.ConnectionError: Error 111 connecting to localhost:6379. Connection refused.",
            "database-on-loopback",
        ),
        (
            'connection to server at "db.example.org" (10.0.0.9), port 5432 failed: Connection refused',
            None,
        ),
        ("Can't load plugin: sqlalchemy.dialects:postgresql.foo", None),
    ],
)
def test_databases(text: str, name: str | None) -> None:
    result = doctor.diagnose(logs.read("x", text.encode()))
    assert [d.cause.name for d in result.causes] == ([name] if name else [])


def test_text_names_cause_place_and_source() -> None:
    app = App(MemoryFiles({"Procfile": b"web: gunicorn app:app -b 127.0.0.1:8000\n"}))
    case = CASES["bound-to-loopback"]
    log = logs.read("boot.log", framed(case["frame"], case["text"]))
    text = "\n".join(doctor_text.text(log, doctor.diagnose(log), app, Look(width=80)))
    assert "cause[bound-to-loopback]: The server listens on 127.0.0.1:8000" in text
    assert "--> boot.log:3" in text
    assert "Procfile:1: web: gunicorn app:app -b 127.0.0.1:8000" in text
    assert "= such as: web: gunicorn app:app --bind 0.0.0.0:$PORT" in text
    assert re.search(r"= why: https://docs.digitalocean.com/\S+", text)
    assert all(len(line) <= 80 or "https://" in line for line in text.splitlines())


def test_secrets_of_a_log_and_of_files_are_not_shown() -> None:
    key, token = "sk_live_" + "a1B2" * 6, "ghp_" + "aB1c" * 9
    app = App(MemoryFiles({"Procfile": f"web: API_TOKEN={key} gunicorn app:app -b 127.0.0.1:80\n".encode()}))
    lines = (
        f"Exception: {key} is bad",
        f"error: git clone https://{token}@github.com/a/b failed",
        "fatal: postgres://u:hunter22@db.acme.io/x refused",
        f"[INFO] Listening at: http://127.0.0.1:8000 {token}",
    )
    for raw in ("\n".join(lines), "\n".join(lines[:3])):
        log = logs.read("x", raw.encode())
        result = doctor.diagnose(log)
        text = "\n".join(doctor_text.text(log, result, app, Look(width=200)))
        shown = text + json.dumps(doctor_text.data(log, result, app))
        assert bool(result.causes) is ("Procfile:1: web: API_TOKEN=****" in text)
        assert not any(secret in shown for secret in (key, token, "hunter22"))


def test_reports_look_as_they_did() -> None:
    app = App(
        MemoryFiles(
            {"Procfile": b"web: gunicorn app:app -b 127.0.0.1:8000\n", "Aptfile": b"libgl1-mesa-glx\n"}
        )
    )
    case = CASES["bound-to-loopback"]
    raw = framed(case["frame"], case["text"]) + b"E: Unable to locate package libgl1-mesa-glx\n"
    unknown = b"step 1\nfrobnicate: fatal error: out of cheese\nERROR: failed to build: exit status 1\n"
    shown: list[str] = []
    records = []
    for name, content in (("boot.log", raw), ("odd.log", unknown)):
        log = logs.read(name, content)
        result = doctor.diagnose(log)
        shown += doctor_text.text(log, result, app, Look(width=80))
        records.append(doctor_text.data(log, result, app))
    same("doctor.txt", "\n".join(shown) + "\n")
    same("doctor.json", json.dumps(records, indent=2) + "\n")


def test_what_tells_is_shown_of_a_line_without_room() -> None:
    line = "x" * 90 + " E: ImportError: libGL.so.1: cannot open shared object file: No such file " + "y" * 90
    log = logs.read("x", f"{line}\n".encode())
    text = "\n".join(doctor_text.text(log, doctor.diagnose(log), EMPTY, Look(width=80)))
    (shown,) = (line for line in text.splitlines() if line.startswith("1 |"))
    assert len(shown) == 80
    assert shown.startswith("1 | ...xxx")
    assert "libGL.so.1: cannot open" in shown
    assert shown.endswith("...")


def test_unknown_log_says_so_and_shows_lines() -> None:
    raw = b"step 1\nstep 2\nfrobnicate: fatal error: out of cheese\nstep 3\n"
    log = logs.read("x.log", raw)
    text = "\n".join(doctor_text.text(log, doctor.diagnose(log), EMPTY, Look(width=80)))
    assert "none that bpopt knows" in text
    assert "3 | frobnicate: fatal error: out of cheese" in text
    assert "step 1" not in text


@given(st.binary(max_size=400))
def test_any_bytes(raw: bytes) -> None:
    log = logs.read("x", raw)
    result = doctor.diagnose(log)
    for line in doctor_text.text(log, result, EMPTY, Look(width=80)):
        assert line.isprintable()


@given(st.sampled_from(sorted(CASES)), st.lists(st.sampled_from(sorted(HARMLESS)), max_size=3))
def test_noise_around_a_log_changes_nothing(name: str, noise: list[str]) -> None:
    around = "".join(HARMLESS[key] for key in noise if key not in ("boot", "development")).encode()
    raw = around + framed(CASES[name]["frame"], CASES[name]["text"]) + around
    assert [d.cause.name for d in doctor.diagnose(logs.read("x", raw)).causes] == [name]
