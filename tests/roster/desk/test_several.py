"""Several edits as one on a two-person site: choices best first, swaps, copies, gaps."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from staffing.domain.workforce import LabourRules
from staffing.errors import InputError
from staffing.roster.desk.board import Board
from staffing.roster.desk.changes import days_of
from staffing.roster.desk.several import choices, copied, filled, swapped
from tests.roster.sites import DAY, LATE, START, need, people, shifts_of, site

WANTED = need(dict.fromkeys(range(8, 17), 1.0))
TUESDAY = START + dt.timedelta(days=1)


def _board(*tables: pd.DataFrame, **more: object) -> Board:
    inputs = site(*people(2), shifts=(DAY, LATE), requirements=WANTED, **more)
    return Board(inputs, pd.concat(tables, ignore_index=True))


def test_choices_keep_the_rules_and_the_best_comes_first() -> None:
    board = _board(shifts_of("p0", "Mon 14:00-22:00"))
    found = choices(board, "p0", TUESDAY)
    assert [one.edit.shift for one in found] == ["day 09:00-18:00", "day 10:00-19:00", "late 14:00-22:00"][: len(found)]
    assert all(one.effect.allowed for one in found)
    assert [one.saves for one in found] == sorted((one.saves for one in found), reverse=True)
    after = board.with_rows(board.edited([found[0].edit]))
    assert found[0].saves == pytest.approx(-4 * found[0].effect.short_hours - found[0].effect.excess_hours - 8.0)
    assert len(after[after["activity"] == "shift"]) == 2


def test_two_people_take_each_others_days() -> None:
    board = _board(shifts_of("p0", "Mon 08:00-17:00"), shifts_of("p1", "Tue 14:00-22:00"))
    edits = swapped(board.inputs, board.table, ("p0", "p1"), (START, TUESDAY))
    after = board.with_rows(board.edited(edits))
    held = {key: str(day) for key, day in days_of(board.inputs, after).items()}
    assert held == {("p1", START): "08:00–17:00", ("p0", TUESDAY): "14:00–22:00"}
    assert board.effect(board.edited(edits)).paid_hours == pytest.approx(0.0)


def test_a_pattern_is_copied_and_all_is_refused_where_one_edit_cannot_be() -> None:
    board = _board(shifts_of("p0", "Mon 08:00-17:00", "Wed 14:00-22:00"), shifts_of("p1", "Fri 08:00-17:00"))
    days = [(board.inputs.date(day), board.inputs.date(day)) for day in range(7)]
    after = board.with_rows(board.edited(copied(days_of(board.inputs, board.table), [("p0", "p1")], days)))
    held = days_of(board.inputs, after)
    assert {day for name, day in held if name == "p1"} == {day for name, day in held if name == "p0"}
    strangers = copied(days_of(board.inputs, board.table), [("p0", "p1"), ("p0", "who")], days)
    with pytest.raises(InputError, match="no agent 'who'"):
        board.edited(strangers)


def test_a_gap_is_filled_by_whom_the_rules_allow() -> None:
    rules = LabourRules(max_days_in_row=1)
    board = _board(shifts_of("p0", "Mon 08:00-17:00"), shifts_of("p1", "Thu 08:00-17:00"), rules=rules)
    start = pd.Timestamp("2026-03-03 09:00", tz="UTC")
    found = filled(board, "calls", start, start + pd.Timedelta(hours=3))
    assert {one.edit.agent for one in found} == {"p1"}
    assert found[0].effect.short_hours < 0
    with pytest.raises(InputError, match="nobody is needed at the queue 'mail'"):
        filled(board, "mail", start, start + pd.Timedelta(hours=1))
