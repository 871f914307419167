"""The commands that forecast from a file."""

import json

import pandas as pd
import pytest

from staffing.cli import main
from tests.forecast.conftest import make_history


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    rows = make_history(days=60, interval_min=60)
    path = tmp_path_factory.mktemp("calls") / "calls.csv"
    stamps = rows.start.dt.tz_localize(None)
    pd.DataFrame({"timestamp": stamps, "queue": "voice", "calls": rows.calls.astype(int)}).to_csv(path, index=False)
    return path


def run(*words):
    with pytest.raises(SystemExit) as ended:
        main([str(word) for word in words])
    return ended.value.code


def test_backtest_writes_what_it_would_have_said(file, tmp_path, capsys):
    out = tmp_path / "forecasts.parquet"
    cutoffs = ("--cutoff", "2024-02-12", "--cutoff", "2024-02-19")
    assert run("backtest", file, *cutoffs, "--horizon", "1w", "--out", out, "--json") == 0
    made = pd.read_parquet(out)
    assert list(made.columns) == ["queue", "cutoff", "start", "calls", "p10", "p50", "p90"]
    assert len(made) == 2 * 7 * 24
    first_day = made.groupby("cutoff").start.min().dt.date
    assert (first_day == pd.to_datetime(pd.Series(first_day.index)).dt.date.to_numpy()).all()
    assert json.loads(capsys.readouterr().out)["rows"] == len(made)


def test_forecast_goes_on_from_the_day_after_history(file, tmp_path):
    out = tmp_path / "forecast.csv"
    assert run("forecast", file, "--horizon", "2d", "--out", out) == 0
    made = pd.read_csv(out)
    assert list(made.columns) == ["queue", "start", "calls", "aht_s", "p10", "p50", "p90"]
    assert made.start[0].startswith("2024-03-01 00:00")
    assert len(made) == 48


def test_prophet_alone_and_what_each_model_says(file, tmp_path, capsys):
    out, said = tmp_path / "forecast.csv", tmp_path / "models.csv"
    words = ("forecast", file, "--horizon", "7d", "--out", out, "--by-model", said, "--json")
    assert run(*words, "--models", "prophet,weekday_mean") == 0
    models = json.loads(capsys.readouterr().out)["models"]["voice"]
    by_model = pd.read_csv(said).groupby("model").calls.sum()
    assert models["calls"]["prophet"] == pytest.approx(by_model["prophet"], rel=1e-4)
    assert models["calls"]["mix"] == pytest.approx(pd.read_csv(out).calls.sum(), rel=1e-4)
    assert models["why"].startswith("Prophet alone says")
    assert run(*words, "--models", "oracle") == 2
    assert "not oracle" in capsys.readouterr().err


def test_what_reading_the_file_took_for_granted_is_said(file, tmp_path, capsys):
    rows = pd.read_csv(file)
    rows.loc[len(rows) - 24 :, "queue"] = ""
    rows.to_csv(tmp_path / "unnamed.csv", index=False)
    assert run("forecast", tmp_path / "unnamed.csv", "--horizon", "1d", "--out", tmp_path / "made.csv") == 0
    assert (
        "unnamed.csv: 24 rows name no queue (rows 1418, 1419, 1420, 1421, 1422 …) and are taken as 'voice'."
        in capsys.readouterr().out
    )


def test_the_total_of_the_queues_and_what_makes_each_day_are_written(file, tmp_path):
    two = pd.read_csv(file).assign(queue="a")
    two = pd.concat([two, two.assign(queue="b", calls=two.calls * 2)])
    two.to_csv(tmp_path / "two.csv", index=False)
    out, why = tmp_path / "forecast.csv", tmp_path / "why.csv"
    assert run("forecast", tmp_path / "two.csv", "--total", "site", "--horizon", "2d", "--out", out, "--why", why) == 0
    calls = pd.read_csv(out).pivot(index="start", columns="queue", values="calls")
    assert (calls.a + calls.b).to_numpy() == pytest.approx(calls.site.to_numpy())
    reasons = pd.read_csv(why)
    assert set(reasons.queue) == {"a", "b", "site"}
    assert reasons.groupby("queue").calls.sum().to_dict() == pytest.approx(calls.sum().to_dict(), rel=1e-6)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--cutoff", "2020-01-01"), "Nothing is known before the cutoff 2020-01-01"),
        (("--cutoff", "2024-03-02"), "The cutoff 2024-03-02 lies beyond history, which ends on 2024-02-29"),
        (("--cutoff", "soon"), "'soon' is not a date"),
        (("--cutoff", "2024-02-12", "--horizon", "0d"), "'0d' is not a span"),
        (("--cutoff", "2024-02-12", "--closed-weekdays", "noday"), "not weekdays"),
        (("--cutoff", "2024-02-12", "--country", "ZZ"), "field '--country': no holiday table for 'ZZ'"),
        (("--cutoff", "2024-02-12", "--timezone", "Mars"), "field '--timezone': is not a known time zone"),
        (("--cutoff", "2024-02-12", "--events", "none.csv"), "no such file"),
        (("--cutoff", "2024-02-12", "--queue", "fax"), "no queue 'fax'"),
    ],
)
def test_wrong_options_are_named(file, words, message, capsys):
    assert run("backtest", file, *words) == 2
    assert message in capsys.readouterr().err


def test_a_workspace_says_what_check_says_of_its_calls_outside_the_hours(small_workspace, tmp_path, capsys):
    with (small_workspace / "history" / "calls.csv").open("a") as file:
        file.write("2026-11-20 19:00,voice,500,300\n")
    assert run("check", small_workspace, "--json") == 0
    (said,) = (note for note in json.loads(capsys.readouterr().out)["notes"] if "outside opening hours" in note)
    assert run("forecast", small_workspace, "--horizon", "1d", "--out", tmp_path / "made.csv", "--json") == 0
    assert said in json.loads(capsys.readouterr().out)["notes"]


def test_a_workspace_is_refused_a_queue_that_it_does_not_declare(small_workspace, tmp_path, capsys):
    """Nobody has said how long its contacts take."""
    with (small_workspace / "history" / "calls.csv").open("a") as file:
        file.write("2026-11-20 10:00,second,5,\n")
    for words in (("check", small_workspace), ("forecast", small_workspace, "--out", tmp_path / "made.csv")):
        assert run(*words) == 2
        assert "history has the queue 'second', which is not among voice." in capsys.readouterr().err
    assert not (tmp_path / "made.csv").exists()
