"""Published shift-scheduling instances (Curtois & Qu 2014) through the product's own rules and engine.

python benchmarks/curtois_qu.py Instance1.txt --seconds 60 --out roster.csv
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property, partial
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from staffing.roster.case import BLOCKED, AgentClasses, Case, Cover, DatedShift, Grid, Options, SolveLimits
from staffing.roster.engine.automaton import TourRule, with_limits, without_limits
from staffing.roster.engine.run import Solution
from staffing.roster.engine.solver import solve_case
from staffing.roster.inputs.people import automaton_of, lay_out, shift_kinds
from staffing.roster.limits.limit import Limit
from staffing.roster.limits.order import Successions
from staffing.roster.limits.runs import DaysInRow, DaysOffInRow
from staffing.roster.limits.totals import HorizonTotal, WorkedWeekends
from staffing.roster.warm import warm_up


@dataclass(frozen=True)
class Employee:
    """One line of the staff section, with the days off of the next."""

    name: str
    most_of: dict[str, int]  # shifts of each kind over the horizon
    most_min: int
    least_min: int
    most_in_row: int
    least_in_row: int
    least_off_in_row: int
    most_weekends: int
    days_off: frozenset[int]


@dataclass(frozen=True)
class Instance:
    """A file as read: `wants` and `avoids` are (employee, day, shift) -> weight."""

    name: str
    days: int
    minutes: dict[str, int]
    not_next: frozenset[tuple[str, str]]
    staff: tuple[Employee, ...]
    wants: dict[tuple[str, int, str], int]
    avoids: dict[tuple[str, int, str], int]
    cover: dict[tuple[int, str], tuple[int, int, int]]  # wanted, price of one too few, of one too many

    @property
    def shifts(self) -> list[str]:
        return list(self.minutes)

    @cached_property
    def scarce(self) -> list[str]:
        """Shifts of which somebody may work some, but fewer than there is time for."""
        return [
            name
            for name, minutes in self.minutes.items()
            if any(0 < who.most_of[name] < min(self.days, who.most_min // minutes) for who in self.staff)
        ]


def sections(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Section names with their lines, comments left out."""
    name, lines = "", []
    for raw in path.read_text().splitlines():
        line = raw.strip()
        if line.startswith("SECTION_"):
            if name:
                yield name, lines
            name, lines = line, []
        elif line and not line.startswith("#"):
            lines.append(line)
    yield name, lines


def read(path: Path) -> Instance:
    """The instance of a file."""
    text = {name: [line.split(",") for line in lines] for name, lines in sections(path)}
    days_off = {row[0]: frozenset(map(int, row[1:])) for row in text["SECTION_DAYS_OFF"]}
    staff = tuple(
        Employee(row[0], {k: int(n) for k, n in (part.split("=") for part in row[1].split("|"))},
                 *map(int, row[2:8]), days_off.get(row[0], frozenset()))
        for row in text["SECTION_STAFF"]
    )  # fmt: skip
    shifts = text["SECTION_SHIFTS"]
    wish = {
        section: {(row[0], int(row[1]), row[2]): int(row[3]) for row in text.get(section, [])}
        for section in ("SECTION_SHIFT_ON_REQUESTS", "SECTION_SHIFT_OFF_REQUESTS")
    }
    return Instance(
        path.stem, int(text["SECTION_HORIZON"][0][0]), {row[0]: int(row[1]) for row in shifts},
        frozenset((row[0], other) for row in shifts for other in row[2].split("|") if other),
        staff, *wish.values(),
        {(int(row[0]), row[1]): (int(row[2]), int(row[3]), int(row[4])) for row in text["SECTION_COVER"]},
    )  # fmt: skip


@cache
def _count_of(template: str):
    return lambda shift: int(shift.template == template)


@cache
def _paid(unit_min: int):
    return lambda shift: shift.paid_min // unit_min


