"""What a secret looks like: tokens whose shape tells, and names whose value should not be in a repository."""

from __future__ import annotations

import re

from bpopt.patterns import Pattern

# Shapes that nothing but a credential has -> what they are. The documents of the issuers say so.
SHAPES = (
    (Pattern(r"AKIA[0-9A-Z]{16}\b"), "an AWS access key"),
    (Pattern(r"(?:sk|rk)_live_[0-9A-Za-z]{16,}"), "a Stripe live key"),
    (Pattern(r"gh[pousr]_[0-9A-Za-z]{36,}"), "a GitHub token"),
    (Pattern(r"github_pat_[0-9A-Za-z_]{40,}"), "a GitHub token"),
    (Pattern(r"glpat-[0-9A-Za-z_-]{20,}"), "a GitLab token"),
    (Pattern(r"xox[abprs]-[0-9A-Za-z-]{20,}"), "a Slack token"),
    (Pattern(r"SG\.[0-9A-Za-z_-]{16,}\.[0-9A-Za-z_-]{16,}"), "a SendGrid key"),
    (Pattern(r"dop_v1_[0-9a-f]{64}"), "a DigitalOcean token"),
    (Pattern(r"HRKU-[0-9A-Za-z_-]{30,}"), "a Heroku key"),
    (Pattern(r"sk-(?:proj-|ant-)?[0-9A-Za-z_-]{32,}"), "an API key"),
    (Pattern(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"), "a private key"),
)
_URL = Pattern(r"[a-z][a-z0-9+.-]*://[^/@:\s]*:(?P<password>[^/@\s]{3,})@(?P<host>[^/:\s]+)")
_NAME = Pattern(
    r"(?:^|_)(?:SECRET|PASSWORD|PASSWD|PASSPHRASE|PASS|PWD|TOKEN|APIKEY|CREDENTIALS?|(?:API|ACCESS|PRIVATE|SECRET"
    r"|SIGNING|ENCRYPTION|AUTH|SERVICE)_KEY|KEY_SECRET)(?:_BASE64|_KEY|_ID)?$",
    re.IGNORECASE,
)
# Names that say of themselves that the value is for everybody, or only about a secret.
_PUBLIC = Pattern(
    r"^(?:NEXT_PUBLIC|VITE|REACT_APP|PUBLIC|NUXT_PUBLIC|GATSBY|EXPO_PUBLIC)_|PUBLISHABLE|ANON_KEY"
)
_PLACEHOLDER = Pattern(
    r"change|your|example|placeholder|dummy|sample|default|replace|insert|todo|fixme|secret|passw|xxx|\.\.\.|\*\*"
    r"|here|test|demo|foo|1234|abcd|none|null|<|>|\{|\}|\$|dev|local",
    re.IGNORECASE,
)
# Where a secret lies, and keys that their issuers give out for browsers.
_NO_SECRET = Pattern(r"(?:~|\.{0,2}/)\S*|\S+\.(?:json|pem|key|crt|p12|txt|ya?ml)|pk[._]\S+", re.IGNORECASE)
_LOCAL = Pattern(
    r"(?:localhost|127\.[0-9.]+|0\.0\.0\.0|[a-z0-9_-]+)$", re.IGNORECASE
)  # or a container's name
_ADDRESS = "an address with a password in it"
_SHORTEST = 12  # characters; shorter values are too often words


def shape(value: str) -> str | None:
    """What a value must be by its shape alone (`a Stripe live key`), None if that does not tell."""
    if len(value) < _SHORTEST or value.startswith("EV["):
        return None  # DigitalOcean's encrypted value: https://docs.digitalocean.com/reference/api/
    for pattern, what in SHAPES:
        match = pattern.search(value)
        if match and not re.search(r"example|x{4}|0{8}|1234567", match[0], re.IGNORECASE):
            return what
    url = _URL.search(value)
    if url and not _LOCAL.match(url["host"]) and "." in url["host"] and not _PLACEHOLDER.search(url[0]):
        return _ADDRESS
    return None


def shapes(text: str) -> list[tuple[int, int, str]]:
    """Where in a text credentials stand that their shape alone tells: start, end, what it is."""
    found = []
    for pattern, what in SHAPES:
        found += [(*m.span(), what) for m in pattern.finditer(text) if shape(m[0]) is not None]
    found += [(*m.span(), _ADDRESS) for m in _URL.finditer(text) if shape(m[0]) == _ADDRESS]
    return sorted(found)


def named(name: str, value: str) -> bool:
    """Whether the name calls for a secret and the value is no placeholder."""
    if _PUBLIC.search(name) or not _NAME.search(name) or value.startswith("EV["):
        return False
    if len(value) < _SHORTEST or _PLACEHOLDER.search(value) or " " in value.strip():
        return False
    if _NO_SECRET.fullmatch(value):
        return False
    classes = sum(bool(re.search(kind, value)) for kind in ("[a-z]", "[A-Z]", "[0-9]", "[^a-zA-Z0-9]"))
    return classes > 1 and not value.lower().startswith(("http://", "https://"))


def plain(value: str) -> bool:
    """Whether a value is neither encrypted, nor filled in by the platform, nor a placeholder."""
    return len(value) >= _SHORTEST and not value.startswith("EV[") and not _PLACEHOLDER.search(value)


def looks_secret(name: str, value: str) -> bool:
    """Whether a value should better not be shown."""
    return bool(_NAME.search(name)) or shape(value) is not None
