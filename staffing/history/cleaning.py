"""One file's cells to checked rows: totals left out, numbers and times read, absurd values refused."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from staffing.domain.calendar import SiteCalendar
from staffing.errors import InputError, Where
from staffing.history.headings import plain
from staffing.history.numerals import (
    Numbers,
    as_text,
    distinct,
    is_decimal_comma,
    is_text,
    read_numbers,
    rewritten,
    western,
)
from staffing.history.options import ImportOptions
from staffing.history.raw import RawTable
from staffing.history.report import Fault, Findings, shown
from staffing.history.starts import instants, time_cells, time_name
from staffing.history.text_files import TOTAL_WORDS

DURATIONS = ("aht_s", "wait_s")
NUMBERS = ("calls", "answered", "abandoned", "aht_s", "wait_s", "scheduled", "planned_off", "present")
LONGEST_AHT_S = 4 * 3600
MOST_CALLS = 1_000_000
MOST_TIMES_MEDIAN = 1_000
LEAST_SPIKE_CALLS = 10_000
ROUNDING_CALLS = 1.0
LONGEST_NAME = 80

NOT_A_NUMBER = "is not a number."
NUMBER_REMEDY = "Write digits alone; leave the cell empty where the value is not known."


def clean(raw: RawTable, site: SiteCalendar, options: ImportOptions, findings: Findings) -> pd.DataFrame:
    """The good rows of ``raw``: queue (category), start, those of NUMBERS that the file has, row, file.

    Every bad cell is reported in ``findings``; rows with one are left out of the result.
    Raises InputError when there are no rows.
    """
    if raw.unknown:
        findings.note(f"{raw.file}: columns that are not read: {', '.join(map(shown, raw.unknown[:20]))}.")
    raw = _without_decoration(raw, time_cells(raw), findings)
    if not len(raw):
        raise InputError("has headings but no rows.", where=Where(raw.file), remedy="Export it again with its rows.")
    queue = _queues(raw, options, findings)
    queues = _places(queue)
    start, bad = instants(raw, queues, (site, options), findings)
    names = distinct(queue).str.len().to_numpy() > LONGEST_NAME
    bad |= findings.cells(raw, names[queue.cat.codes], Fault("queue", "is too long.", "Shorten it."))
    numbers = _numbers(raw, findings)
    for column, read in numbers.items():
        bad |= findings.cells(raw, read.wrong, Fault(column, NOT_A_NUMBER, NUMBER_REMEDY))
    values = {column: read.values for column, read in numbers.items()}
    bad |= _absurd(raw, values, queues, findings)
    _know_handle_time(raw, values, findings)
    file = pd.Categorical.from_codes(np.zeros(len(raw), dtype="int8"), [raw.file])
    rows = pd.DataFrame({"queue": queue, "start": start, **values, "row": raw.rows, "file": file}, copy=False)
    bad |= _repeated(raw, rows, (queues, bad), findings)
    return rows[~bad].reset_index(drop=True) if bad.any() else rows


def _without_decoration(raw: RawTable, times: pd.Series, findings: Findings) -> RawTable:
    """Without blank rows, totals, repeated headings and a row of units under the headings."""
    if not is_text(times):
        return raw
    texts = as_text(times)
    odd = ~distinct(texts).str.match(r"\D*\d").to_numpy()[texts.cat.codes]
    if not odd.any():
        return raw
    cells = pd.DataFrame({name: as_text(values[odd]).astype("str") for name, values in raw.columns.items()})
    cells["time"] = texts[odd].astype("str")
    blank = (cells == "").all(axis=1)
    total = cells.apply(lambda column: column.str.contains(TOTAL_WORDS, regex=True)).any(axis=1)
    heading = cells[time_name(raw)].map(plain) == plain(raw.headings[time_name(raw)])
    units = (cells["calls"] != "") & ~cells["calls"].str.contains(r"\d") & (cells.index == 0) & (cells["time"] != "")
    for kind, mask in (("a total", total), ("a repeated heading", heading), ("a second row of headings", units)):
        for at in cells.index[mask & ~blank][:5]:
            findings.note(f"{raw.file}: row {raw.rows[at]} is {kind} and is left out.")
    left_out = np.zeros(len(raw), dtype=bool)
    left_out[cells.index[blank | total | heading | units]] = True
    return raw.keep(~left_out)


def _queues(raw: RawTable, options: ImportOptions, findings: Findings) -> pd.Series:
    default = options.queue.strip()
    if "queue" not in raw.columns:
        return pd.Series(pd.Categorical.from_codes(np.zeros(len(raw), dtype="int8"), [default]))
    texts = as_text(raw.columns["queue"])
    names = distinct(texts)
    sums = [name for name in names if re.match(TOTAL_WORDS, name)]
    if sums and len(names) > len(sums):
        findings.note(
            f"{raw.file}: queue '{shown(sums[0])}' may be the sum of the others, which would count calls twice."
        )
    unnamed = int((texts == "").sum())
    if unnamed:
        findings.note(f"{raw.file}: {unnamed} rows name no queue and are taken as '{shown(default)}'.")
    return rewritten(texts, lambda each: each.mask(each == "", default))


def _places(queue: pd.Series) -> list[np.ndarray]:
    """The places of each queue's rows, in the file's order."""
    codes = queue.cat.codes.to_numpy()
    return np.split(np.argsort(codes, kind="stable"), np.cumsum(np.bincount(codes))[:-1])


def _numbers(raw: RawTable, findings: Findings) -> dict[str, Numbers]:
    """The columns of numbers that the file has."""
    present = {name: raw.columns[name] for name in NUMBERS if name in raw.columns}
    texts = [western(distinct(as_text(cells))) for cells in present.values() if is_text(cells)]
    comma = True if any(map(is_decimal_comma, texts)) else None
    read = {
        name: read_numbers(cells, durations=name in DURATIONS, decimal_comma=comma) for name, cells in present.items()
    }
    for name, numbers in read.items():
        if numbers.guess:
            findings.guess(raw.file, f"numbers in '{raw.headings[name]}'", numbers.guess)
    return read


def _absurd(raw: RawTable, values: dict[str, np.ndarray], queues: list[np.ndarray], findings: Findings) -> np.ndarray:
    """Negative numbers, handle times over four hours, impossible volumes, more outcomes than calls."""
    bad = np.zeros(len(raw), dtype=bool)
    for column, numbers in values.items():
        bad |= findings.cells(raw, numbers < 0, Fault(column, "is negative.", "Correct it, or leave the cell empty."))
    if "aht_s" in values:
        remedy = "Give seconds per call: total handle time divided by the calls answered."
        too_long = Fault("aht_s", "is more than four hours of handle time.", remedy)
        bad |= findings.cells(raw, values["aht_s"] > LONGEST_AHT_S, too_long)
    spike, excess = np.zeros(len(raw), dtype=bool), np.zeros(len(raw), dtype=bool)
    for places in queues:
        told = {name: numbers[places] for name, numbers in values.items()}
        spike[places], excess[places] = told["calls"] > _most_calls(told["calls"]), _outcomes_over_calls(told)
    remedy = "Correct it, or take the row out if it is a total."
    bad |= findings.cells(raw, spike, Fault("calls", "is beyond any volume this queue has had.", remedy))
    column = "answered" if "answered" in raw.columns else "abandoned"
    remedy = "Check which of calls, answered and abandoned is right; calls are those offered."
    reason = "together with 'abandoned' is more than the calls of the interval and of the one before could give."
    findings.cells(raw, excess & ~bad, Fault(column, reason, remedy))
    return np.asarray(bad | excess)


def _most_calls(calls: np.ndarray) -> float:
    """Beyond which a row's calls are no volume that their queue can have had."""
    usual = np.median(calls[calls > 0]) if (calls > 0).any() else 0.0
    return float(np.clip(MOST_TIMES_MEDIAN * usual, LEAST_SPIKE_CALLS, MOST_CALLS))


