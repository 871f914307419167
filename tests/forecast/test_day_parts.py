"""Smoothing, weekday means, mix, guard and calibration, each on a case small enough to know the answer."""

import datetime as dt

import numpy as np
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.forecast.counts import lay_out
from staffing.forecast.day_level.days import dates_between, describe
from staffing.forecast.day_level.mix import HORIZONS, Replay, combine, horizon_of, independent_origins, mix_weights
from staffing.forecast.day_level.models import MODELS
from staffing.forecast.day_level.models.smoothing import RATES, fit_smoothing
from staffing.forecast.day_level.models.weekday_mean import weekday_means
from staffing.forecast.handle_time import fit_handle_time
from staffing.forecast.paths import PastErrors, Shocks, calibrate, count_quantiles, draw_counts, free_of_counting
from staffing.forecast.profile import fit_shape, weekday_shapes
from tests.forecast.conftest import make_history


def shares_of(models):
    return {name: MODELS[name].prior_share for name in models}


def test_smoothing_is_the_textbook_recursion():
    rng = np.random.default_rng(0)
    weekday, y = np.arange(60) % 7, rng.normal(5, 0.05, 60)
    made = fit_smoothing(weekday, y[:, None])
    for candidate, (alpha, gamma) in enumerate(RATES):
        level, season = np.median(y[:28]), np.zeros(7)
        for day in range(7):
            season[day] = np.median(y[:28][weekday[:28] == day]) - level
        for day, value in zip(weekday, y, strict=True):
            surprise = value - level - season[day]
            level += alpha * surprise
            season[day] += gamma * (1 - alpha) * surprise
        assert made.from_origin(60, np.arange(7))[:, candidate] == pytest.approx(level + season, abs=1e-3)


def test_smoothing_follows_a_level_and_shrugs_at_a_spike():
    y = np.where(np.arange(200) < 120, 5.0, 6.0)
    y[190] = 12.0
    fast = fit_smoothing(np.arange(200) % 7, y[:, None]).from_origin(200, np.arange(7))[:, -1]
    assert np.median(fast) == pytest.approx(6.0, abs=0.15)


def test_weekday_means_take_the_last_eight():
    weekday, y = np.arange(140) % 7, np.arange(140.0)
    means = weekday_means(weekday, y)
    assert means[140, 3] == pytest.approx(np.arange(3, 140, 7)[-8:].mean())
    assert means[5, 6] == pytest.approx(y[:5].mean())


def replay(errors, origins=40, steps=28, seed=0):
    rng = np.random.default_rng(seed)
    actual = np.zeros((origins, steps))
    made = {model: actual + rng.normal(0, sd, actual.shape) for model, sd in errors.items()}
    ahead = np.tile(np.arange(1, steps + 1), (origins, 1))
    return Replay(np.arange(origins) * 3.0, ahead, actual, made)


def test_the_better_model_weighs_more_and_weights_sum_to_one():
    models = ("regression", "smoothing", "weekday_mean")
    made = mix_weights(replay({"regression": 0.10, "smoothing": 0.05, "weekday_mean": 0.2}), shares_of(models))
    weights, guarded = made.shares, made.guarded
    assert weights.sum(axis=1) == pytest.approx(1.0)
    assert (weights[:4, 1] > weights[:4, 0]).all()
    assert not guarded.any()


def test_the_guard_hands_over_to_the_weekday_mean():
    """Two models wrong by 0.16 every day outweigh, by their prior shares, a weekday mean wrong by 0.1."""
    models = ("second_regression", "smoothing", "weekday_mean")
    made = replay({"second_regression": 0.0, "smoothing": 0.0, "weekday_mean": 0.125})
    made.forecasts.update(second_regression=made.actual + 0.16, smoothing=made.actual + 0.16)
    mixing = mix_weights(made, shares_of(models))
    weights, guarded = mixing.shares, mixing.guarded
    assert guarded.tolist() == [True, True, True, True, False]  # nothing is known of 29 days on
    assert (weights[:4] == [0.0, 0.0, 1.0]).all()
    mixed = Replay(made.age_days, made.ahead, made.actual, {**made.forecasts, "mix": combine(made, models, weights)})
    assert mixed.mean_errors("mix", "weekday_mean")[:4] == pytest.approx(1.0)


