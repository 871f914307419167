"""What a history tells of its site: queues, handle times, opening hours. A first guess, to be looked at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from staffing.domain.calendar import DAY_MIN, INTERVALS_MIN, WEEKDAYS, OpenSpan, Weekday
from staffing.domain.demand import LIVE

if TYPE_CHECKING:
    from staffing.history import History

LATEST_WEEKS = 13
OPEN_SHARE = 0.25  # of a weekday's days on which an interval has contacts, from which on it counts as open
WHOLE_DAY = OpenSpan(start_min=0, end_min=DAY_MIN)
GAP_MIN = 120  # shorter silences within a day are open hours without contacts
CHANNELS = (
    ("chat", re.compile(r"chat|messag|whatsapp|گفتگو|چت", re.IGNORECASE)),
    ("email", re.compile(r"mail|ticket|ایمیل|تیکت", re.IGNORECASE)),
    ("callback", re.compile(r"call.?back|پس.?تماس", re.IGNORECASE)),
    ("back_office", re.compile(r"back.?office", re.IGNORECASE)),
)
AHT_S = {"voice": 240.0, "chat": 480.0, "email": 600.0, "callback": 240.0, "back_office": 600.0}
PATIENCE_S = 150.0
CHATS_AT_ONCE = 2


def first_queues(history: History) -> list[dict[str, Any]]:
    """A queue for each name in history: its channel by its name, its mean handle time (s) where history has it."""
    return [_queue(str(name), rows) for name, rows in history.frame.groupby("queue", sort=True)]


def _queue(name: str, rows: pd.DataFrame) -> dict[str, Any]:
    channel = next((kind for kind, words in CHANNELS if words.search(name)), "voice")
    made: dict[str, Any] = {"name": name, "channel": channel, "aht_s": _mean_aht(rows) or AHT_S[channel]}
    if channel in LIVE:
        made["patience_s"] = PATIENCE_S
    if channel == "chat":
        made["concurrency"] = CHATS_AT_ONCE
    return made


def _mean_aht(rows: pd.DataFrame) -> float | None:
    if "aht_s" not in rows:
        return None
    known = rows[rows["aht_s"].notna() & (rows["calls"] > 0)]
    mean = float(np.average(known["aht_s"], weights=known["calls"])) if len(known) else 0.0
    return round(mean, 1) if mean > 0 else None


def first_opening(history: History) -> dict[Weekday, tuple[OpenSpan, ...]]:
    """Hours of each weekday in which contacts came in the last quarter of a year; empty where they always come."""
    rows = history.frame[history.frame["calls"] > 0]
    if history.interval_min == DAY_MIN or rows.empty:
        return {}
    rows = rows[rows["start"] > rows["start"].max() - pd.Timedelta(weeks=LATEST_WEEKS)]
    table = pd.DataFrame(
        {
            "day": rows["start"].dt.date,
            "weekday": rows["start"].dt.day_of_week,
            "minute": rows["start"].dt.hour * 60 + rows["start"].dt.minute,
        }
    ).drop_duplicates()
    weeks = max(1, round((rows["start"].max() - rows["start"].min()) / pd.Timedelta(weeks=1)))
    found: dict[Weekday, tuple[OpenSpan, ...]] = {}
    for weekday, of_day in table.groupby("weekday"):
        counts = of_day["minute"].value_counts()
        spans = _spans(sorted(counts[counts >= OPEN_SHARE * weeks].index), history.interval_min)
        if spans:
            found[WEEKDAYS[int(str(weekday))]] = spans
    always = len(found) == len(WEEKDAYS) and all(spans == (WHOLE_DAY,) for spans in found.values())
    return {} if always else found


def _spans(minutes: list[int], width: int) -> tuple[OpenSpan, ...]:
    """Runs of open intervals, minutes after midnight; short gaps are bridged."""
    spans: list[list[int]] = []
    for minute in minutes:
        if spans and minute - spans[-1][1] <= GAP_MIN:
            spans[-1][1] = minute + width
        else:
            spans.append([minute, minute + width])
    return tuple(OpenSpan(start_min=first, end_min=last) for first, last in spans)


def planning_interval(history: History) -> int:
    """Minutes of the interval to plan in: history's own, but no finer than a quarter of an hour."""
    own = history.interval_min
    return next(step for step in INTERVALS_MIN if step >= 15 and step % own == 0) if own < 15 else own


def people_by_workload(history: History, aht_s: dict[str, float], hours_a_week: float, *, lost: float) -> float:
    """Full-time people whom the last four weeks' workload alone asks for, before any waiting is counted.

    ``lost`` is the share of paid time off the phone; nobody is busy more than 85 % of the rest.
    """
    rows = history.frame[history.frame["calls"].notna()]
    rows = rows[rows["start"] > rows["start"].max() - pd.Timedelta(weeks=4)]
    seconds = float((rows["calls"] * rows["queue"].map(aht_s).astype(float)).sum()) / 4
    return seconds / 3600 / 0.85 / (1 - lost) / hours_a_week
