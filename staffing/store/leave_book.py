"""Leave as it is asked for, granted, declined and opened again."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from staffing.errors import InputError, Where
from staffing.store.leave import FILE, LeaveRequest, LeaveState, requests_of, rows_of

if TYPE_CHECKING:
    from staffing.store.workspace import Workspace

LONGEST_DAYS = 366


def requests(workspace: Workspace) -> tuple[LeaveRequest, ...]:
    """Everything that was asked for, the newest last. Raises InputError where a row is none."""
    return requests_of(workspace.ground.read(FILE))


def ask(workspace: Workspace, request: LeaveRequest, who: str) -> None:
    """Note a request; ``who`` enters it.

    Raises InputError for a person nobody knows, days that end before they begin or are too many, and days of which
    some are asked for already; Forbidden unless the user at work is planner.
    """
    if request.agent not in {agent.name for agent in workspace.base.agents}:
        raise InputError(f"there is no agent '{request.agent}'.", where=Where(field="agent"), remedy="Choose a name.")
    if not 1 <= request.days <= LONGEST_DAYS:
        remedy = f"Give a last day from {request.first} on, at most {LONGEST_DAYS} days in all."
        raise InputError("the days do not fit.", where=Where(field="last"), remedy=remedy)
    with workspace.ground.change(who, "leave asked for") as change:
        known = requests_of(change.read(FILE))
        if any(_meet(one, request) for one in known):
            raise InputError("some of these days are asked for already.", where=Where(field="first"))
        change.write(FILE, rows_of([*known, replace(request, asked=_now(who))]))


def decide(workspace: Workspace, request: LeaveRequest, state: LeaveState, who: str, why: str = "") -> None:
    """Grant or decline an open request, or open a decided one again; ``who`` does, and says ``why``.

    Raises InputError where the request is no longer as it was seen, Forbidden unless the user at work is planner.
    """
    with workspace.ground.change(who, f"leave {state}") as change:
        known = requests_of(change.read(FILE))
        if request not in known:
            raise InputError("this request was changed meanwhile.", remedy="Look at it again.")
        after = replace(request, state=state, decided=" ".join(part for part in (_now(who), why.strip()) if part))
        change.write(FILE, rows_of(after if one == request else one for one in known))


def _meet(one: LeaveRequest, other: LeaveRequest) -> bool:
    return one.agent == other.agent and one.state != "declined" and one.first <= other.last and one.last >= other.first


def _now(who: str) -> str:
    return f"{dt.datetime.now(dt.UTC).isoformat(timespec='seconds')} {who}".strip()
