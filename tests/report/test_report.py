from __future__ import annotations

import json
import os
import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bpopt.cli
from bpopt import platforms
from bpopt.output import Look
from bpopt.report import charts, deployment, doctor, documents, fixes_document, gather, measured
from tests.report.samples import FACES, app, chosen, same

RULES = ("BP104", "BP601", "BP603")


def written(files: dict[str, str], *names: str) -> dict[str, str]:
    return {file.path: file.text for file in documents.files(app(files, *names), chosen(*RULES), "docs")}


# Without an Aptfile: what packages weigh changes with the archive.
PLAIN = {path: text for path, text in FACES.items() if path != "Aptfile"}


@pytest.mark.parametrize("name", documents.NAMES)
def test_documents_look_as_they_did(name: str) -> None:
    same(f"report_{name}", written(PLAIN, "heroku", "digitalocean")[f"docs/{name}"])


def test_packages_are_weighed_by_line_and_after_the_fixes() -> None:
    of = app(FACES, "heroku")
    (layer,) = gather.gather(of, chosen(*RULES), ()).layers
    assert [" ".join(line.line) for line in layer.now.lines] == ["cmake", "libopenblas-dev", "cmake"]
    assert [" ".join(line.line) for line in layer.fixed.lines] == ["cmake", "libopenblas-dev"]
    text = written(FACES, "heroku")["docs/OPTIMIZATION_ANALYSIS.md"]
    assert f"In all {layer.now.total.packages} packages" in text
    assert "-libopenblas-dev\n-cmake\n" not in text
    assert "\n-cmake\n```" in text


def test_regenerating_gives_the_same_text() -> None:
    first = written(FACES, "heroku")
    assert written(FACES | first, "heroku") == first


@pytest.mark.parametrize("platform", platforms.NAMES)
def test_every_platform_has_steps_and_checks(platform: str) -> None:
    text = written(FACES, platform)["docs/DEPLOYMENT.md"]
    assert re.search(r"^1\. \*\*", text, re.MULTILINE)
    assert text.count("- [ ] ") >= 3


def test_no_document_has_a_hole() -> None:
    for platform in platforms.NAMES:
        for path, text in written(FACES, platform).items():
            if path.endswith(".md"):
                assert not re.search(r"(?<![$\\\\])\{[a-z_]+\}", text), path


def test_every_statement_of_env_and_deployment_has_a_source() -> None:
    found = written(FACES, "heroku", "digitalocean")
    steps = re.findall(r"^\d+\. \*\*.*", found["docs/DEPLOYMENT.md"], re.MULTILINE)
    checks = re.findall(r"^- \[ \] .*", found["docs/DEPLOYMENT.md"], re.MULTILINE)
    settings = re.findall(r"^- `.*: \*(?!set\b).*", found["docs/ENV_VARS.md"], re.MULTILINE)
    assert steps
    assert checks
    assert settings
    for line in steps + checks + settings:
        assert re.search(r"\(\[[^]]+\]\(https://[^)]+\), \d{4}-\d\d-\d\d\)", line), line


def test_words_of_the_steps_are_known() -> None:
    data = deployment._data()
    known = {
        "stack",
        "spec",
        "build_minutes",
        "boot_seconds",
        "python",
        "health",
        "memory",
        "plan",
        "workers",
        "scale",
    }
    for group in (*platforms.NAMES, "checks"):
        for entry in data[group]:
            texts = [entry.get("text", ""), *entry.get("commands", ())]
            assert {w for t in texts for w in deployment._words(t)} <= known
            assert entry["source"] in data["sources"] or entry["source"] in ("limit", "plan")


def test_all_sources_of_the_steps_are_cited() -> None:
    data = deployment._data()
    cited = {entry["source"] for group in (*platforms.NAMES, "checks") for entry in data[group]}
    assert set(data["sources"]) <= cited


# ------------------------------------------------------------------------------------------------------------- risks


def test_every_risk_has_a_cause_and_sentences_without_words_of_a_log() -> None:
    causes = {cause.name: cause for cause in doctor.causes()}
    for entry in fixes_document._data():
        why, change = fixes_document.sentences(entry, causes[entry["cause"]])
        assert not re.search(r"(?<!\$)\{[a-z_]+\}|\[\[", why + change), entry["title"]


