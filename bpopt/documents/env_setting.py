"""An environment setting, wherever it is written: app.json, an app spec, .env, heroku.yml, project.toml."""

from __future__ import annotations

from bpopt.text import Span
from bpopt.values import NamedTuple


class EnvSetting(NamedTuple):
    """One `NAME=value` with its places; spans of names and values include their quotes.

    `value` is None where none is written or it is only known at run time; `value_span` is empty where none is
    written. `entry_span` covers all of the setting (for a list item without its dash). `scope` is `RUN_TIME`,
    `BUILD_TIME`, `RUN_AND_BUILD_TIME`, or None where the file does not say. `secret`: encrypted or generated.
    """

    name: str
    value: str | None
    name_span: Span
    value_span: Span
    entry_span: Span
    scope: str | None = None
    secret: bool = False
