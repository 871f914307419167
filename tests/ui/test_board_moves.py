"""What hands do on the board: moves, swaps, copies and offers on a site of three people."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from staffing.domain.workforce import LabourRules
from staffing.language import speaking
from staffing.roster.desk.board import Board
from staffing.roster.rules import check
from staffing.ui import roster_desk
from staffing.ui.board_moves import answered, choices, shift_id
from staffing.ui.board_view import Sight, board_data
from tests.roster.sites import START, need, people, shifts_of, site

INPUTS = site(*people(3), requirements=need(dict.fromkeys(range(8, 18), 2.0)), rules=LabourRules(min_rest_h=11))
TABLE = pd.concat([shifts_of("p0", "Mon 08:00-17:00", "Wed 08:00-17:00"), shifts_of("p1", "Mon 14:00-22:00")])
TABLE = TABLE.reset_index(drop=True)


def board(table: pd.DataFrame = TABLE) -> Board:
    return Board(INPUTS, table)


def named(agent: str, clock: str) -> str:
    return shift_id(agent, pd.Timestamp(clock, tz="UTC"))


def hours(table: pd.DataFrame | None) -> set[tuple[str, str]]:
    assert table is not None
    rows = table[table["activity"] == "shift"]
    return {(row.agent, f"{row.start:%a %H:%M}-{row.end:%H:%M}") for row in rows.itertuples()}


MONDAY = named("p0", "2026-03-02T08:00")
LATE = named("p1", "2026-03-02T14:00")


def move(shift: str, person: str, start: str, end: str) -> dict[str, str]:
    return {"what": "move", "shift": shift, "person": person, "start": f"2026-03-{start}", "end": f"2026-03-{end}"}


def test_a_shift_moves_to_the_allowed_hours_nearest_to_where_it_is_dropped() -> None:
    answer = answered(board(), move(MONDAY, "p0", "02T09:20", "02T18:20"))
    assert hours(answer.table) == {("p0", "Mon 09:00-18:00"), ("p0", "Wed 08:00-17:00"), ("p1", "Mon 14:00-22:00")}
    assert answer.shift == named("p0", "2026-03-02T09:00")
    assert "short" in answer.told


def test_a_shift_goes_to_another_person_and_day() -> None:
    answer = answered(board(), move(MONDAY, "p2", "03T08:00", "03T17:00"))
    assert hours(answer.table) == {("p2", "Tue 08:00-17:00"), ("p0", "Wed 08:00-17:00"), ("p1", "Mon 14:00-22:00")}


def test_dropped_on_somebody_who_works_the_two_swap() -> None:
    answer = answered(board(), move(MONDAY, "p1", "02T08:00", "02T17:00"))
    assert hours(answer.table) == {("p1", "Mon 08:00-17:00"), ("p0", "Mon 14:00-22:00"), ("p0", "Wed 08:00-17:00")}


def test_a_refused_move_changes_nothing_and_says_whose_rule() -> None:
    close = shifts_of("p0", "Mon 08:00-17:00", "Tue 22:00-30:00", "Wed 08:00-17:00")
    assert check(close, INPUTS)
    table = shifts_of("p0", "Mon 14:00-22:00")
    answer = answered(board(table), {"what": "put", "person": "p0", "day": "2026-03-03", "span": "day 08:00-17:00"})
    assert not answer.taken
    assert answer.told.startswith("p0, Tue 3 Mar: ")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (move(MONDAY, "p0", "02T03:00", "02T05:00"), "p0 has no shift near 03:00-05:00 on this day."),
        (move(named("p0", "2026-03-02T07:00"), "p0", "02T09:00", "02T18:00"), "changed meanwhile"),
        (move("nonsense", "p0", "02T09:00", "02T18:00"), "changed meanwhile"),
        ({"what": "steal"}, "changed meanwhile"),
        ({"what": "put", "person": "p9", "day": "2026-03-03", "span": "off"}, "there is no agent 'p9'"),
        ({"what": "put", "person": "p0", "day": "2030-01-01", "span": "off"}, "not a day of this roster"),
        ({"what": "put", "person": "p0", "day": "<b>", "span": "off"}, "changed meanwhile"),
    ],
)
def test_nothing_that_a_browser_may_send_does_harm(change: dict[str, str], told: str) -> None:
    answer = answered(board(), change)
    assert (answer.table, told in answer.told) == (None, True), answer.told


def test_a_copied_shift_is_pasted_and_one_is_taken_out() -> None:
    pasted = answered(board(), {"what": "paste", "shift": MONDAY, "person": "p2", "day": "2026-03-06"})
    assert ("p2", "Fri 08:00-17:00") in hours(pasted.table)
    assert answered(board(), {"what": "paste", "shift": MONDAY, "onto": LATE}).taken
    assert hours(answered(board(), {"what": "remove", "shift": LATE}).table) == {
        ("p0", "Mon 08:00-17:00"),
        ("p0", "Wed 08:00-17:00"),
    }


def test_offers_hold_every_rule_and_the_best_covers_most() -> None:
    at = board()
    found = choices(at, at.people["p2"], START)
    assert found[0].span == "day 09:00-18:00"  # the late hours of the morning's need, two people being there before
    for choice in found:
        change = {"what": "put", "person": "p2", "day": str(START), "span": choice.span}
        assert answered(at, change).taken


def test_what_is_drawn_is_the_roster_in_local_time() -> None:
    sight = Sight(START, 7, ("p0", "p1"))
    data = board_data(board(), shifts_of("p0", "Mon 08:00-17:00"), sight, editable=True)
    assert [(one["person"], one["start"], one["state"]) for one in data["shifts"]] == [
        ("p0", "2026-03-02T08:00", "same"),
        ("p0", "2026-03-04T08:00", "changed"),
        ("p1", "2026-03-02T14:00", "changed"),
    ]
    assert [one["id"] for one in data["people"]] == ["p0", "p1"]
    assert data["people"][0]["note"] == "16.0 h"
    monday = {box["start"]: box["label"] for box in data["cover"]}
    assert (monday["2026-03-02T06:00"], monday["2026-03-03T09:00"]) == ("−1", "−2")


def test_the_board_speaks_persian() -> None:
    with speaking("fa"):
        data = board_data(board(), TABLE, Sight(START, 1, ("p0",)), editable=False)
        told = answered(board(), move(MONDAY, "p0", "02T09:00", "02T18:00")).told
    assert data["words"]["rtl"]
    assert data["shifts"][0]["label"] == "۰۸:۰۰–۱۷:۰۰"
    assert "کمبود" in told


def test_a_day_shows_who_began_the_evening_before() -> None:
    table = shifts_of("p0", "Mon 22:00-30:00")
    data = board_data(board(table), table, Sight(START + dt.timedelta(days=1), 1, ("p0",)), editable=True)
    assert [one["start"] for one in data["shifts"]] == ["2026-03-02T22:00"]


def test_figures_are_worked_out_for_one_version_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: dict[str, SimpleNamespace] = {}
    jobs = SimpleNamespace(find=begun.get, start=lambda key, *_: begun.setdefault(key, SimpleNamespace(done=False)))
    monkeypatch.setattr(roster_desk.waiting, "jobs", lambda: jobs)
    monkeypatch.setattr(roster_desk, "user", lambda: "Ada")
    monkeypatch.setattr(roster_desk, "_edited", lambda _desk, _made, work: (work.table, None))
    work: Any = SimpleNamespace(edited=True, figuring=None, table="first edit")
    desk: Any = None
    first = roster_desk.figuring(desk, desk, work)
    work.table = "third edit"  # made, as the second was, before the figures of the first are there
    assert roster_desk.figuring(desk, desk, work) is first
    assert list(begun) == ["first edit"]
    begun["first edit"].done = True
    assert roster_desk.figuring(desk, desk, work) is begun["third edit"]
    work.edited = False
    assert roster_desk.figuring(desk, desk, work) is None


def test_two_weeks_show_the_next_one_as_it_is_kept_and_not_to_be_moved() -> None:
    onward = TABLE.assign(**{name: TABLE[name] + pd.Timedelta(days=7) for name in ("start", "end")})
    data = board_data(board(), TABLE, Sight(START, 14, ("p0", "p1"), onward), editable=True)
    assert len(data["heads"]) == 14
    first, later = [[one for one in data["shifts"] if (one["start"] >= "2026-03-09") is late] for late in (False, True)]
    assert len(first) == len(later) == 3
    assert [one["locked"] for one in first + later] == 3 * [False] + 3 * [True]
    assert {one["state"] for one in later} == {"same"}
