"""All rules, listed by hand: code, name, kind of subject, module. Order is that of the codes.

The table stands for the modules, so that a run imports only the rules of files that are there; a test holds
it against the modules' own META and against the files on disk.
"""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import compress, repeat
from operator import contains
from typing import TYPE_CHECKING, Any, cast

from bpopt.documents.kept import KEPT
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bpopt.app import App
    from bpopt.finding import Finding
    from bpopt.rules.base import RuleModule
    from bpopt.text import Source

    Check = Callable[[Any, App], Iterator[Finding]]

FAMILIES = {
    "BP0": "run",
    "BP1": "apt",
    "BP2": "procfile",
    "BP3": "gunicorn",
    "BP4": "slug",
    "BP5": "python",
    "BP6": "env",
    "BP7": "requirements",
    "BP8": "spec",
}


class Entry(NamedTuple):
    """One rule: its code, its name, the kind of subject it looks at. Its module follows from these.

    `words` spare a run the import of rules that cannot find anything: unless one of them stands in a file of the
    kind or its name (lower case; in any file that bpopt reads for `app` and `web`), the rule has nothing to say; nor does it unless the
    app goes to one of the platforms `on`. Empty: always ask.
    """

    code: str
    name: str
    kind: str
    words: tuple[str, ...] = ()
    on: tuple[str, ...] = ()

    @property
    def family(self) -> str:
        """The family, which is also the folder of the module."""
        return FAMILIES[self.code[:3]]

    def load(self) -> RuleModule:
        """The rule's module, imported now if it was not."""
        module = _modules.get(self.code)
        if module is None:
            from importlib import import_module

            found = import_module(f"bpopt.rules.{self.family}.{self.name.replace('-', '_')}")
            module = _modules[self.code] = cast("RuleModule", found)
        return module


_modules: dict[str, RuleModule] = {}  # by code: asking the import system each time costs more than most rules

