"""A workspace small enough to plan in a few seconds: one queue, four agents, ten weeks of hours."""

from __future__ import annotations

import csv
import datetime as dt
import math
from pathlib import Path

WORKSPACE = """
description = "A small desk."
seed = 7
paths = 50

[site]
timezone = "Europe/Berlin"
interval_min = 60
week_start = "monday"

[site.opening]
monday = "08:00-18:00"
tuesday = "08:00-18:00"
wednesday = "08:00-18:00"
thursday = "08:00-18:00"
friday = "08:00-18:00"

[[queues]]
name = "voice"
aht_s = 300.0
patience_s = 120.0

[service]
service_level = 0.8
threshold_s = 20.0
abandonment = 0.1

[shrinkage]
planned = 0.05
unplanned = 0.05

[prices]
currency = "EUR"

[solve]
seconds = 10.0
gap = 0.05
"""
SHIFTS = """
[[shifts]]
name = "day"
length_min = 540
first_start = "08:00"
last_start = "09:00"
step_min = 60
breaks = [{ name = "lunch", minutes = 60, paid = false, earliest_min = 180, latest_min = 300 }]

[[contracts]]
name = "full"
min_hours = 24
max_hours = 40
min_days = 3
max_days = 5
"""
AGENTS = """agent,team,contract,skills,days,time_off,prefers
Ada,north,full,voice,,,
=Bob(),north,full,voice,,,day
Cyd,south,full,voice,monday;tuesday;wednesday;thursday;friday,2026-11-24,
Dan,south,full,voice,,,
"""
EVENTS = """name,kind,start,end,size,queue,effect
app-1.0,launch,2026-10-06,2026-10-08,1,voice,
app-2.0,launch,2026-11-24,2026-11-26,2,voice,0.2
"""
LAUNCH = """
description = "The launch a day later, and a stricter target."

[service]
service_level = 0.9

[[events]]
name = "app-2.0"
start = 2026-11-25
end = 2026-11-27
"""
FIRST, LAST = dt.date(2026, 9, 7), dt.date(2026, 11, 20)
NEXT_WEEK = "2026-11-23"


def calls_at(day: dt.date, hour: int) -> int:
    """A smooth day, a busy Monday, and a launch of +25 % in October."""
    shape = 12 + 8 * math.sin((hour - 8) / 10 * math.pi)
    monday = 1.3 if day.weekday() == 0 else 1.0
    launch = 1.25 if dt.date(2026, 10, 6) <= day <= dt.date(2026, 10, 8) else 1.0
    wobble = ((day.toordinal() * 7 + hour * 13) % 9 - 4) / 40
    return round(shape * monday * launch * (1 + wobble))


def in_tehran(settings: str) -> str:
    """A ``workspace.toml`` of Berlin, told of the same site in Tehran: Saturday weeks, Jalali dates."""
    for here, there in (
        ('timezone = "Europe/Berlin"', 'timezone = "Asia/Tehran"\ndisplay = "jalali"'),
        ('week_start = "monday"', 'week_start = "saturday"'),
    ):
        assert here in settings
        settings = settings.replace(here, there)
    return settings


def make(folder: Path) -> Path:
    """Write the workspace into ``folder`` and return it."""
    texts = {
        "workspace.toml": WORKSPACE,
        "shifts.toml": SHIFTS,
        "agents.csv": AGENTS,
        "events.csv": EVENTS,
        "scenarios/launch.toml": LAUNCH,
    }
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "history").mkdir(exist_ok=True)
    with (folder / "history" / "calls.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["timestamp", "queue", "calls", "aht_seconds"])
        for k in range((LAST - FIRST).days + 1):
            day = FIRST + dt.timedelta(days=k)
            for hour in range(8, 18):
                if day.weekday() < 5:
                    writer.writerow([f"{day} {hour:02d}:00", "voice", calls_at(day, hour), 280 + hour])
    return folder
