"""What users bring to `forecast`, `backtest` and `plan`: a clear message each, and a forecast where one is possible."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from tests.forecast.conftest import WEEK, make_history

TODAY = dt.datetime.now(dt.UTC).date()


def rows_of(days, start="2024-01-01", interval_min=60, queue="voice"):
    rows = make_history(days=days, start=start, interval_min=interval_min, level=500.0, queue=queue)
    return pd.DataFrame({"timestamp": rows.start.dt.tz_localize(None), "queue": queue, "calls": rows.calls})


def on_days(rows, keep):
    return rows[keep(rows.timestamp.dt.normalize())]


def broken_last_week(rows):
    late = rows.timestamp >= rows.timestamp.max() - pd.Timedelta("7D")
    return rows.assign(calls=np.where(late, 2 * rows.calls, rows.calls))


def spring_forward(rows):
    """Stamped by the wall clock of New York: the hour that never was has no row."""
    return rows[rows.timestamp != pd.Timestamp("2024-03-10 02:00")]


LONG_AGO = "2024-06-01"
FORECAST = {
    "all zero": (rows_of(60).assign(calls=0), "voice: no calls in the history; the forecast is zero."),
    "one queue empty": (
        pd.concat([rows_of(60), rows_of(60, queue="chat").assign(calls=None)]),
        "chat: every figure of its calls is missing, so nothing is known; the forecast is zero.",
    ),
    "one week": (rows_of(7), "voice: only 7 days of history; the forecast is the weekday mean, its range a guess."),
    "a year of gaps": (
        on_days(rows_of(500), lambda day: (day < "2024-02-15") | (day >= "2025-02-15")),
        "8,784 of 12,000 open intervals have no calls figure; they stay missing, not zero",
    ),
    "a level break last week": (broken_last_week(rows_of(120)), "voice: the level changed on 2024-04-2"),
    "closed weekdays": (on_days(rows_of(90), lambda day: day.dt.day_of_week < 5), "Written"),
    "a clock change": (spring_forward(rows_of(100)), "Written"),
    "the rest of the month empty": (
        rows_of(70).assign(calls=lambda rows: rows.calls.where(rows.timestamp < "2024-02-20")),
        "480 rows after 2024-02-19, the last day with a figure of calls, are left out; the forecast goes on from",
    ),
    "days to come": (rows_of(60, start=f"{TODAY - dt.timedelta(days=30)}"), "beyond today"),
}
REFUSED = {
    "all empty": (rows_of(30).assign(calls=None), "column 'calls': no row has a figure of calls; all are empty."),
    "negative": (
        rows_of(30).assign(calls=-3),
        "row 2, column 'calls': '-3' is negative. So it is in 720 rows: 2, 3, 4, 5, 6 …. Correct it, or",
    ),
    "hours, then days": (
        pd.concat([rows_of(30), rows_of(20, start="2024-01-31", interval_min=1440)]),
        "row 722: '2024-01-31 00:00' does not fit the 60-minute intervals of the other rows: intervals are mixed",
    ),
    "half-hours, then hours": (
        pd.concat([rows_of(30, interval_min=30), rows_of(20, start="2024-01-31")]),
        "does not fit the 30-minute intervals of the other rows: intervals are mixed",
    ),
    "a mistyped year": (
        pd.concat([rows_of(30), rows_of(1, start="2042-01-31")]),
        "row 722: '2042-01-31 00:00' lies years away from the other rows. Look for a mistyped year",
    ),
}


def written(tmp_path, rows):
    path = tmp_path / "calls.csv"
    rows.to_csv(path, index=False)
    return path


@pytest.mark.parametrize("case", FORECAST)
def test_a_forecast_is_made_and_says_what_it_could_not_know(case, run, tmp_path):
    rows, message = FORECAST[case]
    path, made = written(tmp_path, rows), tmp_path / "made.csv"
    zone = "America/New_York" if case == "a clock change" else "UTC"
    code, out, err = run("forecast", path, "--timezone", zone, "--horizon", "7d", "--out", made)
    assert (code, err) == (0, "")
    assert message in out
    days = pd.read_csv(made)
    days = days[days.queue == "voice"].groupby(days.start.str[:10]).calls.sum()
    assert len(days) == 7
    if case not in ("all zero", "one week"):
        week = 500 * (WEEK[:5] if case == "closed weekdays" else WEEK).sum()
        assert days.sum() == pytest.approx(2 * week if "break" in case else week, rel=0.1)


@pytest.mark.parametrize("command", ["forecast", "backtest"])
@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_is_refused_with_its_row(case, command, run, tmp_path):
    rows, message = REFUSED[case]
    cutoff = ["--cutoff", "2024-01-22"] if command == "backtest" else []
    code, _, err = run(command, written(tmp_path, rows), *cutoff, "--out", tmp_path / "made.csv")
    assert code == 2
    assert message in err
    assert not (tmp_path / "made.csv").exists()


@pytest.mark.parametrize("case", ["one week", "closed weekdays", "days to come"])
def test_a_backtest_says_what_its_forecasts_could_not_know(case, run, tmp_path):
    rows, message = FORECAST[case]
    cutoff = (rows.timestamp.max() - pd.Timedelta("2D")).date()
    words = ("--cutoff", cutoff, "--horizon", "3d", "--out", tmp_path / "made.csv")
    code, out, err = run("backtest", written(tmp_path, rows), *words)
    assert (code, err) == (0, "")
    assert (message.replace("7 days", "4 days") if case == "one week" else message) in out
    assert len(pd.read_csv(tmp_path / "made.csv")) == 72


def test_a_week_is_planned_from_what_is_known_or_refused(run, small_workspace, tmp_path):
    path = small_workspace / "history" / "calls.csv"
    rows = pd.read_csv(path)
    rows.assign(calls=0).to_csv(path, index=False)
    code, out, _ = run("plan", small_workspace, "--out", tmp_path / "plan")
    assert code == 0
    assert "Note: voice: no calls in the history; the forecast is zero." in out
    rows.assign(calls=None).to_csv(path, index=False)
    code, _, err = run("plan", small_workspace, "--out", tmp_path / "plan")
    assert (code, "no row has a figure of calls" in err) == (2, True)


def test_a_plan_on_days_to_come_says_so(run, small_workspace, tmp_path):
    path = small_workspace / "history" / "calls.csv"
    rows = pd.read_csv(path)
    later = pd.to_datetime(rows.timestamp) + pd.Timedelta(weeks=520)
    rows.assign(timestamp=later.dt.strftime("%Y-%m-%d %H:%M")).to_csv(path, index=False)
    code, _, err = run("requirements", small_workspace, "--out", tmp_path / "needed.csv")
    assert (code, "Note: History reaches to 2036-11-07, beyond today" in err) == (0, True)
