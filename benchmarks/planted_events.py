"""Known effects planted on real series: the ground on which learning from events is measured."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks.series import load
from staffing.domain.calendar import SiteCalendar
from staffing.domain.demand import Event
from staffing.forecast.counts import weekday_of

SERIES = (
    "card A daily",
    "card C daily",
    "hospital arrivals 60 min",
    "ambulance amber daily",
    "reservations daily",
    "police calls daily",
)
TRAIN_DAYS, TEST_DAYS = 620, 84
OWN_SPREAD = 0.12  # an event's own strength around its kind's, standard deviation


@dataclass(frozen=True)
class Kind:
    """How one kind truly acts: log effect at size 1, growth with size, share left on each day."""

    name: str
    effect: float
    elasticity: float
    shape: str  # pulse, decay, step, rebound; hump, fading step, eve; late hump, plateau, weekdays
    count: int
    days: tuple[int, int] = (1, 1)

    def response(self, event: Event, dates: np.ndarray) -> np.ndarray:
        since = (dates - np.datetime64(event.start)).astype(int)
        during = (since >= 0) & (since < event.days)
        if self.shape == "decay":
            return np.where((since >= 0) & (since < 21), 0.5 ** (np.maximum(since, 0) / 3.0), 0.0)
        if self.shape == "step":
            return (since >= 0).astype(float)
        if self.shape == "hump":  # highest on day three
            return np.where((since >= 0) & (since < 9), np.exp(-0.5 * ((since - 2) / 1.3) ** 2), 0.0)
        if self.shape == "late hump":  # highest after ten days, gone faster than it came
            wide = np.where(since < 10, 4.0, 2.0)
            return np.where((since >= 0) & (since < 18), np.exp(-0.5 * ((since - 10) / wide) ** 2), 0.0)
        if self.shape == "plateau":  # nothing for four days, then as much on each of six
            return ((since >= 4) & (since < 10)).astype(float)
        if self.shape == "weekdays":  # Monday to Wednesday
            return (during & (weekday_of(dates) < 3)).astype(float)
        if self.shape == "fading step":
            return np.where(since >= 0, 0.5 ** (np.maximum(since, 0) / 40.0), 0.0)
        if self.shape == "eve":  # most of it on the day before, and less than usual for three days after
            after = (since >= event.days) & (since < event.days + 3)
            return np.where(since == -1, 1.0, 0.4 * during - 0.3 * after)
        if self.shape == "rebound":  # contacts lost today come tomorrow
            return np.where(during, 1.0, np.where(since == event.days, -0.5, 0.0))
        lead = np.where(since == -1, 0.3, 0.0)
        return during + np.where(since == event.days, 0.5, 0.0) + lead


KINDS = (
    Kind("launch", 0.22, 0.6, "decay", 9),
    Kind("campaign", 0.12, 0.8, "pulse", 16, (1, 4)),
    Kind("outage", -0.25, 0.5, "rebound", 8),
    Kind("self service", -0.10, 0.7, "step", 4),
    Kind("price change", 0.15, 1.0, "decay", 6),
)
#: Shapes that no reading of the product has; those of the second tuple begin late, or act on some weekdays only.
UNASSUMED = (
    Kind("hump", 0.22, 0.6, "hump", 8),
    Kind("fading step", 0.18, 0.7, "fading step", 5),
    Kind("eve", 0.2, 0.8, "eve", 9, (1, 3)),
)
LATE = (
    Kind("late hump", 0.22, 0.6, "late hump", 6),
    Kind("plateau", 0.18, 0.7, "plateau", 6),
    Kind("weekdays", 0.2, 0.7, "weekdays", 5, (10, 14)),
)


@dataclass(frozen=True)
class Case:
    """One series with planted events: history, what came after, and each event's true log effect by day."""

    name: str
    history: pd.DataFrame
    calendar: SiteCalendar
    past: tuple[Event, ...]
    future: tuple[Event, ...]
    start: dt.date
    actual: np.ndarray
    truth: dict[str, np.ndarray]

    @property
    def dates(self) -> np.ndarray:
        return np.datetime64(self.start) + np.arange(len(self.actual))


def cases(
    seed: int, names: tuple[str, ...] = SERIES, *, strength: float = 1.0, kinds: tuple[Kind, ...] = KINDS
) -> list[Case]:
    """Every series with its own draw of events; the last TEST_DAYS days are kept apart.

    With ``strength`` 0 the events are named, but do nothing.
    """
    series = load()
    return [plant(name, series[name], seed * 100 + k, strength, kinds) for k, name in enumerate(names)]


def plant(name: str, series, seed: int, strength: float = 1.0, kinds: tuple[Kind, ...] = KINDS) -> Case:
    rng = np.random.default_rng(seed)
    totals = series.grid.sum(axis=1, min_count=series.grid.shape[1] // 2).iloc[-(TRAIN_DAYS + TEST_DAYS) :]
    dates = totals.index.to_numpy().astype("datetime64[D]")
    train = len(dates) - TEST_DAYS
    events, log_effects = _draw_events(rng, dates, train, kinds)
    moved = np.nan_to_num(totals.to_numpy()) * np.exp(strength * np.sum(log_effects, axis=0))
    calls = rng.poisson(moved).astype(float) if strength else np.nan_to_num(totals.to_numpy())
    calls[totals.isna().to_numpy()] = np.nan
    calendar = SiteCalendar(timezone="UTC", interval_min=1440, country=series.country)
    start = pd.DatetimeIndex(dates.astype("datetime64[s]")).tz_localize("UTC")
    table = pd.DataFrame({"queue": "voice", "start": start, "calls": calls, "aht_s": np.nan})
    cut = dates[train].item()
    return Case(
        name=name,
        history=table.iloc[:train],
        calendar=calendar,
        past=tuple(event for event in events if event.start < cut),
        future=tuple(event for event in events if event.start >= cut),
        start=cut,
        actual=calls[train:],
        truth={event.name: effect[train:] for event, effect in zip(events, log_effects, strict=True)},
    )


def _draw_events(
    rng: np.random.Generator, dates: np.ndarray, train: int, kinds: tuple[Kind, ...]
) -> tuple[list[Event], list[np.ndarray]]:
    events, effects = [], []
    for kind in kinds:
        starts = [*rng.integers(30, train - 10, size=kind.count), train + int(rng.integers(2, TEST_DAYS - 10))]
        for number, day in enumerate(starts):
            size = float(np.round(np.exp(rng.normal(0, 0.5)), 2))
            first = dates[day].item()
            last = first + dt.timedelta(days=int(rng.integers(kind.days[0], kind.days[1] + 1)) - 1)
            event = Event(name=f"{kind.name} {number + 1}", kind=kind.name, start=first, end=last, size=size)
            strength = kind.effect * size**kind.elasticity * (1 + OWN_SPREAD * rng.normal())
            events.append(event)
            effects.append(strength * kind.response(event, dates))
    return events, effects
