"""People's dates in rosters: contracts that change, work elsewhere, half days, weeks that alternate, no hours owed."""

from __future__ import annotations

import pytest

from staffing.domain.calendar import WEEKDAYS, SiteCalendar
from staffing.domain.workforce import Agent, Contract
from staffing.errors import InputError, InputErrors
from staffing.roster import SolveLimits, solve
from staffing.roster.given import Inputs
from staffing.roster.rules import check
from tests.roster.sites import DAY, LATE, NIGHT, need, shifts_of, site

LIMITS = SolveLimits(2.0, 0.0)
FULL = Contract(name="full", min_hours=40, max_hours=40, max_days=5, shifts=("day",))
HALF = Contract(name="half", min_hours=20, max_hours=32, max_days=5, shifts=("late", "day"))
ZERO = Contract(name="zero", max_hours=40, max_days=5)
NOBODY = need(0.0)
BUSY = need(dict.fromkeys(range(8, 18), 2.0))


def person(**fields: object) -> Agent:
    return Agent.parse({"name": "Ada", "contract": "full", "days": WEEKDAYS[:5], **fields})


def alone(agent: Agent, **more: object) -> Inputs:
    return site(agent, contracts=(FULL, HALF, ZERO), **{"requirements": BUSY, **more})


def rostered(inputs: Inputs) -> list[str]:
    """Days and hours of the roster that is made; the checkers find nothing wrong with it."""
    made = solve(inputs, LIMITS)
    assert check(made.table, inputs) == []
    rows = made.table[made.table["activity"] == "shift"]
    return [f"{row.start:%a %H:%M}-{row.end:%H:%M}" for row in rows.sort_values("start").itertuples()]


def broken(inputs: Inputs, *shifts: str) -> set[str]:
    return {fault.rule for fault in check(shifts_of("Ada", *shifts), inputs)}


def test_a_contract_changes_on_a_wednesday() -> None:
    inputs = alone(person(contract_changes=["2026-03-04 half"]))
    terms = inputs.terms(inputs.agents[0], inputs.start)
    assert (terms.max_hours, terms.max_days) == (40 * 2 / 5 + 32 * 3 / 5, 5)
    assert len(rostered(inputs)) == 4  # between 28 and 35.2 h in days of 8 h
    late = broken(inputs, "Mon 14:00-22:00", "Wed 14:00-22:00", "Thu 14:00-22:00")
    assert "shift kind" in late  # on Monday the old contract has no late shifts
    assert "shift kind" not in broken(inputs, "Wed 14:00-22:00")


def test_two_contracts_on_one_day_are_refused_and_so_is_an_unknown_one() -> None:
    with pytest.raises(InputErrors, match="two contracts begin on 2026-03-04"):
        person(contract_changes=["2026-03-04 half", "2026-03-04 full"])
    with pytest.raises(InputError, match="unknown contract 'third'"):
        solve(alone(person(contract_changes=["2026-03-04 third"])), LIMITS)


def test_work_elsewhere_counts_in_hours_days_and_rest() -> None:
    inputs = alone(person(contract="zero", elsewhere=["2026-03-03 22:00-06:00", "2026-03-05 08:00-16:00"]))
    found = rostered(inputs)
    assert not any(day in text for text in found for day in ("Tue", "Thu"))
    assert not any("Wed 08" in text or "Wed 09" in text or "Wed 10" in text for text in found)  # 11 h after 06:00
    assert "rest" in broken(inputs, "Wed 08:00-17:00")
    assert "one shift a day" in broken(inputs, "Thu 08:00-17:00")
    days = [f"{day} 08:00-17:00" for day in ("Mon", "Wed", "Fri", "Sat", "Sun")]
    assert "hours per week" in broken(inputs, *days)  # 40 here and 16 elsewhere
    assert broken(inputs, "Mon 08:00-17:00", "Fri 08:00-17:00") == set()


def test_more_hours_elsewhere_than_the_contract_has_are_refused() -> None:
    with pytest.raises(InputError, match="works 48 h elsewhere in the week of 2026-03-02, the contract allows 40 h"):
        solve(alone(person(elsewhere=[f"2026-03-0{day} 00:00-24:00" for day in (2, 4)])), LIMITS)


def test_a_contract_of_no_hours_owes_none_and_may_work_where_needed() -> None:
    assert rostered(alone(person(contract="zero"), requirements=NOBODY)) == []
    assert len(rostered(alone(person(contract="zero")))) == 5
    none = Contract(name="zero", max_hours=0, max_days=5)
    assert rostered(site(person(contract="zero"), contracts=(none,), requirements=BUSY)) == []


def test_the_site_closes_at_noon_on_a_half_day_holiday() -> None:
    hours = dict.fromkeys(WEEKDAYS, "08:00-18:00")
    eve = {"name": "eve", "start": "2026-03-05", "opening": "08:00-13:00"}
    calendar = SiteCalendar(timezone="UTC", interval_min=60, opening=hours, special_days=(eve,))
    assert len(calendar.open_grid(calendar.special_days[0].start, 1)) == 5
    inputs = site(person(contract="zero"), contracts=(ZERO,), requirements=BUSY, calendar=calendar, shifts=(DAY,))
    assert not any("Thu" in text for text in rostered(inputs))
    assert "opening hours" in broken(inputs, "Thu 08:00-17:00")


def test_half_a_day_of_leave_keeps_the_other_half() -> None:
    inputs = alone(person(contract="zero", time_off=["2026-03-03 am"]), shifts=(DAY, LATE, NIGHT))
    assert "time off" in broken(inputs, "Tue 08:00-17:00")
    assert broken(inputs, "Tue 14:00-22:00") == set()
    assert "Tue 08:00-17:00" not in rostered(inputs)


def test_weekdays_alternate_by_week() -> None:
    agent = person(contract="zero", days=["monday", "tuesday"], other_days=["thursday"], other_weeks_from="2026-03-09")
    inputs = alone(agent, days=14, requirements=need(dict.fromkeys(range(8, 18), 2.0), days=14))
    assert {text[:3] for text in rostered(inputs)} == {"Mon", "Tue", "Thu"}
    assert "availability" in broken(inputs, "Thu 08:00-17:00")
    assert broken(inputs, "Mon 08:00-17:00", "Thu+1 08:00-17:00") == set()
    with pytest.raises(InputErrors, match="belong together"):
        person(other_days=["monday"])
