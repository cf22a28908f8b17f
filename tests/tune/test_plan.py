"""`bpopt plan`: which plans hold an app, from what was measured; prices with their date; never an error."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bpopt import platforms
from bpopt.output import Look
from bpopt.tune import formats, holding, planning
from bpopt.tune.candidates import Candidate
from bpopt.tune.formats import plans
from bpopt.tune.holding import Able
from tests.tune import made

ABLE = (Able(Candidate(2, preload=True), 20.0, 2), Able(Candidate(1), 10.0, 2))


def rows(platform: str, rate: float) -> dict[str, holding.Row]:
    found = holding.rows(platforms.load(platform), ABLE, made.model(), 8, rate)
    return {row.plan.name: row for row in found}


def test_the_load_says_how_many_containers() -> None:
    found = rows("heroku", 30)
    basic = found["basic"]
    assert basic.candidate == Candidate(2, preload=True)  # 360 MB of 512
    assert (basic.containers, basic.price) == (2, 14.0)  # 80 % of 20 requests/s each
    assert found["eco"].price is None  # a flat price is for no number of containers
    assert found["performance-m"].containers == 2
    assert not any(row.plan.retired for row in found.values())


def test_a_plan_with_one_core_takes_half_of_what_two_did() -> None:
    found = rows("digitalocean", 30)
    assert found["apps-s-1vcpu-0.5gb"].rate == 10.0
    assert found["apps-s-1vcpu-0.5gb"].containers == 4
    assert found["apps-d-8vcpu-32gb"].rate == 20.0  # more cores than were measured promise nothing


def test_what_does_not_fit_says_what_it_needs() -> None:
    large = (Able(Candidate(4), 40.0, 2),)  # 100 + 4 x 150 + 4 x 50 = 900 MB
    found = {r.plan.name: r for r in holding.rows(platforms.load("heroku"), large, made.model(), 8, 1)}
    assert found["basic"].candidate is None
    assert found["basic"].why == "needs 900 MB at its peak"
    assert found["standard-2x"].candidate == Candidate(4)


def test_the_least_price() -> None:
    both = [platforms.load("heroku"), platforms.load("digitalocean")]
    assert holding.price(both, 400 * made.MB) == 5.0
    assert holding.price([platforms.load("dokku")], 1.0) == float("inf")


def test_the_table_has_prices_with_their_date() -> None:
    measured = planning.of_report(made.report())
    advice = planning.advise(
        "apps/faces", [platforms.load(n) for n in ("heroku", "digitalocean", "dokku")], measured, 30
    )
    text = plans.render("table", advice, Look(width=80))
    assert max(map(len, text.splitlines())) <= 80
    assert "Prices as of 20" in text
    assert "dokku sells no plans" in text
    assert text == (Path(__file__).parent / "plans.txt").read_text(encoding="utf-8")


def test_it_tells_from_a_report(tmp_path: Path) -> None:
    stored = tmp_path / "tune.json"
    stored.write_text(formats.render("json", made.report(), Look()))
    (tmp_path / "Procfile").write_text("web: gunicorn app:app\n")
    (tmp_path / "app.json").write_text('{"stack": "heroku-24"}')
    order = [sys.executable, "-m", "bpopt", "plan", str(tmp_path), "--from", str(stored), "--rate", "30"]
    done = subprocess.run([*order, "--output-format", "json"], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert list(found["platforms"]) == ["heroku"]
    assert found["platforms"]["heroku"][0]["plan"]["date"]
    done = subprocess.run(order, capture_output=True, text=True, check=True)
    assert "plans for 30.0 requests/s" in " ".join(done.stdout.split())


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"configurations": [1]}'])
def test_no_report_is_no_report(tmp_path: Path, text: str) -> None:
    stored = tmp_path / "tune.json"
    stored.write_text(text)
    (tmp_path / "Procfile").write_text("web: gunicorn app:app\n")
    order = [sys.executable, "-m", "bpopt", "plan", str(tmp_path), "--from", str(stored)]
    done = subprocess.run(order, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "is no report of bpopt tune" in done.stderr
