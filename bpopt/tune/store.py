"""What was measured, where several runs and machines find it: an Optuna study in a database.

A trial is one configuration in one block of one rung. All runs offer the same trials and each takes some: asking for a
waiting trial is atomic in Optuna, so no two take the same. What a run that was interrupted had taken is given back;
what one that died had taken is, when it is long overdue. SQLite is the default, `--storage` takes any URL that Optuna
does (postgresql://..., mysql://...).
"""

from __future__ import annotations

import os
import socket
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from bpopt.tune import database, rounds
from bpopt.tune.candidates import Candidate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bpopt.tune.rounds import Outcome

OVERDUE = 600.0  # seconds after which a trial that another machine took counts as lost
WORKER_CLASSES = ("sync", "gthread", "gevent")


class Claim(NamedTuple):
    """A trial that this run has taken: its number in the study and what is to be measured."""

    number: int
    candidate: Candidate
    rung: int
    block: str
    trial: Any


class Store:
    """One study, as a context manager. ConfigError if it cannot be opened."""

    def __init__(self, url: str | None, name: str, fresh: bool = False) -> None:
        optuna = database.optuna()
        self.url, self.name = url or database.default_url(), name
        self._states, self._finished = optuna.trial.TrialState, optuna.exceptions.UpdateFinishedTrialError
        self.storage = storage = database.storage(optuna, self.url)
        if fresh:
            _forget(optuna, storage, name)
        self.study = optuna.create_study(
            storage=storage, study_name=name, direction="maximize", load_if_exists=True
        )

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.storage.remove_session()
        self.storage.engine.dispose()

    def get(self, key: str) -> Any:
        """What is noted of the study as a whole, None if nothing is."""
        return self.study.user_attrs.get(key)

    def note(self, key: str, value: Any) -> Any:
        """Note something of the study unless another run has already; what is noted then."""
        there = self.get(key)
        if there is None:
            self.study.set_user_attr(key, value)
            return value
        return there

    def once(self, key: str, make: Callable[[], Any]) -> Any:
        """What is noted under a key; made and noted if nothing is."""
        there = self.get(key)
        return there if there is not None else self.note(key, make())

    def outcomes(self, up_to: int | None = None) -> tuple[Outcome, ...]:
        """What was found, in the order of trials; up to a rung only if one is given."""
        found = self.study.get_trials(deepcopy=False, states=(self._states.COMPLETE,))
        known = (t.user_attrs for t in found if "outcome" in t.user_attrs)
        return tuple(rounds.read(a["outcome"]) for a in known if up_to is None or a["rung"] <= up_to)

    def offer(self, rung: int, block: str, candidates: Iterable[Candidate]) -> None:
        """Make the trials of a block; those that are there already are left as they are."""
        known = {
            (t.user_attrs.get("rung"), t.user_attrs.get("block"), t.user_attrs.get("key"))
            for t in self.study.get_trials(deepcopy=False)
            if t.state != self._states.FAIL
        }
        for candidate in candidates:
            if (rung, block, candidate.key) not in known:
                about = {"rung": rung, "block": block, "key": candidate.key, "candidate": candidate._asdict()}
                self.study.enqueue_trial(candidate._asdict(), user_attrs=about)

    def claim(self, most: int, rung: int) -> list[Claim]:
        """Take up to so many waiting trials of one block of a rung; what waits of rungs before it is dropped."""
        taken: list[Claim] = []
        while len(taken) < most:
            claim = self._claim()
            if claim is None:
                break
            if claim.rung < rung:
                self.study.tell(claim.trial, state=self._states.FAIL)
            elif claim.rung > rung or (taken and claim.block != taken[0].block):
                self.give_back([claim])
                break
            else:
                taken.append(claim)
        return taken

    def _claim(self) -> Claim | None:
        if not self.waiting():
            return None
        try:
            trial = self.study.ask()
        except self._finished:  # it was taken and finished between being listed and being asked for
            return self._claim()
        about = trial.user_attrs
        if "key" not in about:  # another run took the last one meanwhile, and Optuna made up a new one
            self.study.tell(trial, state=self._states.FAIL)
            return None
        trial.set_user_attr("holder", _self())
        candidate = Candidate(**about["candidate"])
        for name, value in candidate._asdict().items():
            _suggest(trial, name, value)
        return Claim(trial.number, candidate, about["rung"], about["block"], trial)

    def report(self, claim: Claim, outcome: Outcome, value: float) -> None:
        """Enter what a trial found; `value` is the ratio of the objective to the current configuration."""
        claim.trial.set_user_attr("outcome", rounds.record(outcome))
        self.study.tell(claim.trial, value)

    def give_back(self, claims: Iterable[Claim]) -> None:
        """Let others take what was taken and not measured."""
        for claim in claims:
            about = claim.trial.user_attrs
            self.study.tell(claim.trial, state=self._states.FAIL)
            self._again(about)

    def _again(self, about: dict[str, Any]) -> None:
        kept = {name: about[name] for name in ("rung", "block", "key", "candidate")}
        self.study.enqueue_trial(about["candidate"], user_attrs=kept)

    def running(self, rung: int) -> int:
        """How many trials of a rung others work at now; those of runs that are gone are made waiting again."""
        count = 0
        for trial in self.study.get_trials(deepcopy=False, states=(self._states.RUNNING,)):
            if trial.user_attrs.get("rung") != rung:
                continue
            if _is_lost(trial):
                self.study.tell(trial.number, state=self._states.FAIL)
                self._again(trial.user_attrs)
            else:
                count += 1
        return count

    def waiting(self) -> int:
        """How many trials nobody has taken."""
        return len(self.study.get_trials(deepcopy=False, states=(self._states.WAITING,)))


def _forget(optuna: Any, storage: Any, name: str) -> None:
    if name in optuna.study.get_all_study_names(storage):
        optuna.delete_study(study_name=name, storage=storage)


def _suggest(trial: Any, name: str, value: Any) -> None:
    """Tell Optuna the value that was fixed beforehand, so that its own tools can show the study."""
    if isinstance(value, bool):
        trial.suggest_categorical(name, (False, True))
    elif isinstance(value, int):
        trial.suggest_int(name, 0, 1_000_000_000)
    elif value in WORKER_CLASSES:  # the choices must stay the same for all trials of a study
        trial.suggest_categorical(name, WORKER_CLASSES)


def _self() -> str:
    return f"{socket.gethostname()} {os.getpid()}"


def _is_lost(trial: Any) -> bool:
    """Whether the run that took a trial is gone: its process here, or long overdue elsewhere."""
    host, _, pid = str(trial.user_attrs.get("holder", "")).rpartition(" ")
    if host == socket.gethostname() and pid.isdigit() and int(pid) != os.getpid():
        return not os.path.exists(f"/proc/{pid}")
    began = trial.datetime_start
    return began is not None and (datetime.now() - began).total_seconds() > OVERDUE
