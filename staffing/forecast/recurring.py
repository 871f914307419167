"""Days that come back after a year or so, such as Ramadan, school holidays or a named holiday, keep their own shape.

Older than the days that the usual shape is learned from, such a day is held against the usual days around it, of its
own weekday, so that neither a slow drift nor other opening hours since then are taken for what it does. What all its
times have in common is shrunk by the noise that usual days have about their own neighbours, and smoothed over the hours
as far as that noise blurs it (a Gaussian process whose size is told by the data: Rasmussen & Williams 2006, chapter 2).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from staffing.forecast.day_level.days import NO_HOLIDAY, DayFacts

AROUND_DAYS = 21.0  # usual days so far off count 1/e
LEAST_AROUND = 0.2  # weight of usual days, below which a day has nothing to be held against
NOISE_DAYS = 200  # usual days that tell the noise
ALIKE_HOURS = 4.0  # hours so far apart depart alike to a degree of 1/e
SURE = 2.0  # deviations of the noise's own mean square that a departure must be beyond it
PERIOD, HOLIDAY, KEPT = "period", "holiday", "kept"


@dataclass(frozen=True)
class Recurring:
    """``effects`` (names × slots): what a day's shares depart by, each summing to 0; ``names`` as in `named`."""

    names: tuple[str, ...]
    effects: np.ndarray

    @classmethod
    def none(cls, slots: int) -> Recurring:
        """Nothing comes back."""
        return cls((), np.zeros((0, slots)))

    def of(self, facts: DayFacts) -> np.ndarray:
        """Days × slots to add to the shares of ``facts``."""
        return named(facts, self.names) @ self.effects

    def taken_from(self, calls: np.ndarray, facts: DayFacts) -> np.ndarray:
        """The ``calls`` (days × slots) of ``facts`` as on usual days; each day keeps its sum, which is not zero."""
        if not self.names:
            return calls
        total = calls.sum(axis=1, keepdims=True)
        plain = np.maximum(calls - total * self.of(facts), 0.0)
        return np.asarray(plain * total / plain.sum(axis=1, keepdims=True))

    def and_of(self, other: Recurring) -> Recurring:
        """Both."""
        return Recurring((*self.names, *other.names), np.vstack([self.effects, other.effects]))


def named(facts: DayFacts, names: Sequence[str]) -> np.ndarray:
    """Days × ``names``, 1 where the day is of that name: in a period, at an offset from a holiday, or kept by many."""
    out, column = np.zeros((len(facts), len(names))), {name: k for k, name in enumerate(names)}
    for day, own in _names(facts) if names else ():
        out[day, [column[name] for name in own if name in column]] = 1.0
    return out


def _names(facts: DayFacts) -> Iterator[tuple[int, list[str]]]:
    """The place and names of each day that has any."""
    for day in np.flatnonzero(~_ordinary(facts)).tolist():
        names = [f"{PERIOD} {facts.period_names[k]}" for k in np.flatnonzero(facts.periods[day])]
        if facts.holiday_offset[day] != NO_HOLIDAY:  # a holiday on a Sunday says little of one on a Monday
            rest = "weekend" if facts.weekend[day] else "workday"
            names.append(f"{HOLIDAY} {facts.holiday_name[day]} {facts.holiday_offset[day]} {rest}")
        if facts.kept_name[day]:
            names.append(f"{KEPT} {facts.kept_name[day]}")
        yield day, names