def test_neighbouring_origins_count_as_one():
    assert independent_origins(np.arange(60.0)) == pytest.approx([40.3, 12.8, 6.4, 3.7, 2.0], abs=0.1)
    assert independent_origins(np.array([0.0])).tolist() == [1.0] * 5


def test_every_day_ahead_has_its_horizon():
    assert [HORIZONS[k] for k in horizon_of(np.array([1, 2, 3, 7, 8, 14, 15, 28, 29, 400]))] == (
        ["1-2 days"] * 2 + ["3-7 days"] * 2 + ["8-14 days"] * 2 + ["15-28 days"] * 2 + ["29 days on"] * 2
    )


KNOWN = describe(dates_between(dt.date(2022, 1, 1), 500), SiteCalendar(country="US"))
ORDINARY = KNOWN[np.full(90, 73)]  # a Tuesday in the middle of a month, far from any holiday


def past_errors(surprises, back, age_days=None, facts=ORDINARY, day=None):
    """Errors whose origins all count alike, on ordinary days unless said otherwise."""
    age_days = 4.0 * np.arange(len(surprises))[::-1] if age_days is None else age_days
    day = np.tile(np.arange(surprises.shape[1]), (len(surprises), 1)) if day is None else day
    return PastErrors(surprises, np.ones(len(surprises)), age_days, back, day, facts)


def days_back(origins, steps, every=4):
    """Origins ``every`` so many days, the last one a day before the end."""
    return np.maximum(every * np.arange(origins)[::-1, None] + 1 - np.arange(steps)[None, :], 0)


def test_ranges_follow_how_hard_the_last_weeks_were():
    """Errors of the last eight weeks are twice as wide as before: so are the ranges, at least half the way. Where they
    are half as wide, ranges narrow a little."""
    back = days_back(60, 28)
    errors = np.random.default_rng(4).normal(size=(60, 28))

    def width(scale):
        return calibrate(past_errors(np.where(back < 56, scale, 1.0) * errors, back)).widths(ORDINARY[:14]).mean()

    assert 1.4 < width(2.0) / width(1.0) < 2.2
    assert 0.7 < width(0.5) / width(1.0) < 1.0


def test_calibrated_ranges_hold_four_in_five_of_new_errors():
    """Errors twice as wide as claimed, moving together within an origin: ranges widen to hold 80 %."""
    rng = np.random.default_rng(2)

    def errors(origins):
        return 2.0 * (0.8 * rng.normal(size=(origins, 1)) + 0.6 * rng.normal(size=(origins, 28)))

    noise = calibrate(past_errors(errors(300), np.zeros((300, 28)), age_days=28.0 * np.arange(300)[::-1]))
    drawn = noise.draw(28, Shocks(2, 2000), rng) * noise.widths(ORDINARY[:28])
    low, high = np.quantile(drawn, (0.1, 0.9), axis=0)
    fresh = errors(4000)
    assert np.mean((fresh >= low) & (fresh <= high)) == pytest.approx(0.8, abs=0.03)
    sums, limits = fresh.sum(axis=1), np.quantile(drawn.sum(axis=1), (0.1, 0.9))
    assert np.mean((sums >= limits[0]) & (sums <= limits[1])) == pytest.approx(0.8, abs=0.06)


