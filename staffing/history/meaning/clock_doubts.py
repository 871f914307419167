"""Doubts about clocks: hours without AM and PM, numbers of intervals, and intervals that are named by their end."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from staffing.history.layout.table import RawTable
from staffing.history.meaning.clocks import DAY_MIN, HALF_DAY_MIN, NUMBERED, unfolded
from staffing.history.meaning.date_order import DAY_S
from staffing.history.meaning.moments import Moments
from staffing.history.meaning.numerals import as_text, western
from staffing.history.options import ImportOptions
from staffing.history.report import Findings, Question, Reading

NIGHT_END_MIN = 7 * 60  # before it, a site that is also there at noon is seldom open and then closed


def ask_slots(raw: RawTable, moments: Moments, findings: Findings) -> None:
    """Numbers of intervals from which it cannot be told which interval of the day has which number."""
    if not moments.numbered:
        return
    cell = str(as_text(raw.columns["time"]).iloc[0])
    number = int(float(western(pd.Series([cell]))[0]))
    readings = []
    for key in moments.numbered:
        first, parts = NUMBERED[key]
        minutes = (number - first) * DAY_MIN // parts
        means = f"the {DAY_MIN // parts} minutes of a day, numbered from {first}"
        readings.append(Reading(key, means, f"'{cell}' → {minutes // 60}:{minutes % 60:02d}"))
    asks = f"column '{raw.headings['time']}' numbers intervals, and no day has all of them."
    findings.ask(Question("slots", raw.file, asks, tuple(readings)))


def past_noon(
    raw: RawTable, moments: Moments, queues: list[np.ndarray], options: ImportOptions, findings: Findings
) -> Moments:
    """Times of 12-hour clocks without marks turned to the afternoon, where the order of rows or an answer tells."""
    if not _all_bare(moments) or options.answer("clock") == "24":
        return moments
    midnight = moments.local.astype("datetime64[D]").astype("datetime64[s]")
    minutes = (moments.local - midnight).astype(np.int64) // 60
    days = midnight.astype("datetime64[D]").astype(np.int64)
    turned = minutes.copy()
    for at in queues:
        told = at[~moments.wrong[at]]
        each = unfolded(minutes[told].astype(float), days[told])
        if each is not None:
            turned[told] = each
    changed = turned != minutes
    if not changed.any():
        return _ask_clock(raw, moments, minutes, options, findings)
    findings.note(
        f"{raw.file}: times run from 12 to 1 within a day (first: row {raw.rows[changed][0]}), so they are of "
        f"a 12-hour clock; "
        "those after noon are read as afternoon. If not, answer clock=24."
    )
    return replace(moments, local=midnight + (turned * 60).astype("timedelta64[s]"))


def _all_bare(moments: Moments) -> bool:
    """Whether all times are from 1:00 to 12:59 and none has a mark of its half of the day."""
    if moments.bare.any():
        return bool(moments.bare[~moments.wrong].all())
    if "time" in moments.read_from:
        return False
    for rows in (slice(0, 5_000), slice(None)):  # the first rows tell most tables apart
        local = moments.local[rows]
        hours = (local[~np.isnat(local)].astype(np.int64) % DAY_S) // 3_600
        if not len(hours) or hours.min() < 1 or hours.max() > 12 or hours.max() == hours.min():
            return False
    return True


def _ask_clock(
    raw: RawTable, moments: Moments, minutes: np.ndarray, options: ImportOptions, findings: Findings
) -> Moments:
    """Hours of 1 to 12 alone, in rising order: a night and a morning, or a 12-hour clock whose rows were sorted."""
    early = ~moments.wrong & (minutes < NIGHT_END_MIN)
    late = ~moments.wrong & (minutes >= NIGHT_END_MIN)
    if not early.any() or not (late.any() or _many_afternoons(moments)) or (late.any() and (minutes[late] < 540).all()):
        return moments
    afternoon = moments.local + (np.where(early | (minutes < 60), HALF_DAY_MIN, 0) * 60).astype("timedelta64[s]")
    if options.answer("clock") == "12":
        return replace(moments, local=afternoon)
    gaps = np.diff(np.unique(minutes[~moments.wrong]))
    if len(gaps) and (gaps.max() > 2 * np.median(gaps) or not late.any()):
        at = int(np.argmax(early))
        clock = f"{minutes[at] // 60}:{minutes[at] % 60:02d}"
        findings.ask(
            Question(
                "clock",
                raw.file,
                f"row {raw.rows[at]}: times have no hour after 12; '{clock}' could be night or afternoon.",
                (
                    Reading(
                        "12",
                        "afternoon, of a 12-hour clock",
                        f"'{clock}' → {minutes[at] // 60 + 12}:{minutes[at] % 60:02d}",
                    ),
                    Reading("24", "night, of a 24-hour clock", f"'{clock}' → {clock}"),
                ),
            )
        )
    return moments


def _many_afternoons(moments: Moments) -> bool:
    """Whether times of a column of their own, from 1 to 7 alone, are of several days: hardly nights."""
    return bool(moments.bare.any()) and len(np.unique(moments.day[~moments.wrong])) > 1


def from_ends(
    raw: RawTable, moments: Moments, queues: list[np.ndarray], options: ImportOptions, findings: Findings
) -> Moments:
    """Intervals named by their end are moved to their start, where heading, clock or answer say so."""
    answer = options.answer("labels")
    if answer == "start" or moments.wrong.all():
        return moments
    moments = _past_last_minutes(raw, moments, queues, findings)
    local, ends = moments.local, moments.ends or _reach_midnight(moments)
    if not ends and "time" in raw.columns:
        last = _last_at_midnight(moments, queues)
        if last is not None:
            local, ends = np.where(last, local + np.timedelta64(DAY_S, "s"), local), True
    step = _usual_step(local, queues)
    if step <= 0 or step >= DAY_S:
        return moments
    if not (ends or answer == "end"):
        _ask_labels(raw, local, step, findings)
        return moments
    findings.note(
        f"{raw.file}: times name the end of their interval, so each is read {step // 60} minutes earlier "
        f"(row {raw.rows[0]} begins at {str(local[0] - np.timedelta64(step, 's'))[11:16]}). If not, answer "
        f"labels=start."
    )
    return replace(moments, local=local - np.timedelta64(step, "s"))


def _past_last_minutes(raw: RawTable, moments: Moments, queues: list[np.ndarray], findings: Findings) -> Moments:
    """Times that name the last minute of their interval, 08:29 and 08:59, are moved to its end."""
    known = moments.local[~moments.wrong].astype(np.int64)
    if (known[:1] % 300 != 240).any():  # no last minute of any interval
        return moments
    step = _usual_step(moments.local, queues)
    if step < 300 or step >= DAY_S or not len(known) or ((known % DAY_S + 60) % step != 0).any():
        return moments
    at = str(moments.local[~moments.wrong][0])[11:16]
    findings.note(f"{raw.file}: times such as {at} name the last minute of their interval.")
    return replace(moments, local=moments.local + np.timedelta64(60, "s"), ends=True)


def _reach_midnight(moments: Moments) -> bool:
    """Whether times of day run to 24:00 and never begin at 00:00, as those of ends do."""
    if "time" not in moments.read_from:
        return False
    clock = (moments.local - moments.day)[~moments.wrong].astype(np.int64)
    return bool((clock == DAY_S).any() and not (clock == 0).any())


def _last_at_midnight(moments: Moments, queues: list[np.ndarray]) -> np.ndarray | None:
    """Rows of 00:00 that stand last in their day, after its other rows: that midnight is the end of the day.

    Where rows run from the last to the first, they stand first.
    """
    midnight = ~moments.wrong & (moments.local == moments.day)
    if not midnight.any():
        return None
    for at in queues:
        if (np.diff(moments.local[at][~moments.wrong[at]]).astype(np.int64) < 0).mean() > 0.5:
            at = at[::-1]
        days, there = moments.day[at], midnight[at]
        before = np.concatenate([[False], (days[1:] == days[:-1])])
        after = np.concatenate([(days[1:] == days[:-1]), [False]])
        if (there & (~before | after)).any():
            return None
    return midnight


def _usual_step(local: np.ndarray, queues: list[np.ndarray]) -> int:
    largest = max(queues, key=len)
    known = np.unique(local[largest][~np.isnat(local[largest])][:5_000].astype(np.int64))
    steps = np.diff(known)
    values, counts = np.unique(steps, return_counts=True)
    return int(values[np.argmax(counts)]) if len(values) else 0


def _ask_labels(raw: RawTable, local: np.ndarray, step: int, findings: Findings) -> None:
    """Whole days that begin one interval after midnight and end at midnight are in doubt."""
    known = local[~np.isnat(local)].astype(np.int64)
    first, last = int(known.min()), int(known.max())
    if first % DAY_S != step or last % DAY_S or (last - first) % DAY_S != DAY_S - step or last - first < DAY_S - step:
        return
    clock = str(np.datetime64(first, "s"))[11:16]
    findings.ask(
        Question(
            "labels",
            raw.file,
            f"times run from {clock} to 00:00 of a later day: they could name the start of intervals or their end.",
            (
                Reading("end", "the end of each interval", f"'{clock}' → 00:00 to {clock}"),
                Reading("start", "the start of each interval", f"'{clock}' → {clock} on"),
            ),
        )
    )
