"""Fair shares by the days that each was there: newcomers and returners owe nothing for weeks away, and gain nothing."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from staffing.domain.calendar import SiteCalendar
from staffing.domain.workforce import Agent, Contract, DaySpan
from staffing.roster import SolveLimits, solve
from staffing.roster.inputs.fairness import CARRIED, above_share, days_present, levels
from tests.roster.sites import DAY, START, need, shifts_of, site

UTC = SiteCalendar(timezone="UTC", interval_min=60)
BEFORE = [START - dt.timedelta(days=k) for k in range(28, 0, -1)]
CONTRACT = Contract(name="free", max_hours=40, max_days=5)


def _past(weeks: dict[str, range]) -> pd.DataFrame:
    """Everybody on Saturdays and Sundays so many weeks before."""
    return pd.concat(
        [shifts_of(name, *(f"{day}-{week} 08:00-17:00" for week in some for day in ("Sat", "Sun")))
         for name, some in weeks.items()]
    )  # fmt: skip


def test_shares_go_by_the_days_present() -> None:
    agents = (
        Agent(name="always", contract="free"),
        Agent(name="new", contract="free", employed_from=START - dt.timedelta(days=7)),
        Agent(name="back", contract="free", time_off=(DaySpan(start=BEFORE[0], end=BEFORE[20]),)),
    )
    present = days_present(agents, UTC, BEFORE)
    assert present[:, 0].tolist() == [8, 2, 2]  # weekend days
    assert present[:, 1].tolist() == [28, 7, 7]
    counts = np.zeros((3, len(CARRIED)), np.int64)
    counts[:, 0] = [8, 1, 3]
    above = above_share(counts[None], np.zeros((3, len(CARRIED)), np.int64), present[None])
    assert above[:, 0].tolist() == [0.0, -1.0, 1.0]  # twelve weekend days over twelve days present
    assert not above[:, 1:].any()


def test_a_newcomer_is_level_with_the_others_and_who_was_there_is_not() -> None:
    agents = (Agent(name="a", contract="free"), Agent(name="b", contract="free", employed_from=START))
    past = _past({"a": range(1, 5)})
    assert levels(site(*agents, contracts=(CONTRACT,), past=past)) == {"a": (0,) * 5, "b": (0,) * 5}
    there = (agents[0], Agent(name="b", contract="free"))
    assert levels(site(*there, contracts=(CONTRACT,), past=past))["a"][0] == 2


def test_a_newcomer_gets_a_fair_share_of_the_coming_weekends() -> None:
    """Four people share two weekend shifts a day; one joins after four weeks. Of the next 16 each gets some four."""
    wanted = need(0.0)
    weekend = wanted["start"].dt.day_of_week >= 5
    hours = wanted["start"].dt.hour.between(8, 16)
    wanted.loc[weekend & hours, ["agents", "agents_scheduled"]] = 2.0
    new = Agent(name="p3", contract="free", employed_from=START)
    agents = (*(Agent(name=f"p{i}", contract="free") for i in range(3)), new)
    past = _past({"p0": range(1, 5), "p1": range(2, 5), "p2": (1, 2, 4)})
    counts = dict.fromkeys((a.name for a in agents), 0)
    for week in range(4):
        shift = pd.Timedelta(weeks=week)
        inputs = site(*agents, contracts=(CONTRACT,), shifts=(DAY,), past=past,
                      requirements=wanted.assign(start=wanted["start"] + shift))  # fmt: skip
        object.__setattr__(inputs, "start", START + shift.to_pytimedelta())
        made = solve(inputs, SolveLimits(seconds=1.0, gap=0.0))
        for name in made.table.loc[made.table["activity"] == "shift", "agent"]:
            counts[name] += 1
        past = pd.concat([past, made.table], ignore_index=True)
    assert sum(counts.values()) == 16
    assert 3 <= counts["p3"] <= 5
    assert made.fairness.set_index("agent")["above_weekend_days"].abs().max() <= 2.0
    assert made.fairness["past_days_present"].tolist() == [49, 49, 49, 21]
