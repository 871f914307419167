"""What a contract owes in a week, against a ledger kept day by day and cases worked out by hand."""

from __future__ import annotations

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffing.domain.calendar import WEEKDAYS, SiteCalendar
from staffing.domain.owed import PersonDay, owed
from staffing.domain.shifts import Rotation
from staffing.domain.workforce import Agent, Contract, DaySpan
from staffing.errors import StaffingError
from tests.roster.sites import DAY, LATE, NIGHT, START, site

FULL = Contract(name="free", min_hours=40, max_hours=40, min_days=5, max_days=5)
THREE = Contract(name="free", min_hours=24, max_hours=24, min_days=3, max_days=3)
TENS = Contract(name="free", min_hours=40, max_hours=40, min_days=4, max_days=4)
WEEKEND = Contract(name="free", min_hours=16, max_hours=16, min_days=2, max_days=2)
CASES = [
    # contract, weekdays, time off (days of the week from 0), employed from, until -> hours, days
    (FULL, "mon tue wed thu fri", (5, 6), None, None, 40, 5),  # leave on days never worked
    (FULL, "mon tue wed thu fri", (4,), None, None, 32, 4),
    (FULL, "mon tue wed thu fri", (0, 1, 2, 3, 4), None, None, 0, 0),
    (THREE, "mon tue wed", (3, 4), None, None, 24, 3),
    (THREE, "mon tue wed", (0, 3), None, None, 16, 2),
    (TENS, "mon tue wed thu", (4,), None, None, 40, 4),
    (TENS, "mon tue wed thu", (3, 4), None, None, 30, 3),
    (WEEKEND, "sat sun", (0, 1, 2, 3, 4), None, None, 16, 2),
    (WEEKEND, "sat sun", (6,), None, None, 8, 1),
    (FULL, "mon tue wed thu fri", (), 2, None, 24, 3),  # joins on Wednesday
    (FULL, "mon tue wed thu fri", (), None, 1, 16, 2),  # leaves after Tuesday
    (FULL, "mon tue wed thu fri", (2,), 2, None, 16, 2),
    (FULL, "mon tue wed thu fri", (0, 1), 2, None, 24, 3),  # leave before joining is worth nothing
    (FULL, "mon tue wed thu fri sat sun", (2,), None, None, 32, 4),
    (FULL, "mon tue wed thu fri sat sun", (0, 1, 2, 3, 4), None, None, 0, 0),
]


def _owed(contract: Contract, agent: Agent, **more: object) -> tuple[int, int]:
    return site(agent, contracts=(contract,), **more).owed(agent, START)


def _day(number: int | None) -> dt.date | None:
    return None if number is None else START + dt.timedelta(days=number)


HALF = Contract(name="half", min_hours=20, max_hours=20, max_days=5)
WEEKDAYS_OF = {"monday": "08:00-18:00", **dict.fromkeys(WEEKDAYS[1:5], "08:00-18:00")}
PART_DAYS = [
    # what the person's dates are, hours owed of 40
    ({"contract_changes": ["2026-03-04 half"]}, 40 * 2 / 5 + 20 * 3 / 5),
    ({"contract_changes": ["2026-02-02 half", "2026-03-05 free"]}, 20 * 3 / 5 + 40 * 2 / 5),
    ({"contract_changes": ["2026-03-09 half"]}, 40),
    ({"contract_changes": ["2026-03-04 half"], "time_off": ["2026-03-02", "2026-03-06"]}, 8 + 12 - 4),
    ({"contract_changes": ["2026-03-04 half"], "employed_until": "2026-03-05"}, 16 + 20 * 2 / 5),
    ({"time_off": ["2026-03-02 am"]}, 36),
    ({"time_off": ["2026-03-02 pm", "2026-03-02 13:00-17:00"]}, 36),  # the hours lie in the half
    ({"time_off": ["2026-03-02 am", "2026-03-02 pm"]}, 32),
    ({"time_off": ["2026-03-02 09:00-12:00", "2026-03-02 11:00-13:00"]}, 36),  # four hours, not five
    ({"time_off": ["2026-03-07 am"]}, 40),  # on a Saturday
]


@pytest.mark.parametrize(("dates", "hours"), PART_DAYS)
def test_contracts_that_change_and_parts_of_days_are_owed_by_the_day(dates, hours) -> None:
    agent = Agent.parse({"name": "a", "contract": "free", "days": WEEKDAYS[:5], **dates})
    assert site(agent, contracts=(FULL, HALF)).owed(agent, START)[0] == hours * 60


