"""One row per shift worked: its kind, what is paid and what it costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from staffing.domain.activities import ASKED, SHIFT, TIME_OFF, UNPAID
from staffing.domain.calendar import DAY_MIN, WEEKDAYS
from staffing.domain.scenario import Scenario
from staffing.domain.shift_clock import kind_minutes
from staffing.domain.workforce import Agent, Contract, LabourRules, ShiftTemplate
from staffing.errors import TableError
from staffing.evaluation.pay import pay_factors
from staffing.evaluation.timeline import ON_PHONE, cut, fill_queue, lay_out, shift_numbers


@dataclass(frozen=True)
class WorkedShift:
    """The roster read.

    ``activities``: the roster's rows with the number of their ``shift`` (−1: in none), and whether they are
    ``unpaid``.
    ``shifts``: per shift ``agent, team, contract, day, start, end, kind, paid_hours, cost, weekend, night,
    late, undesired, wish_kept``; ``kind`` is the shift template's name ("" when it is none of them), ``wish_kept``
    1 or 0, NaN where the agent wishes nothing.
    ``pieces``: time without change, with ``queue, shift, agent, paid_hours, cost``.
    """

    activities: pd.DataFrame
    shifts: pd.DataFrame
    pieces: pd.DataFrame


def read_roster(roster: pd.DataFrame, scenario: Scenario) -> WorkedShift:
    """Shifts, kinds, pay and cost of a roster table. Raises TableError for people and queues nobody knows."""
    line = lay_out(roster)
    rows = roster.assign(queue=fill_queue(roster, scenario), shift=shift_numbers(line))
    _check_known(rows, scenario)
    shifts = _shifts(rows, scenario)
    rows["unpaid"] = _unpaid(rows, shifts, scenario)
    pieces = cut(line, rows, rows["unpaid"].to_numpy(bool))
    pieces = pieces.join(rows[["agent", "queue", "shift"]], on="row")
    cost_per_hour = shifts["contract"].map(hour_costs(scenario))
    pieces["paid_hours"] = (pieces["end_s"] - pieces["start_s"]) * pieces["paid"] / 3600
    pieces["cost"] = pieces["paid_hours"] * pieces["shift"].map(cost_per_hour).astype(float)
    hours = pieces.groupby("shift")["paid_hours"].sum().reindex(shifts.index, fill_value=0.0)
    shifts = shifts.assign(paid_hours=hours)
    pieces["cost"] *= pieces["shift"].map(pay_factors(shifts, scenario)).fillna(1.0)
    cost = pieces.groupby("shift")["cost"].sum().reindex(shifts.index, fill_value=0.0)
    return WorkedShift(rows, shifts.assign(cost=cost), pieces)


def hour_costs(scenario: Scenario) -> dict[str, float]:
    """Money per paid hour of each contract."""
    usual = scenario.prices.agent_hour
    return {one.name: usual if one.hour_cost is None else one.hour_cost for one in scenario.contracts}


def hour_cost(agent: Agent, scenario: Scenario) -> float:
    """Money per paid hour: the contract's, or else the scenario's price."""
    cost = contract_of(agent, scenario).hour_cost
    return scenario.prices.agent_hour if cost is None else cost


def contract_of(agent: Agent, scenario: Scenario) -> Contract:
    return next(contract for contract in scenario.contracts if contract.name == agent.contract)


def is_night(start_min: NDArray[np.int64], end_min: NDArray[np.int64], rules: LabourRules) -> NDArray[np.bool_]:
    """Whether [start, end), in minutes after the first day's midnight, meets the night of any day."""
    length = (rules.night_to - rules.night_from) % DAY_MIN
    first = rules.night_from - DAY_MIN
    nights = [(first + day * DAY_MIN, first + day * DAY_MIN + length) for day in range(4)]
    meets = [(start_min < night_end) & (end_min > night_start) for night_start, night_end in nights]
    return np.asarray(np.any(meets, axis=0) & (length > 0))


def _check_known(rows: pd.DataFrame, scenario: Scenario) -> None:
    known = {"agent": {agent.name for agent in scenario.agents}, "queue": {queue.name for queue in scenario.queues}}
    for column, names in known.items():
        strangers = sorted(set(rows.loc[rows["activity"].isin(ON_PHONE), column]) - names)
        if strangers:
            raise TableError(f"the roster names the {column} '{strangers[0]}', which the scenario does not know.")


