"""The intervals of a plan: required, scheduled and net agents, and the service they give."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from staffing import tables
from staffing.domain.calendar import clock_text
from staffing.domain.demand import Queue
from staffing.domain.scenario import Scenario
from staffing.errors import TableError
from staffing.evaluation.rollup import with_ratios
from staffing.evaluation.timeline import epoch_s, presence
from staffing.requirements.present import present_share
from staffing.service import SERVICE_OF, Staffed, is_live, patience_of

#: Agents short of which an interval still counts as covered: rounding, not people.
TOLERANCE = 1e-6


class Period:
    """The interval grid of ``days`` local days from ``start``, with the instant that ends it."""

    def __init__(self, scenario: Scenario, start: dt.date, days: int) -> None:
        self.grid = scenario.site.grid(start, days)
        end = scenario.site.midnight(start + dt.timedelta(days=days))
        self.edges_s = np.append(epoch_s(self.grid), epoch_s(pd.DatetimeIndex([end])))
        self.interval_s = np.diff(self.edges_s).astype(float)

    def positions(self, table: pd.DataFrame, name: str) -> np.ndarray:
        """Grid position of each row, −1 outside the period. Raises TableError for a start between intervals."""
        at = epoch_s(table["start"])
        inside = (at >= self.edges_s[0]) & (at < self.edges_s[-1])
        where = np.where(inside, np.searchsorted(self.edges_s, at, side="right") - 1, -1)
        wrong = inside & (self.edges_s[where] != at)
        if wrong.any():
            raise TableError(
                f"the {name} table has a start between intervals: {table['start'].iloc[int(wrong.argmax())]}."
            )
        return where


def interval_table(
    forecast: pd.DataFrame, requirements: pd.DataFrame, pieces: pd.DataFrame, scenario: Scenario, period: Period
) -> pd.DataFrame:
    """Table EVALUATION: the forecast's intervals, and others in which somebody is on the phone.

    Further columns: ``rostered`` (on the phone before shrinkage), ``interval_s``, the amounts of
    ``service.AMOUNTS``, ``queue_length``, ``mean_wait_s``. Raises TableError when tables do not fit together.
    """
    known = {queue.name for queue in scenario.queues}
    for name, table in (("forecast", forecast), ("requirements", requirements)):
        strangers = sorted(set(table["queue"]) - known)
        if strangers:
            raise TableError(f"the {name} table names the queue '{strangers[0]}', which the scenario does not know.")
    on_phone = pieces[pieces["on_phone"]]
    parts = [_queue_table(queue, forecast, requirements, on_phone, scenario, period) for queue in scenario.queues]
    return tables.EVALUATION.check(pd.concat(parts, ignore_index=True))


def _agents(pieces: pd.DataFrame, queue: Queue, scenario: Scenario) -> np.ndarray:
    """How many agents of the usual handle time each piece counts as."""
    amounts = {agent.name: agent.counts_as(queue.name) for agent in scenario.agents if agent.handle_factors}
    if not amounts:
        return np.ones(len(pieces), np.int64)
    return np.array([amounts.get(name, 1.0) for name in pieces["agent"]], float)


def _queue_table(
    queue: Queue,
    forecast: pd.DataFrame,
    requirements: pd.DataFrame,
    on_phone: pd.DataFrame,
    scenario: Scenario,
    period: Period,
) -> pd.DataFrame:
    table = pd.DataFrame({"queue": queue.name, "start": period.grid, "interval_s": period.interval_s})
    for name, source, columns in (
        ("forecast", forecast, {name: name for name in ("calls", "aht_s", "patience_s") if name in forecast}),
        ("requirements", requirements, {"agents": "required"}),
    ):
        rows = source[source["queue"] == queue.name]
        where = period.positions(rows, name)
        for column, target in columns.items():
            table[target] = np.nan
            table.loc[where[where >= 0], target] = rows[column].to_numpy(dtype=float)[where >= 0]
    own = on_phone[on_phone["queue"] == queue.name]
    table["rostered"] = presence(own, period.edges_s, _agents(own, queue, scenario))
    table["scheduled"] = table["rostered"] * present_share(table, forecast, requirements, scenario)
    _check_required(table)
    planned = table["calls"].notna() | table["required"].notna()
    table = table[planned | (table["rostered"] > 0)].fillna({"calls": 0.0, "aht_s": queue.aht_s, "required": 0.0})
    table["net"] = table["scheduled"] - table["required"]
    return with_ratios(_with_service(table, queue, scenario))


def _check_required(table: pd.DataFrame) -> None:
    lacking = (table["calls"] > 0) & table["required"].isna()
    if lacking.any():
        first = table[lacking].iloc[0]
        raise TableError(f"the requirements lack queue '{first['queue']}' at {first['start']}, which is forecast.")


def _with_service(table: pd.DataFrame, queue: Queue, scenario: Scenario) -> pd.DataFrame:
    columns = ("calls", "aht_s", "interval_s", "scheduled")
    calls, aht_s, interval_s, agents = (table[name].to_numpy(dtype=float) for name in columns)
    demand = Staffed(calls, aht_s, interval_s, agents, epoch_s(table["start"]), patience_of(table, queue))
    amounts = SERVICE_OF[queue.channel](demand, queue, scenario.target(queue))
    hours = table["interval_s"] / 3600
    live = is_live(queue)
    return table.assign(
        **amounts,
        handle_s=table["calls"] * table["aht_s"],
        live_calls=np.nan_to_num(amounts["offered"]) * live,
        busy_hours=amounts["busy"] * hours,
        live_hours=(table["scheduled"] + np.nan_to_num(amounts["overrun"])) * hours * live,
        required_hours=table["required"] * hours,
        scheduled_hours=table["scheduled"] * hours,
        short_hours=(-table["net"]).clip(lower=0).where(table["net"] < -TOLERANCE, 0.0) * hours,
        excess_hours=table["net"].where(table["net"] > TOLERANCE, 0.0) * hours,
        lost_cost=amounts["lost"] * scenario.prices.lost_contact,
    )


def uncovered(intervals: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Where agents are missing: ``queue, day, from, to, short_agents, short_hours, start, end``.

    Short intervals that follow each other on one day are one row; ``short_agents`` is the worst of them.
    """
    short = intervals[intervals["net"] < -TOLERANCE].copy()
    short["end"] = short["start"] + pd.to_timedelta(short["interval_s"], unit="s")
    local = short["start"].dt.tz_convert(scenario.site.zone)
    short["day"] = local.dt.date
    follows = (short["start"] == short["end"].shift()) & (short["queue"] == short["queue"].shift())
    follows &= short["day"] == short["day"].shift()
    short["missing"] = -short["net"]
    spans = short.groupby((~follows).cumsum(), sort=False).agg(
        queue=("queue", "first"),
        day=("day", "first"),
        short_agents=("missing", "max"),
        short_hours=("short_hours", "sum"),
        start=("start", "first"),
        end=("end", "last"),
    )
    return with_clock(spans, scenario).sort_values(["start", "queue"], kind="stable", ignore_index=True)


