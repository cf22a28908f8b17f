"""From a table of the configuration to the requests that it stands for: bodies, forms, files."""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING, Any

from bpopt.settings import ConfigError
from bpopt.verify.client import Sent

if TYPE_CHECKING:
    from collections.abc import Mapping

_LISTS = ("path", "json", "body", "form", "send")  # keys whose value may be a list, one variant an item


def variants(item: Mapping[str, Any], name: str, folder: str, where: str) -> tuple[Sent, ...]:
    """The different requests that one table stands for: as many as its longest list has items.

    Shorter lists begin anew. Files are sent as a browser sends a form (multipart/form-data).
    """
    files = {field: _listed(paths) for field, paths in item.get("files", {}).items()}
    lists = {key: _listed(item[key]) for key in _LISTS if key in item}
    if any(not values for values in (*files.values(), *lists.values())):
        raise ConfigError(f"{where}: {name}: an empty list")
    count = max([1, *map(len, files.values()), *map(len, lists.values())])
    made = []
    for number in range(count):
        own = {key: values[number % len(values)] for key, values in lists.items()}
        chosen = {field: paths[number % len(paths)] for field, paths in files.items()}
        headers, body = _body(own, chosen, folder, f"{where}: {name}")
        headers = {**headers, **{str(k): str(v) for k, v in item.get("headers", {}).items()}}
        method = str(item.get("method", "POST" if body else "GET")).upper()
        names = [os.path.basename(str(path)) for path in (*chosen.values(), own.get("send", ""))]
        label = ", ".join(filter(None, names)) or (str(number + 1) if count > 1 else "")
        path = str(own.get("path", "/"))
        if not path.startswith("/"):
            raise ConfigError(f"{where}: {name}: the path must begin with /")
        made.append(Sent(name, label, method, path, tuple(headers.items()), body))
    return tuple(made)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _body(
    own: Mapping[str, Any], files: Mapping[str, str], folder: str, where: str
) -> tuple[dict[str, str], bytes]:
    """The headers and bytes of a request's body."""
    if files:
        parts = [(field, "", str(value).encode()) for field, value in own.get("form", {}).items()]
        parts += [
            (field, os.path.basename(path), _file(path, folder, where)) for field, path in files.items()
        ]
        return multipart(parts)
    if "form" in own:
        from urllib.parse import urlencode

        return {"Content-Type": "application/x-www-form-urlencoded"}, urlencode(own["form"]).encode()
    if "send" in own:
        return {"Content-Type": "application/octet-stream"}, _file(str(own["send"]), folder, where)
    if "json" in own:
        return {"Content-Type": "application/json"}, json.dumps(own["json"]).encode()
    return {}, str(own.get("body", "")).encode()


def _file(path: str, folder: str, where: str) -> bytes:
    try:
        with open(os.path.join(folder, path), "rb") as file:
            return file.read()
    except OSError as error:
        raise ConfigError(f"{where}: {path}: {error.strerror}") from None


def multipart(parts: list[tuple[str, str, bytes]]) -> tuple[dict[str, str], bytes]:
    """A form of (field, file name or empty, content) as multipart/form-data (RFC 7578): its headers and body.

    The boundary is a hash of the contents, so that the same form is the same bytes every time.
    """
    boundary = "bpopt-" + hashlib.sha256(b"".join(content for _, _, content in parts)).hexdigest()[:32]
    body = b""
    for field, name, content in parts:
        file = f'; filename="{name}"\r\nContent-Type: application/octet-stream' if name else ""
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"{file}\r\n\r\n'.encode()
        body += content + b"\r\n"
    return {
        "Content-Type": f"multipart/form-data; boundary={boundary}"
    }, body + f"--{boundary}--\r\n".encode()
