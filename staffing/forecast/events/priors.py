"""What a kind of event does as a rule, for kinds of which history has no example: rules of thumb, stated as such.

Practitioners' figures (turnella.com, "Contact centre event forecasting"; no study stands behind them): an e-mail brings
contacts from 1 to 5 % of those written to, within two days; a letter from 0.5 to 2 %, over 7 to 14 days; a launch or
release 3 to 15 % more contacts in its first week. Of television they say when its contacts come, not how many: it has
no effect, and a note tells why. An effect that the planner types, 0 too, overrides them, and so does the first past
event of the kind.

Days are counted from the moment that is told. Those written to call while the queue is open, as its usual day runs;
what falls on closed days moves on to the next open one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from staffing.domain.calendar import DAY_MIN
from staffing.domain.demand import Event
from staffing.forecast.counts import weekday_of
from staffing.forecast.events.clock import DayClock

SOURCE = "a rule of thumb of practitioners (turnella.com, no study behind it)"
Z_80 = 1.2816
MOVES_ON_DAYS = 14  # at most, to the next open day
SAYING_LITTLE = ("campaign", "blast", "spot", "spots", "ad", "ads", "advert", "commercial", "send", "sent")
TELEVISION = ("tv", "television")
TELEVISION_COURSE = f"60% to 70% of its contacts within 6 hours, by {SOURCE}"


@dataclass(frozen=True)
class Rule:
    """A rule of thumb.

    Attributes
    ----------
    names : kinds it holds for.
    low, high : 80 % range; contacts per person written to (``of_size``), or share of contacts added.
    days : share of it on each day from the first on; for shares of contacts, 1 on each day that it lasts.
    of_size : whether it is reckoned from the event's size, people written to.
    """

    names: tuple[str, ...]
    low: float
    high: float
    days: tuple[float, ...]
    of_size: bool

    def words(self, event: Event) -> str:
        """The rule in words."""
        if self.of_size:
            return (
                f"{self.low:.1%} to {self.high:.1%} of the {event.size:,.0f} written to, within {len(self.days)} days"
            )
        return f"{self.low:+.0%} to {self.high:+.0%} contacts for {len(self.days)} days"


RULES = (
    Rule(("email", "e mail", "emailing", "mailshot", "newsletter"), 0.01, 0.05, (0.65, 0.35), of_size=True),
    Rule(
        ("letter", "letters", "mailing", "direct mail"),
        0.005,
        0.02,
        (0.05,) * 2 + (0.12,) * 5 + (0.06,) * 5,
        of_size=True,
    ),
    Rule(("launch", "release", "app release", "product launch"), 0.03, 0.15, (1.0,) * 7, of_size=False),
)


def plain_kind(event: Event) -> str:
    """The event's kind without case, hyphens and words that say little: "E-mail campaign" is an "e mail"."""
    words = event.kind.lower().replace("_", " ").replace("-", " ").split()
    while len(words) > 1 and words[-1] in SAYING_LITTLE:
        words.pop()
    return " ".join(words)


def rule_of(event: Event) -> Rule | None:
    """The rule that holds for ``event``; None where there is none, or where it needs a size that is not told."""
    rule = rule_of_kind(event)
    return rule if rule is not None and event.size != 0 and (event.size or not rule.of_size) else None


def rule_of_kind(event: Event) -> Rule | None:
    """The rule for the event's kind, whether or not its size is told."""
    return next((rule for rule in RULES if plain_kind(event) in rule.names), None)


@dataclass(frozen=True)
class CallingDays:
    """When a queue takes contacts: its usual calls of each weekday, how its usual day runs, and days that are shut.

    ``closed`` flags the days ``dates``; all others are as their weekday.
    """

    usual_calls: np.ndarray
    clock: DayClock
    dates: np.ndarray
    closed: np.ndarray

    def usual(self, dates: np.ndarray) -> np.ndarray:
        """Usual calls of each of ``dates``; 0 on closed ones."""
        return self.usual_calls[weekday_of(dates)] * ~np.isin(dates, self.dates[self.closed])


def rule_effect(rule: Rule, event: Event, dates: np.ndarray, days: CallingDays) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of the log factor on each of ``dates``."""
    if rule.of_size:
        return _logs(rule, _of_usual(_written_to(rule, event, dates, days).sum(axis=1), days.usual(dates)))
    return _logs(rule, _while_it_lasts(rule, event, dates) * days.clock.exposure(event, dates))


def rule_hours(rule: Rule, event: Event, dates: np.ndarray, days: CallingDays) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of the log factor on each of ``dates`` × slots of the day."""
    if rule.of_size:
        usual = days.usual(dates)[:, None] * days.clock.shares
        return _logs(rule, _of_usual(_written_to(rule, event, dates, days), usual))
    inside = np.array([days.clock.inside(event, date) for date in dates])
    return _logs(rule, _while_it_lasts(rule, event, dates)[:, None] * inside)


def _logs(rule: Rule, part: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of contacts added: ``part`` times the rule's rate, as shares of the usual ones."""
    middle = np.sqrt(rule.low * rule.high)
    mean, low, high = (np.log1p(part * rate) for rate in (middle, rule.low, rule.high))
    return mean, (high - low) / (2 * Z_80)


def _of_usual(people: np.ndarray, usual: np.ndarray) -> np.ndarray:
    return np.where(usual > 0, people / np.where(usual > 0, np.maximum(usual, 1e-9), 1.0), 0.0)


def _while_it_lasts(rule: Rule, event: Event, dates: np.ndarray) -> np.ndarray:
    since = (dates - np.datetime64(event.start)).astype(int)
    shares = np.take(rule.days, np.clip(since, 0, len(rule.days) - 1))
    return np.where((since >= 0) & (since < len(rule.days)), shares, 0.0)


def _written_to(rule: Rule, event: Event, dates: np.ndarray, days: CallingDays) -> np.ndarray:
    """Days × slots: of the people written to, those whose day of the rule falls there (its rate is still to come)."""
    course = np.datetime64(event.start) + np.arange(len(rule.days) + MOVES_ON_DAYS)
    slots = len(days.clock.shares)
    sent_min = 0 if event.start_time is None else event.start_time.hour * 60 + event.start_time.minute
    begins_min = np.arange(len(course) * slots) * days.clock.slot_min - sent_min
    after = np.clip(begins_min / days.clock.slot_min + 1.0, 0.0, 1.0)  # what of the slot lies after the sending
    takes = (days.usual(course)[:, None] * days.clock.shares).ravel() * after
    number = np.maximum(begins_min, 0.0) // DAY_MIN
    out = np.zeros(len(takes))
    for k, share in enumerate(rule.days):
        there = takes * (number == k)
        if not there.any():  # closed: it moves on to the next open day
            later = np.flatnonzero((takes > 0) & (number > k))
            there = takes * (np.arange(len(takes)) // slots == later[0] // slots) if len(later) else there
        out += share * there / max(there.sum(), 1e-12)
    of_day = dict(zip(course.tolist(), out.reshape(len(course), slots), strict=True))
    nothing = np.zeros(slots)
    return (event.size or 0.0) * np.array([of_day.get(date, nothing) for date in dates.tolist()])
