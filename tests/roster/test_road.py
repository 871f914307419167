"""The whole road of a roster on generated sites: made, drafted, edited, mended in mid-week, published, carried on."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from staffing.domain.workforce import DaySpan
from staffing.errors import InputError
from staffing.roster import Roster, SolveLimits, solve
from staffing.roster.desk.begun import still_broken
from staffing.roster.desk.board import Board
from staffing.roster.desk.changes import days_of
from staffing.roster.desk.edit import Edit
from staffing.roster.desk.replan import Replan, replan
from staffing.roster.given import Inputs
from staffing.roster.inputs.pins import joined, kept_rows
from staffing.roster.rules import Violation, check
from staffing.store.ground import FolderGround
from staffing.store.publications import Signed
from staffing.store.roster_days import AgentDate, begun_before
from staffing.store.rosters import RosterBook
from tests.roster.generated import generated

SITES = int(os.environ.get("STAFFING_SITES", "15"))
FIRST = int(os.environ.get("STAFFING_FIRST_SITE", "0"))
LIMITS = SolveLimits(seconds=0.4, gap=0.02)
AFTER = dt.datetime(2026, 2, 1, tzinfo=dt.UTC)
SIGNED = Signed("Ada", "the road")


@pytest.mark.parametrize("number", range(FIRST, FIRST + SITES))
def test_the_whole_road(number: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(1000 + number)
    inputs = generated(number)
    book = RosterBook(FolderGround(tmp_path), inputs.calendar)
    made = solve(inputs, LIMITS)
    _broken_by_nobody_but_the_named(check(made.table, inputs), made)
    book.keep(made.table)

    edit, table = _edited(rng, inputs, made.table)
    _broken_by_nobody_but_the_named(check(table, inputs), made)
    book.keep(table, by_hand=[] if edit is None else [(edit.agent, edit.date)])
    book.publish(inputs.start, table, SIGNED, AFTER)

    sick, now = _sick_call(rng, inputs, table)
    people = {agent.name: agent for agent in sick.agents}
    stay = {key for key in book.by_hand(inputs.start) if not people[key[0]].off_on(key[1])}  # away releases an edit
    mended = replan(replace(sick, now=now, pinned=joined(sick.pinned, kept_rows(table, stay, sick))), table, LIMITS)
    _nothing_unnamed(inputs, table, mended)
    begun = begun_before(table, now)
    pd.testing.assert_frame_equal(
        begun_before(mended.roster.table, now).reset_index(drop=True), begun.reset_index(drop=True), check_dtype=False
    )
    left, _ = still_broken(replace(sick, now=now), mended.roster.table)
    _broken_by_nobody_but_the_named(left, mended.roster)
    for key in stay:
        assert days_of(sick, table).get(key) == days_of(sick, mended.roster.table).get(key)
    book.publish(inputs.start, mended.roster.table, SIGNED, AFTER, begun=now)
    _publishing_keeps_what_has_begun(book, inputs, mended.roster.table, now)

    later = generated(number, week=1, past=book.before(inputs.start + dt.timedelta(weeks=1)))
    following = solve(later, LIMITS)
    _broken_by_nobody_but_the_named(check(following.table, later), following)
    book.publish(later.start, following.table, SIGNED, AFTER)
    assert [(entry.week, entry.version) for entry in book.journal()] == [
        (inputs.start, 1), (inputs.start, 2), (later.start, 1),
    ]  # fmt: skip


def _broken_by_nobody_but_the_named(faults: Sequence[Violation], made: Roster) -> None:
    """Rules are broken for those alone of whom the roster says that no week exists for them."""
    named = [note.partition(" exists for ")[2].partition(";")[0] for note in made.notes]
    without_a_week = {name.strip() for names in named for name in names.split(",")}
    assert [fault for fault in faults if fault.agent not in without_a_week] == []


def _edited(rng: np.random.Generator, inputs: Inputs, table: pd.DataFrame) -> tuple[Edit | None, pd.DataFrame]:
    """The first of some random edits that breaks no rule."""
    board = Board(inputs, table)
    for _ in range(20):
        agent = inputs.agents[rng.integers(len(inputs.agents))]
        kind = inputs.kinds[rng.integers(len(inputs.kinds))]
        start = int(rng.choice(kind.starts_min))
        end = (start + kind.length_min) % 1440
        text = f"{kind.name} {start // 60:02d}:{start % 60:02d}-{end // 60:02d}:{end % 60:02d}"
        edit = Edit(agent.name, inputs.date(int(rng.integers(7))), "off" if rng.random() < 0.3 else text)
        rows = board.edited([edit])
        if board.effect(rows).allowed:
            return edit, board.with_rows(rows)
    return None, table


def _sick_call(rng: np.random.Generator, inputs: Inputs, table: pd.DataFrame) -> tuple[Inputs, pd.Timestamp]:
    """Somebody calls in on a day of the week, for the days after it; and the instant of the call."""
    day = int(rng.integers(1, 5))
    now = inputs.calendar.midnight(inputs.date(day)) + pd.Timedelta(hours=int(rng.integers(0, 24)))
    who = int(rng.integers(len(inputs.agents)))
    away = DaySpan(start=inputs.date(day + 1), end=inputs.date(min(6, day + 2)))
    agent = inputs.agents[who]
    kept = tuple(span for span in agent.time_off if span.end < away.start or span.start > away.end)
    agents = list(inputs.agents)
    agents[who] = agent.model_copy(update={"time_off": (*kept, away)})
    return replace(inputs, agents=tuple(agents)), now


def _nothing_unnamed(inputs: Inputs, before: pd.DataFrame, mended: Replan) -> None:
    """Whatever differs between the rosters stands among the changes or the moved breaks."""
    old, new = days_of(inputs, before), days_of(inputs, mended.roster.table)
    named: set[AgentDate] = set(zip(mended.changes["agent"], mended.changes["date"], strict=True))
    named |= set(zip(mended.moved["agent"], mended.moved["date"], strict=True))
    assert {key for key in {*old, *new} if old.get(key) != new.get(key)} == named


def _publishing_keeps_what_has_begun(book: RosterBook, inputs: Inputs, table: pd.DataFrame, now: pd.Timestamp) -> None:
    begun = begun_before(table, now)
    if begun.empty:
        return
    with pytest.raises(InputError, match="differs from what is published"):
        book.publish(inputs.start, table.drop(begun.index[:1]), SIGNED, AFTER, begun=now)
