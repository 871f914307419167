"""Tables as the pages show them: reshaped, sorted and labelled; no figure is made here that a stage does not make."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import pandas as pd

from staffing.domain.calendar import DAY_MIN, WEEKDAYS, SiteCalendar
from staffing.domain.demand import Event
from staffing.domain.scenario import Scenario
from staffing.language import text as said
from staffing.ui import text


def weekdays(site: SiteCalendar) -> list[str]:
    """Short names of the weekdays in the order of the planning week: ``Sat, Sun, …``."""
    first = WEEKDAYS.index(site.week_start)
    return [WEEKDAYS[(first + k) % 7][:3].title() for k in range(7)]


def days_of(week: dt.date) -> list[dt.date]:
    return [week + dt.timedelta(days=k) for k in range(7)]


def local(table: pd.DataFrame, site: SiteCalendar, column: str = "start") -> pd.Series:
    """Instants of a column on the site's wall clock."""
    return table[column].dt.tz_convert(site.zone).dt.tz_localize(None)


def moments(table: pd.DataFrame, site: SiteCalendar, column: str = "start") -> list[str]:
    """Instants of a column as readers are told them, on the site's clock."""
    return [text.moment(when, site) for when in local(table, site, column)]


def day_labels(table: pd.DataFrame, site: SiteCalendar) -> list[str]:
    """Local days of a table's starts as they are told beneath a chart."""
    return [text.short_day(when.date(), site) for when in local(table, site)]


def on_day(table: pd.DataFrame, site: SiteCalendar, day: dt.date | None) -> pd.DataFrame:
    """Rows that start on a local day; all of them for None."""
    return table if day is None else table[local(table, site).dt.date == day]


def daily(frame: pd.DataFrame, interval_min: int, site: SiteCalendar) -> pd.DataFrame:
    """History by day: queue, day, calls (NaN where any interval is missing), label."""
    from staffing.history import aggregate

    days = aggregate(frame, DAY_MIN, interval_min)
    at = local(days, site)
    return pd.DataFrame(
        {
            "queue": days["queue"],
            "day": at,
            "calls": days["calls"],
            "label": [text.day(day.date(), site) for day in at],
        }
    )


def profile(frame: pd.DataFrame, site: SiteCalendar, weeks: int) -> pd.DataFrame:
    """Mean contacts per weekday and time of day over the last ``weeks`` weeks of one queue: weekday, clock, calls."""
    since = frame["start"].max() - pd.Timedelta(weeks=weeks)
    recent = frame[(frame["start"] > since) & frame["calls"].notna()]
    at = local(recent, site)
    keys = [at.dt.strftime("%a").rename("weekday"), at.dt.strftime("%H:%M").rename("clock")]
    return recent.groupby(keys)["calls"].mean().reset_index()


def gaps(frame: pd.DataFrame, interval_min: int, site: SiteCalendar) -> pd.DataFrame:
    """Missing figures, one row per run of intervals: queue, from, to, intervals."""
    lacking = frame[frame["calls"].isna()]
    step = pd.Timedelta(minutes=interval_min)
    follows = (lacking["start"].diff() == step) & (lacking["queue"] == lacking["queue"].shift())
    day = local(lacking, site).dt.date
    run = (~(follows & (day == day.shift()))).cumsum()
    spans = lacking.groupby(run).agg(
        queue=("queue", "first"), start=("start", "first"), end=("start", "last"), intervals=("start", "size")
    )
    spans["end"] += step
    return pd.DataFrame(
        {
            "queue": spans["queue"],
            "from": local(spans, site),
            "to": local(spans, site, "end"),
            "intervals": spans["intervals"],
        }
    )


def timeline(events: tuple[Event, ...], site: SiteCalendar) -> pd.DataFrame:
    """Events as bars: name, kind, start, until (the midnight after the last day), on, state, label."""
    return pd.DataFrame(
        [
            {
                "name": text.short(event.name, 36),
                "kind": text.kind(event.kind),
                "start": pd.Timestamp(event.start),
                "until": pd.Timestamp(event.last) + pd.Timedelta(days=1),
                "on": event.enabled,
                "state": said("on") if event.enabled else said("switched off"),
                "label": text.day(event.start, site) + (f" – {text.day(event.last, site)}" if event.days > 1 else ""),
            }
            for event in sorted(events, key=lambda event: (event.start, event.name))
        ],
        columns=["name", "kind", "start", "until", "on", "state", "label"],
    )