def test_what_a_risk_looks_like_is_recognised_as_its_cause() -> None:
    from bpopt.report import logs

    for entry in fixes_document._data():
        raw = entry["looks"].replace("...", "libfoo").encode()
        names = {d.cause.name for d in doctor.diagnose(logs.read("x", raw)).causes}
        if not entry["cause"].startswith("collectstatic"):
            assert entry["cause"] in names, entry["title"]


@pytest.mark.parametrize(
    ("requirement", "prone", "safe"),
    [
        ("dlib==20.0.1", {"compiler-killed", "illegal-instruction"}, {"cmake-policy", "cmake-missing"}),
        ("pytesseract", {"binary-missing"}, set()),
        ("dlib==19.22.1", {"cmake-policy", "cmake-missing"}, set()),
        ("face_recognition==1.3.0", {"no-pkg-resources"}, set()),
        ("face_recognition==1.3.0\nsetuptools<82", set(), {"no-pkg-resources"}),
        ("opencv-python==5.0.0.93", {"libgl"}, set()),
        ("flask", set(), set()),
    ],
)
def test_risks(requirement: str, prone: set[str], safe: set[str]) -> None:
    of = app({"requirements.txt": f"{requirement}\n"}, "digitalocean")
    found = fixes_document.risks(gather.gather(of, chosen(*RULES), ()))
    assert prone <= {risk.entry["cause"] for risk in found if not risk.safe}
    assert safe == {risk.entry["cause"] for risk in found if risk.safe}


OLD = {"Procfile": "web: gunicorn shop.wsgi -b 0.0.0.0:$PORT\n", "requirements.txt": "gunicorn==23.0.0\n"}


@pytest.mark.parametrize(("version", "refused"), [("3.8", True), ("3.10", False), ("3.13", False)])
def test_only_a_python_that_is_refused_is_told_as_a_failure(version: str, refused: bool) -> None:
    """3.10 has had its last release and is installed still."""
    of = app(OLD | {".python-version": f"{version}\n"}, "heroku")
    text = {file.path: file.text for file in documents.files(of, chosen("BP505"), "docs")}
    assert ("end-of-life" in text["docs/BUILDPACK_FIXES.md"]) is refused
    assert (f"Using Python {version}" in text["docs/DEPLOYMENT.md"]) is not refused
    assert ("would stop or break" in text["docs/OPTIMIZATION_ANALYSIS.md"]) is refused
    assert ('<span class="error">' in text["docs/OPTIMIZATION_REPORT.html"]) is refused


def test_deployment_begins_with_what_stops_it_and_what_bpopt_mends() -> None:
    of = app({"Aptfile": "cmake\ncmake\n", ".python-version": "3.8\n", "Procfile": "web: x\n"}, "heroku")
    files = documents.files(of, chosen("BP505", "BP104"), "docs")
    text = next(file.text for file in files if file.path.endswith("DEPLOYMENT.md"))
    assert text.index("## First") < text.index("Python 3.8 ended on") < text.index("git add Aptfile")
    assert text.index("git add Aptfile") < text.index("## Heroku")
    assert "## First" not in written({"Procfile": "web: x\n"}, "heroku")["docs/DEPLOYMENT.md"]


def test_example_of_a_web_command_is_that_of_the_app() -> None:
    text = written(OLD, "heroku")["docs/BUILDPACK_FIXES.md"]
    assert "web: gunicorn shop.wsgi -b 0.0.0.0:$PORT --worker-tmp-dir /dev/shm\n" in text
    assert "web: gunicorn shop.wsgi -b 0.0.0.0:$PORT --workers 2 --preload\n" in text
    more = OLD | {"Procfile": "web: ./migrate && gunicorn shop.wsgi\n"}
    assert "web: gunicorn app:app --worker-tmp-dir" in written(more, "heroku")["docs/BUILDPACK_FIXES.md"]


def test_dlib_of_face_recognition_counts_unless_dlib_bin_is_there() -> None:
    assert (
        "cc1plus" in written({"requirements.txt": "face_recognition\n"}, "dokku")["docs/BUILDPACK_FIXES.md"]
    )
    files = {"requirements.txt": "face_recognition\ndlib-bin\n"}
    assert "cc1plus" not in written(files, "dokku")["docs/BUILDPACK_FIXES.md"]


