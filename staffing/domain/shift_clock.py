"""Where a shift ends, and how long its kind is, on days when clocks change: by the site's choice of clock."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from staffing.domain.calendar import SiteCalendar

if TYPE_CHECKING:
    import pandas as pd


def shift_end(site: SiteCalendar, start: pd.Timestamp, length_min: int) -> pd.Timestamp:
    """The instant (local) at which a shift of a kind of ``length_min`` ends that begins at an instant."""
    local, length = start.tz_convert(site.zone), dt.timedelta(minutes=length_min)
    if site.shift_clock == "elapsed":
        return (local.tz_convert("UTC") + length).tz_convert(site.zone)
    return (local.tz_localize(None) + length).tz_localize(site.zone, ambiguous=True, nonexistent="shift_forward")


def kind_minutes(site: SiteCalendar, start: pd.Timestamp, end: pd.Timestamp) -> int:
    """Length of the kind of a shift between two instants: minutes that pass, or those on the wall."""
    local = [one.tz_convert(site.zone) for one in (start, end)]
    if site.shift_clock == "wall":
        local = [one.tz_localize(None) for one in local]
    return int((local[1] - local[0]).total_seconds()) // 60


def begun_on(site: SiteCalendar, day: dt.date, start_min: int, length_min: int) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First and last instant of a shift that is to begin so many minutes after a day's midnight on the wall; where
    the clocks leave that out, it begins with the first minute there is."""
    import pandas as pd

    wall = pd.Timestamp(day) + dt.timedelta(minutes=start_min)
    start, end = (
        one.tz_localize(site.zone, ambiguous=True, nonexistent="shift_forward")
        for one in (wall, wall + dt.timedelta(minutes=length_min))
    )
    return start, end if site.shift_clock == "wall" else shift_end(site, start, length_min)
