"""What cannot be meant is refused with one clear error; what nobody can meet is a stated shortage."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from staffing.domain.duties import Pin
from staffing.domain.presets import preset, preset_names
from staffing.domain.scenario import Scenario
from staffing.domain.workforce import Agent, BreakRule, Contract, LabourRules, RuleChange, ShiftTemplate
from staffing.errors import InputError, InputErrors, StaffingError
from staffing.roster import SolveLimits, roster, solve
from staffing.roster.inputs.build import build
from staffing.roster.inputs.pins import kept_rows, pinned_rows
from staffing.roster.rules import check
from tests.roster.sites import DAY, FREE, NIGHT, PRICES, START, need, people, shifts_of, site

ANN = {"name": "ann", "contract": "free"}


def test_no_agents() -> None:
    with pytest.raises(InputError, match="no agents"):
        build(replace(site(), agents=()))


def test_no_shifts_and_no_requirements() -> None:
    with pytest.raises(InputError, match="no shifts"):
        build(site(shifts=()))
    with pytest.raises(InputError, match="empty"):
        build(site(requirements=need(1.0).iloc[:0]))


def test_unknown_skill_contract_and_shift_are_named() -> None:
    with pytest.raises(InputError, match=r"unknown skill 'fax'.*Known: calls"):
        build(site(Agent(**ANN, skills=("fax",))))
    with pytest.raises(InputError, match=r"unknown contract 'gold'.*Known: free"):
        build(site(Agent(name="ann", contract="gold")))
    with pytest.raises(InputError, match="unknown shift 'noon'"):
        build(site(contracts=(Contract(name="free", max_hours=40, shifts=("noon",)),)))


def test_rules_that_speak_of_unknown_shifts_are_refused() -> None:
    for rules in ({"forbidden_next": (("night", "dya"),)}, {"max_shifts_of": {"dya": 2}}):
        with pytest.raises(InputError, match="unknown shift 'dya'"):
            build(site(rules=LabourRules.parse(rules)))
        with pytest.raises(InputError, match="unknown shift 'dya'"):
            build(replace(site(), rule_changes=(RuleChange(name="x", rules=rules),)))


def test_a_contract_without_hours_is_refused_at_birth() -> None:
    with pytest.raises(InputErrors, match="max_hours"):
        Contract.parse({"name": "empty"})


def test_a_shift_longer_than_the_opening_hours_is_named() -> None:
    calendar = site().calendar.model_copy(update={"opening": {}})
    closed = type(calendar)(interval_min=60, opening={"monday": "09:00-13:00"})
    with pytest.raises(InputError, match=r"shift 'day' of 9 h fits into the opening hours on no day"):
        build(site(shifts=(DAY,), calendar=closed))


def test_a_break_outside_its_shift_is_refused_at_birth() -> None:
    late = BreakRule(minutes=30, earliest_min=400, latest_min=470)
    with pytest.raises(InputErrors, match="past the shift's end"):
        ShiftTemplate.parse({**NIGHT.model_dump(), "breaks": (late,)})


def test_part_weeks_and_senseless_limits_are_refused() -> None:
    with pytest.raises(InputError, match=r"10 days.*whole weeks"):
        build(replace(site(), days=10))
    with pytest.raises(ValueError, match="seconds > 0"):
        SolveLimits(seconds=0)


def test_pins_that_no_shift_describes_or_that_break_a_rule_are_refused() -> None:
    with pytest.raises(InputError, match="pinned shift of 'p0' on 2026-03-02"):
        build(site(*people(1), pinned=shifts_of("p0", "Mon 03:00-05:00")))
    tight = shifts_of("p0", "Mon 22:00-06:00", "Tue 08:00-17:00")
    with pytest.raises(InputError, match=r"2026-03-02, 2026-03-03 break a rule: on 2026-03-03 .*\(rest\)"):
        build(site(*people(1), pinned=tight))
    absent = people(1, days=("monday", "wednesday", "friday"))
    apart = shifts_of("p0", "Mon 08:00-17:00", "Wed 08:00-17:00")
    lone = site(*absent, rules=LabourRules(min_days_off_in_row=2), pinned=apart)
    with pytest.raises(InputError, match="03-04 break a rule: no week with them obeys days off in a row"):
        build(lone)
    with pytest.raises(InputError, match="unknown agent 'who'"):
        build(site(*people(1), pinned=shifts_of("who", "Mon 08:00-17:00")))


def test_pinned_days_hold_with_their_neighbours_left_free() -> None:
    wanted = need(dict.fromkeys(range(8, 17), 1.0))
    pins = (
        Pin(agent="p0", day=START, shift="22:00-06:00"),
        Pin(agent="p0", day=START + dt.timedelta(days=3), shift="off"),
        Pin(agent="p1", day=START + dt.timedelta(days=3), shift="off"),
    )
    inputs = replace(site(*people(2), requirements=wanted), pinned=pinned_rows(pins, site().calendar))
    made = solve(inputs, SolveLimits(seconds=5))
    assert check(made.table, inputs) == []
    starts = made.table.loc[made.table["activity"] == "shift", ["agent", "start"]]
    assert ("p0", pd.Timestamp("2026-03-02 22:00", tz="UTC")) in set(zip(*(starts[c] for c in starts), strict=True))
    assert not (starts["start"].dt.day == 5).any()
    moved = pinned_rows((Pin(agent="p0", day=START, shift="off"),), inputs.calendar)
    assert [v.what for v in check(made.table, replace(inputs, pinned=moved))] == ["works on a day that is pinned free"]


def test_what_stays_of_a_roster_is_a_shift_or_a_free_day() -> None:
    table = pd.concat([shifts_of("p0", "Mon 08:00-17:00", "Tue 14:00-22:00"), shifts_of("p1", "Mon 08:00-17:00")])
    inputs = site(*people(2))
    kept = kept_rows(table.reset_index(drop=True), [("p0", START), ("p1", None)], inputs)
    told = set(zip(kept["agent"], kept["activity"], kept["start"].dt.day, strict=True))
    assert told == {("p0", "shift", 2), ("p0", "lunch", 2), ("p1", "shift", 2), ("p1", "lunch", 2),
                    *(("p1", "off", day) for day in range(3, 9))}  # fmt: skip


def test_limits_reach_the_search() -> None:
    inputs = site(*people(30), requirements=need(dict.fromkeys(range(8, 20), 9.3)))
    loose = solve(inputs, SolveLimits(seconds=60, gap=0.5))
    tight = solve(inputs, SolveLimits(seconds=60, gap=0.02))
    assert loose.gap <= 0.5
    assert tight.gap <= loose.gap
    short = solve(inputs, SolveLimits(seconds=0.2, gap=0.0))
    assert short.status in ("time limit", "optimal")
    assert short.seconds < 2
    other = solve(inputs, SolveLimits(seconds=60, gap=0.02, seed=99))
    assert not other.table.equals(tight.table)


def test_progress_tells_bound_best_and_gap_and_may_stop() -> None:
    scenario = Scenario(
        queues=({"name": "calls"},), agents=people(4), contracts=(FREE,), shifts=(DAY, NIGHT), prices=PRICES,
        site=site().calendar, solve={"seconds": 5, "gap": 0.05},
    )  # fmt: skip
    told: list[str] = []
    made = roster(need({9: 2.0}), scenario, start=site().start, progress=lambda text, share: told.append(text))
    assert "bound" in told[-1]
    assert "gap" in told[-1]
    assert made.bound <= made.objective

    class Stopped(StaffingError):
        pass

    def stop(_text: str, _share: float) -> None:
        raise Stopped("enough")

    with pytest.raises(Stopped):
        roster(need({9: 2.0}), scenario, start=site().start, progress=stop)


def test_presets_load_with_sources() -> None:
    assert preset_names() == ["eu", "iran"]
    assert all(preset(name)["sources"] and preset(name)["texts"] for name in preset_names())
    rules = LabourRules.parse({"preset": "iran", "min_rest_h": 12})
    assert (rules.night_from, rules.night_allowance, rules.min_rest_h) == (22 * 60, 0.35, 12.0)
    parts = ({"name": "full", "period_start": "2026-03-21"}, preset("iran")["contract"], preset("iran")["shift_work"])
    contract = Contract.parse({**parts[0], **parts[1], **parts[2]})
    assert (contract.max_hours, contract.max_period_hours, contract.overtime_factor) == (44, 176, 1.4)
    with pytest.raises(InputErrors, match="known: eu, iran"):
        LabourRules.parse({"preset": "moon"})