@pytest.mark.parametrize(("wild_days", "within"), [(0, 4.0), (1, 4.0), (2, 4.0), (8, 10.0)])
def test_errors_that_only_a_day_or_two_had_are_cut(wild_days, within):
    """Thirty times the usual: a slip of the data counts as four, days that come again and again as ten."""
    day = len(KNOWN) - 1 - days_back(60, 28)
    errors = np.clip(np.random.default_rng(7).normal(size=(60, 28)), -3.0, 3.0)
    errors[np.isin(day, len(KNOWN) - 30 - 20 * np.arange(wild_days))] = 30.0
    noise = calibrate(past_errors(errors, days_back(60, 28), facts=KNOWN, day=day))
    largest = np.abs(noise.surprises).max()
    assert largest == pytest.approx(within) if wild_days else largest <= within
    plain = calibrate(past_errors(np.where(errors > 3.0, 0.0, errors), days_back(60, 28), facts=KNOWN, day=day))
    assert noise.widths(ORDINARY[:28]) == pytest.approx(plain.widths(ORDINARY[:28]), rel=0.15)


def test_unknown_tails_of_late_origins_are_filled():
    errors = np.random.default_rng(3).normal(size=(30, 10))
    errors[25:, 4:] = np.nan
    assert np.isfinite(calibrate(past_errors(errors, days_back(30, 10))).surprises).all()


def test_holidays_that_err_more_have_wider_ranges():
    """Holidays are forecast three times as badly as the others."""
    day = np.maximum(len(KNOWN) - 1 - days_back(110, 28), 0)
    holiday = KNOWN.holiday_offset == 0
    errors = np.random.default_rng(5).normal(size=(110, 28)) * np.where(holiday[day], 3.0, 1.0)
    noise = calibrate(past_errors(errors, days_back(110, 28), facts=KNOWN, day=day))
    plain = noise.widths(ORDINARY[:1])[0]
    assert noise.widths(KNOWN[np.flatnonzero(holiday)[-1:]])[0] / plain == pytest.approx(3.0, rel=0.35)
    assert plain == pytest.approx(1.0, rel=0.25)


def test_few_origins_apart_widen_far_days():
    errors = np.random.default_rng(6).normal(size=(60, 60))
    few, many = (
        calibrate(past_errors(errors, days_back(60, 60), age_days=every * np.arange(60.0)[::-1])).widths(ORDINARY[:60])
        for every in (4, 400)
    )
    assert few[0] == pytest.approx(many[0], rel=0.02)
    assert 1.07 < few[-1] / many[-1] < 1.3


@pytest.mark.parametrize("mean", [3.0, 12.0, 40.0])
def test_count_quantiles_hold_four_in_five(mean):
    rng = np.random.default_rng(4)
    low, _, high = count_quantiles(rng.poisson(mean, (4000, 50)).astype(float), (0.1, 0.5, 0.9), rng)
    fresh = rng.poisson(mean, (4000, 50))
    plain = np.quantile(fresh, (0.1, 0.9), axis=0)
    inside = np.mean((fresh >= low) & (fresh <= high))
    assert abs(inside - 0.8) <= abs(np.mean((fresh >= plain[0]) & (fresh <= plain[1])) - 0.8) + 0.01
    assert 0.68 < inside < 0.92


def test_counts_have_the_dispersion_asked_for():
    drawn = draw_counts(np.full((40_000, 1), 30.0), 2.5, np.random.default_rng(5))
    assert drawn.mean() == pytest.approx(30, rel=0.01)
    assert drawn.var() / drawn.mean() == pytest.approx(2.5, rel=0.05)


def test_the_shape_of_a_holiday_and_of_a_weekday_are_learned():
    facts = describe(dates_between(dt.date(2022, 1, 1), 700), SiteCalendar(country="US"))
    early, late = np.array([6, 3, 2, 1.0]) / 12, np.array([1, 2, 3, 6.0]) / 12
    saturday = (facts.weekday == 5)[:, None]
    holiday = (facts.holiday_offset == 0)[:, None]
    truth = np.where(holiday, late, np.where(saturday, 0.5 * early + 0.5 * late, early))
    calls = np.random.default_rng(6).poisson(3000 * truth).astype(float)
    made = fit_shape(calls[:660], facts[:660]).shares(facts[660:])
    ahead = truth[660:]
    assert np.abs(made - ahead)[~holiday[660:, 0]].max() < 0.04
    assert np.abs(made - ahead)[holiday[660:, 0]].max() < 0.15
    assert made.sum(axis=1) == pytest.approx(1.0)


