"""Rules of one family: environment settings. Here is what several of them share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Fix, Safety
from bpopt.patterns import Pattern
from bpopt.text import Span

if TYPE_CHECKING:
    from bpopt.app import App
    from bpopt.app.env import Placed
    from bpopt.text import Source

# Beginnings of names that only pip, compilers and CMake read.
FOR_THE_BUILD = (
    "CMAKE_",
    "CXXFLAGS",
    "CFLAGS",
    "CPPFLAGS",
    "LDFLAGS",
    "MAKEFLAGS",
    "DLIB_",
    "PIP_",
    "UV_INDEX",
    "UV_EXTRA_INDEX",
    "POETRY_HTTP_BASIC",
    "SKLEARN_ALLOW_DEPRECATED",
    "GRPC_PYTHON_BUILD",
)
_VARIABLE = Pattern(r"\$\{([A-Z0-9_]+)\}")  # pip's own pattern
_BLANKS = " \t\r\n"
_WHOLE_LINES = frozenset({"dotenv"})
_JSON = frozenset({"app_json", "scalingo_json"})


def asked_by_pip(app: App) -> frozenset[str]:
    """The names that requirements have as `${NAME}`."""
    return frozenset(name for d in app.requirement_files for name in _VARIABLE.findall(d.source.text))


def removal(placed: Placed, app: App, reason: str) -> Fix:
    """The fix that takes a setting out; advice only where a comment would be left without its setting."""
    title = f"Remove {placed.name}"
    edit = removing(placed, app)
    if edit is None:
        return Fix(title, Safety.DISPLAY, reason=reason)
    return Fix(title, Safety.UNSAFE, (edit,), reason=reason)


def removing(placed: Placed, app: App) -> Edit | None:
    """The edit that takes a setting out, None where that would leave a comment without its setting."""
    source, own = placed.source, placed.setting
    if placed.origin in _WHOLE_LINES:
        line = source.whole_line(own.entry_span)
        rest = source.text[own.entry_span.end : line.end].strip()
        return None if rest or _commented(source, line) else Edit(source.path, line, "")
    if placed.origin == "command":
        after = source.text[own.entry_span.end :]
        blanks = len(after) - len(after.lstrip(" \t"))
        # An `export NAME=value` would leave its first word behind.
        exported = source.text[: own.entry_span.start].rstrip().endswith("export")
        span = Span(own.entry_span.start, own.entry_span.end + blanks)
        return Edit(source.path, span, "") if blanks and not exported else None
    if placed.origin in _JSON:
        return _json_removal(source, placed)
    return _item_removal(source, placed) if placed.origin == "app_spec" else None


def _item_removal(source: Source, placed: Placed) -> Edit | None:
    """The lines of an item of a YAML list in block style, where no comment is near and others remain."""
    start, end = placed.setting.entry_span
    lines = Span(source.whole_line(Span(start, start)).start, source.whole_line(Span(end, end)).end)
    indent, dash, rest = source.text[lines.start : start].partition("-")
    items = (line for line in source.lines if line.text.startswith(f"{indent}- "))
    next(items, None)
    alone = next(items, None) is None
    if indent.strip() or not dash or rest.strip() or alone or _commented(source, lines):
        return None
    return None if "#" in source.text[slice(*lines)] else Edit(source.path, lines, "")


def _commented(source: Source, line: Span) -> bool:
    """Whether the line above is a comment, which may be about this one."""
    number = source.position(line.start).line
    return source.line_at(number - 1).lstrip().startswith("#")


def _json_removal(source: Source, placed: Placed) -> Edit | None:
    """The entry with the comma behind it, or with the one before it if it is the last; None if it is the only one."""
    text, (start, end) = source.text, placed.setting.entry_span
    after = end
    while after < len(text) and text[after] in _BLANKS:
        after += 1
    if text[after : after + 1] == ",":
        after += 1
        while after < len(text) and text[after] in _BLANKS:
            after += 1
        return Edit(source.path, Span(start, after), "")
    before = start
    while before > 0 and text[before - 1] in _BLANKS:
        before -= 1
    return Edit(source.path, Span(before - 1, end), "") if text[before - 1 : before] == "," else None


def shown(placed: Placed) -> str:
    """`NAME=value` where the value is harmless to show, else the name alone."""
    from bpopt.app.secrets import looks_secret

    value = placed.value
    if value is None or placed.setting.secret or len(value) > 40 or looks_secret(placed.name, value):
        return placed.name
    return f"{placed.name}={value}"
