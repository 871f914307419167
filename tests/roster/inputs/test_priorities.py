"""Secondary skills: fewest slots by trying every exchange, and nothing else of a roster changes."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from staffing.domain.duties import Minimum
from staffing.domain.workforce import Agent
from staffing.errors import InputErrors
from staffing.roster import SolveLimits, solve
from staffing.roster.inputs.options import grid_of
from staffing.roster.inputs.presence import present
from staffing.roster.inputs.priorities import SECONDARY, _exchanged
from staffing.roster.rules import check
from tests.roster.sites import DAY, need, site


@pytest.mark.parametrize("seed", range(5))
def test_as_few_as_possible_serve_a_secondary_skill(seed: int) -> None:
    rng = np.random.default_rng(seed)
    price = rng.choice([0.0, SECONDARY, 1e6], (5, 3), p=[0.4, 0.4, 0.2])
    price[:, 0] = np.where(price[:, 0] > 1, SECONDARY, price[:, 0])
    served = np.array([0, 0, 1, 2, 1])
    price[np.arange(5), served] = np.minimum(price[np.arange(5), served], SECONDARY)
    made = _exchanged(price, served, served)
    assert sorted(made) == sorted(served)
    least = min(price[range(5), list(tried)].sum() for tried in itertools.permutations(served))
    assert price[range(5), made].sum() == least


def test_people_serve_what_they_do_first_and_cover_stays() -> None:
    wanted = pd.concat([need({9: 1.0, 10: 1.0}), need({9: 1.0, 10: 1.0}, queue="mail")], ignore_index=True)
    both = {"contract": "free", "skills": ("calls", "mail")}
    agents = (Agent(name="p0", secondary=("calls",), **both), Agent(name="p1", secondary=("mail",), **both))
    inputs = site(*agents, shifts=(DAY,), requirements=wanted)
    made = solve(inputs, SolveLimits(20, 0.0))
    table = made.table
    assert check(table, inputs) == []
    assert not any("Secondary" in note for note in made.notes)
    plain = replace(inputs, agents=tuple(agent.model_copy(update={"secondary": ()}) for agent in agents))
    other = solve(plain, SolveLimits(20, 0.0))
    assert made.objective == pytest.approx(other.objective)
    grid = grid_of(inputs)
    for name, queue in (("p0", 1), ("p1", 0)):
        counts = present(table[table["agent"] == name], grid, ("calls", "mail"), ())
        assert counts[1 - queue, 9:11].sum() == 0


def test_a_secondary_skill_must_be_a_skill() -> None:
    with pytest.raises(InputErrors, match="the secondary skill 'mail' is not among the skills"):
        Agent(name="p0", contract="free", skills=("calls",), secondary=("mail",))


def test_a_minimum_may_ask_for_seniors_of_a_team() -> None:
    minimum = Minimum(name="lead", agents=1, senior=True, team="blue")
    people = [Agent(name="p", contract="free", senior=senior, team=team)
              for senior in (True, False) for team in ("blue", "red")]  # fmt: skip
    assert [minimum.counts(one) for one in people] == [True, False, False, False]
