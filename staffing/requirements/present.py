"""What shrinkage leaves of rostered time, interval by interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from staffing.domain.service import Shrinkage

if TYPE_CHECKING:
    import pandas as pd

SHARES = ["planned_shrinkage", "unplanned_shrinkage"]


def present_share(table: pd.DataFrame, forecast: pd.DataFrame, shrinkage: Shrinkage) -> np.ndarray:
    """Of each row of ``table`` (queue, start): the share of rostered time that is worked on contacts, in (0, 1].

    From past attendance where ``shrinkage`` asks for it and ``forecast`` has it, else its own shares.
    """
    import pandas as pd

    usual = shrinkage.present_share
    if not shrinkage.from_history or not set(SHARES) <= set(forecast):
        return np.full(len(table), usual)
    left = (1 - forecast[SHARES]).prod(axis=1, skipna=False)
    known = pd.Series(left.to_numpy(), index=pd.MultiIndex.from_frame(forecast[["queue", "start"]]))
    rows = pd.MultiIndex.from_frame(table[["queue", "start"]])
    return known.reindex(rows).fillna(usual).to_numpy()
