"""A Monday morning with two people, small enough to work out by hand.

09:00–12:00 in half-hours. Ann works early, 09:00–12:00 with an unpaid lunch 10:15–10:45; Bo works late,
10:00–12:00, an undesired shift.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from staffing.domain.scenario import Scenario
from staffing.evaluation import Evaluation, evaluate

MONDAY = dt.date(2026, 11, 23)
LUNCH = {"name": "lunch", "minutes": 30, "paid": False, "earliest_min": 60, "latest_min": 120}
BASE: dict[str, Any] = {
    "name": "base",
    "site": {"timezone": "Europe/Paris", "interval_min": 30, "opening": {"monday": "09:00-12:00"}},
    "queues": [{"name": "voice", "model": "erlang_c"}],
    "contracts": [{"name": "full", "max_hours": 40}, {"name": "dear", "max_hours": 20, "hour_cost": 30}],
    "agents": [{"name": "Ann", "contract": "full"}, {"name": "Bo", "contract": "dear", "prefers": ["late"]}],
    "shifts": [
        {"name": "early", "length_min": 180, "first_start": "09:00", "last_start": "09:00", "breaks": [LUNCH]},
        {"name": "late", "length_min": 120, "first_start": "10:00", "last_start": "10:00", "undesired": True},
    ],
}
SHIFTS = """
Ann 09:00 12:00 shift voice
Ann 10:15 10:45 lunch -
Bo  10:00 12:00 shift voice
"""


def scenario(**patch: Any) -> Scenario:
    return Scenario.parse(BASE).patched(patch)


def roster(text: str = SHIFTS, zone: str = "Europe/Paris") -> pd.DataFrame:
    """A roster table of lines ``agent start end activity queue``; times are on the Monday or whole."""

    def instant(word: str) -> pd.Timestamp:
        return pd.Timestamp(word if "T" in word else f"{MONDAY}T{word}").tz_localize(zone)

    rows = [line.split() for line in text.strip().splitlines()]
    cells = [(a, instant(s), instant(e), activity, None if q == "-" else q) for a, s, e, activity, q in rows]
    table = pd.DataFrame(cells, columns=["agent", "start", "end", "activity", "queue"])
    return table.astype({"start": f"datetime64[us, {zone}]", "end": f"datetime64[us, {zone}]", "queue": object})


def demand(
    case: Scenario, calls: list[float], agents: list[float], *, queue: str = "voice", aht_s: float = 180, days: int = 1
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Forecast and requirements on the open grid."""
    start = case.site.open_grid(MONDAY, days)
    forecast = {"queue": queue, "start": start, "calls": calls, "aht_s": aht_s, "p10": 0.0, "p50": calls, "p90": calls}
    needed = {"queue": queue, "start": start, "agents": agents, "agents_scheduled": agents}
    return pd.DataFrame(forecast), pd.DataFrame(needed)


def morning(case: Scenario | None = None, people: pd.DataFrame | None = None, **patch: Any) -> Evaluation:
    """The Monday evaluated: 10 calls of 90 s (half an erlang) in each half-hour but the fifth, two agents needed."""
    case = case or scenario(**patch)
    tables = demand(case, [10.0, 10, 10, 10, 0, 10], [2.0] * 6, aht_s=90)
    return evaluate(*tables, roster() if people is None else people, case, start=MONDAY, days=1)
