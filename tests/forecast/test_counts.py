"""Laying history out by local day and slot: clock changes, silence, gaps, mixed spacing."""

import numpy as np
import pandas as pd
import pytest

from staffing.domain.calendar import WEEKDAYS, SiteCalendar
from staffing.domain.demand import ExcludedDays
from staffing.errors import InputError
from staffing.forecast.counts import lay_out, with_silence
from staffing.forecast.day_level.totals import day_totals
from tests.forecast.conftest import make_history

BERLIN = SiteCalendar(timezone="Europe/Berlin", interval_min=60)


def flat(start, periods, timezone="Europe/Berlin", calls=10.0):
    index = pd.date_range(start, periods=periods, freq="h", tz=timezone)
    return pd.DataFrame({"start": index, "calls": calls, "aht_s": 100.0})


def test_the_hour_that_comes_twice_is_averaged():
    counts = lay_out("q", flat("2024-10-27", 25), BERLIN)
    assert counts.calls.shape == (1, 24)
    assert counts.calls == pytest.approx(10.0)


def test_the_hour_that_never_comes_is_closed_and_the_day_shorter():
    counts = lay_out("q", flat("2024-03-24", 7 * 24 + 23), BERLIN)
    assert np.isnan(counts.calls[7, 2])
    assert np.isfinite(counts.calls[7]).sum() == 23
    assert not counts.open[7, 2]
    assert day_totals(counts).total[7] == pytest.approx(230.0)


def test_finer_rows_are_summed_to_the_interval():
    rows = make_history(days=3, interval_min=15)
    counts = lay_out("q", rows, SiteCalendar(interval_min=60))
    assert counts.calls.shape == (3, 24)
    assert np.nansum(counts.calls) == rows.calls.sum()


def test_coarser_rows_are_refused_with_the_remedy():
    with pytest.raises(InputError, match=r"every 60 minutes.*Set interval_min to 60"):
        lay_out("q", make_history(days=3), SiteCalendar(interval_min=30))


def test_absent_rows_are_silence_at_night_and_missing_at_noon():
    rows = make_history(days=28).query("calls > 0")
    gap = (rows.start >= "2024-01-24 11:00+00:00") & (rows.start < "2024-01-24 15:00+00:00")
    counts = lay_out("q", rows[~gap], SiteCalendar(interval_min=60))
    assert np.isnan(counts.calls[23, 11:15]).all()
    assert np.isfinite(counts.calls[:, :8]).all()
    assert (counts.calls[:, 1] == 0).any()
    whole = lay_out("q", rows, SiteCalendar(interval_min=60))
    repaired, truth = day_totals(counts).total[23], day_totals(whole).total[23]
    assert repaired == pytest.approx(truth, rel=0.1)


def test_closed_weekdays_are_learned_and_an_outage_is_not_a_closed_day():
    rows = make_history(days=70)
    rows = rows[rows.start.dt.day_of_week != 6]
    rows.loc[rows.start.dt.date == pd.Timestamp("2024-02-14").date(), "calls"] = 0.0
    totals = day_totals(lay_out("q", rows, SiteCalendar(interval_min=60)))
    assert totals.closed_weekday.tolist() == [False] * 6 + [True]
    assert totals.shut[44]
    assert np.isnan(totals.total[44])


def test_handle_time_is_weighted_by_calls():
    rows = flat("2024-06-03", 24)
    fine = pd.concat([rows, rows.assign(start=rows.start + pd.Timedelta("30min"), calls=30.0, aht_s=200.0)])
    counts = lay_out("q", fine, BERLIN)
    assert counts.aht_s == pytest.approx(175.0)


def test_rows_without_a_figure_are_as_no_rows():
    """The import lays such rows on every open interval that the file leaves out."""
    rows = make_history(days=28)
    rows.loc[rows.start.dt.day_of_week == 2, "calls"] = np.nan
    empty, absent = (lay_out("q", some, SiteCalendar(interval_min=60)) for some in (rows, rows.dropna()))
    assert empty.unknown is None
    assert empty.calls == pytest.approx(absent.calls, nan_ok=True)


def test_silence_is_counted_on_days_on_which_others_have_rows_and_the_queue_works():
    calendar = SiteCalendar(interval_min=60)
    whole, stopped = make_history(days=60), make_history(days=30, queue="stopped")
    stopped = stopped[stopped.start.dt.day_of_week < 5]  # the last of its days is a Tuesday
    laid = {"voice": lay_out("voice", whole, calendar), "stopped": lay_out("stopped", stopped, calendar)}
    assert {name: one.silent for name, one in with_silence(laid).items()} == {"voice": 0, "stopped": 22}
    week = ExcludedDays(queue="stopped", start="2024-02-05", end="2024-02-11", reason="moved")
    assert with_silence(laid, [week])["stopped"].silent == 17


def test_one_row_a_day_is_asked_about_unless_the_site_opens_for_no_more():
    rows = make_history(days=40)
    rows = rows[rows.start.dt.hour == 9]
    with pytest.raises(InputError, match="one row a day, at 09:00: it can be the day's total, or all there is"):
        lay_out("q", rows, SiteCalendar(interval_min=60))
    opening = dict.fromkeys(WEEKDAYS, "09:00-10:00")
    assert np.nansum(lay_out("q", rows, SiteCalendar(interval_min=60, opening=opening)).calls) == rows.calls.sum()
