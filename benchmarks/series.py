"""The visible real series the benchmarks measure on, read from the shared data folder beside the repository."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@dataclass(frozen=True)
class Series:
    """One queue: calls by local day (rows) and slot of the day (columns); NaN = missing, absent slots = 0."""

    name: str
    grid: pd.DataFrame
    country: str
    working_days_only: bool = False

    @property
    def interval_min(self) -> int:
        return 1440 // self.grid.shape[1]


def to_grid(stamps: pd.Series, calls: pd.Series, interval_min: int, blank: float) -> pd.DataFrame:
    """Sum to `interval_min` and lay out as days × slots; what has no row becomes `blank` (0 or NaN)."""
    start = pd.to_datetime(stamps).dt.floor(f"{interval_min}min")
    total = calls.astype(float).groupby(start).sum(min_count=1)
    every = pd.date_range(
        total.index[0].normalize(),
        total.index[-1].normalize() + pd.Timedelta("1D"),
        freq=f"{interval_min}min",
        inclusive="left",
    )
    known = total.index[total.isna()]
    total = total.reindex(every, fill_value=blank)
    total[known] = np.nan
    slot = (every.hour * 60 + every.minute) // interval_min
    frame = pd.DataFrame({"day": every.normalize(), "slot": slot, "calls": total.to_numpy()})
    return frame.pivot(index="day", columns="slot", values="calls")


def _read(file: str) -> pd.DataFrame:
    return pd.read_parquet(DATA / file)


def load() -> dict[str, Series]:
    """Every visible series by name."""
    out = []

    def add(name, frame, country, interval_min=1440, time="date", blank=0.0):
        out.append(Series(name, to_grid(frame[time], frame.calls, interval_min, blank), country))

    bank = _read("na_bank_2003_5min.parquet")
    add("bank 30 min", bank[bank.timestamp.dt.hour < 21], "US", 30, "timestamp")
    by_type = _read("anonbank_1999_30min_by_type_9months.parquet")
    by_type = by_type[by_type.timestamp < "1999-08-01"]  # August is absent
    add("1999 bank PS 30 min", by_type[by_type.queue == "PS"], "IL", 30, "timestamp")
    add("1999 bank NE 30 min", by_type[by_type.queue == "NE"], "IL", 30, "timestamp")
    add("1999 bank all 60 min", _read("anonbank_1999_6min.parquet"), "IL", 60, "timestamp")
    cards = _read("card_issuer_30min.parquet")
    add("card A 30 min", cards[cards.queue == "A"], "US", 30, "timestamp")
    add("card C 30 min", cards[cards.queue == "C"], "US", 30, "timestamp")
    cards = _read("card_issuer_daily.parquet")
    add("card A daily", cards[cards.queue == "A"], "US", blank=np.nan)
    add("card C daily", cards[cards.queue == "C"], "US", blank=np.nan)
    add("hospital arrivals 60 min", _read("wales_ed_arrivals_hourly_2014_2019.parquet"), "GB", 60, "timestamp")
    ambulance = _read("wales_ambulance_daily_2015_2019.parquet")
    add("ambulance amber daily", ambulance[ambulance.category == "AMBER"], "GB")
    red = ambulance[(ambulance.category == "RED") & (ambulance.queue == "SB")]
    add("ambulance SB red daily", red, "GB")
    add("reservations daily", _read("reservations_callcentre_daily_2013_2016.parquet"), "US", blank=np.nan)
    outsourcer = _read("outsourcer_5queues_daily_2019_2020.parquet")
    add("outsourcer A daily", outsourcer[outsourcer.queue == "Company_A"], "EG")
    add("outsourcer D daily", outsourcer[outsourcer.queue == "Company_D"], "EG")
    add("support desk daily", _read("kaggle_callcenter_daily.parquet"), "US")
    add("police calls daily", _read("nypd_cfs_daily_2018_2022.parquet"), "US")
    return {s.name: s for s in out}


def cutoffs(grid: pd.DataFrame, count: int = 8) -> tuple[list[pd.Timestamp], int]:
    """`count` origins spread over the later part of the series, and the horizon in days they leave room for."""
    horizon = 90 if len(grid) > 450 else 28
    positions = np.linspace(int(len(grid) * 0.55), len(grid) - horizon, count).astype(int)
    return [grid.index[p] for p in sorted(set(positions))], horizon
