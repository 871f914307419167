"""Prophet solved for, held against Stan's own search and against the conditions that a maximum must meet."""

import logging

import numpy as np
import pandas as pd
import pytest

from staffing.forecast.day_level.models.prophet_map import NOISE_SPREAD
from staffing.forecast.day_level.models.solved_prophet import OFFSET_SPREAD, DirectMap, SolvedProphet, numbers

SETTINGS = {"weekly_seasonality": True, "yearly_seasonality": False, "daily_seasonality": False, "growth": "linear"}


def made_up(days: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    at = np.arange(days)
    level = np.interp(at, [0, days / 3, days / 2, days], [0.0, 0.3, -0.2, 0.1])
    y = level + 0.2 * np.sin(at / 7 * 2 * np.pi) + rng.normal(0, 0.1, days)
    return pd.DataFrame({"ds": pd.date_range("2024-01-01", periods=days), "y": y})


class Listening(DirectMap):
    """Keeps what Prophet tells its backend."""

    def fit(self, start, data, **options):
        self.data, self.found = data, super().fit(start, data, **options)
        return self.found


def solved(table: pd.DataFrame) -> Listening:
    model, backend = SolvedProphet(**SETTINGS), Listening()
    model.stan_backend = backend
    model.fit(table)
    return backend


def parts(data, found):
    """Design of the slopes' changes, of the rest, and the errors."""
    t, y, changes = (np.asarray(data[name], dtype=float) for name in ("t", "y", "t_change"))
    slopes = np.maximum(t[:, None] - changes, 0.0)
    others = np.column_stack([t, np.ones_like(t), np.asarray(data["X"], dtype=float)])
    rest = np.concatenate([found[name].ravel() for name in ("k", "m", "beta")])
    return slopes, others, rest, y - slopes @ found["delta"].ravel() - others @ rest


def log_posterior(data, found) -> float:
    """Prophet's model in Stan, constants left out."""
    _, _, rest, error = parts(data, found)
    noise = float(found["sigma_obs"].ravel()[0])
    spreads = np.concatenate([[OFFSET_SPREAD, OFFSET_SPREAD], data["sigmas"]])
    prior = -0.5 * (rest**2 / spreads**2).sum() - np.abs(found["delta"]).sum() / data["tau"]
    likelihood = -len(error) * np.log(noise) - 0.5 * (error @ error) / noise**2
    return float(likelihood + prior - 0.5 * noise**2 / NOISE_SPREAD**2)


@pytest.mark.parametrize("days", [60, 400])
def test_stan_finds_no_better_parameters(days):
    from prophet import Prophet

    logging.getLogger("cmdstanpy").disabled = True
    table = made_up(days, seed=days)
    ours, stan = solved(table), Prophet(**SETTINGS).fit(table)
    theirs = {name: np.asarray(value) for name, value in stan.params.items() if name != "trend"}
    assert log_posterior(ours.data, ours.found) >= log_posterior(ours.data, theirs) - 1e-6


def test_it_is_a_maximum():
    found = solved(made_up(400, seed=2))
    slopes, others, rest, error = parts(found.data, found.found)
    delta, variance = found.found["delta"].ravel(), float(found.found["sigma_obs"].ravel()[0]) ** 2
    spreads = np.concatenate([[OFFSET_SPREAD, OFFSET_SPREAD], found.data["sigmas"]])
    assert others.T @ error / variance - rest / spreads**2 == pytest.approx(np.zeros(len(rest)), abs=1e-4)
    pull, bound = slopes.T @ error / variance, 1.0 / found.data["tau"]
    assert (np.abs(pull) <= bound * (1 + 1e-6)).all()
    moved = np.abs(delta) > 1e-6
    assert moved.any()
    assert not moved.all()
    assert pull[moved] == pytest.approx(bound * np.sign(delta[moved]), rel=1e-3)
    assert error @ error / variance**1.5 - len(error) / variance**0.5 == pytest.approx(
        variance**0.5 / NOISE_SPREAD**2, rel=1e-3
    )


def test_effects_are_those_of_prophets_own_prediction():
    table = made_up(800, seed=4).assign(bend=np.sin(np.arange(800)), step=(np.arange(800) > 500).astype(float))
    model = SolvedProphet(**SETTINGS)
    model.add_seasonality("yearly", period=365.25, fourier_order=8)
    for name in ("bend", "step"):
        model.add_regressor(name, standardize=False)
    told = model.fit(table).predict(table)
    ordinal = (table["ds"] - pd.Timestamp(0)).dt.days.to_numpy(dtype=float)
    said = numbers(model).on(ordinal, {name: table[name].to_numpy() for name in ("bend", "step")})
    assert set(said) == {"trend", "weekly", "yearly", "bend", "step"}
    for name, effect in said.items():
        assert effect == pytest.approx(told[name].to_numpy(), abs=1e-9)
    assert sum(said.values()) == pytest.approx(told["yhat"].to_numpy(), abs=1e-9)
