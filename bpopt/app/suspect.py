"""Whether a text may hold a secret: asked of every text that is shown, so without patterns and what they cost."""

from __future__ import annotations

from functools import lru_cache

from bpopt.documents.kept import SMALL

# In lower case; each secret that `bpopt.app.veil` knows has one of these in or before it.
_NAMES = (
    "secret", "passw", "passphrase", "pass=", "pass:", "pwd", "token", "apikey", "_key", "-key", "credential",
    "bearer ", "basic ",
)  # fmt: skip
# The same for those that `bpopt.app.secrets` knows by their shape alone.
_SHAPES = (
    "akia", "_live_", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xox", "sg.", "dop_v1_",
    "hrku-", "sk-", "private key",
)  # fmt: skip


def suspicious(text: str) -> bool:
    """Whether it is worth looking for secrets in a text; known of short ones, which many apps have in common."""
    return _known(text) if len(text) <= SMALL else _suspicious(text)


def _suspicious(text: str) -> bool:
    lowered = text.lower()
    for mark in _NAMES:  # not any(): a generator takes twice as long
        if mark in lowered:
            return True
    return shaped(lowered)


_known = lru_cache(1024)(_suspicious)


def shaped(lowered: str) -> bool:
    """Whether it is worth looking for secrets by their shape in a text, which is in lower case."""
    for mark in _SHAPES:
        if mark in lowered:
            return True
    return "://" in lowered and "@" in lowered
