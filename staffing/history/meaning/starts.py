"""Moments on the wall clock to instants on the site's: what is doubtful is asked, what never was is refused."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from staffing.domain.calendar import SiteCalendar
from staffing.history.grid.clock import place
from staffing.history.layout.table import RawTable
from staffing.history.meaning.clock_doubts import ask_slots, from_ends, past_noon
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
    ask_slots(raw, moments, findings)
    bad = _unreadable(raw, moments, findings)
    moments = past_noon(raw, moments, queues, asked.options, findings)
    moments = from_ends(raw, moments, queues, asked.options, findings)
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
