"""Changes as a unified diff that `git apply` takes: exact bytes, new and removed files included.

A diff for people's eyes and logs shows secrets in stars; where one stands next to a change, git does not take it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.text import split_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bpopt.app import App


def unified(
    root: str, before: Mapping[str, bytes | None], after: Mapping[str, bytes | None], app: App | None = None
) -> Iterator[str]:
    """The diff from `before` to `after` (paths relative to `root`; None is no file), file by file.

    Bytes that are no UTF-8 stand as surrogate escapes. With `app`, the one that `before` is of, secrets are hidden.
    """
    changed = app.with_changes(after) if app is not None else None
    for path in sorted(after):
        if before.get(path) != after[path]:
            shown = path if root in ("", ".") else f"{root}/{path}"
            hidden = {**_hidden(app, path), **_hidden(changed, path)}
            yield "".join(_file(shown, before.get(path), after[path], hidden))


def _hidden(app: App | None, path: str) -> dict[str, str]:
    """Lines of a file that must not be shown as they are -> what is shown instead."""
    source = app.source(path) if app is not None else None
    if app is None or source is None:
        return {}
    veiled = app.veiled(source)
    return dict(zip(_lines(source.raw), _lines(veiled.raw), strict=True)) if veiled is not source else {}


def _file(path: str, old: bytes | None, new: bytes | None, hidden: Mapping[str, str]) -> Iterator[str]:
    from difflib import unified_diff

    ours, theirs = _quoted(f"a/{path}"), _quoted(f"b/{path}")
    if old is None or new is None:
        yield f"diff --git {ours} {theirs}\n"
        yield "new file mode 100644\n" if old is None else "deleted file mode 100644\n"
    source = "/dev/null" if old is None else ours
    target = "/dev/null" if new is None else theirs
    for whole in unified_diff(_lines(old), _lines(new), source, target, lineterm="\n"):
        line = whole[0] + hidden.get(whole[1:], whole[1:])
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _quoted(path: str) -> str:
    """A path as git writes it: in quotes where a character would end or change the line."""
    if not any(char < " " or char in '"\\\x7f' for char in path):
        return path
    plain = path.replace("\\", "\\\\").replace('"', '\\"')
    return (
        '"' + "".join(f"\\{ord(char):03o}" if char < " " or char == "\x7f" else char for char in plain) + '"'
    )


def _lines(raw: bytes | None) -> list[str]:
    text = (raw or b"").decode("utf-8", "surrogateescape")
    return [line.text + line.end for line in split_lines(text)]
