"""Rules of one family: apt package lists. Here is what several of them share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit
from bpopt.text import Source, Span

if TYPE_CHECKING:
    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.aptfile import AptWord


def remove_word(source: Source, word: AptWord) -> Edit:
    """The edit that takes a package out of its list: its whole line if it is alone there, else the word."""
    line = source.whole_line(word.span)
    text = source.text[line.start : line.end]
    if text.strip() == word.text:
        return Edit(source.path, line, "")
    before = source.text[line.start : word.span.start]
    if before.strip():
        return Edit(source.path, Span(line.start + len(before.rstrip()), word.span.end), "")
    after = source.text[word.span.end : line.end]
    blanks = len(after) - len(after.lstrip(" \t"))
    return Edit(source.path, Span(word.span.start, word.span.end + blanks), "")


HEROKU_APT = "https://github.com/heroku/heroku-buildpack-apt/blob/main/bin/compile"
DIGITALOCEAN_APT = "https://github.com/digitalocean/buildpack-apt/blob/main/bin/build"


def readers(app: App) -> tuple[Target, ...]:
    """The targets that install from an Aptfile."""
    return app.where(lambda target: target.platform.reads("aptfile"))


def stacks(target: Target, app: App) -> tuple[str, ...]:
    """The stacks to ask: that of the target, or all supported ones where nobody said which it is."""
    if app.knows_target and target.stack:
        return (target.stack,)
    return tuple(stack.name for stack in target.platform.stacks if stack.supported)


def in_run_image(name: str, target: Target, app: App) -> bool:
    """Whether a package is for certain in the image that the app runs in."""
    from bpopt.apt import images

    asked = stacks(target, app)
    return bool(asked) and all(images.in_image(stack, name, "run") for stack in asked)


def megabytes(size: int) -> str:
    """Bytes for people, in steps of a thousand as disk makers and platforms count."""
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size / 1e3:.0f} kB"
