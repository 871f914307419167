"""events.csv and agents.csv: their columns, and what is read from them."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from staffing.domain.calendar import clock_text
from staffing.domain.demand import Event
from staffing.domain.workforce import Agent, DaySpan
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
    "shares",
    "handle_factors",
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


def agents_csv(agents: Iterable[Agent]) -> bytes:
    """The CSV from which ``agents_of`` reads these agents; columns that nobody needs are left out."""
    rows = [cells_of_agent(agent) for agent in agents]
    used = [column for column in AGENT_COLUMNS if column in ("agent", "contract") or any(column in row for row in rows)]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, used, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def cells_of_agent(agent: Agent) -> dict[str, str]:
    """What a row of agents.csv says of a person; cells that would say the default are left out."""
    told = agent.model_dump(exclude_defaults=True, exclude_none=True)
    told["agent"] = told.pop("name")
    return {name: _cell(getattr(agent, name) if name == "time_off" else value, name) for name, value in told.items()}


def _cell(value: Any, column: str) -> str:
    if isinstance(value, tuple):
        return ";".join(_span(item) if isinstance(item, DaySpan) else str(item) for item in value)
    if isinstance(value, dict):
        return ";".join(f"{name}={figure:g}" for name, figure in value.items())
    if column in ("earliest", "latest"):
        return clock_text(value)
    return "true" if value is True else str(value)


def _span(span: DaySpan) -> str:
    days = str(span.start) if span.start == span.end else f"{span.start}..{span.end}"
    return days if span.is_whole else f"{days} {clock_text(span.from_min)}-{clock_text(span.to_min)}"
