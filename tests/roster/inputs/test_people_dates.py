"""Joining, leaving and leave by the hour: what the engine makes, what checkers allow, and what cannot be meant."""

from __future__ import annotations

import datetime as dt

import pytest

from staffing.domain.duties import Pin
from staffing.domain.workforce import Agent, Contract, DaySpan
from staffing.errors import InputError
from staffing.roster import SolveLimits, solve
from staffing.roster.inputs.pins import pinned_rows
from staffing.roster.rules import check
from tests.roster.sites import DAY, LATE, START, need, people, shifts_of, site

LIMITS = SolveLimits(seconds=2.0, gap=0.0)
BUSY = need(dict.fromkeys(range(8, 22), 3.0))
FULL = Contract(name="free", min_hours=40, max_hours=40, min_days=5, max_days=5)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


def _person(**fields: object) -> Agent:
    return Agent.parse({"name": "p0", "contract": "free", "days": WEEKDAYS, **fields})


@pytest.mark.parametrize(
    ("fields", "days"),
    [
        ({"employed_from": "2026-03-04"}, {2, 3, 4}),
        ({"employed_until": "2026-03-03"}, {0, 1}),
        ({"time_off": ["2026-03-07..2026-03-08"]}, {0, 1, 2, 3, 4}),
    ],
)
def test_the_engine_rosters_what_is_owed_by_the_day(fields, days) -> None:
    inputs = site(_person(**fields), contracts=(FULL,), shifts=(DAY,), requirements=BUSY)
    made = solve(inputs, LIMITS)
    assert check(made.table, inputs) == []
    assert {(shift.date() - START).days for shift in made.table[made.table["activity"] == "shift"]["start"]} == days
    assert not [note for note in made.notes if "lowered" in note]


def test_hours_off_keep_shifts_out_of_them() -> None:
    away = _person(time_off=["2026-03-02 16:00-18:00"])
    loose = Contract(name="free", max_hours=40, max_days=5)
    inputs = site(away, contracts=(loose,), shifts=(DAY, LATE), requirements=BUSY)
    made = solve(inputs, LIMITS)
    assert check(made.table, inputs) == []
    assert START not in {start.date() for start in made.table["start"]}
    assert [f.what for f in check(shifts_of("p0", "Mon 08:00-17:00"), inputs)] == ["works in granted hours"]
    assert check(shifts_of("p0", "Tue 08:00-17:00"), inputs) == []


def test_a_pin_outside_the_employment_is_named() -> None:
    newcomer = _person(employed_from=START + dt.timedelta(days=2))
    pin = Pin(agent="p0", day=START, shift="08:00-17:00")
    inputs = site(newcomer, *people(2)[1:], shifts=(DAY,), requirements=BUSY,
                  pinned=pinned_rows([pin], site().calendar))  # fmt: skip
    with pytest.raises(InputError, match="works outside the employment"):
        solve(inputs, LIMITS)


def test_hours_of_a_period_are_lowered_by_leave() -> None:
    contract = Contract(name="free", max_hours=40, max_days=5, period_weeks=2, period_start=START, min_period_hours=64)
    away = _person(time_off=(DaySpan.model_validate("2026-03-02..2026-03-06"),))
    inputs = site(away, contracts=(contract,), shifts=(DAY,), requirements=need({9: 0.0}, days=14), days=14)
    made = solve(inputs, LIMITS)
    assert check(made.table, inputs) == []
    assert made.paid_hours == pytest.approx(32.0)
