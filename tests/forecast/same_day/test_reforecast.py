"""The same-day reforecast: planted surprises, hand-made mornings, properties of the carry."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.domain.calendar import SiteCalendar
from staffing.errors import InputError
from staffing.forecast import ForecastOptions, fit, reforecast
from staffing.forecast.counts import lay_out
from staffing.forecast.same_day.past_days import PastDays, past_days
from staffing.forecast.same_day.update import Morning, _next_day, learn_update
from staffing.forecast.same_day.within_day import Mixture, MorningCarry, Split, _weigh, learn_carry

SITE = SiteCalendar(timezone="Europe/Berlin", interval_min=60, opening={})
QUICK = ForecastOptions(models=("regression", "smoothing", "weekday_mean"), paths=200)
FIRST, TODAY = dt.date(2026, 7, 6), dt.date(2026, 10, 13)
SHAPE = np.where((np.arange(24) >= 8) & (np.arange(24) < 20), 60.0, 4.0)


def planted(seed: int, day_spread: float, until: dt.date = TODAY, today: float = 0.0) -> pd.DataFrame:
    """Hourly Poisson calls whose days differ by a factor that holds all day; today's factor is given."""
    rng = np.random.default_rng(seed)
    index = SITE.grid(FIRST, (until - FIRST).days + 1)
    day = (index.tz_localize(None).normalize() - pd.Timestamp(FIRST)).days.to_numpy()
    level = rng.normal(0, day_spread, day.max() + 1)
    level[-1] = today
    return pd.DataFrame(
        {"queue": "voice", "start": index, "calls": rng.poisson(SHAPE[index.hour] * np.exp(level[day])), "aht_s": 200.0}
    )


def at_noon(history: pd.DataFrame, day: dt.date = TODAY, days: int = 3, hour: int = 12):
    baseline = fit(history[history["start"] < SITE.midnight(day)], SITE, options=QUICK)
    morning = baseline.predict(SITE, (), day, days)
    now = pd.Timestamp(day).tz_localize("Europe/Berlin") + pd.Timedelta(hours=hour)
    return morning, reforecast(baseline, morning, history, SITE, now=now), now


@pytest.fixture(scope="module")
def busy_day():
    """A day 30 % above its forecast, in a centre whose days differ by 20 %."""
    return at_noon(planted(3, 0.2, today=np.log(1.3)))


def test_a_busy_morning_lifts_the_afternoon_by_what_past_days_teach(busy_day):
    morning, updated, now = busy_day
    rest = (updated.table["start"] >= now) & (updated.table["start"].dt.date == TODAY)
    moved = updated.table["calls"][rest].sum() / morning.table["calls"][rest].sum()
    usual = morning.table["calls"][rest].sum() / SHAPE[12:].sum()
    assert moved * usual == pytest.approx(1.3, rel=0.08)


def test_elapsed_hours_hold_what_came_and_the_rest_narrows(busy_day):
    morning, updated, now = busy_day
    elapsed = (updated.table["start"] < now).to_numpy()
    came = planted(3, 0.2, today=np.log(1.3)).set_index("start")["calls"]
    assert updated.table["calls"][elapsed].tolist() == came.loc[updated.table["start"][elapsed]].tolist()
    assert (updated.paths["voice"][:, elapsed] == came.loc[updated.table["start"][elapsed]].to_numpy()).all()
    rest = ~elapsed & (updated.table["start"].dt.date == TODAY).to_numpy()
    spread = [np.log(f.paths["voice"][:, rest].sum(axis=1)).std() for f in (morning, updated)]
    assert spread[1] < 0.6 * spread[0]
    assert (updated.table["p10"] <= updated.table["p90"]).all()


def test_days_without_memory_leave_tomorrow_and_the_days_after_alone(busy_day):
    morning, updated, _ = busy_day
    later = (updated.table["start"].dt.date > TODAY + dt.timedelta(days=1)).to_numpy()
    assert np.array_equal(updated.paths["voice"][:, later], morning.paths["voice"][:, later])
    following = (updated.table["start"].dt.date == TODAY + dt.timedelta(days=1)).to_numpy()
    ratio = updated.table["calls"][following].sum() / morning.table["calls"][following].sum()
    assert ratio == pytest.approx(1.0, abs=0.06)


def test_causes_of_each_day_sum_to_its_contacts(busy_day):
    _, updated, _ = busy_day
    by_day = updated.table.groupby(updated.table["start"].dt.date)["calls"].sum()
    causes = updated.days.groupby("day")["calls"].sum()
    assert causes.to_numpy() == pytest.approx(by_day.to_numpy(), rel=1e-6)


