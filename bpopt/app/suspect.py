"""Whether a text may hold a secret: asked of every text that is shown, so without patterns and what they cost."""

from __future__ import annotations

# In lower case; each secret that `bpopt.app.veil` knows has one of these in or before it.
_MARKS = (
    "secret", "passw", "passphrase", "pass=", "pass:", "pwd", "token", "apikey", "_key", "-key", "credential",
    "bearer ", "basic ", "akia", "_live_", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xox",
    "sg.", "dop_v1_", "hrku-", "sk-", "private key",
)  # fmt: skip


def suspicious(text: str) -> bool:
    """Whether it is worth looking for secrets in a text."""
    lowered = text.lower()
    for mark in _MARKS:  # not any(): a generator takes twice as long
        if mark in lowered:
            return True
    return "://" in text and "@" in text
