"""A package of packages.txt or apt.txt is not there.

## What it does

Looks up the packages of the apt lists of other platforms, where the app's files show that it goes there:
`packages.txt` of Streamlit Community Cloud (streamlit in the requirements, or a `.streamlit` folder) and of Hugging
Face Spaces (`sdk:` in the README), `apt.txt` of repo2docker and Binder (a `binder` folder, or its other files).

## Why is this bad

apt-get ends with "Unable to locate package", and the build with it. repo2docker builds on Ubuntu 24.04 and takes no
versions behind a name. Streamlit Community Cloud and Spaces are built on Debian; which release is not said today (it
was Debian 11 in 2024), so that a name counts as wrong only where Debian 11, 12 and 13 all lack it, and one that the
newest of them dropped is a hint.

## Fix safety

Safe for one new name on repo2docker; unsafe on Debian, whose release is not known. No fix for Python packages, which
belong into requirements.txt.

## References

- [repo2docker: apt.txt](https://repo2docker.readthedocs.io/en/latest/config_files.html#apt-txt-install-packages-with-apt-get)
- [repo2docker, buildpacks/base.py](https://github.com/jupyterhub/repo2docker/blob/main/repo2docker/buildpacks/base.py)
- [Streamlit Community Cloud: Debian 11](https://github.com/streamlit/docs/pull/1213)
- [Hugging Face Spaces: packages.txt](https://huggingface.co/docs/hub/spaces-dependencies)
- [libatlas-base-dev in Debian 13](https://github.com/YunoHost-Apps/paperless-ngx_ynh/pull/252)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.apt import is_distribution, remove_word
from bpopt.rules.apt.gone_package import gone_text
from bpopt.rules.base import Rule, bad, ok
from bpopt.text import Span
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bpopt.app import App
    from bpopt.documents.aptfile import Aptfile, AptWord

META = Rule("BP127", "other-apt-list", "app", Severity.ERROR)

_STREAMLIT = {"requirements.txt": "streamlit==1.50.0\n"}
_SPACE = {"README.md": "---\ntitle: Faces\nsdk: gradio\n---\n"}

EXAMPLES = (
    bad(
        {"packages.txt": "ffmpeg\n«libatlas-base-dev»\n", **_STREAMLIT},
        severity="info",
        message="gone since Debian 13",
    ),
    bad(
        {"packages.txt": "«libgl1-mesa-glx»\n", **_SPACE},
        fixed={"packages.txt": "libgl1\n"},
        safety="unsafe",
        severity="info",
    ),
    bad(
        {"packages.txt": "«opencv-python-headless»\n", **_STREAMLIT},
        severity="warning",
        message="Python package",
    ),
    bad(
        {"binder/apt.txt": "# graphics\n«libgl1-mesa-glx»  # for OpenCV\n"},
        fixed={"binder/apt.txt": "# graphics\nlibgl1  # for OpenCV\n"},
        severity="error",
        message="gone since Ubuntu 24.04",
    ),
    bad(
        {"apt.txt": "«ffmpeg=7:6.1»\n", "environment.yml": "name: x\n"}, message="versions", title="a version"
    ),
    ok({"packages.txt": "libgl1\nffmpeg\nlibsndfile1\n# notes\n", **_STREAMLIT}),
    ok({"packages.txt": "libgl1-mesa-glx\nflask\n"}, title="nothing says whose file this is"),
    ok({"apt.txt": "libgl1-mesa-glx\n"}, title="nothing says whose file this is"),
    ok({"binder/apt.txt": "ffmpeg # for the sound\nlibgl1\n"}, title="a comment may follow there"),
)

_R2D = "https://github.com/jupyterhub/repo2docker/blob/main/repo2docker/buildpacks/base.py"
_DEBIAN = ("bullseye", "bookworm", "trixie")
# Files of repo2docker beside which apt.txt at the root is its own.
_BINDER = ("environment.yml", "postBuild", "install.R", "Project.toml", "jupyter_config.json")


class _Where(NamedTuple):
    """Who reads a list, on which releases, and the source of that."""

    name: str
    suites: tuple[str, ...]
    url: str


_BINDERS = _Where("repo2docker", ("noble",), _R2D)
_CLOUD = _Where("Streamlit Community Cloud", _DEBIAN, "https://github.com/streamlit/docs/pull/1213")
_SPACES = _Where("Hugging Face Spaces", _DEBIAN, "https://huggingface.co/docs/hub/spaces-dependencies")


def check(app: App, context: App) -> Iterator[Finding]:
    """Report names that the list's platform cannot install."""
    for path, kind, where in _lists(app):
        document: Aptfile | None = app.document(kind, path)
        for entry in document.entries if document is not None else ():
            if document is None or entry.kind != "packages":
                continue
            for word in entry.words:
                if word.text.startswith("#"):
                    break
                found = _finding(document, word, where, app)
                if found is not None:
                    yield found


