"""Staff for a share of days: fresh days hold as often as asked, at fewer hours than a flat percentage."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from staffing.domain.scenario import Scenario
from staffing.errors import InputErrors
from staffing.requirements import requirements
from staffing.simulation.certainty import ROUNDS, _Between, certain_staff
from staffing.simulation.lines import Shapes, Worlds
from staffing.simulation.week import simulate
from tests.simulation.desk import forecast, scenario, week

BASE = 120 + 180 * np.sin(np.linspace(0.3, 2.8, 12)) ** 2


def paths(rng: np.random.Generator, count: int = 300) -> np.ndarray:
    """Days that are busier or quieter as a whole, and in the afternoon more so."""
    day = rng.gamma(60, 1 / 60, (count, 1))
    late = np.where(np.arange(12) >= 7, rng.gamma(25, 1 / 25, (count, 1)), 1.0)
    return rng.poisson(BASE * day * late).astype("float32")


def case(**service: float) -> Scenario:
    return scenario(60, service={"service_level": 0.8, "threshold_s": 20, **service})


def chance(heads: np.ndarray, drawn: np.ndarray) -> float:
    """How often a thousand fresh days hold with so many people in each hour."""
    rows = []
    for k in range(int(heads.max())):
        on = np.concatenate([[False], heads > k, [False]])
        begins, ends = np.flatnonzero(on[1:] & ~on[:-1]), np.flatnonzero(~on[1:] & on[:-1])
        rows += [(k, 8 + int(b), 8 + int(e), "voice") for b, e in zip(begins, ends, strict=True)]
    return simulate(week(case(), {"voice": drawn}, rows), runs=1000, seed=99).total["p_day_meets_target"]


def needed(meet: float, drawn: np.ndarray) -> np.ndarray:
    asked = case(meet=meet, over="day")
    made = forecast(asked, {"voice": drawn})
    plain = requirements(made.table, case())
    return certain_staff(Worlds(made.table, made.paths), plain, asked, Shapes())["agents"].to_numpy()


def test_fresh_days_hold_as_often_as_asked_at_fewer_hours_than_a_flat_percentage():
    rng = np.random.default_rng(1)
    drawn, fresh = paths(rng, case(meet=0.9).sample_paths), paths(rng, 1000)
    heads = needed(0.9, drawn)
    both = 2 * np.sqrt(0.9 * 0.1 * (1 / 1000 + 1 / 1000))  # two standard errors of the days seen and of the fresh ones
    assert chance(heads, fresh) == pytest.approx(0.9, abs=both)
    plain = requirements(forecast(case(), {"voice": drawn}).table, case())["agents"].to_numpy()
    flat = next(
        sure
        for percent in range(100)
        if chance(sure := np.ceil(plain * (1 + percent / 100) - 1e-9), fresh) >= chance(heads, fresh)
    )
    assert heads.sum() < flat.sum()


def test_where_days_are_to_hold_staff_is_found_from_more_sample_paths():
    assert (case().sample_paths, case(meet=0.9).sample_paths) == (200, 1000)
    only_one = scenario(3, ({"name": "voice"}, {"name": "mail", "service": {"service_level": 0.8, "meet": 0.9}}))
    assert only_one.sample_paths == 1000
    assert scenario(3, service={"service_level": 0.8, "meet": 0.9}, paths=60).sample_paths == 60


def test_more_certainty_takes_more_people():
    drawn = paths(np.random.default_rng(2), 120)
    hours = [needed(meet, drawn).sum() for meet in (0.6, 0.8, 0.95)]
    assert hours == sorted(set(hours))


@pytest.mark.parametrize("spread", [0.5, 5.0, 60.0, 300.0])
def test_the_least_staff_is_found_in_few_trials_whatever_the_curve_of_chances(spread):
    most, least = np.array([40, 300, 1000, 1000]), np.array([20, 290, 7, 400])
    search = _Between(most, 0.9)
    curve = lambda steps: ndtr((steps - least + 0.5) / spread + ndtri(0.9))  # noqa: E731
    for _ in range(ROUNDS):
        search.told(curve(search.middle))
    assert (curve(search.high) >= 0.9).all()  # never fewer than are enough
    assert (search.high - least < np.maximum(0.05 * spread, 0.05 * most)).all()


def test_certainty_itself_cannot_be_staffed():
    with pytest.raises(InputErrors, match=r"service.meet.*0\.99"):
        case(meet=1.0)


def test_a_share_of_days_needs_a_service_level():
    with pytest.raises(InputErrors, match="service_level"):
        scenario(3, service={"asa_s": 20.0, "meet": 0.9})


def test_a_roster_that_keeps_fewer_days_says_so():
    drawn = paths(np.random.default_rng(4), 60)
    asked = case(meet=0.9)
    rows = [(k, 8, 20, "voice") for k in range(20)]
    notes = simulate(week(asked, {"voice": drawn}, rows), runs=60).notes
    assert any("90% of days are to keep the targets, this roster keeps" in note for note in notes)
