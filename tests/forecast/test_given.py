"""Handle times and calls that cannot be: refused, or taken as not known and said."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.errors import InputError
from staffing.forecast import ForecastOptions, forecast

HOURLY = SiteCalendar(interval_min=60)
OPTIONS = ForecastOptions(models=("regression", "weekday_mean"), paths=20)
HOURS, DAYS = 12, 200


def history(seed=0, calls=20.0):
    """Twelve hours a day of about ``calls`` calls, 300 s each."""
    rng = np.random.default_rng(seed)
    days = pd.date_range("2024-01-01", periods=DAYS, tz="UTC").repeat(HOURS)
    start = days + pd.to_timedelta(np.tile(np.arange(8, 8 + HOURS), DAYS), unit="h")
    told = {"queue": "voice", "start": start, "calls": rng.poisson(calls, HOURS * DAYS).astype(float)}
    return pd.DataFrame(told).assign(aht_s=300 * np.exp(0.05 * rng.standard_normal(HOURS * DAYS)))


def aht_of(rows):
    made = forecast(rows, HOURLY, options=OPTIONS, start=dt.date(2024, 1, 1) + dt.timedelta(days=DAYS), days=14)
    return made.table.aht_s.to_numpy(), [note for note in made.notes if "handle time" in note]


@pytest.mark.parametrize("which", ["a day", "a fifth", "the last three weeks"])
def test_a_handle_time_of_zero_is_not_known_and_said(which):
    rows = history()
    day = (rows.start - rows.start.min()).dt.days
    nothing = {"a day": day == 60, "a fifth": rows.index % 5 == 0, "the last three weeks": day >= DAYS - 21}[which]
    aht_s, notes = aht_of(rows.assign(aht_s=rows.aht_s.where(~nothing, 0.0)))
    assert aht_s == pytest.approx(300.0, rel=0.03)
    assert "a handle time of 0 s is taken as not known" in notes[0]


def test_no_handle_time_at_all_is_the_usual_one_and_said():
    aht_s, notes = aht_of(history().assign(aht_s=0.0))
    assert (aht_s > 0).all()
    assert len(notes) == 1


@pytest.mark.parametrize(
    ("wrong", "value"),
    [
        (slice(2000, 2001), 20_000.0),
        (slice(1800, 1812), 20_000.0),
        (slice(2390, 2391), 1e6),
        (slice(1800, 1812), 5000.0),
    ],
)
def test_an_impossible_handle_time_moves_nothing_and_is_said(wrong, value):
    rows = history()
    plain, notes = aht_of(rows)
    assert not notes
    rows.loc[rows.index[wrong], "aht_s"] = value
    aht_s, notes = aht_of(rows)
    assert aht_s == pytest.approx(plain, rel=0.005)
    assert f"up to {value:,.0f} s" in notes[0]


def test_single_long_contacts_of_a_small_queue_are_believed():
    """One contact in fifty takes twenty times the usual: it happens, and it is work."""
    rows = history(calls=1.0)
    long = (rows.index % 50 == 7) & (rows.calls == 1)
    aht_s, notes = aht_of(rows.assign(aht_s=rows.aht_s.where(~long, 6000.0)))
    assert not any("not known" in note for note in notes)
    assert aht_s.mean() > 320


def test_a_unit_that_changed_for_good_is_no_slip():
    rows = history()
    minutes = rows.index < len(rows) - 40 * HOURS
    _, notes = aht_of(rows.assign(aht_s=rows.aht_s.where(~minutes, rows.aht_s / 60)))
    assert not any("not known" in note for note in notes)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("calls", "many", "no number in calls: 'many'"),
        ("calls", -1.0, "negative calls: -1"),
        ("calls", np.inf, "an infinite number in calls"),
        ("aht_s", -5.0, "negative aht_s: -5"),
        ("aht_s", "5 min", "no number in aht_s: '5 min'"),
        ("aht_s", np.inf, "an infinite number in aht_s"),
    ],
)
def test_what_is_no_number_of_calls_or_seconds_is_refused(column, value, said):
    rows = history().astype({column: object})
    rows.loc[5, column] = value
    with pytest.raises(InputError, match=said) as raised:
        aht_of(rows)
    assert raised.value.where.row == 7
