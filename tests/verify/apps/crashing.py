"""Does not survive its own import."""

from __future__ import annotations

import no_such_module_of_anybody  # type: ignore[import-not-found]  # noqa: F401
