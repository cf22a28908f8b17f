"""The same app on every platform: what is found, how bad it is, what is said and what is offered follow it."""

from __future__ import annotations

import pytest

from tests.rules.apps import found

PLATFORMS = ("heroku", "heroku-fir", "digitalocean", "dokku", "scalingo")
APT = '{"buildpacks": [{"url": "heroku-community/apt"}, {"url": "heroku/python"}]}\n'
ENV = '{"env": {"CMAKE_ARGS": "-DX=1", "PYTHONUNBUFFERED": "1", "PIP_TARGET": "lib"}}\n'
SPEC = "services:\n- name: web\n  http_port: 8080\n  run_command: gunicorn -b 0.0.0.0:5000 a:b\n"
FACES = {"requirements.txt": "face_recognition==1.3.0\n"}
E, W, N = "error", "warning", "info"
X: None = None

# Rule, files, severity on heroku, heroku-fir, digitalocean, dokku and scalingo (None: nothing is found).
TABLE = [
    ("BP004", {"procfile": "web: gunicorn a:b\n"}, (E, E, E, E, E)),
    ("BP004", {"python-version": "3.13\n"}, (E, X, E, E, E)),
    ("BP006", {"Dockerfile": "FROM python\n", "Aptfile": "cmake\n"}, (X, X, W, W, X)),
    ("BP602", {"app.json": ENV}, (N, N, X, N, X)),
    ("BP608", {"app.json": ENV}, (X, W, X, X, X)),
    ("BP603", {"requirements.txt": "dlib==20.0.1\n"}, (X, N, N, N, N)),
    ("BP607", {"app.json": ENV}, (W, X, X, X, X)),
    ("BP610", {".env": "A=1 # note\n"}, (X, X, X, W, X)),
    ("BP612", {".env": "A=1\n"}, (X, X, X, W, X)),
    ("BP701", {"requirements.txt": "opencv-python==4.10.0.84\n"}, (E, E, W, E, W)),
    ("BP703", {**FACES, ".python-version": "3.13\n"}, (E, E, E, E, E)),
    ("BP703", {**FACES, ".python-version": "3.12\n"}, (X, E, X, X, X)),
    ("BP704", FACES, (W, W, W, W, W)),
    ("BP705", {"requirements.txt": "torch==2.4.0\n"}, (E, W, W, W, W)),
    ("BP715", {"requirements.txt": "git+https://${T}@github.com/a/b\n"}, (W, X, X, X, X)),
    ("BP802", {"app.json": APT}, (E, X, X, E, X)),
    ("BP804", {"app.json": '{"stack": "heroku-20"}\n'}, (E, X, X, X, X)),
    ("BP806", {".do/app.yaml": SPEC}, (X, X, E, X, X)),
    ("BP816", {"project.toml": "[project]\nname = 'x'\n"}, (X, N, X, W, X)),
]


@pytest.mark.parametrize(
    ("code", "files", "expected"), TABLE, ids=[f"{row[0]}-{'+'.join(row[1])}" for row in TABLE]
)
def test_the_platform_decides(code: str, files: dict[str, str], expected: tuple[str | None, ...]) -> None:
    seen = []
    for platform in PLATFORMS:
        own = [f.severity.value for f in found(files, platform) if f.code == code]
        seen.append(own[0] if own else None)
    assert tuple(seen) == expected


@pytest.mark.parametrize(
    ("code", "files", "expected"), TABLE, ids=[f"{r[0]}-{'+'.join(r[1])}" for r in TABLE]
)
def test_with_two_platforms_the_finding_names_those_it_holds_on(
    code: str, files: dict[str, str], expected: tuple[str | None, ...]
) -> None:
    holds = {p for p, severity in zip(PLATFORMS, expected, strict=True) if severity}
    for other in ("digitalocean", "scalingo"):
        own = [f for f in found(files, "heroku", other) if f.code == code]
        for finding in own:
            assert set(finding.platforms) <= holds
        if not holds & {"heroku", other}:
            assert own == []


GUNICORN = "web: gunicorn app:app\n"
BOM = "\ufeff"
CUT = (
    "web: gunicorn -b :8080 app:app\n",
    "web: gunicorn -t 45 app:app\n",
    "web: cd src && gunicorn app:app\n",
)
VENV = {"venv/pyvenv.cfg": "x\n", "venv/bin/activate": "x", "requirements.txt": "a\n"}
DOCKER = {"Dockerfile": "FROM python\n", "Aptfile": "jq\n"}
Said = dict[
    str, tuple[str, str, str | None]
]  # platform -> severity, a part of the message, safety of the fix


def same(said: tuple[str, str, str | None], *platforms: str) -> Said:
    return dict.fromkeys(platforms, said)


APTFILE = ("heroku", "digitalocean", "dokku", "scalingo")
SPLITTING = ("heroku", "dokku", "scalingo")
MILD = ("heroku", "digitalocean", "scalingo")
STRICT = ("heroku-fir", "dokku")

