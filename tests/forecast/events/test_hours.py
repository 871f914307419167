"""Which hours an event loads: planted bends, against the planted truth and plain Gaussian conditioning."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.domain.demand import Event
from staffing.forecast import ForecastOptions, fit
from staffing.forecast.drawing import Asked, Swing, swung
from staffing.forecast.events.clock import DayClock
from staffing.forecast.events.hours import _RESEMBLANCE, PLACES, EventDay, _normal, _posterior, places
from staffing.forecast.events.report import hour_table
from tests.forecast.conftest import make_history

FIRST, DAYS = dt.date(2024, 1, 1), 200
SITE = SiteCalendar(interval_min=60)
FEW = ForecastOptions(models=("regression", "weekday_mean"), paths=40)
START = FIRST + dt.timedelta(days=DAYS)


def day(k):
    return FIRST + dt.timedelta(days=k)


def mailing(k, hour=10, **fields):
    return Event(name=f"mailing {k}", kind="mailing", start=day(k), start_time=dt.time(hour), **fields)


MAILINGS = tuple(mailing(30 + 13 * k, hour=9 + k % 4) for k in range(11))
EVENINGS = tuple(Event(name=f"show {k}", kind="show", start=day(37 + 13 * k)) for k in range(11))
FLAT = tuple(Event(name=f"ad {k}", kind="ad", start=day(33 + 13 * k)) for k in range(11))


@pytest.fixture(scope="module")
def baseline():
    """Mailings load the three hours after they go out, shows the hours from 18 to 21, ads every hour alike."""
    rows = make_history(days=DAYS, level=6000.0)
    date, hour = rows["start"].dt.date, rows["start"].dt.hour
    for event in MAILINGS:
        since = hour - event.start_time.hour
        rows.loc[(date == event.start) & (since >= 0) & (since < 3), "calls"] *= 1.6
    for event in EVENINGS:
        rows.loc[(date == event.start) & hour.between(18, 20), "calls"] *= 2.0
    for event in FLAT:
        rows.loc[date == event.start, "calls"] *= 1.3
    return fit(rows.assign(calls=rows["calls"].round()), SITE, (*MAILINGS, *EVENINGS, *FLAT), FEW)


def ratio(baseline, event, days=7):
    """Days × hours: calls with the event over calls without."""
    made = [baseline.predict(SITE, events, START, days).table["calls"].to_numpy() for events in ((), (event,))]
    return (made[1] / made[0]).reshape(days, 24)


def test_a_mailing_loads_the_hours_after_it_goes_out(baseline):
    lifted = ratio(baseline, mailing(DAYS + 2, hour=14))[2]
    assert lifted[14:17] == pytest.approx([1.6] * 3, rel=0.12)
    assert lifted[8:14] == pytest.approx([1.0] * 6, abs=0.06)
    assert lifted[18:21] == pytest.approx([1.0] * 3, abs=0.1)


def test_a_late_mailing_moves_less_of_its_day(baseline):
    dates = np.array([day(DAYS + 2)], "datetime64[D]")
    effects = baseline.queues["voice"].effects
    early, late = (effects.log_effect(mailing(DAYS + 2, hour=hour), dates)[0][0] for hour in (9, 18))
    assert 0 < late < 0.4 * early


def test_a_kind_without_clock_times_keeps_its_hours_of_the_clock(baseline):
    show = Event(name="next", kind="show", start=day(DAYS + 3))
    lifted = ratio(baseline, show)[3]
    assert lifted[18:21] == pytest.approx([2.0] * 3, rel=0.12)
    assert lifted[9:16] == pytest.approx([1.0] * 7, abs=0.06)


def test_a_kind_that_follows_the_usual_day_keeps_its_shape(baseline):
    lifted = ratio(baseline, Event(name="next", kind="ad", start=day(DAYS + 4)))[4, 8:20]
    assert lifted == pytest.approx([1.3] * 12, rel=0.04)


def test_days_keep_their_totals_and_other_days_their_shape(baseline):
    show = Event(name="next", kind="show", start=day(DAYS + 3))
    plain, made = (baseline.predict(SITE, events, START, 7) for events in ((), (show,)))
    causes = made.days.groupby("day")["calls"].sum().to_numpy()
    assert made.table["calls"].to_numpy().reshape(7, 24).sum(axis=1) == pytest.approx(causes, rel=1e-9)
    moved = (made.table["calls"] / plain.table["calls"]).to_numpy().reshape(7, 24)[[0, 1, 2, 4, 5, 6], 8:20]
    assert moved / moved.mean(axis=1, keepdims=True) == pytest.approx(np.ones((6, 12)), abs=0.03)
    assert made.paths["voice"].mean(axis=0) == pytest.approx(made.table["calls"].to_numpy(), rel=0.3, abs=3)


def test_a_typed_effect_with_clock_times_acts_on_its_hours(baseline):
    strike = Event(
        name="strike", kind="strike", start=day(DAYS), start_time=dt.time(9), end_time=dt.time(12, 30), effect=0.5
    )
    lifted = ratio(baseline, strike)[0]
    assert lifted[[8, 9, 10, 11, 13, 14]] == pytest.approx([1, 1.5, 1.5, 1.5, 1, 1], abs=0.02)
    assert lifted[12] == pytest.approx(1.25, abs=0.05)


def test_what_is_not_known_of_the_hours_reaches_the_sample_paths():
    """Three past evenings that strayed: the evening's share of the day strays from path to path, the day does not."""
    rows = make_history(days=DAYS, level=60000.0)
    date, hour = rows["start"].dt.date, rows["start"].dt.hour
    for event, factor in zip(EVENINGS[::4], (1.5, 2.6, 2.0), strict=True):
        rows.loc[(date == event.start) & hour.between(18, 20), "calls"] *= factor
    fitted = fit(rows.assign(calls=rows["calls"].round()), SITE, EVENINGS[::4], replace(FEW, paths=400))
    show = Event(name="next", kind="show", start=day(DAYS + 3))
    plain, made = (fitted.predict(SITE, events, START, 7).paths["voice"] for events in ((), (show,)))
    evening = [np.log(p[:, 90:93].sum(axis=1) / p[:, 72:96].sum(axis=1)).std() for p in (plain, made)]
    assert evening[1] > 1.5 * evening[0]
    other = [np.log(p[:, 42:45].sum(axis=1) / p[:, 24:48].sum(axis=1)).std() for p in (plain, made)]
    assert other[1] == pytest.approx(other[0], rel=0.1)


