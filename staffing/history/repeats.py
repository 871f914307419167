"""Rows of one queue that begin at the same time: another column tells them apart, they are added up, or it is asked."""

from __future__ import annotations

import numpy as np
import pandas as pd

from staffing.history.arithmetic.spans import sums_of_spans
from staffing.history.layout.table import RawTable
from staffing.history.layout.words import concepts, plain
from staffing.history.meaning.kinds import kind_of
from staffing.history.meaning.numerals import distinct
from staffing.history.meaning.starts import time_name
from staffing.history.options import ImportOptions
from staffing.history.report import Fault, Findings, Question, Reading, first_rows
from staffing.history.shown import shown

COUNTS = ("calls", "answered", "abandoned")
MOST_SPLITS = 200
MOST_COLUMNS = 30

Found = tuple[list[np.ndarray], np.ndarray]


def settle_repeats(
    raw: RawTable, rows: pd.DataFrame, found: Found, options: ImportOptions, findings: Findings
) -> tuple[pd.DataFrame, np.ndarray]:
    """The rows with those of one queue and start told apart or added up, and the bad rows.

    ``found`` are the places of each queue, and the bad rows so far. Where nothing tells, repeats are bad.
    """
    queues, bad = found
    again = _again(rows, queues, bad)
    if not again.any():
        return rows, bad
    spans = sums_of_spans(rows, [places[~bad[places]] for places in queues if again[places].any()])
    if spans.any():
        findings.note(
            f"{raw.file}: {spans.sum():,} rows (rows {first_rows(raw.rows[spans])}) repeat the time of another row and "
            "are the sum of the intervals from it on, or up to it: they are left out."
        )
        bad = bad | spans
        again = _again(rows, queues, bad)
        if not again.any():
            return rows, bad
    split = _answered_split(raw, options)  # agents' rows are parts of their queue's, unless it is answered
    splits = [split] if split is not None else _splits(raw, rows, bad)
    told = [each for each in splits if split is not None or "agents" not in concepts(each[0])]
    if told and (split is not None or ("queue" not in raw.columns and "queue" not in options.answers)):
        heading, texts = told[0]
        if split is None and len(told) > 1:
            _ask(raw, rows, again, told, findings)
            return rows, bad
        findings.note(f"{raw.file}: column '{shown(heading)}' tells rows of one time apart and is read as the queue.")
        return _split(raw, rows, texts, options), bad
    answer = options.answer("repeats")
    if answer:
        return rows, bad | _resolved(rows, again, bad, answer)
    if splits:
        _ask(raw, rows, again, told, findings)
        return rows, bad
    return rows, bad | _refused(raw, rows, again, bad, findings)


def _again(rows: pd.DataFrame, queues: list[np.ndarray], bad: np.ndarray) -> np.ndarray:
    """Rows whose queue and start an earlier good row has."""
    again = np.zeros(len(rows), dtype=bool)
    for places in queues:
        good = places[~bad[places]]
        again[good] = rows["start"].iloc[good].duplicated()
    return again


def _answered_split(raw: RawTable, options: ImportOptions) -> tuple[str, pd.Series] | None:
    wanted = options.answer("split")
    for place, heading in raw.unknown.items():
        if wanted and plain(heading) == plain(wanted):
            texts = raw.beside(place)
            return None if texts is None else (heading, texts)
    return None


def _splits(raw: RawTable, rows: pd.DataFrame, bad: np.ndarray) -> list[tuple[str, pd.Series]]:
    """Columns that are not read and tell all rows of one queue and start apart."""
    found = []
    for place, heading in list(raw.unknown.items())[:MOST_COLUMNS]:
        texts = raw.beside(place)
        if (
            texts is None
            or not 1 < len(texts.cat.categories) <= MOST_SPLITS
            or _are_figures(texts)
            or (concepts(heading) & {"minutes", "hours"})
        ):
            continue
        keys = pd.DataFrame({"queue": rows["queue"], "start": rows["start"], "split": texts.to_numpy()})
        if not keys[~bad].duplicated().any():
            found.append((heading, texts))
    return found


