"""Moments on the wall clock to instants on the site's: what is doubtful is asked, what never was is refused."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from staffing.domain.calendar import SiteCalendar
from staffing.history.grid.clock import place
from staffing.history.layout.table import RawTable
from staffing.history.meaning.clocks import HALF_DAY_MIN, unfolded
from staffing.history.meaning.date_order import DAY_S
from staffing.history.meaning.moments import Moments
from staffing.history.meaning.numerals import as_text, distinct
from staffing.history.meaning.times import Times
from staffing.history.meaning.zones import titled_zone, unknown_zone
from staffing.history.options import ImportOptions
from staffing.history.report import Fault, Findings, Question, Reading, first_rows
from staffing.history.shown import shown

NOT_A_TIME = "is not a date and time that can be read."
TIME_REMEDY = "Write it as 2024-01-31 14:30."
YEAR_FIRST = r"\D*\d{4}"
SINGLE_CALLS = 0.5  # share of rows with seconds from which they are no intervals
NIGHT_END_MIN = 7 * 60  # before it, a site that is also there at noon is seldom open and then closed


@dataclass(frozen=True)
class AskedStart:
    """Who asks for the instants: the site, the import's options, and the calls of the rows."""

    site: SiteCalendar
    options: ImportOptions
    calls: np.ndarray


def instants(
    raw: RawTable, moments: Moments, queues: list[np.ndarray], asked: AskedStart, findings: Findings
) -> tuple[pd.DatetimeIndex, np.ndarray]:
    """When each row begins, and which rows begin at no time that can be used.

    ``queues`` are the places of each queue's rows, in the file's order.
    """
    for guess in () if moments.undecided else moments.guesses:
        findings.guess(raw.file, "dates", guess)
    _ask_order(raw, moments, findings)
    bad = _unreadable(raw, moments, findings)
    moments = _past_noon(raw, moments, queues, asked.options, findings)
    moments = _from_ends(raw, moments, queues, asked.options, findings)
    zone, offset_min = _zone(raw, moments, asked, findings)
    times = Times(moments.local, offset_min, moments.wrong)
    start, never = _placed(raw, times, queues, (zone, asked), findings)
    return start, bad | never | _future(raw, start, asked.options, findings)


def time_name(raw: RawTable) -> str:
    """The column that messages about a row's time name."""
    return next(name for name in ("timestamp", "date", "time") if name in raw.columns)


def _ask_order(raw: RawTable, moments: Moments, findings: Findings) -> None:
    if moments.undecided:
        column = time_name(raw)
        texts = as_text(raw.columns[column])
        doubtful = ~moments.wrong & ~distinct(texts).str.match(YEAR_FIRST).to_numpy()[texts.cat.codes]
        at = int(np.argmax(doubtful))
        cell = shown(raw.columns[column].iloc[at])
        numbers = [int(number) for number in "".join(ch if ch.isdigit() else " " for ch in cell).split()[:3]]
        readings = [Reading("dmy", "day first", _sample(cell, numbers[1], numbers[0]))]
        readings.append(Reading("mdy", "month first", _sample(cell, numbers[0], numbers[1])))
        asks = f"row {raw.rows[at]}, column '{raw.headings[column]}': '{cell}' could be day first or month first."
        findings.ask(Question("date_order", raw.file, asks, tuple(readings)))


def _sample(cell: str, month: int, day: int) -> str:
    return f"'{cell}' → {day} {dt.date(2000, month, 1):%B}" if 1 <= month <= 12 else f"'{cell}'"


def _unreadable(raw: RawTable, moments: Moments, findings: Findings) -> np.ndarray:
    column = time_name(raw)
    wrong = moments.wrong & ~moments.untimed
    bad = findings.cells(raw, wrong, Fault(_blamed(raw, wrong, column), NOT_A_TIME, TIME_REMEDY))
    remedy = "Give its time of day; take the row out if it is a total."
    bad = bad | findings.cells(raw, moments.untimed, Fault("time", "is no time of day, as other rows have.", remedy))
    if moments.swapped is not None:
        reason = (
            "contradicts the other dates: a spreadsheet has exchanged day and month wherever it could, "
            "and left the other dates as text."
        )
        remedy = "Import the first export again with its dates as text, or answer dates=swapped to exchange them back."
        bad = bad | findings.cells(raw, moments.swapped & ~moments.wrong, Fault(column, reason, remedy))
    odd = ~moments.wrong & (moments.local.astype(np.int64) % 60 != 0)
    if odd.mean() > SINGLE_CALLS:
        reason = "has seconds, as most rows have: the file seems to list single calls, not intervals."
        remedy = (
            "Export calls per interval (5 to 60 minutes, or a day), or single calls without a column of their number."
        )
        return bad | findings.cells(raw, odd, Fault(column, reason, remedy))
    return bad | findings.cells(raw, odd, Fault(column, "does not start on a whole minute.", TIME_REMEDY))


def _blamed(raw: RawTable, wrong: np.ndarray, column: str) -> str:
    """The time of day where a date and a time stand apart and the date can be read."""
    return column if column in raw.columns else "time"


