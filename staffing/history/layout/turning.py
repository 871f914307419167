"""Tables that lie across turned to a row per interval and queue, with a column for each figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from staffing.errors import InputError, Where
from staffing.history.files.sheet import Sheet
from staffing.history.layout.headings import meaning, recognise
from staffing.history.layout.merged import filled_down
from staffing.history.layout.table import FIGURES, SEVERAL, RawTable
from staffing.history.layout.wide import Wide
from staffing.history.meaning.months import days_of_months
from staffing.history.meaning.numerals import as_text, distinct
from staffing.history.meaning.weeks import days_of_weeks
from staffing.history.options import ImportOptions
from staffing.history.report import Findings
from staffing.history.shown import shown

MOST_CELLS = 15_000_000
DURATIONS = ("aht", "talk", "hold", "wrap", "wait", "asa", "abandon_wait")
WHAT = {
    "time": "times of day", "date": "days", "day": "days of the month", "month": "months",
    "weekday": "days of the week", "queue": "queues",
}  # fmt: skip


def read_wide(sheet: Sheet, wide: Wide, options: ImportOptions, findings: Findings) -> RawTable:
    """The table turned: a row for each of its rows and each key across. Raises InputError when it is none of calls."""
    _check_title(sheet, wide)
    places = sorted({*wide.ids.values(), *(each.place for each in wide.across)})
    cells = sheet.load(places if wide.figure is None else sorted({*places, wide.figure}), wide.first_row)
    rows, keys = len(cells.rows), list(dict.fromkeys(each.key for each in wide.across))
    if rows * len(keys) > MOST_CELLS:
        raise InputError(
            f"has {rows * len(keys):,} cells.", where=Where(sheet.label), remedy="Split it by year or by queue."
        )
    order = np.tile(np.arange(len(keys)), rows)  # row by row, each key in its turn
    at = np.repeat(np.arange(rows), len(keys))
    columns = {name: _repeated(values, at) for name, values in _ids(wide, cells.columns).items()}
    if wide.of:
        columns[wide.of] = pd.Series(pd.Categorical.from_codes(order, keys))
    for measure in dict.fromkeys(each.measure for each in wide.across):
        columns[measure] = _turned(cells.columns, [_place(wide, measure, key) for key in keys])
    headings = {name: wide.texts[place] or name for name, place in wide.ids.items()}
    headings |= {name: name for name in columns if name not in headings}
    _say(sheet, wide, keys, findings)
    raw = RawTable(sheet.label, columns, headings, cells.rows[at], {}, wide.title, cells.odd)
    if wide.figure is not None:
        raw = _by_figure(raw, _repeated(as_text(cells.columns[wide.figure]), at), findings)
    told = (as_text(raw.columns["calls" if "calls" in raw.columns else "answered"]) != "").to_numpy()
    raw = raw.keep(told) if wide.of != "queue" else raw
    if wide.of == "weekday":
        raw = days_of_weeks(raw, options)
    return _dated(days_of_months(raw) if wide.of in ("day", "month") else raw)


def _ids(wide: Wide, columns: dict[int, pd.Series]) -> dict[str, pd.Series]:
    """The columns that name a row, empty cells below merged ones filled."""
    ids = {name: as_text(columns[place]) for name, place in wide.ids.items()}
    beside = {"figure": as_text(columns[wide.across[0].place])}
    whole = {name: filled_down({**ids, **beside}, name) for name in ids}
    return {name: ids[name] if filled is None else filled for name, filled in whole.items()}


def _repeated(values: pd.Series, at: np.ndarray) -> pd.Series:
    return values.iloc[at].reset_index(drop=True)


def _dated(raw: RawTable) -> RawTable:
    """A date without a time of day is the whole moment."""
    if "date" not in raw.columns or "time" in raw.columns:
        return raw
    columns, headings = ({("timestamp" if name == "date" else name): each for name, each in told.items()}
                         for told in (raw.columns, raw.headings))  # fmt: skip
    return replace(raw, columns=columns, headings=headings)


def _by_figure(raw: RawTable, figures: pd.Series, findings: Findings) -> RawTable:
    """Rows of one figure each to rows with a column for each. Raises InputError where a figure is there twice."""
    values = raw.columns["calls"].astype("str").to_numpy(dtype=object)
    ids = {name: as_text(each) for name, each in raw.columns.items() if name != "calls"}
    codes = pd.DataFrame({name: each.cat.codes.to_numpy() for name, each in ids.items()})
    row = codes.groupby(list(codes), sort=False).ngroup().to_numpy() if len(ids) else np.zeros(len(raw), dtype=int)
    first = np.flatnonzero(~pd.Series(row).duplicated())
    found = recognise(names := list(distinct(figures)))
    chosen = {name: spots[0] for name, spots in found.items() if name in FIGURES}
    chosen |= {f"{name}+": found[name][1] for name in SEVERAL if len(found.get(name, ())) > 1}
    each = figures.astype("str").to_numpy(dtype=object)
    columns = {name: _repeated(values_, first) for name, values_ in ids.items()}
    for name, spot in chosen.items():
        mask = each == names[spot]
        if pd.Series(row[mask]).duplicated().any():
            again = int(raw.rows[mask][pd.Series(row[mask]).duplicated().to_numpy()][0])
            raise InputError(
                f"has '{shown(names[spot])}' twice for the same time and queue.",
                where=Where(raw.file, again),
                remedy="Name the queue in a column of its own, or keep one of the rows.",
            )
        column = np.full(len(first), "", dtype=object)
        column[row[mask]] = values[mask]
        columns[name] = pd.Series(column, dtype="str")
    headings = {**raw.headings, **{name: names[spot] for name, spot in chosen.items()}}
    unread = [shown(text) for place, text in enumerate(names) if text and place not in chosen.values()]
    listed = ", ".join(shown(names[spot]) for spot in chosen.values())
    more = f"; rows that are not read: {', '.join(unread[:10])}" if unread else ""
    findings.note(f"{raw.file}: each row holds one figure ({listed}), put together by time and queue{more}.")
    return replace(raw, columns=columns, headings=headings, rows=raw.rows[first])


def _place(wide: Wide, measure: str, key: str) -> int | None:
    return next((each.place for each in wide.across if each.measure == measure and each.key == key), None)


def _turned(columns: dict[int, pd.Series], places: Sequence[int | None]) -> pd.Series:
    """Columns side by side to one, row by row."""
    texts = [
        None if place is None else as_text(columns[place]).astype("str").to_numpy(dtype=object) for place in places
    ]
    rows = next(len(each) for each in texts if each is not None)
    empty = np.full(rows, "", dtype=object)
    return pd.Series(np.stack([empty if each is None else each for each in texts], axis=1).ravel(), dtype="str")


def _check_title(sheet: Sheet, wide: Wide) -> None:
    for text in (*wide.title, *wide.texts[:1]):
        heading = meaning(text)
        if heading and heading.meaning in DURATIONS and all(each.measure == "calls" for each in wide.across):
            raise InputError(
                f"seems to hold no calls but what '{shown(text)}' says.",
                where=Where(sheet.label),
                remedy="Export the calls offered; handle times belong into a column beside them.",
            )


def _say(sheet: Sheet, wide: Wide, keys: Sequence[str], findings: Findings) -> None:
    if not wide.of:
        return
    sample = ", ".join(shown(key) for key in keys[:3])
    findings.note(
        f"{sheet.label}: {len(keys)} columns are read as {WHAT[wide.of]}, side by side "
        f"({sample}{' …' if len(keys) > 3 else ''})."
    )
    for total in wide.totals:
        findings.note(f"{sheet.label}: column '{shown(total)}' is a total and is left out.")
