"""app.json, app specs, project.toml and heroku.yml: what they say, where, and that a wrong type is no value."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bpopt.documents import app_json, app_spec, heroku_yml, project_toml
from bpopt.documents.view import View
from bpopt.text import Source
from tests.documents.places import at, source, spans

MANIFEST = """\
{
  "name": "fäce", "stack": "heroku-24",
  "buildpacks": [{"url": "heroku-community/apt"}, "heroku/python", {"uri": 1}],
  "env": {
    "PLAIN": "x", "N": 8080, "ON": true, "NONE": null,
    "LONG": {"description": "d", "value": "v"},
    "KEY": {"generator": "secret"}
  },
  "formation": {"web": {"quantity": 2, "size": "basic"}},
  "addons": ["pg:mini", {"plan": "redis"}],
  "scripts": {"postdeploy": "./x.sh", "dokku": {"predeploy": "y"}}
}
"""


def test_an_app_json_is_read_with_places() -> None:
    app = app_json.parse(source(MANIFEST))
    assert app.tree.problems == ()
    assert app.name is not None
    assert app.stack is not None
    assert (app.name.value, at(MANIFEST, app.name.span)) == ("fäce", '"fäce"')
    assert at(MANIFEST, app.stack.entry_span) == '"stack": "heroku-24"'
    assert app.stack.verbatim is not None
    assert at(MANIFEST, app.stack.verbatim) == "heroku-24"
    assert [(b.url.value, at(MANIFEST, b.span)) for b in app.buildpacks] == [
        ("heroku-community/apt", '{"url": "heroku-community/apt"}'),
        ("heroku/python", '"heroku/python"'),
    ]
    assert [t.value for t in app.addons] == ["pg:mini", "redis"]
    assert [(name, text.value) for name, text in app.scripts] == [("postdeploy", "./x.sh")]
    (web,) = app.formation
    assert web.quantity is not None
    assert web.size is not None
    assert (web.name, web.quantity.value, at(MANIFEST, web.size.span)) == ("web", 2, '"basic"')
    assert app.view.text("scripts", "dokku", "predeploy")


def test_settings_of_an_app_json() -> None:
    env = {s.name: s for s in app_json.parse(source(MANIFEST)).env}
    assert [(s.name, s.value, s.secret) for s in env.values()] == [
        ("PLAIN", "x", False), ("N", "8080", False), ("ON", "true", False), ("NONE", None, False),
        ("LONG", "v", False), ("KEY", None, True),
    ]  # fmt: skip
    assert at(MANIFEST, env["LONG"].value_span) == '"v"'
    assert at(MANIFEST, env["LONG"].entry_span) == '"LONG": {"description": "d", "value": "v"}'
    assert at(MANIFEST, env["KEY"].name_span) == '"KEY"'
    assert at(MANIFEST, env["KEY"].value_span) == ""


SPEC = """\
name: app # é
region: fra
envs:
  - key: TOP
    value: "1"
services:
  - name: web
    environment_slug: python
    source_dir: /src
    http_port: 8080
    instance_count: 2
    instance_size_slug: basic-xxs
    run_command: >-
      gunicorn app:app
    build_command: "make é"
    dockerfile_path: D
    health_check:
      http_path: /health
      initial_delay_seconds: 20
    envs:
      # kept
      - key: "A"
        value: x
        scope: RUN_TIME
      - {key: S, value: "EV[1:abc]", type: SECRET}
      - key: EMPTY
      - value: nameless
jobs:
  - name: migrate
    kind: PRE_DEPLOY
    run_command: python manage.py migrate
