"""A baseline: findings that were there when bpopt came, which do not count until they are mended.

The file names findings by fingerprint (rule, path and marked text, never a line number). It may only shrink:
writing it again drops what is mended and adds nothing new.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bpopt.finding import fingerprints
from bpopt.settings import ConfigError

if TYPE_CHECKING:
    from bpopt.engine import AppResult
    from bpopt.finding import Finding


class Baseline:
    """The known findings of a file, and which of them were met in this run."""

    def __init__(self, path: str, entries: dict[str, dict[str, Any]]) -> None:
        self.path = path
        self.entries = entries
        self.met: set[str] = set()

    @property
    def stale(self) -> list[str]:
        """The fingerprints of findings that were not met: mended, and ready to be dropped."""
        return [key for key in self.entries if key not in self.met]

    def mark(self, result: AppResult) -> AppResult:
        """The result with its known findings marked as suppressed."""
        live = [f for f in result.findings if f.suppressed is None]
        keys = dict(zip(map(id, live), fingerprints(live), strict=True))
        return result._replace(findings=tuple(self._mark(f, keys.get(id(f), "")) for f in result.findings))

    def _mark(self, finding: Finding, key: str) -> Finding:
        if key not in self.entries:
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


def entries(findings: list[Finding]) -> dict[str, dict[str, Any]]:
    """What a baseline says of findings, by fingerprint."""
    return {
        key: {"fingerprint": key, "code": f.code, "name": f.name, "path": f.path, "message": f.message}
        for key, f in zip(fingerprints(findings), findings, strict=True)
    }


def render(known: dict[str, dict[str, Any]]) -> str:
    """The text of a baseline file, sorted so that it merges well."""
    import json

    ordered = sorted(known.values(), key=lambda item: (item["path"], item["code"], item["fingerprint"]))
    return json.dumps({"version": 1, "findings": ordered}, indent=2, ensure_ascii=True) + "\n"
