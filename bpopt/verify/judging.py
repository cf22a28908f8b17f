"""Judging exchanges: right, wrong (another answer came), failed (none came), and whose answer a wrong one is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bpopt.verify import answers
from bpopt.verify.answers import Expectation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bpopt.verify.client import Answer, Sent
    from bpopt.verify.driving import Exchange
    from bpopt.verify.traffic import Traffic

EXAMPLES = 8


class Tally(NamedTuple):
    """How exchanges were judged; `swapped` of the wrong ones are the right answer to another request."""

    right: int
    wrong: int
    failed: int
    swapped: int
    examples: tuple[str, ...]

    @property
    def faults(self) -> int:
        """Wrong and failed."""
        return self.wrong + self.failed


class Judge:
    """Knows what each request of the traffic must be answered, as learned in a quiet moment.

    `slowest` is the longest that an answer took then, in seconds.
    """

    def __init__(self, traffic: Traffic, learned: dict[Sent, Expectation], slowest: float = 0.1) -> None:
        self.traffic = traffic
        self.learned = learned
        self.slowest = slowest
        self._known: dict[tuple[Sent, int, bytes], str] = {}

    def fault(self, sent: Sent, answer: Answer) -> str:
        """How an answer differs from what is expected, empty if it does not. Equal answers are judged once."""
        if answer.error:
            return answer.error
        key = (sent, answer.status, answer.body)
        if key not in self._known:
            wanted, rules = self.learned[sent], self.traffic.entry(sent).rules
            self._known[key] = answers.difference(wanted, answer, rules)
        return self._known[key]

    def owner(self, sent: Sent, answer: Answer) -> Sent | None:
        """The other request of the same kind whose right answer this is, None if there is none."""
        rules = self.traffic.entry(sent).rules
        others = (o for o in self.traffic.entry(sent).sent if o != sent and not self.learned[o].blind)
        return next((o for o in others if not answers.difference(self.learned[o], answer, rules)), None)

    def tally(self, exchanges: Iterable[Exchange]) -> Tally:
        """Judge many exchanges."""
        right = wrong = failed = swapped = 0
        examples: dict[str, None] = {}
        for exchange in exchanges:
            sent, answer = exchange.sent, exchange.answer
            fault = self.fault(sent, answer)
            if not fault:
                right += 1
                continue
            owner = None if answer.error else self.owner(sent, answer)
            failed += bool(answer.error)
            wrong += not answer.error
            swapped += owner is not None
            text = f"{sent.name}: {fault}" + (f", the answer to {owner.name}" if owner is not None else "")
            if len(examples) < EXAMPLES:
                examples[text] = None
        return Tally(right, wrong, failed, swapped, tuple(examples))

    def blind_spots(self) -> list[str]:
        """Why a mix-up of requests might not show: sentences for a person."""
        found = []
        for entry in self.traffic.entries:
            values = {
                repr((e.status, e.kind, e.value)) for s, e in self.learned.items() if s.entry == entry.name
            }
            if all(self.learned[sent].blind for sent in entry.sent):
                found.append(
                    f"{entry.name}: nothing of the body is the same twice, so only the status is compared"
                )
            elif 1 == len(values) < len(entry.sent):
                found.append(
                    f"{entry.name}: all its requests have the same answer, so a mix-up would not show"
                )
        if all(len(entry.sent) == 1 for entry in self.traffic.entries):
            found.append(
                "no part of the traffic has different requests: list several, so that a mix-up can show"
            )
        return found


def learn(
    traffic: Traffic, passes: Sequence[Sequence[Exchange]], extra: dict[Sent, Expectation] | None = None
) -> Judge:
    """What each request must be answered, from several passes over all of them; `extra` adds its masks."""
    learned = {}
    for sent in (sent for entry in traffic.entries for sent in entry.sent):
        own = [e.answer for one in passes for e in one if e.sent == sent and not e.answer.error]
        if not own:
            continue
        wanted = answers.learn(own, traffic.entry(sent).rules)
        if extra is not None and sent in extra:
            wanted = masked_like(wanted, extra[sent])
        learned[sent] = wanted
    return Judge(traffic, learned, max((e.seconds for one in passes for e in one), default=0.1))


def learn_all(
    traffic: Traffic, passes: Mapping[str, Sequence[Sequence[Exchange]]], control: Sequence[str]
) -> dict[str, Judge]:
    """A judge for each server by name, from its own passes; what varies on those of `control` is masked on all."""
    first = learn(traffic, [one for name in control for one in passes[name]])
    return {name: learn(traffic, own, first.learned) for name, own in passes.items()}


def masked_like(wanted: Expectation, other: Expectation) -> Expectation:
    """An expectation with the masks of another one of the same kind too."""
    if wanted.kind != other.kind or wanted.lines != other.lines:
        return wanted
    headers = tuple(pair for pair in wanted.headers if pair[0] in dict(other.headers))
    masked, holes = wanted.masked | other.masked, wanted.holes | other.holes
    return wanted._replace(masked=masked, holes=holes, headers=headers)


def unanswered(traffic: Traffic, judge: Judge, exchanges: Iterable[Exchange]) -> list[str]:
    """Requests that got no answer, or a status that they should not get, even in a quiet moment."""
    found: dict[str, None] = {}
    for exchange in exchanges:
        answer, sent = exchange.answer, exchange.sent
        if answer.error or sent not in judge.learned:
            found[f"{sent.name}: {answer.error}"] = None
        elif not traffic.entry(sent).expects(answer.status):
            found[f"{sent.name}: status {answer.status}"] = None
    return list(found)
