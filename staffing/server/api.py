"""The read API: what is forecast, needed, drafted and published, as JSON, for whoever holds a token."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from staffing.errors import InputError, Where
from staffing.store.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

VERSION = "v1"

#: A question: the workspace and the week asked for.
Lookup = Callable[[Workspace, dt.date], Any]


def published(workspace: Workspace, week: dt.date) -> dict[str, Any]:
    """The published roster of a week: who works when, its version, who published it and why."""
    entry = workspace.rosters.newest(week)
    if entry is None:
        raise InputError(f"the week of {week} is not published.", where=Where(field="week"))
    rows = _rows(workspace.rosters.table(entry), workspace)
    return {"week": str(week), "version": entry.version, "when": entry.when, "who": entry.who, "why": entry.why} | {
        "rows": rows
    }


def draft(workspace: Workspace, week: dt.date) -> dict[str, Any]:
    """The draft of a week."""
    table = workspace.rosters.draft(week)
    if table is None:
        raise InputError(f"the week of {week} has no draft.", where=Where(field="week"))
    return {"week": str(week), "rows": _rows(table, workspace)}


def weeks(workspace: Workspace, week: dt.date) -> dict[str, Any]:
    """Every publication: week, version, when, by whom, why."""
    entries = [{**vars(entry), "week": str(entry.week)} for entry in workspace.rosters.journal()]
    return {"publications": entries}


def forecast(workspace: Workspace, week: dt.date) -> dict[str, Any]:
    """The newest kept forecast of a week: contacts and handle time by queue and interval."""
    end = week + dt.timedelta(days=7)
    for kept in reversed(list(workspace.shelf.all())):
        table = kept.forecast()
        if table is None:
            continue
        days = table["start"].dt.tz_convert(workspace.base.site.zone).dt.date
        rows = table[(days >= week) & (days < end)]
        if len(rows):
            return {"week": str(week), "run": kept.run, "rows": _rows(rows, workspace)}
    raise InputError(f"no forecast of the week of {week} is kept.", remedy="Keep one with: staffing batch run")


def requirements(workspace: Workspace, week: dt.date) -> dict[str, Any]:
    """Agents needed by queue and interval, from what history says now."""
    from staffing.planner import Planner

    work = Planner.open(workspace).workload(workspace.base, start=week)
    return {"week": str(week), "rows": _rows(work.requirements, workspace)}


QUESTIONS: dict[str, Lookup] = {
    "published": published,
    "draft": draft,
    "publications": weeks,
    "forecast": forecast,
    "requirements": requirements,
}


def answer(workspace: Workspace, question: str, week: str) -> dict[str, Any]:
    """The answer as plain values. Raises InputError for questions and weeks that there are not."""
    if question not in QUESTIONS:
        raise InputError(f"'{question}' cannot be asked.", remedy=f"Ask for {', '.join(QUESTIONS)}.")
    try:
        day = dt.date.fromisoformat(week) if week else dt.datetime.now(workspace.base.site.zone).date()
    except ValueError:
        raise InputError("is no day.", where=Where(field="week"), remedy="Write YYYY-MM-DD.") from None
    told: dict[str, Any] = QUESTIONS[question](workspace, workspace.base.site.week_of(day))
    return told


def described() -> dict[str, Any]:
    """The API in OpenAPI's words."""
    week = {"name": "week", "in": "query", "schema": {"type": "string", "format": "date"}, "description": "A day of it"}
    workspace = {"name": "workspace", "in": "path", "required": True, "schema": {"type": "string"}}
    answers = {"200": {"description": "The answer"}, "401": {"description": "No such token"}}
    answers |= {"404": {"description": "There is none"}}
    paths = {
        f"/api/{VERSION}/{{workspace}}/{name}": {
            "get": {"summary": (asked.__doc__ or "").strip(), "parameters": [workspace, week], "responses": answers}
        }
        for name, asked in QUESTIONS.items()
    }
    token = {"token": {"type": "http", "scheme": "bearer"}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "staffing", "version": VERSION},
        "paths": paths,
        "components": {"securitySchemes": token},
        "security": [{"token": []}],
    }


def _rows(table: pd.DataFrame, workspace: Workspace) -> list[dict[str, Any]]:
    """Rows with instants in the site's own time; what is missing is null."""
    zone = workspace.base.site.zone
    plain = table.copy()
    for name, dtype in table.dtypes.items():
        if str(dtype).startswith("datetime64"):
            plain[name] = [value.isoformat() for value in table[name].dt.tz_convert(zone)]
    plain = plain.astype(object).where(plain.notna(), None)
    return plain.to_dict("records")
