"""One report with everything in it that a format must cope with; all snapshots are of this."""

from __future__ import annotations

from bpopt.app.targets import Target
from bpopt.engine import AppResult
from bpopt.finding import Edit, Evidence, Finding, Fix, Impact, Label, NewFile, Safety, Severity
from bpopt.platforms import Platform
from bpopt.text import Source, Span


def target(name: str, stack: str | None = None, plan: str | None = None, why: str = "app.json") -> Target:
    return Target(Platform(name, name.title(), (), {}), stack, plan, why)


def span(source: Source, text: str, nth: int = 0) -> Span:
    """Where a text stands in a source, for the `nth` time."""
    at = -1
    for _ in range(nth + 1):
        at = source.text.index(text, at + 1)
    return Span(at, at + len(text))


def line_of(source: Source, text: str) -> Span:
    return source.whole_line(span(source, text))


APTFILE = Source.of(
    "Aptfile",
    "# numerical libraries\nlibopenblas-dev\nlibatlas-base-dev\n\n# images\nlibjpeg-dev cmake libjpeg-dev\n",
)
PROCFILE = Source.of(
    "Procfile",
    "web: DJANGO_SETTINGS_MODULE=faces.settings.production PYTHONUNBUFFERED=1 gunicorn --bind 0.0.0.0:$PORT"
    " --worker-class gthread --timeout 120 --log-file - --access-logfile - faces.wsgi:application\n"
    "worker: python -m faces.worker\n",
)
APP_PY = Source.of(
    "faces/app.py", 'import os\n\nimport redis\n\nQUEUE = redis.Redis(os.environ["REDIS_URL"])\n'
)
SPEC = Source.of(
    ".do/app.yaml",
    "name: faces\nservices:\n- name: web\n  run_command: |\n    python manage.py migrate\n"
    "    gunicorn faces.wsgi\n    # keep\n    sleep 1\n    sleep 2\n    true\n  http_port: 8080\n",
)
UNICODE = Source(
    "Aptfile",
    "libpq-dev\n# 顔認識 \N{WOMAN} naïve\n顔ライブラリ-dev\n"
    "\tlibx11-dev\u200b\t# \x1b[31mred\x1b[0m \u202etxt.exe\n".encode()
    + b"libfoo\xff\xfe-dev",
)
RUNTIME = Source("runtime.txt", b"\xef\xbb\xbfpython-3.9.1\r\n")
SLUGIGNORE = Source.of(".slugignore", "")

NUMPY_GUIDE = "https://numpy.org/doc/stable/building/blas_lapack.html"

