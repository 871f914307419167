"""One file's cells to checked rows: totals left out, numbers and times read, absurd values refused."""

from __future__ import annotations

import datetime as dt
import re

import numpy as np
import pandas as pd

from staffing.domain.calendar import SiteCalendar
from staffing.errors import InputError, Where
from staffing.history.clock import place
from staffing.history.headings import plain
from staffing.history.numerals import Numbers, as_text, is_decimal_comma, read_numbers, western
from staffing.history.options import ImportOptions
from staffing.history.raw import RawTable
from staffing.history.report import Fault, Findings, shown
from staffing.history.text_files import TOTAL_WORDS
from staffing.history.times import Times, read_times

DURATIONS = ("aht_s", "wait_s")
NUMBERS = ("calls", "answered", "abandoned", "aht_s", "wait_s", "scheduled", "planned_off", "present")
LONGEST_AHT_S = 4 * 3600
MOST_CALLS = 1_000_000
MOST_TIMES_MEDIAN = 1_000
LEAST_SPIKE_CALLS = 10_000
ROUNDING_CALLS = 1.0
LONGEST_NAME = 80

NOT_A_TIME = "is not a date and time that can be read."
TIME_REMEDY = "Write it as 2024-01-31 14:30."
YEAR_FIRST = r"\D*\d{4}"
NOT_A_NUMBER = "is not a number."
NUMBER_REMEDY = "Write digits alone; leave the cell empty where the value is not known."


def clean(raw: RawTable, site: SiteCalendar, options: ImportOptions, findings: Findings) -> pd.DataFrame:
    """The good rows of ``raw``: queue, start, NUMBERS, row, file.

    Every bad cell is reported in ``findings``; rows with one are left out of the result.
    Raises InputError when there are no rows.
    """
    if raw.unknown:
        findings.note(f"{raw.file}: columns that are not read: {', '.join(map(shown, raw.unknown[:20]))}.")
    raw = _without_decoration(raw, _time_cells(raw), findings)
    if not len(raw):
        raise InputError("has headings but no rows.", where=Where(raw.file), remedy="Export it again with its rows.")
    time_cells = _time_cells(raw)
    times = read_times(time_cells, options.date_order)
    bad = _report_times(raw, times, findings)
    queue = _queues(raw, options, findings)
    bad |= findings.cells(raw, queue.str.len().to_numpy() > LONGEST_NAME, Fault("queue", "is too long.", "Shorten it."))
    numbers = _numbers(raw, findings)
    for column in NUMBERS:
        bad |= findings.cells(raw, numbers[column].wrong, Fault(column, NOT_A_NUMBER, NUMBER_REMEDY))
    values = pd.DataFrame({column: numbers[column].values for column in NUMBERS})
    bad |= _absurd(raw, values, queue, findings)
    file = pd.Categorical.from_codes(np.zeros(len(raw), dtype="int8"), [raw.file])
    rows = values.assign(queue=queue.to_numpy(), row=raw.rows, file=file)
    rows.insert(1, "start", _placed(raw, times, rows, site, findings, bad))
    bad |= _future(raw, rows["start"], options, findings)
    bad |= _repeated(raw, rows, findings, bad)
    return _tidied(rows[~bad] if bad.any() else rows, raw, findings)


def _time_cells(raw: RawTable) -> pd.Series:
    """The column of times; a date and a time of day in two columns are put together."""
    if "timestamp" in raw.columns:
        return raw.columns["timestamp"]
    if "time" not in raw.columns:
        return raw.columns["date"]
    date = as_text(raw.columns["date"]).str.replace(r"[T ]00:00(:00)?$", "", regex=True)
    time = western(as_text(raw.columns["time"])).str.replace(r"\s*[-–—].*$", "", regex=True)
    time = time.str.replace(r"^(\d{1,2})(\d{2})$", r"\1:\2", regex=True)
    return (date + " " + time).str.strip()


def _time_name(raw: RawTable) -> str:
    return "timestamp" if "timestamp" in raw.columns else "date"