def test_a_half_day_holiday_is_worth_half_a_day() -> None:
    calendar = SiteCalendar(
        timezone="UTC", interval_min=60, opening=WEEKDAYS_OF,
        special_days=({"name": "eve", "start": "2026-03-05", "opening": "08:00-13:00"},),
    )  # fmt: skip
    agent = Agent(name="a", contract="free", days=WEEKDAYS[:5])
    assert _owed(FULL, agent, calendar=calendar) == (36 * 60, 5)
    away = agent.model_copy(
        update={"time_off": (DaySpan(start=START + dt.timedelta(days=3), end=START + dt.timedelta(days=3)),)}
    )
    assert _owed(FULL, away, calendar=calendar) == (32 * 60, 4)


@pytest.mark.parametrize(("contract", "days", "off", "first", "last", "hours", "least"), CASES)
def test_cases_worked_out_by_hand(contract, days, off, first, last, hours, least) -> None:
    weekdays = tuple(name for name in WEEKDAYS if name[:3] in days)
    spans = tuple(DaySpan(start=_day(n), end=_day(n)) for n in off)
    agent = Agent(name="a", contract="free", days=weekdays, time_off=spans, employed_from=_day(first),
                  employed_until=_day(last))  # fmt: skip
    assert _owed(contract, agent) == (hours * 60, least)


@given(
    pattern=st.lists(st.booleans(), min_size=7, max_size=7).filter(any),
    leave=st.lists(st.booleans(), min_size=7, max_size=7),
    employed=st.integers(0, 7),
    hours=st.integers(1, 60),
)
def test_a_ledger_kept_day_by_day_agrees(pattern, leave, employed, hours) -> None:
    """Of somebody who works all of the pattern's days, each day worked is worth its share of the week."""
    count = sum(pattern)
    contract = Contract(name="c", min_hours=float(hours), max_hours=60.0, min_days=count, max_days=count)
    week = [
        PersonDay(works, day >= employed, math.inf if off else None)
        for day, (works, off) in enumerate(zip(pattern, leave, strict=True))
    ]
    worked = [day for day in range(7) if pattern[day] and day >= employed and not leave[day]]
    minutes, days = owed(contract, week)
    assert days == len(worked)
    assert minutes == pytest.approx(60 * hours * len(worked) / count, abs=1)


def test_a_day_of_leave_is_worth_what_the_contract_says() -> None:
    wednesday = (DaySpan.model_validate("2026-03-04"),)
    agent = Agent(name="a", contract="free", time_off=wednesday, team="x")
    turns = ("early", "early", "late", "late", "off", "off", "off")
    rotation = Rotation(name="r", start=START, weeks=(turns,), teams={"x": 0})
    contract = Contract(name="free", min_hours=34, max_hours=40, max_days=5)
    early = DAY.model_copy(update={"name": "early"})
    inputs = site(agent, contracts=(contract,), shifts=(early, LATE, NIGHT))
    plain = {worth: contract.model_copy(update={"leave_day": worth}) for worth in ("share", "planned", 6.0)}
    rotating = site(agent, contracts=(contract,), shifts=(early, LATE, NIGHT))
    object.__setattr__(rotating, "rotations", (rotation,))
    assert inputs.owed(agent, START, plain["share"])[0] == pytest.approx(60 * (34 - 34 / 5))
    assert inputs.owed(agent, START, plain[6.0])[0] == 60 * 28
    assert rotating.owed(agent, START, plain["planned"])[0] == 60 * (34 - 8)  # the late shift has 8 paid hours
    assert rotating.owed(agent, START, plain["share"])[0] == 60 * (34 - 34 / 4)


def test_hours_of_a_day_and_closed_days_count_as_leave() -> None:
    afternoon = (DaySpan.model_validate("2026-03-04 13:00-17:00"),)
    part = Agent(name="a", contract="free", days=WEEKDAYS[:5], time_off=afternoon)
    assert _owed(FULL, part) == (36 * 60, 5)
    closed = SiteCalendar(timezone="UTC", interval_min=60, closed_dates=(START,))
    assert _owed(FULL, Agent(name="a", contract="free", days=WEEKDAYS[:5]), calendar=closed) == (32 * 60, 4)


def test_overlapping_leave_counts_once_and_is_told() -> None:
    spans = tuple(DaySpan.model_validate(text) for text in ("2026-03-02..2026-03-04", "2026-03-03..2026-03-03"))
    agent = Agent(name="a", contract="free", days=WEEKDAYS[:5], time_off=spans)
    assert agent.overlapping_leave == (START + dt.timedelta(days=1),)
    assert _owed(FULL, agent) == (16 * 60, 2)


@pytest.mark.parametrize("text", ["2026-03-04 13:00", "2026-03-04 noon-17:00", "2026-03-04 17:00-13:00"])
def test_hours_that_cannot_be_meant_are_refused(text) -> None:
    with pytest.raises(StaffingError, match=r"no time off|end before"):
        Agent.parse({"name": "a", "contract": "free", "time_off": [text]})