def test_a_small_queue_gets_a_smooth_shape_and_a_changed_shape_is_followed():
    facts = describe(dates_between(dt.date(2023, 1, 1), 200), SiteCalendar())
    hours = np.arange(48) / 2
    morning, evening = (np.exp(-0.5 * ((hours - peak) / 2.5) ** 2) for peak in (10, 15))
    mornings = np.where(facts.weekday >= 4, 0.7, 0.3) + np.where(np.arange(200) >= 110, 0.3, 0.0)
    truth = mornings[:, None] * morning + (1 - mornings)[:, None] * evening
    truth /= truth.sum(axis=1, keepdims=True)
    calls = np.random.default_rng(8).poisson(120 * truth).astype(float)
    known, ahead = slice(0, 186), slice(186, 200)
    made = np.abs(fit_shape(calls[known], facts[known]).shares(facts[ahead]) - truth[ahead]).sum(axis=1).mean()
    weekdays = weekday_shapes(calls[known], facts.weekday[known])[facts.weekday[ahead]]
    assert made < 0.7 * np.abs(weekdays - truth[ahead]).sum(axis=1).mean()
    assert made < 0.1


def test_how_past_days_bent_leaves_their_totals():
    facts = describe(dates_between(dt.date(2023, 1, 1), 120), SiteCalendar())
    peak = 10 + 6 * np.random.default_rng(9).random((120, 1))
    truth = np.exp(-0.5 * ((np.arange(48) / 2 - peak) / 2.5) ** 2)
    calls = np.random.default_rng(10).poisson(300 * truth / truth.sum(axis=1, keepdims=True)).astype(float)
    shape = fit_shape(calls, facts)
    assert np.abs(shape.departures).max() > 0.2
    assert shape.departures @ shape.pooled == pytest.approx(0.0, abs=1e-9)


def test_handle_time_differs_by_slot_and_is_shrunk_where_calls_are_few():
    calendar = SiteCalendar(interval_min=60)
    counts = lay_out("q", make_history(days=90), calendar)
    facts = describe(counts.dates, calendar)
    made = fit_handle_time(counts, facts).seconds(facts[:7])
    assert made.shape == (7, 24)
    assert made[0, 15] - made[0, 10] == pytest.approx(20, abs=1.5)
    overall = np.nansum(counts.aht_s * counts.calls) / np.nansum(counts.calls)
    assert made[6, 0] == pytest.approx(overall, abs=1.5)
    assert fit_handle_time(lay_out("q", make_history(days=30).assign(aht_s=np.nan), calendar), facts[:30]) is None


def test_counting_is_taken_off_days_and_leaves_weeks_as_wide():
    """Three fifths of what days stray is counting, three tenths a level that lasts: weeks must stay as wide."""
    rng = np.random.default_rng(5)
    drawn = rng.normal(0.0, np.sqrt(0.3), (4000, 1)) + rng.normal(0.0, np.sqrt(0.7), (4000, 56))
    left = free_of_counting(drawn, np.full(56, 0.6))
    again = left + rng.normal(0.0, np.sqrt(0.6), drawn.shape)
    assert (left**2).mean() == pytest.approx(0.4, rel=0.01)
    assert (again**2).mean() == pytest.approx((drawn**2).mean(), rel=0.03)
    by_week = [paths.reshape(len(paths), 8, 7).mean(axis=2)[:, 1:-1].var() for paths in (again, drawn)]
    assert by_week[0] == pytest.approx(by_week[1], rel=0.25)
    assert (free_of_counting(drawn, np.full(56, 2.0)) ** 2).mean() == pytest.approx(0.04, rel=0.05)
