"""Erlang B, C and A against 50-digit values, exact cases, Little's law and the limits of each model."""

from __future__ import annotations

import csv
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.errors import InputError
from staffing.queueing import erlang_b, measures
from staffing.queueing.erlang import measures_of_load
from tests.queueing import oracle

REFERENCE = Path(__file__).parent / "reference" / "erlang.csv"
REFERENCE_NAMES = {
    "Pwait": "wait_probability",
    "SL_offered": "service_level",
    "SL_answered": "service_level_answered",
    "SL_excl_shortab": "service_level_excl_short_abandons",
    "P_W_le_T": "probability_wait_within_threshold",
    "Pab": "abandonment",
    "Pab_in_T": "short_abandonment",
    "ASA": "asa_s",
    "EW": "mean_wait_s",
    "EQ": "queue_length",
    "occ": "occupancy",
}


def assert_close(found: float, expected: float, what: str) -> None:
    """Relative 1e-10 above 1e-12, absolute 1e-13 below."""
    tolerance = 1e-10 * abs(expected) if abs(expected) > 1e-12 else 1e-13
    assert found == expected or abs(found - expected) <= tolerance, f"{what}: {found!r} for {expected!r}"


def assert_all_close(case, expected) -> None:
    found = measures(**case)
    for name, value in expected.items():
        assert_close(getattr(found, name), float(value), f"{name} of {case}")


def random_case(rng: np.random.Generator) -> dict[str, float]:
    load = 10 ** rng.uniform(-3, 3)
    spread = rng.choice([1.0, 3.0, 10.0])
    agents = max(1, round(load + spread * rng.normal() * math.sqrt(load)))
    aht = float(rng.choice([5, 180, 300.5, 3600]))
    patience = float(min(rng.choice([1, 30, 180, 3600, 1e5]), 20_000 * aht / agents))  # the oracle's sums are long
    if agents > load and rng.random() < 0.3:
        patience = math.inf
    threshold = float(rng.choice([0, 0.5, 20, 300]))
    return {
        "arrival_rate_per_s": load / aht, "aht_s": aht, "agents": agents, "patience_s": patience,
        "threshold_s": threshold,
    }  # fmt: skip


def expected_of(case) -> dict:
    rate, aht = Fraction(case["arrival_rate_per_s"]), Fraction(case["aht_s"])
    return oracle.measures(rate, aht, case["patience_s"], case["agents"], case["threshold_s"])


@pytest.mark.parametrize("seed", range(80))
def test_random_cases_agree_with_fifty_digits(seed):
    case = random_case(np.random.default_rng(seed))
    assert_all_close(case, expected_of(case))


@pytest.mark.parametrize(
    ("load", "agents", "aht_s", "patience_s", "threshold_s"),
    [
        (100_000.0, 100_250, 300.0, 180.0, 20.0),
        (100_000.0, 100_001, 300.0, math.inf, 20.0),
        (2_000.0, 1_500, 300.0, 180.0, 20.0),
        (48.0, 50, 60.0, 1e6, 20.0),
        (48.0, 40, 60.0, 1e4, 20.0),
        (20.0, 1, 300.0, 60.0, 600.0),
        (4.999999, 5, 300.0, math.inf, 20.0),
        (0.001, 1, 300.0, 1.0, 0.0),
        (0.001, 12, 300.0, 180.0, 20.0),
        (500.0, 500, 3600.0, 1.0, 0.0),
    ],
)
def test_extreme_cases_agree_with_fifty_digits(load, agents, aht_s, patience_s, threshold_s):
    case = {
        "arrival_rate_per_s": load / aht_s, "aht_s": aht_s, "agents": agents, "patience_s": patience_s,
        "threshold_s": threshold_s,
    }  # fmt: skip
    assert_all_close(case, expected_of(case))


