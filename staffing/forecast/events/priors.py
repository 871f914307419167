"""What a kind of event does as a rule, for kinds of which history has no example: rules of thumb, stated as such.

Practitioners' figures (turnella.com, "Contact centre event forecasting"; no study stands behind them): an e-mail brings
contacts from 1 to 5 % of those written to, within two days; a letter from 0.5 to 2 %, over 7 to 14 days; a launch or
release 3 to 15 % more contacts in its first week. An effect that the planner types, 0 too, overrides them, and so does
the first past event of the kind.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from staffing.domain.demand import Event

SOURCE = "a practitioners' rule of thumb (turnella.com, no study behind it)"
Z_80 = 1.2816


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
    Rule(("email", "e-mail", "mailshot", "newsletter"), 0.01, 0.05, (0.65, 0.35), of_size=True),
    Rule(
        ("letter", "letters", "mailing", "direct mail"),
        0.005,
        0.02,
        (0.05,) * 2 + (0.12,) * 5 + (0.06,) * 5,
        of_size=True,
    ),
    Rule(("launch", "release", "app release", "product launch"), 0.03, 0.15, (1.0,) * 7, of_size=False),
)


def rule_of(event: Event) -> Rule | None:
    """The rule that holds for ``event``; None where there is none, or where it needs a size that is not told."""
    kind = event.kind.strip().lower().replace("_", " ")
    for rule in RULES:
        if kind in rule.names and event.size != 0 and (event.size or not rule.of_size):
            return rule
    return None


def rule_effect(rule: Rule, event: Event, dates: np.ndarray, usual_calls: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of the log factor on each of ``dates``; ``usual_calls`` are those of each date."""
    since = (dates - np.datetime64(event.start)).astype(int)
    part = np.where(
        (since >= 0) & (since < len(rule.days)), np.take(rule.days, np.clip(since, 0, len(rule.days) - 1)), 0.0
    )
    if rule.of_size:
        part = part * (event.size or 0.0) / np.maximum(usual_calls, 1.0)
        part = np.where(usual_calls > 0, part, 0.0)
    middle = np.sqrt(rule.low * rule.high)
    mean, low, high = (np.log1p(part * rate) for rate in (middle, rule.low, rule.high))
    return mean, (high - low) / (2 * Z_80)