def day_totals(table: pd.DataFrame, site: SiteCalendar) -> pd.Series:
    """Contacts per local day of a forecast table."""
    totals: pd.Series = table.groupby(local(table, site).dt.date)["calls"].sum()
    return totals


def before_the_week(frame: pd.DataFrame, site: SiteCalendar, week: dt.date, queues: Collection[str]) -> pd.DataFrame:
    """Actual contacts of queues, summed, laid on the planned week: that week's own where known, and the week before.

    Columns start (in the planned week), calls, of (whose figures they are).
    """
    parts = []
    for back, label in ((0, "actual"), (1, said("actual, week before")), (2, said("actual, two weeks before"))):
        first = site.midnight(week - dt.timedelta(weeks=back))
        rows = frame[frame["queue"].isin(queues) & (frame["start"] >= first)]
        rows = rows[rows["start"] < site.midnight(week + dt.timedelta(weeks=1 - back))]
        if not rows["calls"].notna().any():
            continue
        rows = rows.groupby("start", as_index=False)["calls"].sum(min_count=len(queues))
        wall = local(rows, site) + pd.Timedelta(weeks=back)
        start = wall.dt.tz_localize(site.zone, ambiguous="NaT", nonexistent="NaT")
        parts.append(pd.DataFrame({"start": start, "calls": rows["calls"], "of": label}).dropna(subset="start"))
        if len(parts) == (1 if back else 2):
            break
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["start", "calls", "of"])


def net_cells(intervals: pd.DataFrame, site: SiteCalendar) -> pd.DataFrame:
    """Net agents of one queue for the heat map: label (day), clock, net, text (blank where it rounds to nothing)."""
    at = local(intervals, site)
    return pd.DataFrame(
        {
            "label": [text.short_day(moment.date(), site) for moment in at],
            "clock": at.dt.strftime("%H:%M"),
            "net": intervals["net"],
            "text": [text.signed(value) if abs(value) >= 0.5 else "" for value in intervals["net"]],
        }
    )


def people(scenario: Scenario, teams: list[str], skills: list[str]) -> list[str]:
    """Agents of any of the teams who serve any of the queues; an empty list chooses all."""
    return [
        agent.name
        for agent in scenario.agents
        if (not teams or agent.team in teams) and (not skills or not agent.skills or set(skills) & set(agent.skills))
    ]


def shifts(roster: pd.DataFrame) -> pd.DataFrame:
    """Whole shifts of a roster table: agent, start, end; pieces that touch (a change of queue) are one shift."""
    rows = roster[roster["activity"] == "shift"].sort_values(["agent", "start"])
    begins = (rows["start"] != rows["end"].shift()) | (rows["agent"] != rows["agent"].shift())
    spans = rows.groupby(begins.cumsum()).agg(agent=("agent", "first"), start=("start", "first"), end=("end", "last"))
    return spans.reset_index(drop=True)


def week_grid(roster: pd.DataFrame, site: SiteCalendar, week: dt.date, agents: list[str]) -> pd.DataFrame:
    """Agents down, days across: ``07:00–15:30`` or a dot for a day off. Indexed by agent."""
    spans = shifts(roster)
    start, end = local(spans, site), local(spans, site, "end")
    spans["day"] = start.dt.date
    spans["span"] = start.dt.strftime("%H:%M") + "–" + end.dt.strftime("%H:%M")
    grid = spans.groupby(["agent", "day"])["span"].agg(text.listed).unstack()
    grid = grid.reindex(index=agents, columns=days_of(week)).astype(object).fillna("·")
    return grid.rename(columns=lambda day: text.short_day(day, site)).rename_axis(index="agent", columns=None)


def gantt(roster: pd.DataFrame, site: SiteCalendar, day: dt.date) -> pd.DataFrame:
    """Activities of the shifts that begin on a day, earliest first: agent, start, end, activity, label.

    Time on another queue than the shift's own is named by that queue.
    """
    spans = shifts(roster)
    today = on_day(spans, site, day).sort_values(["start", "end", "agent"])
    rows = roster.merge(today.rename(columns={"start": "from", "end": "until"}), on="agent")
    rows = rows[(rows["start"] >= rows["from"]) & (rows["end"] <= rows["until"])]
    rows = rows.sort_values(["from", "until", "agent", "start"])
    label = local(rows, site).dt.strftime("%H:%M") + "–" + local(rows, site, "end").dt.strftime("%H:%M")
    activity = rows["activity"].where(rows["activity"] != "work", rows["queue"])
    return rows.assign(label=label, activity=activity)[["agent", "start", "end", "activity", "label"]]
