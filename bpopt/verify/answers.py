"""Comparing answers: what an app answers every time, and whether another answer is the same.

An expectation is learned from several answers of one state to one request: what differs between them (times,
tokens, counters) is masked. What is left must be equal, numbers up to a declared tolerance.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bpopt.verify.client import Answer

HEADERS = ("content-type", "location")  # what is compared unless the traffic says otherwise
_TOKEN = re.compile(r"\w+|\s+|.", re.DOTALL)
_LARGEST = 200_000  # characters of text that are compared token by token; beyond it, line by line

Path = tuple[str, ...]  # of a place in JSON: keys, and `[]` for any item of a list


class Rules(NamedTuple):
    """How one part of the traffic is compared.

    `tolerance` is the greatest difference of two equal numbers; `mask` are paths in JSON that are left out;
    `headers` are compared too; `compare` is "body", or "status" where the body says nothing.
    """

    tolerance: float = 0.0
    mask: tuple[Path, ...] = ()
    headers: tuple[str, ...] = HEADERS
    compare: str = "body"


class Expectation(NamedTuple):
    """What the answer to a request must be.

    `kind` is "json", "text", "bytes" or "none" (only the status counts); `value` the body in that form; `masked`
    are JSON paths, `holes` the indices of tokens or lines that vary. `lines` tells that text is kept as lines.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    kind: str
    value: Any
    masked: frozenset[Path] = frozenset()
    holes: frozenset[int] = frozenset()
    lines: bool = False

    @property
    def blind(self) -> bool:
        """Whether nothing of the body is compared."""
        return self.kind == "none" or () in self.masked


def learn(answers: Sequence[Answer], rules: Rules) -> Expectation:
    """What the answers to one request have in common; the first gives the values. `answers` is not empty."""
    first = answers[0]
    headers = tuple(
        (name, first.headers.get(name, ""))
        for name in rules.headers
        if len({answer.headers.get(name, "") for answer in answers}) == 1
    )
    bodies = [answer.body for answer in answers]
    if rules.compare == "status":
        return Expectation(first.status, headers, "none", None)
    documents = [_json(body) for body in bodies]
    if all(document is not None for document in documents):
        values = [document[0] for document in documents if document is not None]
        masked = {p for other in values[1:] for p in _unequal(values[0], other, rules.tolerance)} | set(
            rules.mask
        )
        return Expectation(first.status, headers, "json", values[0], frozenset(masked))
    texts = [_text(body) for body in bodies]
    if all(text is not None for text in texts):
        return _learn_text([text for text in texts if text is not None], first.status, headers)
    same = len(set(bodies)) == 1
    return Expectation(first.status, headers, "bytes" if same else "none", first.body if same else None)


def _learn_text(texts: list[str], status: int, headers: tuple[tuple[str, str], ...]) -> Expectation:
    """Text as tokens if all answers have equally many, else the lines that all have."""
    if max(map(len, texts)) <= _LARGEST:
        tokens = [_TOKEN.findall(text) for text in texts]
        if len({len(some) for some in tokens}) == 1:
            holes = {i for i, column in enumerate(zip(*tokens, strict=True)) if len(set(column)) > 1}
            return Expectation(status, headers, "text", tokens[0], holes=frozenset(holes))
    rest = [set(text.splitlines()) for text in texts[1:]]
    kept = [line for line in texts[0].splitlines() if all(line in lines for lines in rest)]
    return Expectation(status, headers, "text", kept, lines=True)


def difference(wanted: Expectation, answer: Answer, rules: Rules) -> str:
    """How an answer differs from what is expected, in words; empty if it does not."""
    if answer.error:
        return answer.error
    if answer.status != wanted.status:
        return f"status {answer.status} instead of {wanted.status}"
    for name, value in wanted.headers:
        if answer.headers.get(name, "") != value:
            return f"header {name} is {answer.headers.get(name, '')!r} instead of {value!r}"
    if wanted.blind:
        return ""
    if wanted.kind == "json":
        return _json_difference(wanted, answer.body, rules)
    if wanted.kind == "bytes":
        return (
            ""
            if answer.body == wanted.value
            else f"other bytes ({len(answer.body)} instead of {len(wanted.value)})"
        )
    return _text_difference(wanted, answer.body)


def _json_difference(wanted: Expectation, body: bytes, rules: Rules) -> str:
    document = _json(body)
    if document is None:
        return "no JSON any more"
    for path, mine, yours in _differences(wanted.value, document[0], rules.tolerance):
        if not any(path[: len(masked)] == masked for masked in wanted.masked):
            return f"{'.'.join(path) or 'the body'} is {_short(yours)} instead of {_short(mine)}"
    return ""


def _text_difference(wanted: Expectation, body: bytes) -> str:
    text = _text(body)
    if text is None:
        return "no text any more"
    if wanted.lines:
        there = set(text.splitlines())
        return next((f"the line {_short(line)} is gone" for line in wanted.value if line not in there), "")
    tokens = _TOKEN.findall(text)
    for index, (mine, yours) in enumerate(zip(wanted.value, tokens, strict=False)):
        if index not in wanted.holes and mine != yours:
            before = "".join(tokens[max(0, index - 4) : index])
            return f"after {_short(before)} comes {_short(yours)} instead of {_short(mine)}"
    return "" if len(tokens) == len(wanted.value) else "the text is longer or shorter"


def _unequal(one: Any, other: Any, tolerance: float) -> Iterator[Path]:
    return (path for path, _, _ in _differences(one, other, tolerance))


def _differences(one: Any, other: Any, tolerance: float, path: Path = ()) -> Iterator[tuple[Path, Any, Any]]:
    """Where two JSON values differ: the path with `[]` for list items, and both values there."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(one.keys() | other.keys()):
            if key in one and key in other:
                yield from _differences(one[key], other[key], tolerance, (*path, key))
            else:
                yield (*path, key), one.get(key, "nothing"), other.get(key, "nothing")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for mine, yours in zip(one, other, strict=True):
            yield from _differences(mine, yours, tolerance, (*path, "[]"))
    elif not _equal(one, other, tolerance):
        yield path, one, other


def _equal(one: Any, other: Any, tolerance: float) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        # The last digit of a decimal is not exact in binary: 0.3601 - 0.36 is more than 0.0001.
        return one == other or abs(one - other) <= tolerance * (1 + 1e-9)
    return type(one) is type(other) and one == other


def _json(body: bytes) -> tuple[Any] | None:
    """The JSON document in a body, in a tuple since it may be null; None if it is none (or only a bare word)."""
    if not body[:1].strip() and body[:64].strip()[:1] not in (b"{", b"["):
        return None
    try:
        return (json.loads(body),) if body.strip()[:1] in (b"{", b"[") else None
    except (ValueError, RecursionError):
        return None


def _text(body: bytes) -> str | None:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."


def mask_path(text: str) -> Path:
    """A path as the configuration has it, `faces[].box.top`, as a tuple."""
    return tuple(part for part in text.replace("[]", ".[]").split(".") if part)
