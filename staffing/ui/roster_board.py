"""The Board tab of the roster: the week on a timeline, changed by hand, every rule answering at once."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from staffing.language import digits, marked, weekday_short
from staffing.language import text as said
from staffing.roster.desk.board import Board
from staffing.ui import address, roster_desk, text, views
from staffing.ui.board_moves import answered, choices
from staffing.ui.board_view import Sight, board_data
from staffing.ui.components.board import board as drawn
from staffing.ui.roster_desk import Working
from staffing.ui.state import Desk

if TYPE_CHECKING:
    from collections.abc import Callable

    from staffing.domain.workforce import Agent
    from staffing.planner import Plan
    from staffing.roster.given import Inputs

WEEK, FORTNIGHT = marked("Week"), marked("Two weeks")
HELP = marked(
    "Drag a shift to another person, day or hour, or pull its ends. Double-click a free day for shifts that fit. "
    "Keys: arrows move, Shift pulls the end, Alt moves a whole day, Enter opens, Ctrl+C, V and Z."
)


def tab(desk: Desk, made: Plan, work: Working, inputs: Inputs) -> None:
    """The roster as it stands, to be changed by dragging, by keyboard or from a menu.

    What is only looked at otherwise, asked or refused runs the board alone; a change is the whole page's matter.
    """
    st.fragment(_drawn)(desk, made, work, inputs, (work.table, work.problem))


def _drawn(desk: Desk, made: Plan, work: Working, inputs: Inputs, stood: tuple[object, object]) -> None:
    if work.table is not stood[0] or work.problem is not stood[1]:
        st.rerun()
    board, key = (
        roster_desk.at_hand(inputs, work.table),
        f"board-{desk.workspace.folder.name}-{made.scenario.name}-{desk.week}",
    )
    sight = _sight(desk, made, board)
    left, undo, redo = st.columns([5, 1, 1], vertical_alignment="center")
    left.caption(said(HELP))
    undo.button(said("Undo"), key=f"{key}-undo", icon=":material/undo:", disabled=not work.edited, on_click=work.undo)
    redo.button(said("Redo"), key=f"{key}-redo", icon=":material/redo:", disabled=not work.undone, on_click=work.redo)
    shown = work.first if work.seen.table is None else work.seen.table
    data = board_data(board, shown, sight, editable=True)
    said_key = f"{key}-said"

    def done(change: dict[str, Any]) -> None:
        st.session_state[said_key] = _done(board, work, change)

    drawn({**data, **st.session_state.get(said_key, {})}, key=key, on_change=done)


def _sight(desk: Desk, made: Plan, board: Board) -> Sight:
    """Days and people chosen above the board."""
    days = views.days_of(desk.week)
    offered: dict[str, str | dt.date] = {"week": WEEK, "fortnight": FORTNIGHT, **{str(day): day for day in days}}
    address.stand("board-days", offered, WEEK, name="days")
    day = st.pills(
        said("Days"),
        list(offered.values()),
        format_func=lambda one: said(one) if isinstance(one, str) else weekday_short(one),
        key="board-days",
        required=True,
    )
    *places, hour = st.columns(4)
    people = _chosen(list(made.scenario.agents), places)
    seen = [day] if isinstance(day, dt.date) else days
    address.stand("board-hour", range(24), name="on-at")
    at = hour.selectbox(
        said("On at"),
        list(range(24)),
        index=None,
        placeholder=said("any hour"),
        format_func=lambda one: digits(f"{one:02d}:00"),
        key="board-hour",
        help=said("Only who is on at this hour, on the days shown."),
    )
    names = (one.name for one in people if at is None or _on_at(board, one.name, seen, at))
    if day != FORTNIGHT:
        return Sight(seen[0], len(seen), tuple(names))
    onward = desk.workspace.rosters.at_hand(desk.week + dt.timedelta(days=7))
    return Sight(seen[0], 2 * len(seen), tuple(names), onward)


def _chosen(people: list[Agent], places: list[Any]) -> list[Agent]:
    """People of the teams, skills and contracts chosen; none chosen means all."""
    kinds: tuple[tuple[str, Callable[[Agent], list[str]]], ...] = (
        (said("Team"), lambda one: [one.team] if one.team else []),
        (said("Skill"), lambda one: list(one.skills)),
        (said("Contract"), lambda one: [one.contract]),
    )
    left = people
    for place, (label, of) in zip(places, kinds, strict=True):
        names = sorted({name for agent in people for name in of(agent)})
        if len(names) > 1:
            chosen = set(
                place.multiselect(label, names, format_func=text.escape, key=f"board-{label}", placeholder=said("all"))
            )
            left = [one for one in left if not chosen or chosen & set(of(one))]
    return left


def _on_at(board: Board, name: str, days: list[dt.date], hour: int) -> bool:
    rows = board.rows.get(name)
    if rows is None:
        return False
    shifts = rows[rows["activity"] == "shift"]
    moments = [board.inputs.calendar.midnight(day) + pd.Timedelta(hours=hour) for day in days]
    return any(((shifts["start"] <= moment) & (shifts["end"] > moment)).any() for moment in moments)


def _done(board: Board, work: Working, change: dict[str, Any]) -> dict[str, Any]:
    """Carry out what was done on the board; what it is to say about it."""
    what, number = change.get("what"), change.get("number")
    if what in ("undo", "redo"):
        (work.undo if what == "undo" else work.redo)()
        return {"heard": number}
    if what == "ask":
        return {"heard": number, "offers": {"number": number, **_offers(board, change)}}
    answer = answered(board, change)
    if answer.table is not None:
        work.take(answer.table, answer.days)
    told = {"number": number, "taken": answer.taken, "told": answer.told, "shift": answer.shift}
    return {"heard": number, "answer": told}


def _offers(board: Board, change: dict[str, Any]) -> dict[str, Any]:
    name, day = str(change.get("person")), dt.date.fromisoformat(str(change.get("start"))[:10])
    found = choices(board, board.people[name], day) if name in board.people else []
    head = f"{name}, {text.short_day(day, board.inputs.calendar)}"
    told = head if found else said("{who}: no shift fits under the rules.", who=head)
    return {"person": name, "day": str(day), "told": told, "choices": [vars(choice) for choice in found]}
