"""Sample paths of a queue, day by day: a day that is asked for anew is drawn anew, all others are kept.

Every day draws from a random stream of its own, so that an event changes the sample paths of the days it
touches and no others, and the same events give the same paths whatever was asked before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from staffing.forecast.bends import Bends
from staffing.forecast.paths import count_quantiles, draw_counts

QUANTILES = (0.1, 0.5, 0.9)
MOST_PACKED = np.iinfo("uint16").max


class SamplePaths(Mapping[str, np.ndarray]):
    """Sample paths × intervals of every queue, put together from its days when they are first looked at."""

    def __init__(self, days: Mapping[str, tuple[np.ndarray, ...]]) -> None:
        self._days, self._whole = dict(days), dict[str, np.ndarray]()

    def __getitem__(self, queue: str) -> np.ndarray:
        if queue not in self._whole:
            self._whole[queue] = np.hstack(self._days[queue]).astype("float32", copy=False)
        return self._whole[queue]

    def __iter__(self) -> Iterator[str]:
        return iter(self._days)

    def __len__(self) -> int:
        return len(self._days)


class HandleTimePaths(Mapping[str, np.ndarray]):
    """Sample paths × intervals of every queue's mean handle time, seconds, put together when first looked at.

    ``parts`` holds per queue the expected handle time of each interval, paths × days factors, and the day of each
    interval.
    """

    def __init__(self, parts: Mapping[str, tuple[np.ndarray, np.ndarray, np.ndarray]]) -> None:
        self._parts, self._whole = dict(parts), dict[str, np.ndarray]()

    def __getitem__(self, queue: str) -> np.ndarray:
        if queue not in self._whole:
            usual, factors, day_of = self._parts[queue]
            self._whole[queue] = (usual * factors[:, day_of]).astype("float32")
        return self._whole[queue]

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)


@dataclass(frozen=True)
class Swing:
    """How an event's hours stray from what is expected of it, path by path, with the day's total unmoved.

    ``strength`` is paths × causes, standard normal; ``loading`` days × slots × causes, log units.
    """

    name: str
    strength: np.ndarray
    loading: np.ndarray

    def of_day(self, day: int) -> np.ndarray:
        """Paths × slots, log units."""
        return np.asarray(self.strength @ self.loading[day].T)


@dataclass(frozen=True)
class Asked:
    """What decides a queue's calls on each day: ``shares`` (days × slots) and ``total`` expected, ``doubt`` (paths ×
    days, logs) about the day, ``swings`` about its hours."""

    total: np.ndarray
    doubt: np.ndarray
    shares: np.ndarray
    swings: tuple[Swing, ...] = ()

    def differs(self, other: Asked | None) -> np.ndarray:
        """Days on which the two would not draw the same."""
        if other is None:
            return np.ones(len(self.total), dtype=bool)
        doubt = (self.doubt != other.doubt).any(axis=0)
        out = (self.total != other.total) | doubt | (self.shares != other.shares).any(axis=1)
        mine, theirs = ({swing.name: swing.loading for swing in asked.swings} for asked in (self, other))
        for name in mine.keys() | theirs.keys():
            if mine.get(name) is not theirs.get(name):
                out |= (np.zeros(1) + mine.get(name, 0.0) != theirs.get(name, 0.0)).any(axis=(1, 2))
        return np.asarray(out)


@dataclass(frozen=True)
class Drawn:
    """Sample paths × intervals of each day, and their quantiles (levels × intervals of each day)."""

    paths: tuple[np.ndarray, ...]
    quantiles: tuple[np.ndarray, ...]


@dataclass(frozen=True)
class Pencil:
    """Draws the days of one queue.

    Attributes
    ----------
    seed : with a day's ordinal, the seed of its stream; the first of it, which all queues share, with the ordinal that
        of the past days whose bends are taken, so that queues bend together.
    bends, kinds : how past days departed from their shape, and of what kind each day is.
    factors : paths × days, what each path multiplies the day's calls by.
    slots : of each day, the slots of its open intervals.
    """

    seed: tuple[int, ...]
    bends: Bends
    kinds: np.ndarray
    factors: np.ndarray
    ordinal: np.ndarray
    slots: tuple[np.ndarray, ...]
    kept: list[tuple[Asked, Drawn]] = field(default_factory=list, compare=False, repr=False)

    def draw(self, asked: Asked) -> Drawn:
        """Calls as asked for; only days that differ from what was asked last are drawn anew."""
        before, drawn = self.kept[-1] if self.kept else (None, None)
        differs = asked.differs(before)
        if drawn is not None and not differs.any():
            return drawn
        days = [
            self._day(asked, day) if drawn is None or differs[day] else (drawn.paths[day], drawn.quantiles[day])
            for day in range(len(differs))
        ]
        drawn = Drawn(tuple(day[0] for day in days), tuple(day[1] for day in days))
        self.kept[:] = [(asked, drawn)]
        return drawn

    def _day(self, asked: Asked, day: int) -> tuple[np.ndarray, np.ndarray]:
        """Paths × intervals of one day, and their quantiles."""
        stream = np.random.default_rng([*self.seed, int(self.ordinal[day])])
        slots = self.slots[day]
        factors = self.factors[:, day] * np.exp(asked.doubt[:, day])
        expected = (asked.total[day] * asked.shares[day, slots])[None, :] * factors[:, None]
        if len(self.bends.relative):
            chosen = np.random.default_rng([self.seed[0], int(self.ordinal[day])]).random(len(expected))
            expected = _bent(expected, self.bends.draw(self.kinds[day], chosen)[:, slots])
        expected *= swung(asked, day)[:, slots] if asked.swings else 1.0
        counts = draw_counts(expected, float(self.bends.dispersion[self.kinds[day]]), stream)
        return _packed(counts), count_quantiles(counts, QUANTILES, stream)


def _bent(expected: np.ndarray, bends: np.ndarray) -> np.ndarray:
    """Paths × intervals with their bends; each path keeps its day's total, all together each interval's mean."""
    bent = expected * np.maximum(1.0 + bends, 0.0)
    bent *= (expected.sum(axis=1) / np.maximum(bent.sum(axis=1), 1e-9))[:, None]
    return np.asarray(bent * (expected.sum(axis=0) / np.maximum(bent.sum(axis=0), 1e-9)))


def _packed(counts: np.ndarray) -> np.ndarray:
    """Whole counts in half the bytes, where they fit: many queues' days are kept."""
    return counts.astype("uint16") if counts.max(initial=0) <= MOST_PACKED else counts


def swung(asked: Asked, day: int) -> np.ndarray:
    """Paths × slots factors by which the hours of ``day`` stray; each path keeps its total, each slot its mean."""
    touching = [swing for swing in asked.swings if swing.loading[day].any()]
    if not touching:
        return np.ones((1, asked.shares.shape[1]))
    factors = np.exp(np.sum([swing.of_day(day) for swing in touching], axis=0))
    factors *= asked.shares[day].sum() / np.maximum(factors @ asked.shares[day], 1e-12)[:, None]
    return np.asarray(factors / factors.mean(axis=0))
