"""A roster as the board draws it: local times, names, colours and words; nothing is decided here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from staffing.export.workbook import KIND_FILLS
from staffing.language import digits, spoken, text
from staffing.roster.desk.board import Board
from staffing.ui import text as written
from staffing.ui.board_moves import kind_of, shift_id

if TYPE_CHECKING:
    from staffing.domain.calendar import SiteCalendar

ABOUT = 1e-9
HEIGHT_PX = 640


@dataclass(frozen=True)
class Sight:
    """What of the roster is looked at: the first day, how many, and who."""

    first: dt.date
    days: int
    people: tuple[str, ...]
    onward: pd.DataFrame | None = None

    @property
    def slot_min(self) -> int:
        """Width of a column in minutes."""
        return 60 if self.days == 1 else 180 if self.days <= 7 else 360


def board_data(board: Board, before: pd.DataFrame, sight: Sight, *, editable: bool) -> dict[str, Any]:
    """What ``components.board`` draws; shifts that ``before`` (what others see) does not hold are marked changed."""
    site = board.inputs.calendar
    days = [sight.first + dt.timedelta(days=k) for k in range(sight.days)]
    fills = {shift.name: KIND_FILLS[k % len(KIND_FILLS)] for k, shift in enumerate(board.inputs.shifts)}
    return {
        "first": str(sight.first),
        "days": sight.days,
        "heads": [(str(day), written.short_day(day, site)) for day in days],
        "slot_min": sight.slot_min,
        "step_min": board.cover.grid.slot_min,
        "slot_width": 28 if sight.days == 1 else 11,
        "height": f"{HEIGHT_PX}px",
        "people": [_person(board, name) for name in sight.people],
        "shifts": list(_shifts(board, before, sight, fills)),
        "away": list(_away(board, sight, days)),
        "cover": list(_cover(board, sight)),
        "editable": editable,
        "words": words(),
    }


def words() -> dict[str, Any]:
    """The board's own words in the spoken language."""
    language = spoken()
    return {
        "code": language.code,
        "rtl": language.right_to_left,
        "digits": digits("0123456789") if digits("1") != "1" else "",
        "board": text("Board"),
        "cover": text("Cover"),
        "to": "–",
        "others": text("Other shifts …"),
        "copy": text("Copy"),
        "paste": text("Paste the copied shift"),
        "remove": text("Take out"),
    }


def _person(board: Board, name: str) -> dict[str, str]:
    agent = board.people[name]
    facts = [agent.team, agent.contract, written.listed(agent.skills)]
    return {
        "id": name,
        "name": name,
        "note": text("{hours} h", hours=digits(f"{board.paid_hours(name):.1f}")),
        "title": " · ".join(fact for fact in facts if fact),
    }


