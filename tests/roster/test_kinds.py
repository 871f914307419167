"""A shift's kind is what the roster says, whatever other kinds have the same hours."""

from __future__ import annotations

import pandas as pd
import pytest

from staffing.domain.duties import Pin
from staffing.domain.workforce import BreakRule, Contract, ShiftTemplate
from staffing.errors import InputError
from staffing.roster import SolveLimits, solve
from staffing.roster.desk.board import edited, judge
from staffing.roster.desk.edit import Edit
from staffing.roster.inputs.pins import pinned_rows
from staffing.roster.rules import check
from staffing.roster.rules.people import people_of
from tests.roster.sites import START, need, people, shifts_of, site

PAUSE = BreakRule(name="break", minutes=60, earliest_min=60, latest_min=120)
UNPAID = BreakRule(name="break", minutes=60, paid=False, earliest_min=60, latest_min=120)
HALF = ShiftTemplate(name="half", length_min=240, first_start="08:00", last_start="12:00", breaks=(PAUSE,))
HOME = ShiftTemplate(name="home", length_min=240, first_start="08:00", last_start="12:00", breaks=(UNPAID,))
OFFICE = Contract(name="free", max_hours=40, max_days=7, shifts=("half",))
AT_HOME = Contract(name="remote", max_hours=40, max_days=7, shifts=("home",))
BOTH = Contract(name="both", max_hours=40, max_days=7, shifts=("half", "home"))
WANTED = need({8: 2.0, 9: 2.0, 10: 2.0, 11: 2.0})


def _site(contract: str, **more: object):
    who = (people(1)[0], people(2)[1].model_copy(update={"contract": contract}))
    return site(*who, contracts=(OFFICE, AT_HOME, BOTH), shifts=(HALF, HOME), requirements=WANTED, **more)


def test_a_roster_names_each_shift_and_its_checkers_read_it_there() -> None:
    inputs = _site("remote")
    made = solve(inputs, SolveLimits(seconds=2.0, gap=0.0))
    rows = made.table[made.table["activity"] == "shift"]
    assert set(zip(rows["agent"], rows["kind"], strict=True)) == {("p0", "half"), ("p1", "home")}
    assert check(made.table, inputs) == []
    worked = {person.agent.name: person.shifts[0].paid_min for person in people_of(made.table, inputs)}
    assert worked == {"p0": 240, "p1": 180}
    swapped = made.table.assign(kind=made.table["kind"].replace({"half": "home", "home": "half"}))
    assert {fault.rule for fault in check(swapped, inputs)} == {"shift kind"}


def test_a_row_that_names_none_is_of_a_kind_its_person_may_work() -> None:
    inputs = _site("remote")
    table = shifts_of("p1", "Mon 08:00-12:00")
    table.loc[1] = ["p1", table["start"][0] + pd.Timedelta(hours=1), table["start"][0] + pd.Timedelta(hours=2),
                    "break", None]  # fmt: skip
    assert check(table, inputs) == []
    assert people_of(table, inputs)[1].shifts[0].template.name == "home"


def test_an_edit_that_two_kinds_could_mean_is_asked() -> None:
    inputs, empty = _site("both"), shifts_of("p0", "Tue 08:00-12:00")
    with pytest.raises(InputError, match="08:00-12:00 of p1 can be 'half' or 'home'") as asked:
        edited(inputs, empty, Edit("p1", START, "08:00-12:00"))
    assert "half 08:00-12:00" in str(asked.value.remedy)
    after = edited(inputs, empty, Edit("p1", START, "home 08:00–12:00"))
    assert after.loc[(after["activity"] == "shift") & (after["agent"] == "p1"), "kind"].tolist() == ["home"]
    assert judge(inputs, empty, after).paid_hours == pytest.approx(3.0)


def test_a_pin_names_its_kind() -> None:
    pin = Pin(agent="p1", day=START, shift="home 08:00-12:00")
    assert (pin.kind, pin.span_min) == ("home", (480, 720))
    pinned = pinned_rows([pin], site().calendar)
    inputs = _site("both", pinned=pinned)
    made = solve(inputs, SolveLimits(seconds=2.0, gap=0.0))
    rows = made.table[(made.table["activity"] == "shift") & (made.table["agent"] == "p1")]
    assert rows.loc[rows["start"].dt.date == START, "kind"].tolist() == ["home"]
