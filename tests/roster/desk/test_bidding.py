"""Lines given by wishes: small cases by hand, and what must hold whatever is wished."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from staffing.domain.bids import Bid
from staffing.domain.workforce import Agent, Contract
from staffing.errors import InputError
from staffing.roster.desk.bidding import Bidding
from staffing.roster.desk.board import Board
from staffing.roster.desk.cover import held
from staffing.roster.given import Inputs
from staffing.roster.rules import check
from staffing.tables import ROSTER
from tests.roster.sites import DAY, LATE, need, people, shifts_of, site

EARLY, MIXED, LATES = ("Mon 08:00-17:00", "Tue 08:00-17:00"), ("Wed 08:00-17:00",), ("Thu 14:00-22:00",)


def three(**fields: object) -> tuple[Inputs, pd.DataFrame]:
    """p0 works early, p1 a Wednesday, p2 late; p2 has been there longest, then p1."""
    since = [None, dt.date(2020, 5, 1), dt.date(2015, 5, 1)]
    agents = tuple(agent.model_copy(update={"employed_from": day}) for agent, day in zip(people(3), since, strict=True))
    rows = [shifts_of(f"p{k}", *texts) for k, texts in enumerate((EARLY, MIXED, LATES))]
    rows = [part.assign(kind=[_kind(row) for row in part.itertuples()]) for part in rows]
    inputs = replace(site(*agents, shifts=(DAY, LATE), requirements=need({9: 1.0, 15: 1.0})), **fields)  # type: ignore[arg-type]
    return inputs, ROSTER.check(pd.concat(rows, ignore_index=True))


def _kind(row: object) -> str | None:
    if row.activity != "shift":  # type: ignore[attr-defined]
        return None
    return "late" if row.start.hour == 14 else "day"  # type: ignore[attr-defined]


def bidding(inputs: Inputs, table: pd.DataFrame) -> tuple[Bidding, dict[str, str]]:
    """The lines, and their names by who works them now."""
    made = Bidding(Board(inputs, table))
    return made, {owner: line.name for line in made.lines for owner in line.owners}


def bid(agent: str, line: str, rank: int, points: float = 0.0) -> Bid:
    return Bid(agent=agent, line=line, rank=rank, points=points)


def test_the_longest_employed_choose_first_and_others_keep_what_they_can() -> None:
    made, line = bidding(*three())
    wishes = [bid("p0", line["p1"], 1), bid("p2", line["p1"], 1), bid("p1", line["p1"], 1), bid("p1", line["p0"], 2)]
    awards = {award.agent: award for award in made.awards(wishes, "seniority")}
    assert (awards["p2"].line, awards["p2"].rank) == (line["p1"], 1)
    assert (awards["p1"].line, awards["p1"].rank) == (line["p0"], 2)
    assert (awards["p0"].line, awards["p0"].rank) == (line["p2"], 0)


def test_points_are_heard_from_the_highest_and_a_budget_is_kept() -> None:
    made, line = bidding(*three())
    wishes = [bid("p0", line["p1"], 1, 60), bid("p2", line["p1"], 1, 50), bid("p2", line["p0"], 2, 10)]
    awards = {award.agent: award for award in made.awards(wishes, "points")}
    assert awards["p0"].line == line["p1"]
    assert (awards["p2"].line, awards["p2"].rank) == (line["p0"], 2)
    assert awards["p1"].rank is None
    with pytest.raises(InputError, match="lays 60 points, at most 50"):
        made.awards([bid("p0", line["p1"], 1, 60)], "points", 50)


def test_a_wish_that_would_leave_somebody_without_a_line_is_not_granted() -> None:
    inputs, table = three()
    narrow = tuple(
        agent.model_copy(update={"latest": 17 * 60}) if agent.name == "p1" else agent for agent in inputs.agents
    )
    narrow = (narrow[0].model_copy(update={"latest": 17 * 60}), *narrow[1:])
    made, line = bidding(replace(inputs, agents=narrow), table)
    awards = {award.agent: award for award in made.awards([bid("p2", line["p0"], 1)], "seniority")}
    assert {name: award.line for name, award in awards.items()} == line  # only p2 can work late
    assert awards["p2"].rank == 0


@pytest.mark.parametrize("seed", range(4))
def test_cover_and_rules_stay_and_every_line_is_given_once(seed: int) -> None:
    rng = np.random.default_rng(seed)
    contracts = (Contract(name="free", max_hours=60, max_days=7), Contract(name="days", max_hours=60, shifts=("day",)))
    inputs, _ = three()
    agents = tuple(Agent(name=f"p{k}", contract="days" if k % 3 else "free") for k in range(8))
    texts = [LATES if k % 3 == 0 and rng.random() < 0.7 else EARLY if rng.random() < 0.5 else MIXED for k in range(8)]
    parts = [shifts_of(f"p{k}", *some) for k, some in enumerate(texts)]
    table = ROSTER.check(
        pd.concat([part.assign(kind=[_kind(row) for row in part.itertuples()]) for part in parts], ignore_index=True)
    )
    inputs = replace(inputs, agents=agents, contracts=contracts)
    made, line = bidding(inputs, table)
    names = sorted(set(line.values()))
    wishes = [
        bid(f"p{k}", str(name), rank, float(rng.integers(0, 50)))
        for k in range(8)
        for rank, name in enumerate(rng.permutation(names)[:2], start=1)
    ]
    for order in ("seniority", "points"):
        awards = made.awards(wishes, order)  # type: ignore[arg-type]
        after = made.table(awards)
        assert check(after, inputs) == check(table, inputs) == []
        assert (held(inputs, after).there == held(inputs, table).there).all()
        assert sorted(award.line for award in awards) == sorted(line.values())
        assert {award.line: 0 for award in awards}.keys() == set(names)
        got, _ = bidding(inputs, after)
        now = {owner: one.name for one in got.lines for owner in one.owners}
        assert now == {award.agent: award.line for award in awards}


@pytest.mark.parametrize(
    ("wish", "says"),
    [(bid("p9", "L00000", 1), "'p9' bids but works no line"), (bid("p0", "L00000", 1), "which does not exist")],
)
def test_bids_for_what_is_not_there_are_refused(wish: Bid, says: str) -> None:
    made, _ = bidding(*three())
    with pytest.raises(InputError, match=says):
        made.awards([wish], "seniority")
