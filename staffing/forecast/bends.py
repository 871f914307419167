"""How a day departs from its shape, for sample paths: a past day's bend of the same kind, and counting noise.

Days are of one kind where their weekdays are shaped alike; holidays that were worked are a kind of their own. Bends
are scaled, kind by kind, so that paths are as ragged within the day as real days were about the shape foreseen the
evening before: the variance over the mean, which is the dispersion of a count plus what bends add (the first two
moments of a doubly stochastic count: Jongbloed & Koole 2001, "Managing uncertainty in call centres using Poisson
mixtures"). Outages and the like, whose bends are many times the usual, are cut to a few times it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from staffing.forecast.day_level.days import DayFacts

ALIKE = 0.15  # share of the day's calls that falls elsewhere, below which two weekdays are shaped alike
FEWEST_DAYS = 8  # of a kind; fewer borrow from all
WARM_UP_DAYS = 28  # the first days were foreseen from next to nothing
LARGEST_BEND = 3.0  # usual bends
LARGEST_RAGGED = 6.0  # usual raggedness: an outage day counts as so much
MOST_SCALE = 3.0
HALF_LIFE_DAYS = 120.0


@dataclass(frozen=True)
class Bends:
    """Bends of past days, ready to be drawn.

    Attributes
    ----------
    relative : days × slots, departures from the day's shape relative to it.
    kind : of each of these days.
    of_weekday : seven kinds; ``holiday`` is that of holidays, which may be one of them.
    dispersion : per kind, variance over mean of a count beyond bends.
    """

    relative: np.ndarray
    kind: np.ndarray
    of_weekday: np.ndarray
    holiday: int
    dispersion: np.ndarray

    @classmethod
    def none(cls, slots: int, dispersion: float) -> Bends:
        """Counting noise alone."""
        kinds = np.zeros(7, dtype=int)
        return cls(np.zeros((0, slots)), np.zeros(0, dtype=int), kinds, 0, np.array([dispersion]))

    def kinds(self, facts: DayFacts) -> np.ndarray:
        """The kind of each day."""
        on_holiday = (facts.holiday_offset == 0) & (self.holiday not in self.of_weekday)
        return np.where(on_holiday, self.holiday, self.of_weekday[facts.weekday])

    def draw(self, kind: int, places: np.ndarray) -> np.ndarray:
        """Draws × slots relative departures; ``places`` in [0, 1) choose the past days of the kind, oldest first."""
        pool = np.flatnonzero(self.kind == kind)
        if len(pool) < FEWEST_DAYS:
            pool = np.arange(len(self.kind))
        return self.relative[pool[(places * len(pool)).astype(int)]]


def learn_bends(
    actual: np.ndarray, foreseen: np.ndarray, departures: np.ndarray, facts: DayFacts, dispersion: float
) -> Bends:
    """From known days, all arrays days × slots.

    ``actual`` calls; ``foreseen`` shares, as said the evening before; ``departures`` what days bent beyond counting
    noise, relative to the pooled shape; ``dispersion`` what counts have beside.
    """
    of_weekday = _kinds_of_weekdays(foreseen, facts.weekday)
    holidays = facts.holiday_offset == 0
    holiday = int(of_weekday.max()) + 1 if holidays.sum() >= FEWEST_DAYS else -1
    kind = np.where(holidays & (holiday >= 0), holiday, of_weekday[facts.weekday])
    usable = (np.arange(len(kind)) >= min(WARM_UP_DAYS, len(kind) // 2)) & (~holidays | (holiday >= 0))
    relative, actual, foreseen, kind = (one[usable] for one in (departures, actual, foreseen, kind))
    recent = 0.5 ** ((facts.ordinal[-1] - facts.ordinal[usable]) / HALF_LIFE_DAYS)
    relative, dispersions = relative.copy(), np.full(int(kind.max(initial=0)) + 1, dispersion)
    for one in np.unique(kind):
        rows = np.flatnonzero(kind == one)
        if len(rows) >= FEWEST_DAYS:
            scaled = _as_ragged(actual[rows], foreseen[rows], relative[rows], recent[rows], dispersion)
            relative[rows], dispersions[one] = scaled
    return Bends(relative, kind, of_weekday, holiday, dispersions)


def _kinds_of_weekdays(shares: np.ndarray, weekday: np.ndarray) -> np.ndarray:
    """Seven kinds, 0 the first; a weekday joins the first one whose first weekday is shaped like it."""
    means = [shares[weekday == k][-FEWEST_DAYS:].mean(axis=0) if (weekday == k).any() else None for k in range(7)]
    kinds, firsts = np.zeros(7, dtype=int), list[np.ndarray]()
    for k, mean in enumerate(means):
        if mean is None:
            continue
        alike = [j for j, first in enumerate(firsts) if 0.5 * np.abs(mean - first).sum() < ALIKE]
        if not alike:
            firsts.append(mean)
        kinds[k] = alike[0] if alike else len(firsts) - 1
    return kinds


def _as_ragged(
    actual: np.ndarray, foreseen: np.ndarray, bends: np.ndarray, recent: np.ndarray, dispersion: float
) -> tuple[np.ndarray, float]:
    """The bends of one kind scaled to the raggedness of its days, and the dispersion that goes with them."""
    total = actual.sum(axis=1)
    spread = np.maximum(1.0 - (foreseen**2).sum(axis=1), 1e-9)  # shares of a given total vary by so much less
    expected = foreseen * total[:, None]
    ragged = ((actual - expected) ** 2).sum(axis=1) / np.maximum(total * spread, 1e-9)
    wanted = float(np.average(np.minimum(ragged, LARGEST_RAGGED * np.median(ragged)), weights=recent))
    size = ((foreseen * bends) ** 2).sum(axis=1) / spread
    usual = float(np.median(size))
    bends = bends * np.minimum(1.0, LARGEST_BEND * np.sqrt(usual / np.maximum(size, 1e-12)))[:, None]
    added = float(np.average(total, weights=recent)) * float((((foreseen * bends) ** 2).sum(axis=1) / spread).mean())
    if wanted <= dispersion or added <= 0:
        return np.zeros_like(bends), max(wanted, min(dispersion, 1.0))
    scale = min(np.sqrt((wanted - dispersion) / added), MOST_SCALE)
    return scale * bends, dispersion + max(wanted - dispersion - scale**2 * added, 0.0)
