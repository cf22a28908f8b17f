"""Rules of one family: what ships. Here is what several of them share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.text import Source, Span

if TYPE_CHECKING:
    from bpopt.app import App
    from bpopt.app.targets import Target

SLUG_COMPILER = "https://devcenter.heroku.com/articles/slug-compiler"
SCALINGO_SLUGIGNORE = "https://doc.scalingo.com/platform/app/slugignore"
CHECKED = "2026-11-23"


def honouring(app: App) -> tuple[Target, ...]:
    """The targets that certainly read .slugignore."""
    return app.reading("slugignore")


def before_build(target: Target) -> bool:
    """Whether a target drops the files before its build sees them."""
    when = target.platform.fact("slugignore.when")
    return when is not None and when.verified and when.value == "before-build"


def placed(app: App, path: str) -> tuple[Source, Span]:
    """Where to put a finding about a file that need not be read: at the start of it."""
    return Source(path, b""), Span(0, 0)


def best_place(app: App) -> tuple[Source, Span] | None:
    """Where to put a finding about what is not there: the web line of the Procfile, else the first file."""
    procfile = app.procfile
    entry = procfile.process("web") if procfile is not None else None
    if procfile is not None and entry is not None:
        return procfile.source, entry.name_span
    for kind in ("procfile", "requirements", "app_json", "python_version", "runtime_txt", "aptfile"):
        for path in app.paths.get(kind, ()):
            source = app.source(path)
            if source is not None and app.document(kind, path) is not None:
                return source, Span(0, len(source.line_at(1)))
    return None


def size_text(size: int) -> str:
    """Bytes for people, in steps of a thousand."""
    if size >= 999_500_000:
        return f"{size / 1e9:.1f} GB"
    return f"{size / 1e6:.1f} MB" if size >= 99_500 else f"{max(size / 1e3, 0.1):.1f} kB"
