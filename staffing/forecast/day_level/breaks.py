"""A break in the last days, too young to be a change of the level: it may last, or pass.

On sixteen real queues, days in a row that lay far off what was foreseen before them stayed so more often the more there
were: after one day a fifth of the next days, after three three quarters, after five most; then fewer and fewer. Of
single days more than three times off, one in fourteen did. Models are told the days without the break, and sample paths
share it out. A day of few calls strays far by counting alone: it is weighed by that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from staffing.forecast.counts import weekday_of
from staffing.forecast.day_level.level_changes import LevelChange, taken_back
from staffing.forecast.day_level.regression import Regression
from staffing.forecast.day_level.weekdays import AWAY_DAYS

MOST_DAYS = 10  # known days; older breaks are found as changes of the level, or followed
PAST_DAYS, LEAST_PAST = 150, 40  # known days that tell how far days in a row stray
LEAST_SCORE, LEAST_SIZE = 4.0, 0.15  # of what the past strays; log units
CHANCE = 2.0  # of what the past strays
LEAST_PART = 0.3  # of the break, that each of its days has
HALF_SURE_DAYS = 2.2  # so many days go on on the next in every second case,
USUAL_SIZE = 0.7  # log units, if they are no further off; the further, the fewer of a day or two
MOST_A_DAY = 1.4  # log units that each day seen may move those to come by
FADES_PER_DAY, FADES_DAYS = 3.0, 1.0  # days ahead at which half of those are left: more for each day seen, and a number
BACK_DAYS, BACK_SHARE = 2, 0.5  # days at a level that was left that end the change; after fewer it may go on as well
QUIET = 0.75  # of a median day's calls; days with less are of a kind of their own,
OTHER_KIND = 0.5  # which tells half as much of the others


@dataclass(frozen=True)
class Break:
    """The last ``days`` known days, from ``first`` to ``last`` (ordinals), ran ``size`` (log units) off what was
    foreseen before them, where as many stray by ``strays``; ``usual`` calls a day come without. They were ``only`` of
    these weekdays, quiet ones, if any, and lead ``back`` to a level that was left. No days where there is none."""

    first: float = 0.0
    last: float = 0.0
    days: int = 0
    size: float = 0.0
    strays: float = 0.0
    usual: float = 0.0
    only: tuple[int, ...] = ()
    back: bool = False

    @property
    def lasting(self) -> float:
        """Log units that go on where it lasts: what stands out most is partly luck."""
        if not self.days:
            return 0.0
        lasting = self.size * (1.0 - (CHANCE * self.strays / self.size) ** 2)
        return float(np.clip(lasting, -MOST_A_DAY * self.days, MOST_A_DAY * self.days))

    def share(self, ordinal: np.ndarray) -> np.ndarray:
        """In how many cases of one it still goes on, on coming days."""
        if self.back:
            return np.full(len(ordinal), BACK_SHARE)
        ahead = np.maximum(ordinal - self.last, 1.0)
        doubt = HALF_SURE_DAYS**2 * max(abs(self.size) / USUAL_SIZE, 1.0) ** (2 / max(self.days, 1))
        alike = np.isin(weekday_of(ordinal.astype("datetime64[D]")), self.only) | (not self.only)
        fades = 1.0 + (ahead - 1.0) / (FADES_DAYS + FADES_PER_DAY * self.days)
        return np.asarray(np.where(alike, 1.0, OTHER_KIND) * self.days**2 / (self.days**2 + doubt) / fades)

    def expected(self, ordinal: np.ndarray) -> np.ndarray:
        """Log units that it moves the mean of coming days by."""
        return np.asarray(np.log1p(self.share(ordinal) * np.expm1(self.lasting + self.strays**2 / 2)))

    def going_on(self, ordinal: np.ndarray, places: np.ndarray, normal: np.ndarray) -> np.ndarray:
        """Paths × days log units: those paths whose ``places`` (in [0, 1)) are small go on at the new level, longest
        those with the smallest; how far that is off, standard ``normal`` numbers of the paths say."""
        size = self.lasting + self.strays * normal
        return np.asarray(size[:, None] * (places[:, None] < self.share(ordinal)))

    def notes(self) -> list[str]:
        """Empty where there is none."""
        notes: list[str] = []
        if self.days:
            since, lasting = np.datetime64(int(self.first), "D"), self.usual * np.exp(self.size)
            soon, later = self.share(self.last + np.array([1.0, 7.0]))
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
    none that a gap parts, or that has days which are ``explained`` (holidays, events, weekdays that opened lately)."""
    told, known = regression.log_total, len(regression.facts)
    past = min(PAST_DAYS, known // 2)
    if past < LEAST_PAST:
        return NO_BREAK
    columns = np.arange(known - past, known)
    means = regression.means(regression.forward(columns))
    foreseen = means[columns, np.arange(past)]
    poisson = np.exp(-foreseen)  # of a count that is expected
    counting = np.maximum(poisson - np.median(poisson), 0.0)
    usual_off = 1.4826 * float(np.median(np.abs(told[columns] - foreseen)))
    weight = np.divide(usual_off, np.hypot(usual_off, np.sqrt(counting)), out=np.ones(past), where=counting > 0)
    for days in range(MOST_DAYS, 0, -1):
        ends = np.arange(days, past + 1)  # of runs, among the columns
        run = ends[:, None] - days + np.arange(days)
        off = told[columns[run]] - means[(known - past + ends - days)[:, None], run]
        sizes = np.median(off * weight[run], axis=1)
        strays = 1.4826 * float(np.median(np.abs(sizes[:-MOST_DAYS])))
        last, own = off[-1], weight[-days:]
        size = float(np.median(last[own >= own.max() / 2]))
        along = (np.sign(size) * last + np.sqrt(counting[-days:])) / max(abs(size), 1e-9)
        far = abs(sizes[-1]) > LEAST_SCORE * strays and abs(size) > LEAST_SIZE and size * sizes[-1] > 0
        parted = (np.diff(regression.facts.ordinal[-days:]) > AWAY_DAYS).any()
        if far and along[0] > 0.5 and along.min() > LEAST_PART and not (parted or explained[-days:].any()):
            usual = float(np.exp(without(told, days, size)[-28:]).mean())
            quiet = (poisson[-days:] * QUIET > np.median(poisson)).all()
            only = tuple(np.unique(regression.facts.weekday[-days:]).tolist()) if quiet else ()
            first, last_day = regression.facts.ordinal[[-days, -1]].tolist()
            return Break(first, last_day, days, size, strays / float(own.max()), usual, only)
    return NO_BREAK


def takes_back(changes: Sequence[LevelChange], latest: Break) -> bool:
    """Whether the break leads back to where the level was before it changed last: that change is over."""
    change = LevelChange(latest.first, latest.size, latest.days, latest.usual)
    return bool(changes) and latest.days > 0 and taken_back(changes[-1], change)


def without(log_total: np.ndarray, days: int, size: float) -> np.ndarray:
    """Log totals as they would have been if the last ``days`` had not been off by ``size``."""
    return log_total - size * (np.arange(len(log_total)) >= len(log_total) - days)
