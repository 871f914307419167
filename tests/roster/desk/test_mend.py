"""Replanning, explanations and fairness on small sites whose answer is plain."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from staffing.domain.workforce import Contract, DaySpan, LabourRules
from staffing.roster import SolveLimits, solve
from staffing.roster.desk.board import judge
from staffing.roster.desk.explain import explain
from staffing.roster.desk.replan import Replan, replan
from staffing.roster.inputs.fairness import spread
from staffing.roster.rules import check
from tests.roster.sites import DAY, LATE, START, need, people, shifts_of, site

LIMITS = SolveLimits(seconds=10, gap=0.005)
BUSY = need(dict.fromkeys(range(8, 17), 5.0))


def test_a_sick_call_changes_few_other_shifts_and_breaks_no_rule() -> None:
    contract = Contract(name="free", min_hours=16, max_hours=40, max_days=5)
    inputs = site(*people(9), contracts=(contract,), shifts=(DAY, LATE), requirements=BUSY)
    published = solve(inputs, LIMITS)
    sick = inputs.agents[0].model_copy(update={"time_off": (DaySpan(start=START, end=inputs.date(6)),)})
    now = replace(inputs, agents=(sick, *inputs.agents[1:]))
    left: list[Replan] = []
    made = replan(now, published.table, LIMITS, leave=left.append)
    assert check(made.roster.table, now) == []
    assert left
    for one in left:  # complete rosters on the way, never better than the last one
        assert check(one.roster.table, now) == []
        assert one.roster.short_hours >= made.roster.short_hours - 1e-6
    assert "p0" not in set(made.roster.table["agent"])
    assert set(made.changes.loc[made.changes["forced"], "agent"]) == {"p0"}
    forced = int(made.changes["forced"].sum())
    assert len(made.changes) - forced <= 2 * forced  # at most two changes mend one lost shift
    unmended = published.table[published.table["agent"] != "p0"]
    assert made.roster.short_hours <= published.short_hours - judge(now, unmended, published.table).short_hours + 1e-6
    assert made.roster.bound <= made.roster.objective


def test_nothing_changes_when_nothing_happened() -> None:
    inputs = site(*people(4), shifts=(DAY,), requirements=need(dict.fromkeys(range(8, 17), 2.0)))
    published = solve(inputs, LIMITS)
    made = replan(inputs, published.table, LIMITS)
    assert made.changes.empty
    assert made.changed_share == 0


def test_a_shortage_names_its_hours_its_people_and_the_cheapest_remedy() -> None:
    contract = Contract(name="free", max_hours=16, max_days=2)
    inputs = site(*people(2), contracts=(contract,), shifts=(DAY,), requirements=need(dict.fromkeys(range(8, 17), 1.0)))
    made = solve(inputs, LIMITS)
    worst = explain(inputs, made.table)[0]
    assert worst.queue == "calls"
    assert worst.start.hour == 8
    assert worst.people["off"] == 2
    assert worst.short_hours == pytest.approx(9.0)
    remedy = worst.remedies[0]
    assert remedy.kind == "overtime"
    assert remedy.agents == ("p0",)
    assert remedy.price == pytest.approx(8.0)  # eight paid hours more
    assert remedy.covers_hours == pytest.approx(8.0)  # all but the lunch
    assert "08:00–17:00" in str(worst)


def test_no_shortage_needs_no_explanation() -> None:
    inputs = site(*people(3), shifts=(DAY,), requirements=need({9: 1.0, 10: 1.0}))
    covered = pd.concat([shifts_of("p0", "Mon 08:00-17:00"), shifts_of("p1", "Tue 08:00-17:00")])
    assert [s.start.day for s in explain(inputs, covered)] == [4, 5, 6, 7, 8]


def test_who_carried_weekends_is_asked_last_and_the_spread_is_shown() -> None:
    past = pd.concat([shifts_of("p0", *(f"{day}-{week} 08:00-17:00" for week in (1, 2) for day in ("Sat", "Sun")))])
    saturday = need(dict.fromkeys(range(8, 17), 1.0))
    saturday.loc[saturday["start"].dt.dayofweek != 5, ["agents", "agents_scheduled"]] = 0.0
    inputs = site(*people(2), shifts=(DAY,), requirements=saturday, past=past, rules=LabourRules(max_weekend_days=1))
    made = solve(inputs, LIMITS)
    fairness = made.fairness.set_index("agent")
    assert fairness.loc["p0", "past_weekend_days"] == 4
    assert fairness.loc["p1", "weekend_days"] == 1
    assert fairness.loc["p0", "weekend_days"] == 0
    shown = spread(made.fairness)
    assert shown.loc["weekend_days", "max"] == 4
    assert shown.loc["weekend_days", "mean"] == pytest.approx(2.5)