def _outcomes_over_calls(told: dict[str, np.ndarray]) -> np.ndarray:
    """Rows of one queue with more calls answered and abandoned than were offered, then or just before.

    A call offered at the end of an interval may be answered in the next, so what the row before left over counts.
    """
    outcomes = [np.nan_to_num(told[name]) for name in ("answered", "abandoned") if name in told]
    excess = np.sum(outcomes, axis=0) - told["calls"]
    left_over = np.append(0.0, np.maximum(-excess, 0.0)[:-1])
    return np.asarray(excess > left_over + ROUNDING_CALLS)


def _repeated(
    raw: RawTable, rows: pd.DataFrame, found: tuple[list[np.ndarray], np.ndarray], findings: Findings
) -> np.ndarray:
    """Rows whose queue and start an earlier good row has; ``found`` are the places of each queue, and the bad rows."""
    queues, bad = found
    again = np.zeros(len(rows), dtype=bool)
    for places in queues:
        good = places[~bad[places]]
        again[good] = rows["start"].iloc[good].duplicated()
    if again.any():
        first = rows.iloc[int(again.argmax())]
        twins = ~bad & np.asarray((rows["queue"] == first["queue"]) & (rows["start"] == first["start"]))
        where = " and ".join(map(str, raw.rows[twins][:3]))
        reason = f"is there twice for the same queue (rows {where} are the first)."
        findings.cells(raw, again, Fault(time_name(raw), reason, _repeat_remedy(raw)))
    return again


def _repeat_remedy(raw: RawTable) -> str:
    if not raw.unknown:
        return "Keep one of the rows."
    names = ", ".join(f"'{shown(name)}'" for name in raw.unknown[:5])
    return f"Keep one of the rows; if {names} tells them apart, name that column 'queue' or sum over it."


def _know_handle_time(raw: RawTable, values: dict[str, np.ndarray], findings: Findings) -> None:
    """Handle time of 0 s means unknown."""
    nothing = values["aht_s"] == 0 if "aht_s" in values else np.zeros(0, dtype=bool)
    if nothing.any():
        values["aht_s"] = np.where(nothing, np.nan, values["aht_s"])
        if (values["calls"][nothing] > 0).any():
            findings.note(f"{raw.file}: a handle time of 0 s is read as not known.")
