"""Promises compared with what came, on cases small enough to reckon by hand."""

import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest

from staffing.batch import run
from staffing.cli import main
from staffing.domain.calendar import SiteCalendar
from staffing.domain.demand import Queue
from staffing.domain.scenario import Scenario
from staffing.evaluation.accuracy import accuracy
from staffing.forecast import ForecastOptions, fit
from staffing.store.ground import FolderGround
from staffing.store.kept import KeptForecasts
from staffing.store.workspace import Workspace

ZONE = "Europe/Berlin"
SITE = SiteCalendar(timezone=ZONE, interval_min=60, opening={"monday": "08:00-10:00", "tuesday": "08:00-10:00"})
SCENARIO = Scenario(name="base", site=SITE, queues=(Queue(name="voice"),))
MONDAY = dt.date(2026, 3, 2)


def shelf(folder):
    return KeptForecasts(FolderGround(folder), folder / "forecasts")


def hours(day: dt.date, count: int = 2) -> pd.DatetimeIndex:
    return pd.date_range(f"{day} 08:00", periods=count, freq="h", tz=ZONE)


def rows(day: dt.date, calls: list[float], **columns) -> pd.DataFrame:
    return pd.DataFrame({"queue": "voice", "start": hours(day, len(calls)), "calls": calls, **columns})


def promised(folder, until: dt.date, days: dict[dt.date, list[float]], causes=None, scenario="base"):
    """Keep a run that promised these calls, its range ± 2."""
    table = pd.concat([rows(day, calls) for day, calls in days.items()], ignore_index=True)
    table = table.assign(aht_s=200.0, p10=table["calls"] - 2, p50=table["calls"], p90=table["calls"] + 2)
    tables = {"forecast": table} if causes is None else {"forecast": table, "causes": causes}
    manifest = {"history_until": until.isoformat(), "scenario": scenario, "horizon_days": 14}
    return shelf(folder).keep(f"{until}-{scenario}", manifest, tables)


def of(found, by: str, of_: str) -> pd.Series:
    table = found.table
    return table[(table["by"] == by) & (table["of"] == of_)].iloc[0]


@pytest.fixture
def past():
    """Eight Mondays and Tuesdays of 10 and 20 calls."""
    return pd.concat(
        [rows(MONDAY - dt.timedelta(weeks=w, days=-d), [10.0, 20.0]) for w in range(8, 0, -1) for d in (0, 1)]
    )


def test_measures_by_hand(tmp_path, past):
    """Promised 12 and 17 for what came as 8 and 22; the weekday mean said 10 and 20."""
    kept = promised(tmp_path, MONDAY - dt.timedelta(days=1), {MONDAY: [12.0, 17.0]})
    history = pd.concat([past, rows(MONDAY, [8.0, 22.0])])
    found = accuracy([kept], history, SCENARIO)
    whole = of(found, "all", "all")
    assert (whole["intervals"], whole["calls"]) == (2, 30.0)
    assert whole["wape"] == pytest.approx((4 + 5) / 30)
    assert whole["bias"] == pytest.approx((29 - 30) / 30)
    assert whole["coverage"] == 0.0
    assert whole["weekday_mean_wape"] == pytest.approx((2 + 2) / 30)
    assert whole["value"] == pytest.approx(1 - 9 / 4)


def test_what_came_is_measured_at_the_share_that_was_promised(tmp_path, past):
    """A site that takes one call in five promised 2 and 4 of the 10 and 20 that came."""
    kept = promised(tmp_path, MONDAY - dt.timedelta(days=1), {MONDAY: [2.0, 4.0]})
    history = pd.concat([past, rows(MONDAY, [10.0, 20.0])])
    whole = of(accuracy([kept], history, SCENARIO.with_changes(volume_factor=0.2)), "all", "all")
    assert (whole["calls"], whole["wape"], whole["weekday_mean_wape"]) == pytest.approx((6.0, 0.0, 0.0))