WORDS: list[tuple[str, dict[str, str], Said]] = [
    ("BP006", DOCKER, {"digitalocean": (W, "App Platform builds", None), "dokku": (W, "Dokku builds", None)}),
    (
        "BP007",
        {"Procfile": BOM + GUNICORN},
        same((W, "hides the process type", "safe"), *MILD) | same((E, "rejected", "safe"), *STRICT),
    ),
    ("BP103", {"Aptfile": "libpq5\n"}, same((N, "in the run image already", "safe"), "heroku", "dokku")),
    ("BP105", {"Aptfile": "libasound2\n"}, same((E, "gone since Ubuntu 24.04", "safe"), *SPLITTING)),
    ("BP107", {"Aptfile": "jq # json\n"}, same((E, "read as package names", "safe"), *APTFILE)),
    ("BP108", {"Aptfile": "jq curl\n"}, {"digitalocean": (E, "one package name", "safe")}),
    ("BP110", {"Aptfile": "jq -y\n"}, {"digitalocean": (E, "no package name", "unsafe")}),
    ("BP112", {"Aptfile": "https://a.b/c.deb \n"}, same((E, "blanks behind", "safe"), *SPLITTING)),
    ("BP116", {"Aptfile": "ffmpeg\n"}, same((W, "libblas.so.3", None), "heroku", "dokku")),
    ("BP117", {"Aptfile": "# none\n"}, same((N, "lists no package", "unsafe"), *APTFILE)),
    ("BP118", {"Aptfile": "jq\n"}, {"heroku-fir": (W, "does not read the Aptfile", "unsafe")}),
    (
        "BP201",
        {"Procfile": "web gunicorn app:app\n"},
        same((W, "only Heroku", "safe"), *MILD) | same((E, "rejected", "safe"), *STRICT),
    ),
    ("BP202", {"Procfile": "web:gunicorn app:app\n"}, {"heroku": (E, "sees no process type web", "safe")}),
    (
        "BP203",
        {"Procfile": GUNICORN + "=====\n"},
        same((W, "passed over", "unsafe"), *MILD) | same((E, "whole Procfile", "unsafe"), *STRICT),
    ),
    (
        "BP204",
        {"Procfile": GUNICORN + "my_worker: python w.py\n"},
        {"heroku-fir": (N, "becomes my-worker", "unsafe"), "scalingo": (W, "not a name that is taken", None)},
    ),
    (
        "BP206",
        {"Procfile": CUT[0]},
        {
            "heroku": (E, "Heroku asks on $PORT", "safe"),
            "heroku-fir": (E, "Heroku Fir asks", "safe"),
            "scalingo": (E, "Scalingo asks", "safe"),
        },
    ),
    (
        "BP207",
        {"Procfile": GUNICORN + GUNICORN},
        same((W, "never run", "safe"), *MILD, "heroku-fir") | {"dokku": (E, "rejected", "safe")},
    ),
    ("BP214", {"Procfile": CUT[2]}, {"dokku": (E, "without a shell", None)}),
    (
        "BP216",
        {"Procfile": "release: python manage.py migrate\n" + GUNICORN},
        {"digitalocean": (N, "jobs in the app spec", "display"), "scalingo": (W, "postdeploy", "display")},
    ),
    (
        "BP219",
        {"Procfile": "web: git pull\n"},
        same((E, "run image of heroku-24", None), "heroku", "heroku-fir"),
    ),
    (
        "BP220",
        {"Procfile": "web: python w.py // note\n"},
        {"heroku": (W, "no comment on Heroku", "safe"), "heroku-fir": (W, "Heroku Fir", "safe")},
    ),
    (
        "BP314",
        {"Procfile": CUT[1]},
        {"heroku": (W, "Heroku's router", "display"), "scalingo": (W, "Scalingo's router", "display")},
    ),
    ("BP317", {"Procfile": GUNICORN}, {"digitalocean": (W, "requires --worker-tmp-dir", "safe")}),
    ("BP319", {"Procfile": GUNICORN, ".env": "WEB_CONCURRENCY=auto\n"}, {"dokku": (E, "ValueError", None)}),
    ("BP320", {"Procfile": GUNICORN}, {"dokku": (N, "one worker runs on Dokku", "unsafe")}),
    (
        "BP322",
        {"Procfile": "web: gunicorn app:app --access-logformat x\n"},
        {"heroku-fir": (N, "no access log", "safe")},
    ),
    ("BP326", {"Procfile": GUNICORN}, {"heroku-fir": (N, "trust the router", "unsafe")}),
    (
        "BP402",
        {".slugignore": "requirements.txt\n", "requirements.txt": "flask\n"},
        {"heroku": (E, "before the build", "unsafe")},
    ),
    ("BP404", {".slugignore": "!a\n*.md\n"}, same((W, "knows no negation", None), "heroku", "scalingo")),
    (
        "BP409",
        VENV,
        same((W, "ends the build", None), *SPLITTING)
        | same((N, "ships with the app", None), "heroku-fir", "digitalocean"),
    ),
    (
        "BP501",
        {"runtime.txt": "python-3.12.14\n"},
        same((W, "deprecated", "safe"), *APTFILE) | {"heroku-fir": (E, "ends the build", "safe")},
    ),
    (
        "BP502",
        {"runtime.txt": "python-3.12.14\n", ".python-version": "3.13\n"},
        same((W, "runtime.txt wins", "unsafe"), *APTFILE) | {"heroku-fir": (E, "is enough", "safe")},
    ),
    (
        "BP505",
        {"runtime.txt": "python-3.8.1\n"},
        {
            "heroku": (E, "Heroku no longer installs it", "unsafe"),
            "digitalocean": (E, "DigitalOcean App Platform no longer", "unsafe"),
            "dokku": (E, "Dokku no longer", "unsafe"),
            "scalingo": (E, "Scalingo no longer", "unsafe"),
        },
    ),
    (
        "BP507",
        {"requirements.txt": "flask\n", "Procfile": GUNICORN},
        {
            "heroku": (W, "3.14 on Heroku", "unsafe"),
            "heroku-fir": (W, "3.14 on Heroku Fir", "unsafe"),
            "digitalocean": (N, "3.13 on DigitalOcean", "unsafe"),
            "dokku": (W, "3.14 on Dokku", "unsafe"),
            "scalingo": (W, "3.13 on Scalingo", "unsafe"),
        },
    ),
    (
        "BP508",
        {"requirements.txt": "a\n", "poetry.lock": "x\n", "pyproject.toml": "[tool.poetry]\nname='x'\n"},
        same((E, "ends the build", None), *SPLITTING, "heroku-fir")
        | {"digitalocean": (W, "requirements.txt counts", None)},
    ),
    (
        "BP509",
        {"Pipfile": "[packages]\nflask='*'\n"},
        same((E, "no Pipfile.lock", None), *APTFILE) | {"heroku-fir": (E, "knows no Pipenv", None)},
    ),
    (
        "BP602",
        {"app.json": ENV},
        {
            "heroku": (N, "Heroku sets", "unsafe"),
            "heroku-fir": (N, "Heroku Fir sets", "unsafe"),
            "dokku": (N, "Dokku sets", "unsafe"),
        },
    ),
    ("BP607", {"app.json": ENV}, {"heroku": (W, "keeps config vars from the build", "unsafe")}),
    ("BP608", {"app.json": ENV}, {"heroku-fir": (W, "aborts the build", None)}),
    ("BP610", {".env": "A=1 # note\n"}, {"dokku": (W, "part of the value", "safe")}),
    (
        "BP701",
        {"requirements.txt": "opencv-python==4.10.0.84\n"},
        same((E, "the image does not have", "unsafe"), "heroku", "dokku", "heroku-fir")
        | same((W, "no apt list here brings", "unsafe"), "digitalocean", "scalingo"),
    ),
    (
        "BP717",
        {"requirements.txt": "dlib==19.21.0\n"},
        same((N, "heroku-24 has 3.28", "unsafe"), *STRICT, "heroku")
        | same((N, "cannot be built with CMake 4", "unsafe"), "digitalocean", "scalingo"),
    ),
    (
        "BP718",
        {"requirements.txt": "pyodbc==5.1.0\n"},
        same((E, "libodbc.so.2", None), *STRICT, "heroku")
        | same((W, "libodbc.so.2", None), "digitalocean", "scalingo"),
    ),
    ("BP806", {".do/app.yaml": SPEC}, {"digitalocean": (E, "never becomes healthy", "safe")}),
    (
        "BP816",
        {"project.toml": "[project]\nname = 'x'\n"},
        {"heroku-fir": (N, "read by any buildpack", None), "dokku": (W, "makes Dokku build with pack", None)},
    ),
]


@pytest.mark.parametrize(
    ("code", "files", "expected"), WORDS, ids=[f"{row[0]}-{'+'.join(row[1])}" for row in WORDS]
)
def test_message_and_fix_follow_the_platform(code: str, files: dict[str, str], expected: Said) -> None:
    for platform in PLATFORMS:
        own = next((f for f in found(files, platform) if f.code == code), None)
        if platform not in expected:
            assert own is None, platform
            continue
        severity, part, safety = expected[platform]
        assert own is not None, platform
        assert (own.severity.value, own.fix.safety.value if own.fix else None) == (severity, safety), platform
        assert part in own.message, platform


def test_help_names_the_list_that_the_platform_reads() -> None:
    for code, requirement in (("BP701", "opencv-python\n"), ("BP718", "pyodbc==5.1.0\n")):
        for platform, named in (("heroku", "Aptfile"), ("heroku-fir", "project.toml")):
            own = next(f for f in found({"requirements.txt": requirement}, platform) if f.code == code)
            assert named in own.help
