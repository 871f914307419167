"""A workspace's base changed step by step, and people pasted out of a spreadsheet."""

import datetime as dt

import pytest

from staffing.domain.workforce import Agent
from staffing.errors import InputError, InputErrors
from staffing.store.absences import Absence, add_absences
from staffing.store.base import Base
from staffing.store.csv_files import agents_csv, agents_of
from staffing.store.pasted import pasted_people
from staffing.store.workspace import Workspace
from tests import small


@pytest.fixture
def base(tmp_path):
    return Base(Workspace.open(small.make(tmp_path / "desk")), "ada")


def test_a_step_is_in_the_store_at_once_and_can_be_taken_back(base):
    before = base.scenario
    base.change({"service": {"threshold_s": 30.0}})
    base.change({"rules": {"max_days_in_row": 5}})
    again = Workspace.open(base.workspace.place).base
    assert (again.service.threshold_s, again.rules.max_days_in_row) == (30.0, 5)
    assert base.steps == 2
    base.undo()
    assert base.scenario == before.patched({"service": {"threshold_s": 30.0}})
    base.undo()
    assert base.scenario == before
    base.undo()
    assert (base.scenario, base.steps) == (before, 0)


def test_what_does_not_fit_changes_nothing(base):
    before = base.version
    with pytest.raises(InputErrors, match="max_days_in_row"):
        base.change({"rules": {"max_days_in_row": 99}})
    assert (base.version, base.steps) == (before, 0)


def test_a_scenario_that_stands_on_the_base_keeps_its_ground(base):
    (base.workspace.folder / "scenarios" / "early.toml").write_text(
        'base = "base"\n[[events]]\nname = "fair"\nkind = "fair"\nstart = 2026-12-01\nqueues = ["voice"]\n',
        encoding="utf-8",
    )
    whole = base.scenario.model_dump(exclude_none=True)
    other = base.scenario.parse({**whole, "queues": [{"name": "other"}], "events": [], "agents": []})
    with pytest.raises(InputError, match="unknown queue 'voice'"):
        base.put(other)
    assert base.scenario.queues[0].name == "voice"


def test_sick_calls_stay_sick_calls(base):
    with base.workspace.ground.change() as change:
        add_absences(change, [Absence("Ada", dt.date(2026, 11, 26), dt.date(2026, 11, 26))])
    base.change({"prices": {"agent_hour": 21.0}})
    assert "2026-11-26" not in (base.workspace.folder / "agents.csv").read_text(encoding="utf-8")
    ada = next(one for one in Workspace.open(base.workspace.place).base.agents if one.name == "Ada")
    assert ada.off_on(dt.date(2026, 11, 26))


@pytest.mark.parametrize("name", ["eu", "iran"])
def test_a_preset_with_a_rule_of_its_own_default_stays_what_it_is(base, name):
    made = base.put(base.scenario.parse({**base.scenario.model_dump(exclude_none=True), "rules": {"preset": name}}))
    loose = base.put(made.patched({"rules": {"night_allowance": 0.0, "weekly_rest_h": {"remove": True}}}))
    assert base.scenario.rules.model_copy(update={"preset": ""}) == loose.rules.model_copy(update={"preset": ""})


def test_people_are_read_back_as_they_were_written():
    people = (
        Agent(name="=Bob()", contract="full"),
        Agent(
            name="سارا، احمدی",
            contract="part",
            team="north",
            skills=("voice", "chat"),
            secondary=("chat",),
            shares={"voice": 0.5, "chat": 0.25},
            handle_factors={"chat": 1.25},
            days=("monday", "friday"),
            earliest=480,
            latest=1440,
            time_off=("2026-12-24..2026-12-26", "2026-12-30 13:00-17:00"),
            senior=True,
            employed_from=dt.date(2026, 1, 1),
            rotation_week=0,
        ),
    )
    assert agents_of(agents_csv(people)) == people


def test_people_are_pasted_with_and_without_headings():
    plain = pasted_people("Ada\tnorth\tfull\tvoice; chat\n\nBob\n", "part")
    assert [(one.name, one.team, one.contract, one.skills) for one in plain] == [
        ("Ada", "north", "full", ("voice", "chat")),
        ("Bob", "", "part", ()),
    ]
    headed = pasted_people("قرارداد,نام\nfull,سارا\n", "part")
    assert [(one.name, one.contract) for one in headed] == [("سارا", "full")]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (" \n", "nothing was pasted"),
        ("Name\tShoe size\nAda\t38", "Shoe size"),
        ("Ada\tnorth\tfull\tvoice\tmonday", "four cells"),
        ("Ada\nAda", "stands in row"),
    ],
)
def test_what_cannot_be_pasted_is_said(typed, told):
    with pytest.raises(InputError, match=told):
        pasted_people(typed, "full")
