"""A document without the rest of its app: what a rule says that looks at nothing else holds in every app.

Most rules on apt lists and .slugignore files are such. Which ones shows by itself: the app made here knows its targets
and the one document, and whoever asks it for more gets an exception instead of an answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from bpopt.app import App

if TYPE_CHECKING:
    from bpopt.app.targets import Target


class WantsMore(Exception):
    """A rule asked for something that the document alone does not show."""


class _NoFiles:
    """In place of the files of an app: every question asks for too much."""

    def names(self) -> NoReturn:
        raise WantsMore

    def read(self, path: str) -> NoReturn:
        raise WantsMore

    trouble = exists = read

    def walk(self) -> NoReturn:
        raise WantsMore


class Lone(App):
    """An app of which only the targets are known, and the one document that it has of a kind."""

    def __init__(self, kind: str, document: Any, targets: tuple[Target, ...], knows_target: bool) -> None:
        super().__init__(_NoFiles())
        del self.root, self.base, self.told, self._today
        self._targets = (targets, knows_target)
        self._lists[kind] = [document]

    def __getattr__(self, name: str) -> NoReturn:
        """Reached for what an app has and this one lacks."""
        raise WantsMore(name)