def test_rows_after_now_are_not_looked_at():
    history = planted(5, 0.2, today=0.1)
    spoiled = history.assign(calls=history["calls"].where(history["start"].dt.hour < 12, 999))
    spoiled.loc[spoiled["start"] < SITE.midnight(TODAY), "calls"] = history["calls"]
    made = [at_noon(rows)[1].table for rows in (history, spoiled)]
    pd.testing.assert_frame_equal(*made)


def test_without_a_lasting_surprise_nothing_moves():
    morning, updated, now = at_noon(planted(11, 0.0))
    rest = (updated.table["start"] >= now).to_numpy()
    assert updated.table["calls"][rest].to_numpy() == pytest.approx(morning.table["calls"][rest].to_numpy(), rel=0.03)


def test_an_unknown_morning_leaves_the_forecast_and_says_so():
    history = planted(5, 0.2)
    known = history[history["start"] < SITE.midnight(TODAY)]
    morning, updated, _ = at_noon(known)
    pd.testing.assert_frame_equal(updated.table, morning.table)
    assert "nothing is known of 2026-10-13" in updated.notes[-1]


def test_a_young_history_keeps_the_morning_but_shows_what_came():
    history = planted(5, 0.2)
    young = history[history["start"] >= SITE.midnight(TODAY - dt.timedelta(days=15))]
    morning, updated, now = at_noon(young)
    rest = (updated.table["start"] >= now).to_numpy()
    assert np.array_equal(updated.table["calls"][rest], morning.table["calls"][rest])
    assert "the morning's forecast stands" in updated.notes[-1]


def test_missing_hours_this_morning_are_not_taken_for_silence():
    history = planted(3, 0.2, today=np.log(1.3))
    gap = (history["start"].dt.date == TODAY) & history["start"].dt.hour.isin([9, 10])
    _, whole, now = at_noon(history)
    _, holed, _ = at_noon(history.assign(calls=history["calls"].where(~gap)))
    rest = (whole.table["start"] >= now).to_numpy() & (whole.table["start"].dt.date == TODAY).to_numpy()
    assert holed.table["calls"][rest].sum() == pytest.approx(whole.table["calls"][rest].sum(), rel=0.1)
    unseen = holed.table["start"].dt.hour.isin([9, 10]) & (holed.table["start"].dt.date == TODAY)
    assert (holed.table["p10"][unseen] < holed.table["p90"][unseen]).all()


def test_an_outage_this_morning_does_not_empty_the_afternoon():
    history = planted(3, 0.2)
    out = (history["start"].dt.date == TODAY) & (history["start"].dt.hour >= 8)
    morning, updated, now = at_noon(history.assign(calls=history["calls"].where(~out, 0)))
    rest = (updated.table["start"] >= now).to_numpy() & (updated.table["start"].dt.date == TODAY).to_numpy()
    assert updated.table["calls"][rest].sum() > 0.4 * morning.table["calls"][rest].sum()


def test_the_hour_that_comes_twice_is_updated_in_both_its_passes():
    change = dt.date(2026, 10, 25)
    morning, updated, now = at_noon(planted(3, 0.2, until=change, today=0.3), change, days=1, hour=1)
    assert len(updated.table) == len(morning.table) == 25
    rest = (updated.table["start"] >= now).to_numpy()
    twice = updated.table[rest & (updated.table["start"].dt.hour == 2).to_numpy()]
    assert len(twice) == 2
    assert twice["calls"].iloc[0] == pytest.approx(twice["calls"].iloc[1])


def test_whole_days_and_other_days_are_refused():
    history = planted(3, 0.2)
    baseline = fit(history[history["start"] < SITE.midnight(TODAY)], SITE, options=QUICK)
    morning = baseline.predict(SITE, (), TODAY, 2)
    with pytest.raises(InputError, match="nothing is forecast on"):
        reforecast(baseline, morning, history, SITE, now=pd.Timestamp("2026-10-15 12:00", tz="Europe/Berlin"))
    daily = SITE.model_copy(update={"interval_min": 1440})
    with pytest.raises(InputError, match="whole days"):
        reforecast(baseline, morning, history, daily, now=pd.Timestamp("2026-10-13 12:00", tz="Europe/Berlin"))


def test_past_days_are_forecast_from_the_days_before_them_only():
    """A day's expectation must not change when that day and all later ones do."""
    history = planted(7, 0.2)
    model = fit(history, SITE, options=QUICK).queues["voice"]
    past = past_days(model, lay_out("voice", history, SITE), 30)
    error = np.log(past.actual.sum(axis=1) / past.expected.sum(axis=1))
    assert len(past) == 30
    assert error.std() == pytest.approx(0.2, rel=0.35)  # days that know themselves would be hit far better
    assert past.next_surprise[:-1] == pytest.approx(error[1:], abs=0.1)
    assert np.isnan(past.next_surprise[-1])


