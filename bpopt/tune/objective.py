"""What is to be best: throughput, p95, a weighted mix of them and memory, or the cheapest plan that keeps a p95."""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING, NamedTuple

from bpopt.settings import ConfigError
from bpopt.suggest import meant
from bpopt.tune.rounds import FIGURES

if TYPE_CHECKING:
    from bpopt.tune.rounds import Figures

NAMES = ("throughput", "p95", "mix", "cheapest")
WEIGHED = ("throughput", "p95", "memory")
LEAST = 1e-9  # of a figure, so that none at all has a logarithm
# What of the other figures a gain may cost, as ratios to the current configuration: beyond, it is no gain.
TOLERATED = {"throughput": 0.8, "p95": 1.25}


class Objective(NamedTuple):
    """A goal. `weights` are of the logarithms of figures, `most_p95` in seconds a bound, None without."""

    text: str
    name: str
    weights: tuple[tuple[str, float], ...]
    most_p95: float | None = None

    def value(self, figures: Figures) -> float:
        """One number for a measurement, the higher the better, whose ratios mean something."""
        return exp(
            sum(
                weight * _sign(name) * log(max(figures[name], LEAST))
                for name, weight in self.weights
                if name in figures
            )
        )

    @property
    def title(self) -> str:
        """What it is called in a table."""
        if self.name == "mix":
            return "mix of " + ", ".join(f"{w:g} {n}" for n, w in self.weights)
        if self.name == "cheapest":
            return f"the cheapest plan with p95 under {self.most_p95:g} s"
        return self.name

    def tolerated(self) -> dict[str, float]:
        """The constraints on what it does not weigh itself."""
        weighed = {name for name, _ in self.weights}
        return {
            name: ratio
            for name, ratio in TOLERATED.items()
            if name not in weighed and self.name != "cheapest"
        }


def _sign(name: str) -> float:
    return -1.0 if FIGURES[name][2] else 1.0


def parse(text: str, most_p95: float | None = None) -> Objective:
    """The goal of `throughput`, `p95`, `mix:throughput=2,p95=1,memory=0.5` or `cheapest:500ms`."""
    name, _, rest = text.partition(":")
    if name not in NAMES:
        raise ConfigError(
            f"--objective: there is no objective {name!r}{meant(name, NAMES)} ({', '.join(NAMES)})"
        )
    if name == "mix":
        return Objective(text, name, _weights(rest), most_p95)
    if name == "cheapest":
        bound = duration(rest or "2s")
        return Objective(text, name, (("throughput", 1.0),), bound)
    if rest:
        raise ConfigError(f"--objective: {name} takes nothing behind it")
    return Objective(text, name, ((name, 1.0),), most_p95)


def _weights(text: str) -> tuple[tuple[str, float], ...]:
    found = []
    for part in (text or "throughput=1,p95=1").split(","):
        name, _, weight = part.partition("=")
        if name not in WEIGHED:
            raise ConfigError(
                f"--objective: a mix is of {', '.join(WEIGHED)}, not {name!r}{meant(name, WEIGHED)}"
            )
        try:
            found.append((name, float(weight or 1)))
        except ValueError:
            raise ConfigError(f"--objective: {weight!r} is no weight") from None
    if not any(weight > 0 for _, weight in found) or any(weight < 0 for _, weight in found):
        raise ConfigError("--objective: weights are positive numbers")
    return tuple(found)


def duration(text: str) -> float:
    """The seconds of `500ms`, `2s` or `1.5`; ConfigError for anything else."""
    number, unit = (text[:-2], 0.001) if text.endswith("ms") else (text.removesuffix("s"), 1.0)
    try:
        seconds = float(number) * unit
    except ValueError:
        seconds = 0.0
    if seconds <= 0:
        raise ConfigError(f"{text!r} is no time (500ms, 2s)")
    return seconds