def test_each_promise_counts_at_its_own_horizon_and_weekday(tmp_path, past):
    tuesday = MONDAY + dt.timedelta(days=1)
    far = promised(tmp_path, MONDAY - dt.timedelta(days=13), {MONDAY: [20.0, 30.0]})
    near = promised(tmp_path, MONDAY - dt.timedelta(days=1), {MONDAY: [11.0, 20.0], tuesday: [10.0, 24.0]})
    history = pd.concat([past, rows(MONDAY, [10.0, 20.0]), rows(tuesday, [10.0, 20.0])])
    found = accuracy([far, near], history, SCENARIO)
    assert set(found.table.loc[found.table["by"] == "horizon", "of"]) == {"1 day", "2–7 days", "8–28 days"}
    assert of(found, "horizon", "1 day")["wape"] == pytest.approx(1 / 30)
    assert of(found, "horizon", "2–7 days")["wape"] == pytest.approx(4 / 30)
    assert of(found, "horizon", "8–28 days")["wape"] == pytest.approx(20 / 30)
    assert of(found, "weekday", "monday")["wape"] == pytest.approx(21 / 60)
    assert of(found, "weekday", "tuesday")["coverage"] == 0.5


def test_event_days_are_told_apart(tmp_path, past):
    tuesday = MONDAY + dt.timedelta(days=1)
    kept = promised(tmp_path, MONDAY - dt.timedelta(days=1), {MONDAY: [15.0, 25.0], tuesday: [10.0, 20.0]})
    history = pd.concat([past, rows(MONDAY, [10.0, 20.0]), rows(tuesday, [10.0, 20.0])])
    scenario = SCENARIO.patched({"events": [{"name": "app", "kind": "launch", "start": MONDAY}]})
    found = accuracy([kept], history, scenario)
    assert of(found, "event day", "event")["wape"] == pytest.approx(10 / 30)
    assert of(found, "event day", "no event")["wape"] == 0.0


def test_missing_figures_and_nights_are_not_judged(tmp_path, past):
    kept = promised(tmp_path, MONDAY - dt.timedelta(days=1), {MONDAY: [12.0, 50.0]})
    found = accuracy([kept], pd.concat([past, rows(MONDAY, [10.0, np.nan])]), SCENARIO)
    assert of(found, "all", "all")["intervals"] == 1
    assert of(found, "all", "all")["wape"] == pytest.approx(0.2)


def test_no_calls_leave_shares_undefined(tmp_path, past):
    kept = promised(tmp_path, MONDAY - dt.timedelta(days=1), {MONDAY: [1.0, 0.0]})
    whole = of(accuracy([kept], pd.concat([past, rows(MONDAY, [0.0, 0.0])]), SCENARIO), "all", "all")
    assert np.isnan(whole["wape"])
    assert np.isnan(whole["bias"])
    assert whole["coverage"] == 1.0


def test_promises_of_other_scenarios_and_of_the_future_are_left_out(tmp_path, past):
    what_if = promised(tmp_path, MONDAY - dt.timedelta(days=1), {MONDAY: [99.0, 99.0]}, scenario="launch")
    coming = promised(tmp_path, MONDAY, {MONDAY + dt.timedelta(days=7): [10.0, 20.0]})
    found = accuracy([what_if, coming], pd.concat([past, rows(MONDAY, [10.0, 20.0])]), SCENARIO)
    assert found.table.empty
    assert found.events.empty
    assert found.alarms == ()


def event_causes(level: float, added: float, days: list[dt.date]) -> pd.DataFrame:
    cells = [("voice", day, cause, calls) for day in days for cause, calls in (("level", level), ("app", added))]
    return pd.DataFrame(cells, columns=["queue", "day", "cause", "calls"]).assign(
        day=lambda frame: frame["day"].astype("datetime64[s]")
    )


