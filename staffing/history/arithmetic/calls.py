"""Single calls put together into intervals: offered, answered, abandoned, handle time, waits."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from staffing.domain.calendar import DAY_MIN, SiteCalendar
from staffing.errors import InputError, Where
from staffing.history.files.sheet import Sheet
from staffing.history.layout.call_records import CallColumns, EventLog, log_lines
from staffing.history.layout.call_words import ELSEWHERE, LOST, NOT_OFFERED, SPAN, TAKEN, WAITED_IN, YES
from staffing.history.layout.table import RawTable
from staffing.history.layout.words import plain
from staffing.history.meaning.durations import Duration, seconds_per_call
from staffing.history.meaning.moments import read_moments
from staffing.history.meaning.number_style import settle
from staffing.history.meaning.numerals import as_text, distinct, is_text, read_numbers
from staffing.history.meaning.starts import AskedStart, instants
from staffing.history.meaning.times import read_times
from staffing.history.options import ImportOptions
from staffing.history.report import Fault, Findings, first_rows

PARTS = ("talk", "hold", "wrap")
LONGEST_S = 86_400.0
ENDED = ("COMPLETEAGENT", "COMPLETECALLER", "TRANSFER", "BLINDTRANSFER", "ATTENDEDTRANSFER")
LEFT = ("EXITWITHTIMEOUT", "EXITEMPTY", "EXITWITHKEY")


@dataclass(frozen=True)
class CallRecords:
    """A row per call: ``raw`` holds its time and queue; waits and handle times are in seconds, NaN where not known."""

    raw: RawTable
    answered: np.ndarray
    abandoned: np.ndarray
    wait_s: np.ndarray
    handle_s: np.ndarray

    def keep(self, mask: np.ndarray) -> CallRecords:
        return CallRecords(
            self.raw.keep(mask), self.answered[mask], self.abandoned[mask], self.wait_s[mask], self.handle_s[mask]
        )


def calls_of_records(sheet: Sheet, columns: CallColumns, options: ImportOptions, findings: Findings) -> CallRecords:
    """The calls of a table with a row for each; those delivered twice count once, those not offered are left out."""
    cells = sheet.load(sorted(set(columns.places.values())), columns.first_row)
    told = {role: cells.columns[place] for role, place in columns.places.items() if place in cells.columns}
    start = told.pop("start")
    if "clock" in told:
        start = as_text(start).astype("str") + " " + as_text(told.pop("clock")).astype("str")
    raw_columns = {"timestamp": start} | ({"queue": told["queue"]} if "queue" in told else {})
    headings = {
        "timestamp": columns.texts[columns.places["start"]],
        "queue": columns.texts[columns.places.get("queue", 0)],
    }
    raw = RawTable(sheet.label, raw_columns, headings, cells.rows, {}, columns.title, cells.odd)
    times = read_times(start)
    durations = _durations(sheet, columns, told, options, findings)
    since: dict[str, np.ndarray] = {
        role: _seconds_after(times.local, told[role]) for role in ("answered_at", "end") if role in told
    }
    answered = _answered(told, durations, since)
    wait = durations.get("wait", np.full(len(answered), np.nan))
    if "talk" in durations and re.match(SPAN, plain(columns.texts[columns.places["talk"]])):
        durations["talk"] = _spoken(durations["talk"], wait, since.get("end"))
    until = np.where(answered, since.get("answered_at", np.nan), since.get("end", np.nan))
    wait = np.where(np.isnan(wait), until, wait)
    handle = _handle(durations, since)
    calls = CallRecords(raw, answered, _abandoned(told, answered), wait, np.where(answered, handle, np.nan))
    return calls.keep(_counted(told, times.local, cells.rows, sheet.label, findings))


def _durations(
    sheet: Sheet, columns: CallColumns, told: dict[str, pd.Series], options: ImportOptions, findings: Findings
) -> dict[str, np.ndarray]:
    present = {role: told[role] for role in ("wait", "handle", *PARTS) if role in told}
    texts = {role: distinct(as_text(each)) for role, each in present.items() if is_text(each)}
    style = settle(texts, set(), sheet.guesses.get("separator", ""), len(next(iter(told.values()), [])))
    found = {}
    for role, each in present.items():
        numbers = read_numbers(each, durations=True, decimal=style.decimal)
        name, heading = ("wait" if role == "wait" else "aht"), columns.texts[columns.places[role]]
        if role in ("hold", "wrap") or (role == "wait" and not (numbers.values > 0).any()):
            found[role] = numbers.values
            continue
        one = Duration(name, sheet.label, f"{heading} average", numbers.values, numbers.clock, np.ones(len(each)))
        found[role] = seconds_per_call(one, options.answer(f"unit.{name}"), findings)
    return found


def _spoken(span: np.ndarray, wait: np.ndarray, end: np.ndarray | None) -> np.ndarray:
    """A call's duration without its wait, where it runs from the start of the call to its end."""
    if end is None or np.isnan(wait).all():
        return span
    apart = np.abs(end - span)[(span > 0) & ~np.isnan(end)]
    return np.maximum(span - np.nan_to_num(wait), 0.0) if len(apart) and np.median(apart) <= 1 else span


