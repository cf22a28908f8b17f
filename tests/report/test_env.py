from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bpopt import platforms
from bpopt.app import App
from bpopt.documents import dotenv
from bpopt.output import Look
from bpopt.report import env_answers, env_cases, env_plan, env_reads, env_text, env_write
from bpopt.report.env_plan import Row
from bpopt.text import Source
from tests.report.samples import FACES, SPEC, app, checked, same

MISSION = (
    "CMAKE_BUILD_TYPE",
    "CMAKE_CXX_FLAGS",
    "PIP_NO_CACHE_DIR",
    "PIP_DISABLE_PIP_VERSION_CHECK",
    "PYTHONUNBUFFERED",
    "FLASK_ENV",
    env_answers.TIMEOUT,
)


def rows(files: dict[str, str], *names: str) -> dict[str, Row]:
    of = app(files, *names)
    return {row.name: row for row in env_plan.plan(of, checked(of, "env"))}


@pytest.mark.parametrize("platform", platforms.NAMES)
@pytest.mark.parametrize("name", MISSION)
def test_each_of_the_missions_settings_is_answered_with_a_source(platform: str, name: str) -> None:
    row = rows(FACES, platform)[name]
    assert row.state in ("platform", "without effect", "not needed")
    assert row.source.startswith("https://")
    assert row.date
    assert len(row.why) > 20


@pytest.mark.parametrize("platform", platforms.NAMES)
def test_no_answer_has_a_hole(platform: str) -> None:
    for files in (FACES, {"requirements.txt": "flask\n"}, {"Procfile": "web: gunicorn a:a\n"}):
        for row in rows(files, platform).values():
            assert "{" not in row.why + row.instead


def test_every_case_can_be_chosen() -> None:
    """Each case in the data is one that the code knows, by name."""
    import inspect

    code = inspect.getsource(env_answers) + inspect.getsource(env_cases) + inspect.getsource(env_plan)
    for name, group in env_cases.data().items():
        if isinstance(group, dict) and name not in ("sources", "addons"):
            for case in (key for key, value in group.items() if isinstance(value, dict)):
                assert f'"{case}"' in code, f"{name}.{case}"


def test_parallel_level_fits_the_build_of_digitalocean() -> None:
    row = rows(FACES, "digitalocean")["CMAKE_BUILD_PARALLEL_LEVEL"]
    assert (row.state, row.value, row.scope) == ("missing", "4", "build")


def test_build_settings_do_nothing_on_heroku() -> None:
    found = rows(FACES, "heroku")
    for name in ("CMAKE_BUILD_TYPE", "CMAKE_CXX_FLAGS", "CMAKE_BUILD_PARALLEL_LEVEL"):
        assert found[name].state == "without effect"


def test_old_dlib_wants_a_policy_version() -> None:
    files = FACES | {"requirements.txt": "dlib==19.22.1\n"}
    assert rows(files, "dokku")["CMAKE_POLICY_VERSION_MINIMUM"].value == "3.5"
    assert rows(FACES, "dokku")["CMAKE_POLICY_VERSION_MINIMUM"].state == "not needed"
    assert rows(files, "heroku")["CMAKE_POLICY_VERSION_MINIMUM"].state == "without effect"


@pytest.mark.parametrize(
    ("listed", "compiled"),
    [
        ("dlib==20.0.1", True),
        ("face_recognition", True),
        ("face_recognition\ndlib-bin", False),
        ("dlib @ https://example.org/dlib-20.0.1-cp312-cp312-linux_x86_64.whl", False),
        ("flask", False),
    ],
)
def test_what_concerns_a_compile_is_said_where_dlib_is_compiled(listed: str, compiled: bool) -> None:
    files = {"requirements.txt": f"{listed}\n"}
    assert ("CMAKE_BUILD_PARALLEL_LEVEL" in rows(files, "digitalocean")) is compiled
    for platform in ("heroku", "digitalocean"):
        found = rows(files, platform)
        assert ("wheel" in found[env_answers.TIMEOUT].instead) is compiled
        assert ("dlib" in found["CMAKE_BUILD_TYPE"].why) is compiled