def _without_decoration(raw: RawTable, time_cells: pd.Series, findings: Findings) -> RawTable:
    """Without blank rows, totals, repeated headings and a row of units under the headings."""
    if not (pd.api.types.is_string_dtype(time_cells.dtype) or time_cells.dtype == object):
        return raw
    texts = as_text(time_cells)
    odd = ~texts.str.match(r"\D*\d").to_numpy()
    if not odd.any():
        return raw
    cells = pd.DataFrame({name: as_text(values[odd]) for name, values in raw.columns.items()}).assign(time=texts[odd])
    blank = (cells == "").all(axis=1)
    total = cells.apply(lambda column: column.str.contains(TOTAL_WORDS, regex=True)).any(axis=1)
    heading = cells[_time_name(raw)].map(plain) == plain(raw.headings[_time_name(raw)])
    units = (cells["calls"] != "") & ~cells["calls"].str.contains(r"\d") & (cells.index == 0) & (cells["time"] != "")
    for kind, mask in (("a total", total), ("a repeated heading", heading), ("a second row of headings", units)):
        for at in cells.index[mask & ~blank][:5]:
            findings.note(f"{raw.file}: row {raw.rows[at]} is {kind} and is left out.")
    left_out = np.zeros(len(raw), dtype=bool)
    left_out[cells.index[blank | total | heading | units]] = True
    return raw.keep(~left_out)


def _report_times(raw: RawTable, times: Times, findings: Findings) -> np.ndarray:
    for guess in times.guesses:
        findings.guess(raw.file, "dates", guess)
    column = _time_name(raw)
    if times.undecided:
        doubtful = ~times.wrong & ~as_text(_time_cells(raw)).str.match(YEAR_FIRST).to_numpy()
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


def _queues(raw: RawTable, options: ImportOptions, findings: Findings) -> pd.Series:
    if "queue" not in raw.columns:
        return pd.Series(options.queue.strip(), index=range(len(raw)), dtype="str")
    names = as_text(raw.columns["queue"])
    sums = [name for name in names.unique() if re.match(TOTAL_WORDS, name)]
    if sums and names.nunique() > len(sums):
        findings.note(
            f"{raw.file}: queue '{shown(sums[0])}' may be the sum of the others, which would count calls twice."
        )
    unnamed, default = names == "", options.queue.strip()
    if unnamed.any():
        findings.note(f"{raw.file}: {unnamed.sum()} rows name no queue and are taken as '{shown(default)}'.")
    return names.mask(unnamed, default)


def _numbers(raw: RawTable, findings: Findings) -> dict[str, Numbers]:
    present = {name: raw.columns[name] for name in NUMBERS if name in raw.columns}
    texts = [western(as_text(cells)) for cells in present.values() if pd.api.types.is_string_dtype(cells.dtype)]
    comma = True if any(map(is_decimal_comma, texts)) else None
    empty = Numbers(np.full(len(raw), np.nan), np.zeros(len(raw), dtype=bool))
    read = {
        name: read_numbers(cells, durations=name in DURATIONS, decimal_comma=comma) for name, cells in present.items()
    }
    for name, numbers in read.items():
        if numbers.guess:
            findings.guess(raw.file, f"numbers in '{raw.headings[name]}'", numbers.guess)
    return {name: read.get(name, empty) for name in NUMBERS}


def _absurd(raw: RawTable, values: pd.DataFrame, queue: pd.Series, findings: Findings) -> np.ndarray:
    """Negative numbers, handle times over four hours, impossible volumes, more outcomes than calls."""
    bad = np.zeros(len(raw), dtype=bool)
    for column in NUMBERS:
        negative = values[column].to_numpy() < 0
        bad |= findings.cells(raw, negative, Fault(column, "is negative.", "Correct it, or leave the cell empty."))
    too_long = values["aht_s"].to_numpy() > LONGEST_AHT_S
    remedy = "Give seconds per call: total handle time divided by the calls answered."
    bad |= findings.cells(raw, too_long, Fault("aht_s", "is more than four hours of handle time.", remedy))
    calls = values["calls"].to_numpy()
    usual = values["calls"].where(values["calls"] > 0).groupby(queue.to_numpy()).transform("median").to_numpy()
    spike = (calls > MOST_CALLS) | (calls > np.maximum(MOST_TIMES_MEDIAN * usual, LEAST_SPIKE_CALLS))
    remedy = "Correct it, or take the row out if it is a total."
    bad |= findings.cells(raw, spike, Fault("calls", "is beyond any volume this queue has had.", remedy))
    excess = _outcomes_over_calls(values, queue)
    column = "answered" if "answered" in raw.columns else "abandoned"
    remedy = "Check which of calls, answered and abandoned is right; calls are those offered."
    reason = "together with 'abandoned' is more than the calls of the interval and of the one before could give."
    findings.cells(raw, excess & ~bad, Fault(column, reason, remedy))
    return np.asarray(bad | excess)


