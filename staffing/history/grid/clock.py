"""Local times to instants: what to do when the clock jumps or an hour repeats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from staffing.history.meaning.times import Times


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


def place(times: Times, queues: Sequence[np.ndarray], zone: ZoneInfo) -> Placed:
    """Instants of local ``times``; an hour that came twice is told apart by the order of its rows.

    ``queues`` are the places of each queue's rows. Dates without a time of day begin when the local day does. Cells
    with their own offset are taken as they say.
    """
    utc = np.full(len(times.local), np.datetime64("NaT", "s"))
    skipped, repeated, single = (np.zeros(len(utc), dtype=bool) for _ in range(3))
    for at in queues:
        utc[at], skipped[at], repeated[at], single[at] = _one_queue(times.local[at], times.offset_min[at], zone)
    return Placed(pd.DatetimeIndex(utc).tz_localize("UTC").tz_convert(zone), skipped, repeated, single)


def _one_queue(
    wall: np.ndarray, offset_min: np.ndarray, zone: ZoneInfo
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Instants (UTC), and which were skipped, repeated, single: see ``Placed``."""
    told, none = ~np.isnan(offset_min), np.zeros(len(wall), dtype=bool)
    local = pd.DatetimeIndex(wall - np.nan_to_num(offset_min).astype("timedelta64[m]"))
    if told.all():
        return np.asarray(local), none, none, none
    if not told.any() and _are_days(local):
        days = local.tz_localize(zone, ambiguous=~none, nonexistent="shift_forward")
        return _utc(days), none, none, none
    utc = _utc(local.tz_localize(zone, ambiguous="NaT", nonexistent="NaT"))
    utc[told] = local[told]
    odd = np.isnat(utc) & ~np.asarray(local.isna())
    first, second = (
        _utc(local[odd].tz_localize(zone, ambiguous=[summer] * odd.sum(), nonexistent="NaT"))
        for summer in (True, False)
    )
    later, count = _turns(local[odd], descending=_descends(local))
    utc[odd] = np.where(later, second, first)
    skipped, repeated, single = none.copy(), none.copy(), none.copy()
    skipped[odd], repeated[odd], single[odd] = (
        np.isnat(first),
        ~np.isnat(first) & (count > 1),
        ~np.isnat(first) & (count == 1),
    )
    return utc, skipped, repeated, single


def _utc(index: pd.DatetimeIndex) -> np.ndarray:
    return np.array(index.tz_convert("UTC").tz_localize(None), dtype="datetime64[s]")


def _are_days(local: pd.DatetimeIndex) -> bool:
    known = local[~local.isna()]
    return bool((known == known.normalize()).all())


def _descends(local: pd.DatetimeIndex) -> bool:
    known = local[~local.isna()]
    return len(known) > 1 and known[0] > known[-1]


def _turns(local: pd.DatetimeIndex, *, descending: bool) -> tuple[np.ndarray, np.ndarray]:
    """For each time of a repeated hour: whether it is the later of its readings, and how many there are."""
    groups = pd.Series(local).groupby(local, sort=False)
    count, nth = groups.transform("size").to_numpy(), groups.cumcount().to_numpy()
    return (nth < count - 1) if descending else (nth > 0), count
