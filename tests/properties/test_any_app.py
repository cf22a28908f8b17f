"""Whatever the files hold: no exception, fixes settle and stay settled, and nothing outside them changes."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bpopt import engine, fixer, rules, settings
from bpopt.app import App
from bpopt.app.files import MemoryFiles
from bpopt.app.targets import told
from bpopt.documents.kinds import PATHS
from bpopt.text import UTF8_BOM, UTF16_BOMS, Source

TODAY = datetime.date(2026, 11, 24)
EVERYTHING = settings.defaults()
NAMES = (*PATHS, "requirements.txt", ".env", "app.py")
# Pieces that real files are made of, so that rules have something to bite on.
PIECES = (
    "web: gunicorn app:app --workers 2", "web gunicorn app:app", "worker: python x.py &", "release: python manage.py migrate",
    "--threads 4", "--bind 127.0.0.1:8000", "$PORT", "-w", "--preload", "--thread", "libatlas-base-dev", "libopenblas-dev",
    "libsm6", "libgtk-3-dev cmake", ":repo:deb http://x y z", "# comment", "http://x/y.deb", "python-3.12.1", "3.12",
    "*.md", "!keep", "/tests", "Flask==2.3", "gunicorn", "face_recognition", "dlib==20.0.1", "-r other.txt", "FLASK_ENV=production",
    "SECRET_KEY='a b'", '{"env": {"FLASK_ENV": "production"}}', '{"stack": "heroku-24", "buildpacks": []}', "services:",
    "- name: web\n  run_command: gunicorn app:app", "  envs:\n  - key: A\n    value: b", "[com.heroku]", "import face_recognition",
    "import threading\nthreading.Thread().start()", "workers = 3", "\r\n", "\ufeff", "é", "\x00", "\t", "'", '"', "\\", "&&", "«",
)  # fmt: skip
CONTENT = st.one_of(
    st.binary(max_size=60),
    st.lists(st.sampled_from(PIECES), max_size=8).map(lambda parts: "\n".join(parts).encode()),
    st.lists(st.sampled_from(PIECES), max_size=8).map(lambda parts: " ".join(parts).encode()),
    st.tuples(st.lists(st.sampled_from(PIECES), max_size=5), st.binary(max_size=9)).map(
        lambda pair: "\r\n".join(pair[0]).encode() + pair[1]
    ),
)
APPS = st.dictionaries(st.sampled_from(NAMES), CONTENT, min_size=1, max_size=6)
PLATFORMS = st.sampled_from(
    [(), ("heroku",), ("digitalocean", "heroku-22"), ("heroku-fir",), ("dokku",), ("scalingo",)]
)
SLOW = hypothesis_settings(
    deadline=None, max_examples=300, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


def an_app(files: dict[str, bytes], names: tuple[str, ...]) -> App:
    return App(MemoryFiles(files), "", told(names, None, None, "test"), TODAY)


@SLOW
@given(APPS, PLATFORMS)
def test_checking_never_fails_and_findings_lie_in_their_files(
    files: dict[str, bytes], names: tuple[str, ...]
) -> None:
    result = engine.check(an_app(files, names), EVERYTHING)
    for finding in result.findings:
        assert finding.source.path in files
        assert 0 <= finding.span.start <= finding.span.end <= len(finding.source.text)
        assert finding.message
        assert "\n" not in finding.message


@SLOW
@given(APPS, PLATFORMS)
def test_fixes_settle_and_a_second_run_changes_nothing(
    files: dict[str, bytes], names: tuple[str, ...]
) -> None:
    app = an_app(files, names)
    fixed = fixer.converge(app, EVERYTHING, True, engine.check)
    assert fixed.stable
    again = fixer.converge(app.with_changes(fixed.changes), EVERYTHING, True, engine.check)
    assert again.changes == {}
    known = {(f.path, f.message) for f in engine.check(app, EVERYTHING).findings if f.code in fixer.SYNTAX}
    broken = [
        f for f in fixed.remaining.findings if f.code in fixer.SYNTAX and (f.path, f.message) not in known
    ]
    assert broken == []


@SLOW
@given(APPS, PLATFORMS)
def test_text_outside_the_edits_is_unchanged(files: dict[str, bytes], names: tuple[str, ...]) -> None:
    app = an_app(files, names)
    chosen = fixer.choose(engine.check(app, EVERYTHING), EVERYTHING, True)
    changes, used = fixer.apply(app, chosen)
    for path, raw in changes.items():
        source = app.source(path)
        if raw is None or source is None:
            continue
        if any(new.path == path for f in used if f.fix for new in f.fix.creates):  # an encoding is changed
            utf16 = source.raw.startswith(UTF16_BOMS)
            assert raw == (
                source.raw.decode("utf-16").encode() if utf16 else source.raw.removeprefix(UTF8_BOM)
            )
            continue
        spans = [e.span for f in used if f.fix for e in f.fix.edits if e.path == path]
        touched = {i for span in spans for i in range(span.start, span.end)}
        kept = [char for i, char in enumerate(source.text) if i not in touched]
        assert is_subsequence(kept, Source(path, raw).text)
        assert raw.startswith(b"\xef\xbb\xbf") == source.bom


def is_subsequence(kept: list[str], text: str) -> bool:
    rest = iter(text)
    return all(char in rest for char in kept)


@given(st.text(max_size=200))
def test_lines_join_to_the_text(text: str) -> None:
    source = Source("f", text.encode("utf-8", "surrogatepass"))
    assert "".join(line.text + line.end for line in source.lines) == source.text


@given(st.binary(max_size=200))
def test_any_bytes_survive_reading_and_writing(raw: bytes) -> None:
    source = Source("f", raw)
    assert source.encode(source.text) == raw


@SLOW
@given(APPS, PLATFORMS)
def test_words_and_platforms_of_the_registry_hide_nothing(
    files: dict[str, bytes], names: tuple[str, ...]
) -> None:
    gated = engine.check(an_app(files, names), EVERYTHING)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules, "REGISTRY", [entry._replace(words=(), on=()) for entry in rules.REGISTRY])
        asked = engine.check(an_app(files, names), settings.defaults())
    assert [(f.code, f.path, f.span) for f in gated.findings] == [
        (f.code, f.path, f.span) for f in asked.findings
    ]
