"""Local times to instants: what to do when the clock jumps or an hour repeats."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from staffing.history.times import Times


@dataclass(frozen=True)
class Placed:
    """``start`` are instants in the zone (NaT where there is none).

    ``skipped`` marks local times that the clock jumped over; ``repeated`` and ``single`` those of an hour that
    came twice, with both of its readings in the file or only one.
    """

    start: pd.DatetimeIndex
    skipped: np.ndarray
    repeated: np.ndarray
    single: np.ndarray


def place(times: Times, queue: np.ndarray, zone: ZoneInfo) -> Placed:
    """Instants of local ``times``; an hour that came twice is told apart by the order of its rows per queue.

    Dates without a time of day begin when the local day does. Cells with their own offset are taken as they say.
    """
    offset = np.nan_to_num(times.offset_min).astype("timedelta64[m]")
    local = pd.DatetimeIndex(times.local - offset.astype("timedelta64[s]"))
    told = ~np.isnan(times.offset_min)
    none = np.zeros(len(local), dtype=bool)
    if told.all():
        return Placed(local.tz_localize("UTC").tz_convert(zone), none, none, none)
    if not told.any() and _are_days(local):
        days = local.tz_localize(zone, ambiguous=np.ones(len(local), dtype=bool), nonexistent="shift_forward")
        return Placed(days, none, none, none)
    utc = _utc(local.tz_localize(zone, ambiguous="NaT", nonexistent="NaT"))
    utc[told] = local[told]
    odd = np.isnat(utc) & ~np.asarray(local.isna())
    first, second = (
        _utc(local[odd].tz_localize(zone, ambiguous=[summer] * odd.sum(), nonexistent="NaT"))
        for summer in (True, False)
    )
    later, count = _turns(local[odd], queue[odd], descending=_descends(local))
    utc[odd] = np.where(later, second, first)
    skipped, repeated, single = none.copy(), none.copy(), none.copy()
    skipped[odd], repeated[odd], single[odd] = (
        np.isnat(first),
        ~np.isnat(first) & (count > 1),
        ~np.isnat(first) & (count == 1),
    )
    return Placed(pd.DatetimeIndex(utc).tz_localize("UTC").tz_convert(zone), skipped, repeated, single)


def _utc(index: pd.DatetimeIndex) -> np.ndarray:
    return np.array(index.tz_convert("UTC").tz_localize(None), dtype="datetime64[s]")


def _are_days(local: pd.DatetimeIndex) -> bool:
    known = local[~local.isna()]
    return bool((known == known.normalize()).all())


def _descends(local: pd.DatetimeIndex) -> bool:
    known = local[~local.isna()]
    return len(known) > 1 and known[0] > known[-1]


def _turns(local: pd.DatetimeIndex, queue: np.ndarray, *, descending: bool) -> tuple[np.ndarray, np.ndarray]:
    """For each time of a repeated hour: whether it is the later of its readings, and how many there are."""
    groups = pd.DataFrame({"queue": queue, "local": local}).groupby(["queue", "local"], sort=False)
    count, nth = groups["local"].transform("size").to_numpy(), groups.cumcount().to_numpy()
    return (nth < count - 1) if descending else (nth > 0), count
