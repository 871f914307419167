"""How an event's response may run over the days around it, and how it grows with size.

A response is a weighted sum of a few day shapes: one main shape (pulse, decay, fade, step or ramp), an extra on
day one, days of recovery after the end and days of build-up before the start; and, as no such sum is quite right,
departures from it, stretch of days by stretch of days. `response_basis` gives every shape's value on every day; which
main shape a kind follows, and how far it departs from it, is left to the data.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from staffing.domain.demand import Event
from staffing.forecast.counts import weekday_of
from staffing.forecast.events.clock import ALL_DAY, DayClock

DAYS_BEFORE = 3
RAMP_DAYS = 7.0
DAYS_AFTER = 36  # the slowest decay is gone by then
GONE = 0.02  # a decaying effect below this share of its start is over
HALF_LIVES_DAYS = (1.5, 3.0, 6.0, 20.0)
FADES_DAYS = (2.0, 5.0)
LATE_DAYS = (2.0, 3.5, 5.0, 7.0, 10.0, 14.0, 19.0)  # since the first day, when what comes late is highest

DECAYS = tuple(f"decay {days:g}" for days in HALF_LIVES_DAYS)
FADES = tuple(f"fade {days:g}" for days in FADES_DAYS)
LATE = tuple(f"late {days:g}" for days in LATE_DAYS)
#: Main shapes, one of which a kind follows. A decay begins on day one, a fade after the last day; what comes late rises
#: to a peak and falls; "by weekday" is a pulse that acts more on some weekdays than on others.
MAIN_SHAPES = ("pulse", *DECAYS, *FADES, *LATE, "step", "ramp", "by weekday")
LASTING = ("decay 20", "step", "ramp")
LINGERING = (*DECAYS, *FADES, "step", "ramp")
#: Shapes that any kind may show beside its main one.
SIDE_SHAPES = ("day one", "after", "before")
WEEK_DAYS = 7  # an event at least as long tells on which weekdays it acts
WEEKDAYS = tuple(f"weekday {day}" for day in range(WEEK_DAYS))
#: First and last day of each stretch: days since the first day, and days after the last one.
STRETCHES = (
    *((day, day) for day in range(-2, 7)),
    *((7, 8), (9, 10), (11, 12), (13, 14), (15, 17), (18, 21), (22, DAYS_AFTER), (DAYS_AFTER + 1, 60), (61, 90)),
)
STRETCHES_AFTER = ((1, 1), (2, 3))
DEPARTURES = (
    *(f"days {first} to {last}" for first, last in STRETCHES),
    *(f"days {first} to {last} after" for first, last in STRETCHES_AFTER),
)
NEAR_DAYS, FAR_DEPARTURE = 9, 0.5  # later departures are smaller
SHAPES = MAIN_SHAPES + SIDE_SHAPES + WEEKDAYS + DEPARTURES


def plain_shapes(shape: str) -> tuple[str, ...]:
    """The main ``shape`` and those beside it: a response without departures."""
    return (shape, *SIDE_SHAPES, *(WEEKDAYS if shape == "by weekday" else ()))


def since_start(event: Event, dates: np.ndarray) -> np.ndarray:
    """Days since the event's first day: 0 on day one."""
    return (dates - np.datetime64(event.start)).astype("int64")


def response_basis(event: Event, dates: np.ndarray, clock: DayClock = ALL_DAY) -> np.ndarray:
    """Days × SHAPES: the value of every shape of ``event`` on each of ``dates`` (datetime64[D]), in [0, 1].

    A first or last day that the event's clock times cut counts by what ``clock`` says is left of it.
    """
    since = since_start(event, dates)
    over = since - (event.days - 1)  # days since the last one
    during = ((since >= 0) & (over <= 0)).astype(float)
    columns = [during]
    columns += [_halving(since, days) for days in HALF_LIVES_DAYS]
    columns += [during + np.where(over > 0, _halving(over, days), 0.0) for days in FADES_DAYS]
    columns += [bell(since, days) for days in LATE_DAYS]
    columns += [(since >= 0).astype(float), np.clip((since + 1) / RAMP_DAYS, 0.0, 1.0), during]
    columns += [(since == 0).astype(float), _halving(over - 1, 1.0)]
    columns += [np.where(since >= -DAYS_BEFORE, _halving(-since - 1, 1.0), 0.0)]
    whole_weeks = during * (event.days >= WEEK_DAYS)
    columns += [whole_weeks * (weekday_of(dates) == day) for day in range(WEEK_DAYS)]
    columns += [((since >= first) & (since <= last)).astype(float) for first, last in STRETCHES]
    columns += [((over >= first) & (over <= last)).astype(float) for first, last in STRETCHES_AFTER]
    return np.column_stack(columns) * clock.exposure(event, dates)[:, None]


def departure_reach(shape: str) -> np.ndarray:
    """How large each departure from the main ``shape`` may be, relative to those of near days.

    A shape that lasts may be wrong for months, another is over after DAYS_AFTER; what comes late is as wrong late.
    """
    lasts, late = shape in LASTING, shape in LATE
    far = [
        1.0 if last <= NEAR_DAYS or lasts or (late and last <= DAYS_AFTER) else FAR_DEPARTURE * (last <= DAYS_AFTER)
        for _, last in STRETCHES
    ]
    return np.array(far + [1.0] * len(STRETCHES_AFTER))


def bell(since: np.ndarray, peak: float) -> np.ndarray:
    """1 on day ``peak``; 0 before the first day and when it is as good as gone."""
    value = np.where(since >= 0, np.exp(-0.5 * ((since - peak) / bell_width(peak)) ** 2), 0.0)
    return np.where(value >= GONE, value, 0.0)


def bell_width(peak: float) -> float:
    """Days from the peak to where three fifths are left: the later it comes, the wider."""
    return 1.0 + 0.18 * peak


def _halving(days: np.ndarray, half_life: float) -> np.ndarray:
    """1 on day 0, half as much every ``half_life`` days, 0 before and when it is as good as gone."""
    value = np.where(days >= 0, 0.5 ** (np.maximum(days, 0) / half_life), 0.0)
    return np.where(value >= GONE, value, 0.0)


def usual_size(events: Sequence[Event]) -> float | None:
    """Geometric mean of the sizes given (zero is no size); None where there is none."""
    sizes = [event.size for event in events if event.size]
    return float(np.exp(np.mean(np.log(sizes)))) if sizes else None


def growth(event: Event, usual: float | None, elasticity: float) -> float:
    """By what factor the effect of ``event`` exceeds that of the usual size: (size / usual) ** elasticity.

    A missing size counts as the usual one; an event of size zero has no effect.
    """
    if event.size is None or usual is None:
        return 0.0 if event.size == 0 else 1.0
    return (event.size / usual) ** elasticity if event.size else 0.0