def _past_noon(
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
    if not early.any() or not late.any() or (minutes[late] < 9 * 60).all():
        return moments
    afternoon = moments.local + (np.where(early | (minutes < 60), HALF_DAY_MIN, 0) * 60).astype("timedelta64[s]")
    if options.answer("clock") == "12":
        return replace(moments, local=afternoon)
    gaps = np.diff(np.unique(minutes[~moments.wrong]))
    if len(gaps) and gaps.max() > 2 * np.median(gaps):
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


def _from_ends(
    raw: RawTable, moments: Moments, queues: list[np.ndarray], options: ImportOptions, findings: Findings
) -> Moments:
    """Intervals named by their end are moved to their start, where heading, clock or answer say so."""
    answer = options.answer("labels")
    if answer == "start" or moments.wrong.all():
        return moments
    local, ends = moments.local, moments.ends
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


def _last_at_midnight(moments: Moments, queues: list[np.ndarray]) -> np.ndarray | None:
    """Rows of 00:00 that stand last in their day, after its other rows: that midnight is the end of the day."""
    midnight = ~moments.wrong & (moments.local == moments.day)
    if not midnight.any():
        return None
    for at in queues:
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


def says_zone(raw: RawTable, moments: Moments) -> bool | None:
    """Whether times carry an offset of their own, or the table's title or heading names their zone.

    None where they are typed instants, which leave no doubt.
    """
    if isinstance(raw.columns[time_name(raw)].dtype, pd.DatetimeTZDtype):
        return None
    titled = titled_zone(raw.title, raw.headings.get(time_name(raw), ""))
    return titled is not None or bool((~np.isnan(moments.offset_min[:1_000])).any())


def _zone(raw: RawTable, moments: Moments, asked: AskedStart, findings: Findings) -> tuple[ZoneInfo, np.ndarray]:
    """The zone of times without an offset, and the offsets of all rows."""
    own = ~np.isnan(moments.offset_min)
    answer = asked.options.answer("timezone")
    if answer:
        return ZoneInfo(answer), moments.offset_min
    titled = None if own.all() else titled_zone(raw.title, raw.headings.get(time_name(raw), ""))
    if titled:
        line, zone = titled
        findings.note(f"{raw.file}: times without an offset are read as '{shown(line)}' says.")
        if isinstance(zone, str):
            return ZoneInfo(zone), moments.offset_min
        return asked.site.zone, np.where(own, moments.offset_min, zone).astype("float32")
    unknown = unknown_zone(raw.title)
    if unknown and not own.all():
        _ask_zone(raw, asked.site, f"'{shown(unknown)}' names a time zone that is not known.", findings)
    if own.any() and not own[~moments.wrong].all():
        bare = ~own & ~moments.wrong
        asks = f"some times have an offset, those of {bare.sum():,} rows (rows {first_rows(raw.rows[bare])}) have none."
        _ask_zone(raw, asked.site, asks, findings)
    return asked.site.zone, moments.offset_min


def _ask_zone(raw: RawTable, site: SiteCalendar, asks: str, findings: Findings) -> None:
    if site.timezone == "UTC":
        findings.note(f"{raw.file}: {asks} They are read as UTC.")
        return
    readings = (Reading(site.timezone, "the site's time"), Reading("UTC", "UTC, as those with an offset may be"))
    findings.ask(Question("timezone", raw.file, asks, readings))


def _placed(
    raw: RawTable, times: Times, queues: list[np.ndarray], where: tuple[ZoneInfo, AskedStart], findings: Findings
) -> tuple[pd.DatetimeIndex, np.ndarray]:
    """Instants of the rows, and which rows have a local time that never was."""
    zone, asked = where
    placed = place(times, queues, zone)
    filler = placed.skipped & ~(asked.calls > 0)
    if filler.any():
        findings.note(
            f"{raw.file}: {filler.sum()} empty row(s) at local times that the clock change skipped are left out "
            f"(first: row {raw.rows[filler][0]})."
        )
    fault = Fault(
        time_name(raw),
        f"never was: clocks in {zone.key} skipped it.",
        "Check the time zone, or add the offset to each time (2024-03-31 02:30+01:00).",
    )
    findings.cells(raw, placed.skipped & ~filler, fault)
    _note_repeated_hours(raw, placed.repeated, placed.single, findings)
    return placed.start.tz_convert(asked.site.zone), placed.skipped


def _future(raw: RawTable, start: pd.DatetimeIndex, options: ImportOptions, findings: Findings) -> np.ndarray:
    if options.today is None:
        return np.zeros(len(raw), dtype=bool)
    late = np.asarray(start.tz_localize(None) >= pd.Timestamp(options.today + dt.timedelta(days=1)))
    fault = Fault(time_name(raw), f"is after today ({options.today}).", "Leave forecasts out; check the year.")
    return findings.cells(raw, late, fault)


def _note_repeated_hours(raw: RawTable, repeated: np.ndarray, single: np.ndarray, findings: Findings) -> None:
    if repeated.any():
        findings.note(
            f"{raw.file}: {repeated.sum()} rows of an hour that the clock change repeats are told apart by their order "
            f"(first: row {raw.rows[repeated][0]})."
        )
    if single.any():
        findings.note(
            f"{raw.file}: {single.sum()} row(s) of an hour that the clock change repeats are there once and are taken "
            f"for the first of the two (first: row {raw.rows[single][0]})."
        )
