"""Changes as a unified diff that `git apply` takes: exact bytes, new and removed files included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.text import split_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def unified(
    root: str, before: Mapping[str, bytes | None], after: Mapping[str, bytes | None]
) -> Iterator[str]:
    """The diff from `before` to `after` (paths relative to `root`; None is no file), file by file.

    Bytes that are no UTF-8 stand as surrogate escapes.
    """
    for path in sorted(after):
        if before.get(path) != after[path]:
            shown = path if root in ("", ".") else f"{root}/{path}"
            yield "".join(_file(shown, before.get(path), after[path]))


def _file(path: str, old: bytes | None, new: bytes | None) -> Iterator[str]:
    from difflib import unified_diff

    if old is None or new is None:
        yield f"diff --git a/{path} b/{path}\n"
        yield "new file mode 100644\n" if old is None else "deleted file mode 100644\n"
    source = "/dev/null" if old is None else f"a/{path}"
    target = "/dev/null" if new is None else f"b/{path}"
    for line in unified_diff(_lines(old), _lines(new), source, target, lineterm="\n"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(raw: bytes | None) -> list[str]:
    text = (raw or b"").decode("utf-8", "surrogateescape")
    return [line.text + line.end for line in split_lines(text)]