def test_a_swing_keeps_the_total_of_each_path():
    rng = np.random.default_rng(3)
    swing = Swing("e", rng.standard_normal((500, 2)), 0.2 * rng.standard_normal((1, 24, 2)))
    shares = rng.dirichlet(np.ones(24), 1)
    factors = swung(Asked(np.ones(1), np.zeros((1, 1)), shares, (swing,)), 0)
    assert factors @ shares[0] == pytest.approx(np.ones(500), abs=0.02)
    assert factors.mean(axis=0) == pytest.approx(np.ones(24))
    assert factors.std(axis=0).min() > 0.01


def test_the_table_names_hours_after_the_start_and_of_the_clock(baseline):
    table = hour_table(baseline)
    assert list(table.columns) == ["kind", "queue", "n_days", "hours", "hour", "effect", "low", "high"]
    assert set(table["kind"]) == {"mailing", "show"}
    first = table[(table["kind"] == "mailing") & (table["hour"] == 0)].iloc[0]
    assert (first["hours"], first["n_days"]) == ("since start", 11)
    assert first["low"] < 0.6 < first["high"]
    peak = table[table["kind"] == "show"].set_index("hour")["effect"].idxmax()
    assert peak in (18, 19, 20)


def test_the_bend_is_plain_gaussian_conditioning():
    """Two event days written out as one dense normal model and conditioned the long way."""
    rng = np.random.default_rng(1)
    days = []
    for _ in range(2):
        root = rng.normal(0, 0.1, (6, 6))
        days.append(EventDay(rng.random((6, PLACES)) / 10, rng.normal(0, 0.2, 6), root @ root.T + 0.01 * np.eye(6)))
    evidence, mean, covariance = _posterior(_normal(days, 0.15), 0.15)
    prior = 0.15**2 * _RESEMBLANCE
    design, ratio_ = np.vstack([d.design for d in days]), np.concatenate([d.ratio for d in days])
    noise = np.zeros((12, 12))
    for k, d in enumerate(days):
        noise[6 * k : 6 * k + 6, 6 * k : 6 * k + 6] = d.noise + 0.25 * d.design @ prior @ d.design.T
    whole = design @ prior @ design.T + noise
    gain = prior @ design.T @ np.linalg.inv(whole)
    assert mean == pytest.approx(gain @ ratio_, abs=1e-9)
    assert covariance == pytest.approx(prior - gain @ design @ prior, abs=1e-9)
    dense = -0.5 * ratio_ @ np.linalg.solve(whole, ratio_) - 0.5 * np.linalg.slogdet(whole)[1]
    assert evidence == pytest.approx(dense, abs=1e-9)


def test_slots_know_their_hour():
    clock = DayClock(np.full(48, 1 / 48))
    event = Event(name="e", kind="k", start=day(0), end=day(1), start_time=dt.time(10, 15), end_time=dt.time(12))
    first = places(event, np.datetime64(day(0)), clock)
    assert first[20].tolist() == pytest.approx((0.5 * np.eye(PLACES)[0]).tolist())  # 10:00-10:30, half of it before
    assert first[23].argmax() == 1
    assert not first[:20].any()
    last = places(event, np.datetime64(day(1)), clock)
    assert last[23].argmax() == 24 + 11
    assert last[30].argmax() == 24 + 15  # what it leaves behind
    assert not clock.inside(event, np.datetime64(day(1)))[24:].any()
    assert clock.exposure(event, np.array([day(0), day(1)], "datetime64[D]")) == pytest.approx([13.75 / 24, 0.5])
