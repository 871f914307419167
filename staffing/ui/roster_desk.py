"""The roster on the desk: as it was made or kept, edit by edit, until it is published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from staffing.content import content_hash
from staffing.errors import Conflict, InputError, StaffingError, Unwritable
from staffing.language import marked
from staffing.language import text as said
from staffing.roster.desk.board import Board
from staffing.store.absences import Absence
from staffing.store.roster_days import AgentDate, same_roster
from staffing.store.roster_work import RosterWork, RosterWorks
from staffing.store.rosters import Seen
from staffing.ui import tasks, views, waiting
from staffing.ui.jobs import Job, Work
from staffing.ui.state import Desk
from staffing.ui.who import own_draft, user

if TYPE_CHECKING:
    from staffing.planner import Plan
    from staffing.roster.given import Inputs

BOARDS = 4  # at hand: before all edits, before the last one, as it stands, and as it was drawn last
WORKING_OUT = marked("Working out what the change does")


@dataclass
class Working:
    """One roster being worked on; every change is kept for its planner before the page answers.

    ``life`` names the grid to the page; the grid shows ``grid`` and reports all its edits since then.
    ``away`` are the sick calls noted, also those that the roster as it stands does not answer yet.
    ``figuring`` works out the figures of a version, ``figured`` is the last whose figures are there.
    """

    shelf: Shelf
    work: RosterWork
    seen: Seen
    kept: str = ""
    life: int = 0
    grid: pd.DataFrame = field(init=False)
    problem: StaffingError | None = None
    away: tuple[Absence, ...] = field(init=False)
    figuring: Job | None = None
    figured: Plan | None = None

    def __post_init__(self) -> None:
        self.grid, self.away = self.work.table, self.work.away[self.work.at]

    @property
    def table(self) -> pd.DataFrame:
        return self.work.table

    @property
    def first(self) -> pd.DataFrame:
        """The roster before any edit."""
        return self.work.tables[0]

    @property
    def last(self) -> pd.DataFrame:
        """The roster before the last edit."""
        return self.work.undone().table

    @property
    def edits(self) -> int:
        return self.work.at

    @property
    def edited(self) -> bool:
        return self.work.at > 0

    @property
    def undone(self) -> bool:
        """Whether an edit was taken back that can be made again."""
        return self.work.at < len(self.work.tables) - 1

    @property
    def by_hand(self) -> frozenset[AgentDate]:
        """People's days that the roster as it stands holds as they were edited by hand."""
        return self.work.edited

    @property
    def released(self) -> frozenset[AgentDate]:
        """People's days whose edit by hand was undone."""
        return self.work.released

    def take(self, table: pd.DataFrame, edited: Iterable[AgentDate] = ()) -> None:
        """A new version that did not come from the grid; the grid begins a new life with it.

        ``edited`` are the people's days that were changed by hand.
        """
        self._stands(self.work.with_version(table, self.away, edited))
        self._reborn()

    def undo(self) -> None:
        """One version back."""
        self._go(self.work.undone())

    def redo(self) -> None:
        """One version forward again."""
        self._go(self.work.redone())

    def _go(self, work: RosterWork) -> None:
        self._stands(work)
        self.away = self.work.away[self.work.at]
        self._reborn()

    def _stands(self, work: RosterWork) -> None:
        """Keep the work as it stands now; what another window did meanwhile is shown instead of being written over."""
        self.problem = None
        try:
            self.kept = self.shelf.keep(work, self.kept)
        except Unwritable:  # the workspace cannot be written: the work lives in this browser tab
            pass
        except Conflict as error:
            self.problem = error
            return
        self.work = work

    def goes_on(self, seen: Seen) -> None:
        """What is kept for everybody is known now, after it was written or looked at."""
        self.seen = seen
        self._stands(self.work.kept_as(seen))

    def _reborn(self) -> None:
        self.life, self.grid = self.life + 1, self.table

    def take_edits(self, inputs: Inputs, edits: Mapping[str, Any], names: list[str]) -> None:
        """The grid's edits since its life began, as a new version; ``problem`` says why they cannot be taken."""
        from staffing.roster.desk.edit import Edit

        days = {_column(day): day for day in views.days_of(inputs.start)}
        rows = sorted((int(row), cells) for row, cells in edits.get("edited_rows", {}).items())
        asked = [Edit(names[row], days[column], cell or "off") for row, cells in rows for column, cell in cells.items()]
        board = at_hand(inputs, self.grid)
        try:
            table = board.with_rows(board.edited(asked))
        except StaffingError as error:
            self.problem = error
            return
        self.problem = None
        if not table.equals(self.table):
            by_hand = [(edit.agent, edit.date) for edit in asked]
            self._stands(self.work.with_version(table, self.away, by_hand))


