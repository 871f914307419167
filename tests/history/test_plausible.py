"""What looks odd is said, with where and how sure; what is ordinary is not."""

import numpy as np
import pandas as pd
import pytest

from staffing.domain.calendar import WEEKDAYS, SiteCalendar
from staffing.history import preview
from staffing.history.plausible import odd_figures

DAYS = 84


def history(queue="voice", seed=1, **columns):
    """Twelve weeks of half-hours from 8 to 18, quiet on weekends."""
    grid = pd.date_range("2025-01-06", periods=DAYS * 48, freq="30min", tz="UTC")
    grid = grid[(grid.hour >= 8) & (grid.hour < 18)]
    mean = 20 + 6 * np.sin(np.arange(len(grid)) % 20 / 4) - 9 * (grid.day_of_week >= 5) - 3 * (grid.day_of_week == 2)
    calls = np.random.default_rng(seed).poisson(mean).astype(float)
    return pd.DataFrame({"queue": queue, "start": grid, "calls": calls, **columns})


def said(*frames):
    return odd_figures(pd.concat(frames, ignore_index=True), 30)


def test_an_ordinary_history_is_not_odd():
    assert said(history(aht_s=240.0, present=9.0), history("chat", seed=2)) == []


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (
            history(aht_s=4.0),
            "handle time is below 10 s or above 2 h in 1,680 intervals (first: 2025-01-06 08:00: 4 s)",
        ),
        (history(answered=30.0), "more calls are answered than came"),
        (history(aht_s=2_400.0, present=2.0), "calls took more of agents' time than those present had"),
    ],
)
def test_odd_figures_are_said(frame, words):
    assert any(words in note for note in said(frame))


def test_night_calls_on_a_day_site():
    night = history().head(1).assign(start=pd.Timestamp("2025-01-06 03:00", tz="UTC"), calls=9.0)
    assert any(
        "9 calls came between 00:00 and 05:00 (first: 2025-01-06 03:00)" in note for note in said(night, history())
    )


def of_nights(calls_a_night, days=DAYS):
    """Half-hours of the night, Poisson."""
    grid = pd.date_range("2025-01-06", periods=days * 48, freq="30min", tz="UTC")
    grid = grid[grid.hour < 5]
    calls = np.random.default_rng(3).poisson(calls_a_night / 10, len(grid)).astype(float)
    return pd.DataFrame({"queue": "voice", "start": grid, "calls": calls})


@pytest.mark.parametrize(("calls_a_night", "days"), [(4.0, DAYS), (0.3, DAYS), (3.0, 10)])
def test_night_calls_that_come_week_after_week_are_not_odd(calls_a_night, days):
    day = history()
    frame = pd.concat(
        [of_nights(calls_a_night, days), day[day["start"] < day["start"].iloc[0] + pd.Timedelta(days=days)]]
    )
    frame = frame.sort_values("start", ignore_index=True)
    assert 0 < frame.loc[frame["start"].dt.hour < 5, "calls"].sum() < 0.02 * frame["calls"].sum()
    assert odd_figures(frame, 30) == []


@pytest.mark.parametrize(("hours", "odd"), [("00:00-24:00", False), ("08:00-18:00", True)])
def test_a_night_that_is_declared_open_is_not_odd(hours, odd):
    night = history().head(1).assign(start=pd.Timestamp("2025-01-06 03:00", tz="UTC"), calls=9.0)
    site = SiteCalendar(interval_min=30, opening=dict.fromkeys(WEEKDAYS, hours))
    notes = odd_figures(pd.concat([night, history()], ignore_index=True), 30, site=site)
    assert any("another time zone" in note for note in notes) is odd


def test_a_level_that_jumps():
    frame = history()
    frame.loc[frame["start"] >= "2025-02-17", "calls"] *= 12
    assert any("from 2025-02-17 on a day has" in note for note in said(frame))


def test_the_file_with_which_a_level_jumps_is_named(tmp_path):
    frame = history().rename(columns={"start": "timestamp"})
    early = frame["timestamp"] < "2025-02-17"
    frame[early].to_csv(tmp_path / "a.csv", index=False)
    frame[~early].assign(calls=frame["calls"] * 12).to_csv(tmp_path / "b.csv", index=False)
    notes = preview(tmp_path).notes
    assert any("from 2025-02-17 on" in note and "the file b.csv begins there, probably" in note for note in notes)


def test_queues_that_are_almost_one():
    calls = np.random.default_rng(3).integers(100, 300, DAYS * 20).astype(float)
    one, other = history("a").assign(calls=calls), history("b").assign(calls=calls + 1)
    assert any(
        "almost the same calls in almost every interval" in note and "perhaps" in note for note in said(one, other)
    )


def test_a_weekday_pattern_that_turns():
    frame = history()
    late = frame["start"] >= "2025-02-17"
    moved = frame[late].assign(start=frame["start"][late] + pd.Timedelta(days=3))
    assert any("Thursday looks like Monday did before" in note for note in said(frame[~late], moved))


def test_two_queues_that_are_one():
    assert any("have the same calls in almost every interval" in note for note in said(history("a"), history("b")))