def rules_of(who: Employee, instance: Instance) -> list[TourRule]:
    """The product's rules for one employee."""
    steady = partial(Limit.steady, days=instance.days)
    unit = math.gcd(*instance.minutes.values())
    weekends = tuple(day // 7 if day % 7 > 4 else None for day in range(instance.days))
    rules: list[TourRule] = [
        DaysInRow(steady(who.most_in_row), steady(who.least_in_row)),
        DaysOffInRow(steady(who.least_off_in_row)),
        Successions((instance.not_next,) * instance.days, (None,) * instance.days),
        HorizonTotal(_paid(unit), -(-who.least_min // unit), who.most_min // unit),
        WorkedWeekends(weekends, who.most_weekends),
    ]
    rules += [HorizonTotal(_count_of(name), 0, who.most_of[name]) for name in instance.scarce]
    return rules


def option_prices(instance: Instance) -> tuple[np.ndarray, np.ndarray]:
    """Prices of all (employee, day, shift), and of the days off: what misses a wish costs its weight."""
    days, shifts = instance.days, {shift: k for k, shift in enumerate(instance.shifts)}
    place = {who.name: i for i, who in enumerate(instance.staff)}
    price, off = np.zeros((len(place), days, len(shifts))), np.zeros((len(place), days))
    for (name, day, shift), weight in instance.wants.items():
        off[place[name], day] += weight
        price[place[name], day] += weight
        price[place[name], day, shifts[shift]] -= weight
    for (name, day, shift), weight in instance.avoids.items():
        price[place[name], day, shifts[shift]] += weight
    for i, who in enumerate(instance.staff):
        price[i, sorted(who.days_off)] = BLOCKED
        price[i, :, [k for shift, k in shifts.items() if who.most_of.get(shift, days) == 0]] = BLOCKED
    return price.reshape(len(place), -1), off


@dataclass(frozen=True)
class _Catalogue:
    shifts: tuple[DatedShift, ...]


def case_of(instance: Instance) -> Case:
    """The instance as the engine sees it: one slot per (day, shift), one class per employee."""
    days, count = instance.days, len(instance.minutes)
    dated = [DatedShift(name, 0, minutes, False, False) for name, minutes in instance.minutes.items()] * days
    rules = [rules_of(who, instance) for who in instance.staff]
    kind, sample = shift_kinds(rules, _Catalogue(tuple(dated)))
    every_kind = (frozenset(range(len(sample) + 1)),) * days
    distinct = list(dict.fromkeys(map(tuple, rules)))
    shapes = {one: automaton_of(one, sample, every_kind, ()) for one in dict.fromkeys(map(without_limits, distinct))}
    automata = [with_limits(shapes[without_limits(one)], one) for one in distinct]
    slots, people = days * count, len(instance.staff)
    prices, off = option_prices(instance)
    day_ptr = (np.arange(days + 1) * count).astype(np.int32)
    none = np.zeros(0, np.int32)
    options = Options(
        day_ptr=day_ptr, start=np.arange(slots, dtype=np.int32), length=np.ones(slots, np.int32), kind=kind,
        template=np.tile(np.arange(count, dtype=np.int32), days), break_ptr=np.zeros(count + 1, np.int32),
        break_len=none, break_lo=none, break_hi=none, break_gap=none, break_shape=none, shape_len=none,
        shape_width=none, apart=np.ones(count, np.bool_),
    )  # fmt: skip
    wanted = [instance.cover.get(key, (0, 0, 0)) for key in product(range(days), instance.shifts)]
    need, short, excess = np.array(wanted, float).T[:, None, :]
    cover = Cover(
        need=np.ascontiguousarray(need), short=np.ascontiguousarray(short), excess=np.ascontiguousarray(excess),
        floor=np.zeros((1, slots)), floor_short=np.zeros((1, slots)), group_ptr=np.array([0, 1], np.int32),
        group_queue=np.zeros(1, np.int32), marks=np.full((1, 1), -1, np.int32), tabled=np.zeros(1, bool),
        table=np.zeros((1, slots, 0)), amount=np.ones((1, 1)), share=np.zeros((1, 1)), wanted=np.ones((1, slots), bool),
    )  # fmt: skip
    order = np.tile(np.arange(count, dtype=np.int32), days)  # rest between days is a rule of the automaton here
    crowd = AgentClasses(
        np.array([distinct.index(tuple(one)) for one in rules], np.int32), np.zeros(people, np.int32), prices, off
    )
    return Case(
        grid=Grid(pd.Timestamp("2024-01-01", tz="UTC"), 60, slots), options=options,
        automata=lay_out(automata, [(order, np.full(slots, count, np.int32))] * len(automata)), people=crowd,
        cover=cover, agent_class=np.arange(people, dtype=np.int32),
        agent_names=tuple(who.name for who in instance.staff), queue_names=("",), shifts=tuple(dated),
        paid_min=np.array([s.paid_min for s in dated], np.int32), break_names=((),) * count,
        elastic=(),
    )  # fmt: skip


def write(solution: Solution, instance: Instance, path: Path) -> None:
    """The roster as rows of employee, day, shift."""
    shifts = instance.shifts
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("employee", "day", "shift"))
        for who, tour in zip(instance.staff, solution.state.tours, strict=True):
            rows.writerows((who.name, day, shifts[o % len(shifts)]) for day, o in enumerate(tour) if o >= 0)


def main() -> int:
    """Print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("instance", type=Path)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    begun = time.perf_counter()
    warm_up()  # once per machine it takes a minute: not more than half of the time is given up for it
    ends = max(time.perf_counter() + given.seconds / 2, begun + given.seconds)
    instance = read(given.instance)
    case = case_of(instance)
    left = max(1.0, ends - time.perf_counter())
    tell = (lambda p: print(p, f"{p.seconds:.0f} s", file=sys.stderr)) if sys.stderr.isatty() else None
    solution = solve_case(case, SolveLimits(left, 0.0, given.seed), tell)
    write(solution, instance, given.out)
    bound = round(solution.bound, 6) if math.isfinite(solution.bound) else None  # long tours prove nothing
    result = {
        "instance": instance.name, "objective": round(solution.objective, 6), "bound": bound,
        "seconds": round(time.perf_counter() - begun, 1), "status": solution.status,
        "cpu_s": round(time.process_time(), 1),
    }  # fmt: skip
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
