"""Real flags of a real series: does learning from them help, and do shuffled ones do harm?

    python -m benchmarks.event_flags

A reservations call centre flags its special days and two breaks from 2014 on. From every fourth week of the later
part, 28 days are forecast: told of no events, of the flags, and of the special days moved to random days (which teach
nothing). WAPE over flagged days, other days and all days.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.events import OPTIONS
from benchmarks.series import DATA
from staffing.domain.calendar import SiteCalendar
from staffing.domain.demand import Event
from staffing.forecast import fit

FLAGS = ("special_day", "summer_break", "christmas_break")
FLAGGED_FROM = 365  # days after the first: flags begin with the second year
COUNTRY, HORIZON, EVERY, FIRST_CUT, SHUFFLES = "GB", 28, 28, 670, 4


def runs_of(flag: np.ndarray) -> list[tuple[int, int]]:
    """First and last position of every run of ones."""
    padded = np.concatenate([[0], np.nan_to_num(flag), [0]]).astype(int)
    edges = np.diff(padded)
    return list(zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1) - 1, strict=True))


def events_of(kind: str, flag: np.ndarray, dates: np.ndarray) -> tuple[Event, ...]:
    return tuple(
        Event(name=f"{kind} {number}", kind=kind, start=dates[first].item(), end=dates[last].item())
        for number, (first, last) in enumerate(runs_of(flag))
    )


def shuffled(flag: np.ndarray, seed: int) -> np.ndarray:
    """As many days, anywhere in the flagged part."""
    out = np.zeros(len(flag))
    count = int(np.nansum(flag))
    out[np.random.default_rng(seed).choice(np.arange(FLAGGED_FROM, len(flag)), count, replace=False)] = 1
    return out


def errors(table: pd.DataFrame, events: tuple[Event, ...]) -> np.ndarray:
    """Absolute errors and calls (two columns) by day of all horizons, NaN before the first cut."""
    calendar = SiteCalendar(timezone="UTC", interval_min=1440, country=COUNTRY)
    start = pd.DatetimeIndex(table["date"]).tz_localize("UTC")
    history = pd.DataFrame({"queue": "voice", "start": start, "calls": table["calls"].astype(float), "aht_s": np.nan})
    out = np.full(len(table), np.nan)
    for cut in range(FIRST_CUT, len(table) - HORIZON + 1, EVERY):
        fitted = fit(history.iloc[:cut], calendar, events, OPTIONS)
        made = fitted.predict(calendar, events, table["date"].iloc[cut].date(), HORIZON).table["calls"].to_numpy()
        out[cut : cut + HORIZON] = np.abs(made - table["calls"].iloc[cut : cut + HORIZON])
    return out


def main() -> None:
    table = pd.read_parquet(DATA / "reservations_callcentre_daily_2013_2016.parquet")
    dates = table["date"].to_numpy().astype("datetime64[D]")
    special = table["special_day"].to_numpy()
    told = {"no events": (), "special days": events_of("special_day", special, dates)}
    told["all flags"] = tuple(event for kind in FLAGS for event in events_of(kind, table[kind].to_numpy(), dates))
    for seed in range(SHUFFLES):
        told[f"shuffled special days {seed + 1}"] = events_of("special_day", shuffled(special, seed), dates)
    flagged = np.nan_to_num(special) > 0
    print("| told of | WAPE on special days, % | other days, % | all days, % |\n|---|---|---|---|")
    for name, events in told.items():
        error = errors(table, events)
        known = np.isfinite(error)
        wapes = [
            100 * error[known & days].sum() / table["calls"][known & days].sum()
            for days in (flagged, ~flagged, np.ones(len(table), dtype=bool))
        ]
        print(f"| {name} | " + " | ".join(f"{wape:.1f}" for wape in wapes) + " |", flush=True)


if __name__ == "__main__":
    main()
