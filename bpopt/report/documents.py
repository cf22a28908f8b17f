"""The files of a report: which there are, and their text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bpopt.output.shown import encodable
from bpopt.report import analysis, deployment, env_document, fixes_document, gather, measured
from bpopt.report.html import page

if TYPE_CHECKING:
    from bpopt.app import App
    from bpopt.report.measured import Results
    from bpopt.settings import Settings

HTML = "OPTIMIZATION_REPORT.html"
_MARKDOWN = {
    "analysis": ("OPTIMIZATION_ANALYSIS.md", "Optimisation analysis", analysis.text),
    "settings": ("ENV_VARS.md", "Environment settings", env_document.text),
    "deployment": ("DEPLOYMENT.md", "Deployment", deployment.text),
    "fixes": ("BUILDPACK_FIXES.md", "Build failures and their fixes", fixes_document.text),
}
NAMES = (*(entry[0] for entry in _MARKDOWN.values()), HTML)


class File(NamedTuple):
    """A file of a report, relative to the app."""

    path: str
    text: str


def files(app: App, settings: Settings, folder: str, results: Results = measured.NOTHING) -> tuple[File, ...]:
    """The report of an app, to be written into a folder below it; `results` are what was measured, if anything."""
    prefix = f"{folder.strip('/')}/" if folder.strip("/.") else ""
    gathered = gather.gather(app, settings, tuple(prefix + name for name in NAMES), results)
    texts = {key: (title, text(gathered)) for key, (_, title, text) in _MARKDOWN.items()}
    found = [File(prefix + _MARKDOWN[key][0], encodable(text)) for key, (_, text) in texts.items()]
    return (*found, File(prefix + HTML, encodable(page(gathered, texts))))
