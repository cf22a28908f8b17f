"""What is asked of an app: the mix of requests with their weights, from the configuration or a file.

Under `[verify]` in bpopt.toml, `[tool.bpopt.verify]` in pyproject.toml, or at the top of the file of --traffic:

```toml
health = "/health"
[[prepare]]                    # sent once to each new server, in order
path = "/api/enrol"
form = { name = "Ada" }
files = { photo = "load/ada.jpg" }
[[request]]
name = "recognise"
path = "/api/recognise"
files = { photo = ["load/a.jpg", "load/b.jpg"] }   # a list makes different requests of one kind: have several
weight = 6                     # other bodies: json = {...}, body = "...", send = "a file as it is"
tolerance = 0.001              # the greatest difference of numbers that count as equal
[[largest]]                    # not of the mix: what takes the most memory that anybody may send
path = "/api/recognise"
files = { photo = "load/largest.png" }
mask = ["faces[].seen_at"]     # what is not compared, besides what differs by itself
```
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Any, NamedTuple

from bpopt.settings import ConfigError
from bpopt.suggest import meant
from bpopt.verify import sending
from bpopt.verify.answers import HEADERS, Rules, mask_path
from bpopt.verify.client import Sent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bpopt.app import App

CONCURRENCY = (1, 4)  # clients that ask, wait and ask again
RATES = (0.5, 0.8)  # requests per second of the open loop, as parts of what the first state sustains

_KEYS = frozenset(
    [
        "name",
        "method",
        "path",
        "weight",
        "headers",
        "form",
        "files",
        "json",
        "body",
        "send",
        "expect",
        "tolerance",
        "mask",
        "compare",
        "compare-headers",
    ]
)
TABLE_KEYS = frozenset(
    {"health", "request", "prepare", "largest", "concurrency", "rates", "tolerance", "mask", "deadline"}
)


class Entry(NamedTuple):
    """One kind of request: its share of the mix, its different requests, and how answers are compared.

    `expect` are the statuses that count as right when nothing is known yet; empty means below 400.
    """

    name: str
    weight: int
    sent: tuple[Sent, ...]
    rules: Rules
    expect: tuple[int, ...] = ()

    def expects(self, status: int) -> bool:
        """Whether a status is one that this request should get."""
        return status in self.expect if self.expect else 200 <= status < 400


class Traffic(NamedTuple):
    """All that is asked of an app.

    `health` is the path whose first good answer ends the boot; `guessed` tells that nobody declared it, so that
    any answer below 500 counts. `prepare` goes to each new server once, `largest` are the requests that take the
    most memory. `digest` is a hash of everything.
    """

    health: str
    guessed: bool
    entries: tuple[Entry, ...]
    prepare: tuple[Sent, ...] = ()
    concurrency: tuple[int, ...] = CONCURRENCY
    rates: tuple[float, ...] = RATES
    digest: str = ""
    source: str = ""
    largest: tuple[Sent, ...] = ()

    def entry(self, sent: Sent) -> Entry:
        """The entry that a request belongs to."""
        return next(entry for entry in self.entries if entry.name == sent.entry)

    def good(self, status: int) -> bool:
        """Whether a status on the health path means that the app is up."""
        return 0 < status < 500 if self.guessed else 200 <= status < 400

    @property
    def asks_health(self) -> Sent:
        """The request for the health path."""
        return Sent("health", "", "GET", self.health)

    @property
    def heaviest(self) -> tuple[Sent, ...]:
        """The requests that take the most memory: those that are named, else the one with the longest body."""
        if self.largest:
            return self.largest
        return (
            max((sent for entry in self.entries for sent in entry.sent), key=lambda sent: len(sent.body)),
        )

    @property
    def cycle(self) -> int:
        """How many requests a whole turn of the mix has."""
        return sum(entry.weight for entry in self.entries)


def load(app: App, root: str, table: Mapping[str, Any], file: str | None = None) -> Traffic:
    """The traffic of an app: of `file` (TOML), else of the configuration's verify table, else a guess.

    `root` is the app's folder; files to send are looked for relative to the traffic file, else to `root`.
    ConfigError says what is wrong.
    """
    where, folder = "verify", root
    if file is not None:
        table, where, folder = _read(file), file, os.path.dirname(os.path.abspath(file))
    for key in table:
        if key not in TABLE_KEYS and file is not None:
            raise ConfigError(f"{where}: unknown setting {key!r}{meant(key, TABLE_KEYS)}")
    entries = tuple(_entry(item, n, folder, table, where) for n, item in enumerate(table.get("request", ())))
    names = [entry.name for entry in entries]
    if len(set(names)) < len(names):
        raise ConfigError(f"{where}: two requests have the same name")
    prepare, largest = (
        tuple(
            sent
            for item in table.get(key, ())
            for sent in sending.variants(item, item.get("name", key), folder, where)
        )
        for key in ("prepare", "largest")
    )
    health, guessed = _health(app, table)
    if not entries:
        entries = _default(health)
    concurrency = tuple(int(n) for n in table.get("concurrency", CONCURRENCY))
    rates = tuple(float(n) for n in table.get("rates", RATES))
    if any(n < 1 for n in concurrency) or any(rate <= 0 for rate in rates):
        raise ConfigError(f"{where}: concurrency and rates must be positive")
    traffic = Traffic(
        health,
        guessed,
        entries,
        prepare,
        concurrency,
        rates,
        source=file or (where if names else ""),
        largest=largest,
    )
    return traffic._replace(
        digest=hashlib.sha256(repr(traffic._replace(source="")).encode()).hexdigest()[:16]
    )


def _read(file: str) -> dict[str, Any]:
    import tomli

    try:
        with open(file, "rb") as opened:
            data = tomli.load(opened)
    except OSError as error:
        raise ConfigError(f"{file}: {error.strerror}") from None
    except (tomli.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: not valid TOML: {error}") from None
    for key in ("tool", "bpopt", "verify"):
        data = data[key] if isinstance(data.get(key), dict) else data
    return data


def _entry(item: Mapping[str, Any], number: int, folder: str, table: Mapping[str, Any], where: str) -> Entry:
    for key in item:
        if key not in _KEYS:
            raise ConfigError(f"{where}: request {number + 1}: unknown key {key!r}{meant(key, _KEYS)}")
    name = str(item.get("name") or _name(item))
    weight = item.get("weight", 1)
    if not isinstance(weight, int) or weight < 1:
        raise ConfigError(f"{where}: {name}: weight must be a whole number from 1")
    compare = item.get("compare", "body")
    if compare not in ("body", "status"):
        raise ConfigError(f"{where}: {name}: compare must be body or status")
    rules = Rules(
        float(item.get("tolerance", table.get("tolerance", 0.0))),
        tuple(mask_path(text) for text in (*table.get("mask", ()), *item.get("mask", ()))),
        tuple(header.lower() for header in item.get("compare-headers", HEADERS)),
        compare,
    )
    expect = item.get("expect", ())
    return Entry(
        name,
        weight,
        sending.variants(item, name, folder, where),
        rules,
        (expect,) if isinstance(expect, int) else tuple(expect),
    )


def _name(item: Mapping[str, Any]) -> str:
    path = item.get("path", "/")
    return str(path[0] if isinstance(path, list) and path else path)


def _health(app: App, table: Mapping[str, Any]) -> tuple[str, bool]:
    """The health path, and whether it is a guess: what is configured, an app spec's health check, or the root."""
    if table.get("health"):
        return str(table["health"]), False
    for service in app.app_spec.services if app.app_spec is not None else ():
        check = service.health_check
        if check is not None and check.http_path is not None and isinstance(check.http_path.value, str):
            return check.http_path.value, False
    return "/", True


def _default(health: str) -> tuple[Entry, ...]:
    """Without any configuration: the root and the health path, whatever they answer."""
    statuses = tuple(range(200, 500))
    return tuple(
        Entry(path, 1, (Sent(path, "", "GET", path),), Rules(), statuses)
        for path in dict.fromkeys(("/", health))
    )


def mix(traffic: Traffic, seed: object) -> Iterator[Sent]:
    """The requests in the order of the mix, without end, the same for the same seed.

    Each turn holds every entry as often as its weight says, shuffled; variants of an entry come in turn.
    """
    from random import Random

    random = Random(str(seed))
    turns = {entry.name: random.randrange(len(entry.sent)) for entry in traffic.entries}
    while True:
        cycle = [entry for entry in traffic.entries for _ in range(entry.weight)]
        random.shuffle(cycle)
        for entry in cycle:
            turns[entry.name] += 1
            yield entry.sent[turns[entry.name] % len(entry.sent)]