def test_flags_say_where_nobody_tried_whether_they_reach_pip() -> None:
    assert "not tried" in rows(FACES, "digitalocean")["CMAKE_CXX_FLAGS"].why
    assert "not tried" not in rows(FACES, "dokku")["CMAKE_CXX_FLAGS"].why


@pytest.mark.parametrize(
    ("flask", "source", "state"),
    [
        ("Flask==3.1.3", "", "without effect"),
        ("Flask==2.2.5", "", "not needed"),
        ("Flask==3.1.3", 'import os\nX = os.environ.get("FLASK_ENV")\n', "optional"),
        ("requests", "", "not needed"),
    ],
)
def test_flask_env(flask: str, source: str, state: str) -> None:
    found = rows({"requirements.txt": f"{flask}\n", "conf.py": source}, "heroku")
    assert found["FLASK_ENV"].state == state


def test_set_no_cache_dir_is_wrong_where_pips_cache_is_kept() -> None:
    files = {
        "requirements.txt": "flask\n",
        "project.toml": '[[io.buildpacks.build.env]]\nname = "PIP_NO_CACHE_DIR"\nvalue = "1"\n',
    }
    assert rows(files, "heroku-fir")["PIP_NO_CACHE_DIR"].state == "wrong"


@pytest.mark.parametrize(
    ("platform", "command", "state", "value"),
    [
        ("heroku", "gunicorn a:a", "platform", ""),
        ("dokku", "gunicorn a:a", "missing", "2"),
        ("dokku", "gunicorn a:a -w 3", "without effect", ""),
    ],
)
def test_web_concurrency(platform: str, command: str, state: str, value: str) -> None:
    found = rows({"Procfile": f"web: {command}\n", "requirements.txt": "gunicorn\n"}, platform)
    assert (found["WEB_CONCURRENCY"].state, found["WEB_CONCURRENCY"].value) == (state, value)


def test_router_is_not_trusted_on_fir() -> None:
    files = {"Procfile": "web: gunicorn a:a\n", "requirements.txt": "gunicorn\n"}
    assert rows(files, "heroku-fir")["FORWARDED_ALLOW_IPS"].value == "*"
    assert rows(files, "heroku")["FORWARDED_ALLOW_IPS"].state == "platform"


def test_secrets_are_never_shown() -> None:
    secret = "sk_live_" + "a1B2" * 6
    spec = f"services:\n- name: web\n  envs:\n  - key: PAYMENT\n    value: {secret}\n"
    spec += "  - key: DB\n    value: postgres://u:hunter22@db.acme.io/x\n  - {key: MINE, value: abc, type: SECRET}\n"
    of = app({".do/app.yaml": spec, "requirements.txt": "flask\n"}, "digitalocean")
    found = env_plan.plan(of, checked(of))
    texts = ["\n".join(env_text.table(of, found, Look())), json.dumps([r._asdict() for r in found])]
    texts += ["\n".join(env_text.dotenv(of, found)), "\n".join(env_text.commands("doctl", of, found))]
    for text in texts:
        assert secret not in text
        assert "hunter22" not in text
        assert "abc" not in text
    assert {row.name: row.here for row in found}["MINE"] == "***"


def test_reads_of_the_app() -> None:
    source = 'import os\nfrom os import environ, getenv\nA = os.environ["A"]\nB = environ.get("B")\n'
    source += 'C = getenv("C", "1")\n'
    source += 'os.environ["D"] = "x"\n'
    found = env_reads.reads(
        app({"a.py": source, "tests/b.py": 'import os\nos.environ["T"]\n', "bad.py": "os.environ[(\n"})
    )
    assert {name: read.required for name, read in found.items()} == {"A": True, "B": False, "C": False}
    assert (found["A"].path, found["A"].line) == ("a.py", 3)