def test_an_event_is_held_against_its_last_promise_before_it_began(tmp_path, past):
    """Promised 30 + 6 and came 45: +20 % promised, +50 % came; a later promise does not count."""
    tuesday, week = MONDAY + dt.timedelta(days=1), dt.timedelta(days=7)
    scenario = SCENARIO.patched({"events": [{"name": "app", "kind": "launch", "start": tuesday}]})
    calls = {MONDAY: [10.0, 20.0], tuesday: [12.0, 24.0]}
    runs = [
        promised(tmp_path, MONDAY - week, calls, event_causes(30, 1, [tuesday])),
        promised(tmp_path, MONDAY - dt.timedelta(days=1), calls, event_causes(30, 6, [tuesday])),
        promised(tmp_path, tuesday, {tuesday + week: [10.0, 20.0]}, event_causes(30, 15, [tuesday + week])),
    ]
    history = pd.concat([past, rows(MONDAY, [12.0, 21.0]), rows(tuesday, [15.0, 30.0])])
    (row,) = accuracy(runs, history, scenario).events.to_dict("records")
    assert (row["queue"], row["event"], row["days"]) == ("voice", "app", 1)
    assert row["promised"] == pytest.approx(0.2)
    assert row["came"] == pytest.approx(0.5)
    assert row["usual_error"] == pytest.approx(3 / 33)
    assert np.isnan(row["next_estimate"])


def test_an_events_shares_are_free_of_the_volume_factor(tmp_path, past):
    """Of 30 + 6 calls a site that takes one in five promised 7.2; 9 came: +20 % promised, +50 % came."""
    changes = {"volume_factor": 0.2, "events": [{"name": "app", "kind": "launch", "start": MONDAY}]}
    lever = event_causes(30, 6, [MONDAY]).head(1).assign(cause="volume factor", calls=-28.8)
    causes = pd.concat([event_causes(30, 6, [MONDAY]), lever])
    kept = promised(tmp_path, MONDAY - dt.timedelta(days=1), {MONDAY: [2.4, 4.8]}, causes)
    history = pd.concat([past, rows(MONDAY, [15.0, 30.0])])
    (row,) = accuracy([kept], history, SCENARIO.patched(changes)).events.to_dict("records")
    assert (row["promised"], row["came"]) == pytest.approx((0.2, 0.5))


def test_an_event_day_that_is_not_over_is_not_judged(tmp_path, past):
    scenario = SCENARIO.patched({"events": [{"name": "app", "kind": "launch", "start": MONDAY}]})
    kept = promised(tmp_path, MONDAY - dt.timedelta(days=1), {MONDAY: [12.0, 24.0]}, event_causes(30, 6, [MONDAY]))
    found = accuracy([kept], pd.concat([past, rows(MONDAY, [12.0])]), scenario)
    assert len(found.table)
    assert found.events.empty


def test_what_came_feeds_the_next_estimate(tmp_path):
    """A launch promised nothing; it lifted its days by half, and the next one is expected to do the same."""
    site = SITE.model_copy(update={"opening": {}, "interval_min": 1440})
    index = site.grid(dt.date(2025, 9, 1), 190)
    days = np.arange(190)
    started = [40, 80, 120, 160]
    lifted = np.isin(days, [s + k for s in started for k in range(3)])
    calls = np.random.default_rng(1).poisson(400 * np.where(lifted, 1.5, 1.0)).astype(float)
    history = pd.DataFrame({"queue": "voice", "start": index, "calls": calls, "aht_s": 200.0})
    launches = [
        {"name": f"app {k}", "kind": "launch", "start": index[s].date(), "end": index[s + 2].date()}
        for k, s in enumerate(started)
    ]
    scenario = SCENARIO.patched({"events": launches, "site": site.model_dump(mode="json")})
    options = ForecastOptions(models=("regression",))
    baseline = fit(history, site, scenario.events, options)
    table = history[160:163].assign(calls=400.0, p10=350.0, p50=400.0, p90=450.0)
    causes = pd.DataFrame(
        {"queue": "voice", "day": [index[s].date() for s in (160, 161, 162)], "cause": "app 3", "calls": 4.0}
    )
    level = causes.assign(cause="level", calls=396.0)

    manifest = {"history_until": str(index[159].date()), "scenario": "base", "horizon_days": 3}
    kept = shelf(tmp_path).keep("run", manifest, {"forecast": table, "causes": pd.concat([level, causes])})
    row = accuracy([kept], history, scenario, baseline).events.iloc[0]
    assert row["promised"] == pytest.approx(0.01, abs=0.001)
    assert row["came"] == pytest.approx(0.5, abs=0.08)
    assert row["next_estimate"] == pytest.approx(0.5, abs=0.1)


