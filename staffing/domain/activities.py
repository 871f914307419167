"""What the rows of a roster say that people do; other names are breaks, training and meetings: off the phone."""

from __future__ import annotations

SHIFT = "shift"  # the whole of it, with the queue served where nothing else is said
WORK = "work"  # a part of a shift on another queue
OVERTIME = "overtime"  # a part of a shift, at its beginning or end, beyond its kind
OFF = "off"  # a day that must stay free, in rows that pin
TIME_OFF = "time off"  # a part of a shift given back on the day: early leave
SICK = "sick"  # away from some moment on
LATE = "late"  # not there yet

#: At work: counted as present.
AT_WORK = (SHIFT, WORK, OVERTIME)
#: Away on the day itself: no break of the shift's kind.
ABSENT = (TIME_OFF, SICK, LATE)
#: What people may be asked for on the day, and may wish for or avoid.
ASKED = (OVERTIME, TIME_OFF)
#: Absent time that nobody pays; voluntary time off is paid where the contract says so.
UNPAID = (TIME_OFF, LATE)
