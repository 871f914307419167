"""What a roster is worth: what staffing costs beside what understaffing breaks, in money.

Everything is simulated with the same callers and absences, so that rosters differ by their people alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from staffing.domain.scenario import Scenario
from staffing.evaluation.rollup import ALL_QUEUES
from staffing.service import is_live
from staffing.simulation.result import Simulated
from staffing.simulation.week import SimulatedWeek, simulate

SHARES = (-0.15, -0.10, -0.05, 0.05, 0.10, 0.15)  # of the people, more or fewer
TRIED = 4  # persons, of whom one more or fewer is the mean
WEEKS_A_YEAR = 52.0

#: What is priced; wages and overrun are what staffing costs, the others what understaffing breaks.
MONEY = ("wages", "overrun", "lost", "waiting", "repeats", "leavers")
POINT = ("people", "paid_hours", "service_level", "abandonment", "asa_s", "occupancy", "lost_contacts", "waited_hours",
         "repeat_contacts", *MONEY, "total")  # fmt: skip


@dataclass(frozen=True)
class Valued:
    """A roster to be valued: its week, and per person ``agent, paid_hours, cost``."""

    week: SimulatedWeek
    paid: pd.DataFrame
    runs: int

    @property
    def scenario(self) -> Scenario:
        return self.week.scenario

    def point(self, people: int = 0) -> dict[str, float]:
        """The figures of POINT with so many people more (or fewer), those of whom are spread over queues and shifts.

        One person is the mean over some.
        """
        names = self._in_turn()
        if abs(people) == 1:
            tried = [self._with(names[k : k + 1], people) for k in range(min(TRIED, len(names)))]
            return {name: float(np.mean([one[name] for one in tried])) for name in POINT}
        return self._with(names[: abs(people)], np.sign(people)) if people else self._told(self.week, self.paid)

    def _in_turn(self) -> list[str]:
        """People in an order that spreads over queues, and in them over hours paid."""
        queue = self.week.activities.dropna(subset=["queue"]).groupby("agent")["queue"].first()
        rows = self.paid[self.paid["paid_hours"] > 0].assign(queue=lambda table: table["agent"].map(queue))
        ordered = rows.sort_values(["queue", "paid_hours", "agent"])["agent"].tolist()
        count = len(ordered)
        places = [int(count * ((0.5 + k * 0.6180339887498949) % 1)) for k in range(4 * count)]
        return list(dict.fromkeys(ordered[place] for place in places))

    def _with(self, names: list[str], sign: float) -> dict[str, float]:
        """Without these people, or with a twin of each."""
        rows, own = self.week.activities, self.week.activities["agent"].isin(names)
        paid = self.paid["agent"].isin(names)
        if sign < 0:
            return self._told(replace(self.week, activities=rows[~own]), self.paid[~paid])
        twins = rows[own].assign(agent=rows["agent"][own] + " +1", shift=rows["shift"][own] + rows["shift"].max() + 1)
        agents = [agent.model_copy(update={"name": f"{agent.name} +1"}) for agent in self.scenario.agents
                  if agent.name in names]  # fmt: skip
        scenario = self.scenario.model_copy(update={"agents": (*self.scenario.agents, *agents)})
        week = replace(self.week, activities=pd.concat([rows, twins], ignore_index=True), scenario=scenario)
        return self._told(week, pd.concat([self.paid, self.paid[paid]]))

    def _told(self, week: SimulatedWeek, paid: pd.DataFrame) -> dict[str, float]:
        return worth(simulate(week, runs=self.runs), paid, week.scenario, week.days)


def worth(played: Simulated, paid: pd.DataFrame, scenario: Scenario, days: int = 7) -> dict[str, float]:
    """The figures of POINT: money of the period by the scenario's prices. ``paid``: paid_hours, cost of each person."""
    prices, total = scenario.prices, played.total
    by_queue = played.queues.set_index("queue")
    waited_s = lost = repeats = again_cost = 0.0
    for queue in scenario.queues:
        if not is_live(queue) or queue.name not in by_queue.index:
            continue
        row = by_queue.loc[queue.name]
        answered = row["contacts"] - row["lost"]
        waited_s += answered * row["asa_s"] if answered > 0 else 0.0
        lost += row["lost"]
        again = row["lost"] * queue.redial_share + answered * (1 - queue.resolution)
        repeats += again
        again_cost += again * prices.of_repeat(queue.aht_s)
    people = int((paid["paid_hours"] > 0).sum())
    busy = max(total["occupancy"] - prices.busy_above, 0.0) * 100 if np.isfinite(total["occupancy"]) else 0.0
    leavers = people * busy * prices.leavers_per_point * days / 7 / WEEKS_A_YEAR
    money = {
        "wages": float(paid["cost"].sum()),
        "overrun": total["overrun_cost"],
        "lost": lost * prices.lost_contact,
        "waiting": waited_s / 60 * prices.of_waited_minute,
        "repeats": again_cost,
        "leavers": leavers * prices.of_leaver,
    }
    shown = {name: total[name] for name in ("service_level", "abandonment", "asa_s", "occupancy")}
    amounts = {"lost_contacts": lost, "waited_hours": waited_s / 3600, "repeat_contacts": repeats}
    hours = {"people": float(people), "paid_hours": float(paid["paid_hours"].sum())}
    return {**hours, **shown, **amounts, **money, "total": sum(money.values())}