def drifting(folder, factor: float, spread: float, days: int = 20, seed: int = 1):
    """A run that promised 100 calls an hour; what came is ``factor`` of that, days apart by ``spread``."""
    rng = np.random.default_rng(seed)
    site = SCENARIO.site.model_copy(update={"opening": {}})
    index = site.grid(MONDAY, days)
    level = np.repeat(rng.normal(0, spread, days), 24)[: len(index)]
    came = pd.DataFrame({"queue": "voice", "start": index, "calls": rng.poisson(100 * factor * np.exp(level))})
    table = pd.DataFrame({"queue": "voice", "start": index, "calls": 100.0, "aht_s": 200.0})
    manifest = {"history_until": str(MONDAY - dt.timedelta(days=1)), "scenario": "base", "horizon_days": days}
    kept = shelf(folder).keep("run", manifest, {"forecast": table.assign(p10=85.0, p50=100.0, p90=115.0)})
    return accuracy([kept], came.astype({"calls": float}), SCENARIO.patched({"site": site.model_dump(mode="json")}))


def test_a_level_that_moved_raises_the_alarm(tmp_path):
    found = drifting(tmp_path, 1.1, 0.02)
    assert len(found.alarms) == 1
    assert found.alarms[0].startswith("voice: the last 14 days came 10% above their forecast.")


@pytest.mark.parametrize("seed", range(4))
def test_chance_raises_none(tmp_path, seed):
    assert drifting(tmp_path, 1.0, 0.03, seed=seed).alarms == ()


def test_too_few_days_raise_none(tmp_path):
    assert drifting(tmp_path, 1.5, 0.0, days=6).alarms == ()


def test_a_range_that_does_not_hold_raises_the_alarm(tmp_path):
    (alarm,) = drifting(tmp_path, 1.0, 0.35).alarms
    assert "the 10–90 % range held only" in alarm


def truncated(folder, last: str) -> list[str]:
    """Cut the workspace's history after ``last``; returns the lines taken away."""
    path = folder / "history" / "calls.csv"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if line.startswith("timestamp") or line[:10] <= last))
    return lines


def test_the_command_compares_a_nightly_run_with_what_came(small_workspace, capsys):
    lines = truncated(small_workspace, "2026-11-06")
    run(Workspace.open(small_workspace), horizon_days=14)
    with pytest.raises(SystemExit) as ended:
        main(["accuracy", str(small_workspace)])
    assert ended.value.code == 0
    assert "Nothing that was promised has come yet" in capsys.readouterr().out
    (small_workspace / "history" / "calls.csv").write_text("".join(lines))
    with pytest.raises(SystemExit) as ended:
        main(["accuracy", str(small_workspace), "--json"])
    assert ended.value.code == 0
    told = json.loads(capsys.readouterr().out)
    whole = next(row for row in told["accuracy"] if row["by"] == "all")
    assert whole["intervals"] == 100
    assert 0 < whole["wape"] < 0.3
    with pytest.raises(SystemExit):
        main(["accuracy", str(small_workspace)])
    printed = capsys.readouterr().out
    assert f"{whole['wape']:.1%}" in printed
    assert "monday" in printed


def test_a_history_finer_than_the_plan_is_summed_before_it_is_judged(small_workspace, capsys):
    """Two half-hours of calls make the hour that was promised."""
    path = small_workspace / "history" / "calls.csv"
    head, *cells = path.read_text().splitlines()
    halves = [line.replace(":00,", f":{minute},") for line in cells for minute in ("00", "30")]
    path.write_text("\n".join([head, *halves]) + "\n")
    lines = truncated(small_workspace, "2026-11-06")
    run(Workspace.open(small_workspace), horizon_days=14)
    path.write_text("".join(lines))
    with pytest.raises(SystemExit):
        main(["accuracy", str(small_workspace), "--json"])
    whole = next(row for row in json.loads(capsys.readouterr().out)["accuracy"] if row["by"] == "all")
    assert abs(whole["bias"]) < 0.2
