"""The public call as its users see it."""

import datetime as dt

import numpy as np
import pytest

from staffing.domain.demand import Event
from staffing.errors import InputError
from staffing.forecast import ForecastOptions, fit, forecast
from staffing.tables import FORECAST
from tests.forecast.conftest import WEEK, make_history

START = dt.date(2024, 7, 19)  # a Friday, the day after 200 days of history
FEW = ForecastOptions(paths=50)


@pytest.fixture(scope="module")
def result():
    from staffing.domain.calendar import SiteCalendar

    return forecast(make_history(), SiteCalendar(interval_min=60), start=START, days=14, options=FEW)


def test_table_keeps_its_contract(result):
    checked = FORECAST.check(result.table)
    assert len(checked) == 14 * 24
    assert (checked.p10 <= checked.p50).all()
    assert (checked.p50 <= checked.p90).all()


def test_day_totals_come_near_the_truth(result):
    totals = result.table.groupby(result.table.start.dt.date).calls.sum()
    truth = 2000.0 * WEEK[[day.weekday() for day in totals.index]]
    assert np.abs(totals / truth - 1).max() < 0.06


def test_paths_are_counts_one_row_per_path(result):
    paths = result.paths["voice"]
    assert paths.shape == (50, len(result.table))
    assert paths.min() >= 0


def test_causes_of_a_day_sum_to_its_calls(result):
    explained = result.days.groupby("day").calls.sum().to_numpy()
    totals = result.table.groupby(result.table.start.dt.date).calls.sum().to_numpy()
    assert explained == pytest.approx(totals, rel=1e-6)


def test_handle_time_follows_the_slot(result):
    by_hour = result.table.groupby(result.table.start.dt.hour).aht_s.mean()
    assert by_hour[10] == pytest.approx(300, abs=3)
    assert by_hour[15] == pytest.approx(320, abs=3)


def test_same_seed_same_bytes(calendar):
    runs = [forecast(make_history(), calendar, start=START, days=3, options=FEW) for _ in range(2)]
    assert runs[0].table.equals(runs[1].table)
    assert runs[0].paths["voice"].tobytes() == runs[1].paths["voice"].tobytes()


def test_an_event_of_a_kind_never_seen_uses_the_typed_effect(calendar):
    baseline = fit(make_history(), calendar, (), FEW)
    launch = Event(name="app 4", kind="launch", start=dt.date(2024, 7, 22), effect=0.25)
    plain = baseline.predict(calendar, (), START, 7).table
    moved = baseline.predict(calendar, (launch,), START, 7).table
    ratio = (moved.calls / plain.calls).groupby(plain.start.dt.date).mean()
    assert ratio[dt.date(2024, 7, 22)] == pytest.approx(1.25, rel=0.01)
    assert ratio.drop(dt.date(2024, 7, 22)).to_numpy() == pytest.approx(1.0)


def test_empty_history_is_refused(calendar):
    with pytest.raises(InputError, match="no rows before"):
        forecast(make_history(), calendar, start=dt.date(2020, 1, 1), days=7)
