"""Weekdays that close, open or step; holidays on quiet weekdays; half days. Each case made by hand, its truth known."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from staffing.domain.calendar import WEEKDAYS, SiteCalendar
from staffing.domain.demand import ExcludedDays
from staffing.forecast import ForecastOptions, fit
from staffing.forecast.counts import lay_out
from staffing.forecast.day_level.days import describe
from staffing.forecast.day_level.quiet_holidays import learn_quiet_holidays
from staffing.forecast.day_level.totals import day_totals
from staffing.forecast.day_level.weekday_steps import find_steps

DAILY = SiteCalendar(interval_min=1440)
QUICK = ForecastOptions(models=("regression", "second_regression", "smoothing", "weekday_mean"), paths=60)
FIRST = "2025-01-06"  # a Monday
WEEKS = 60
SATURDAY, SUNDAY = 5, 6


def weeks(level, weeks=WEEKS, seed=0):
    """Poisson days of seven weekday levels."""
    dates = pd.date_range(FIRST, periods=7 * weeks, freq="D")
    return dates, np.random.default_rng(seed).poisson(np.array(level)[dates.day_of_week]).astype(float)


def rows_of(dates, calls, queue="voice"):
    rows = pd.DataFrame({"queue": queue, "start": dates.tz_localize("UTC"), "calls": calls, "aht_s": np.nan})
    return rows[rows["calls"].notna()]


def made_of(dates, calls, calendar=DAILY, days=7):
    rows = rows_of(dates, calls)
    made = fit(rows, calendar, options=QUICK).predict(calendar, (), dates[-1].date() + dt.timedelta(days=1), days)
    calls = made.table.set_index(made.table.start.dt.day_of_week).calls
    return calls, " ".join(made.notes)


def declared(*days):
    return SiteCalendar(interval_min=1440, opening=dict.fromkeys(days, "08:00-18:00"))


BUSY, OPEN = [300] * 5 + [0, 0], [300] * 5 + [200, 200]


@pytest.mark.parametrize("zeros", [2, 3, 13])
def test_a_weekday_recorded_at_zero_is_closed_however_open_it_was(zeros):
    dates, calls = weeks(OPEN)
    weekend = dates.day_of_week >= SATURDAY
    calls[weekend & (dates > dates[-1] - pd.Timedelta(days=7 * zeros))] = 0.0
    made, notes = made_of(dates, calls)
    assert (made[[SATURDAY, SUNDAY]] == 0).all()
    assert made[:5].between(280, 320).all()
    assert f"Sundays have had no calls since {(dates[-1] - pd.Timedelta(days=7 * zeros - 7)).date()}" in notes


def test_recorded_zeros_win_over_declared_hours_and_the_contradiction_is_said():
    dates, calls = weeks(OPEN)
    calls[(dates.day_of_week == SUNDAY) & (dates > dates[-1] - pd.Timedelta(days=56))] = 0.0
    made, notes = made_of(dates, calls, declared(*WEEKDAYS))
    assert made[SUNDAY] == 0
    assert "though the opening hours say open" in notes


def test_declared_hours_win_over_silence():
    dates, calls = weeks(OPEN)
    calls[(dates.day_of_week == SUNDAY) & (dates > dates[-1] - pd.Timedelta(days=56))] = np.nan
    open_, said = made_of(dates[:-1], calls[:-1], declared(*WEEKDAYS), days=8)
    closed, _ = made_of(dates[:-1], calls[:-1], days=8)
    assert open_[SUNDAY].between(180, 220).all()
    assert "history has no Sundays since" in said
    assert (closed[SUNDAY] == 0).all()


def test_a_declared_weekday_that_history_never_had_is_like_its_neighbours_and_said():
    dates, calls = weeks(BUSY)
    calls[dates.day_of_week >= SATURDAY] = np.nan
    made, notes = made_of(dates, calls, declared(*WEEKDAYS[:6]))
    assert 250 < made[SATURDAY] < 350
    assert "Saturdays are declared open but history has none" in notes


def test_a_young_queue_is_told_once_what_it_lacks():
    dates, calls = weeks(BUSY, weeks=8)
    calls[dates.day_of_week >= SATURDAY] = np.nan
    _, notes = made_of(dates, calls, declared(*WEEKDAYS))
    assert notes.startswith("voice: 40 days of history; holidays, month ends and the year are hardly known. voice: ")
    assert "voice: Saturdays, Sundays are declared open but history has none; they are forecast" in notes
    assert "taken as missing" not in notes


def test_weekdays_that_never_had_calls_are_told_together():
    _, notes = made_of(*weeks(BUSY), declared(*WEEKDAYS))
    assert "Saturdays, Sundays never had calls" in notes


def test_a_site_that_is_open_does_not_open_a_queue_that_never_was():
    dates, calls = weeks(BUSY)
    calls[dates.day_of_week >= SATURDAY] = np.nan
    rows = pd.concat([rows_of(dates, calls, "sales"), rows_of(*weeks(OPEN), "service")])
    calendar = declared(*WEEKDAYS)
    made = fit(rows, calendar, options=QUICK).predict(calendar, (), dates[-1].date() + dt.timedelta(days=1), 7)
    sales = made.queue("sales")
    assert (sales.calls[sales.start.dt.day_of_week >= SATURDAY] == 0).all()


@pytest.mark.parametrize("opened", [1, 2, 4, 6])
@pytest.mark.parametrize("before", [0.0, np.nan])
def test_a_newly_opened_weekday_is_forecast_from_what_it_has(opened, before):
    dates, calls = weeks([300] * 5 + [90, 0])
    saturday = dates.day_of_week == SATURDAY
    calls[saturday & (dates <= dates[-1] - pd.Timedelta(days=7 * opened))] = before
    made, notes = made_of(dates, calls)
    assert made[SATURDAY] == pytest.approx(calls[saturday][-opened:].mean(), rel=0.2)
    assert made[:5].between(275, 325).all()
    assert made[SUNDAY] == 0
    assert f"({opened} so far)" in notes


def test_a_newly_opened_weekday_is_as_little_known_as_a_young_queue():
    widths = []
    for opened in (1, 4, WEEKS):
        dates, calls = weeks([300] * 5 + [90, 0])
        calls[(dates.day_of_week == SATURDAY) & (dates <= dates[-1] - pd.Timedelta(days=7 * opened))] = np.nan
        made = fit(rows_of(dates, calls), DAILY, options=QUICK)
        table = made.predict(DAILY, (), dates[-1].date() + dt.timedelta(days=1), 7).table
        saturday = table[table.start.dt.day_of_week == SATURDAY].iloc[0]
        widths.append((saturday.p90 - saturday.p10) / saturday.calls)
    assert widths[0] > 1.6 * widths[2]
    assert widths[0] > widths[1] > widths[2]


def test_an_old_saturday_does_not_speak_for_a_reopened_one():
    dates, calls = weeks([300] * 5 + [250, 0])
    saturday = dates.day_of_week == SATURDAY
    calls[saturday & (dates > dates[200])] = 0.0
    calls[saturday & (dates > dates[-15])] = 60.0
    assert made_of(dates, calls)[0][SATURDAY] == pytest.approx(60, rel=0.2)


def test_a_quiet_weekday_of_a_small_queue_is_not_closed_by_chance():
    dates, calls = weeks([6, 6, 6, 6, 6, 0.6, 0.6], seed=3)
    assert not day_totals(lay_out("q", rows_of(dates, calls), DAILY)).closed_weekday.any()


@pytest.mark.parametrize(("zeros", "ended"), [(8, False), (30, True)])
def test_a_history_that_ends_in_zeros_is_doubted_then_believed(zeros, ended):
    dates, calls = weeks(OPEN)
    calls[-zeros:] = 0.0
    made, notes = made_of(dates, calls)
    assert (made == 0).all() if ended else made.between(150, 350).all()
    assert ("no calls at all since" if ended else f"ends in {zeros} days at zero") in notes


@pytest.mark.parametrize("known", [2, 3, 5])
def test_a_weekday_that_steps_is_followed_and_the_others_stay(known):
    dates, calls = weeks(OPEN)
    late = dates > dates[-1] - pd.Timedelta(days=7 * known)
    rng = np.random.default_rng(1)
    monday, weekend = dates.day_of_week == 0, dates.day_of_week >= SATURDAY
    calls[late & monday] = rng.poisson(500, known)
    calls[late & weekend] = rng.poisson(80, 2 * known)
    made, notes = made_of(dates, calls)
    assert made[0] == pytest.approx(500, rel=0.12)
    assert made[[SATURDAY, SUNDAY]].between(68, 95).all()
    assert made[1:5].between(280, 320).all()
    assert "Mondays moved by +" in notes


UNEVEN = [300, 280, 270, 260, 250, 120, 80]


def steps_of(level, factors, known, seed):
    """Steps found by weekday where days stray by 6 % beside counting."""
    dates, _ = weeks(level)
    rng = np.random.default_rng(seed)
    late = dates > dates[-1] - pd.Timedelta(days=7 * known)
    expected = np.array(level)[dates.day_of_week] * np.where(late, np.array(factors)[dates.day_of_week], 1.0)
    calls = rng.poisson(expected * np.exp(rng.normal(0, 0.06, len(dates))))
    facts = describe(dates.to_numpy().astype("datetime64[D]"), DAILY)
    found = find_steps(facts, np.log(calls + 0.5), 1 / (expected + 0.5), np.zeros(len(calls), bool))
    return {step.weekday: step.size for step in found}


@pytest.mark.parametrize("known", [3, 4, 6])
@pytest.mark.parametrize(
    ("level", "factors"),
    [
        (UNEVEN, [5 / 3, 1, 1, 1, 1, 1, 1]),
        (OPEN, [5 / 3, 1, 1, 1, 1, 1, 1]),
        (UNEVEN, [1, 1, 1, 1, 1, 2, 2]),
        (OPEN, [1, 1, 1, 1, 1, 0.4, 0.4]),
        (UNEVEN, [5 / 3, 5 / 3, 1, 1, 1, 1, 1]),
    ],
)
def test_steps_among_days_that_stray_are_followed_within_three_weeks(level, factors, known):
    right = 0
    for seed in range(20):
        found = steps_of(level, factors, known, seed)
        stepped = {k: np.log(factor) for k, factor in enumerate(factors) if factor != 1}
        right += found.keys() == stepped.keys() and all(abs(found[k] - stepped[k]) < 0.25 for k in stepped)
    assert right >= 16


@pytest.mark.parametrize("noise", [0.06, 0.25])
def test_a_queue_whose_days_stray_or_whose_level_wanders_has_no_steps(noise):
    dates, _ = weeks(UNEVEN)
    facts = describe(dates.to_numpy().astype("datetime64[D]"), DAILY)
    for seed in range(20):
        rng = np.random.default_rng(seed)
        level = np.cumsum(rng.normal(0, 0.02, len(dates))) * (seed % 2)
        expected = np.array(UNEVEN)[dates.day_of_week] * np.exp(level + rng.normal(0, noise, len(dates)))
        calls = rng.poisson(expected)
        assert not find_steps(facts, np.log(calls + 0.5), 1 / (expected + 0.5), np.zeros(len(calls), bool))


def test_weekdays_that_only_stray_have_no_step():
    rng = np.random.default_rng(2)
    for seed in range(20):
        dates, calls = weeks(OPEN, seed=seed)
        facts = describe(dates.to_numpy().astype("datetime64[D]"), DAILY)
        log_total = np.log(calls + 0.5) + rng.normal(0, 0.15, len(calls))
        assert not find_steps(facts, log_total, 1 / calls, np.zeros(len(calls), bool))


BRITISH = SiteCalendar(country="GB", interval_min=1440)


def holiday_years(on_holidays, seed=0, quiet=100.0):
    """Four years of weekdays at 200 and weekends at ``quiet``; ``on_holidays`` says what a holiday makes of its day."""
    dates = pd.date_range("2021-12-01", "2025-12-20", freq="D")
    named = BRITISH.holidays(dates[0].date(), dates[-1].date())
    level = np.where(dates.day_of_week < SATURDAY, 200.0, quiet)
    holiday = np.array([day.date() in named for day in dates])
    level[holiday] = on_holidays(level[holiday], dates.day_of_week[holiday])
    calls = np.random.default_rng(seed).poisson(level).astype(float)
    made = fit(rows_of(dates, calls), BRITISH, options=QUICK).predict(BRITISH, (), dt.date(2025, 12, 21), 380)
    return made.table.set_index(made.table.start.dt.date).calls


CHRISTMAS, BOXING_DAY_SATURDAY = dt.date(2025, 12, 25), dt.date(2026, 12, 26)


def test_a_holiday_at_one_level_whatever_its_weekday_is_not_taken_off_twice():
    calls = holiday_years(lambda level, weekday: 100.0)
    assert calls[CHRISTMAS] == pytest.approx(100, rel=0.12)
    assert calls[BOXING_DAY_SATURDAY] == pytest.approx(100, rel=0.15)


def test_a_holiday_that_halves_any_weekday_is_learned_as_a_factor():
    calls = holiday_years(lambda level, weekday: level / 2, seed=1)
    assert calls[CHRISTMAS] == pytest.approx(100, rel=0.12)
    assert calls[BOXING_DAY_SATURDAY] == pytest.approx(50, rel=0.3)


def test_without_a_holiday_on_a_quiet_day_it_is_a_quiet_day_and_no_more():
    calls = holiday_years(lambda level, weekday: np.where(weekday < SATURDAY, 100.0, np.nan_to_num(level)), seed=2)
    assert calls[BOXING_DAY_SATURDAY] == pytest.approx(100, rel=0.2)


def test_holidays_without_effect_leave_a_quiet_weekday_alone():
    facts = describe(np.arange("2024-01-01", "2025-12-01", dtype="datetime64[D]"), BRITISH)
    log_total = np.where(facts.weekday < SATURDAY, np.log(200.0), np.log(100.0))
    assert np.abs(learn_quiet_holidays(facts, log_total).offset(facts)).max() < 0.01


def test_half_a_day_that_closed_at_noon_is_forecast_until_noon():
    eve = [{"name": "Eve", "start": f"{year}-12-24"} for year in (2023, 2024, 2025)]
    calendar = SiteCalendar(interval_min=60, special_days=eve)
    index = pd.date_range("2023-06-05", "2025-12-22 23:00", freq="h", tz="UTC")
    level = np.where((index.hour >= 8) & (index.hour < 18), 40.0, 0.0)
    level[(index.month == 12) & (index.day == 24) & (index.hour >= 12)] = 0.0
    calls = np.random.default_rng(0).poisson(level).astype(float)
    rows = pd.DataFrame({"queue": "voice", "start": index, "calls": calls, "aht_s": np.nan})
    made = fit(rows, calendar, options=QUICK).predict(calendar, (), dt.date(2025, 12, 23), 3)
    on_eve = made.table[made.table.start.dt.date == dt.date(2025, 12, 24)].set_index(pd.RangeIndex(24))
    assert (on_eve.calls[12:] == 0).all()
    assert (on_eve.p90[12:] == 0).all()
    assert on_eve.calls[8:12].to_numpy() == pytest.approx(40, rel=0.15)
    assert made.days[made.days.day == pd.Timestamp("2025-12-24")].calls.sum() == pytest.approx(on_eve.calls.sum())
    assert any("Eve was worked a part of the day" in note for note in made.notes)


@pytest.mark.parametrize(("half", "open_until"), [(2, 12), (1, 18)])
def test_a_holiday_never_seen_closes_at_noon_where_most_others_did(half, open_until):
    """Of three holidays worked, two closed at noon; or one of them."""
    known = [(10, 1), (11, 5), (11, 20)]
    named = [{"name": f"day {month}-{day}", "start": f"2025-{month:02d}-{day:02d}"} for month, day in known]
    calendar = SiteCalendar(interval_min=60, special_days=[*named, {"name": "new", "start": "2025-12-10"}])
    index = pd.date_range("2025-06-02", "2025-12-07 23:00", freq="h", tz="UTC")
    level = np.where((index.hour >= 8) & (index.hour < 18), 40.0, 0.0)
    for month, day in known[:half]:
        level[(index.month == month) & (index.day == day) & (index.hour >= 12)] = 0.0
    calls = np.random.default_rng(0).poisson(level).astype(float)
    rows = pd.DataFrame({"queue": "voice", "start": index, "calls": calls, "aht_s": np.nan})
    made = fit(rows, calendar, options=QUICK).predict(calendar, (), dt.date(2025, 12, 10), 1).table.calls.to_numpy()
    assert made[8:open_until].min() > 15
    assert made[open_until:].max() < 0.5


def beside_a_live_queue(rest_days, queue="voice"):
    """A queue without rows for the last days, beside one that has some; and what is forecast and said of it."""
    dates, calls = weeks(OPEN)
    until = dates <= dates[-1] - pd.Timedelta(days=rest_days)
    rows = pd.concat([rows_of(dates[until], calls[until], queue), rows_of(dates, weeks(OPEN, seed=1)[1], "other")])
    start = dates[-1].date() + dt.timedelta(days=1)
    made = fit(rows, DAILY, options=QUICK).predict(DAILY, (), start, 7)
    return made.queue(queue).calls, " ".join(made.notes)


@pytest.mark.parametrize("rest_days", [5, 20])
def test_rows_that_stopped_while_others_have_some_are_said(rest_days):
    calls, notes = beside_a_live_queue(rest_days)
    assert calls.sum() == pytest.approx(1900, rel=0.06)
    assert f"voice: no rows since {dt.date(2026, 3, 2) - dt.timedelta(days=rest_days)}, on {rest_days} days" in notes


def test_a_queue_that_fell_silent_weeks_ago_while_others_go_on_has_ended():
    calls, notes = beside_a_live_queue(24)
    assert (calls == 0).all()
    assert "on 24 days on which other queues have some; it is taken as ended and the forecast is zero" in notes


def test_a_tiny_queues_silence_says_nothing():
    dates, _ = weeks(OPEN)
    rare = np.where(np.arange(len(dates)) % 20 == 0, 1.0, 0.0)[:-30]
    rows = pd.concat([rows_of(dates[:-30], rare, "rare"), rows_of(dates, weeks(OPEN)[1])])
    made = fit(rows, DAILY, options=QUICK).predict(DAILY, (), dates[-1].date() + dt.timedelta(days=1), 7)
    assert not any(note.startswith("rare: no rows") for note in made.notes)


def test_a_weekday_whose_cells_are_empty_is_closed_after_weeks_unless_these_days_are_left_out():
    dates, calls = weeks(OPEN)
    empty = (dates.day_of_week == 2) & (dates > dates[-1] - pd.Timedelta(days=40))
    calls[empty] = np.nan
    rows = pd.DataFrame({"queue": "voice", "start": dates.tz_localize("UTC"), "calls": calls, "aht_s": np.nan})
    left_out = [ExcludedDays(start=day.date(), end=day.date(), reason="lost") for day in dates[empty]]
    start = dates[-1].date() + dt.timedelta(days=1)
    for excluded, wednesday in ((), 0.0), (left_out, 300.0):
        made = fit(rows, DAILY, options=QUICK, excluded=excluded).predict(DAILY, (), start, 7)
        assert made.table.calls.iloc[2] == pytest.approx(wednesday, rel=0.08)
        assert any("Wednesdays have had no rows, or empty ones" in note for note in made.notes) == (not excluded)


def holiday_of_other_years(shut_until):
    """A desk that was shut at Christmas until a year and worked after it, or the other way round."""
    dates = pd.date_range("2021-12-01", "2025-12-20", freq="D")
    christmas = (dates.month == 12) & (dates.day == 25)
    level = np.where(dates.day_of_week < SATURDAY, 200.0, 150.0)
    shut = christmas & ((dates.year <= shut_until) if shut_until > 0 else (dates.year > -shut_until))
    calls = np.random.default_rng(0).poisson(np.where(shut, 0.0, np.where(christmas, 100.0, level))).astype(float)
    made = fit(rows_of(dates, calls), BRITISH, options=QUICK).predict(BRITISH, (), dt.date(2025, 12, 21), 8)
    return made.table.set_index(made.table.start.dt.date).calls[CHRISTMAS], " ".join(made.notes)


def test_a_holiday_is_what_it_was_last_time_and_the_change_is_said():
    calls, notes = holiday_of_other_years(2023)
    assert 80 < calls < 170  # once at 100, other holidays at 200
    assert "voice: Christmas Day (2025-12-25) was closed before and worked last time, taken as worked." in notes
    calls, notes = holiday_of_other_years(-2023)
    assert calls == 0
    assert "voice: Christmas Day (2025-12-25) was worked before and closed last time, taken as closed." in notes


SEASON = (11, 12, 1)


def seasonal(until, start, days=14):
    """A queue with calls from November to January alone, beside one that has some all year."""
    dates = pd.date_range("2023-01-02", until, freq="D")
    calls = np.random.default_rng(0).poisson(np.full(len(dates), 240.0)).astype(float)
    rows = rows_of(dates, calls, "season")[np.isin(dates.month, SEASON)]
    other = pd.date_range("2023-01-02", pd.Timestamp(start) - pd.Timedelta(days=1), freq="D")
    rows = pd.concat([rows, rows_of(other, np.random.default_rng(1).poisson(300.0, len(other)).astype(float), "other")])
    made = fit(rows, DAILY, options=QUICK).predict(DAILY, (), dt.date.fromisoformat(start), days)
    return made.queue("season").calls.to_numpy(), " ".join(made.notes)


def test_a_queue_that_comes_and_goes_with_the_season_has_not_ended():
    begins, notes = seasonal("2025-10-31", "2025-11-04")
    assert begins == pytest.approx(np.full(14, 240.0), rel=0.12)
    assert "and came back" in notes
    after, _ = seasonal("2026-01-31", "2026-02-10")
    assert (after == 0).all()


def test_a_site_of_five_days_sees_a_queue_end_after_three_of_its_weeks():
    dates, calls = weeks(BUSY)
    rows = rows_of(dates, calls)
    rows = rows[rows.calls > 0]
    stopped = rows[rows.start < rows.start.max() - pd.Timedelta(days=23)].assign(queue="stopped")
    made = fit(pd.concat([rows, stopped]), DAILY, options=QUICK).predict(DAILY, (), dates[-1].date(), 7)
    assert made.queue("stopped").calls.sum() == 0