def test_published_reference_rows():
    for row in csv.DictReader(REFERENCE.read_text().splitlines()):
        load = Fraction(row["lam_per_s"]) if "/" not in row["lam_per_s"] else _quotient(row["lam_per_s"])
        load *= Fraction(row["aht_s"])
        low = float(load - Fraction(float(load)))
        found = measures_of_load(
            np.asarray(float(load)), low, np.asarray(float(row["aht_s"])), float(row["n"]), float(row["T_s"]),
            np.asarray(float(row["patience_mean_s"])),
        )  # fmt: skip
        for column, name in REFERENCE_NAMES.items():
            assert_close(getattr(found, name), float(row[column]), f"{row['id']} {name}")
        assert_close(erlang_b(int(row["n"]), float(load)), float(row["B"]), f"{row['id']} B")


def _quotient(text: str) -> Fraction:
    above, below = text.split("/")
    return Fraction(above) / Fraction(below)


@given(load=st.floats(1e-3, 0.999))
def test_one_agent_waits_with_probability_load(load):
    assert measures(arrival_rate_per_s=load, aht_s=1.0, agents=1).wait_probability == pytest.approx(load, rel=1e-12)


@given(load=st.floats(1e-3, 1.999))
def test_two_agents_wait_in_closed_form(load):
    found = measures(arrival_rate_per_s=load, aht_s=1.0, agents=2).wait_probability
    assert found == pytest.approx(load**2 / (2 + load), rel=1e-11)


@given(n=st.integers(1, 300), load=st.floats(0.01, 400))
def test_blocking_obeys_its_recursion(n, load):
    before, after = erlang_b(n - 1, load), erlang_b(n, load)
    assert after == pytest.approx(load * before / (n + load * before), rel=1e-11, abs=1e-300)


def test_textbook_half_hour():
    found = measures(calls_per_hour=200, aht_s=180, agents=[13, 14], threshold_s=20)
    assert found.service_level == pytest.approx([0.7956, 0.8884], abs=5e-5)
    assert found.asa_s == pytest.approx([17.12, 7.84], abs=5e-3)


states = st.fixed_dictionaries(
    {
        "load": st.floats(1e-2, 2e3),
        "share": st.floats(0.5, 1.5),
        "patience_s": st.floats(1.0, 1e7),
        "threshold_s": st.floats(0.0, 600.0),
    }
)


@settings(deadline=None)
@given(state=states)
def test_abandonment_and_waits_balance(state):
    agents = max(1, round(state["load"] * state["share"]))
    found = measures(
        arrival_rate_per_s=state["load"] / 300, aht_s=300, agents=agents, threshold_s=state["threshold_s"],
        patience_s=state["patience_s"],
    )  # fmt: skip
    rate = state["load"] / 300
    assert found.queue_length == pytest.approx(rate * found.mean_wait_s, rel=1e-11)
    assert found.abandonment == pytest.approx(found.mean_wait_s / state["patience_s"], rel=1e-9, abs=1e-300)
    assert found.occupancy == pytest.approx(state["load"] / agents * (1 - found.abandonment), rel=1e-9)
    assert found.occupancy <= 1 + 1e-12
    within = found.service_level + found.short_abandonment
    assert found.probability_wait_within_threshold == pytest.approx(within, rel=1e-9)


@settings(deadline=None)
@given(load=st.floats(0.05, 120), share=st.floats(0.6, 1.6), patience_s=st.one_of(st.floats(5, 1e5), st.just(math.inf)))
def test_littles_law_holds_between_waits_and_a_chain_of_states(load, share, patience_s):
    """Mean queue and busy agents come from the balance of states, waits from the product's integrals."""
    agents = max(1, round(load * share))
    if math.isinf(patience_s):
        agents = max(agents, math.floor(load * 1.05) + 1)
    states = np.arange(agents + 40_000 if math.isinf(patience_s) or patience_s > 3000 else agents + 4000)
    leaves = np.minimum(states, agents) / 300 + np.maximum(states - agents, 0) / patience_s
    logs = np.concatenate([[0.0], np.cumsum(np.log(load / 300 / leaves[1:]))])
    chance = np.exp(logs - logs.max())
    chance /= chance.sum()
    queue, busy = chance @ np.maximum(states - agents, 0), chance @ np.minimum(states, agents)
    found = measures(arrival_rate_per_s=load / 300, aht_s=300, agents=agents, patience_s=patience_s)
    assert load / 300 * found.mean_wait_s == pytest.approx(queue, rel=1e-6, abs=1e-12)
    assert found.queue_length == pytest.approx(queue, rel=1e-6, abs=1e-12)
    assert load * (1 - found.abandonment) == pytest.approx(busy, rel=1e-8)
    assert found.occupancy * agents == pytest.approx(busy, rel=1e-8)