workers: [{name: w}, 3]
static_sites: {}
"""


def test_an_app_spec_is_read_with_places() -> None:
    spec = app_spec.parse(source(SPEC))
    assert spec.name is not None
    assert spec.region is not None
    assert [(c.kind, c.name.value if c.name else None) for c in spec.components] == [
        ("service", "web"),
        ("job", "migrate"),
        ("worker", "w"),
    ]
    (web,) = spec.services
    texts = [web.environment_slug, web.source_dir, web.instance_size_slug, web.dockerfile_path]
    assert [at(SPEC, t.span) for t in texts if t] == ["python", "/src", "basic-xxs", "D"]
    numbers = [web.http_port, web.instance_count]
    assert [(n.value, at(SPEC, n.entry_span)) for n in numbers if n] == [
        (8080, "http_port: 8080"),
        (2, "instance_count: 2"),
    ]
    job = spec.of_kind("job")[0]
    assert job.job_kind is not None
    assert job.job_kind.value == "PRE_DEPLOY"


def test_a_command_can_be_edited_where_it_stands_verbatim() -> None:
    (web,) = app_spec.parse(source(SPEC)).services
    assert web.run_command is not None
    assert web.run_command.verbatim is not None
    assert at(SPEC, web.run_command.verbatim) == "gunicorn app:app"
    assert web.build_command is not None
    assert web.build_command.verbatim is not None
    assert at(SPEC, web.build_command.verbatim) == "make é"
    folded = app_spec.parse(source("services:\n- run_command: >\n    a\n    b\n")).services[0].run_command
    assert folded is not None
    assert (folded.value, folded.verbatim) == ("a b\n", None)


def test_health_check_of_a_service() -> None:
    (web,) = app_spec.parse(source(SPEC)).services
    check = web.health_check
    assert check is not None
    assert check.http_path is not None
    assert check.initial_delay_seconds is not None
    assert (check.http_path.value, check.initial_delay_seconds.value, check.port) == ("/health", 20, None)
    assert at(SPEC, check.span) == "http_path: /health\n      initial_delay_seconds: 20"


def test_settings_of_an_app_spec() -> None:
    spec = app_spec.parse(source(SPEC))
    assert [(s.name, s.value) for s in spec.envs] == [("TOP", "1")]
    env = spec.services[0].envs
    assert [(s.name, s.value, s.scope, s.secret) for s in env] == [
        ("A", "x", "RUN_TIME", False),
        ("S", "EV[1:abc]", None, True),
        ("EMPTY", None, None, False),
    ]
    assert at(SPEC, env[0].name_span) == '"A"'
    assert at(SPEC, env[0].entry_span) == 'key: "A"\n        value: x\n        scope: RUN_TIME'
    assert at(SPEC, env[1].entry_span) == '{key: S, value: "EV[1:abc]", type: SECRET}'
    assert at(SPEC, env[2].value_span) == ""


def test_a_deploy_template_is_read_under_its_spec() -> None:
    spec = app_spec.parse(source("spec:\n  name: a\n  services:\n  - name: w\n"))
    assert spec.name is not None
    assert (spec.name.value, len(spec.services)) == ("a", 1)


PROJECT = """\
[_]
schema-version = "0.2"
[io.buildpacks]
builder = "heroku/builder:24"
exclude = ["a", 1, "b"]
[[io.buildpacks.group]]
id = "heroku/python" # é
version = "1"
[[io.buildpacks.build.env]]
name = "A"
value = "b"
[com.heroku.buildpacks.deb-packages]
install = ["git", {name = "x", force = true}, 3]
download = ["https://h/x.deb"]
"""


def test_a_project_toml_is_read_with_places() -> None:
    project = project_toml.parse(source(PROJECT))
    assert project.schema_version is not None
    assert project.builder is not None
    assert (project.schema_version.value, project.builder.value) == ("0.2", "heroku/builder:24")
    assert [at(PROJECT, t.span) for t in project.exclude] == ['"a"', '"b"']
    (pack,) = project.buildpacks
    assert pack.id is not None
    assert at(PROJECT, pack.id.span) == '"heroku/python"'
    assert at(PROJECT, pack.span) == '[[io.buildpacks.group]]\nid = "heroku/python" # é\nversion = "1"'
    assert [(s.name, s.value, s.scope) for s in project.env] == [("A", "b", "BUILD_TIME")]
    assert [(p.name.value, at(PROJECT, p.span), p.force) for p in project.deb_install] == [
        ("git", '"git"', False),
        ("x", '{name = "x", force = true}', True),
    ]
    assert [t.value for t in project.deb_download] == ["https://h/x.deb"]
    assert project.deb_packages.node is not None


def test_the_old_schema_of_project_toml_is_read_too() -> None:
    text = (
        '[build]\nexclude = ["x"]\n[[build.buildpacks]]\nid = "p"\n[[build.env]]\nname = "N"\nvalue = "v"\n'
    )
    project = project_toml.parse(source(text))
    assert [t.value for t in project.exclude] == ["x"]
    assert [b.id.value for b in project.buildpacks if b.id] == ["p"]
    assert [s.name for s in project.env] == ["N"]
    assert project.deb_packages.node is None


HEROKU = """\
setup:
  addons: [{plan: heroku-postgresql, as: DB}, redis]
  config: {RUN: "x"}
