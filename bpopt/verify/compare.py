"""A run held against a stored one: `--compare FILE`, where the file is what `--output-format json` wrote.

Two runs at different times are on a different machine, or on the same one in a different mood: what is compared is
what each run found between its own before and after, and its absolute figures only for what is counted.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bpopt.settings import ConfigError
from bpopt.verify import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.verify.report import Report
    from bpopt.verify.stats import Change

VERSION = 1
SAME_RUN = ("stages", "memory_limit", "traffic")


def read(path: str) -> dict[str, Any]:
    """A stored result; ConfigError if the file is none."""
    try:
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None
    except ValueError as error:
        raise ConfigError(f"{path}: not JSON: {error}") from None
    if not isinstance(data, dict) or data.get("kind") != "bpopt verify" or data.get("version") != VERSION:
        raise ConfigError(f"{path}: no result of bpopt verify (version {VERSION})")
    return data


def regressions(report: Report) -> list[str]:
    """What is worse than in the stored result: effects whose intervals do not meet, counts that grew, new failures."""
    return [text for worse, text in _differences(report) if worse]


def sentences(report: Report) -> list[str]:
    """Every difference from the stored result that is more than noise, in words."""
    found = [("worse: " if worse else "better: ") + text for worse, text in _differences(report)]
    settings = (report.earlier or {}).get("settings", {})
    found += [
        f"note: {key.replace('_', ' ')} is not what it was then"
        for key in SAME_RUN
        if settings.get(key) != json.loads(json.dumps(report.settings.get(key)))
    ]
    return found or ["no difference beyond noise"]


def _differences(report: Report) -> Iterator[tuple[bool, str]]:
    """(worse, in words) for each difference."""
    stages = {stage["name"]: stage for stage in (report.earlier or {}).get("stages", ())}
    for result in report.results:
        then = stages.get(result.stage, {}).get("status")
        if then is not None and then != result.status and "skipped" not in (then, result.status):
            yield result.status == "failed", f"{result.stage} {result.status}, then it {then}"
    stored = {m["key"]: m for stage in stages.values() for m in stage["measures"]}
    for measure, now in report.measures():
        if measure.key not in stored:
            continue
        old = stored[measure.key]["change"]
        if now.exact and old["exact"]:
            if now.after != old["after"]:
                shown = [words.value(value, measure.unit, measure.key) for value in (now.after, old["after"])]
                rose = now.after > old["after"]
                yield rose == measure.lower_is_better, f"{measure.title} {shown[0]}, then {shown[1]}"
        elif (rose_beyond := _apart(now, old)) is not None:
            text = f"{measure.title}: {words.change(now)}, then {words.percent(old['ratio'])}"
            yield rose_beyond == measure.lower_is_better, text


def _apart(now: Change, old: dict[str, Any]) -> bool | None:
    """Whether the ratio rose (true) or fell beyond both intervals; None if they meet or are open."""
    if now.low is None or now.high is None or old["low"] is None or old["high"] is None:
        return None
    if now.low <= old["high"] and now.high >= old["low"]:
        return None
    return bool(now.low > old["high"])
