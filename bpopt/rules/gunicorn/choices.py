"""Values that gunicorn takes for settings with few of them, and how it reads addresses that it trusts.

Read from gunicorn/config.py of 27.0.1 and tried with 20.1.0 to 27.0.1, 2026-11-25.
"""

from __future__ import annotations

# Kind of setting (data/gunicorn.tsv) -> the values it has, in lower case as gunicorn compares them.
CHOICES = {
    "reload_engine": ("auto", "poll", "inotify"),
    "proxy_protocol": ("off", "v1", "v2", "auto", "true", "false", "0", "1", "none"),
    "header_map_behaviour": ("drop", "refuse", "dangerous"),
    "asgi_loop": ("auto", "asyncio", "uvloop"),
    "asgi_lifespan": ("auto", "on", "off"),
    "http_parser": ("auto", "fast", "python"),
    "http2_cleartext": ("off", "prior-knowledge", "upgrade", "both"),
    "http_protocols": ("h1", "h2"),
}
# Settings that hold addresses; since 23 gunicorn ends with an error over what is none.
TRUSTED = frozenset({"forwarded_allow_ips", "proxy_allow_ips"})


def no_choice(kind: str, value: str) -> str:
    """What is wrong with a value of a setting of few values, empty if nothing is."""
    known = CHOICES.get(kind)
    if known is None:
        return ""
    parts = value.split(",") if kind == "http_protocols" else [value]
    wrong = next((p for p in parts if p.strip().lower() not in (*known, "")), None)
    return f"{wrong.strip()!r} is not one of {', '.join(known[:4])}" if wrong is not None else ""


def no_address(value: str) -> str:
    """What is wrong with a list of addresses to trust, empty if nothing is."""
    from ipaddress import ip_network

    if value.strip() == "*":
        return ""
    for part in filter(None, (p.strip() for p in value.split(","))):
        try:
            ip_network(part)
        except ValueError:
            return f"{part!r} is no address: gunicorn 23 and newer end with an error over it"
    return ""
