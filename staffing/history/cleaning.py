"""One table's cells to checked rows: decoration left out, numbers and times read, absurd values refused."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from staffing.domain.calendar import SiteCalendar
from staffing.errors import InputError, Where
from staffing.history.arithmetic.counted import uncounted
from staffing.history.arithmetic.total_names import TOTAL_WORDS
from staffing.history.arithmetic.totals import decoration
from staffing.history.figures import Figures, read_figures
from staffing.history.layout.table import RawTable
from staffing.history.layout.words import plain
from staffing.history.meaning.date_order import shown_order
from staffing.history.meaning.moments import Moments, read_moments
from staffing.history.meaning.numerals import as_text, distinct, rewritten
from staffing.history.meaning.starts import AskedStart, instants, says_zone
from staffing.history.options import ImportOptions
from staffing.history.repeats import settle_repeats
from staffing.history.report import Fault, Findings, first_rows
from staffing.history.shown import shown

LONGEST_AHT_S = 4 * 3600
MOST_CALLS = 1_000_000
MOST_TIMES_MEDIAN = 1_000
LEAST_SPIKE_CALLS = 10_000
ROUNDING_CALLS = 1.0
LONGEST_NAME = 80
MOST_FOOTER_LINES = 10
ZONE_COLUMN = r"^(time ?zone|zeitzone|tz|zone|fuseau horaire|zona horaria|saat dilimi|منطقه زمانی)( id| name)?$"

NOT_A_NUMBER = "is not a number."
NUMBER_REMEDY = "Write digits alone; leave the cell empty where the value is not known."


@dataclass(frozen=True)
class Part:
    """The good rows of one table: ``queue`` (category), ``start``, the figures it has, ``row`` and ``file``.

    ``queue_told`` tells whether a column or a title named the queue, ``wide`` whether queues stood side by side,
    ``zoned`` whether times said their own offset or zone (None where their type does), ``date_order`` the order of
    day and month that its dates show (empty where they show none or need none), ``headings`` all of the table's;
    ``file`` and ``sheet`` are the names of where the table was.
    """

    rows: pd.DataFrame
    queue_told: bool
    file: str = ""
    sheet: str = ""
    wide: bool = False
    zoned: bool | None = None
    date_order: str = ""
    headings: tuple[str, ...] = ()


def clean(raw: RawTable, site: SiteCalendar, options: ImportOptions, findings: Findings) -> Part:
    """The good rows of ``raw``. Every bad cell is reported in ``findings``; rows with one are left out of the result.

    Raises InputError when there are no rows.
    """
    unread = [text for text in raw.unknown.values() if not re.search(ZONE_COLUMN, plain(text))]
    if unread:
        names = ", ".join(map(shown, unread[:20]))
        findings.note(f"{raw.file}: columns that are not read: {names}.")
    if raw.filled:
        names = " and ".join(f"'{shown(raw.headings[name])}'" for name in raw.filled)
        findings.note(f"{raw.file}: empty cells of {names} belong to the filled cell above, as merged cells do.")
    moments, figures = read_moments(raw, options), read_figures(raw, options, findings)
    kept = ~decoration(raw, moments, figures.calls, findings)
    raw, moments, figures = _kept(_with_zone(_with_footer(raw, kept)), moments, figures, kept)
    _report_odd(raw, findings)
    if not len(raw):
        raise InputError("has headings but no rows.", where=Where(raw.file), remedy="Export it again with its rows.")
    queue = _queues(raw, options, findings)
    queues = places_of(queue)
    start, bad = instants(raw, moments, queues, AskedStart(site, options, figures.calls), findings)
    names = distinct(queue).str.len().to_numpy() > LONGEST_NAME
    bad = bad | findings.cells(raw, names[queue.cat.codes], Fault("queue", "is too long.", "Shorten it."))
    for column, wrong in figures.wrong.items():
        remedy = _formula_remedy(raw, column, wrong)
        bad |= findings.cells(raw, wrong, Fault(column, NOT_A_NUMBER, remedy))
    values = figures.settled(raw, options, findings)
    bad |= _absurd(raw, values, queues, findings)
    _know_handle_time(raw, values, findings)
    file = pd.Categorical.from_codes(np.zeros(len(raw), dtype="int8"), [raw.file])
    rows = pd.DataFrame({"queue": queue, "start": start, **values, "row": raw.rows, "file": file}, copy=False)
    rows, bad = settle_repeats(raw, rows, (queues, bad), options, findings)
    told = "queue" in raw.columns or _titled_queue(raw) is not None or "queue" in options.answers
    rows = rows[~bad].reset_index(drop=True) if bad.any() else rows
    order = "" if moments.undecided else shown_order(moments.guesses)
    headings = (*raw.headings.values(), *raw.unknown.values())
    return Part(rows, told, zoned=says_zone(raw, moments), date_order=order, headings=headings)


def _kept(raw: RawTable, moments: Moments, figures: Figures, kept: np.ndarray) -> tuple[RawTable, Moments, Figures]:
    if kept.all():
        return raw, moments, figures
    return raw.keep(kept), moments.keep(kept), figures.keep(kept)


def _with_footer(raw: RawTable, kept: np.ndarray) -> RawTable:
    """The table with the lines below it among those of its title: either may name the zone."""
    last = int(np.flatnonzero(kept)[-1]) if kept.any() else len(kept)
    below = [
        " ".join(
            str(values.iloc[place]) for values in raw.columns.values() if str(values.iloc[place]) not in ("", "nan")
        )
        for place in range(last + 1, min(len(kept), last + 1 + MOST_FOOTER_LINES))
    ]
    return replace(raw, title=(*raw.title, *below, *(odd.text for odd in raw.odd if odd.cells == 1)))


def _with_zone(raw: RawTable) -> RawTable:
    """The table with the zone that a column names in every row among its titles. Raises InputError for several."""
    at = next((place for place, text in raw.unknown.items() if re.search(ZONE_COLUMN, plain(text))), None)
    cells = raw.beside(at) if at is not None else None
    if cells is None or at is None:
        return raw
    zones = [text for text in distinct(cells) if text]
    if len(zones) > 1:
        listed = ", ".join(map(shown, zones[:5]))
        what = f"names several time zones ({listed})."
        where = Where(raw.file, column=raw.unknown[at])
        raise InputError(what, where=where, remedy="Export the history in one time zone, or with offsets.")
    return replace(raw, title=(*raw.title, *(f"Time zone: {zone}" for zone in zones)))


def _report_odd(raw: RawTable, findings: Findings) -> None:
    """Rows with a cell too many or too few: totals and lines under the table are said, others are errors."""
    last_row = int(raw.rows[-1]) if len(raw) else 0
    wrong = []
    for odd in raw.odd:
        if pd.Series([odd.text]).str.contains(TOTAL_WORDS, regex=True)[0] or (odd.row > last_row and odd.cells == 1):
            findings.note(f"{raw.file}: row {odd.row} ('{shown(odd.text)}') is not an interval and is left out.")
        else:
            wrong.append(odd)
    if wrong:
        rows = np.array([odd.row for odd in wrong])
        first = wrong[0]
        table = replace(raw, rows=rows, columns={"row": pd.Series([odd.text for odd in wrong])}, headings={"row": ""})
        reason = f"has {first.cells} cells where the headings have {first.expected}."
        remedy = "Put quotation marks around a cell that holds the separator, or use ';' between columns."
        findings.cells(table, np.ones(len(rows), dtype=bool), Fault("row", reason, remedy))


def _formula_remedy(raw: RawTable, column: str, wrong: np.ndarray) -> str:
    if wrong.any() and str(raw.columns[column].iloc[int(np.argmax(wrong))]).startswith("="):
        return "It is a formula: save the file with its values."
    return NUMBER_REMEDY


def _titled_queue(raw: RawTable) -> str | None:
    """The queue that a title names: 'Queue: Sales'."""
    from staffing.history.layout.headings import meaning

    for line in raw.title:
        word, colon, name = line.partition(":")
        heading = meaning(word) if colon and name.strip() else None
        if heading is not None and heading.meaning == "queue" and "," not in name and meaning(name) is None:
            return name.strip()
    return None


def _queues(raw: RawTable, options: ImportOptions, findings: Findings) -> pd.Series:
    default = options.default_queue
    if "queue" not in raw.columns:
        titled = _titled_queue(raw)
        if titled:
            findings.note(f"{raw.file}: its title names the queue, '{shown(titled)}'.")
        return pd.Series(pd.Categorical.from_codes(np.zeros(len(raw), dtype="int8"), [titled or default]))
    texts = as_text(raw.columns["queue"])
    blank = np.asarray((distinct(texts) == "").to_numpy()[texts.cat.codes.to_numpy()])
    if blank.any():
        findings.note(
            f"{raw.file}: {blank.sum():,} rows name no queue (rows {first_rows(raw.rows[blank])}) and are taken as "
            f"'{shown(default)}'."
        )
    return rewritten(texts, lambda each: each.mask(each == "", default))


def places_of(queue: pd.Series) -> list[np.ndarray]:
    """The places of each queue's rows, in the file's order."""
    codes = queue.cat.codes.to_numpy()
    each = np.split(np.argsort(codes, kind="stable"), np.cumsum(np.bincount(codes))[:-1])
    return [at for at in each if len(at)]


def _absurd(raw: RawTable, values: dict[str, np.ndarray], queues: list[np.ndarray], findings: Findings) -> np.ndarray:
    """Negative numbers, handle times over four hours, impossible volumes, more outcomes than calls."""
    bad = np.zeros(len(raw), dtype=bool)
    for column, numbers in values.items():
        bad |= findings.cells(
            raw, numbers < 0, Fault(_column_of(raw, column), "is negative.", "Correct it, or leave the cell empty.")
        )
    if "aht_s" in values and not any(asked.option == "unit.aht" for asked in findings.questions):
        remedy = "Give seconds per call: total handle time divided by the calls answered."
        too_long = Fault(_column_of(raw, "aht_s"), "is more than four hours of handle time.", remedy)
        bad |= findings.cells(raw, values["aht_s"] > LONGEST_AHT_S, too_long)
    spike, excess = np.zeros(len(raw), dtype=bool), np.zeros(len(raw), dtype=bool)
    for places in queues:
        told = {name: numbers[places] for name, numbers in values.items()}
        spike[places], excess[places] = told["calls"] > _most_calls(told["calls"]), _outcomes_over_calls(told)
    bad |= uncounted(raw, values, findings)
    remedy = "Correct it, or take the row out if it is a total."
    bad |= findings.cells(raw, spike, Fault("calls", "is beyond any volume this queue has had.", remedy))
    column = "answered" if "answered" in raw.columns else "abandoned"
    remedy = "Check which of calls, answered and abandoned is right; calls are those offered."
    reason = "together with 'abandoned' is more than the calls of the interval and of the one before could give."
    findings.cells(raw, excess & ~bad, Fault(column, reason, remedy))
    return np.asarray(bad | excess)


def _column_of(raw: RawTable, figure: str) -> str:
    """The table's column that a figure was read from."""
    name = figure.removesuffix("_s")
    return next((each for each in (name, f"{name}+", "talk", "answered") if each in raw.columns), name)


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


def _know_handle_time(raw: RawTable, values: dict[str, np.ndarray], findings: Findings) -> None:
    """Handle time of 0 s means unknown."""
    nothing = values["aht_s"] == 0 if "aht_s" in values else np.zeros(0, dtype=bool)
    if nothing.any():
        values["aht_s"] = np.where(nothing, np.nan, values["aht_s"])
        if (values["calls"][nothing] > 0).any():
            findings.note(f"{raw.file}: a handle time of 0 s is read as not known.")