def _seconds_after(start: np.ndarray, cells: pd.Series) -> np.ndarray:
    """Seconds from the start to another moment of the call, NaN where there is none or it lies before."""
    passed = (read_times(cells).local - start).astype("timedelta64[s]")
    seconds = np.where(np.isnat(passed), np.nan, passed.astype(float))
    return np.where((seconds >= 0) & (seconds <= LONGEST_S), seconds, np.nan)


def _matches(cells: pd.Series, pattern: str) -> np.ndarray:
    texts = as_text(cells)
    return np.asarray(distinct(texts).str.contains(pattern, regex=True).to_numpy()[texts.cat.codes.to_numpy()])


def _answered(told: dict[str, pd.Series], durations: dict[str, np.ndarray], since: dict[str, np.ndarray]) -> np.ndarray:
    """Whether an agent took the call: by the moment, else by the time spoken, else by its status."""
    if "answered_at" in since:
        return ~np.isnan(since["answered_at"])
    if "lost" in told:
        return ~_matches(told["lost"], YES)
    if "status" in told and (_matches(told["status"], LOST) | _matches(told["status"], TAKEN)).mean() > 0.5:
        return _matches(told["status"], TAKEN) & ~_matches(told["status"], LOST)
    spoken = durations.get("talk", durations.get("handle"))
    if spoken is not None:
        return np.nan_to_num(spoken) > 0
    return np.ones(len(next(iter(told.values()))), dtype=bool)


def _abandoned(told: dict[str, pd.Series], answered: np.ndarray) -> np.ndarray:
    """Calls not answered, but for those whose status says that they went elsewhere."""
    if "status" not in told:
        return ~answered
    return ~answered & ~_matches(told["status"], ELSEWHERE)


def _handle(durations: dict[str, np.ndarray], since: dict[str, np.ndarray]) -> np.ndarray:
    if "handle" in durations:
        return durations["handle"]
    if "talk" in durations:
        return np.sum([np.nan_to_num(durations[part]) for part in PARTS if part in durations], axis=0)
    if {"answered_at", "end"} <= set(since):
        return since["end"] - since["answered_at"] + np.nan_to_num(durations.get("wrap", np.zeros(1)))
    return np.full(len(next(iter({**durations, **since}.values()), [])), np.nan)


