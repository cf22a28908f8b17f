"""What several rules ask of an app, worked out once and kept with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from bpopt.app import App

T = TypeVar("T")


def once(reckon: Callable[[App], T]) -> Callable[[App], T]:
    """A function of an app that remembers its answer for as long as the app is there."""

    def asked(app: App) -> T:
        if reckon not in app.reckoned:
            app.reckoned[reckon] = reckon(app)
        found: T = app.reckoned[reckon]
        return found

    asked.__doc__ = reckon.__doc__
    return asked
