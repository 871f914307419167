"""When each row of a file begins: its cells read, placed on the site's clock, and what is wrong with them."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from staffing.domain.calendar import SiteCalendar
from staffing.history.clock import place
from staffing.history.numerals import as_text, categories, distinct, read_numbers, rewritten, western
from staffing.history.options import ImportOptions
from staffing.history.raw import RawTable
from staffing.history.report import Fault, Findings
from staffing.history.times import Times, read_times

NOT_A_TIME = "is not a date and time that can be read."
TIME_REMEDY = "Write it as 2024-01-31 14:30."
YEAR_FIRST = r"\D*\d{4}"


def instants(
    raw: RawTable, queues: list[np.ndarray], asked: tuple[SiteCalendar, ImportOptions], findings: Findings
) -> tuple[pd.DatetimeIndex, np.ndarray]:
    """When each row begins, and which rows begin at no time that can be used."""
    site, options = asked
    cells = time_cells(raw)
    times = read_times(cells, options.date_order)
    bad = _report_times(raw, cells, times, findings)
    start, wrong = _placed(raw, times, queues, site, findings)
    return start, bad | wrong | _future(raw, start, options, findings)


def time_cells(raw: RawTable) -> pd.Series:
    """The column of times; a date and a time of day in two columns are put together."""
    if "timestamp" in raw.columns:
        return raw.columns["timestamp"]
    if "time" not in raw.columns:
        return raw.columns["date"]
    date = rewritten(as_text(raw.columns["date"]), lambda t: t.str.replace(r"[T ]00:00(:00)?$", "", regex=True))
    time = rewritten(as_text(raw.columns["time"]), _begins)
    times = len(time.cat.categories)
    codes, pairs = pd.factorize(date.cat.codes.to_numpy().astype("int64") * times + time.cat.codes.to_numpy())
    texts = distinct(date).take(pairs // times).to_numpy() + " " + distinct(time).take(pairs % times).to_numpy()
    return categories(codes, pd.Series(texts).str.strip())


def _begins(times: pd.Series) -> pd.Series:
    """Times of day without the end of the interval: 08:00 - 08:30, 0800."""
    begin = western(times).str.replace(r"\s*[-–—].*$", "", regex=True)
    return begin.str.replace(r"^(\d{1,2})(\d{2})$", r"\1:\2", regex=True)


def time_name(raw: RawTable) -> str:
    return "timestamp" if "timestamp" in raw.columns else "date"


def _report_times(raw: RawTable, cells: pd.Series, times: Times, findings: Findings) -> np.ndarray:
    for guess in times.guesses:
        findings.guess(raw.file, "dates", guess)
    column = time_name(raw)
    if times.undecided:
        texts = as_text(cells)
        doubtful = ~times.wrong & ~distinct(texts).str.match(YEAR_FIRST).to_numpy()[texts.cat.codes]
        first = np.arange(len(raw)) == int(np.argmax(doubtful))
        reason = "could be day first or month first, as could every date in this file that begins so."
        findings.cells(raw, first, Fault(column, reason, "Say which (date order: day or month), or write 2024-01-31."))
        return np.ones(len(raw), dtype=bool)
    bad = findings.cells(raw, times.wrong, Fault(column, NOT_A_TIME, TIME_REMEDY))
    seconds = times.local.astype(np.int64) % 60 != 0
    seconds &= ~times.wrong
    if seconds.mean() > 0.5:
        first = np.arange(len(raw)) == int(np.argmax(seconds))
        reason = "has seconds, as most rows have: the file seems to list single calls, not intervals."
        findings.cells(raw, first, Fault(column, reason, "Export calls per interval (5 to 60 minutes, or a day)."))
        return np.ones(len(raw), dtype=bool)
    findings.cells(raw, seconds, Fault(column, "does not start on a whole minute.", TIME_REMEDY))
    return np.asarray(bad | seconds)


def _placed(
    raw: RawTable, times: Times, queues: list[np.ndarray], site: SiteCalendar, findings: Findings
) -> tuple[pd.DatetimeIndex, np.ndarray]:
    """Instants of the rows, and which rows have a local time that never was."""
    placed = place(times, queues, site.zone)
    filler = placed.skipped.copy()
    filler[filler] = ~(read_numbers(raw.columns["calls"][filler]).values > 0)
    if filler.any():
        findings.note(
            f"{raw.file}: {filler.sum()} empty row(s) at local times that the clock change skipped are left out "
            f"(first: row {raw.rows[filler][0]})."
        )
    fault = Fault(
        time_name(raw),
        f"never was: clocks in {site.timezone} skipped it.",
        "Check the time zone, or add the offset to each time (2024-03-31 02:30+01:00).",
    )
    findings.cells(raw, placed.skipped & ~filler, fault)
    _note_repeated_hours(raw, placed.repeated, placed.single, findings)
    return placed.start, placed.skipped


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