def _lists(app: App) -> Iterator[tuple[str, str, _Where]]:
    if app.has("packages.txt"):
        if app.requirement("streamlit") is not None or app.files.exists(".streamlit/config.toml"):
            yield "packages.txt", "packages_txt", _CLOUD
        elif _is_space(app):
            yield "packages.txt", "packages_txt", _SPACES
    for path in ("binder/apt.txt", ".binder/apt.txt"):
        if app.files.exists(path):
            yield path, "apt_txt", _BINDERS
            return
    if app.has("apt.txt") and any(app.files.exists(name) for name in _BINDER):
        yield "apt.txt", "apt_txt", _BINDERS


def _is_space(app: App) -> bool:
    """Whether the README begins with the settings of a Space."""
    text = (app.files.read("README.md") or b"")[:2000].decode("utf-8", "replace")
    return text.startswith("---\n") and "\nsdk:" in text.partition("\n---")[0] + "\n"


def _finding(document: Aptfile, word: AptWord, where: _Where, app: App) -> Finding | None:
    from bpopt.apt import names

    name, equals, _ = word.text.partition("=")
    if equals and where is _BINDERS:
        message = f"{where.name} takes no versions: {word.text} is refused"
        return META.found(document.source, word.span, message, help=f"write {name}", evidence=[_fact(where)])
    became = [names.renamed(word.text, suite) for suite in where.suites]
    gone = next((rename for rename in became if rename is not None and rename.kind == "gone"), None)
    if gone is not None:
        new = gone.new[0] if len(gone.new) == 1 and _has(gone.new[0], where) else ""
        edit = remove_word(document.source, word) if document.find(new) else _written(document, word, new)
        unsafe = len(where.suites) > 1
        reason = f"which release of Debian {where.name} has is not known" if unsafe else ""
        safety = Safety.UNSAFE if unsafe else Safety.SAFE
        return META.found(
            document.source,
            word.span,
            gone_text(word.text, gone.since),
            help=f"write {new}" if new else f"write {' and '.join(gone.new)}" if gone.new else "remove it",
            fix=Fix(f"Write {new}", safety, (edit,), reason=reason) if new else None,
            severity=_severity(became),
            evidence=[_fact(where), Evidence("catalog", "the archive's index", gone.source, gone.checked)],
        )
    if is_distribution(word.text, app) and not _has(word.text, where, any_of=True):
        message = f"{word.text} is a Python package, and apt has none of that name"
        return META.found(
            document.source,
            word.span,
            message,
            help="move it to requirements.txt",
            severity=META.severity if where is _BINDERS else Severity.WARNING,
            evidence=[_fact(where)],
        )
    return None


def _severity(became: Sequence[object]) -> Severity:
    if len(became) == 1:
        return META.severity
    return (
        Severity.WARNING if all(getattr(rename, "kind", "") == "gone" for rename in became) else Severity.INFO
    )


def _fact(where: _Where) -> Evidence:
    return Evidence("fact", f"where {where.name} installs packages from", where.url, "2026-11-23")


def _written(document: Aptfile, word: AptWord, new: str) -> Edit:
    return Edit(document.source.path, Span(word.span.start, word.span.end), new)


def _has(name: str, where: _Where, *, any_of: bool = False) -> bool:
    """Whether every release in question has a package (or any of them), as far as its very catalog is shipped."""
    from bpopt.apt import catalog

    found = [
        c.exists(name) or c.resolve(name) is not None for s in where.suites if (c := catalog.for_stack(s))
    ]
    return any(found) if any_of else bool(found) and all(found)