@dataclass(frozen=True)
class NamedDays:
    """Past days that have names, and what they depart by from the usual days around, days × slots: ``shares`` of their
    ``total`` calls, and the ``usual`` ones.

    ``older`` flags those too old for the usual shape; ``noise`` is the squared distance of shares and usual ones, over
    the usual, times the day's calls, on days without a name.
    """

    facts: DayFacts
    shares: np.ndarray
    usual: np.ndarray
    total: np.ndarray
    older: np.ndarray
    noise: float

    @classmethod
    def of(cls, calls: np.ndarray, facts: DayFacts, older: int) -> NamedDays:
        """From whole days (days × slots) with calls, the first ``older`` of them too old for the usual shape."""
        total = calls.sum(axis=1)
        shares, ordinary = calls / total[:, None], _ordinary(facts)
        plain = np.flatnonzero(ordinary)
        around = partial(_around, shares[plain], facts[plain])
        told = plain[-NOISE_DAYS:]
        usual = around(facts[told])
        away = np.divide((shares[told] - usual) ** 2, usual, out=np.zeros(usual.shape), where=usual > 0)
        away = (away.sum(axis=1) * total[told])[np.isfinite(usual[:, 0])]
        noise = max(float(np.median(away)), 1e-9) if len(away) else np.inf
        usual = around(facts[~ordinary])
        days = np.flatnonzero(~ordinary)[np.isfinite(usual[:, 0])]
        return cls(facts[days], shares[days], usual[np.isfinite(usual[:, 0])], total[days], days < older, noise)

    def periods(self) -> Recurring:
        """Of periods that older days were in, from all days in them but holidays and days beside."""
        return self._learned((PERIOD,), self.facts.holiday_offset == NO_HOLIDAY, np.zeros(self.shares.shape))

    def holidays(self, known: np.ndarray) -> Recurring:
        """Of holidays, days beside them and days that many keep, from older days, beyond what is ``known`` of them."""
        return self._learned((HOLIDAY, KEPT), self.older, known)

    def _learned(self, kinds: tuple[str, ...], told: np.ndarray, known: np.ndarray) -> Recurring:
        of_older = {name for _, own in _names(self.facts[self.older]) for name in own if name.startswith(kinds)}
        names = sorted(of_older)
        days = dict(zip(names, (named(self.facts, names).T > 0) & told, strict=True))
        effects = {name: self._effect(own, known) for name, own in days.items() if own.any()}
        effects = {name: effect for name, effect in effects.items() if effect.any()}
        return Recurring(tuple(effects), np.array([*effects.values()]).reshape(len(effects), self.shares.shape[1]))

    def _effect(self, days: np.ndarray, known: np.ndarray) -> np.ndarray:
        """The common departure of ``days``, shrunk and smoothed."""
        departure = (self.shares - self.usual - known)[days].mean(axis=0)
        size = 0.5 * (self.shares[days].mean(axis=0) + self.usual[days].mean(axis=0))
        slots, out = np.flatnonzero(size), np.zeros(len(departure))
        root = np.sqrt(size[slots])
        seen = departure[slots] / root
        noise = self.noise * np.mean(1.0 / self.total[days]) / days.sum() / len(slots)
        signal = float(np.mean(seen**2)) - noise
        if signal > noise * SURE * np.sqrt(2 / len(slots)):
            alike = signal * np.exp(-np.abs(slots[:, None] - slots) * 24 / (ALIKE_HOURS * len(departure)))
            smooth = alike @ np.linalg.solve(alike + noise * np.eye(len(slots)), seen)
            out[slots] = (smooth - (smooth @ root) * root / (root @ root)) * root
        return out


def _ordinary(facts: DayFacts) -> np.ndarray:
    return (facts.holiday_offset == NO_HOLIDAY) & (facts.kept_name == "") & ~facts.periods.any(axis=1)


def _around(shares: np.ndarray, facts: DayFacts, wanted: DayFacts) -> np.ndarray:
    """Mean ``shares`` of the days ``facts`` of the same weekday around each of ``wanted``, itself left out."""
    gap = np.abs(wanted.ordinal[:, None] - facts.ordinal)
    weight = np.exp(-gap / AROUND_DAYS) * (gap > 0) * (wanted.weekday[:, None] == facts.weekday)
    mass = weight.sum(axis=1, keepdims=True)
    return np.where(mass > LEAST_AROUND, weight @ shares / np.maximum(mass, 1e-9), np.nan)
