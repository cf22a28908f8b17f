"""What an app's Python packages are installed from, as the Python buildpacks see the top of the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bpopt.app import App
    from bpopt.app.targets import Target

# In the order in which the classic buildpack asks for them.
FILES = ("Pipfile.lock", "requirements.txt", "poetry.lock", "uv.lock")
# Files of other languages: with one of them a web process may well need no Python at all.
OTHERS = (
    "package.json",
    "go.mod",
    "Gemfile",
    "composer.json",
    "pom.xml",
    "build.gradle",
    "Cargo.toml",
    "mix.exs",
)


def present(app: App) -> tuple[str, ...]:
    """The package manager files at the top of the app, in the buildpack's order."""
    names = app.names
    return tuple([name for name in FILES if name in names])


def treats(target: Target, key: str) -> str | None:
    """`error`, `warning` or None: what a target makes of a state of the package files, where that is verified."""
    fact = target.platform.fact(f"python.{key}")
    return str(fact.value) if fact is not None and fact.verified else None


def seems_python(app: App) -> bool:
    """Whether the app is certainly Python: a Python file at its top, and no file of another language."""
    return any(name.endswith(".py") and "/" not in name for name in app.names) and not any(
        app.has(name) for name in OTHERS
    )