# One rule a line, in the order of the codes; bpopt needs no other list.
# fmt: off
REGISTRY = (
    Entry("BP001", "unused-suppression", "app", ("bpopt: ignore",)),
    Entry("BP002", "syntax-error", "app"),
    Entry("BP003", "unreadable-file", "app"),
    Entry("BP004", "wrong-file-name", "app"),
    Entry("BP005", "other-format", "app"),
    Entry("BP006", "dead-file", "app"),
    Entry("BP007", "byte-order-mark", "app"),
    Entry("BP101", "redundant-blas", "aptfile", ("libatlas",)),
    Entry("BP102", "unneeded-x-session-library", "aptfile", ("libsm6", "libice6")),
    Entry("BP103", "in-run-image", "aptfile"),
    Entry("BP104", "duplicate-package", "aptfile"),
    Entry("BP105", "gone-package", "aptfile"),
    Entry("BP106", "renamed-package", "aptfile"),
    Entry("BP107", "inline-comment", "aptfile", (" #", "\t#")),
    Entry("BP108", "several-packages-on-line", "aptfile", on=("digitalocean",)),
    Entry("BP109", "carriage-return", "aptfile", ("\r",)),
    Entry("BP110", "not-a-package", "aptfile"),
    Entry("BP111", "indented-repository", "aptfile", (":repo:",)),
    Entry("BP112", "package-address", "aptfile", (":repo:", ".deb")),
    Entry("BP113", "python-package", "aptfile", ("python",)),
    Entry("BP114", "needs-maintainer-script", "aptfile", (
        "mscorefonts", "software-properties", "apt-transport", "ca-certificates", "update-notifier", "archive-keyring",
        "chromium-browser", "firefox", "default-j", "openjdk-",
    )),
    Entry("BP115", "needs-environment", "aptfile", ("tesseract", "imagemagick", "gdk-pixbuf", "fontconfig")),
    Entry("BP116", "blas-without-path", "aptfile", ("libblas3", "liblapack3", "libopenblas0", "gdal", "octave", "ffmpeg")),
    Entry("BP117", "empty-aptfile", "aptfile"),
    Entry("BP118", "aptfile-without-effect", "aptfile", on=("heroku-fir",)),
    Entry("BP119", "package-pattern", "aptfile", ("*", "?", "[")),
    Entry("BP120", "pinned-package-version", "aptfile", ("=",)),
    Entry("BP121", "in-build-image", "aptfile"),
    Entry("BP122", "headers-in-slug", "aptfile", ("-dev",)),
    Entry("BP123", "upper-case-package", "aptfile"),
    Entry("BP124", "brought-along", "aptfile"),
    Entry("BP125", "unlinked-headers", "aptfile", ("-dev",)),
    Entry("BP126", "unused-library", "aptfile", ("lib",)),
    Entry("BP127", "other-apt-list", "app"),
    Entry("BP128", "blas-out-of-reach", "aptfile", ("blas", "lapack")),
    Entry("BP129", "excluding-packages", "aptfile"),
    Entry("BP201", "missing-colon", "procfile"),
    Entry("BP202", "missing-blank", "procfile"),
    Entry("BP203", "unreadable-procfile-line", "procfile"),
    Entry("BP204", "process-name", "procfile"),
    Entry("BP205", "development-server", "web"),
    Entry("BP206", "hard-coded-port", "web"),
    Entry("BP207", "duplicate-process", "procfile"),
    Entry("BP208", "no-web-process", "procfile"),
    Entry("BP209", "program-not-installed", "app"),
    Entry("BP210", "module-not-found", "web"),
    Entry("BP211", "setup-in-web", "web", ("manage.py", "django-admin", "flask", "alembic", "upgrade")),
    Entry("BP212", "lost-files", "procfile", ("manage.py", "django-admin")),
    Entry("BP213", "background-process", "procfile", ("&",)),
    Entry("BP214", "shell-not-supported", "procfile", on=("dokku",)),
    Entry("BP215", "overridden-procfile", "procfile", on=("digitalocean",)),
    Entry("BP216", "process-not-run", "procfile"),
    Entry("BP217", "celery-argument-order", "procfile", ("celery",)),
    Entry("BP218", "continued-line", "procfile", ("\\",)),
    Entry("BP219", "program-not-in-image", "app"),
    Entry("BP220", "comment-in-command", "procfile", (" // ",)),
    Entry("BP301", "no-threads", "web", ("gunicorn",)),
    Entry("BP302", "no-max-requests", "web", ("gunicorn",)),
    Entry("BP303", "max-requests-without-jitter", "web", ("max-requests", "max_requests")),
    Entry("BP304", "no-preload", "web", ("gunicorn",)),
    Entry("BP305", "unknown-gunicorn-option", "web", ("gunicorn",)),
    Entry("BP306", "invalid-gunicorn-value", "web", ("gunicorn",)),
    Entry("BP307", "threads-without-effect", "web", ("thread",)),
    Entry("BP308", "gthread-with-one-thread", "web", ("gthread",)),
    Entry("BP309", "unavailable-worker-class", "web", ("worker-c", "worker_c", " -k")),
    Entry("BP310", "worker-app-mismatch", "web", ("gunicorn",)),
    Entry("BP311", "reload-in-production", "web", ("--rel", "\nreload", " reload")),
    Entry("BP312", "daemon-on-platform", "web", ("daem", " -d", "-config", "_config", "--check", "--print")),
    Entry("BP313", "preload-without-effect", "web", ("preload",)),
    Entry("BP314", "timeout-beyond-router", "web", ("timeo", " -t")),
    Entry("BP315", "timeout-off", "web", ("timeo", " -t")),
    Entry("BP316", "timeout-below-import", "web", ("gunicorn",)),
    Entry("BP317", "no-worker-tmp-dir", "web", ("gunicorn",), on=("digitalocean",)),
    Entry("BP318", "web-concurrency-overridden", "web", ("web_concurrency",)),
    Entry("BP319", "invalid-web-concurrency", "web", ("web_concurrency",)),
    Entry("BP320", "single-worker", "web", ("gunicorn",)),
    Entry("BP321", "too-many-workers", "web", ("gunicorn",)),
    Entry("BP322", "option-without-effect", "web", ("gunicorn",)),
    Entry("BP323", "no-access-log", "web", ("gunicorn_cmd_args",)),
    Entry("BP324", "config-file-not-loaded", "web", ("gunicorn",)),
    Entry("BP325", "unknown-config-name", "web", ("gunicorn",)),
    Entry("BP326", "untrusted-proxy", "web", ("gunicorn",)),
    Entry("BP327", "control-socket-home", "web", ("home", "user", " -u")),
    Entry("BP328", "unsafe-preload", "web", ("preload",)),
    Entry("BP329", "unsafe-threads", "web", ("gunicorn",)),
    Entry("BP330", "scheduler-in-workers", "web", ("gunicorn",)),
    Entry("BP331", "deprecated-uvicorn-worker", "web", ("uvicorn",)),
    Entry("BP332", "graceful-timeout-beyond-kill", "web", ("graceful",)),
    Entry("BP401", "missing-slugignore", "app", on=("heroku", "scalingo")),
    Entry("BP402", "slugignore-hides-needed", "slugignore"),
    Entry("BP403", "slugignore-without-effect", "slugignore"),
    Entry("BP404", "slugignore-negation", "slugignore", ("!",)),
    Entry("BP405", "useless-slugignore-pattern", "slugignore"),
    Entry("BP406", "mangled-slugignore-pattern", "slugignore"),
    Entry("BP407", "pattern-read-differently", "slugignore", on=("scalingo",)),
    Entry("BP408", "large-file", "app"),
    Entry("BP409", "committed-environment", "app"),
    Entry("BP410", "committed-cache", "app"),
    Entry("BP411", "needed-file-not-pushed", "app"),
    Entry("BP412", "exclude-hides-needed", "project_toml", ("clude",)),
    Entry("BP501", "runtime-txt-deprecated", "runtime_txt"),
    Entry("BP502", "runtime-txt-and-python-version", "runtime_txt"),
    Entry("BP503", "invalid-runtime-txt", "runtime_txt"),
    Entry("BP504", "invalid-python-version", "python_version"),
    Entry("BP505", "unsupported-python", "app"),
    Entry("BP506", "pinned-patch", "app"),
    Entry("BP507", "no-python-version", "app"),
    Entry("BP508", "several-package-managers", "app"),
    Entry("BP509", "missing-lock", "app"),
    Entry("BP510", "requires-python-mismatch", "app"),
    Entry("BP511", "unread-package-file", "app", on=("heroku-fir", "digitalocean")),
    Entry("BP601", "setting-without-effect", "app", (
        "flask_env", "cmake_", "_instructions", "dlib_", "python_version", "python_runtime_version",
    )),
    Entry("BP602", "setting-set-by-platform", "app", (
        "pythonunbuffered", "pip_disable", "forwarded_allow_ips", "pythonhome", "lang", "port", "dyno",
    )),
    Entry("BP603", "missing-setting", "requirements", ("dlib", "face")),
    Entry("BP604", "secret-in-file", "app"),
    Entry("BP605", "debug-on", "app", ("debug", "flask_env")),
    Entry("BP606", "wrong-scope", "app_spec", ("scope",)),
    Entry("BP607", "invisible-to-build", "app", (
        "cmake_", "flags", "dlib_", "pip_", "uv_", "poetry_", "sklearn_", "grpc_",
    ), on=("heroku",)),
    Entry("BP608", "reserved-setting", "app", ("_dir", "pip_", "poetry_", "python", "uv_", "virtual_env", ".do/")),
    Entry("BP609", "inverted-value", "app", (
        "pythonunbuffered", "pythondont", "pythonopt", "pythonno", "pythonverb", "disable_collect", "pip_no_cache",
    )),
    Entry("BP610", "dotenv-syntax", "dotenv", (".env",)),
    Entry("BP611", "conflicting-settings", "app"),
    Entry("BP612", "committed-dotenv", "dotenv", (".env",)),
    Entry("BP613", "preload-at-build", "app", ("ld_preload",)),
    Entry("BP701", "gui-opencv", "app", (
        "opencv", "mediapipe", "ultralytics", "imgaug", "cvzone", "insightface",
    )),
    Entry("BP702", "several-opencv", "app", ("opencv",)),
    Entry("BP703", "missing-setuptools", "app", ("face",)),
    Entry("BP704", "source-build", "requirements", ("dlib", "face")),
    Entry("BP705", "heavy-wheels", "requirements", (
        "torch", "tensorflow", "sentence", "ultralytics", "easyocr", "whisper", "timm", "accelerate",
    )),
    Entry("BP706", "psycopg2-twice", "app", ("psycopg2",)),
    Entry("BP707", "numpy-conflict", "requirements", ("numpy",)),
    Entry("BP708", "unpinned-requirements", "requirements"),
    Entry("BP709", "unfit-wheel", "requirements", (".whl",)),
    Entry("BP710", "windows-only", "requirements", ("pywin", "pypiwin", "windows")),
    Entry("BP711", "misplaced-option", "requirements", ("-",)),
    Entry("BP712", "duplicate-requirement", "requirements"),
    Entry("BP713", "wrong-package", "requirements", (
        "sklearn", "pkg", "tensorflow-gpu", "tensorflow_gpu", "pil", "cv2", "opencv", "beautifulsoup",
    )),
    Entry("BP714", "abandoned-package", "requirements", ("heroku",)),
    Entry("BP715", "unresolved-variable", "requirements", ("$",)),
    Entry("BP716", "missing-path", "requirements"),
    Entry("BP717", "unbuildable-dlib", "requirements", ("dlib",)),
    Entry("BP718", "missing-native-library", "requirements", (
        "enchant", "ffmpeg", "gmsh", "imgkit", "libarchive", "ocrmypdf", "pdfkit", "pocketsphinx", "pylibdmtx", "pyodbc", "pypandoc", "pyttsx3", "pyzbar", "sounddevice", "soundfile", "tesseract", "virtualdisplay", "vlc", "xvfbwrapper",
    )),
    Entry("BP801", "buildpack-order", "app", ("buildpack",)),
    Entry("BP802", "buildpack-without-aptfile", "app", ("buildpack",)),
    Entry("BP803", "aptfile-without-buildpack", "app", ("buildpack",)),
    Entry("BP804", "retired-stack", "app", ("heroku-", "cedar", "builder:", "buildpacks:")),
    Entry("BP805", "unknown-key", "app", (".do/", "app.json", "project.toml", "scalingo.json")),
    Entry("BP806", "port-mismatch", "app", (".do/",), on=("digitalocean",)),
    Entry("BP807", "missing-run-command", "app_spec"),
    Entry("BP808", "missing-health-check", "app_spec"),
    Entry("BP809", "deprecated-key", "app_spec"),
    Entry("BP810", "instance-too-small", "app", ("face",)),
    Entry("BP811", "foreign-buildpack", "app", ("cloudfoundry", "scalingo")),
    Entry("BP812", "pinned-buildpack", "app", ("buildpack",)),
    Entry("BP813", "invalid-value", "app_spec"),
    Entry("BP814", "obsolete-buildpack", "app", ("buildpack",)),
    Entry("BP815", "retired-plan", "app_json", ("hobby", "heroku-", "free")),
    Entry("BP816", "idle-project-toml", "project_toml", ("project.toml",)),
    Entry("BP817", "wrong-type", "app_spec"),
    Entry("BP818", "setting-not-text", "app", ("app.json",)),
)
# fmt: on


