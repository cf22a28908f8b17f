"""The types of platform facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from bpopt.platforms.plans import Plan

Value: TypeAlias = str | int | float | bool | tuple[str, ...]

# Every platform, in the order in which they are shown.
NAMES = ("heroku", "heroku-fir", "digitalocean", "dokku", "scalingo")


class Fact(NamedTuple):
    """One thing known of a platform: its value, where that is written, and when it was read.

    An unverified fact may serve as a hint, never for an error. Only environment variables have `scope`
    (`build`, `run` or `both`) and `mode`: `always` (a value of the user's is overridden), `default` (the
    user's value wins) or `auto` (computed from the size of the container unless the user set one).
    """

    value: Value
    source: str
    date: str
    verified: bool = True
    note: str = ""
    scope: str = ""
    mode: str = ""


class Stack(NamedTuple):
    """A base system that apps are built for. `end_of_support` is an ISO date, None where none was found."""

    name: str
    base: str
    suite: str
    supported: bool
    end_of_support: str | None
    default: bool
    source: str
    date: str


class Platform:
    """One platform and all that is known of it. Read-only; get one from `bpopt.platforms.load`."""

    __slots__ = ("_facts", "_plans", "name", "stacks", "title")

    def __init__(self, name: str, title: str, stacks: tuple[Stack, ...], facts: dict[str, Fact]) -> None:
        self.name = name
        self.title = title
        self.stacks = stacks
        self._facts = facts
        self._plans: tuple[Plan, ...] | None = None

    def __repr__(self) -> str:
        return f"Platform({self.name!r})"

    @property
    def facts(self) -> dict[str, Fact]:
        """Every fact by its dotted key, as a copy."""
        return dict(self._facts)

    @property
    def default_stack(self) -> str | None:
        """The stack of a new app, None where the platform names none."""
        return next((stack.name for stack in self.stacks if stack.default), None)

    def stack(self, name: str | None) -> Stack | None:
        """The stack of that name (the default one for None), None if the platform has none of that name."""
        wanted = name or self.default_stack
        return next((stack for stack in self.stacks if stack.name == wanted), None)

    def fact(self, key: str) -> Fact | None:
        """The fact of a dotted key such as `slugignore.honoured`, verified or not; None if there is none."""
        return self._facts.get(key)

    def holds(self, key: str) -> bool | None:
        """The truth of a yes-or-no fact; None when unknown or unverified. TypeError if it is no such fact."""
        fact = self._facts.get(key)
        if fact is None or not fact.verified:
            return None
        if not isinstance(fact.value, bool):
            raise TypeError(f"{self.name}: {key} is no yes-or-no fact")
        return fact.value

    def number(self, key: str) -> int | float | None:
        """The number of a fact (unit in the key: `_seconds`, `_bytes`); None when unknown or unverified."""
        fact = self._facts.get(key)
        if fact is None or not fact.verified:
            return None
        if isinstance(fact.value, bool) or not isinstance(fact.value, int | float):
            raise TypeError(f"{self.name}: {key} is no number")
        return fact.value

    def reads(self, kind: str) -> bool | None:
        """Whether a file of a kind (`aptfile`, `procfile`, ...) has an effect here; None when not certain."""
        return self.holds(f"reads.{kind}")

    def sets(self, name: str) -> Fact | None:
        """What the platform itself sets an environment variable to, verified or not; None if it does not."""
        return self._facts.get(f"sets.{name}")

    @property
    def plans(self) -> tuple[Plan, ...]:
        """The plans that are known, retired ones last; read when first asked for."""
        if self._plans is None:
            from bpopt.platforms import plans

            self._plans = plans.of(self.name)
        return self._plans

    def plan(self, name: str) -> Plan | None:
        """The plan of a name in any case, None if there is none."""
        wanted = name.strip().lower()
        return next((plan for plan in self.plans if plan.name == wanted), None)