def steps_of(people: int) -> list[int]:
    """People more or fewer at which the frontier is looked at, 0 and one of each among them."""
    return sorted({-1, 0, 1, *(round(share * people) for share in SHARES)})


def frontier(valued: Valued, told: Callable[[float], None] | None = None) -> pd.DataFrame:
    """``more`` (people more or fewer than the roster has) and POINT, a row a step."""
    steps, rows = steps_of(int((valued.paid["paid_hours"] > 0).sum())), []
    for number, step in enumerate(steps, start=1):
        rows.append({"more": step, **valued.point(step)})
        if told is not None:
            told(number / len(steps))
    return pd.DataFrame(rows)


def guards(valued: Valued, ceilings: pd.DataFrame) -> pd.DataFrame:
    """What protects people and quality, each with its price: ``guard, hours, money`` for the period.

    ``ceilings``: guard, hours, money of occupancy ceilings, against the requirement without any.
    """
    return pd.concat(
        [ceilings, pd.DataFrame([*_breaks(valued), *_quality(valued), *_coaching(valued)])], ignore_index=True
    )


def _breaks(valued: Valued) -> Iterator[dict[str, object]]:
    """Breaks taken in full against breaks cut by the contact in hand: pay of overrun, waits and losses together."""

    def total(whole: bool) -> float:
        scenario = valued.scenario.patched({"simulation": {"breaks_in_full": whole}})
        return replace(valued, week=replace(valued.week, scenario=scenario)).point()["total"]

    money = total(True) - total(False)
    yield {"guard": "breaks in full", "hours": float("nan"), "money": money}


def _quality(valued: Valued) -> Iterator[dict[str, object]]:
    """A share of the calls listened to by somebody, at the price of an hour."""
    scenario, played = valued.scenario, simulate(valued.week, runs=valued.runs)
    row = played.queues.set_index("queue")
    hours = sum(
        (row.loc[queue.name, "contacts"] - row.loc[queue.name, "lost"]) * queue.aht_s / 3600
        for queue in scenario.queues
        if is_live(queue) and queue.name in row.index and queue.name != ALL_QUEUES
    )
    for share in (0.05, 0.10):
        yield _priced(f"{share:.0%} of calls listened to", share * hours, scenario)


def _coaching(valued: Valued) -> Iterator[dict[str, object]]:
    people = int((valued.paid["paid_hours"] > 0).sum())
    yield _priced("an hour of coaching each week", people * valued.week.days / 7, valued.scenario)


def _priced(name: str, hours: float, scenario: Scenario) -> dict[str, object]:
    return {"guard": name, "hours": hours, "money": hours * scenario.prices.agent_hour}
