"""Weekdays that are at zero now and then, as every other Saturday is: each coming one may be so again.

Which ones, no calendar tells; so their mean is lowered by the share of such days, and sample paths share them out.
"""

from __future__ import annotations

import numpy as np

LAST = 12  # same weekdays that tell
LEAST_DAYS, LEAST_RUNS = 3, 3  # at zero, apart from each other: weeks at zero in a row are a closure or an outage
LEAST_SHARE = 0.2


def idle_shares(weekday: np.ndarray, at_zero: np.ndarray, worked: np.ndarray) -> np.ndarray:
    """Per weekday, the share of days at zero among those ``at_zero`` or ``worked`` (flags by day); 0 where such days
    are few, or came in a row."""
    shares = np.zeros(7)
    for k in range(7):
        zero = at_zero[(weekday == k) & (at_zero | worked)][-LAST:]
        runs = int((np.diff(zero.astype(int), prepend=0) == 1).sum())
        if zero.sum() >= LEAST_DAYS and runs >= LEAST_RUNS and zero.mean() >= LEAST_SHARE:
            shares[k] = zero.mean()
    return shares


def idle_note(shares: np.ndarray, names: tuple[str, ...]) -> tuple[str, ...]:
    """A note on such weekdays; none where there are none."""
    told = [f"{name} ({share:.0%})" for name, share in zip(names, shares, strict=True) if share]
    if not told:
        return ()
    return (
        f"days at zero come and go: {', '.join(told)} of the last ones. The forecast is their mean, its range reaches "
        "to zero. If you know which days are off, close them in the calendar.",
    )
