"""Takes requests and never answers them."""

from __future__ import annotations

import time
from typing import Any


def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    time.sleep(3600)
    return []
