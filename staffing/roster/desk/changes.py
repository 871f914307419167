"""What differs between two rosters, named: shifts of people's days, and breaks in shifts that stay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from staffing.store.roster_days import AgentDate, begun_before

if TYPE_CHECKING:
    from staffing.roster.case import Case
    from staffing.roster.given import Inputs

SHIFT, WORK = "shift", "work"


class AgentDay(NamedTuple):
    """A person's day in local time: the shift that begins on it, and the breaks and sessions that lie in it."""

    start: pd.Timestamp
    end: pd.Timestamp
    kind: str
    inside: tuple[tuple[pd.Timestamp, str], ...]

    @property
    def shift(self) -> tuple[pd.Timestamp, pd.Timestamp, str]:
        return self.start, self.end, self.kind

    def __str__(self) -> str:
        return f"{self.start:%H:%M}–{self.end:%H:%M}"


Days = Mapping[AgentDate, AgentDay]


def days_of(inputs: Inputs, table: pd.DataFrame) -> dict[AgentDate, AgentDay]:
    """Every person's day with a shift."""
    found: dict[AgentDate, AgentDay] = {}
    zone = inputs.calendar.zone
    rows = table.assign(start=table["start"].dt.tz_convert(zone), end=table["end"].dt.tz_convert(zone))
    if "kind" not in rows:
        rows["kind"] = None
    parts = rows[~rows["activity"].isin([SHIFT, WORK])].sort_values(["agent", "start"])
    inside: dict[str, list[tuple[pd.Timestamp, str]]] = {}
    for agent, start, activity in zip(parts["agent"], parts["start"], parts["activity"], strict=True):
        inside.setdefault(str(agent), []).append((start, str(activity)))
    whole = rows[rows["activity"] == SHIFT]
    for agent, start, end, kind in zip(whole["agent"], whole["start"], whole["end"], whole["kind"], strict=True):
        own = tuple(part for part in inside.get(str(agent), ()) if start <= part[0] < end)
        found[str(agent), start.date()] = AgentDay(start, end, kind if isinstance(kind, str) else "", own)
    return found


def shift_changes(
    inputs: Inputs, before: pd.DataFrame, after: pd.DataFrame, forced: Collection[AgentDate] = ()
) -> pd.DataFrame:
    """Days whose shift differs: agent, date, before, after (``HH:MM–HH:MM`` or ``off``), forced.

    The kind stands before the hours where it alone differs.
    """
    return changes_between(days_of(inputs, before), days_of(inputs, after), forced)


def changes_between(old: Days, new: Days, forced: Collection[AgentDate] = ()) -> pd.DataFrame:
    """What `shift_changes` names, from everybody's days in both rosters."""
    rows: list[tuple[str, dt.date, str, str, bool]] = []
    for key in sorted({*old, *new}):
        was, now = old.get(key), new.get(key)
        if was is not None and now is not None and was.shift == now.shift:
            continue
        texts = ["off" if day is None else str(day) for day in (was, now)]
        if texts[0] == texts[1]:
            texts = [f"{day.kind} {day}" for day in (was, now) if day is not None]
        rows.append((*key, texts[0], texts[1], key in forced))
    return pd.DataFrame(rows, columns=["agent", "date", "before", "after", "forced"])


def moved_breaks(inputs: Inputs, before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Breaks and sessions that lie elsewhere in a shift that stays: agent, date, activity, before, after (``HH:MM``).

    They are compared in the order in which they are taken.
    """
    return moves_between(days_of(inputs, before), days_of(inputs, after))


def moves_between(old: Days, new: Days) -> pd.DataFrame:
    """What `moved_breaks` names, from everybody's days in both rosters."""
    rows: list[tuple[str, dt.date, str, str, str]] = []
    for key in sorted(old.keys() & new.keys()):
        was, now = old[key], new[key]
        if was.shift != now.shift or was.inside == now.inside:
            continue
        for one, other in zip_longest(was.inside, now.inside):
            if one != other:
                names = dict.fromkeys(part[1] for part in (one, other) if part is not None)
                at = ["–" if part is None else f"{part[0]:%H:%M}" for part in (one, other)]
                rows.append((*key, "/".join(names), at[0], at[1]))
    return pd.DataFrame(rows, columns=["agent", "date", "activity", "before", "after"])


def begun_days(inputs: Inputs, table: pd.DataFrame) -> frozenset[AgentDate]:
    """People's days whose shift has begun at ``inputs.now``."""
    return frozenset() if inputs.now is None else frozenset(days_of(inputs, begun_before(table, inputs.now)))


def shown(inputs: Inputs, case: Case, option: int) -> str:
    """A shift of the case as ``HH:MM–HH:MM``, or ``off``."""
    if option < 0:
        return "off"
    start = int(case.options.start[option])
    ends = case.grid.instants(np.array([start, start + case.options.length[option]]), inputs.calendar.zone)
    return f"{ends[0]:%H:%M}–{ends[1]:%H:%M}"
