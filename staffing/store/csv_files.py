"""events.csv and agents.csv: their columns, and what is read from them."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from staffing.domain.demand import Event
from staffing.domain.workforce import Agent
from staffing.errors import InputError, InputErrors, Where
from staffing.store.csv_rows import cells_of, parsed, rows_of
from staffing.store.files import read_inside

EVENT_COLUMNS = (
    "name",
    "kind",
    "start",
    "end",
    "size",
    "queue",
    "moves_to",
    "moved_share",
    "effect",
    "effect_low",
    "effect_high",
    "aht_effect",
    "enabled",
    "movable",
    "reason",
)
AGENT_COLUMNS = (
    "agent",
    "team",
    "contract",
    "contract_changes",
    "skills",
    "secondary",
    "days",
    "other_days",
    "other_weeks_from",
    "earliest",
    "latest",
    "employed_from",
    "employed_until",
    "time_off",
    "elsewhere",
    "prefers",
    "avoids",
    "senior",
    "languages",
    "home",
    "rotation",
    "rotation_week",
)


def read_events(path: Path, queues: Collection[str] = ()) -> tuple[Event, ...]:
    """Events of a CSV file of its own, see ``events_of``. Raises InputErrors."""
    plain = path.resolve()
    return events_of(read_inside(plain.parent, plain), path.name, queues=queues)


def events_of(content: bytes | None, file: str = "events.csv", *, queues: Collection[str] = ()) -> tuple[Event, ...]:
    """Events of a CSV (columns EVENT_COLUMNS, the later ones optional); none when there is no file.

    Raises InputErrors naming row and column, also of queues that are not among ``queues`` (if these are given).
    """
    found = rows_of(content, file, EVENT_COLUMNS, required=("name", "kind", "start"))
    rows = [(row, cells_of(cells)) for row, cells in found]
    events = tuple(parsed(Event, rows, file, EVENT_COLUMNS))
    problems = [
        InputError(
            f"event '{event.name}' names the unknown queue '{name}'.",
            where=Where(file, row, column),
            remedy=f"Known: {', '.join(sorted(queues))}; empty means all.",
        )
        for (row, _), event in zip(rows, events, strict=True)
        for column, names in (("queue", event.queues), ("moves_to", (event.moves_to,) if event.moves_to else ()))
        for name in names
        if queues and name not in queues
    ]
    if problems:
        raise InputErrors(problems, file=file)
    return events


def agents_of(content: bytes | None, file: str = "agents.csv") -> tuple[Agent, ...]:
    """Agents of a CSV (columns AGENT_COLUMNS, the later ones optional); none when there is no file."""
    found = rows_of(content, file, AGENT_COLUMNS, required=("agent", "contract"))
    return tuple(parsed(Agent, [(row, cells_of(cells)) for row, cells in found], file, AGENT_COLUMNS))