@pytest.mark.parametrize(
    ("source", "required"),
    [
        ('from decouple import config\nK = config("K")\n', True),
        ('from decouple import config\nK = config("K", default="")\n', False),
        ('from decouple import config as c\nK = c("K", "x")\n', False),
        ('import environ\nenv = environ.Env()\nK = env("K")\n', True),
        ('import environ\nenv = environ.Env(K=(bool, False))\nK = env("K")\n', False),
        ('import environ\nenv = environ.Env()\nK = env.bool("K", default=False)\n', False),
        ('from environs import Env\nenv = Env()\nK = env.int("K")\n', True),
        ('import os\nif "K" in os.environ:\n    K = os.environ["K"]\n', False),
        ('import os\ntry:\n    K = os.environ["K"]\nexcept KeyError:\n    K = ""\n', False),
        ('import os\ntry:\n    K = os.environ["K"]\nexcept ValueError:\n    K = ""\n', True),
        ('import os\nK = os.environ["K"] if os.environ.get("K") else ""\n', False),
    ],
)
def test_what_an_app_needs_by_the_libraries_for_it_and_by_its_own_care(source: str, required: bool) -> None:
    assert env_reads.reads(app({"settings.py": source}))["K"].required is required


@pytest.mark.parametrize(
    "source",
    ['config("K")\n', 'def env(x): ...\nenv("K")\nimport os\nos.environ\n', 'import decouple\nx.get("K")\n'],
)
def test_functions_of_the_apps_own_read_nothing(source: str) -> None:
    assert env_reads.reads(app({"settings.py": source})) == {}


def test_variable_without_default_is_yours_until_a_file_sets_it() -> None:
    assert rows(FACES, "digitalocean")["UPLOAD_KEY"].state == "yours"
    more = SPEC + "      - key: UPLOAD_KEY\n        value: abc\n"
    assert rows(FACES | {".do/app.yaml": more}, "digitalocean")["UPLOAD_KEY"].state == "set"


def test_variables_of_an_addon_and_of_every_system_are_not_yours() -> None:
    source = 'import os\nA = os.environ["DATABASE_URL"], os.environ["HOME"], os.environ["PORT"]\n'
    found = rows(
        {"a.py": source, "app.json": '{"addons": ["heroku-postgresql:mini"]}', "Procfile": "web: x\n"},
        "heroku",
    )
    assert found["DATABASE_URL"].state == "platform"
    assert not {"HOME", "PORT"} & found.keys()
    assert rows({"a.py": source, "Procfile": "web: x\n"}, "heroku")["DATABASE_URL"].state == "yours"


def test_variable_that_a_system_package_needs_is_yours() -> None:
    files = {"Aptfile": "tesseract-ocr\nlibpq-dev\n", "Procfile": "web: x\n"}
    found = rows(files, "heroku")["TESSDATA_PREFIX"]
    assert (found.state, found.value) == ("yours", "")
    assert "usr/share/tesseract-ocr/*/tessdata" in found.why
    assert "TESSDATA_PREFIX" not in rows(files, "heroku-fir")  # an Aptfile does nothing there
    assert "TESSDATA_PREFIX" not in rows({"Procfile": "web: x\n"}, "heroku")
    there = files | {
        "app.json": '{"env": {"TESSDATA_PREFIX": "/app/.apt/usr/share/tesseract-ocr/5/tessdata"}}'
    }
    assert rows(there, "heroku")["TESSDATA_PREFIX"].state == "set"


def test_every_source_of_the_answers_is_used() -> None:
    import inspect

    data = env_cases.data()
    cases = [case for group in data.values() if isinstance(group, dict) for case in group.values()]
    cited = {case["source"] for case in cases if isinstance(case, dict) and "source" in case}
    code = inspect.getsource(env_cases) + inspect.getsource(env_plan)
    assert all(name in cited or f'"{name}"' in code for name in data["sources"])


# ---------------------------------------------------------------------------------------------------------- writing

ITEM = '- key: CMAKE_BUILD_PARALLEL_LEVEL\n{0}  value: "4"\n{0}  scope: BUILD_TIME\n'


def write_spec(text: str) -> str:
    of = app({"requirements.txt": "dlib==20.0.1\n", ".do/app.yaml": text}, "digitalocean")
    outcome = env_write.written(of, env_plan.plan(of, checked(of, "env")))
    return outcome.changes[".do/app.yaml"].decode()


