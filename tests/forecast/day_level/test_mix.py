"""The weights of the mix, by hand."""

import numpy as np
import pytest

from staffing.forecast.day_level.mix import Replay, combine, mix_weights
from staffing.forecast.day_level.models import MODELS as ALL

ORIGINS, STEPS = 30, 40
MODELS = ("prophet", "regression", "smoothing", "weekday_mean")
SHARES = {name: ALL[name].prior_share for name in MODELS}


def replay(errors, few=()):
    """Models with a constant absolute error; those of ``few`` forecast from the last two origins only."""
    actual = np.zeros((ORIGINS, STEPS))
    forecasts = {name: np.full_like(actual, error) for name, error in errors.items()}
    for name in few:
        forecasts[name][:-2] = np.nan
    ahead = np.tile(np.arange(1, STEPS + 1), (ORIGINS, 1))
    return Replay(5.0 * np.arange(ORIGINS)[::-1], ahead, actual, forecasts)


def test_equal_models_keep_their_prior_shares():
    made = mix_weights(replay(dict.fromkeys(MODELS, 0.1)), SHARES)
    shares = np.array(list(SHARES.values()))
    assert made.shares == pytest.approx(np.tile(shares / shares.sum(), (5, 1)))
    assert not made.guarded.any()


def test_the_better_model_gains_on_all_its_origins_though_another_has_few():
    errors = {"prophet": 0.1, "regression": 0.1, "smoothing": 0.05, "weekday_mean": 0.1}
    with_few = mix_weights(replay(errors, few=("prophet",)), SHARES).shares
    with_all = mix_weights(replay(errors), SHARES).shares
    ratio = with_few[:, 2] / with_few[:, 1]
    assert ratio == pytest.approx(with_all[:, 2] / with_all[:, 1])
    assert (ratio > 3 * SHARES["smoothing"] / SHARES["regression"]).all()


def test_a_few_origins_move_little():
    errors = {"prophet": 0.05, "regression": 0.1, "smoothing": 0.1, "weekday_mean": 0.1}
    few, many = (mix_weights(replay(errors, few=names), SHARES).shares[:, 0] for names in (("prophet",), ()))
    assert (few < many).all()


def test_the_guard_takes_over_where_the_mix_did_worse_than_the_weekday_mean():
    errors = {"prophet": 0.3, "regression": 0.3, "smoothing": 0.3, "weekday_mean": 0.1}
    made = mix_weights(replay(errors), SHARES)
    assert made.guarded.all()
    assert (made.shares[:, MODELS.index("weekday_mean")] == 1).all()


def test_a_model_without_a_forecast_leaves_its_weight_to_the_others():
    made = replay({"regression": 0.2, "prophet": 0.4}, few=("prophet",))
    mixed = combine(made, ("regression", "prophet"), np.full((5, 2), 0.5))
    assert mixed[0] == pytest.approx(0.2)
    assert mixed[-1] == pytest.approx(0.3)