def _outcomes_over_calls(values: pd.DataFrame, queue: pd.Series) -> np.ndarray:
    """Rows with more calls answered and abandoned than were offered, then or just before.

    A call offered at the end of an interval may be answered in the next, so what the row before left over counts.
    """
    outcomes = values["answered"].fillna(0) + values["abandoned"].fillna(0)
    excess = outcomes - values["calls"]
    left_over = (-excess).clip(lower=0).groupby(queue.to_numpy()).shift(fill_value=0)
    return np.asarray(excess > left_over + ROUNDING_CALLS)


def _placed(
    raw: RawTable, times: Times, rows: pd.DataFrame, site: SiteCalendar, findings: Findings, bad: np.ndarray
) -> pd.DatetimeIndex:
    """Instants of the rows; adds rows whose local time never was, and future ones, to ``bad``."""
    placed = place(times, rows["queue"].to_numpy(), site.zone)
    filler = placed.skipped & ~(rows["calls"].to_numpy() > 0)
    if filler.any():
        findings.note(
            f"{raw.file}: {filler.sum()} empty row(s) at local times that the clock change skipped are left out "
            f"(first: row {raw.rows[filler][0]})."
        )
    fault = Fault(
        _time_name(raw),
        f"never was: clocks in {site.timezone} skipped it.",
        "Check the time zone, or add the offset to each time (2024-03-31 02:30+01:00).",
    )
    bad |= findings.cells(raw, placed.skipped & ~filler, fault) | filler
    _note_repeated_hours(raw, placed.repeated, placed.single, findings)
    return placed.start


def _future(raw: RawTable, start: pd.Series, options: ImportOptions, findings: Findings) -> np.ndarray:
    if options.today is None:
        return np.zeros(len(raw), dtype=bool)
    late = np.asarray(start.dt.tz_localize(None) >= pd.Timestamp(options.today + dt.timedelta(days=1)))
    fault = Fault(_time_name(raw), f"is after today ({options.today}).", "Leave forecasts out; check the year.")
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


def _repeated(raw: RawTable, rows: pd.DataFrame, findings: Findings, bad: np.ndarray) -> np.ndarray:
    again = np.zeros(len(rows), dtype=bool)
    good = rows.loc[~bad, ["queue", "start"]]
    again[good.index[good.duplicated()]] = True
    if again.any():
        first = good[good.duplicated(keep=False)].iloc[0]
        twin = good.index[(good["queue"] == first["queue"]) & (good["start"] == first["start"])]
        where = " and ".join(str(raw.rows[k]) for k in twin[:3])
        reason = f"is there twice for the same queue (rows {where} are the first)."
        findings.cells(raw, again, Fault(_time_name(raw), reason, _repeat_remedy(raw)))
    return again


def _repeat_remedy(raw: RawTable) -> str:
    if not raw.unknown:
        return "Keep one of the rows."
    names = ", ".join(f"'{shown(name)}'" for name in raw.unknown[:5])
    return f"Keep one of the rows; if {names} tells them apart, name that column 'queue' or sum over it."


def _tidied(rows: pd.DataFrame, raw: RawTable, findings: Findings) -> pd.DataFrame:
    """Handle time of 0 s means unknown."""
    nothing = rows["aht_s"].to_numpy() == 0
    if (nothing & (rows["calls"].to_numpy() > 0)).any():
        findings.note(f"{raw.file}: a handle time of 0 s is read as not known.")
    rows = rows.assign(aht_s=rows["aht_s"].mask(nothing))[["queue", "start", *NUMBERS, "row", "file"]]
    return rows.reset_index(drop=True)
