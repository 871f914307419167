"""New queues beside old ones, and renamed ones."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.forecast import ForecastOptions, fit
from tests.forecast.conftest import WEEK, make_history

HOURLY = SiteCalendar(interval_min=60)
OPTIONS = ForecastOptions(models=("regression", "second_regression", "smoothing", "weekday_mean"), paths=60)
DAYS = 200
END = dt.date(2024, 1, 1) + dt.timedelta(days=DAYS)


def sibling(level=2000.0, days=DAYS, seed=0, queue="old", start="2024-01-01"):
    return make_history(days=days, level=level, seed=seed, queue=queue, start=start)


def made_of(*rows):
    return fit(pd.concat(rows), HOURLY, options=OPTIONS).predict(HOURLY, (), END, 14)


@pytest.mark.parametrize("days", [1, 2, 3])
def test_a_queue_of_a_few_days_has_its_siblings_week_and_a_range_that_doubts_its_level(days):
    truth, week, held = 300.0 * WEEK.sum(), [], 0
    for seed in range(8):
        young = sibling(level=300.0, days=days, seed=10 + seed, queue="new", start=str(END - dt.timedelta(days=days)))
        made = made_of(sibling(), young)
        week.append(made.queue("new").calls[: 7 * 24].sum())
        low, high = np.quantile(made.paths["new"][:, : 7 * 24].sum(axis=1), (0.1, 0.9))
        held += low <= truth <= high
        assert high / low > 1.15
    assert np.mean(week) == pytest.approx(truth, rel=0.08)
    assert held >= 6


@pytest.mark.parametrize("days", [6, 12, 30])
def test_a_new_queue_has_its_siblings_week_and_shape_at_its_own_level(days):
    begin = END - dt.timedelta(days=days)
    young = sibling(level=300.0, days=days, seed=1, queue="new", start=str(begin))
    made = made_of(sibling(), young)
    calls = made.queue("new").calls.to_numpy().reshape(14, 24)
    truth = 300.0 * WEEK[[(END + dt.timedelta(days=k)).weekday() for k in range(14)]]
    assert calls.sum(axis=1) == pytest.approx(truth, rel=0.15)
    old = made.queue("old").calls.to_numpy().reshape(14, 24)
    shares = calls.sum(axis=0) / calls.sum(), old.sum(axis=0) / old.sum()
    assert np.abs(shares[0] - shares[1]).sum() < 0.12
    assert any(f"new: new since {begin}" in note for note in made.notes)


def test_a_new_queue_that_rests_on_sundays_does_so_though_its_sibling_works():
    begin = END - dt.timedelta(days=28)
    young = sibling(level=300.0, days=28, seed=1, queue="new", start=str(begin))
    young.loc[young.start.dt.day_of_week == 6, "calls"] = 0.0
    new = made_of(sibling(), young).queue("new")
    assert (new.calls[new.start.dt.day_of_week == 6] == 0).all()


def test_an_old_queue_and_a_lone_new_one_borrow_nothing():
    lone = made_of(sibling(days=30, queue="new", start=str(END - dt.timedelta(days=30))))
    assert not any("borrowed" in note for note in lone.notes)
    both = made_of(sibling(), sibling(queue="other", seed=2))
    assert not any("borrowed" in note for note in both.notes)


@pytest.mark.parametrize("begin", ["2024-04-26", "2024-04-30", "2024-05-09"])  # twice for days, at once, after a gap
def test_a_queue_renamed_half_way_is_pointed_out(begin):
    first = sibling(days=120, queue="sales")
    second = sibling(days=(END - dt.date.fromisoformat(begin)).days, seed=3, queue="sales-eu", start=begin)
    notes = " ".join(made_of(first, second).notes)
    assert f"sales-eu: begins on {begin}, and sales ends on 2024-04-29, at about its level: these two look" in notes


def test_a_queue_renamed_ten_days_ago_is_pointed_out_and_one_of_another_size_is_not():
    first = sibling(days=DAYS - 10, queue="sales")
    second = sibling(days=10, seed=3, queue="sales-eu", start=str(END - dt.timedelta(days=10)))
    assert "these two look like one" in " ".join(made_of(first, second).notes)
    first = sibling(days=120, queue="sales")
    other = sibling(level=200.0, days=80, seed=3, queue="tiny", start="2024-04-30")
    assert "look like one" not in " ".join(made_of(first, other).notes)


def test_a_stranger_lends_nothing():
    begin = END - dt.timedelta(days=21)
    young = sibling(level=300.0, days=21, seed=1, queue="new", start=str(begin))
    stranger = sibling(queue="stranger", seed=2)
    odd = stranger.start.dt.day_of_year % 5 == 0  # a rhythm of its own
    stranger.loc[odd, "calls"] = 4.0 * stranger.loc[odd, "calls"]
    alone, beside = made_of(young), made_of(stranger, young)
    assert not any("borrowed" in note for note in beside.notes)
    assert beside.queue("new").calls.to_numpy() == pytest.approx(alone.queue("new").calls.to_numpy())
    both = made_of(stranger, sibling(), young)
    assert any(note.endswith("are borrowed from old.") for note in both.notes)


@pytest.mark.parametrize("days", [3, 21])
def test_a_queue_of_other_days_lends_nothing(days):
    young = sibling(level=300.0, days=days, seed=1, queue="new", start=str(END - dt.timedelta(days=days)))
    two_days = sibling(queue="two days", seed=2)
    two_days = two_days[two_days.start.dt.day_of_week < 2]
    made = made_of(two_days, young)
    assert not any("borrowed" in note for note in made.notes)
    assert made.queue("new").calls.to_numpy() == pytest.approx(made_of(young).queue("new").calls.to_numpy())
    with_old = made_of(sibling(), two_days, young)
    assert any("new: new since" in note and "borrowed from old." in note for note in with_old.notes)
