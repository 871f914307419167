"""Every dated shift of the horizon: templates begun on their days, inside opening hours."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from staffing.domain.calendar import WEEKDAYS
from staffing.domain.workforce import LabourRules, ShiftTemplate
from staffing.errors import InputError
from staffing.roster.case import DatedShift, Grid
from staffing.roster.given import Inputs
from staffing.roster.inputs.sessions import ShiftKind, kinds_of

if TYPE_CHECKING:
    import pandas as pd

DAY_MIN = 1440


@dataclass(frozen=True)
class Catalogue:
    """All options in order of day, start and template, with what rules and people look at."""

    day_ptr: NDArray[np.int32]
    start: NDArray[np.int32]  # slots
    length: NDArray[np.int32]  # slots
    template: NDArray[np.int32]  # place in `kinds`
    shifts: tuple[DatedShift, ...]
    kinds: tuple[ShiftKind, ...]
    ends_min: NDArray[np.int64]  # minutes after the midnight of its day, on the wall clock

    @property
    def day(self) -> NDArray[np.int64]:
        """Day of each option."""
        return np.repeat(np.arange(len(self.day_ptr) - 1), np.diff(self.day_ptr))


def grid_of(inputs: Inputs) -> Grid:
    """The coarsest grid on which intervals, starts and breaks all fall."""
    calendar = inputs.calendar
    minutes = [calendar.interval_min, 60]
    for shift in inputs.kinds:
        minutes += [shift.length_min, shift.first_start, shift.step_min]
        for rule in shift.breaks:
            minutes += [rule.minutes, rule.earliest_min]
    for session in inputs.sessions:
        minutes += [session.minutes, session.earliest]
    slot_min = math.gcd(*minutes)
    origin = calendar.midnight(inputs.start).tz_convert("UTC")
    end = calendar.midnight(inputs.date(inputs.days + 1)).tz_convert("UTC")
    slots = int((end - origin).total_seconds()) // 60 // slot_min
    return Grid(origin, slot_min, slots, calendar.interval_min // slot_min)


def catalogue_of(inputs: Inputs, grid: Grid) -> Catalogue:
    """Options inside opening hours; raises InputError for a template that fits on no day."""
    is_open = open_slots(inputs, grid)
    closed_before = np.concatenate([[0], np.cumsum(~is_open)])
    kinds = kinds_of(inputs)
    fits = dict.fromkeys(((shift.name, shift.length_min) for shift in inputs.kinds), False)
    rows: list[tuple[int, int, int, int, int]] = []
    for day in range(inputs.days):
        for number, kind in enumerate(kinds):
            shift, starts = kind.template, kind.starts_min
            if kind.days is not None and day not in kind.days:
                continue
            if shift.weekdays and WEEKDAYS[inputs.date(day).weekday()] not in shift.weekdays:
                continue
            first = _start_slots(inputs, grid, day, starts)
            lasting = _lengths(inputs, grid, day, (shift, starts, first))
            for minute, slot, length in zip(starts, first, lasting, strict=True):
                if closed_before[slot + length] == closed_before[slot]:
                    rows.append((day, int(slot), number, minute, int(length)))
                    fits[shift.name, shift.length_min] = True
    unfit = [kind for kind, fit in fits.items() if not fit]
    if unfit:
        name, length_min = unfit[0]
        raise InputError(
            f"shift '{name}' of {length_min / 60:g} h fits into the opening hours on no day of the plan.",
            remedy="Shorten it, move its starts, or open longer.",
        )
    rows.sort()
    days, start, template, minutes, lengths = (np.array(column, np.int32) for column in zip(*rows, strict=True))
    day_ptr = np.searchsorted(days, np.arange(inputs.days + 1)).astype(np.int32)
    dated = tuple(
        _lasting(
            replace(dated_shift(kinds[t].template, int(m), inputs.rules_of(None, int(day))), session=kinds[t].session),
            int(length) * grid.slot_min,
        )
        for t, m, day, length in zip(template, minutes, days, lengths, strict=True)
    )
    ends_min = _wall_ends(inputs, grid, days, start + lengths)
    return Catalogue(day_ptr, start, lengths, template, dated, kinds, ends_min)


def _lengths(
    inputs: Inputs, grid: Grid, day: int, begun: tuple[ShiftTemplate, tuple[int, ...], NDArray[np.int64]]
) -> NDArray[np.int64]:
    """Slots of a kind's shifts of a day by their start: as long as they are, or until they end on the wall."""
    shift, starts, first = begun
    if inputs.calendar.shift_clock == "elapsed":
        return np.full(len(starts), shift.length_min // grid.slot_min)
    return _start_slots(inputs, grid, day, tuple(minute + shift.length_min for minute in starts)) - first


def _lasting(shift: DatedShift, minutes: int) -> DatedShift:
    """The shift where it lasts so long, all of the difference paid: clocks change within it."""
    more = minutes - shift.length_min
    return replace(shift, length_min=minutes, paid_min=shift.paid_min + more) if more else shift


def _wall_ends(inputs: Inputs, grid: Grid, days: NDArray[np.int32], ends: NDArray[np.int32]) -> NDArray[np.int64]:
    """What the clock on the wall says at these slots, in minutes after the midnight of a day; where clocks change it
    is not the start and the length."""
    wall = grid.instants(ends.astype(np.int64), inputs.calendar.zone).tz_localize(None)
    midnights = np.datetime64(inputs.start) + days.astype("timedelta64[D]")
    return np.asarray((wall.to_numpy() - midnights) // np.timedelta64(1, "m"), np.int64)


def dated_shift(shift: ShiftTemplate, start_min: int, rules: LabourRules) -> DatedShift:
    """A template begun at `start_min` minutes after midnight, as the rules see it."""
    end_min = start_min + shift.length_min
    night = touches_night(start_min, end_min, rules)
    late = not night and end_min > rules.late_from
    at_night_min = night_minutes(start_min, end_min, rules)
    return DatedShift(
        template=shift.name,
        start_min=start_min,
        paid_min=shift.paid_min,
        night=night,
        undesired=shift.undesired,
        late=late,
        length_min=shift.length_min,
        night_min=at_night_min,
    )


def touches_night(start_min: int, end_min: int, rules: LabourRules) -> bool:
    """Whether any minute of [start, end) lies in the night window of this, the last or the next day."""
    return night_minutes(start_min, end_min, rules) > 0


def night_minutes(start_min: int, end_min: int, rules: LabourRules) -> int:
    """Minutes of [start, end) that lie in the night window of this, the last or the next day."""
    length = (rules.night_to - rules.night_from) % DAY_MIN
    nights = (rules.night_from + shift for shift in (-DAY_MIN, 0, DAY_MIN))
    return sum(max(0, min(end_min, night + length) - max(start_min, night)) for night in nights)


def _start_slots(inputs: Inputs, grid: Grid, day: int, minutes: tuple[int, ...]) -> NDArray[np.int64]:
    """Slots of local clock times of a day; on the day clocks change, the clock decides."""
    import pandas as pd

    naive = pd.Timestamp(inputs.date(day)) + pd.to_timedelta(np.array(minutes), unit="min")
    zone = inputs.calendar.zone
    ambiguous = np.ones(len(minutes), dtype=bool)
    return grid.slot(pd.DatetimeIndex(naive).tz_localize(zone, ambiguous=ambiguous, nonexistent="shift_forward"))


def open_slots(inputs: Inputs, grid: Grid) -> NDArray[np.bool_]:
    """Which slots are inside opening hours; the day after the horizon counts too."""
    calendar = inputs.calendar
    index = calendar.grid(inputs.start, inputs.days + 1)
    mask = np.asarray(calendar.open_mask(index))
    is_open = np.zeros(grid.slots, dtype=bool)
    width = calendar.interval_min // grid.slot_min
    first = grid.slot(index)
    for k in range(width):
        is_open[first[mask] + k] = True
    return is_open


def requirement_slots(inputs: Inputs, grid: Grid, queues: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Agents wanted and whether the queue is open, both (queues, slots)."""
    table: pd.DataFrame = inputs.requirements
    need = np.zeros((len(queues), grid.slots))
    wanted = np.zeros((len(queues), grid.slots), dtype=bool)
    width = inputs.calendar.interval_min // grid.slot_min
    import pandas as pd

    first = grid.slot(pd.DatetimeIndex(table["start"]))
    last_day = grid.slot(pd.DatetimeIndex([inputs.calendar.midnight(inputs.date(inputs.days))]))[0]
    inside = (first >= 0) & (first < last_day)
    row = np.array([queues.index(name) for name in table["queue"]], int)
    values = table["agents_scheduled"].to_numpy(float)
    for k in range(width):
        need[row[inside], first[inside] + k] = values[inside]
        wanted[row[inside], first[inside] + k] = True
    return need, wanted


def minimum_slots(inputs: Inputs, grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    """Agents wanted by each minimum and the price of one lacking for an hour, both (minimums, slots)."""
    starts = inputs.calendar.open_grid(inputs.start, inputs.days)
    width = inputs.calendar.interval_min // grid.slot_min
    first, minute = grid.slot(starts), starts.hour * 60 + starts.minute
    need = np.zeros((len(inputs.minimums), grid.slots))
    for row, minimum in zip(need, inputs.minimums, strict=True):
        on_day = np.array([minimum.holds_on(date) for date in starts.date])
        inside = np.asarray((minute >= minimum.earliest) & (minute < minimum.latest)) & on_day
        for k in range(width):
            row[first[inside] + k] = minimum.agents
    usual = inputs.prices.shortage_hour
    prices = [usual if m.shortage_hour is None else m.shortage_hour for m in inputs.minimums]
    return need, (need > 0) * np.array(prices).reshape(-1, 1)
