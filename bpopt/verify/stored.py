"""The stored result of the sample app: what each rule's fix did on its own, for `bpopt explain`.

Made by `bpopt verify --each --output-format json`; the file in `bpopt/data/verify` says when and on what.
"""

from __future__ import annotations

import json
import os
from typing import Any

from bpopt.verify import words
from bpopt.verify.stats import BETTER, WORSE, Change

PATH = os.path.join(os.path.dirname(os.path.dirname(__file__)), "data", "verify", "sample_app.json")


def sentences(code: str, path: str = PATH) -> list[str]:
    """What a rule's fix did to the sample app, a sentence for each change found; empty if it was not measured."""
    try:
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
    except OSError:
        return []
    effect = next((effect for effect in data["each"] if effect["code"] == code), None)
    if effect is None:
        return []
    titles = {m["key"]: m["title"] for stage in data["stages"] for m in stage["measures"]}
    changes = {key: Change(**change) for key, change in effect["changes"].items()}
    moved = [
        f"{titles.get(key, key)}: {change.verdict}, {words.change(change)}"
        for key, change in changes.items()
        if change.verdict in (BETTER, WORSE)
    ]
    found = moved or [f"no measurable change in {len(changes)} measures"]
    return [*effect["failed"], *found, _basis(data)]


def _basis(data: dict[str, Any]) -> str:
    machine = data["machine"]
    return (
        f"measured by bpopt verify --each on the sample app, {data['date'][:10]}, {machine['cores']} cores "
        f"({machine['processor']}), gunicorn {machine['packages'].get('gunicorn', '?')}, "
        f"load {machine['load_before']} to {machine['load_after']}"
    )
