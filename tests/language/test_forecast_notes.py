"""Whatever the forecast tells of planted histories is heard in Persian, its dates Jalali, and nothing stays English."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest

from staffing.domain.calendar import WEEKDAYS, SiteCalendar, SpecialDays
from staffing.domain.demand import Event
from staffing.forecast import ForecastOptions, fit, forecast, reforecast
from staffing.language import heard, speaking

QUICK = ForecastOptions(models=("regression", "second_regression", "smoothing", "weekday_mean"), paths=60)
QUEUE, OTHER = "فروش", "پشتیبانی"
#: Names that stand in a sentence as they are: of settings, of models, of a source.
NAMES = ("closed_dates", "special_days", "turnella.com", "School", "school", "email", "tv", "release", "0.10")
WEEK = np.array([300, 280, 270, 260, 250, 120, 80.0])
DATES = pd.date_range(end="2025-10-05", periods=400, freq="D")  # until a Sunday
AGE = len(DATES) - 1 - np.arange(len(DATES))
WEEKDAY = DATES.day_of_week.to_numpy()
START = DATES[-1].date() + dt.timedelta(days=1)
HOURS = np.arange(8, 20)


def site(**told: object) -> SiteCalendar:
    return SiteCalendar(interval_min=1440, display="jalali", **told)  # type: ignore[arg-type]


def rows(
    calls: np.ndarray, dates: pd.DatetimeIndex = DATES, queue: str = QUEUE, aht_s: object = np.nan
) -> pd.DataFrame:
    found = pd.DataFrame({"queue": queue, "start": dates.tz_localize("UTC"), "calls": calls, "aht_s": aht_s})
    return found[found["calls"].notna()]


def days(factor: object = 1.0, seed: int = 0, noise: float = 0.04) -> np.ndarray:
    rng = np.random.default_rng(seed)
    level = WEEK[WEEKDAY] * np.asarray(factor) * np.exp(rng.normal(0, noise, len(DATES)))
    return rng.poisson(level).astype(float)


def told(
    history: pd.DataFrame, calendar: SiteCalendar | None = None, events: Sequence[Event] = (), ahead: int = 14
) -> tuple[str, ...]:
    return forecast(history, calendar or site(), events, options=QUICK, start=START, days=ahead).notes


def hourly(
    kept: Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray], zero: bool = False, **calendar: object
) -> tuple[str, ...]:
    """Notes of a desk from 8 to 20 of whose rows those are left that ``kept(hour, weekday, days ago)`` names; ``zero``
    after 16 in the last forty days."""
    rng = np.random.default_rng(0)
    starts = DATES[-280:].repeat(len(HOURS)) + pd.to_timedelta(np.tile(HOURS, 280), unit="h")
    calls = rng.poisson(WEEK[starts.day_of_week] / len(HOURS)).astype(float)
    history = rows(calls, starts)
    ago = (pd.Timestamp(START, tz="UTC") - history["start"].dt.normalize()).dt.days.to_numpy()
    if zero:
        history.loc[(ago <= 40) & (history["start"].dt.hour >= 16), "calls"] = 0.0
    left = kept(history["start"].dt.hour.to_numpy(), history["start"].dt.day_of_week.to_numpy(), ago)
    return told(history[left], SiteCalendar(interval_min=60, display="jalali", **calendar))  # type: ignore[arg-type]


def opening(weekdays: Sequence[str] = WEEKDAYS, hours: str = "08:00-18:00") -> dict[str, str]:
    return dict.fromkeys(weekdays, hours)


def where(flags: np.ndarray, value: float, calls: np.ndarray | None = None) -> np.ndarray:
    return np.where(flags, value, days() if calls is None else calls)


def holidays(worked: Callable[[int], float]) -> tuple[str, ...]:
    """Notes where holidays of one name a quarter had ``worked(number)`` of the usual calls, and one of it comes."""
    old = [DATES[k].date() for k in (20, 110, 200, 290)]
    calls = days()
    for number, day in enumerate(old):
        calls[DATES.get_loc(pd.Timestamp(day))] *= worked(number)
    names = [SpecialDays(name="عید", start=day) for day in (*old, START + dt.timedelta(days=2))]
    new = SpecialDays(name="جشن تازه", start=START + dt.timedelta(days=3))
    return told(rows(calls), site(special_days=(*names, new)))


def half_days() -> tuple[str, ...]:
    """Notes of a desk from 8 to 20 that closed at 13 on the eves of a feast, of which one comes."""
    eves = [DATES[-k].date() for k in (250, 190, 130, 70)]
    special = tuple(SpecialDays(name="شب عید", start=day) for day in (*eves, START + dt.timedelta(days=2)))
    starts = DATES[-280:].repeat(len(HOURS)) + pd.to_timedelta(np.tile(HOURS, 280), unit="h")
    calls = np.random.default_rng(0).poisson(WEEK[starts.day_of_week] / len(HOURS)).astype(float)
    history = rows(np.where(np.isin(starts.date, eves) & (starts.hour >= 13), 0.0, calls), starts)
    return told(history, SiteCalendar(interval_min=60, display="jalali", special_days=special))


def event_notes() -> tuple[str, ...]:
    soon, last = START + dt.timedelta(days=2), DATES[-1].date()
    past = [Event(name=f"پیشین {k}", kind="حراج", start=last - dt.timedelta(days=60 * k), size=10) for k in (1, 2)]
    shut = tuple(soon + dt.timedelta(days=k) for k in (5, 6))
    events = [
        *past,
        Event(name="یگانه گذشته", kind="نمایشگاه", start=last - dt.timedelta(days=90)),
        Event(name="یگانه", kind="نمایشگاه", start=soon),
        Event(name="بزرگ", kind="حراج", start=soon, size=100),
        Event(name="نوشته", kind="حراج", start=soon + dt.timedelta(days=3), size=10, effect=0.2),
        Event(name="هیچ", kind="حراج", start=soon, size=0),
        Event(name="ناشناخته", kind="همایش", start=soon),
        Event(name="همان", kind="همایش", start=soon, size=3),
        Event(name="نامه", kind="email", start=soon, size=20_000),
        Event(name="نامه بی‌اندازه", kind="email", start=soon),
        Event(name="تلویزیون", kind="tv", start=soon, size=20_000),
        Event(name="نسخه", kind="release", start=soon, size=2),
        Event(name="ده", kind="جابه‌جایی", start=soon, effect=10.0),
        Event(name="برنده", kind="انتقال", start=soon, queues=(OTHER,), moves_to=QUEUE, moved_share=0.3, effect=-0.3),
        Event(name="دور", kind="همایش", start=soon + dt.timedelta(days=300)),
        Event(name="کهن", kind="قدیم", start=DATES[0].date() - dt.timedelta(days=30)),
        Event(name="بیگانه", kind="همایش", start=soon, queues=("نیست",), effect=0.1),
        Event(name="روی تعطیل", kind="حراج", start=soon + dt.timedelta(days=5), size=10, effect=0.1),
        Event(name="روی تعطیل‌ها", kind="حراج", start=shut[0], end=shut[1], size=11, effect=0.1),
        Event(name="دوباره", kind="حراج", start=soon + dt.timedelta(days=3), size=10, effect=0.2),
    ]  # fmt: skip
    both = pd.concat([rows(days()), rows(days(seed=1), queue=OTHER)])
    return told(both, site(closed_dates=shut), events)


def night_event() -> tuple[str, ...]:
    rng = np.random.default_rng(0)
    starts = DATES[-200:].repeat(24) + pd.to_timedelta(np.tile(np.arange(24), 200), unit="h")
    open_ = (starts.hour >= 8) & (starts.hour < 20)
    history = rows(np.where(open_, rng.poisson(20, len(starts)), 0).astype(float), starts)
    night = Event(name="شبانه", kind="همایش", start=START, start_time=dt.time(2), end_time=dt.time(4))
    return told(history, SiteCalendar(interval_min=60, display="jalali"), (night,))


def same_day() -> tuple[str, ...]:
    """Notes of the morning of a day that runs high, of a queue that is not heard of yet, and of days not imported."""
    calendar = SiteCalendar(interval_min=60, display="jalali")
    starts = DATES[-100:].repeat(24) + pd.to_timedelta(np.tile(np.arange(24), 100), unit="h")
    shape = np.where((starts.hour >= 8) & (starts.hour < 20), 60.0, 4.0)
    rng, today, found = np.random.default_rng(3), DATES[-1].date(), list[str]()
    level = np.exp(rng.normal(0, 0.2, 100)).repeat(24)
    history = rows(rng.poisson(shape * level).astype(float), starts, aht_s=200.0)
    silent = history.assign(queue=OTHER)
    silent = silent[silent["start"].dt.date < today]
    for known in (history, pd.concat([history, silent])):
        before = known[known["start"].dt.date < today]
        baseline = fit(before, calendar, options=QUICK)
        morning = baseline.predict(calendar, (), today, 2)
        now = pd.Timestamp(today).tz_localize("UTC") + pd.Timedelta(hours=12)
        found += reforecast(baseline, morning, known, calendar, now=now).notes
    lately = history[(history["start"].dt.date < today - dt.timedelta(days=2)) | (history["start"].dt.date >= today)]
    known = lately[lately["start"].dt.date < today - dt.timedelta(days=2)]
    baseline = fit(known, calendar, options=QUICK)
    now = pd.Timestamp(today).tz_localize("UTC") + pd.Timedelta(hours=12)
    found += reforecast(baseline, baseline.predict(calendar, (), today, 2), known, calendar, now=now).notes
    return tuple(found)


def handle_times(log_level: np.ndarray) -> tuple[str, ...]:
    rng = np.random.default_rng(0)
    return told(rows(days(4.0), aht_s=300 * np.exp(log_level + rng.normal(0, 0.01, len(DATES)))))


def odd_handle_times() -> tuple[str, ...]:
    aht_s = np.full(len(DATES), 300.0)
    aht_s[50], aht_s[100:103] = 90_000.0, 0.0
    return told(rows(days(), aht_s=aht_s))


def young(known: int) -> tuple[str, ...]:
    return told(rows(days()[-known:], DATES[-known:]))


def siblings(known: int = 10) -> tuple[str, ...]:
    return told(pd.concat([rows(days(4.0)), rows(days(seed=1)[-known:], DATES[-known:], OTHER)]))


def renamed() -> tuple[str, ...]:
    return told(pd.concat([rows(days()[:200], DATES[:200]), rows(days(seed=1)[201:], DATES[201:], OTHER)]))


def silent(known: int, calls: np.ndarray | None = None) -> tuple[str, ...]:
    calls = days(seed=1) if calls is None else calls
    return told(pd.concat([rows(days()), rows(calls[: len(DATES) - known], DATES[: len(DATES) - known], OTHER)]))


FRIDAYS, SATURDAYS, SUNDAYS = WEEKDAY == 4, WEEKDAY == 5, WEEKDAY == 6
ODD_DAY = DATES[-20].date()
PLANTED: dict[str, tuple[Callable[[], tuple[str, ...]], tuple[str, ...]]] = {
    "growth": (lambda: told(rows(days(10 * np.exp(0.04 * np.maximum(56 - AGE, 0) / 7)))), ("the level grows",)),
    "decline": (lambda: told(rows(days(10 * np.exp(-0.04 * np.maximum(56 - AGE, 0) / 7)))), ("the level shrinks",)),
    "break": (lambda: told(rows(days(np.where(AGE < 3, 1.9, 1.0)))), ("no known cause",)),
    "change": (lambda: told(rows(days(np.where(AGE < 28, 1.4, 1.0)))), ("the level changed on",)),
    "episode": (lambda: told(rows(days(np.where((AGE < 60) & (AGE >= 40), 1.5, 1.0)))), ("has come back",)),
    "step": (lambda: told(rows(days(np.where((WEEKDAY == 0) & (AGE < 42), 1.8, 1.0)))), ("Mondays moved by",)),
    "closed weekday": (lambda: told(rows(where(SUNDAYS & (AGE < 30), 0.0))), ("Sundays have had no calls",)),
    "closed against the hours": (
        lambda: told(rows(where(SUNDAYS & (AGE < 30), 0.0)), site(opening=opening())),
        ("though the opening hours say open; they are forecast as closed",),
    ),
    "silent weekday": (lambda: told(rows(where(SUNDAYS & (AGE < 60), np.nan))), ("Sundays have had no rows",)),
    "silent against the hours": (
        lambda: told(rows(where(SUNDAYS & (AGE < 60), np.nan)), site(opening=opening())),
        ("history has no Sundays",),
    ),
    "never open": (lambda: told(rows(where(SUNDAYS, 0.0)), site(opening=opening())), ("never had calls",)),
    "never seen": (
        lambda: told(rows(where(SATURDAYS | SUNDAYS, np.nan)), site(opening=opening(WEEKDAYS[:6]))),
        ("declared open but history has none",),
    ),
    "opened weekday": (lambda: told(rows(where(SATURDAYS & (AGE > 21), 0.0))), ("Saturdays have calls since",)),
    "outage": (lambda: told(rows(where(AGE < 3, 0.0))), ("taken as an outage",)),
    "ended at zero": (lambda: told(rows(where(AGE < 30, 0.0))), ("no calls at all since",)),
    "no figures": (
        lambda: told(pd.concat([rows(days()), rows(days(), queue=OTHER).assign(calls=np.nan)])),
        ("every figure of its calls is missing",),
    ),
    "only zeros": (lambda: told(rows(np.zeros(len(DATES)))), ("no calls in the history",)),
    "every other Saturday": (
        lambda: told(rows(where(SATURDAYS & (AGE // 7 % 2 == 0), 0.0))),
        ("days at zero come and go: Saturdays",),
    ),
    "missing days": (
        lambda: told(rows(np.where(np.random.default_rng(1).random(len(DATES)) < 0.3, np.nan, days()))),
        ("taken as missing",),
    ),
    "a start far off": (lambda: told(rows(days()[:-50], DATES[:-50])), ("days lie between",)),
    "weeks at zero": (lambda: told(rows(where((AGE < 60) & (AGE >= 25), 0.0))), ("taken as a gap",)),
    "weeks without rows": (lambda: told(rows(where((AGE < 60) & (AGE >= 25), np.nan))), ("taken as a gap",)),
    "silent for days": (lambda: silent(9), ("no rows since", "goes on as before")),
    "silent for long": (lambda: silent(40), ("taken as ended",)),
    "silent as last year": (
        lambda: silent(30, np.where((AGE >= 330) & (AGE < 390), np.nan, days(seed=1))),
        ("It was silent before",),
    ),
    "three days": (lambda: young(3), ("only 3 days of history",)),
    "eight days": (lambda: young(8), ("days of history",)),
    "two months": (lambda: young(56), ("hardly known",)),
    "a slip": (
        lambda: told(rows(where(AGE[-20:] == 5, 200_000.0, days()[-20:]), DATES[-20:])),
        ("many times those of all other days",),
    ),
    "siblings": (siblings, ("are borrowed from",)),
    "renamed": (renamed, ("these two look like one",)),
    "rows after": (lambda: told(rows(days(), DATES + pd.Timedelta(days=5))), ("are not used",)),
    "new hours": (
        lambda: hourly(lambda hour, _, ago: np.where(ago <= 20, hour < 18, hour < 14)),
        ("calls from 14:00 to 18:00 only since",),
    ),
    "hours gone": (lambda: hourly(lambda hour, _, ago: (hour < 16) | (ago > 40)), ("no rows from 16:00",)),
    "hours back": (
        lambda: hourly(lambda hour, _, ago: (hour < 15) | (ago <= 14) | (ago > 110)),
        ("are back since",),
    ),
    "hours at zero": (lambda: hourly(lambda hour, _, ago: hour > 0, zero=True), ("no calls from 16:00",)),
    "half days": (half_days, ("was worked a part of the day",)),
    "hours gone of one weekday": (
        lambda: hourly(lambda hour, weekday, ago: (hour < 14) | (ago > 60) | (weekday != 4)),
        ("on Fridays from 14:00",),
    ),
    "hours gone against the hours": (
        lambda: hourly(lambda hour, _, ago: (hour < 16) | (ago > 40), opening=opening(hours="08:00-20:00")),
        ("these hours are forecast as before",),
    ),
    "hours never seen": (
        lambda: hourly(lambda hour, _, ago: hour > 0, opening=opening(hours="06:00-20:00")),
        ("the opening hours say open from 06:00 to 08:00",),
    ),
    "outside hours": (
        lambda: hourly(lambda hour, _, ago: hour > 0, opening=opening(hours="10:00-16:00")),
        ("outside the opening hours are left out: 08:00-10:00",),
    ),
    "outside hours of one weekday": (
        lambda: hourly(lambda hour, _, ago: hour > 0, opening=opening(WEEKDAYS[:6], "08:00-20:00")),
        ("on Sundays",),
    ),
    "holidays shut": (lambda: holidays(lambda _: 0.0), ("taken as closed like the holidays before",)),
    "holidays mostly shut": (lambda: holidays(lambda k: 0.0 if k == 3 else 0.5), ("closed last time",)),
    "holidays worked at last": (lambda: holidays(lambda k: 0.5 if k == 3 else 0.0), ("worked last time",)),
    "holidays quiet": (lambda: holidays(lambda _: 0.4), ()),
    "first holiday": (
        lambda: told(rows(days()), site(special_days=(SpecialDays(name="عید", start=START),))),
        ("guessed between",),
    ),
    "special days in doubt": (
        lambda: told(
            rows(days()),
            site(
                special_days=(
                    SpecialDays(name="نمایشگاه", start=dt.date(2042, 9, 1)),
                    SpecialDays(name="روزه", start=DATES[-200].date(), end=DATES[-170].date(), kind="period"),
                    SpecialDays(name="روزه", start=DATES[-180].date(), end=DATES[-160].date(), kind="period"),
                    SpecialDays(name="School", start=DATES[-100].date(), end=DATES[-80].date(), kind="period"),
                    SpecialDays(name="school", start=DATES[-90].date(), end=DATES[-70].date(), kind="period"),
                )
            ),
        ),
        ("lies far beyond", "two periods named", "they count as two"),
    ),
    "handle time changed": (lambda: handle_times(np.where(AGE < 28, 0.25, 0.0)), ("the handle time changed",)),
    "handle time rises": (lambda: handle_times(-0.002 * AGE), ("the handle time rises",)),
    "handle time falls": (lambda: handle_times(0.002 * AGE), ("the handle time falls",)),
    "odd handle times": (odd_handle_times, ("a handle time of 0 s", "are taken as not known (1 intervals")),
    "events": (
        event_notes,
        (
            "rests on a single past",
            "is far above any past",
            "overrides it once",
            "of size 0",
            "Type one.",
            "are of one kind on the same days",
            "rule of thumb",
            "until its size tells",
            "No rule tells",
            "0.10 means +10%",
            "that it keeps from other queues",
            "begin after the last day",
            "teach nothing",
            "that history does not have",
            "falls on closed days only",
            "repeats another",
        ),
    ),
    "a change beside an event": (
        lambda: told(
            rows(days(np.where(AGE < 18, 1.4, 1.0))),
            site(),
            (Event(name="حراج", kind="حراج", start=START - dt.timedelta(days=21), end=START - dt.timedelta(days=15)),),
        ),
        ("in the days of event",),
    ),
    "an event at night": (night_event, ("no calls come to",)),
    "same day": (same_day, ("the rest of the day moves", "is known of", "History lacks")),
}


def left_in_english(note: str) -> list[str]:
    """Latin words that are no names, and Gregorian dates, of what a Persian reader of a Jalali site hears."""
    with speaking("fa"):
        shown = heard(note, site())
    for name in NAMES:
        shown = shown.replace(name, "")
    return re.findall(r"[A-Za-z]+|[0-9]+|۲۰۲\d[-/]\d+", shown)


@pytest.mark.parametrize("name", PLANTED)
def test_what_the_forecast_tells_is_heard_in_persian(name):
    planted, expected = PLANTED[name]
    notes = planted()
    for words in expected:
        assert any(words in note for note in notes), (words, notes)
    assert {note: left for note in notes if (left := left_in_english(note))} == {}