def test_write_adds_three_lines_to_the_spec() -> None:
    assert write_spec(SPEC) == SPEC + " " * 6 + ITEM.format(" " * 6)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "services:\n- name: web # first\n  envs:\n  - key: A\n    value: b # last\n  # the end\n"
            "  http_port: 1\nregion: fra",
            "services:\n- name: web # first\n  envs:\n  - key: A\n    value: b # last\n  "
            + ITEM.format("  ")
            + "  # the end\n  http_port: 1\nregion: fra",
        ),
        (
            "services:\n- name: web\n  envs: [{key: A, value: b}]\n",
            "services:\n- name: web\n  envs: [{key: A, value: b}, {key: CMAKE_BUILD_PARALLEL_LEVEL, value: "
            '"4", scope: BUILD_TIME}]\n',
        ),
        (
            "envs:\n- {key: A, value: b}\nservices:\n- name: web\n",
            "envs:\n- {key: A, value: b}\n" + ITEM.format("") + "services:\n- name: web\n",
        ),
        (
            "services:\n- name: web\n  http_port: 8080",
            "services:\n- name: web\n  http_port: 8080\n  envs:\n    "
            + ITEM.format("    ").removesuffix("\n"),
        ),
        (
            "services:\r\n- name: web\r\n  envs:\r\n  - key: A\r\n    value: b\r\n",
            "services:\r\n- name: web\r\n  envs:\r\n  - key: A\r\n    value: b\r\n  "
            + ITEM.format("  ").replace("\n", "\r\n"),
        ),
        ("name: x\n", "name: x\nenvs:\n  " + ITEM.format("  ")),
        (
            "services:\n- name: web\n  envs: [] # none yet\n",
            'services:\n- name: web\n  envs: [{key: CMAKE_BUILD_PARALLEL_LEVEL, value: "4", scope: BUILD_TIME}]'
            " # none yet\n",
        ),
        (
            "services:\n- name: web\n  envs:\n  - key: A\n    value: b\nworkers:\n- name: queue\n",
            "services:\n- name: web\n  envs:\n  - key: A\n    value: b\nworkers:\n- name: queue\nenvs:\n  "
            + ITEM.format("  "),
        ),
    ],
    ids=[
        "comments",
        "flow",
        "app-level",
        "no-envs-no-newline",
        "crlf",
        "no-service",
        "empty",
        "two are built",
    ],
)
def test_write_into_specs_of_any_style(before: str, after: str) -> None:
    assert write_spec(before) == after


@pytest.mark.parametrize(
    "text",
    [
        "services:\n- {name: web}\n",
        "services:\n- name: web\n  envs: [\n  ]\n",
    ],
)
def test_write_refuses_what_would_not_come_out_as_meant(text: str) -> None:
    of = app({"requirements.txt": "dlib==20.0.1\n", ".do/app.yaml": text}, "digitalocean")
    with pytest.raises(env_write.Refused):
        env_write.written(of, env_plan.plan(of, checked(of, "env")))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            '{\n  "name": "x",\n  "env": {\n    "A": "b"\n  }\n}\n',
            '{\n  "name": "x",\n  "env": {\n    "A": "b",\n    "CMAKE_BUILD_PARALLEL_LEVEL": "1"\n  }\n}\n',
        ),
        ('{"env": {"A": "b"}}', '{"env": {"A": "b", "CMAKE_BUILD_PARALLEL_LEVEL": "1"}}'),
        ('{"env": {}}', '{"env": {\n  "CMAKE_BUILD_PARALLEL_LEVEL": "1"\n}}'),
        (
            '{\n\t"name": "x"\n}\n',
            '{\n\t"name": "x",\n\t"env": {\n\t  "CMAKE_BUILD_PARALLEL_LEVEL": "1"\n\t}\n}\n',
        ),
    ],
    ids=["lines", "one-line", "empty", "no-env"],
)
def test_write_into_app_json(before: str, after: str) -> None:
    of = app({"requirements.txt": "dlib==20.0.1\n", "app.json": before}, "dokku")
    outcome = env_write.written(of, env_plan.plan(of, checked(of, "env")))
    assert outcome.changes["app.json"].decode() == after


