"""What rosters may hold, on sites small enough to see the right answer: lengths, rotations, overtime, time off."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from staffing.domain.duties import Minimum, Session
from staffing.domain.prices import Prices
from staffing.domain.workforce import Agent, BreakRule, Contract, LabourRules, Rotation, ShiftTemplate
from staffing.errors import InputError
from staffing.roster import Roster, SolveLimits, solve
from staffing.roster.given import Inputs
from staffing.roster.inputs.build import build
from staffing.roster.rules import bent, check
from tests.roster.sites import DAY, LATE, NIGHT, PRICES, START, need, people, shifts_of, site

LIMITS = SolveLimits(seconds=10, gap=0.0)
OFFICE = dict.fromkeys(range(8, 17), 1.0)


def rostered(inputs: Inputs) -> Roster:
    """The roster, with no rule broken that never may be, and its objective recounted without breaks moved."""
    made = solve(inputs, LIMITS)
    assert check(made.table, inputs) == []
    return made


def shift_rows(made: Roster) -> pd.DataFrame:
    return made.table[made.table["activity"] == "shift"]


def test_a_flexible_length_follows_the_need_and_takes_the_breaks_of_its_length() -> None:
    lunch = BreakRule(name="lunch", minutes=60, paid=False, earliest_min=180, latest_min=300, from_length_min=480)
    flexible = ShiftTemplate(name="day", length_min=300, longest_min=540, length_step_min=240, first_start="08:00",
                             last_start="08:00", breaks=(lunch,))  # fmt: skip
    short = need(dict.fromkeys(range(8, 13), 1.0))
    made = rostered(site(*people(2), shifts=(flexible,), requirements=short))
    assert set((shift_rows(made)["end"] - shift_rows(made)["start"]).dt.total_seconds()) == {5 * 3600}
    assert made.short_hours == made.excess_hours == 0
    assert "lunch" not in set(made.table["activity"])


def test_teams_rotate_and_what_the_rotation_cannot_have_is_an_error() -> None:
    rotation = Rotation(name="turns", start=START, weeks=(("day",), ("late",), ("night",)),
                        teams={"a": 0, "b": 1, "c": 2})  # fmt: skip
    crew = [Agent(name=f"{team}{i}", team=team, contract="free") for team in "abc" for i in range(2)]
    inputs = replace(site(*crew, days=14, requirements=need(1.0, days=14)), rotations=(rotation,))
    made = shift_rows(rostered(inputs))
    week = (made["start"].dt.day_of_year - made["start"].dt.day_of_year.min()) // 7
    starts = made.assign(team=made["agent"].str[0], week=week, hour=made["start"].dt.hour).groupby(["week", "team"])
    hours = starts["hour"].agg(lambda hour: tuple(sorted(set(hour))))
    assert set(hours[0, "a"]) <= {8, 9, 10}
    assert hours[0, "b"] == hours[1, "a"] == (14,)
    assert hours[0, "c"] == hours[1, "b"] == (22,)
    weekly = ("night", "day", "off", "off", "off", "off", "off")
    clash = replace(inputs, rotations=(Rotation(name="turns", start=START, weeks=(weekly,), teams={"a": 0}),))
    with pytest.raises(InputError, match="the rotation of people with the contract 'free' wants shifts on 2026-03-02"):
        build(clash)


def test_overtime_is_worked_where_it_costs_less_than_the_shortage_and_paid_with_its_factor() -> None:
    def made(factor: float) -> Roster:
        contract = Contract(name="free", max_hours=32, max_days=5, overtime_hours=8, overtime_factor=factor)
        return rostered(site(*people(1), contracts=(contract,), shifts=(DAY,), requirements=need(OFFICE)))

    cheap, dear = made(1.5), made(5.0)
    assert (cheap.paid_hours, dear.paid_hours) == (40, 32)
    assert cheap.objective == pytest.approx(40 + 8 * 0.5 + 4 * (7 * 9 - 40))
    assert cheap.bound <= cheap.objective


def test_voluntary_time_off_is_taken_where_nobody_is_needed_and_paid_or_not_as_set() -> None:
    idle = need({9: 0.0})

    def made(**terms: object) -> Roster:
        contract = Contract(name="free", min_hours=40, max_hours=40, max_days=5, **terms)
        return rostered(site(*people(1), contracts=(contract,), shifts=(DAY,), requirements=idle))

    held, unpaid = made(), made(voluntary_hours=16)
    paid = made(voluntary_hours=16, voluntary_paid=True)
    assert [roster.paid_hours for roster in (held, unpaid, paid)] == [40, 24, 24]  # hours at work
    assert held.objective == pytest.approx(40 + 40)  # everybody present is one too many
    assert unpaid.objective == pytest.approx(24 + 24)
    assert paid.objective == pytest.approx(24 + 24 + 16)


def test_a_priced_rule_is_broken_when_keeping_it_costs_more_and_the_objective_says_so() -> None:
    weekend = need(OFFICE)
    weekend.loc[weekend["start"].dt.day_of_week < 5, ["agents", "agents_scheduled"]] = 0.0

    def made(price: float) -> tuple[Roster, float]:
        rules = LabourRules(max_weekend_days=1, prices={"max_weekend_days": price})
        inputs = site(*people(1), rules=rules, shifts=(DAY,), requirements=weekend)
        roster = rostered(inputs)
        return roster, sum(one for _, one in bent(roster.table, inputs))

    cheap, paid = made(5.0)
    assert (len(shift_rows(cheap)), paid) == (2, 5.0)
    assert cheap.objective == pytest.approx(16 + 2 * 4 + 5.0)  # two lunches are short
    dear, unpaid = made(50.0)
    assert (len(shift_rows(dear)), unpaid) == (1, 0.0)


def test_an_uneven_share_has_its_price_and_the_past_counts() -> None:
    late = need(dict.fromkeys(range(14, 22), 1.0))
    past = pd.concat([shifts_of("p0", *(f"{day}-1 14:00-22:00" for day in ("Mon", "Tue", "Wed", "Thu")))])
    fair = Prices(**{**PRICES.model_dump(), "unfair_share": 0.2})
    inputs = replace(site(*people(2), shifts=(LATE,), requirements=late, past=past), prices=fair)
    made = rostered(inputs).fairness.set_index("agent")
    assert made.loc["p0", "past_late_shifts"] == 4
    assert made.loc["p1", "late_shifts"] > made.loc["p0", "late_shifts"]
    assert made["late_shifts"].sum() == 7
    assert made.loc["p0", "above_late_shifts"] == pytest.approx((made.loc["p0", "late_shifts"] + 4) - 11 / 2)


def test_a_fair_share_is_that_of_people_with_the_same_contract_and_the_same_choice() -> None:
    agents = (*people(3), *(Agent(name=name, contract="free", latest="17:00") for name in ("q0", "q1")))
    past = shifts_of("p0", *(f"{day}-1 14:00-22:00" for day in ("Mon", "Tue", "Wed")))
    inputs = site(*agents, shifts=(DAY, LATE), requirements=need({9: 1.0}), past=past)
    made = rostered(inputs).fairness.set_index("agent")
    assert made["late_shifts"].sum() == 0
    assert made["above_late_shifts"].to_dict() == {"p0": 2.0, "p1": -1.0, "p2": -1.0, "q0": 0.0, "q1": 0.0}


def test_night_and_weekend_hours_cost_their_allowance() -> None:
    rules = LabourRules(night_from="22:00", night_to="06:00", night_allowance=0.35, weekend_allowance=0.4)
    table = need(dict.fromkeys((22, 23, *range(6)), 1.0))
    made = rostered(site(*people(2), rules=rules, shifts=(NIGHT,), requirements=table))
    nights = len(shift_rows(made))
    friday_and_weekend = shift_rows(made)["start"].dt.day_of_week.ge(5).sum()
    short = 4 * made.short_hours + made.excess_hours
    assert made.objective == pytest.approx(nights * 8 * 1.35 + friday_and_weekend * 8 * 0.4 + short)


def test_a_limit_on_weekends_over_weeks_counts_the_past() -> None:
    past = pd.concat([shifts_of("p0", "Sat-1 08:00-17:00"), shifts_of("p1", "Mon-1 08:00-17:00")])
    rules = LabourRules(max_weekends=1, weekend_weeks=2)
    made = rostered(site(*people(2), rules=rules, shifts=(DAY,), requirements=need(OFFICE), past=past))
    weekend = shift_rows(made)[shift_rows(made)["start"].dt.day_of_week >= 5]
    assert set(weekend["agent"]) == {"p1"}
    assert dt.date(2026, 3, 7) in set(weekend["start"].dt.date)


@pytest.mark.parametrize(
    ("kind", "who"),
    [
        ({"senior": True}, {"senior": True}),
        ({"language": "fa"}, {"languages": ("en", "fa")}),
        ({"team": "blue"}, {"team": "blue"}),
        ({"skill": "mail"}, {"skills": ("calls", "mail")}),
    ],
)
def test_a_minimum_puts_people_of_its_kind_where_it_is_wanted(kind: dict[str, Any], who: dict[str, Any]) -> None:
    week = pd.concat([need(dict.fromkeys(range(8, 22), 1.0)), need(0.0, queue="mail")], ignore_index=True)
    wanted = Minimum(name="one of them", agents=1, earliest="14:00", latest="22:00", weekdays=("monday",), **kind)
    both = (Agent(name="p0", contract="free", **{"skills": ("calls",), **who}),
            Agent(name="p1", contract="free", skills=("calls",)))  # fmt: skip
    plain = site(*both, shifts=(DAY, LATE), requirements=week)
    inputs = replace(plain, minimums=(wanted,))
    made = rostered(inputs)
    monday = shift_rows(made)[shift_rows(made)["start"].dt.date == START].set_index("agent")["start"].dt.hour
    assert monday["p0"] == 14
    assert made.lacking.empty
    assert made.objective == pytest.approx(rostered(plain).objective)  # the two are alike but for the kind
    assert made.bound <= made.objective


def test_a_minimum_that_nobody_can_meet_is_a_stated_lack() -> None:
    inputs = replace(
        site(*people(2, senior=True), shifts=(DAY,), requirements=need(OFFICE)),
        minimums=(Minimum(name="seniors", senior=True, agents=3, earliest="09:00", latest="10:00"),),
    )
    made = rostered(inputs)
    assert made.lacking["minimum"].unique().tolist() == ["seniors"]
    assert made.lacking["short_hours"].sum() >= 7
    assert any("'seniors' lacks" in note for note in made.notes)
    with pytest.raises(InputError, match="counts none of the agents"):
        build(replace(inputs, minimums=(Minimum(name="x", language="fr", agents=1),)))


TRAINING = Session(name="product", minutes=60, start=START, end=START + dt.timedelta(days=2), earliest="09:00")


def test_everybody_is_trained_once_where_it_costs_cover_least() -> None:
    quiet = need({**dict.fromkeys(range(8, 17), 2.0), 15: 1.0, 16: 1.0})
    inputs = replace(site(*people(2), shifts=(DAY,), requirements=quiet), sessions=(TRAINING,))
    made = rostered(inputs)
    held = made.table[made.table["activity"] == "training"]
    assert sorted(held["agent"]) == ["p0", "p1"]
    assert set(held["start"].dt.hour) <= {15, 16}
    plain = rostered(replace(inputs, sessions=()))
    assert made.short_hours == pytest.approx(plain.short_hours)  # it takes the place of the idle hour
    assert not made.notes


def test_a_team_meets_together_at_a_quiet_time_and_who_cannot_come_is_named() -> None:
    meeting = TRAINING.model_copy(update={"together": True, "activity": "meeting", "teams": ("a",)})
    crew = [Agent(name=f"a{i}", team="a", contract="free") for i in range(3)]
    other = Agent(name="b", team="b", contract="free")
    away = Agent(name="late", team="a", contract="free", days=("saturday",))
    busy = need({**dict.fromkeys(range(8, 19), 4.0), 14: 1.0})
    inputs = replace(site(*crew, other, away, shifts=(DAY,), requirements=busy), sessions=(meeting,))
    made = rostered(inputs)
    held = made.table[made.table["activity"] == "meeting"]
    assert sorted(held["agent"]) == ["a0", "a1", "a2"]
    assert held["start"].nunique() == 1
    assert held["start"].iloc[0].hour == 14
    assert made.notes == ("No room for 'product' was found for late.",)


def test_a_session_out_of_place_is_found() -> None:
    table = shifts_of("p0", "Mon 08:00-17:00", "Thu 08:00-17:00")
    monday = table["start"].iloc[0]

    def with_training(at_h: float, day: int = 0) -> list[str]:
        start = monday + pd.Timedelta(days=day, hours=at_h)
        row = pd.DataFrame([("p0", start, start + pd.Timedelta(hours=1), "training", None)], columns=table.columns)
        inputs = replace(site(*people(1)), sessions=(TRAINING,))
        return [v.rule for v in check(pd.concat([table, row], ignore_index=True), inputs)]

    assert with_training(2) == []
    assert with_training(4) == ["sessions"]  # on the lunch
    assert with_training(0) == ["sessions"]  # before nine
    assert with_training(2, day=3) == ["sessions"]  # after its last day