DUPLICATE_BLAS = Finding(
    "BP101",
    "redundant-blas",
    Severity.ERROR,
    "libatlas-base-dev is redundant beside libopenblas-dev: a process loads one BLAS",
    APTFILE,
    span(APTFILE, "libatlas-base-dev"),
    "remove libatlas-base-dev; NumPy, SciPy and dlib then use OpenBLAS, which is the faster of the two",
    Fix(
        "Remove libatlas-base-dev",
        Safety.SAFE,
        (Edit("Aptfile", line_of(APTFILE, "libatlas-base-dev"), ""),),
    ),
    (Label(APTFILE, span(APTFILE, "libopenblas-dev"), "the BLAS that stays"),),
    Impact("unpacked into every slug", bytes=37_812_224, seconds=3.25),
    (
        Evidence("fact", "a process loads one implementation of BLAS", NUMPY_GUIDE, "2026-11-23"),
        Evidence("catalog", "libatlas-base-dev 3.10.3-13 unpacks to 37.8 MB on noble"),
    ),
    ("heroku", "digitalocean"),
    "shop",
)
DUPLICATE_PACKAGE = Finding(
    "BP104",
    "duplicate-package",
    Severity.WARNING,
    "libjpeg-dev is listed twice",
    APTFILE,
    span(APTFILE, "libjpeg-dev", 1),
    "remove this mention",
    Fix("Remove the second libjpeg-dev", Safety.SAFE, (Edit("Aptfile", span(APTFILE, " libjpeg-dev"), ""),)),
    (Label(APTFILE, span(APTFILE, "libjpeg-dev"), "first mentioned here"),),
    root="shop",
)
NO_PRELOAD = Finding(
    "BP304",
    "gunicorn-without-preload",
    Severity.INFO,
    "each worker imports the app for itself",
    PROCFILE,
    span(PROCFILE, "gunicorn"),
    "add --preload once the connection is opened in each worker",
    Fix(
        "Add --preload",
        Safety.UNSAFE,
        (Edit("Procfile", Span(*[span(PROCFILE, "gunicorn").end] * 2), " --preload"),),
        reason="faces/app.py opens a connection while it is imported, and forked workers would share it",
    ),
    (Label(APP_PY, span(APP_PY, 'redis.Redis(os.environ["REDIS_URL"])'), "connects at import"),),
    Impact("memory for each worker beyond the first", bytes=214_000_000),
    (Evidence("measurement", "resident memory with and without --preload, three workers", "", "2026-11-20"),),
    ("heroku",),
    "shop",
)
BAD_WORKER = Finding(
    "BP305",
    "unknown-worker-option",
    Severity.ERROR,
    "gunicorn does not know 'gthread' | `threads` <b>here</b>, 100% sure:\nsecond line\r\nof the message",
    PROCFILE,
    span(PROCFILE, "--access-logfile - faces.wsgi:application"),
    root="shop",
)
NO_SLUGIGNORE = Finding(
    "BP401",
    "no-slugignore",
    Severity.WARNING,
    "there is no .slugignore, so tests and notebooks are part of every slug",
    SLUGIGNORE,
    Span(0, 0),
    fix=Fix(
        "Create .slugignore with 2 patterns",
        Safety.SAFE,
        creates=(NewFile(".slugignore", "tests/\n*.ipynb\n"),),
    ),
    root="shop",
    platforms=("heroku", "digitalocean"),
)
SILENCED = Finding(
    "BP907",
    "shell-in-run-command",
    Severity.WARNING,
    "run_command is a script of several lines",
    SPEC,
    span(
        SPEC,
        "python manage.py migrate\n    gunicorn faces.wsgi\n    # keep\n    sleep 1\n    sleep 2\n    true\n",
    ),
    root="shop",
    suppressed="inline",
    justification="migrations are quick here -- we looked",
)
SCRIPT = SILENCED._replace(
    code="BP908",
    name="sleep-in-run-command",
    message="the release step runs on every start",
    labels=(Label(SPEC, span(SPEC, "http_port"), "the port that must answer"),),
    suppressed=None,
    justification="",
)
FROM_BASELINE = DUPLICATE_PACKAGE._replace(
    code="BP105", name="stale-package", message="cmake is only needed to compile", suppressed="baseline"
)
WIDE = Finding(
    "BP103",
    "unknown-package",
    Severity.ERROR,
    "顔ライブラリ-dev is no package of noble",
    UNICODE,
    span(UNICODE, "顔ライブラリ-dev"),
    labels=(Label(UNICODE, span(UNICODE, "naïve"), "as the comment says: naïve 顔"),),
    root="ml/gesichter münchen",
)
TABS = Finding(
    "BP103",
    "unknown-package",
    Severity.ERROR,
    "libx11-dev\u200b is no package: it ends in a zero width space",
    UNICODE,
    span(UNICODE, "libx11-dev\u200b"),
    root="ml/gesichter münchen",
    fix=Fix("Look up the right name", Safety.DISPLAY, reason="nothing in the catalog comes near"),
)
BYTES = Finding(
    "BP001",
    "not-utf-8",
    Severity.ERROR,
    "the name holds bytes that are no UTF-8: libfoo\udcff\udcfe-dev",
    UNICODE,
    span(UNICODE, "\udcff\udcfe"),
    root="ml/gesichter münchen",
)
OLD_RUNTIME = Finding(
    "BP501",
    "runtime-txt",
    Severity.WARNING,
    "runtime.txt is deprecated",
    RUNTIME,
    span(RUNTIME, "python-3.9.1"),
    fix=Fix(
        "Move the version to .python-version",
        Safety.UNSAFE,
        creates=(NewFile(".python-version", "3.9\n"),),
        removes=("runtime.txt",),
        reason="3.9.1 becomes 3.9, which is the newest patch release",
    ),
    root="ml/gesichter münchen",
)

RESULTS = (
    AppResult(
        "shop",
        (
            target("heroku", "heroku-24"),
            target("digitalocean", None, "basic-xs", ".do/app.yaml"),
            target("dokku"),
        ),
        True,
        (".do/app.yaml", "Aptfile", "Procfile", "app.json"),
        (
            SILENCED,
            SCRIPT,
            DUPLICATE_BLAS,
            DUPLICATE_PACKAGE,
            FROM_BASELINE,
            NO_PRELOAD,
            BAD_WORKER,
            NO_SLUGIGNORE,
        ),
    ),
    AppResult(
        "ml/gesichter münchen",
        tuple(target(name, why="assumed") for name in ("heroku", "digitalocean", "dokku", "scalingo")),
        False,
        ("Aptfile", "runtime.txt"),
        (WIDE, TABS, BYTES, OLD_RUNTIME),
    ),
    AppResult("clean", (target("scalingo", "scalingo-24", why="--platform"),), True, ("Procfile",), ()),
)
CLEAR = (AppResult(".", (target("heroku", "heroku-24"),), True, ("Procfile", "app.json"), ()),)
