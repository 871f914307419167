"""Errors that grew on a planted day and place, and errors that did not."""

import numpy as np
import pandas as pd
import pytest

from staffing.evaluation.worsening import sentences, worsening
from staffing.language import speaking

DAYS = 98


def pairs(grow, seed=0, queue="voice"):
    """Hourly promises over fourteen weeks, off by some 5 %; ``grow(day, hour)`` is what errors are multiplied by."""
    start = pd.date_range("2026-01-05", periods=24 * DAYS, freq="h", tz="Europe/Berlin")
    start = start[(start.hour >= 8) & (start.hour < 18)]
    day = (start.tz_localize(None).normalize() - pd.Timestamp("2026-01-05")).days.to_numpy()
    error = 0.05 * np.random.default_rng(seed).standard_normal(len(start)) * grow(day, start.hour.to_numpy())
    made = pd.DataFrame({"queue": queue, "start": start, "day": start.tz_localize(None).normalize(), "ahead": 1})
    return made.assign(actual=100.0, calls=100.0 * (1 + error), event_day=False)


def test_the_day_from_which_errors_grew_is_found_and_said():
    found = worsening(pairs(lambda day, hour: np.where(day >= 77, 2.5, 1.0))).iloc[0]
    assert found["worse"]
    assert abs((pd.Timestamp(found["since"]) - pd.Timestamp("2026-03-23")).days) <= 1
    assert found["lately"] / found["before"] == pytest.approx(2.5, rel=0.15)
    assert found["where"] == ""


def test_the_place_is_named_where_one_weekday_or_one_part_of_the_day_made_it():
    mondays = worsening(pairs(lambda day, hour: np.where((day >= 63) & (day % 7 == 0), 12.0, 1.0))).iloc[0]
    evening = worsening(pairs(lambda day, hour: np.where((day >= 77) & (hour >= 16), 12.0, 1.0))).iloc[0]
    assert mondays["worse"]
    assert mondays["where"] == "on Mondays"
    assert mondays["since"] == pd.Timestamp("2026-03-09").date()
    assert evening["where"] == "from 16:00 to 20:00"


def test_errors_that_stay_are_not_worse():
    for seed in range(20):
        found = worsening(pairs(lambda day, hour: np.ones(len(day)), seed=seed))
        assert not found["worse"].any()
    assert sentences(found)[0].startswith("No queue is forecast worse than it was.")


def small_queue(grow, seed):
    """Hourly promises over sixteen weeks of a queue of 200 calls a day: counting is most of what single hours err by.

    ``grow`` gives the mean of each day over what was promised.
    """
    rng = np.random.default_rng(seed)
    start = pd.date_range("2025-03-03", periods=24 * 112, freq="h", tz="UTC")
    start = start[(start.hour >= 8) & (start.hour < 20)]
    day = (start - start[0].normalize()).days.to_numpy()
    actual = rng.poisson(200 / 12 * np.broadcast_to(grow(rng), 112)[day]).astype(float)
    made = {"queue": "voice", "start": start, "day": start.tz_localize(None).normalize(), "ahead": 1}
    return pd.DataFrame(made).assign(actual=actual, calls=200 / 12, event_day=False)


def strays(sd_before, sd_after, days, weekdays=range(7)):
    late = (np.arange(112) >= 112 - days) & np.isin(np.arange(112) % 7, weekdays)
    return lambda rng: np.exp(np.where(late, sd_after, sd_before) * rng.standard_normal(112))


def lifted(factor, days):
    return lambda rng: np.exp(0.06 * rng.standard_normal(112)) * np.where(np.arange(112) >= 112 - days, factor, 1.0)


@pytest.mark.parametrize(
    "grow",
    [strays(0.06, 0.3, 28), strays(0.06, 0.5, 14), strays(0.06, 0.8, 42, (0, 1)), lifted(1.5, 14), lifted(1.3, 28)],
    ids=["all days, 28", "all days, 14", "two weekdays, 42", "half more, 14", "a third more, 28"],
)
def test_days_that_stray_as_a_whole_are_seen_behind_the_counting_noise(grow):
    found = [worsening(small_queue(grow, seed)).iloc[0] for seed in range(12)]
    assert sum(bool(one["worse"]) for one in found) >= 9
    totals = [one for one in found if one["errors_of"] == "day totals"]
    assert all(one["lately"] > 1.25 * one["before"] for one in totals)


def test_a_worse_day_total_is_said_as_one():
    found = worsening(small_queue(strays(0.06, 0.3, 28), 3))
    assert found["errors_of"].iloc[0] == "day totals"
    assert "whole days are off by" in sentences(found)[0]


@pytest.mark.parametrize("lasting", [0.0, 0.5])
def test_days_that_stray_as_they_did_are_hardly_ever_an_alarm(lasting):
    def same(rng):
        z = rng.standard_normal(112)
        for k in range(1, 112):
            z[k] = lasting * z[k - 1] + np.sqrt(1 - lasting**2) * z[k]
        return np.exp(0.1 * z)

    assert sum(bool(worsening(small_queue(same, seed)).iloc[0]["worse"]) for seed in range(25)) <= 1


def test_larger_errors_that_are_no_alarm_are_said_to_be_in_doubt():
    found = worsening(small_queue(strays(0.06, 0.6, 4), 1)).assign(before=0.2, lately=0.27)
    assert not found["worse"].any()
    assert sentences(found)[1] == "voice: errors are larger, by what chance may do."


def test_few_days_say_nothing():
    few = pairs(lambda day, hour: np.ones(len(day)))
    told = sentences(worsening(few[few["day"] < "2026-01-08"]))
    assert told == ["Too few promised days have come to say whether the forecast is worse than it was."]


def test_the_worst_queue_comes_first_and_only_the_nearest_promise_counts():
    mild = pairs(lambda day, hour: np.where(day >= 77, 2.0, 1.0), queue="a")
    bad = pairs(lambda day, hour: np.where(day >= 77, 4.0, 1.0), queue="b", seed=1)
    far = mild.assign(ahead=9, calls=500.0)
    told = sentences(worsening(pd.concat([far, mild, bad])))
    assert [text.split(":")[0] for text in told] == ["b", "a"]
    assert "errors are" in told[0]


def test_it_is_said_in_persian_too():
    mondays = worsening(pairs(lambda day, hour: np.where((day >= 63) & (day % 7 == 0), 12.0, 1.0)))
    evening = worsening(pairs(lambda day, hour: np.where((day >= 77) & (hour >= 16), 12.0, 1.0)))
    with speaking("fa"):
        told = [sentences(found)[0] for found in (mondays, evening)]
    assert "در دوشنبه‌ها" in told[0]
    assert "از ۱۶:۰۰ تا ۲۰:۰۰" in told[1]


def test_where_no_promised_day_has_come_that_is_said():
    nothing = pd.DataFrame(columns=["queue", "start", "day", "ahead", "actual", "calls", "event_day"])
    assert sentences(worsening(nothing)) == [
        "Too few promised days have come to say whether the forecast is worse than it was."
    ]