NAMES = st.from_regex(r"[A-Z][A-Z0-9_]{0,8}", fullmatch=True)
VALUES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=12)
SETTINGS = st.dictionaries(NAMES, VALUES, max_size=4)


def pairs(of: App, kind: str) -> list[tuple[str, str | None]]:
    return sorted((p.name, p.value) for p in of.env if p.origin == kind)


@given(SETTINGS, st.sampled_from([None, 0, 1, 2, 4, "\t"]), st.booleans())
def test_any_app_json_keeps_its_settings_and_gets_the_missing_ones(
    settings: dict[str, str], indent: int | str | None, ends: bool
) -> None:
    text = json.dumps({"name": "x", "env": settings, "stack": "s"}, indent=indent) + ("\n" if ends else "")
    of = app({"requirements.txt": "dlib==20.0.1\n", "app.json": text}, "dokku")
    outcome = env_write.written(of, env_plan.plan(of, checked(of, "BP603")))
    after = json.loads(outcome.changes.get("app.json", text.encode()))
    assert after == {"name": "x", "env": {"CMAKE_BUILD_PARALLEL_LEVEL": "1"} | settings, "stack": "s"}
    assert list(after["env"])[: len(settings)] == list(settings)


@given(SETTINGS, st.sampled_from([True, False, None]), st.integers(2, 6), st.sampled_from(["\n", "\r\n"]))
def test_any_app_spec_keeps_its_settings_and_gets_the_missing_ones(
    settings: dict[str, str], flow: bool | None, indent: int, newline: str
) -> None:
    envs = [{"key": key, "value": value} for key, value in settings.items()]
    spec = {"name": "x", "services": [{"name": "web", "envs": envs, "http_port": 1}], "region": "fra"}
    text = yaml.safe_dump(spec, default_flow_style=flow, indent=indent, sort_keys=False, allow_unicode=True)
    raw = text.replace("\n", newline)
    of = app({"requirements.txt": "dlib==20.0.1\n", ".do/app.yaml": raw}, "digitalocean")
    outcome = env_write.written(of, env_plan.plan(of, checked(of, "BP603")))
    if "CMAKE_BUILD_PARALLEL_LEVEL" not in settings:
        new = {"key": "CMAKE_BUILD_PARALLEL_LEVEL", "value": "4", "scope": "BUILD_TIME"}
        spec["services"][0]["envs"].append(new)  # type: ignore[index]
    assert yaml.safe_load(outcome.changes.get(".do/app.yaml", raw.encode())) == spec


def test_write_refuses_an_alias_that_would_say_more_than_is_meant() -> None:
    text = "services:\n- name: web\n  envs: &e\n  - {key: A, value: b}\nworkers:\n- name: two\n  envs: *e\n"
    of = app({".do/app.yaml": text}, "digitalocean")
    row = advised("4", "digitalocean")._replace(scope="run")
    with pytest.raises(env_write.Refused):
        env_write.written(of, [row])


def test_written_files_miss_nothing_more() -> None:
    of = app(FACES, "digitalocean")
    outcome = env_write.written(of, env_plan.plan(of, checked(of, "env")))
    after = of.with_changes(dict(outcome.changes))
    again = env_write.written(after, env_plan.plan(after, checked(after, "env")))
    assert again.changes == {}
    assert again.homeless == ()


def test_setting_without_a_file_is_named() -> None:
    of = app({"requirements.txt": "dlib==20.0.1\n"}, "dokku")
    outcome = env_write.written(of, env_plan.plan(of, checked(of, "env")))
    assert outcome.homeless == ("CMAKE_BUILD_PARALLEL_LEVEL",)


# ---------------------------------------------------------------------------------------------------------- formats


@pytest.mark.parametrize("form", [f for f in env_text.FORMATS if f not in ("table", "json")])
def test_formats(form: str) -> None:
    names = ("heroku", "digitalocean", "dokku", "scalingo")
    of = app(FACES | {"app.json": '{"env": {"FLASK_ENV": "production"}}\n'}, *names)
    found = env_plan.plan(of, checked(of, "env"))
    lines = env_text.dotenv(of, found) if form == "dotenv" else env_text.commands(form, of, found)
    same(f"env_{form}.txt", "\n".join(lines) + "\n")