def _counted(
    told: dict[str, pd.Series], local: np.ndarray, rows: np.ndarray, file: str, findings: Findings
) -> np.ndarray:
    """Which rows count: offered ones, each call once in each queue, as it was told last."""
    kept = np.ones(len(rows), dtype=bool)
    if "direction" in told:
        other = _matches(told["direction"], NOT_OFFERED)
        if other.any() and not other.all():
            kept &= ~other
            findings.note(
                f"{file}: {other.sum():,} calls that were not offered to a queue (outbound, internal) are left out."
            )
    if "kind" in told and (waited := _matches(told["kind"], WAITED_IN)).any() and not waited.all():
        kept &= waited
        findings.note(f"{file}: {(~waited).sum():,} calls to no queue are left out.")
    if "id" in told:
        order = read_times(told["updated"]).local if "updated" in told else local
        keys = pd.DataFrame(
            {"id": told["id"].astype("str"), "queue": told["queue"].astype("str") if "queue" in told else ""}
        )
        ranked = keys[kept].assign(order=order[kept]).sort_values("order", kind="stable")
        again = ranked.index[ranked.duplicated(["id", "queue"], keep="last") & (ranked["id"] != "")]
        if len(again):
            kept[again] = False
            where = first_rows(np.sort(rows[again]))
            findings.note(
                f"{file}: {len(again):,} rows tell of calls that other rows tell of too (rows {where}); each "
                f"call counts "
                "once, as it was told last."
            )
    return kept


def calls_of_log(sheet: Sheet, log: EventLog, findings: Findings) -> CallRecords:
    """The calls of a log of events, each from when it entered its queue. Raises InputError when none did."""
    calls: dict[tuple[str, str], dict[str, float | str]] = {}
    for row, cells in log_lines(sheet, log):
        stamp, call, queue, event = cells[log.event - 4], cells[log.event - 3], cells[log.event - 2], cells[log.event]
        if event == "ENTERQUEUE":
            calls.setdefault((call, queue), {"start": stamp, "queue": queue, "row": row})
        elif (call, queue) in calls:
            _follow(calls[call, queue], event, cells[log.parameters :])
    if not calls:
        raise InputError("has no call that entered a queue.", where=Where(sheet.label), remedy="Export the log again.")
    table = pd.DataFrame(list(calls.values())).reindex(columns=["start", "queue", "row", "wait", "talk", "end"])
    elsewhere = int(table["end"].isin(LEFT).sum())
    if elsewhere:
        findings.note(
            f"{sheet.label}: {elsewhere:,} calls left their queue for another place: neither answered nor abandoned."
        )
    raw = RawTable(
        sheet.label, {"timestamp": table["start"].astype("str"), "queue": table["queue"].astype("str")},
        {"timestamp": "time", "queue": "queue"}, table["row"].to_numpy(),
    )  # fmt: skip
    answered = ((table["end"] == "CONNECT") | table["end"].isin(ENDED)).to_numpy()
    abandoned = (table["end"] == "ABANDON").to_numpy()
    return CallRecords(raw, answered, abandoned, table["wait"].to_numpy(float), table["talk"].to_numpy(float))


def _follow(call: dict[str, float | str], event: str, told: list[str]) -> None:
    """What an event says of its call: seconds waited and spoken, and how it ended."""
    number: Callable[[int], float] = lambda at: float(told[at]) if at < len(told) and told[at].isdigit() else np.nan  # noqa: E731
    if event == "CONNECT":
        call |= {"end": event, "wait": number(0)}
    elif event in ENDED[:2]:
        call |= {"end": event, "wait": number(0), "talk": number(1)}
    elif event in ENDED[2:]:
        held = [number(at) for at in range(len(told)) if told[at].isdigit()]
        call |= {"end": event, **({"talk": held[-2]} if len(held) >= 2 else {})}
    elif event == "ABANDON":
        call |= {"end": event, "wait": number(2)}
    elif event in LEFT:
        call |= {"end": event, "wait": number(3 if event == "EXITWITHKEY" else 2)}


