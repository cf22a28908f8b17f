"""`bpopt apt`: what the apt list of an app brings, why, and what it costs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bpopt.cli import CLEAN, FINDINGS, NOTHING, tell

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import RenderableType

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.apt.plan import Layer

F = TypeVar("F", bound="Callable[..., Any]")

EPILOG = """\b
Examples:
  bpopt apt size                        what each line of the Aptfile costs
  bpopt apt tree services/api           what brings what
  bpopt apt why libwayland-dev          which line brings that package
  bpopt apt size --without libsm6 --without libice6
                                        what goes if both lines go
  bpopt apt size --suite bookworm       on a bare Debian 12, nothing installed
  bpopt apt size --stack heroku-22 --format json

Exit codes: 0 there is an answer, 1 apt would refuse a line (why: no line brings the package), 3 no apt list.
"""


@click.group("apt", epilog=EPILOG)
def command() -> None:
    """Show what an apt list brings on its platform: the packages, the reasons, the bytes."""


def _common(function: F) -> F:
    """Add the options of all three."""
    kinds = click.Choice(["text", "json"])
    names = "heroku, heroku-fir, digitalocean, dokku or scalingo."
    for option in (
        click.option("--format", "form", type=kinds, default="text", show_default=True),
        click.option("--suite", metavar="NAME", help="A bare suite instead of a stack, such as bookworm."),
        click.option("--stack", metavar="NAME", help="The stack, such as heroku-24.  [default: as detected]"),
        click.option("--platform", metavar="NAME", help=f"{names}  [default: as detected]"),
        click.argument("app", default=".", type=click.Path(exists=True, file_okay=False)),
    ):
        function = option(function)
    return function


@command.command("size")
@click.option(
    "--without", multiple=True, metavar="LINE", help="Say what goes if this line goes, with others named."
)
@_common
def size(without: tuple[str, ...], **asked: str) -> int:
    """Show for each line of APP's list what it brings, and what would go if the line went."""
    from bpopt.apt import show

    return _answer(
        asked,
        lambda layer: show.size_table(layer, without),
        lambda layer: show.layer_json(layer, without),
        lambda layer: _whole(layer) and _named(layer, without),
    )


@command.command("tree")
@_common
def tree(**asked: str) -> int:
    """Show the packages of APP's list, each under the one that brought it, the heaviest first."""
    from bpopt.apt import show

    return _answer(asked, show.tree, show.layer_json)


@command.command("why")
@click.argument("package")
@_common
def why(package: str, **asked: str) -> int:
    """Show the ways by which PACKAGE comes into APP, one for each line that brings it."""
    from bpopt.apt import plan, show

    return _answer(
        asked,
        lambda layer: show.why_text(layer, package),
        lambda layer: show.why_json(layer, package),
        lambda layer: bool(plan.why(layer, package)),
    )


def _named(layer: Layer, without: tuple[str, ...]) -> bool:
    """Whether all lines asked for are there; tell which is not."""
    missing = [name for name in without if name not in set(map(" ".join, layer.words))]
    for name in missing:
        tell(f"--without {name}: the list has no such line")
    return not missing


def _whole(layer: Layer) -> bool:
    """Whether apt takes every line."""
    return not layer.refused


def _answer(
    asked: dict[str, str],
    text: Callable[[Layer], RenderableType],
    data: Callable[[Layer], dict[str, Any]],
    good: Callable[[Layer], bool] = _whole,
) -> int:
    """Print the layer of an app's list as asked for; the exit code."""
    from bpopt.app import apt_list

    folder, form, suite = asked["app"], asked["form"], asked["suite"]
    app, target = find_target(folder, asked["platform"], asked["stack"])
    listed = apt_list.of(app, target)
    layer = _on_suite(listed.lines, target.platform.name, suite) if suite else apt_list.layer(app, target)
    if not listed.lines or layer is None:
        tell(
            f"{suite or target.label}: no catalog"
            if listed.lines
            else f"{folder}: no apt list for {target.label}"
        )
        return NOTHING
    if form == "json":
        import json

        where = {"file": listed.path, "platform": target.platform.name, "stack": suite or target.stack}
        click.echo(json.dumps({**where, **data(layer)}, indent=2))
    else:
        from rich.console import Console

        # Into a pipe, rich would fold at 80 columns.
        console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
        place = f"a bare {suite}" if suite else f"{target.label}{_how(app, target)}"
        console.print(f"[bold]{listed.path}[/bold] on {place}")
        console.print(text(layer))
    if not listed.whole:
        tell("addresses of .deb files and other archives are left out: what they bring is not known")
    return CLEAN if good(layer) else FINDINGS


def _on_suite(lines: Sequence[Sequence[str]], platform: str, suite: str) -> Layer | None:
    """The layer on a suite with nothing installed; a usage error where there is no catalog of it."""
    from bpopt.apt import catalog, plan, stacks

    known = stacks.find(suite)
    if known is None or catalog.for_suite(known.suite) is None:
        there = ", ".join(stacks.DEBIAN + stacks.UBUNTU)
        raise click.BadParameter(
            f"there is no catalog of {suite!r} (suites: {there}); see bpopt catalog", param_hint="--suite"
        )
    layer = plan.for_platform(platform, known.suite, lines)
    if layer is not None:
        layer.stand_ins = ()  # an empty image is what was asked for
    return layer


def find_target(folder: str, platform: str | None, stack: str | None) -> tuple[App, Target]:
    """Return the app in a folder, and the first of its targets that installs from an apt list."""
    from bpopt.app import App, apt_list
    from bpopt.app.files import DiskFiles
    from bpopt.cli.request import Configuration, Request, shown

    configuration = Configuration(Request(platform=(platform,) if platform else (), stack=stack))
    settings = configuration.for_folder(folder, None)
    app = App(DiskFiles(folder), shown(folder), configuration.targets(settings))
    return app, next((t for t in app.targets if apt_list.of(app, t).lines), app.targets[0])


def _how(app: App, target: Target) -> str:
    if app.knows_target:
        return f" (as {target.why} says)" if app.has(target.why) else ""
    return " (assumed: no file says where the app goes; --platform and --stack do)"