def test_table() -> None:
    of = app(FACES, "digitalocean")
    found = env_plan.plan(of, checked(of, "env"))
    text = "\n".join(env_text.table(of, found, Look(width=80)))
    assert all(len(line) <= 80 or "https://" in line for line in text.splitlines())
    same("env_table.txt", text + "\n")
    same("env.json", json.dumps([row._asdict() for row in found], indent=2) + "\n")


NASTY = (
    "4",
    "*",
    "two words",
    "it's",
    'a "b" c',
    "$HOME `id` \\",
    "a=b;c&d|e",
    "first\nsecond",
    "é #x",
    "-O3",
)


def advised(value: str, platform: str) -> Row:
    return Row(platform, "FLAGS", "both", "missing", value, "", "", "why\nand more", "", "", "")


@pytest.mark.parametrize("form", list(env_text.COMMANDS))
def test_commands_give_a_shell_the_values_as_they_are(form: str, tmp_path: Path) -> None:
    """Run what is printed, with a client that writes down its arguments."""
    stub = tmp_path / form
    stub.write_text('#!/bin/sh\nprintf "%s\\0" "$@"\n')
    stub.chmod(0o755)
    of = app({"requirements.txt": "flask\n"}, form)
    for value in NASTY:
        script = "\n".join(env_text.commands(form, of, [advised(value, form)]))
        done = subprocess.run(
            ["sh", "-eu"], input=script.encode(), capture_output=True, check=True,
            env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        )  # fmt: skip
        assert f"FLAGS={value}" in done.stdout.decode().split("\0")
        assert done.stderr == b""


def test_dotenv_has_what_is_set_and_no_secret_and_each_name_once() -> None:
    spec = SPEC + "      - {key: MINE, value: 'EV[1:a1B2c3D4:x]', type: SECRET}\n"
    files = FACES | {"app.json": '{"env": {"LEVEL": "a b"}}', ".do/app.yaml": spec}
    of = app(files, "heroku", "dokku", "digitalocean")
    lines = list(env_text.dotenv(of, env_plan.plan(of, checked(of, "env"))))
    assert lines.count("LEVEL='a b'") == 1
    assert lines.count("# MINE=") == 1
    assert sum(line.startswith("CMAKE_BUILD_PARALLEL_LEVEL=") for line in lines) == 1
    assert not any("a1B2" in line for line in lines)


def test_dotenv_gives_a_shell_the_values_as_they_are(tmp_path: Path) -> None:
    of = app({"requirements.txt": "flask\n"}, "dokku")
    for value in NASTY:
        (tmp_path / ".env").write_text("\n".join(env_text.dotenv(of, [advised(value, "dokku")])) + "\n")
        script = 'set -aeu; . ./.env; printf %s "$FLAGS"'
        done = subprocess.run(["sh", "-c", script], cwd=tmp_path, capture_output=True, check=True)
        assert done.stdout.decode() == value
        document = dotenv.parse(Source(".env", (tmp_path / ".env").read_bytes()))
        assert [entry.value for entry in document.entries] == [value]


def test_table_ends_with_what_is_missing_and_what_is_wrong() -> None:
    files = {
        "requirements.txt": "flask\n",
        "project.toml": '[[io.buildpacks.build.env]]\nname = "PIP_NO_CACHE_DIR"\nvalue = "1"\n',
    }
    of = app(files, "heroku-fir")
    lines = list(env_text.table(of, env_plan.plan(of, checked(of, "env")), Look(width=80)))
    assert lines[-1] == "Nothing is missing. Wrong: PIP_NO_CACHE_DIR (project.toml:2)."


def test_values_are_quoted_for_the_shell() -> None:
    files = {"Procfile": "web: gunicorn a:a\n", "requirements.txt": "gunicorn\n"}
    of = app(files, "heroku-fir")
    text = "\n".join(env_text.commands("heroku", of, env_plan.plan(of, checked(of, "env"))))
    assert "FORWARDED_ALLOW_IPS='*'" in text