def _are_figures(texts: pd.Series) -> bool:
    each = distinct(texts)
    if kind_of(list(each)) in ("stamp", "date", "clock"):
        return True
    return bool(pd.to_numeric(each.str.rstrip("%"), errors="coerce").notna().mean() > 0.5 and len(each) > 20)


def _split(raw: RawTable, rows: pd.DataFrame, texts: pd.Series, options: ImportOptions) -> pd.DataFrame:
    """Each queue parted by the texts of another column, which name it."""
    if "queue" in raw.columns:
        names = rows["queue"].astype("str") + " / " + texts.astype("str")
    else:
        names = texts.astype("str").replace("", options.default_queue)
    return rows.assign(queue=pd.Categorical(names))


def _resolved(rows: pd.DataFrame, again: np.ndarray, bad: np.ndarray, answer: str) -> np.ndarray:
    """Repeats added up into the first of them (in place), or all but the first or the last of them marked."""
    keys = [rows["queue"], rows["start"]]
    if answer == "last":
        later = rows[~bad][["queue", "start"]].duplicated(keep="last")
        return np.asarray(later.reindex(rows.index, fill_value=False))
    if answer == "sum":
        good = rows[~bad]
        grouped = good.groupby(keys[0:0] or ["queue", "start"], observed=True)
        weight = {"aht_s": good.get("answered", good["calls"]), "wait_s": good["calls"]}
        for column in rows.columns.difference(["queue", "start", "row", "file"]):
            if column in weight:
                w = weight[column].where(good[column].notna(), 0.0)
                by = [good["queue"], good["start"]]
                top = (good[column].fillna(0.0) * w).groupby(by, observed=True).transform("sum")
                rows.loc[good.index, column] = top / w.groupby(by, observed=True).transform("sum").replace(0.0, np.nan)
            else:
                rows.loc[good.index, column] = grouped[column].transform("sum", min_count=1)
    return again


def _ask(
    raw: RawTable, rows: pd.DataFrame, again: np.ndarray, splits: list[tuple[str, pd.Series]], findings: Findings
) -> None:
    at = int(np.argmax(again))
    twins = np.flatnonzero(
        np.asarray((rows["queue"] == rows["queue"].iloc[at]) & (rows["start"] == rows["start"].iloc[at]))
    )
    total = rows["calls"].iloc[twins].sum()
    where = ", ".join(map(str, raw.rows[twins][:4]))
    queued = "queue" in raw.columns or not splits
    asks = f"rows {where} are of the same queue and time; {again.sum():,} rows are so."
    ways = [Reading("sum", "they are parts of one interval and are added up", f"{total:g} calls")]
    if queued:
        findings.ask(
            Question(
                "repeats",
                raw.file,
                f"{asks} split=HEADING would keep apart what another column tells apart.",
                (*ways, Reading("last", "later rows replace earlier ones", f"{rows['calls'].iloc[twins[-1]]:g} calls")),
            )
        )
        return
    told = [
        Reading(heading, f"column '{shown(heading)}' names the queue", f"'{shown(texts.iloc[at])}'")
        for heading, texts in splits
    ]
    findings.ask(Question("split", raw.file, asks, tuple(told)))


def _refused(raw: RawTable, rows: pd.DataFrame, again: np.ndarray, bad: np.ndarray, findings: Findings) -> np.ndarray:
    first = rows.iloc[int(again.argmax())]
    twins = ~bad & np.asarray((rows["queue"] == first["queue"]) & (rows["start"] == first["start"]))
    where = " and ".join(map(str, raw.rows[twins][:3]))
    reason = f"is there twice for the same queue (rows {where} are the first)."
    remedy = "Keep one of the rows; if they are parts of one interval, answer repeats=sum."
    return findings.cells(raw, again, Fault(time_name(raw), reason, remedy))
