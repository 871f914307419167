"""A break in the last days, too young to be a change of the level: it may last, or pass.

On sixteen real queues, days in a row that lay far off what was foreseen before them stayed so more often the more there
were: after one day a fifth of the next days, after three three quarters, after five most; then fewer and fewer. Models
are told the days without the break, and sample paths share it out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from staffing.forecast.day_level.regression import Regression

MOST_DAYS = 10  # known days; older breaks are found as changes of the level, or followed
PAST_DAYS, LEAST_PAST = 150, 40  # known days that tell how far days in a row stray
LEAST_SCORE, LEAST_SIZE = 4.0, 0.15  # of what the past strays; log units
CHANCE = 2.0  # of what the past strays
LEAST_PART = 0.3  # of the break, that each of its days has
HALF_SURE_DAYS = 2.0  # so many days go on on the next in every second case
FADES_DAYS, FADES_PER_DAY = 5.0, 2.0  # days ahead at which half of those are left: a number, and more for each day seen


@dataclass(frozen=True)
class Break:
    """The last ``days`` known days, from ``first`` to ``last`` (ordinals), ran ``size`` (log units) off what was
    foreseen before them, where as many stray by ``strays``; ``usual`` calls a day come without. No days where there is
    none."""

    first: float = 0.0
    last: float = 0.0
    days: int = 0
    size: float = 0.0
    strays: float = 0.0
    usual: float = 0.0

    @property
    def lasting(self) -> float:
        """Log units that go on where it lasts: what stands out most is partly luck."""
        return self.size * (1.0 - (CHANCE * self.strays / self.size) ** 2) if self.days else 0.0

    def share(self, ahead: np.ndarray) -> np.ndarray:
        """In how many cases of one it still goes on, on days ``ahead`` (1 = the day after the last known)."""
        begins = self.days**2 / (self.days**2 + HALF_SURE_DAYS**2)
        return np.asarray(begins / (1.0 + (ahead - 1.0) / (FADES_DAYS + FADES_PER_DAY * self.days)))

    def expected(self, ahead: np.ndarray) -> np.ndarray:
        """Log units that it moves the mean of days ``ahead`` by."""
        return np.asarray(np.log1p(self.share(ahead) * np.expm1(self.lasting + self.strays**2 / 2)))

    def going_on(self, ahead: np.ndarray, places: np.ndarray, normal: np.ndarray) -> np.ndarray:
        """Paths × days log units: those paths whose ``places`` (in [0, 1)) are small go on at the new level, longest
        those with the smallest; how far that is off, standard ``normal`` numbers of the paths say."""
        size = self.lasting + self.strays * normal
        return np.asarray(size[:, None] * (places[:, None] < self.share(ahead)))

    def notes(self) -> list[str]:
        """Empty where there is none."""
        notes: list[str] = []
        if self.days:
            since, lasting = np.datetime64(int(self.first), "D"), self.usual * np.exp(self.size)
            soon, later = self.share(np.array([1.0, 7.0]))
            day, in_a_week = (np.datetime64(int(self.last) + ahead, "D") for ahead in (1, 7))
            notes.append(
                f"calls have run {np.expm1(self.size):+.0%} off what was foreseen since {since} (days so far: "
                f"{self.days}), and no known cause explains it. If it lasts, about {lasting:,.0f} a day; if it was "
                f"passing, about {self.usual:,.0f}. The forecast lets it go on in {soon:.0%} of cases on {day}, in "
                f"{later:.0%} on {in_a_week}."
            )
        return notes


NO_BREAK = Break()


def find_break(regression: Regression, explained: np.ndarray) -> Break:
    """The longest run of last days that all lie far off, on one side, what was foreseen the evening before it began;
    none that has days which are ``explained`` (holidays, events, weekdays that opened lately)."""
    told, known = regression.log_total, len(regression.facts)
    past = min(PAST_DAYS, known // 2)
    if past < LEAST_PAST:
        return NO_BREAK
    columns = np.arange(known - past, known)
    means = regression.means(regression.forward(columns))
    for days in range(MOST_DAYS, 0, -1):
        ends = np.arange(days, past + 1)  # of runs, among the columns
        run = ends[:, None] - days + np.arange(days)
        off = told[columns[run]] - means[(known - past + ends - days)[:, None], run]
        sizes = np.median(off, axis=1)
        size, last = float(sizes[-1]), off[-1]
        strays = 1.4826 * float(np.median(np.abs(sizes[:-MOST_DAYS])))
        along = np.sign(size) * last / max(abs(size), 1e-9)
        far = along[0] > 0.5 and along.min() > LEAST_PART and abs(size) > max(LEAST_SCORE * strays, LEAST_SIZE)
        if far and not explained[-days:].any():
            usual = float(np.exp(without(told, days, size)[-28:]).mean())
            first, last = float(regression.facts.ordinal[-days]), float(regression.facts.ordinal[-1])
            return Break(first, last, days, size, strays, usual)
    return NO_BREAK


def without(log_total: np.ndarray, days: int, size: float) -> np.ndarray:
    """Log totals as they would have been if the last ``days`` had not been off by ``size``."""
    return log_total - size * (np.arange(len(log_total)) >= len(log_total) - days)