def _shifts(board: Board, before: pd.DataFrame, sight: Sight, fills: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Shifts that touch the days looked at, by person and time, each with its breaks."""
    site = board.inputs.calendar
    first, last = pd.Timestamp(sight.first), pd.Timestamp(sight.first) + pd.Timedelta(days=sight.days)
    over = pd.Timestamp(site.week_of(sight.first) + dt.timedelta(days=7))
    old = before[before["activity"] == "shift"]
    known = set(zip(old["agent"], old["start"], old["end"], strict=True))
    drawn: dict[str, Any] = {}
    for name, row, start, end in _by_person(board, sight, site):
        if row.activity == "shift":
            drawn = {}
            if start < last and end > first:
                drawn = _shift(name, row, (start, end), site)
                drawn["fill"] = fills.get(kind_of(row), "#E3E8EE")
                later = start >= over  # of the week after, which is changed when it is looked at by itself
                drawn["locked"] = later or (board.inputs.now is not None and row.start < board.inputs.now)
                drawn["state"] = "same" if later or (name, row.start, row.end) in known else "changed"
                yield drawn
        elif row.activity != "work" and drawn:
            label = f"{text(row.activity)} {digits(f'{start:%H:%M}–{end:%H:%M}')}"
            drawn["breaks"].append({"start": _iso(start), "end": _iso(end), "label": label})


def _by_person(board: Board, sight: Sight, site: SiteCalendar) -> Iterator[tuple[str, Any, pd.Timestamp, pd.Timestamp]]:
    """Rows of the people looked at with their local times; each shift before what lies in it."""
    place = {name: number for number, name in enumerate(sight.people)}
    table = board.table if sight.onward is None else pd.concat([board.table, sight.onward], ignore_index=True)
    rows = table[table["agent"].isin(list(place))]
    rows = rows.assign(place=rows["agent"].map(place), inside=rows["activity"] != "shift")
    rows = rows.sort_values(["place", "start", "inside"], kind="stable")
    local = [list(rows[name].dt.tz_convert(site.zone).dt.tz_localize(None)) for name in ("start", "end")]
    yield from zip(rows["agent"], rows.itertuples(), *local, strict=True)


def _shift(name: str, row: Any, span: tuple[pd.Timestamp, pd.Timestamp], site: SiteCalendar) -> dict[str, Any]:
    start, end = span
    hours = digits(f"{start:%H:%M}–{end:%H:%M}")
    queue = row.queue if isinstance(row.queue, str) else ""
    told = (name, f"{written.short_day(start.date(), site)} {hours}", kind_of(row), queue)
    return {
        "id": shift_id(name, row.start),
        "person": name,
        "start": _iso(start),
        "end": _iso(end),
        "label": hours,
        "told": " · ".join(part for part in told if part),
        "breaks": [],
    }


def _iso(local: pd.Timestamp) -> str:
    return f"{local:%Y-%m-%dT%H:%M}"


def _away(board: Board, sight: Sight, days: list[dt.date]) -> Iterator[dict[str, str]]:
    for name in sight.people:
        for day in days:
            if any(day in span for span in board.people[name].time_off):
                yield {"person": name, "start": f"{day}T00:00", "end": f"{day}T23:59", "label": text("time off")}


def _cover(board: Board, sight: Sight) -> Iterator[dict[str, Any]]:
    """A box per column: the most agents missing at once in it, or else how many there are beyond the need."""
    cover, site = board.cover, board.inputs.calendar
    slots = np.arange(cover.grid.slots)
    local = cover.grid.instants(slots, site.zone).tz_localize(None)
    column = local.floor(f"{sight.slot_min}min")
    first = pd.Timestamp(sight.first)
    seen = (local >= first) & (local < first + pd.Timedelta(days=sight.days)) & cover.wanted.any(axis=0)
    net = np.where(cover.wanted, cover.there - cover.need, 0.0)
    figures = pd.DataFrame(
        {
            "column": column,
            "short": np.maximum(-net, 0).sum(axis=0),
            "over": np.maximum(net, 0).sum(axis=0),
            "need": np.where(cover.wanted, cover.need, 0.0).sum(axis=0),
            "there": np.where(cover.wanted, cover.there, 0.0).sum(axis=0),
        }
    )[seen]
    boxes = figures.groupby("column").agg(
        short=("short", "max"), over=("over", "min"), need=("need", "mean"), there=("there", "mean")
    )
    for at, box in zip(boxes.index, boxes.itertuples(), strict=True):
        missing, spare = round(box.short), round(box.over)
        state = "short" if box.short > ABOUT + 0.5 else "over" if spare else "even"
        label = f"−{missing}" if state == "short" else f"+{spare}" if spare else "0"
        need, there = digits(f"{box.need:.1f}"), digits(f"{box.there:.1f}")
        yield {
            "start": _iso(at),
            "end": _iso(at + pd.Timedelta(minutes=sight.slot_min)),
            "label": digits(label),
            "state": state,
            "tip": text("{there} rostered of {need} needed", there=there, need=need),
        }
