"""The Prophet library, imported without its remarks on optional plotting, and solved instead of searched.

What it would plot with stays unloaded: that takes as long as all the rest of it. Imported where a Prophet is fitted or
asked, and not before.
"""

from __future__ import annotations

import logging
import sys
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any
from unittest.mock import patch

import numpy as np
import pandas as pd

from staffing.forecast.day_level.models.prophet_map import Posterior, ProphetEffects

logging.getLogger("prophet.plot").setLevel(logging.CRITICAL)  # it may say what is not installed
_unseen = {} if "prophet" in sys.modules or "matplotlib" in sys.modules else {"matplotlib": None}
with patch.dict(sys.modules, _unseen):  # as if matplotlib were not installed
    from prophet import Prophet
    from prophet.models import IStanBackend
logging.getLogger("prophet").setLevel(logging.ERROR)

OFFSET_SPREAD = 5.0  # of Prophet's priors of the first slope and level


class DirectMap(IStanBackend):
    """Takes the place of Stan for a linear trend with additive effects."""

    @staticmethod
    def get_type() -> str:
        return "direct"

    def load_model(self) -> None:
        """There is none to load."""

    def fit(self, stan_init: Mapping[str, Any], stan_data: Mapping[str, Any], **_: Any) -> OrderedDict[str, np.ndarray]:
        """Parameters in the form of Stan's; ``stan_data`` is what Prophet would tell Stan."""
        t, y, changes = (np.asarray(stan_data[name], dtype=float) for name in ("t", "y", "t_change"))
        slopes = np.maximum(t[:, None] - changes, 0.0)
        others = np.column_stack([t, np.ones_like(t), np.asarray(stan_data["X"], dtype=float)])
        spreads = np.concatenate([[OFFSET_SPREAD, OFFSET_SPREAD], np.asarray(stan_data["sigmas"], dtype=float)])
        delta, rest, noise = Posterior.of(slopes, others, y, spreads, float(stan_data["tau"])).maximum()
        found = {"k": rest[:1], "m": rest[1:2], "delta": delta, "sigma_obs": np.array([noise]), "beta": rest[2:]}
        return OrderedDict((name, value.reshape(1, -1)) for name, value in found.items())

    def sampling(self, *_arguments: Any, **_options: Any) -> Any:
        """Raises ValueError: the most probable parameters are all there is."""
        raise ValueError("a Prophet that is solved for has no samples; leave mcmc_samples at 0.")


class SolvedProphet(Prophet):
    """A Prophet with a linear trend and additive effects, whose parameters are solved for."""

    def _load_stan_backend(self, stan_backend: str | None) -> None:
        self.stan_backend = DirectMap()


def numbers(model: Prophet) -> ProphetEffects:
    """What a fitted Prophet says, as numbers."""
    params = {name: np.asarray(value, dtype=float).ravel() for name, value in model.params.items()}
    scale, day = float(model.y_scale or 1.0), pd.Timedelta(days=1)
    seasons = {name: (float(one["period"]), int(one["fourier_order"])) for name, one in model.seasonalities.items()}
    return ProphetEffects(
        start=float((model.start - pd.Timestamp(0)) / day),
        days=float(model.t_scale / day),
        slope=scale * float(params["k"][0]),
        level=scale * float(params["m"][0]),
        changes=np.asarray(model.changepoints_t, dtype=float),
        bends=scale * params["delta"],
        seasons=seasons,
        regressors=tuple(model.extra_regressors),
        beta=scale * params["beta"],
    )