def working(desk: Desk, made: Plan) -> Working:
    """The work on a finished plan's roster; begun afresh when another plan takes its place.

    What was kept of it, by a session before or in another window, is gone on with.
    """
    held: dict[Any, Working] = st.session_state.setdefault("rosters", {})
    key = (str(desk.workspace.folder), made.scenario.name, desk.week)
    shelf, base = Shelf.of(desk), made.roster.table
    now = held.get(key)
    if now is not None and same_roster(now.first, base) and now.kept == shelf.version():
        return now
    version = shelf.version()  # before what it names: another window's work between the two is met as a conflict
    kept, there = shelf.read(), desk.workspace.rosters.seen(desk.week)
    if kept is None or not same_roster(kept.tables[0], base):
        kept = RosterWork.on(base, there)
    elif kept.seen != there.version and there.table is not None and same_roster(kept.table, there.table):
        kept = kept.kept_as(there)  # written for everybody, and broken off before that was noted
    seen = there if there.version == kept.seen else Seen(desk.week, kept.tables[max(0, kept.kept_at)], kept.seen)
    held[key] = Working(shelf, kept, seen, version, now.life + 1 if now else 0)
    return held[key]


def kept_roster(desk: Desk) -> pd.DataFrame | None:
    """What the planner's unsaved work on the week began with, or else its draft, or else its published roster."""
    work, there = Shelf.of(desk).read(), desk.workspace.rosters.seen(desk.week)
    if work is not None and (work.unsaved or work.seen == there.version):
        return work.tables[0]
    return there.table


@dataclass(frozen=True)
class Shelf:
    """Where one planner's work on one week of a scenario is kept."""

    works: RosterWorks
    week: dt.date
    scenario: str

    @classmethod
    def of(cls, desk: Desk) -> Shelf:
        return cls(RosterWorks(desk.workspace.ground, user()), desk.week, desk.name)

    def read(self) -> RosterWork | None:
        """The work as it is kept; what cannot be read is put aside, which the page says."""
        try:
            return self.works.read(self.week, self.scenario)
        except InputError as error:
            self.works.set_aside(self.week, self.scenario)
            st.session_state["problem"] = error
            return None

    def version(self) -> str:
        return self.works.version(self.week, self.scenario)

    def keep(self, work: RosterWork, version: str) -> str:
        with own_draft():
            return self.works.keep(self.week, self.scenario, work, version)


def take_up(desk: Desk, table: pd.DataFrame) -> None:
    """Make a roster the planner's own work on the week, in place of what was on the desk."""
    shelf, there = Shelf.of(desk), desk.workspace.rosters.seen(desk.week)
    shelf.keep(RosterWork.on(table, there), shelf.version())
    st.session_state.get("rosters", {}).pop((str(desk.workspace.folder), desk.name, desk.week), None)
    desk.forget_latest()


def figuring(desk: Desk, made: Plan, work: Working) -> Job | None:
    """What works out the roster as it was edited, beside the page; None while it stands as it was made.

    One version at a time: edits in quick succession do not take the page's own processor time with figures that nobody
    will see. While an older version is worked out, that is returned.
    """
    if not work.edited:
        return None
    key, task = _edited(desk, made, work)
    if work.figuring is None or work.figuring.done or waiting.jobs().find(key) is not None:
        work.figuring = waiting.jobs().start(key, task, user())
    return work.figuring


def as_it_stands(desk: Desk, made: Plan, work: Working) -> Plan:
    """The plan with the roster as it was edited; until it is there, this page shows its progress and ends here."""
    if not work.edited:
        return made
    key, task = _edited(desk, made, work)
    plan: Plan = waiting.finished(key, said(WORKING_OUT), task)
    return plan


def _edited(desk: Desk, made: Plan, work: Working) -> tuple[str, Work]:
    from staffing.planner import Workload

    plain = Workload(made.scenario, made.start, made.days, made.forecast, made.requirements)
    key = f"edited-{content_hash(desk.plan_key(made.scenario), work.table)}"
    return key, Work(partial(tasks.edited, desk.source, plain, work.table))


def at_hand(inputs: Inputs, table: pd.DataFrame) -> Board:
    """The board of a version of the roster; what is known of people whom no edit touches goes from one to the next."""
    kept: list[tuple[pd.DataFrame, Board]] = st.session_state.setdefault("boards-at-hand", [])
    kept[:] = [(of, board) for of, board in kept if board.inputs is inputs]
    known = next((board for of, board in kept if of is table), None)
    if known is None:
        known = kept[-1][1].turned(table) if kept else Board(inputs, table)
    kept[:] = [*((of, board) for of, board in kept if of is not table), (table, known)][-BOARDS:]
    return known


def grid_table(table: pd.DataFrame, desk: Desk, names: list[str]) -> pd.DataFrame:
    """Agents down, days across, spans as text; columns by ISO date."""
    grid = views.week_grid(table, desk.site, desk.week, names)
    return grid.set_axis([_column(day) for day in views.days_of(desk.week)], axis=1)


def _column(day: dt.date) -> str:
    return day.isoformat()
