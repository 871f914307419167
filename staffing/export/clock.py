"""A plan's days by planning week, and the clock as it stands on the wall."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from staffing.domain.calendar import SiteCalendar
from staffing.evaluation.timeline import ON_PHONE
from staffing.language import marked, text

#: What stands in most rosters beside shifts; an activity of a site's own naming is shown as it is.
ACTIVITIES = (marked("break"), marked("lunch"), marked("training"), marked("coaching"), marked("meeting"))


def weeks_of(start: dt.date, days: int, site: SiteCalendar) -> list[list[dt.date]]:
    """The days of a plan by planning week of the site."""
    weeks: dict[dt.date, list[dt.date]] = {}
    for number in range(days):
        day = start + dt.timedelta(days=number)
        weeks.setdefault(site.week_of(day), []).append(day)
    return list(weeks.values())


def clock_spans(rows: pd.DataFrame, site: SiteCalendar) -> list[str]:
    """``08:00–16:30`` of each row's start and end, local time; a change of clocks inside it is said."""
    local = [rows[name].dt.tz_convert(site.zone) for name in ("start", "end")]
    moved, between = text("clocks change"), text("{start}–{end}")
    return [
        between.format(start=f"{first:%H:%M}", end=f"{last:%H:%M}")
        + ("" if first.utcoffset() == last.utcoffset() else f" ({moved})")
        for first, last in zip(*local, strict=True)
    ]


def breaks_told(activities: pd.DataFrame, site: SiteCalendar) -> dict[int, str]:
    """Per shift ``10:15–10:30 break, 12:00–12:30 lunch``."""
    rows = activities[~activities["activity"].isin(ON_PHONE) & (activities["shift"] >= 0)]
    rows = rows.sort_values("start", kind="stable")
    texts = [f"{span} {text(name)}" for span, name in zip(clock_spans(rows, site), rows["activity"], strict=True)]
    listed = pd.Series(texts, index=rows["shift"], dtype=object)
    return {int(number): ", ".join(own) for number, own in listed.groupby(level=0)}
