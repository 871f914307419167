"""Smallest agents: exact against brute force over the measures, monotone, and honest about the impossible."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.errors import InputError
from staffing.queueing import Targets, fractional_agents, measures, smallest_agents

REFERENCE = Path(__file__).parent / "reference" / "min_agents.csv"
LEVELS = {
    "offered": "service_level",
    "answered": "service_level_answered",
    "excl_short_abandons": "service_level_excl_short_abandons",
    "wait_within_threshold": "probability_wait_within_threshold",
}


def kept(found, targets: Targets) -> np.ndarray:
    """Which staffings keep every promise, read off the measures one by one."""
    good = np.ones(np.shape(found.occupancy), dtype=bool)
    if targets.service_level is not None:
        good &= getattr(found, LEVELS[targets.definition]) >= targets.service_level - 1e-12
    if targets.asa_s is not None:
        good &= found.asa_s <= targets.asa_s * (1 + 1e-12)
    if targets.abandonment is not None:
        good &= found.abandonment <= targets.abandonment + 1e-12
    if targets.max_occupancy is not None:
        good &= found.occupancy <= targets.max_occupancy + 1e-12
    return good


def by_brute_force(load, aht_s, patience_s, threshold_s, targets) -> int:
    start = math.floor(load) + 1 if math.isinf(patience_s) else 1
    agents = np.arange(start, start + 60 + 4 * math.ceil(load))
    found = measures(
        arrival_rate_per_s=load / aht_s, aht_s=aht_s, agents=agents, threshold_s=threshold_s, patience_s=patience_s
    )
    good = kept(found, targets)
    assert good.any()
    return int(agents[np.argmax(good)])


def random_targets(rng: np.random.Generator) -> Targets:
    chosen = {
        "service_level": float(rng.choice([0.5, 0.8, 0.9, 0.99])), "asa_s": float(rng.choice([2, 10, 60])),
        "abandonment": float(rng.choice([0.005, 0.03, 0.1])), "max_occupancy": float(rng.choice([0.6, 0.85])),
    }  # fmt: skip
    names = [name for name in chosen if rng.random() < 0.4] or ["service_level"]
    return Targets(definition=str(rng.choice(list(LEVELS))), **{name: chosen[name] for name in names})  # type: ignore[arg-type]


def test_smallest_agents_equal_brute_force():
    rng = np.random.default_rng(7)
    for _ in range(400):
        load, aht = 10 ** rng.uniform(-2, 2), float(rng.choice([30, 300, 1800]))
        patience, threshold = float(rng.choice([0, 20, 180, 1e6, math.inf])), float(rng.choice([0, 20, 60]))
        targets = random_targets(rng)
        found = smallest_agents(load, aht, patience, threshold, targets)
        assert found == by_brute_force(load, aht, patience, threshold, targets), (load, aht, patience, targets)


def test_large_loads_meet_the_target_and_one_fewer_does_not():
    rng = np.random.default_rng(8)
    load, patience = 10 ** rng.uniform(2, 5, 2000), rng.choice([30.0, 180.0, 1e6, 1e9, np.inf], 2000)
    for targets in (Targets(service_level=0.8), Targets(service_level=0.9, abandonment=0.05)):
        agents = smallest_agents(load, 300, patience, 20, targets)
        call = {"arrival_rate_per_s": load / 300, "aht_s": 300, "threshold_s": 20, "patience_s": patience}
        assert kept(measures(**call, agents=agents), targets).all()
        assert not kept(measures(**call, agents=agents - 1), targets).any()


def parsed(text: str) -> Targets:
    values: dict = {}
    for part in text.split("+"):
        level, _, definition = part.partition(" ")
        if part.startswith("ASA<="):
            values["asa_s"] = float(part[5:])
        elif part.startswith("Ab<="):
            values["abandonment"] = float(part[4:-1]) / 100
        elif part.startswith("Occ<="):
            values["max_occupancy"] = float(part[5:-1]) / 100
        else:
            values["service_level"] = float(level.split("/")[0]) / 100
            names = {"": "offered", "P(W<=T)": "wait_within_threshold", "excl-short-ab": "excl_short_abandons"}
            values["definition"] = names[definition]
    return Targets(**values)


def test_every_reference_row():
    for row in csv.DictReader(REFERENCE.read_text().splitlines()):
        case = [float(row[name]) for name in ("load_erlang", "aht_s", "patience_mean_s", "T_s")]
        targets, expected = parsed(row["target"]), int(row["n_min"])
        assert smallest_agents(*case, targets) == expected, row
        assert expected - 1 - 1e-6 < max(fractional_agents(*case, targets), expected - 1) <= expected + 1e-6, row


@settings(deadline=None)
@given(
    load=st.floats(0.01, 1e4),
    more=st.floats(1.0, 1.5),
    patience_s=st.sampled_from([10.0, 180.0, 1e7, math.inf]),
    level=st.floats(0.05, 0.999),
)
def test_more_calls_never_need_fewer_agents(load, more, patience_s, level):
    few, many = smallest_agents([load, load * more], 300, patience_s, 20, Targets(service_level=level))
    assert few <= many


@settings(deadline=None)
@given(load=st.floats(0.1, 2e3), patience_s=st.floats(5, 1e6), level=st.floats(0.1, 0.99))
def test_fractional_agents_lie_just_under_whole_ones(load, patience_s, level):
    targets = Targets(service_level=level)
    whole = smallest_agents(load, 300, patience_s, 20, targets)
    part = fractional_agents(load, 300, patience_s, 20, targets)
    assert part <= whole + 1e-6
    assert whole == 1 or part > whole - 1 - 1e-6
    exact = measures(arrival_rate_per_s=load / 300, aht_s=300, agents=part, threshold_s=20, patience_s=patience_s)
    assert exact.service_level == pytest.approx(level, abs=1e-6)


@pytest.mark.parametrize(("load", "occupancy", "agents"), [(21, 0.7, 30), (17, 0.85, 20), (8.5, 0.85, 10)])
def test_occupancy_ceiling_is_not_misrounded(load, occupancy, agents):
    assert smallest_agents(load, 300, math.inf, 20, Targets(max_occupancy=occupancy)) == agents


def test_no_calls_need_nobody():
    assert smallest_agents([0, 1], 300, 180, 20, Targets(service_level=0.8)).tolist() == [0, 3]


def test_shapes_broadcast():
    found = smallest_agents(np.ones((3, 1)), [300, 600], 180, 20, Targets(service_level=0.8))
    assert found.shape == (3, 2)
    assert found.dtype == np.int64


@pytest.mark.parametrize(
    "targets",
    [
        {}, {"service_level": 1.0}, {"service_level": 0.0}, {"asa_s": 0.0}, {"abandonment": 1.0},
        {"max_occupancy": 1.0}, {"service_level": 0.8, "definition": "best"}, {"service_level": math.nan},
    ],
)  # fmt: skip
def test_targets_outside_their_range_are_refused(targets):
    with pytest.raises(InputError):
        Targets(**targets)


def test_no_abandonment_asks_for_endless_patience():
    with pytest.raises(InputError, match="patience_s"):
        smallest_agents([10, 20], 300, [math.inf, 180], 20, Targets(abandonment=0.0))
    assert smallest_agents(10, 300, math.inf, 20, Targets(abandonment=0.0)) == 11


@pytest.mark.parametrize(("load", "aht_s"), [(math.nan, 300), (-1, 300), (math.inf, 300), (10, 0)])
def test_bad_numbers_never_become_a_requirement(load, aht_s):
    with pytest.raises(InputError):
        smallest_agents(load, aht_s, 180, 20, Targets(service_level=0.8))
