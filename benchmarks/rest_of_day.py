"""The rest of the day after a noon update, on generated days: time, and how much of the service that the morning's
error cost is won back with paid hours as they were.

python -m benchmarks.rest_of_day --agents 100 --days 20

A week is rostered to the morning's forecast. Each day really brings other contacts: more or fewer all day, tilted from
early to late, uneven from interval to interval. At noon the rest is forecast anew from the morning's contacts alone:
four fifths of the morning's departure. Figures are those of the true contacts of the rest of the day, by the queueing
model. What the error cost is the share of contacts in time that the roster would keep were the forecast right, less the
share that it keeps; days on which it keeps more cost nothing, and no day wins back more than it cost. Won back are the
shares with free changes alone, with hours that stay even, and the same had noon known the truth. Hours stay as they
were: what an hour is paid is turned until overtime and time given back are even.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from benchmarks.rosters import erlang_c_agents, site_inputs
from staffing.domain.activities import OVERTIME, TIME_OFF
from staffing.domain.demand import Queue
from staffing.domain.scenario import Scenario
from staffing.domain.service import ServiceTarget
from staffing.roster.desk.today.moment import Moment
from staffing.roster.desk.today.propose import RestOfDay, outlook_of, propose
from staffing.roster.given import Inputs

AHT_S, NOON_H = 300.0, 12
DAY_SPREAD, TILT_SPREAD, NOISE = 0.10, 0.08, 0.05  # standard deviations of the log of what comes
BELIEVED = 0.8  # of the morning's departure, by the noon update
TURNS, EVEN_H = 7, 0.5  # tries at an hour's price until hours are even within so much


@dataclass(frozen=True)
class Day:
    """One day of a rostered week: what the morning thought, what came, and what noon thinks (contacts by interval)."""

    inputs: Inputs
    scenario: Scenario
    table: pd.DataFrame
    moment: Moment
    morning: pd.DataFrame
    truth: pd.DataFrame
    noon: pd.DataFrame


def week(agents: int, seed: int, gap: float = 0.007) -> tuple[Inputs, Scenario, pd.DataFrame, pd.DataFrame]:
    """A rostered week: what the roster was given, the scenario, its forecast, and the roster."""
    from staffing.roster import SolveLimits, solve

    plain = site_inputs(agents, "day", 1, seed)
    contracts = tuple(
        one.model_copy(update={"overtime_hours": 4.0, "voluntary_hours": 4.0, "overtime_factor": 1.0})
        for one in plain.contracts
    )
    made = solve(plain, SolveLimits(60.0, gap, seed))
    inputs = replace(plain, contracts=contracts)
    need = inputs.requirements["agents"].to_numpy()
    calls = np.array([_load(n) for n in need]) * 900.0 / AHT_S
    forecast = inputs.requirements[["queue", "start"]].assign(calls=calls, aht_s=AHT_S)
    scenario = Scenario(
        queues=(Queue(name="q0", aht_s=AHT_S, patience_s=180.0),),
        service=ServiceTarget(service_level=0.8, threshold_s=20),
        site=inputs.calendar,
        prices=inputs.prices,
    )
    return inputs, scenario, forecast, made.table


def _load(agents: int) -> float:
    """The largest load that so many agents keep within the promise."""
    low, high = 0.0, float(agents)
    for _ in range(30):
        load = (low + high) / 2
        low, high = (load, high) if erlang_c_agents(load) <= agents else (low, load)
    return low


def day_of(week_of: tuple[Inputs, Scenario, pd.DataFrame, pd.DataFrame], number: int, seed: int) -> Day:
    """A day of the week with contacts drawn by `seed`."""
    inputs, scenario, forecast, table = week_of
    rng = np.random.default_rng(seed)
    date = inputs.date(number)
    own = forecast[forecast["start"].dt.date == date].reset_index(drop=True)
    tilt = np.linspace(-1, 1, len(own))
    departure = rng.normal(0, DAY_SPREAD) + rng.normal(0, TILT_SPREAD) * tilt + rng.normal(0, NOISE, len(own))
    came = rng.poisson(own["calls"].to_numpy() * np.exp(departure)).astype(float)
    before = (own["start"].dt.hour < NOON_H).to_numpy()
    seen = np.log(came[before].sum() / own["calls"][before].sum())
    now = pd.Timestamp(date, tz="UTC") + pd.Timedelta(hours=NOON_H)
    expected = own["calls"] * np.exp(departure)
    return Day(
        _needing(inputs, own.assign(calls=own["calls"] * np.exp(BELIEVED * seen))),
        scenario,
        table,
        Moment(now),
        own,
        own.assign(calls=expected),
        own.assign(calls=own["calls"] * np.exp(BELIEVED * seen)),
    )


def _needing(inputs: Inputs, calls: pd.DataFrame) -> Inputs:
    """The inputs with the requirement of these contacts."""
    need = [float(erlang_c_agents(n * AHT_S / 900.0)) for n in calls["calls"]]
    return replace(inputs, requirements=calls[["queue", "start"]].assign(agents=need, agents_scheduled=need))


def even(day: Day) -> RestOfDay:
    """Proposals under which about as many hours are worked on as are given back."""
    low, high = 0.0, 8.0
    for _ in range(TURNS):
        price = (low + high) / 2
        made = _at_price(day, price)
        extra = sum(_hours(made, OVERTIME)) - sum(_hours(made, TIME_OFF))
        if abs(extra) <= EVEN_H:
            return made
        low, high = (price, high) if extra > 0 else (low, price)
    return made


def _at_price(day: Day, agent_hour: float) -> RestOfDay:
    prices = day.inputs.prices.model_copy(update={"agent_hour": agent_hour})
    return propose(replace(day.inputs, prices=prices), day.scenario, day.table, day.noon, day.moment)


def _hours(made: RestOfDay, kind: str) -> list[float]:
    spans = [one.changes[0] for one in made.proposals if one.kind == kind]
    return [(span.end - span.start).total_seconds() / 3600 for span in spans]  # type: ignore[attr-defined]


def in_time(day: Day, table: pd.DataFrame, calls: pd.DataFrame) -> float:
    """Share of the contacts of the rest of the day answered in time, were these the contacts."""
    return outlook_of(day.inputs, day.scenario, table, calls, day.moment).in_time["q0"]


def measure(day: Day) -> dict[str, float]:
    """One day."""
    from staffing.roster.rules import check

    begun = time.perf_counter()
    propose(day.inputs, day.scenario, day.table, day.noon, day.moment)
    seconds = time.perf_counter() - begun
    free = propose(_without_asking(day.inputs), day.scenario, day.table, day.noon, day.moment)
    made = even(day)
    clear = even(replace(day, noon=day.truth))
    tables = [one.accepted(range(1, len(one.proposals) + 1)) for one in (free, made, clear)]
    later = day.truth["start"] >= day.moment.now
    found = [in_time(day, table, day.truth) for table in (day.table, *tables)]
    return {
        "seconds": seconds, "calls": float(day.truth["calls"][later].sum()),
        "more": float(day.truth["calls"][later].sum() / day.morning["calls"][later].sum() - 1),
        "promised": in_time(day, day.table, day.morning), "as_is": found[0], "free": found[1], "even": found[2],
        "knowing": found[3], "proposals": len(made.proposals),
        "hours_on": sum(_hours(made, OVERTIME)), "hours_back": sum(_hours(made, TIME_OFF)),
        "violations": len(check(tables[1], day.inputs)) - len(check(day.table, day.inputs)),
    }  # fmt: skip


def _without_asking(inputs: Inputs) -> Inputs:
    nothing = {"overtime_hours": 0.0, "voluntary_hours": 0.0, "max_hours": 0.0}
    return replace(inputs, contracts=tuple(one.model_copy(update=nothing) for one in inputs.contracts))


def main() -> int:
    """Print one JSON line a day, and one that sums up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=100)
    parser.add_argument("--days", type=int, default=20)
    given = parser.parse_args()
    rows, weeks = [], {}
    for number in range(given.days):
        seed = number // 5
        if seed not in weeks:
            weeks[seed] = week(given.agents, seed)
        rows.append(measure(day_of(weeks[seed], number % 5, number)))
        print(json.dumps({name: round(value, 4) for name, value in rows[-1].items()}), flush=True)
    table = pd.DataFrame(rows)
    lost = (table["promised"] - table["as_is"]).clip(lower=0)
    summary = {
        name: round(float((table["calls"] * np.clip(table[name] - table["as_is"], None, lost)).sum()
                          / (table["calls"] * lost).sum()), 3)
        for name in ("free", "even", "knowing")
    }  # fmt: skip
    share = {name: round(float((table["calls"] * table[name]).sum() / table["calls"].sum()), 4)
             for name in ("promised", "as_is", "free", "even", "knowing")}  # fmt: skip
    figures = {
        "agents": given.agents, "days": given.days, "won_back": summary, "in_time": share,
        "seconds_most": round(table["seconds"].max(), 2), "seconds_mean": round(table["seconds"].mean(), 2),
        "violations": int(table["violations"].sum()),
    }  # fmt: skip
    print(json.dumps(figures))
    return int(table["violations"].sum() > 0)


if __name__ == "__main__":
    sys.exit(main())