def test_folders_have_a_second_figure_where_slugignore_counts() -> None:
    assert "| folder | now |" in written(OLD, "heroku")["docs/OPTIMIZATION_ANALYSIS.md"]
    assert "| folder | bytes |" in written(OLD, "dokku")["docs/OPTIMIZATION_ANALYSIS.md"]


def test_package_in_the_aptfile_takes_a_risk_away() -> None:
    of = app({"requirements.txt": "pytesseract\n", "Aptfile": "tesseract-ocr\n"}, "heroku")
    (risk,) = fixes_document.risks(gather.gather(of, chosen(*RULES), ()))
    assert risk.entry["cause"] == "binary-missing"
    assert "TESSDATA_PREFIX" in risk.safe


# -------------------------------------------------------------------------------------------------------------- html

VOID = {"meta", "input", "br", "rect", "circle", "hr", "img"}


class Balanced(HTMLParser):
    """Fails on tags that do not match, and notes what would be loaded."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.loads += [
            f"{tag} {name}={value}" for name, value in attrs if name in ("src", "srcset", "data", "poster")
        ]
        self.loads += [f"link {value}" for name, value in attrs if tag == "link" and name == "href"]
        assert not any(name.startswith("on") for name, _ in attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


def parsed(text: str) -> Balanced:
    parser = Balanced()
    parser.feed(text)
    assert parser.open == []
    return parser


def test_page_is_whole_and_loads_nothing() -> None:
    text = written(FACES, "heroku", "digitalocean")["docs/OPTIMIZATION_REPORT.html"]
    page = parsed(text)
    assert page.loads == []
    assert not page.tags & {"script", "iframe", "object", "link", "img"}
    assert "@import" not in text
    assert "url(" not in text
    assert 'name="viewport"' in text


def test_text_of_files_is_no_html() -> None:
    files = FACES | {
        "Aptfile": "cmake\n<script>alert(1)</script>\n",
        "app.json": '{"name": "<img src=x>|*`"}',
    }
    page = parsed(written(files, "heroku")["docs/OPTIMIZATION_REPORT.html"])
    assert not page.tags & {"script", "img"}


@given(st.text(max_size=40), st.integers(0, 100))
def test_any_label(label: str, value: int) -> None:
    parsed(charts.gauge(label, value, label))
    parsed(charts.bars(label, label, [charts.Bar(label, value, label, 3, label)]))


# ----------------------------------------------------------------------------------------------------------- command


def run(folder: Path, *arguments: str) -> int:
    before = Path.cwd()
    os.chdir(folder)
    try:
        return bpopt.cli.run(["report", "--isolated", *arguments])
    finally:
        os.chdir(before)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path, text in FACES.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    return tmp_path


def test_report_writes_five_files_and_is_then_up_to_date(folder: Path) -> None:
    assert run(folder, "--check") == 1
    assert run(folder) == 0
    assert {path.name for path in (folder / "docs").iterdir()} == set(documents.NAMES)
    assert run(folder, "--check") == 0
    assert run(folder) == 0


def test_file_of_somebody_else_is_left_without_force(folder: Path) -> None:
    (folder / "docs").mkdir()
    (folder / "docs/DEPLOYMENT.md").write_text("mine\n", encoding="utf-8")
    assert run(folder) == 1
    assert (folder / "docs/DEPLOYMENT.md").read_text(encoding="utf-8") == "mine\n"
    assert (folder / "docs/ENV_VARS.md").exists()
    assert run(folder, "--force") == 0
    assert run(folder, "--check") == 0


def test_report_stays_inside_the_app(folder: Path) -> None:
    assert run(folder, "--output", "../elsewhere") == 2
    assert run(folder, "--output", "/tmp") == 2


def test_measured_wheels_are_told(folder: Path) -> None:
    wheel = measured.Built(
        "dlib", "20.0.1", "dlib.whl", 4, "ab", 374.0, 0.5, "3.13", "2 processors", "2026-11-23", "2.34"
    )
    of = app(FACES | {"wheelhouse/wheels.json": measured.render((wheel,)).decode()}, "heroku")
    text = {f.path: f.text for f in documents.files(of, chosen(*RULES), "docs")}
    assert "| `dlib 20.0.1` | 6 min 14 s | 0.5 s | 6 min 13 s |" in text["docs/OPTIMIZATION_ANALYSIS.md"]
    assert "Wheels: seconds to compile" in text["docs/OPTIMIZATION_REPORT.html"]


@pytest.mark.parametrize("raw", [b"", b"{", b"[1]", b'[{"name": "x"}]', b'{"a": 1}'])
def test_broken_record_of_wheels_is_no_measurement(raw: bytes) -> None:
    assert measured.parse(raw) == ()


def test_data_files_are_dated() -> None:
    for name in ("doctor", "env", "deploy"):
        data = tomllib.loads((Path(doctor.DATA).parent / f"{name}.toml").read_text(encoding="utf-8"))
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", data["date"])
        assert all(url.startswith("https://") for url in data["sources"].values())


# ------------------------------------------------------------------------------------------------------ measurements


def result(folder: Path) -> Path:
    """A result in the form that bpopt verify writes, with one sampled measure, one counted and one missing."""
    sampled = {"before": 400e6, "after": 232e6, "ratio": 0.58, "low": 0.57, "high": 0.59, "band": 1.02}
    counted = {"before": 900e6, "after": 850e6, "ratio": 0.944, "low": None, "high": None, "band": None}
    table = [
        {"title": "Memory", "key": "memory.loaded.pss", "unit": "B", "how": "PSS of all processes", "missing": "",
         "change": {**sampled, "rounds": 5, "exact": False, "verdict": "better"}},
        {"title": "Image size", "key": "slug.bytes", "unit": "B", "how": "", "missing": "",
         "change": {**counted, "rounds": 1, "exact": True, "verdict": "better"}},
        {"title": "Build time", "key": None, "unit": None, "how": "", "missing": "not built", "change": None},
    ]  # fmt: skip
    data = {
        "kind": "bpopt verify",
        "version": 1,
        "date": "2026-11-24T03:00:00+00:00",
        "machine": {"cores": 2, "processor": "Some <CPU>"},
        "states": {"before": "as it is", "after": "with the fixes"},
        "table": table,
        "checklist": [{"title": "App starts", "holds": True, "text": "in 1.2 s"}],
    }
    path = folder / "verify.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def test_what_verify_measured_is_told(folder: Path) -> None:
    assert run(folder, "--measurements", str(result(folder))) == 0
    analysis = (folder / "docs/OPTIMIZATION_ANALYSIS.md").read_text(encoding="utf-8")
    assert "By `bpopt verify` on 2026-11-24, 2 cores (Some \\<CPU\\>)." in analysis
    assert re.search(r"\| Memory \| 381 MiB \| 221 MiB \| .*better \|", analysis)
    assert "Build time" not in analysis.partition("## Measured")[2].partition("## ")[0]
    assert "- [x] App starts: in 1.2 s" in analysis
    page = (folder / "docs/OPTIMIZATION_REPORT.html").read_text(encoding="utf-8")
    parsed(page)
    assert "Measured before and after" in page


def test_what_tune_found_is_told_beside_it(folder: Path) -> None:
    """In the form that bpopt tune writes, by its own code."""
    from bpopt.tune.formats.json import render
    from tests.tune import made

    path = folder / "tune.json"
    path.write_text(render(made.report(), Look()), encoding="utf-8")
    assert run(folder, "--measurements", str(result(folder)), "--measurements", str(path)) == 0
    analysis = (folder / "docs/OPTIMIZATION_ANALYSIS.md").read_text(encoding="utf-8")
    assert "## Measured before and after" in analysis
    assert "- Run gunicorn with --workers 2 --preload: " in analysis
    assert re.search(r"\| `--workers 3` \| 6 \| .* \| 2 workers crashed \|", analysis)
    page = (folder / "docs/OPTIMIZATION_REPORT.html").read_text(encoding="utf-8")
    parsed(page)
    assert "Throughput of the configurations that were tried" in page
    assert "what the app has: 100 %" in page


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"kind": "bpopt verify", "version": 1}',
        '{"kind": "other"}',
        '{"kind": "bpopt tune", "version": 2}',
    ],
)
def test_file_that_is_no_result_is_refused(folder: Path, text: str) -> None:
    (folder / "x.json").write_text(text, encoding="utf-8")
    assert run(folder, "--measurements", "x.json") == 2
    assert not (folder / "docs").exists()