def longest_waits(intervals: pd.DataFrame, scenario: Scenario, count: int = 10) -> pd.DataFrame:
    """The ``count`` intervals whose contacts wait longest: ``queue, day, from, to, mean_wait_s, service_level,
    abandonment, net, start, end``."""
    waits = intervals[intervals["mean_wait_s"] > 0]
    waits = waits.sort_values(["mean_wait_s", "start", "queue"], ascending=[False, True, True], kind="stable")
    rows = waits.head(count)[["queue", "mean_wait_s", "service_level", "abandonment", "net", "start", "interval_s"]]
    rows = rows.assign(
        day=rows["start"].dt.tz_convert(scenario.site.zone).dt.date,
        end=rows["start"] + pd.to_timedelta(rows["interval_s"], unit="s"),
    )
    return with_clock(rows.drop(columns="interval_s"), scenario).reset_index(drop=True)


def with_clock(spans: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Adds local ``from`` and ``to`` as HH:MM after ``queue, day``; a span that ends at midnight ends at 24:00."""
    start, end = (spans[name].dt.tz_convert(scenario.site.zone) for name in ("start", "end"))
    midnight = (end.dt.hour * 60 + end.dt.minute == 0).to_numpy()
    minutes = (end.dt.hour * 60 + end.dt.minute).to_numpy() + 1440 * midnight
    first = [clock_text(int(minute)) for minute in start.dt.hour * 60 + start.dt.minute]
    last = [clock_text(int(minute)) for minute in minutes]
    others = [name for name in spans.columns if name not in ("queue", "day")]
    return spans.assign(**{"from": first, "to": last})[["queue", "day", "from", "to", *others]]