build:
  docker: {web: Dockerfile, worker: {dockerfile: w/Dockerfile}}
  packages: [imagemagick]
  languages: [python]
  config:
    BUILD: 1
release:
  image: worker
  command: [./a.sh, ./b.sh]
run:
  web: gunicorn app:app # é
  w: {command: [x], image: worker}
"""


def test_a_heroku_yml_is_read_with_places() -> None:
    yml = heroku_yml.parse(source(HEROKU))
    assert [(n, t.value) for n, t in yml.docker] == [("web", "Dockerfile"), ("worker", "w/Dockerfile")]
    assert [t.value for t in (*yml.packages, *yml.languages, *yml.addons)] == [
        "imagemagick",
        "python",
        "heroku-postgresql",
        "redis",
    ]
    assert [(s.name, s.value, s.scope) for s in yml.env] == [("BUILD", "1", "BUILD_TIME"), ("RUN", "x", None)]
    web, worker = yml.run
    assert at(HEROKU, web.commands[0].span) == "gunicorn app:app"
    assert (worker.image.value if worker.image else None, at(HEROKU, worker.name_span)) == ("worker", "w")
    assert yml.release is not None
    assert [t.value for t in yml.release.commands] == ["./a.sh", "./b.sh"]


def test_a_view_of_nothing_answers_nothing() -> None:
    view = View(source("x"), None)
    assert (view.text("a"), view.number("a"), view.items("a"), view.entries("a"), view.written()) == (
        None,
        None,
        [],
        [],
        None,
    )


# Documents with the right keys and any type of value: nothing may break, whatever stands where.
KEYS = st.sampled_from(
    [
        "name", "stack", "buildpacks", "url", "env", "value", "generator", "formation", "web",
        "quantity", "size", "addons", "plan", "scripts", "spec", "services", "jobs", "envs", "key",
        "scope", "type", "http_port", "health_check", "http_path", "run_command", "build", "docker",
        "packages", "config", "run", "command", "release", "setup", "io", "group", "id", "com",
        "heroku", "deb-packages", "install", "exclude", "_", "schema-version", "<<",
    ]
)  # fmt: skip
SHAPES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.sampled_from(["a", "", "8080", "é"])),
    lambda below: st.one_of(st.lists(below, max_size=4), st.dictionaries(KEYS, below, max_size=6)),
    max_leaves=30,
)


@settings(deadline=None, max_examples=200)
@given(shape=SHAPES)
def test_any_shape_is_read_without_a_crash(shape: Any) -> None:
    as_json = Source.of("f", json.dumps(shape, ensure_ascii=False))
    as_yaml = Source.of("f", yaml.safe_dump(shape, allow_unicode=True))
    parsed: list[tuple[Source, Any]] = [
        (as_json, app_json.parse(as_json)),
        (as_yaml, app_spec.parse(as_yaml)),
        (as_yaml, heroku_yml.parse(as_yaml)),
    ]
    for where, document in parsed:
        for span in spans(document):
            at(where, span)


@pytest.mark.parametrize(
    "text",
    [
        "io = 1", "io = [1]", "[io]\nbuildpacks = 'x'", "[[io.buildpacks]]\ngroup = 1", "build = []", "_ = 1",
        "[io.buildpacks]\ngroup = [1, 'x', []]\nexclude = {a = 1}", "[com.heroku.buildpacks]\ndeb-packages = [1]",
    ],
)  # fmt: skip
def test_any_shape_of_project_toml_is_read_without_a_crash(text: str) -> None:
    project = project_toml.parse(source(text))
    assert project.tree.problems == ()
    assert (project.buildpacks, project.deb_install, project.schema_version) == ((), (), None)