def test_one_hour_known_gives_the_textbook_shrinkage():
    """Two blocks, one seen: log factor = residual × v / (v + dispersion / expected) × correlation."""
    carry = MorningCarry(0.04 * np.array([[1.0, 0.5], [0.5, 1.0]]), dispersion=2.0)
    split = Split(np.array([[110.0, 0.0]]), np.array([[100.0, 0.0]]), np.array([[0.0, 0.0]]), np.array([[0.0, 80.0]]))
    seen = np.log(110.375 / 100.375) * 0.04 / (0.04 + 2.0 / 100)
    assert carry.log_factors(split)[0] == pytest.approx([seen, 0.5 * seen])
    mixed = Mixture(np.array([0.25]), (carry,))
    assert mixed.log_factors(split)[0] == pytest.approx([0.25 * seen, 0.125 * seen])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(0.5, 500), min_size=2, max_size=10),
    st.sampled_from([0.0, 0.4, 0.7, 1.0]),
    st.floats(0.5, 15),
    st.floats(1e-4, 0.5),
    st.floats(0.6, 1.6),
)
def test_a_steady_morning_is_never_exaggerated(expected, lasting, hours, variance, ratio):
    """All hours off by one factor: what is left moves the same way, and by no more than that."""
    n = len(expected)
    gap = np.abs(np.subtract.outer(np.arange(n + 3), np.arange(n + 3)))
    carry = MorningCarry(variance * (lasting + (1 - lasting) * np.exp(-gap / hours)), 1.0)
    morning = np.array([*expected, 0.0, 0.0, 0.0])
    split = Split((morning * ratio)[None], morning[None], np.zeros((1, n + 3)), np.ones((1, n + 3)))
    later = carry.log_factors(split)[0, n:]
    bound = np.log(ratio)
    assert (later >= min(bound, 0) - 1e-9).all()
    assert (later <= max(bound, 0) + 1e-9).all()


def test_the_carry_is_learned_only_where_it_helps():
    rng = np.random.default_rng(2)
    expected = np.full((80, 10), 50.0)
    seen, rest = np.arange(10) < 5, np.arange(10) >= 5
    lasting = rng.poisson(expected * np.exp(rng.normal(0, 0.3, (80, 1)))).astype(float)
    noise = rng.poisson(expected).astype(float)
    cut = [Split.at(calls, expected, seen, rest, 1) for calls in (lasting, noise)]
    factors = [learn_carry(split, 1.0, 1.0).log_factors(split)[:, 9] for split in cut]
    truth = np.log(lasting[:, 5:].mean(axis=1) / 50)
    assert np.corrcoef(factors[0], truth)[0, 1] > 0.9
    assert factors[0].std() == pytest.approx(0.3, rel=0.25)
    assert factors[1].std() < 0.02


def test_candidates_are_weighted_by_what_they_left_over():
    """One candidate surely better than the other and than nothing: it has nearly all the weight."""
    rng = np.random.default_rng(5)
    stands = rng.uniform(8, 12, 60)
    losses = np.array([stands, stands * rng.uniform(0.6, 0.8, 60), stands * rng.uniform(1.1, 1.3, 60)])
    assert _weigh(losses) == pytest.approx([0, 1, 0], abs=1e-3)
    alike = stands + rng.normal(0, 1, (3, 60))
    assert _weigh(alike)[0] > 0.2  # where nothing is sure, no update keeps its say


def test_the_next_day_keeps_its_share_of_the_signal():
    """Days that follow each other at 0.8: tomorrow takes most of today's surprise, and its range narrows."""
    rng = np.random.default_rng(4)
    level = np.zeros(200)
    for day in range(1, 200):
        level[day] = 0.8 * level[day - 1] + rng.normal(0, 0.15)
    expected = np.full((200, 12), 400.0)
    past = PastDays(rng.poisson(expected * np.exp(level)[:, None]), expected, np.append(level[1:], np.nan))
    came = np.where(np.arange(12) < 6, 400 * np.exp(0.3), np.nan)
    update = learn_update(past, Morning(came, expected[0], 6), 1.0, 60)
    assert update.next_log_factor == pytest.approx(0.8 * 0.3, rel=0.25)
    assert update.next_width == pytest.approx(0.6, abs=0.15)
    assert update.log_factors[6:] == pytest.approx(np.full(6, 0.3), rel=0.15)


def test_the_next_day_keeps_only_what_every_quarter_of_the_past_confirms():
    rng = np.random.default_rng(8)
    signal = rng.normal(0, 0.1, 120)
    lasting = 0.6 * signal + rng.normal(0, 0.03, 120)
    share, width = _next_day(signal, lasting)
    assert share == pytest.approx(0.6, abs=0.1)
    assert width < 0.8
    once = np.where(np.arange(120) < 90, lasting, rng.normal(0, 0.06, 120))
    assert _next_day(signal, once) == (0.0, 1.0)
    assert _next_day(signal, rng.normal(0, 0.06, 120)) == (0.0, 1.0)