def _shifts(rows: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Shifts without their pay, indexed by number."""
    named = {"kind": ("kind", "first")} if "kind" in rows else {}
    own = (
        rows[rows["activity"] == SHIFT]
        .groupby("shift")
        .agg(agent=("agent", "first"), start=("start", "min"), end=("end", "max"), **named)
    )
    people = {agent.name: agent for agent in scenario.agents}
    local = own["start"].dt.tz_convert(scenario.site.zone)
    minute = (local.dt.hour * 60 + local.dt.minute).to_numpy(dtype=np.int64)
    length = ((own["end"] - own["start"]) // pd.Timedelta(minutes=1)).to_numpy(dtype=np.int64)
    of_kind = [kind_minutes(scenario.site, *span) for span in zip(own["start"], own["end"], strict=True)]
    own["day"] = local.dt.date
    own["team"] = own["agent"].map({name: agent.team for name, agent in people.items()})
    own["contract"] = [people[name].contract_on(day) for name, day in zip(own["agent"], own["day"], strict=True)]
    own["kind"] = _kinds(own, minute, np.array(of_kind, np.int64), _breaks(rows), scenario)
    own["weekend"] = local.dt.day_of_week.isin([WEEKDAYS.index(day) for day in scenario.site.weekend])
    own["night"] = is_night(minute, minute + length, scenario.rules)
    own["late"] = ~own["night"] & (minute + length > scenario.rules.late_from)
    own["undesired"] = own["kind"].isin([shift.name for shift in scenario.shifts if shift.undesired])
    weekday = [WEEKDAYS[number] for number in local.dt.day_of_week]
    own["wish_kept"] = [
        _wish_kept(people[agent], kind, day)
        for agent, kind, day in zip(own["agent"], own["kind"], weekday, strict=True)
    ]
    return own.astype({"wish_kept": float})


def _wish_kept(agent: Agent, kind: str, weekday: str) -> float:
    """1 when the shift goes against none of the agent's wishes, NaN when the agent has none."""
    kinds = [name for name in agent.prefers if name not in (*WEEKDAYS, *ASKED)]
    if not kinds and not set(agent.avoids) - {*ASKED}:
        return np.nan
    preferred = not kinds or kind in kinds
    return float(preferred and kind not in agent.avoids and weekday not in agent.avoids)


def _breaks(rows: pd.DataFrame) -> dict[int, Counter[tuple[str, int]]]:
    """Per shift, how often each (activity, minutes) beside the shift itself occurs."""
    inside = rows[~rows["activity"].isin(ON_PHONE) & (rows["shift"] >= 0)]
    found: dict[int, Counter[tuple[str, int]]] = {}
    for number, name, minutes in _cells(inside["shift"], inside["activity"], _minutes(inside)):
        found.setdefault(number, Counter())[(name, minutes)] += 1
    return found


def _kinds(
    shifts: pd.DataFrame,
    minute: NDArray[np.int64],
    length: NDArray[np.int64],
    breaks: dict[int, Counter[tuple[str, int]]],
    scenario: Scenario,
) -> list[str]:
    """The kind the roster names; where it names none: same length, an allowed start, best the same breaks."""
    if "kind" in shifts and shifts["kind"].notna().all():
        names = {shift.name for shift in scenario.shifts}
        return [kind if kind in names else "" for kind in shifts["kind"]]
    allowed = {contract.name: contract.shifts for contract in scenario.contracts}
    known: dict[object, str] = {}
    kinds = []
    for number, contract, day, start, minutes in zip(
        shifts.index, shifts["contract"], shifts["day"], minute, length, strict=True
    ):
        taken = breaks.get(number, Counter())
        key = (contract, day.weekday(), start, minutes, frozenset(taken.items()))
        if key not in known:
            fits = [
                shift
                for template in scenario.shifts
                for shift in template.by_length
                if shift.length_min == minutes
                and start in shift.starts_min
                and (not shift.weekdays or WEEKDAYS[day.weekday()] in shift.weekdays)
                and (not allowed[contract] or shift.name in allowed[contract])
            ]
            fits.sort(key=lambda shift: _planned_breaks(shift) != taken)
            known[key] = fits[0].name if fits else ""
        kinds.append(known[key])
    return kinds


def _planned_breaks(shift: ShiftTemplate) -> Counter[tuple[str, int]]:
    return Counter((rule.name, rule.minutes) for rule in shift.breaks)


def _unpaid(rows: pd.DataFrame, shifts: pd.DataFrame, scenario: Scenario) -> NDArray[np.bool_]:
    """Which rows the break rules leave unpaid; what no rule knows (training, absence) is paid.

    The rule of the same kind of shift, name and length decides; else, of an edited break, one of the same
    kind and name; else one of the same name. Where those disagree the time is paid.
    """
    paid: dict[tuple[object, ...], bool] = {}
    for shift in scenario.shifts:
        for rule in shift.breaks:  # of all lengths
            for key in ((shift.name, rule.name, rule.minutes), (shift.name, rule.name), (rule.name,)):
                paid[key] = paid.get(key, False) or rule.paid
    kind = rows["shift"].map(shifts["kind"]).fillna("")
    cells = _cells(kind, rows["activity"], _minutes(rows))
    left_out = [not _first(paid, (k, name, length), (k, name), (name,)) for k, name, length in cells]
    return np.array(left_out, dtype=bool) | _absent_unpaid(rows, scenario)


def _absent_unpaid(rows: pd.DataFrame, scenario: Scenario) -> NDArray[np.bool_]:
    """Rows absent on the day that nobody pays: voluntary time off is paid where the contract says so."""
    paid_off = {agent.name for agent in scenario.agents if contract_of(agent, scenario).voluntary_paid}
    kept = (rows["activity"] == TIME_OFF) & rows["agent"].isin(paid_off)
    return (rows["activity"].isin(UNPAID) & ~kept).to_numpy(dtype=bool)


def _first(paid: dict[tuple[object, ...], bool], *keys: tuple[object, ...]) -> bool:
    return next((paid[key] for key in keys if key in paid), True)


def _cells(*columns: pd.Series) -> Iterator[tuple[Any, ...]]:
    """Rows as tuples; plain lists are many times faster to walk than columns of strings."""
    return zip(*(column.tolist() for column in columns), strict=True)


def _minutes(rows: pd.DataFrame) -> pd.Series:
    return (rows["end"] - rows["start"]) // pd.Timedelta(minutes=1)
