"""A baseline: findings that were there when bpopt came, which do not count until they are mended.

The file names findings by fingerprint (rule, path and marked text, never a line number). It may only shrink:
writing it again drops what is mended and adds nothing new.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bpopt.finding import fingerprints, under
from bpopt.rules import index
from bpopt.settings import ConfigError

if TYPE_CHECKING:
    from bpopt.engine import AppResult
    from bpopt.finding import Finding
    from bpopt.settings import Settings


class Baseline:
    """The known findings of a file, and which of them were met in this run."""

    def __init__(self, path: str, entries: dict[str, dict[str, Any]]) -> None:
        self.path = path
        self.entries = entries
        self.met: set[str] = set()
        self.asked: dict[str, Settings] = {}

    @property
    def stale(self) -> list[str]:
        """The fingerprints of findings that are mended, and ready to be dropped.

        Only what was looked at can be: a run on one app, or with some rules, says nothing of the others.
        """
        return [key for key, item in self.entries.items() if key not in self.met and self._asked(item)]

    def _asked(self, item: dict[str, Any]) -> bool:
        settings = self.asked.get(str(item.get("app")))
        entry = index().get(str(item.get("code")))
        return settings is not None and (entry is None or settings.selects(entry))

    def mark(self, result: AppResult, settings: Settings) -> AppResult:
        """The result with its known findings marked as suppressed."""
        self.asked[under(result.base, result.root)] = settings
        keys = fingerprints(list(result.findings))
        marked = tuple(self._mark(f, key) for f, key in zip(result.findings, keys, strict=True))
        return result._replace(findings=marked)

    def _mark(self, finding: Finding, key: str) -> Finding:
        if finding.suppressed is not None or key not in self.entries:
            return finding
        self.met.add(key)
        return finding._replace(suppressed="baseline", justification="known when the baseline was written")


def read(path: str) -> Baseline:
    """The baseline in a file; ConfigError if it is none."""
    import json

    try:
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
        findings = data["findings"]
        if data["version"] != 1 or not isinstance(findings, list):
            raise ValueError("not version 1")
        return Baseline(path, {item["fingerprint"]: item for item in findings})
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such baseline; make one with --write-baseline") from None
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ConfigError(f"{path}: not a bpopt baseline: {error}") from None


def entries(result: AppResult) -> dict[str, dict[str, Any]]:
    """What a baseline says of the findings of an app that count, by fingerprint.

    Suppressed ones are numbered with the others, as in every report: a suppression renames nothing.
    """
    return {
        key: {
            "fingerprint": key,
            "app": under(result.base, result.root),
            "code": f.code,
            "name": f.name,
            "path": under(f.base, f.path),
            "message": f.message,
        }
        for key, f in zip(fingerprints(list(result.findings)), result.findings, strict=True)
        if f.suppressed is None
    }


def render(known: dict[str, dict[str, Any]]) -> str:
    """The text of a baseline file, sorted so that it merges well."""
    import json

    ordered = sorted(known.values(), key=lambda item: (item["path"], item["code"], item["fingerprint"]))
    return json.dumps({"version": 1, "findings": ordered}, indent=2, ensure_ascii=True) + "\n"
