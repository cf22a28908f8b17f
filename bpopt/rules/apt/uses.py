"""Whether anything of an app can use what a line of its apt list brings: what `unused-library` and its kin rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.app.once import once
from bpopt.finding import Evidence
from bpopt.rules.packages import installs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.apt.solver import Closure

# Files that show another language, or binaries and sources that are compiled: what they link to is in no table.
_OTHERS = frozenset(
    {
        *(
            "package.json",
            "Gemfile",
            "composer.json",
            "go.mod",
            "Cargo.toml",
            "pom.xml",
            "build.gradle",
            "mix.exs",
        ),
        *("setup.py", "CMakeLists.txt", "meson.build", "Makefile", "DESCRIPTION", "init.R"),
    }
)
_COMPILED = (".so", ".c", ".cc", ".cpp", ".cxx", ".h", ".pyx", ".rs", ".go", ".f90", ".java", ".deb")
_TESTS = frozenset({"test", "tests"})
_SCRIPTS = (".sh", "bin/pre_compile", "bin/post_compile")


@once
def known_whole(app: App) -> bool:
    """Whether all that the requirements load, run and are compiled against is known: the ground of any proof."""
    from bpopt.native import table

    return (
        installs(app, ()) is False
        and not table.loads(app).unknown
        and all(table.known_source(name) for name in table.compiled(app))
    )


def unused(app: App, target: Target, brought: Closure | None) -> bool:
    """Whether it is proved that neither the requirements nor the app's own files can use these packages.

    For apps that are `known_whole`. Source that opens libraries or runs programs, another language, a buildpack
    that bpopt does not know: each of them leaves it open.
    """
    from bpopt.native import table

    return brought is not None and table.used_of(app, target, brought) == () and not own(app)


@once
def own(app: App) -> str:
    """Why the app's own files may use a system library or program; "" where they certainly do not."""
    if any(not buildpack.what for listed in app.buildpacks for buildpack in listed.buildpacks):
        return "another buildpack may"
    for path, text in _files(app):
        if text is None:
            return f"{path} may"
        if path.endswith(".py") and _speaks(text):
            return f"{path} opens libraries or runs programs"
    return ""


def _speaks(text: bytes) -> bool:
    from bpopt.native import speech

    return speech.opens(text) or speech.runs(text)


def _files(app: App) -> Iterator[tuple[str, bytes | None]]:
    """The app's Python files with their bytes; what may use a library otherwise, or cannot be read, with None.

    Tests are left out: no deploy runs them.
    """
    for path, _ in app.files.walk():
        *folders, name = path.split("/")
        if not _TESTS.isdisjoint(folders) or name.startswith(("test_", "conftest.")):
            continue
        if name in _OTHERS or path.endswith(_COMPILED + _SCRIPTS) or ".so." in name:
            yield path, None
        elif path.endswith((".py", ".pyi")):
            yield path, app.files.read(path)


def brings(name: str, target: Target) -> Closure | None:
    """What a package brings along on a target, itself included; None where apt refuses it or no catalog is known."""
    from bpopt.rules.apt import layer_on

    layer = layer_on(target, (name,))
    closure = layer.closures[0] if layer is not None else None
    if closure is None or closure.unknown or closure.broken or not closure.chosen:
        return None
    return closure


def exact(name: str, target: Target) -> bool:
    """Whether the stack's own index and image list say so, rather than those of a relative."""
    from bpopt.rules.apt import layer_on

    layer = layer_on(target, (name,))
    return layer is not None and layer.exact


def read_from_wheels() -> Evidence:
    """What a proof that nothing is loaded rests on, with the day of the table."""
    from bpopt.native import rows

    text = "what all requirements link, open and run, read from their wheels and sources"
    return Evidence(
        "measurement", text, "https://github.com/bpopt/bpopt/blob/main/docs/native.md", rows.checked()
    )