class Asked:
    """The rules to ask of one kind of subject: those always asked, and those that a word calls for.

    Sets of rules are numbers, a bit each in the order of the codes: to join them is one addition.
    """

    __slots__ = ("always", "codes", "waiting", "words")

    def __init__(self, entries: list[Entry]) -> None:
        words: dict[str, int] = {}
        self.codes = tuple([entry.code for entry in entries])
        self.always = 0
        for at, entry in enumerate(entries):
            self.always |= 0 if entry.words else 1 << at
            for word in entry.words:
                words[word] = words.get(word, 0) | 1 << at
        self.words, self.waiting = tuple(words), tuple(words.values())

    def called(self, sources: Sequence[Source]) -> tuple[Check, ...]:
        """The check functions of the rules that may have something to say of these files."""
        called = self.always
        if self.words:
            own = []
            for source in sources:
                if source.shared:
                    called |= self._kept(source)
                else:
                    own.append(source.lowered)
            called |= self._called(own[0] if len(own) == 1 else "\n".join(own))
        return self._checks(called)

    def _called(self, text: str) -> int:
        """The rules that a word in the text calls for."""
        called = 0
        for waiting in compress(self.waiting, map(contains, repeat(text), self.words)):
            called |= waiting
        return called

    @lru_cache(4 * KEPT)  # noqa: B019 - as below; sources are told apart by identity
    def _kept(self, source: Source) -> int:
        return self._called(source.lowered)

    @lru_cache(KEPT)  # noqa: B019 - one of these a kind and set of platforms
    def _checks(self, called: int) -> tuple[Check, ...]:
        return tuple([checker(code) for at, code in enumerate(self.codes) if called >> at & 1])


def asked(entries: Iterable[Entry], platforms: frozenset[str]) -> dict[str, Asked]:
    """What of these rules to ask for an app that goes to these platforms, by kind."""
    by_kind: dict[str, list[Entry]] = {}
    for entry in entries:
        if not entry.on or not platforms.isdisjoint(entry.on):
            by_kind.setdefault(entry.kind, []).append(entry)
    return {kind: Asked(own) for kind, own in by_kind.items()}


@cache
def checker(code: str) -> Check:
    """The check function of a rule; the same each time, by which rules are told apart."""
    return index()[code].load().check


@cache
def index() -> dict[str, Entry]:
    """Rules by code and by name."""
    return {key: entry for entry in REGISTRY for key in (entry.code, entry.name)}


def matching(selector: str) -> tuple[Entry, ...]:
    """The rules that a code, a name, a code prefix (`BP1`), a family (`apt`) or `ALL` stands for."""
    if selector == "ALL":
        return REGISTRY
    entry = index().get(selector)
    if entry is not None:
        return (entry,)
    return tuple(
        e for e in REGISTRY if e.family == selector or (e.code.startswith(selector) and len(selector) > 1)
    )
