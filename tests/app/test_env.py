from __future__ import annotations

import datetime

from bpopt.app import App
from bpopt.app.files import MemoryFiles
from bpopt.app.targets import told


def settings(files: dict[str, str], *on: str) -> list[tuple[object, ...]]:
    contents = {path: text.encode() for path, text in files.items()}
    app = App(MemoryFiles(contents), "", told(on, None, None, "test"), datetime.date(2026, 11, 24))
    for placed in app.env:
        text = placed.source.text
        assert text[slice(*placed.setting.name_span)].strip("\"'") == placed.name
        assert placed.name in text[slice(*placed.setting.entry_span)]
    return [
        (p.origin, p.component, p.name, p.value, p.build, p.run, [t.platform.name for t in p.targets])
        for p in app.env
    ]


def test_app_json_settings_are_seen_by_build_and_run() -> None:
    text = '{"env": {"A": "1", "B": {"description": "x", "value": "2"}, "C": {"generator": "secret"}}}'
    assert settings({"app.json": text}, "heroku", "digitalocean") == [
        ("app_json", "", "A", "1", True, True, ["heroku"]),
        ("app_json", "", "B", "2", True, True, ["heroku"]),
        ("app_json", "", "C", None, True, True, ["heroku"]),
    ]


def test_settings_of_an_environment_in_app_json_name_it() -> None:
    text = '{"environments": {"test": {"env": {"DEBUG": "1"}}}}'
    assert settings({"app.json": text}, "heroku") == [
        ("app_json", "environments.test", "DEBUG", "1", True, True, ["heroku"])
    ]


def test_app_spec_settings_follow_their_scope() -> None:
    text = (
        "envs:\n- {key: A, value: '1', scope: BUILD_TIME}\n"
        "services:\n- name: web\n  run_command: C=3 gunicorn app:app\n"
        "  envs:\n  - key: B\n    value: two # yes\n    scope: RUN_TIME\n  - {key: D, value: '4'}\n"
    )
    assert settings({".do/app.yaml": text}, "digitalocean", "heroku") == [
        ("app_spec", "", "A", "1", True, False, ["digitalocean"]),
        ("app_spec", "web", "B", "two", False, True, ["digitalocean"]),
        ("app_spec", "web", "D", "4", True, True, ["digitalocean"]),
        ("command", "web", "C", "3", False, True, ["digitalocean"]),
    ]


def test_procfile_assignments_count_for_those_who_run_the_line() -> None:
    text = "web: A=1 B='two words' gunicorn app:app\nworker: export C=$D && celery worker\n"
    assert settings({"Procfile": text}, "heroku", "digitalocean") == [
        ("command", "web", "A", "1", False, True, ["heroku", "digitalocean"]),
        ("command", "web", "B", "two words", False, True, ["heroku", "digitalocean"]),
        ("command", "worker", "C", None, False, True, ["heroku"]),
    ]


def test_only_dot_env_itself_reaches_dokku() -> None:
    assert settings({".env": "A=1\n", ".env.example": "B=\n"}, "dokku", "heroku") == [
        ("dotenv", "", "A", "1", True, True, ["dokku"]),
        ("dotenv", "", "B", "", True, True, []),
    ]


def test_scalingo_json_settings() -> None:
    text = '{"env": {"A": {"value": "1"}, "B": "2"}}'
    assert settings({"scalingo.json": text}, "scalingo") == [
        ("scalingo_json", "", "A", "1", True, True, ["scalingo"]),
        ("scalingo_json", "", "B", "2", True, True, ["scalingo"]),
    ]


def test_a_dot_env_that_git_ignores_is_not_deployed() -> None:
    files = {".env": "A=1\n", ".env.example": "B=\n"}
    assert [s[2] for s in settings({**files, ".gitignore": "*.log\n/.env\n"}, "dokku")] == ["B"]
    assert [s[2] for s in settings({**files, ".gitignore": ".env*\n!.env.example\n"}, "dokku")] == ["B"]
    assert [s[2] for s in settings({**files, ".gitignore": "# .env\nenv/\n"}, "dokku")] == ["A", "B"]
