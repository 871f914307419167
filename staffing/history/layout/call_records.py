"""Files with a row per call, and logs with a row per event of a call: which column says when, where and how it went."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pandas as pd

from staffing.history.files.sheet import Sheet
from staffing.history.layout.call_words import DURATIONS, EVENTS, FLAGS, MOMENTS, ROLES, YES_NO
from staffing.history.layout.headings import meaning
from staffing.history.layout.table import HEADING_ROWS, body_of, is_number, title_of
from staffing.history.layout.words import plain
from staffing.history.meaning.kinds import kind_of
from staffing.history.meaning.times import read_times

KINDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(MOMENTS, ("stamp", "date")), **dict.fromkeys(DURATIONS, ("number", "clock")), "clock": ("clock",),
}  # fmt: skip
MOST_LOG_LINES = 20_000_000


@dataclass(frozen=True)
class CallColumns:
    """``places`` maps roles to columns; ``texts`` are the headings, ``first_row`` the first row below them."""

    places: dict[str, int]
    texts: tuple[str, ...]
    first_row: int
    title: tuple[str, ...] = field(default=())


def find_call_records(sheet: Sheet) -> CallColumns | None:
    """The columns of a table of single calls, or None: it has their time to the second, or an identity for each."""
    for row, cells in enumerate(sheet.head[:HEADING_ROWS], start=1):
        body = body_of(sheet.head[row:])
        places = _roles(cells, body)
        if "start" not in places or _has_counts(cells, body):
            continue
        told = {"id", "wait", "talk", "handle", "answered_at", "status", "lost", "end"} & set(places)
        if len(told) >= 2 and ("id" in places or _to_the_second(body, places)):
            return CallColumns(places, tuple(cells), row + 1, title_of(sheet.head[: row - 1]))
    return None


def _has_counts(cells: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Whether a column counts calls, so that rows are of several."""
    counted = [place for place, text in enumerate(cells) if (told := meaning(text)) and told.meaning == "calls"]
    filled = ([line[place] for line in body if place < len(line) and line[place]] for place in counted)
    return any(each and all(map(is_number, each)) for each in filled)


def _roles(cells: Sequence[str], body: Sequence[Sequence[str]]) -> dict[str, int]:
    words = [plain(text) for text in cells]
    places: dict[str, int] = {}
    for role, patterns in ROLES.items():
        kinds = KINDS.get(role)
        for pattern in patterns:
            free = [place for place in range(len(words)) if place not in places.values()]
            found = [place for place in free if re.search(pattern, words[place])]
            if kinds:
                found = [place for place in found if _column_kind(body, place) in kinds]
            if role in FLAGS:
                found = [place for place in found if _is_flag(body, place)]
            if found:
                places[role] = found[0]
                break
    if "clock" in places and ("start" not in places or _column_kind(body, places["start"]) != "date"):
        places.pop("clock")
    return places


def _is_flag(body: Sequence[Sequence[str]], place: int) -> bool:
    told = [line[place] for line in body if place < len(line) and line[place]]
    return bool(told) and all(re.match(YES_NO, text) for text in told)


def _column_kind(body: Sequence[Sequence[str]], place: int) -> str:
    return kind_of([line[place] if place < len(line) else "" for line in body])


def _to_the_second(body: Sequence[Sequence[str]], places: dict[str, int]) -> bool:
    at = [places[role] for role in ("start", "clock") if role in places]
    told = [" ".join(line[place] for place in at) for line in body if max(at) < len(line) and line[at[0]]]
    cells = pd.Series(told, dtype="str")
    local = read_times(cells).local
    return len(cells) > 0 and bool((local.astype("int64") % 60 != 0).mean() > 0.5)


@dataclass(frozen=True)
class EventLog:
    """Where a log's events stand; its time, call, queue and agent lie in the four columns before them."""

    event: int
    first_row: int
    parameters: int


def find_event_log(sheet: Sheet) -> EventLog | None:
    """A log of a queue's events (a call enters, is connected, is abandoned), with headings or without, or None."""
    for row, cells in enumerate(sheet.head, start=1):
        at = next((place for place, text in enumerate(cells) if text in EVENTS), None)
        if at is not None and at >= 4:
            headings = sheet.head[0] if row > 1 else []
            named = any(plain(text) == "event" for text in headings)
            skipped = named and at + 2 < len(headings) and plain(headings[at + 1]) == "data"
            return EventLog(at, 2 if named else 1, at + (2 if skipped else 1))
    return None


def log_lines(sheet: Sheet, log: EventLog) -> Iterable[tuple[int, list[str]]]:
    """The log's lines with their row numbers; lines of other shapes are passed over."""
    lines = sheet.lines() if sheet.lines else iter(())
    for row, cells in enumerate(lines, start=1):
        if row > MOST_LOG_LINES:
            return
        if row >= log.first_row and len(cells) > log.event:
            yield row, cells
