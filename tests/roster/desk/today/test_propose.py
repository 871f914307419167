"""The rest of small days, worked out by hand, and on generated ones judged by the independent checkers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from staffing.domain.activities import ABSENT, OVERTIME, TIME_OFF
from staffing.domain.duties import Session
from staffing.domain.workforce import Agent, Contract
from staffing.errors import InputError
from staffing.evaluation.shifts import read_roster
from staffing.requirements import requirements
from staffing.roster.desk.today.board import at_queue
from staffing.roster.desk.today.changes import Extended, Moved, with_changes
from staffing.roster.desk.today.propose import RestOfDay, _board
from staffing.roster.desk.today.seats import NOBODY
from staffing.roster.inputs.options import grid_of
from staffing.roster.inputs.presence import present
from staffing.roster.rules import check
from staffing.tables import ROSTER
from tests.roster.desk.today.days import at, expected, proposed, scenario_of
from tests.roster.sites import DAY, people, shifts_of, site

BUSY_TWELVE = dict.fromkeys(range(8, 17), 3.0) | {12: 9.0}


def crew(count: int) -> pd.DataFrame:
    """Everybody from eight to five, at lunch from twelve to one."""
    rows = [shifts_of(f"p{i}", "Mon 08:00-17:00").assign(kind=["day", None]) for i in range(count)]
    return ROSTER.check(pd.concat(rows, ignore_index=True))


def contract(**terms: object) -> tuple[Contract, ...]:
    return (Contract(name="free", max_hours=9, max_days=7, **terms),)


def all_of(made: RestOfDay) -> pd.DataFrame:
    return made.accepted(range(1, len(made.proposals) + 1))


def test_lunch_leaves_the_busy_hour_as_long_as_it_has_not_begun() -> None:
    inputs = site(*people(2), shifts=(DAY,), contracts=contract())
    made = proposed(inputs, crew(2), expected(BUSY_TWELVE), at("10:00"))
    moves = [change for one in made.proposals for change in one.changes]
    assert {type(change) for change in moves} == {Moved}
    assert {(change.before.hour, change.agent) for change in moves} <= {(12, "p0"), (12, "p1")}
    assert made.proposals
    assert all(change.after.hour != 12 for change in moves)
    assert made.after.in_time["calls"] > made.before.in_time["calls"]
    assert sum(one.contacts for one in made.proposals) > 0
    begun = proposed(inputs, crew(2), expected(BUSY_TWELVE), at("12:10"))
    assert not any(isinstance(change, Moved) for one in begun.proposals for change in one.changes)


def test_notice_keeps_the_next_minutes_as_they_are() -> None:
    inputs = site(*people(2), shifts=(DAY,), contracts=contract())
    made = proposed(inputs, crew(2), expected({8: 9.0, 11: 60.0, 12: 60.0, 13: 60.0}), at("11:30", notice_min=60))
    assert not any(isinstance(change, Moved) for one in made.proposals for change in one.changes)


def test_who_is_there_too_much_may_leave_after_the_last_break_and_is_asked_in_turn() -> None:
    three = people(3)
    wishing = (three[0], three[1].model_copy(update={"avoids": (TIME_OFF,)}),
               three[2].model_copy(update={"prefers": (TIME_OFF,)}))  # fmt: skip
    inputs = site(*wishing, shifts=(DAY,), contracts=contract(voluntary_hours=2))
    quiet = dict.fromkeys(range(8, 15), 6.0) | {15: 0.3, 16: 0.3}
    made = proposed(inputs, crew(3), expected(quiet), at("13:00"))
    first, *_ = [one for one in made.proposals if one.kind == TIME_OFF]
    assert first.agents == ("p2",)
    assert first.then[-1] == "p1"
    assert first.pay < 0
    (spell,) = first.changes
    assert (spell.start.hour, spell.end.hour) == (15, 17)
    table = all_of(made)
    assert check(table, replace(inputs, requirements=expected(quiet).assign(agents=1.0, agents_scheduled=1.0))) == []
    paid = read_roster(table, scenario_of(inputs)).shifts.set_index("agent")["paid_hours"]
    assert paid["p2"] == pytest.approx(6.0)  # eight, less the two that were given back


def test_overtime_has_its_price_its_rest_and_its_fair_turn() -> None:
    hours = {"max_hours": 8, "overtime_hours": 3, "overtime_factor": 1.5}
    contracts = (Contract(name="free", max_days=7, **hours),)
    past = shifts_of("p0", "Fri-1 08:00-17:00")
    spell = past.iloc[0]["end"]
    extra = Extended("p0", "calls", spell, spell + pd.Timedelta(hours=2))
    inputs = site(*people(2), shifts=(DAY,), contracts=contracts, past=ROSTER.check(with_changes(past, [extra])))
    late = dict.fromkeys(range(8, 17), 6.0) | {17: 8.0, 18: 8.0}
    made = proposed(inputs, crew(2), expected(late), at("14:00"))
    asked = [one for one in made.proposals if one.kind == OVERTIME]
    assert asked[0].agents == ("p1",)  # p0 had two hours last week
    assert asked[0].then == ("p0",)
    (spell,) = asked[0].changes
    assert spell.start.hour == 17
    hours_on = (spell.end - spell.start).total_seconds() / 3600
    assert asked[0].pay == pytest.approx(1.5 * hours_on)
    table = all_of(made)
    assert check(table, replace(inputs, requirements=made_requirements(late))) == []
    tired = pd.concat([crew(2), shifts_of("p1", "Tue 04:00-13:00", lunch=False)], ignore_index=True)
    again = proposed(inputs, tired, expected(late), at("14:00"))
    assert all(one.agents != ("p1",) for one in again.proposals if one.kind == OVERTIME)


def made_requirements(by_hour: dict[int, float]) -> pd.DataFrame:
    return expected(by_hour).assign(agents=1.0, agents_scheduled=1.0)


def test_people_go_where_more_contacts_wait_whole_hours_and_only_with_the_skill() -> None:
    both = Agent(name="p0", contract="free", skills=("calls", "mail"))
    one = Agent(name="p1", contract="free", skills=("calls",))
    inputs = site(both, one, shifts=(DAY,), contracts=contract())
    calls = pd.concat([expected(dict.fromkeys(range(8, 17), 2.0)), expected({14: 9.0, 15: 9.0}, "mail")])
    made = proposed(inputs, crew(2), calls.reset_index(drop=True), at("12:30"))
    spells = [change for step in made.proposals if step.kind == "queue" for change in step.changes]
    assert [(s.agent, s.queue, s.start.hour, s.end.hour) for s in spells] == [("p0", "mail", 14, 16)]
    counts = present(all_of(made), grid_of(inputs), ("calls", "mail"), ())
    assert counts[1, 13:17].tolist() == [0, 1, 1, 0]


def test_who_is_quick_at_a_queue_goes_there_and_counts_for_more() -> None:
    quick, slow = {"mail": 0.5}, {"mail": 2.0}
    three = [Agent(name=f"p{i}", contract="free", handle_factors=own) for i, own in enumerate((slow, quick, slow))]
    inputs = site(*three, shifts=(DAY,), contracts=contract())
    calls = pd.concat([expected(dict.fromkeys(range(8, 17), 2.0)), expected({14: 9.0, 15: 9.0}, "mail")])
    made = proposed(inputs, crew(3), calls.reset_index(drop=True), at("12:30"))
    spells = [change for step in made.proposals if step.kind == "queue" for change in step.changes]
    assert [(s.agent, s.queue, s.start.hour, s.end.hour) for s in spells[:1]] == [("p1", "mail", 14, 16)]
    alike = site(*people(3), shifts=(DAY,), contracts=contract())
    plain = proposed(alike, crew(3), calls.reset_index(drop=True), at("12:30"))
    assert made.proposals[0].contacts > plain.proposals[0].contacts


def test_what_a_person_of_other_handle_times_adds_is_what_is_lost_without() -> None:
    factors = ({"calls": 0.5, "mail": 1.25}, {"calls": 1.6}, {})
    three = [Agent(name=f"p{i}", contract="free", handle_factors=own) for i, own in enumerate(factors)]
    inputs = site(*three, shifts=(DAY,), contracts=contract())
    calls = pd.concat([expected({8: 2.0, 13: 5.0, 14: 11.0, 15: 17.0, 16: 8.0}), expected({15: 4.0}, "mail")])
    calls, scenario = calls.reset_index(drop=True), scenario_of(inputs, "calls", "mail")
    inputs = replace(inputs, requirements=requirements(calls, scenario), queues=("calls", "mail"))
    board, _ = _board(inputs, scenario, crew(3), calls, at("12:30"))
    assert board.counts[0, 0] == pytest.approx(2.0 + 1 / 1.6 + 1.0)
    for number, seat in enumerate(board.seats):
        for served in (seat.serves, np.where(seat.serves == 0, 1, seat.serves)):
            here = replace(seat, serves=served)
            board.put(number, here)
            gains, before = board.marginal(number, board.worth.price), board.money(board.worth.price)
            board.put(number, replace(seat, serves=np.full_like(served, NOBODY)))
            lost = before - board.money(board.worth.price)
            board.put(number, seat)
            assert float((at_queue(here, gains) * (here.at != NOBODY)).sum()) == pytest.approx(lost)


def test_a_meeting_moves_for_all_or_for_nobody() -> None:
    meeting = Session(name="weekly", activity="meeting", minutes=60, start="2026-03-02", end="2026-03-02",
                      earliest="14:00", latest="17:00", together=True)  # fmt: skip
    inputs = replace(site(*people(2), shifts=(DAY,), contracts=contract()), sessions=(meeting,))
    start = pd.Timestamp("2026-03-02 14:00", tz="UTC")
    held = [(f"p{i}", start, start + pd.Timedelta(hours=1), "meeting", None, None) for i in range(2)]
    table = ROSTER.check(pd.concat([crew(2), pd.DataFrame(held, columns=list(crew(1).columns))], ignore_index=True))
    calls = dict.fromkeys(range(8, 17), 3.0) | {14: 12.0, 16: 0.5}
    made = proposed(inputs, table, expected(calls), at("13:00"))
    (step,) = [one for one in made.proposals if one.kind == "meeting"]
    assert step.agents == ("p0", "p1")
    assert {change.after.hour for change in step.changes} == {16}
    assert check(all_of(made), replace(inputs, requirements=made_requirements(calls))) == []


def test_the_sick_and_the_late_are_absent_and_nobody_counts_them() -> None:
    inputs = site(*people(3), shifts=(DAY,), contracts=contract())
    late = pd.Timestamp("2026-03-02 11:00", tz="UTC")
    moment = at("10:00", sick=("p0",), late={"p1": late})
    made = proposed(inputs, crew(3), expected(BUSY_TWELVE), moment)
    rows = made.table[made.table["activity"].isin(ABSENT)].set_index("agent")
    assert rows.loc["p0", "start"] == moment.now
    assert rows.loc["p1", "end"] == late
    counts = present(made.table, grid_of(inputs), ("calls",), ())[0]
    assert counts[8:17].tolist() == [2, 2, 1, 2, 0, 2, 2, 2, 2]
    assert check(all_of(made), replace(inputs, requirements=made_requirements(BUSY_TWELVE))) == []
    paid = read_roster(made.table, scenario_of(inputs)).shifts.set_index("agent")["paid_hours"]
    assert paid["p1"] == pytest.approx(5.0)  # eight, less three nobody pays


@pytest.mark.parametrize(
    ("moment", "says"),
    [
        (at("20:00"), "no shift left"),
        (at("10:00", sick=("nobody",)), "no agent 'nobody'"),
        (at("10:00", sick=("p1",)), "p1 has no shift left"),
        (at("10:00", late={"p0": pd.Timestamp("2026-03-02 18:00", tz="UTC")}), "cannot come late"),
        (at("10:00", late={"p0": pd.Timestamp("2026-03-02 09:00", tz="UTC")}), "cannot come late"),
    ],
)
def test_what_cannot_be_meant_is_refused(moment: object, says: str) -> None:
    inputs = site(*people(2), shifts=(DAY,), contracts=contract())
    with pytest.raises(InputError, match=says):
        proposed(inputs, crew(1), expected(BUSY_TWELVE), moment)  # type: ignore[arg-type]


def test_a_proposal_that_is_not_there_is_refused() -> None:
    inputs = site(*people(2), shifts=(DAY,), contracts=contract())
    made = proposed(inputs, crew(2), expected(BUSY_TWELVE), at("10:00"))
    with pytest.raises(InputError, match="no proposal 99"):
        made.accepted([99])
    assert made.accepted([]).equals(made.table)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_every_choice_of_proposals_keeps_all_rules_and_what_has_begun(seed: int) -> None:
    from benchmarks.rest_of_day import day_of, week
    from staffing.roster.desk.today.propose import propose

    rng = np.random.default_rng(seed)
    day = day_of(week(12, seed, gap=0.2), seed, seed)
    made = propose(day.inputs, day.scenario, day.table, day.noon, day.moment)
    assert made.proposals
    before, now = check(day.table, day.inputs), day.moment.earliest
    for chosen in (range(1, len(made.proposals) + 1), np.flatnonzero(rng.random(len(made.proposals)) < 0.5) + 1):
        table = made.accepted(int(n) for n in chosen)
        assert [fault for fault in check(table, day.inputs) if fault not in before] == []
        assert _until(table, now).equals(_until(day.table, now))
        assert len(table[table["activity"] == "shift"]) == len(day.table[day.table["activity"] == "shift"])


def _until(table: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """Who serves what before a moment, by slot."""
    inside = table[table["start"] < now].assign(end=table["end"].clip(upper=now))
    columns = ["agent", "start", "end", "activity", "queue"]
    return inside.sort_values(["agent", "start", "end"])[columns].reset_index(drop=True)