def to_intervals(
    calls: CallRecords, site: SiteCalendar, options: ImportOptions, findings: Findings
) -> tuple[pd.DataFrame, bool]:
    """Rows of intervals as every other table has them, of the site's length; and whether queues were named.

    Intervals of a day with calls, within the hours that have any, are 0 where no call came.
    """
    raw, minutes = calls.raw, site.interval_min if site.interval_min < DAY_MIN else 30
    moments = read_moments(raw, options)
    step = np.timedelta64(minutes * 60, "s")
    floored = np.where(
        moments.wrong, moments.local, moments.local - (moments.local - moments.local.astype("datetime64[D]")) % step
    )
    told = options.answered({"labels": "start", "clock": "24"})
    everyone = [np.arange(len(raw))]
    asked = AskedStart(site, told, np.ones(len(raw)))
    start, bad = instants(raw, replace(moments, local=floored), everyone, asked, findings)
    waits = findings.cells(raw, calls.wait_s < 0, Fault("timestamp", "has a negative wait.", "Correct it."))
    good = ~(bad | waits)
    queue = (
        as_text(raw.columns["queue"]).astype("str").to_numpy()
        if "queue" in raw.columns
        else np.full(len(raw), options.default_queue)
    )
    rows = pd.DataFrame({
        "queue": np.where(queue == "", options.default_queue, queue), "start": start, "calls": 1.0,
        "answered": calls.answered.astype(float), "abandoned": calls.abandoned.astype(float), "handle": calls.handle_s,
        "handled": (~np.isnan(calls.handle_s)).astype(float), "wait": calls.wait_s,
        "waited": (~np.isnan(calls.wait_s)).astype(float),
        "row": raw.rows,
    })[good]  # fmt: skip
    summed = rows.groupby(["queue", "start"], observed=True).agg({
        **dict.fromkeys(("calls", "answered", "abandoned", "handle", "handled", "wait", "waited"), "sum"), "row": "min",
    })  # fmt: skip
    filled = _with_zeros(summed, minutes)
    filled["aht_s"] = (filled["handle"] / filled["handled"]).where(filled["handled"] > 0)
    filled["wait_s"] = (filled["wait"] / filled["waited"]).where(filled["waited"] > 0)
    findings.note(
        f"{raw.file}: {int(good.sum()):,} single calls are put together into intervals of {minutes} minutes; "
        f"on days with calls, "
        "intervals without one count as 0."
    )
    known = [name for name in ("aht_s", "wait_s") if filled[name].notna().any()]
    file = pd.Categorical.from_codes(np.zeros(len(filled), dtype="int8"), [raw.file])
    table = filled.assign(file=file, queue=pd.Categorical(filled["queue"]))
    return table[["queue", "start", "calls", "answered", "abandoned", *known, "row", "file"]], "queue" in raw.columns


def _with_zeros(summed: pd.DataFrame, minutes: int) -> pd.DataFrame:
    """Intervals without a call, on days and within hours that have calls, from each queue's first day to its last."""
    table = summed.reset_index()
    wall = table["start"].dt.tz_localize(None)
    minute = (wall - wall.dt.normalize()).dt.total_seconds() / 60
    hours = np.arange(minute.min(), minute.max() + minutes, minutes)
    days = np.sort(wall.dt.normalize().unique())
    zone, each = table["start"].dt.tz, []
    for name, rows in table.groupby("queue", observed=True):
        first, last = (edge.tz_localize(None).normalize() for edge in (rows["start"].min(), rows["start"].max()))
        open_days = days[(days >= first.to_datetime64()) & (days <= last.to_datetime64())]
        grid = pd.DatetimeIndex((open_days[:, None] + (hours * 60).astype("timedelta64[s]")[None, :]).ravel())
        local = (
            grid.tz_localize(zone, ambiguous=np.ones(len(grid), dtype=bool), nonexistent="NaT").dropna().as_unit("s")
        )
        whole = rows.set_index("start").drop(columns="queue")
        whole = whole.reindex(whole.index.union(local)).assign(queue=name)
        each.append(whole.rename_axis("start").reset_index())
    filled = pd.concat(each, ignore_index=True)
    counts = [column for column in filled if column not in ("start", "queue", "row")]
    filled[counts] = filled[counts].fillna(0.0)
    filled["row"] = filled["row"].fillna(0).astype("int64")
    return filled
