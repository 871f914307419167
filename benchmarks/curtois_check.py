"""Judge of rosters for the Curtois & Qu instances: reads file and roster by itself, knows no engine.

python benchmarks/curtois_check.py Instance1.txt roster.csv
"""

from __future__ import annotations

import csv
import json
import re
import sys
from itertools import groupby, pairwise
from pathlib import Path

Roster = dict[tuple[str, int], str]  # (employee, day) -> shift


def _table(text: str, section: str) -> list[list[str]]:
    body = re.search(rf"^{section}\s*$(.*?)(?=^SECTION_|\Z)", text, re.MULTILINE | re.DOTALL)
    lines = body.group(1).splitlines() if body else []
    return [line.strip().split(",") for line in lines if line.strip() and not line.startswith("#")]


def read_csv(path: Path) -> Roster:
    """A roster from columns employee, day, shift; two shifts on one day are refused."""
    roster: Roster = {}
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            key = row["employee"], int(row["day"])
            if key in roster:
                raise ValueError(f"two shifts of {key[0]} on day {key[1]}")
            roster[key] = row["shift"]
    return roster


def violations(instance: Path, roster: Roster) -> list[str]:
    """Every broken hard rule in words."""
    text = instance.read_text()
    days = int(_table(text, "SECTION_HORIZON")[0][0])
    length = {row[0]: int(row[1]) for row in _table(text, "SECTION_SHIFTS")}
    barred = {row[0]: set(row[2].split("|")) - {""} for row in _table(text, "SECTION_SHIFTS")}
    away = {row[0]: {int(day) for day in row[1:]} for row in _table(text, "SECTION_DAYS_OFF")}
    staff = _table(text, "SECTION_STAFF")
    known = {row[0] for row in staff}
    found = [f"{who} day {day}: unknown" for (who, day), shift in roster.items()
             if who not in known or shift not in length or not 0 <= day < days]  # fmt: skip
    if found:
        return found
    for row in staff:
        week = [roster.get((row[0], day), "") for day in range(days)]
        found += [f"{row[0]}: {what}" for what in _of_one(row, week, length, barred, away.get(row[0], set()))]
    return found


def _of_one(row: list[str], week: list[str], length: dict[str, int], barred: dict[str, set[str]],
            away: set[int]) -> list[str]:  # fmt: skip
    most_min, least_min, most_run, least_run, least_off, most_weekends = map(int, row[2:8])
    found = [f"works on day off {day}" for day in away if week[day]]
    for part in row[1].split("|"):
        kind, most = part.split("=")
        if week.count(kind) > int(most):
            found.append(f"{week.count(kind)} shifts {kind}, at most {most}")
    minutes = sum(length[shift] for shift in week if shift)
    if not least_min <= minutes <= most_min:
        found.append(f"{minutes} minutes, {least_min} to {most_min} wanted")
    for day, (one, other) in enumerate(pairwise(week)):
        if one and other in barred[one]:
            found.append(f"{other} follows {one} on day {day + 1}")
    runs = [(worked, len(list(run))) for worked, run in groupby(bool(shift) for shift in week)]
    for k, (worked, size) in enumerate(runs):
        inside = 0 < k < len(runs) - 1
        if worked and size > most_run:
            found.append(f"{size} days in a row, at most {most_run}")
        if inside and size < (least_run if worked else least_off):
            found.append(f"a run of {size} {'shifts' if worked else 'days off'}")
    weekends = sum(bool(week[day] or week[day + 1 : day + 2] not in ([], [""])) for day in range(5, len(week), 7))
    if weekends > most_weekends:
        found.append(f"{weekends} weekends, at most {most_weekends}")
    return found


def cost(instance: Path, roster: Roster) -> tuple[int, int]:
    """Price of cover and price of missed requests."""
    text = instance.read_text()
    cover = 0
    for row in _table(text, "SECTION_COVER"):
        day, wanted, under, over = int(row[0]), *map(int, row[2:5])
        present = sum(1 for (_, d), shift in roster.items() if d == day and shift == row[1])
        cover += under * max(0, wanted - present) + over * max(0, present - wanted)
    missed = 0
    for section, hit in (("SECTION_SHIFT_ON_REQUESTS", False), ("SECTION_SHIFT_OFF_REQUESTS", True)):
        for who, day, shift, weight in _table(text, section):
            missed += int(weight) * ((roster.get((who, int(day))) == shift) == hit)
    return cover, missed


def main() -> int:
    """Print one JSON line; 1 when a rule is broken."""
    instance, path = Path(sys.argv[1]), Path(sys.argv[2])
    roster = read_csv(path)
    broken = violations(instance, roster)
    of_cover, of_requests = cost(instance, roster)
    print(json.dumps({"objective": of_cover + of_requests, "cover": of_cover, "requests": of_requests,
                      "violations": broken[:20]}))  # fmt: skip
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
