"""The roster on the desk: as it was made or kept, edit by edit, until it is published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from staffing.errors import StaffingError
from staffing.store.absences import Absence
from staffing.ui import views
from staffing.ui.state import Desk

if TYPE_CHECKING:
    from staffing.planner import Plan
    from staffing.roster.given import Inputs


@dataclass
class Working:
    """One roster being worked on. ``versions`` go from the roster as it was made to the roster as it stands.

    ``life`` names the grid to the page; the grid shows ``versions[born]`` and reports all its edits since then.
    ``away`` are the sick calls noted; ``before`` those of every version but the last.
    """

    plan_key: str
    versions: list[pd.DataFrame]
    life: int = 0
    born: int = 0
    problem: StaffingError | None = None
    away: tuple[Absence, ...] = ()
    before: list[tuple[Absence, ...]] = field(default_factory=list)
    shown: dict[int, Plan] = field(default_factory=dict)

    @property
    def table(self) -> pd.DataFrame:
        return self.versions[-1]

    @property
    def edited(self) -> bool:
        return len(self.versions) > 1

    def take(self, table: pd.DataFrame, away: tuple[Absence, ...] | None = None) -> None:
        """A new version that did not come from the grid; the grid begins a new life with it.

        ``away`` are the sick calls as they were before it, where they have changed with it.
        """
        self._push(table, self.away if away is None else away)
        self._reborn()

    def _push(self, table: pd.DataFrame, away: tuple[Absence, ...]) -> None:
        self.versions.append(table)
        self.before.append(away)

    def undo(self) -> None:
        """One version back."""
        if self.edited:
            self.versions.pop()
            self.away = self.before.pop()
            self.shown = {number: plan for number, plan in self.shown.items() if number < len(self.versions)}
        self._reborn()

    def _reborn(self) -> None:
        self.life, self.born, self.problem = self.life + 1, len(self.versions) - 1, None

    def take_edits(self, inputs: Inputs, edits: Mapping[str, Any], names: list[str]) -> None:
        """The grid's edits since its life began, as a new version; ``problem`` says why they cannot be taken."""
        from staffing.roster.desk.board import edited
        from staffing.roster.desk.edit import Edit

        days, table = views.days_of(inputs.start), self.versions[self.born]
        try:
            for row, cells in sorted((int(row), cells) for row, cells in edits.get("edited_rows", {}).items()):
                for column, text in cells.items():
                    day = next(day for day in days if _column(day) == column)
                    table = edited(inputs, table, Edit(names[row], day, text or "off"))
        except StaffingError as error:
            self.problem = error
            return
        self.problem = None
        if not table.equals(self.table):
            self._push(table, self.away)


def working(desk: Desk, made: Plan) -> Working:
    """The work on a finished plan's roster; begun afresh when another plan takes its place."""
    held: dict[Any, Working] = st.session_state.setdefault("rosters", {})
    key = (str(desk.workspace.folder), made.scenario.name, desk.week)
    name = f"{desk.plan_key(made.scenario)}-{made.roster.status}"
    if key not in held or held[key].plan_key != name:
        held[key] = Working(name, [made.roster.table])
    return held[key]


def as_it_stands(desk: Desk, made: Plan, work: Working) -> Plan:
    """The plan with the roster as it was edited."""
    if not work.edited:
        return made
    number = len(work.versions) - 1
    if number not in work.shown:
        work.shown[number] = desk.planner.edited(made, work.table)
    return work.shown[number]


def grid_table(table: pd.DataFrame, desk: Desk, names: list[str]) -> pd.DataFrame:
    """Agents down, days across, spans as text; columns by ISO date."""
    grid = views.week_grid(table, desk.site, desk.week, names)
    return grid.set_axis([_column(day) for day in views.days_of(desk.week)], axis=1)


def _column(day: dt.date) -> str:
    return day.isoformat()
