from __future__ import annotations

import pytest

from bpopt.app.buildpacks import identify
from tests.rules.apps import app_of


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("heroku-community/apt", "apt"),
        ("https://github.com/heroku/heroku-buildpack-apt.git", "apt"),
        ("https://github.com/Scalingo/apt-buildpack", "apt"),
        ("https://buildpack-registry.s3.amazonaws.com/buildpacks/heroku-community/apt.tgz", "apt"),
        ("heroku/deb-packages", "apt"),
        ("heroku/python", "python"),
        ("https://github.com/Heroku/heroku-buildpack-python/", "python"),
        ("https://github.com/Scalingo/python-buildpack.git", "python"),
        ("heroku/nodejs", ""),
        ("https://github.com/me/python-extras", ""),
        ("", ""),
    ],
)
def test_buildpacks_are_known_by_the_end_of_their_address(address: str, what: str) -> None:
    assert identify(address) == what


def test_lists_belong_to_the_platforms_that_read_them() -> None:
    files = {
        "app.json": '{"buildpacks": [{"url": "heroku/python#v210"}]}\n',
        ".buildpacks": "# first\nhttps://github.com/Scalingo/apt-buildpack\n\nhttps://github.com/Scalingo/python-buildpack\n",
        "project.toml": '[[io.buildpacks.group]]\nid = "heroku/python"\nversion = "1.0"\n',
    }
    app = app_of(files, "heroku", "scalingo", "heroku-fir")
    seen = [
        (x.source.path, [t.platform.name for t in x.targets], [b.what for b in x.buildpacks])
        for x in app.buildpacks
    ]
    assert seen == [
        ("app.json", ["heroku"], ["python"]),
        (".buildpacks", ["scalingo"], ["apt", "python"]),
        ("project.toml", ["heroku-fir"], ["python"]),
    ]
    assert [b.version for x in app.buildpacks for b in x.buildpacks] == ["v210", "", "", "1.0"]
    assert app.buildpacks[1].first("python") == 1


def test_no_list_without_a_platform_that_reads_it() -> None:
    assert app_of({".buildpacks": "heroku/python\n"}, "digitalocean").buildpacks == ()
