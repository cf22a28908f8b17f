"""What a secret looks like: tokens whose shape tells, and names whose value should not be in a repository."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bpopt.text import Source

if TYPE_CHECKING:
    from bpopt.app import App

# Shapes that nothing but a credential has -> what they are. The documents of the issuers say so.
_SHAPES = (
    (re.compile(r"AKIA[0-9A-Z]{16}\b"), "an AWS access key"),
    (re.compile(r"(?:sk|rk)_live_[0-9A-Za-z]{16,}"), "a Stripe live key"),
    (re.compile(r"gh[pousr]_[0-9A-Za-z]{36,}"), "a GitHub token"),
    (re.compile(r"github_pat_[0-9A-Za-z_]{40,}"), "a GitHub token"),
    (re.compile(r"glpat-[0-9A-Za-z_-]{20,}"), "a GitLab token"),
    (re.compile(r"xox[abprs]-[0-9A-Za-z-]{20,}"), "a Slack token"),
    (re.compile(r"SG\.[0-9A-Za-z_-]{16,}\.[0-9A-Za-z_-]{16,}"), "a SendGrid key"),
    (re.compile(r"dop_v1_[0-9a-f]{64}"), "a DigitalOcean token"),
    (re.compile(r"HRKU-[0-9A-Za-z_-]{30,}"), "a Heroku key"),
    (re.compile(r"sk-(?:proj-|ant-)?[0-9A-Za-z_-]{32,}"), "an API key"),
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"), "a private key"),
)
_URL = re.compile(r"[a-z][a-z0-9+.-]*://[^/@:\s]*:(?P<password>[^/@\s]{3,})@(?P<host>[^/:\s]+)")
_NAME = re.compile(
    r"(?:^|_)(?:SECRET|PASSWORD|PASSWD|PASSPHRASE|PASS|PWD|TOKEN|APIKEY|CREDENTIALS?|(?:API|ACCESS|PRIVATE|SECRET"
    r"|SIGNING|ENCRYPTION|AUTH|SERVICE)_KEY|KEY_SECRET)(?:_BASE64|_KEY|_ID)?$",
    re.IGNORECASE,
)
# Names that say of themselves that the value is for everybody, or only about a secret.
_PUBLIC = re.compile(
    r"^(?:NEXT_PUBLIC|VITE|REACT_APP|PUBLIC|NUXT_PUBLIC|GATSBY|EXPO_PUBLIC)_|PUBLISHABLE|ANON_KEY"
)
_PLACEHOLDER = re.compile(
    r"change|your|example|placeholder|dummy|sample|default|replace|insert|todo|fixme|secret|passw|xxx|\.\.\.|\*\*"
    r"|here|test|demo|foo|1234|abcd|none|null|<|>|\{|\}|\$|dev|local",
    re.IGNORECASE,
)
_LOCAL = re.compile(
    r"(?:localhost|127\.[0-9.]+|0\.0\.0\.0|[a-z0-9_-]+)$", re.IGNORECASE
)  # or a container's name
_SHORTEST = 12  # characters; shorter values are too often words


def shape(value: str) -> str | None:
    """What a value must be by its shape alone (`a Stripe live key`), None if that does not tell."""
    if len(value) < _SHORTEST or value.startswith("EV["):
        return None  # DigitalOcean's encrypted value: https://docs.digitalocean.com/reference/api/
    for pattern, what in _SHAPES:
        match = pattern.search(value)
        if match and not re.search(r"example|x{4}|0{8}|1234567", match[0], re.IGNORECASE):
            return what
    url = _URL.search(value)
    if url and not _LOCAL.match(url["host"]) and "." in url["host"] and not _PLACEHOLDER.search(url[0]):
        return "an address with a password in it"
    return None


def named(name: str, value: str) -> bool:
    """Whether the name calls for a secret and the value is no placeholder."""
    if _PUBLIC.search(name) or not _NAME.search(name) or value.startswith("EV["):
        return False
    if len(value) < _SHORTEST or _PLACEHOLDER.search(value) or " " in value.strip():
        return False
    classes = sum(bool(re.search(kind, value)) for kind in ("[a-z]", "[A-Z]", "[0-9]", "[^a-zA-Z0-9]"))
    return classes > 1 and not value.lower().startswith(("http://", "https://"))


def plain(value: str) -> bool:
    """Whether a value is neither encrypted, nor filled in by the platform, nor a placeholder."""
    return len(value) >= _SHORTEST and not value.startswith("EV[") and not _PLACEHOLDER.search(value)


def looks_secret(name: str, value: str) -> bool:
    """Whether a value should better not be shown."""
    return bool(_NAME.search(name)) or shape(value) is not None


def veiled(app: App, source: Source) -> Source:
    """A file as reports may show it: values of settings that may be secrets are blotted out, nothing moves."""
    parts, at = [], 0
    for placed in sorted((p for p in app.env if p.source is source), key=lambda p: p.setting.value_span):
        start, end = placed.setting.value_span
        if start >= at and (placed.setting.secret or looks_secret(placed.name, placed.value or "")):
            parts += [source.text[at:start], blot(source.text[start:end])]
            at = end
    return Source(source.path, source.encode("".join(parts) + source.text[at:])) if parts else source


def blot(text: str) -> str:
    """As many stars as characters; quotes and line ends stay."""
    return "".join(char if char in "\r\n\"'" else "*" for char in text)
