"""The moment in a day from which on something can still be changed, and who is not there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from staffing.domain.activities import AT_WORK, LATE, SHIFT, SICK
from staffing.errors import InputError, Where
from staffing.roster.desk.today.changes import Absent
from staffing.roster.given import Inputs

NOTICE_MIN = 10  # between telling people and the earliest change


@dataclass(frozen=True)
class Moment:
    """`now` (site time), who went home sick or called in, when those come who are late, and how long before a change
    people are told."""

    now: pd.Timestamp
    sick: tuple[str, ...] = ()
    late: Mapping[str, pd.Timestamp] = field(default_factory=dict)
    notice_min: int = NOTICE_MIN

    @property
    def earliest(self) -> pd.Timestamp:
        """When a change may begin."""
        return self.now + pd.Timedelta(minutes=self.notice_min)

    def has_begun(self, start: pd.Timestamp) -> bool:
        """Whether something that starts then can no longer be changed."""
        return start <= self.now or start < self.earliest


def absences(inputs: Inputs, table: pd.DataFrame, moment: Moment) -> list[Absent]:
    """What keeps the sick and the late from the rest of their shifts.

    Raises InputError for people who are unknown, have no shift left today, or come before they should.
    """
    known = {agent.name for agent in inputs.agents}
    found = []
    for name in (*moment.sick, *moment.late):
        where = Where(field="--sick" if name in moment.sick else "--late")
        if name not in known:
            raise InputError(f"there is no agent '{name}'.", where=where, remedy="Write the name as in agents.csv.")
        shift = _shift_under_way(table, name, moment)
        if shift is None:
            raise InputError(f"{name} has no shift left on this day.", where=where, remedy="Leave the name out.")
        if name in moment.sick:
            begun = max(shift.start, _free_from(table, name, moment.now))
            found.append(Absent(name, begun, shift.end, SICK))
            continue
        comes = moment.late[name]
        if not shift.start < comes < shift.end or comes < moment.now:
            span = f"{shift.start.tz_convert(comes.tz):%H:%M}–{shift.end.tz_convert(comes.tz):%H:%M}"
            raise InputError(
                f"{name} cannot come late at {comes:%H:%M}: the shift is {span}, now it is {moment.now:%H:%M}.",
                where=where,
                remedy="Give the time of arrival within the shift, or --sick.",
            )
        found.append(Absent(name, shift.start, comes, LATE))
    return found


def shifts_left(table: pd.DataFrame, moment: Moment) -> pd.DataFrame:
    """Shift rows of the day that have not ended: begun before, or beginning later today."""
    midnight = moment.now.normalize() + pd.DateOffset(days=1)
    return table[(table["activity"] == SHIFT) & (table["end"] > moment.now) & (table["start"] < midnight)]


def _shift_under_way(table: pd.DataFrame, name: str, moment: Moment) -> pd.Series | None:
    rows = shifts_left(table, moment)
    own = rows[rows["agent"] == name].sort_values("start")
    return None if own.empty else own.iloc[0]


def _free_from(table: pd.DataFrame, name: str, now: pd.Timestamp) -> pd.Timestamp:
    """The end of the break under way, or else now."""
    own = table[(table["agent"] == name) & ~table["activity"].isin(AT_WORK)]
    running = own[(own["start"] < now) & (own["end"] > now)]
    return now if running.empty else running["end"].max()
