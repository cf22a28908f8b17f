"""Layers: lines, what they cost and what goes with them, why a package is there."""

from __future__ import annotations

import json

import pytest
from rich.console import Console

from bpopt.apt import catalog, plan, show

LINES = [["libgtk-3-dev"], ["libsm6"], ["libatlas-base-dev"]]


def heroku(lines: list[list[str]], platform: str = "heroku") -> plan.Layer:
    made = plan.for_platform(platform, "heroku-24", lines)
    assert made is not None
    return made


def test_a_line_that_another_brings_saves_nothing() -> None:
    bookworm = catalog.for_suite("bookworm")
    assert bookworm is not None
    gtk, sm, atlas = plan.layer(bookworm, LINES).lines
    assert sm.marginal == plan.Cost(0, 0, 0)
    assert sm.own.packages > 1
    assert gtk.marginal.unpacked > 100_000_000
    assert atlas.marginal.unpacked > 20_000_000
    assert bookworm.marginal(LINES) == (gtk.marginal.unpacked, 0, atlas.marginal.unpacked)


def test_marginal_is_the_difference_of_totals() -> None:
    made = heroku(LINES)
    for place, line in enumerate(made.lines):
        rest = heroku(LINES[:place] + LINES[place + 1 :])
        assert line.marginal.packages == made.total.packages - rest.total.packages
        assert line.marginal.unpacked == made.total.unpacked - rest.total.unpacked
        assert plan.saved(made, [place]) == line.marginal
    assert plan.saved(made, range(3)) == made.total


def test_a_named_package_is_fetched_though_the_image_has_it() -> None:
    made = heroku([["libsm6"]])
    assert [package.name for package in made.packages] == ["libsm6"]
    assert made.exact


def test_platforms_differ() -> None:
    assert heroku([["curl", "jq"]]).total.packages == 2
    assert heroku([["curl", "jq"]], "digitalocean").lines[0].closure.unknown == ("curl jq",)
    assert heroku([["curl"]], "heroku-fir").total.packages == 0
    assert heroku([["ffmpeg"]], "heroku-fir").total.packages < heroku([["ffmpeg"]]).total.packages
    bare = plan.for_platform("scalingo", "heroku-24", [["ffmpeg"]], recommends=False)
    assert bare is not None
    assert bare.total.packages < heroku([["ffmpeg"]]).total.packages


def test_a_stand_in_makes_the_layer_inexact() -> None:
    for stack in ("ubuntu-22", "heroku-20", "scalingo-24"):
        made = plan.for_platform("heroku", stack, [["jq"]])
        assert made is not None
        assert not made.exact
        assert "nearest relative" in show.basis(made)
    assert plan.for_platform("heroku", "heroku-99", [["jq"]]) is None


def test_why() -> None:
    made = heroku([["libgtk-3-dev"], ["libsm6"]])
    (way,) = plan.why(made, "libwayland-dev")
    assert way[0] == plan.Step("libgtk-3-dev", False)
    assert way[-1].name == "libwayland-dev"
    assert plan.why(made, "libsm6") == ((plan.Step("libsm6", False),),)
    assert plan.why(made, "nothing-of-the-kind") == ()


def test_every_package_has_a_way() -> None:
    made = heroku([["libopencv-dev"], ["texlive"]])
    for package in made.packages:
        assert plan.why(made, package.name), package.name


def test_fir_refuses_a_virtual_name_with_several_providers() -> None:
    assert heroku([["libasound2"]], "heroku-fir").lines[0].closure.unknown == ("libasound2",)
    assert heroku([["libasound-dev"]], "heroku-fir").lines[0].closure.named == ("libasound2-dev",)


@pytest.mark.parametrize("name", ["libgtk-3-dev", "no-such [thing]"])
def test_what_is_shown(name: str) -> None:
    made = heroku([[name]])
    console = Console(width=200, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    with console.file:
        for part in (show.size_table(made), show.tree(made), show.why_text(made, "libwayland-dev")):
            console.print(part)
    text = console.export_text()
    assert name in text
    assert "index of noble of 20" in text
    data = json.loads(json.dumps(show.layer_json(made)))
    assert data["total"]["packages"] == len(data["lines"][0]["packages"])
    assert json.dumps(show.why_json(made, name))


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (35_108, "35 kB"),
        (4_135_000, "4.1 MB"),
        (2_500_000_000, "2.5 GB"),
    ],
)
def test_human(size: int, text: str) -> None:
    assert show.human(size) == text
