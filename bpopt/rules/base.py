"""What a rule is: a module with META, EXAMPLES and check(). Nothing else is needed to add one.

    \"\"\"Title as a sentence. What it does / Why is this bad / Example / Fix safety / References\"\"\"
    META = Rule("BP104", "duplicate-package", "aptfile", Severity.WARNING)
    EXAMPLES = (bad("cmake\\n«cmake»\\n", fixed="cmake\\n"), ok("cmake\\n"))

    def check(subject, app) -> Iterator[Finding]: ...

`subject` is the document of the rule's kind (or the `Web` command for kind `web`, the `App` for kind `app`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from bpopt.finding import Evidence, Finding, Fix, Impact, Label, Severity
from bpopt.text import Source, Span
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bpopt.app import App
    from bpopt.app.targets import Target

# The file an example is about when only its text is given.
DEFAULT_PATHS = {
    "aptfile": "Aptfile",
    "procfile": "Procfile",
    "web": "Procfile",
    "slugignore": ".slugignore",
    "python_version": ".python-version",
    "runtime_txt": "runtime.txt",
    "requirements": "requirements.txt",
    "dotenv": ".env",
    "app_json": "app.json",
    "app_spec": ".do/app.yaml",
    "project_toml": "project.toml",
    "heroku_yml": "heroku.yml",
    "gunicorn_conf": "gunicorn.conf.py",
}


class Rule(NamedTuple):
    """Who a rule is: its code and name for ever, the kind of subject it looks at, its usual severity."""

    code: str
    name: str
    kind: str
    severity: Severity
    since: str = "0.1.0"

    def found(
        self,
        source: Source,
        span: Span,
        message: str,
        *,
        help: str = "",  # noqa: A002 - the word users know from rustc and ruff
        fix: Fix | None = None,
        severity: Severity | None = None,
        labels: Iterable[Label] = (),
        impact: Impact | None = None,
        evidence: Iterable[Evidence] = (),
        on: Iterable[Target] = (),
    ) -> Finding:
        """A finding of this rule. `on` are the targets it holds on, empty if that is all of them."""
        return Finding(
            self.code,
            self.name,
            severity or self.severity,
            message,
            source,
            span,
            help,
            fix,
            tuple(labels),
            impact,
            tuple(evidence),
            tuple(dict.fromkeys(target.platform.name for target in on)),
        )


class Filler(str):
    """Stands in an example for a file of many bytes, of which only the size matters; `«»` marks it as found."""

    __slots__ = ("size",)
    size: int


def filler(size: int, *, found: bool = False) -> Filler:
    """The text of a file of `size` bytes in an example."""
    text = Filler(f"{'«»' if found else ''}({size:,} bytes)")
    text.size = size
    return text


class Example(NamedTuple):
    """Files of an app, with the text that each finding must mark between « and ».

    `fixed` are the files after the rule's fix (those that change; None for a file that is gone), or None if
    the rule offers none here. `safety` is that of the fix. `on` are platforms or stacks.
    """

    files: Mapping[str, str]
    finds: bool
    fixed: Mapping[str, str | None] | None
    safety: str
    on: tuple[str, ...]
    severity: str | None
    message: str | None
    title: str


def lock(*pins: str) -> str:
    """The text of a uv.lock or poetry.lock in an example, as far as it is read: `lock("flask==3.1.3")`."""
    pairs = (pin.partition("==") for pin in pins)
    return "\n".join(f'[[package]]\nname = "{name}"\nversion = "{version}"\n' for name, _, version in pairs)


class RuleModule(Protocol):
    """The shape of a rule's module."""

    __doc__: str | None
    __name__: str
    META: Rule
    EXAMPLES: tuple[Example, ...]

    def check(self, subject: Any, app: App, /) -> Iterator[Finding]:
        """The findings of this rule in one subject."""


def bad(
    files: str | Mapping[str, str],
    *,
    fixed: str | Mapping[str, str | None] | None = None,
    safety: str = "safe",
    on: str | tuple[str, ...] = "heroku",
    severity: str | None = None,
    message: str | None = None,
    title: str = "",
) -> Example:
    """An example that the rule must find; a plain string is the content of the rule's usual file."""
    whole = {"": fixed} if isinstance(fixed, str) else fixed
    return Example(_files(files), True, whole, safety, _tuple(on), severity, message, title)


def ok(files: str | Mapping[str, str], *, on: str | tuple[str, ...] = "heroku", title: str = "") -> Example:
    """An example in which the rule must find nothing; `title` says which trap it is."""
    return Example(_files(files), False, None, "safe", _tuple(on), None, None, title)


def _files(files: str | Mapping[str, str]) -> Mapping[str, str]:
    return {"": files} if isinstance(files, str) else files


def _tuple(on: str | tuple[str, ...]) -> tuple[str, ...]:
    return (on,) if isinstance(on, str) else on