@settings(deadline=None)
@given(state=states)
def test_one_more_agent_never_hurts(state):
    agents = max(1, round(state["load"] * state["share"]))
    found = measures(
        arrival_rate_per_s=state["load"] / 300, aht_s=300, agents=[agents, agents + 1],
        threshold_s=state["threshold_s"], patience_s=state["patience_s"],
    )  # fmt: skip
    for name in ("wait_probability", "abandonment", "asa_s", "mean_wait_s", "queue_length", "occupancy"):
        before, after = getattr(found, name)
        assert after <= before * (1 + 1e-11), name
    for name in ("service_level", "service_level_answered", "service_level_excl_short_abandons"):
        before, after = getattr(found, name)
        assert after >= before * (1 - 1e-11), name


@given(load=st.floats(0.1, 500))
def test_patience_spans_from_erlang_b_to_erlang_c(load):
    agents = math.ceil(load) + 1
    call = {"arrival_rate_per_s": load / 300, "aht_s": 300, "agents": agents}
    nearly_b, b = measures(**call, patience_s=1e-9), measures(**call, model="erlang_b")
    nearly_c, c = measures(**call, patience_s=1e15), measures(**call, model="erlang_c")
    assert nearly_b.abandonment == pytest.approx(b.wait_probability, rel=1e-6)
    assert b.wait_probability == pytest.approx(erlang_b(agents, load), rel=1e-12)
    assert nearly_c.service_level == pytest.approx(c.service_level, abs=1e-6)
    assert nearly_c.asa_s == pytest.approx(c.asa_s, rel=1e-4)


def test_no_calls_leave_service_undefined():
    found = measures(arrival_rate_per_s=0.0, aht_s=300, agents=4, patience_s=60)
    assert math.isnan(found.service_level)
    assert math.isnan(found.asa_s)
    assert (found.queue_length, found.occupancy) == (0.0, 0.0)


def test_nobody_on_the_phone():
    found = measures(arrival_rate_per_s=0.1, aht_s=300, agents=0, threshold_s=60, patience_s=60)
    assert (found.wait_probability, found.service_level, found.abandonment) == (1.0, 0.0, 1.0)
    assert found.mean_wait_s == pytest.approx(60)
    assert found.queue_length == pytest.approx(6)
    assert found.probability_wait_within_threshold == pytest.approx(1 - math.exp(-1))
    assert math.isnan(found.asa_s)


def test_overload_without_abandonment_waits_for_ever():
    found = measures(arrival_rate_per_s=0.1, aht_s=300, agents=30, model="erlang_c")
    assert (found.wait_probability, found.service_level, found.abandonment) == (1.0, 0.0, 0.0)
    assert (found.asa_s, found.queue_length, found.occupancy) == (math.inf, math.inf, 1.0)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"aht_s": 0}, "aht_s"),
        ({"aht_s": [300, -1]}, "position 1"),
        ({"agents": math.nan}, "agents"),
        ({"arrival_rate_per_s": math.inf}, "arrival_rate_per_s"),
        ({"threshold_s": -5}, "threshold_s"),
        ({"patience_s": -5}, "patience_s"),
        ({"patience_s": math.nan}, "patience_s"),
        ({"model": "erlang_x"}, "model"),
        ({"calls_per_hour": 10}, "either"),
    ],
)
def test_bad_input_is_named(wrong, field):
    good = {"arrival_rate_per_s": 0.1, "aht_s": 300, "agents": 40, "threshold_s": 20, "patience_s": 60}
    with pytest.raises(InputError, match=field):
        measures(**(good | wrong))
