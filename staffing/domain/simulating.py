"""How a site's days run, as far as a simulation must know it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from staffing.domain.base import Frozen


class SimulationOptions(Frozen):
    """What happens on the floor, and how often a plan is simulated.

    Parameters
    ----------
    runs : how often each day is simulated, at most; fewer are enough once the service level is known to ``tolerance``.
    tolerance : half-width of the 95 % interval of the whole period's service level, at which simulating stops.
    routing : ``rostered``: people take contacts of the queue they are rostered on; ``skills``: of every queue they
        know, those of their own first.
    breaks_in_full : whether a break that a contact runs into is taken in full, later; else it ends when it was to end,
        and what was worked of it is paid.
    put_down : whether work that can wait is put down when a break or the end of a shift comes, so that whoever is free
        next takes the rest of it; else it is finished.
    chat_stop_min : in so many minutes before a break or the end of a shift nobody is given a new chat; None takes the
        queue's mean handle time, 0 gives chats to the last moment.
    chats_handed_over : whether a chat whose agent has gone goes on with a colleague who has room; else its agent stays
        until it is over.
    late_share, late_min : share of shifts begun late, and by how many minutes on average; on top of unplanned
        shrinkage, which is absence of whole people.
    handle_cv : coefficient of variation of single handle times; None takes it from history's intervals, or 1.
    redial_after_min, repeat_after_min : minutes on average until those who hang up call again, and until those come
        back whose matter was not settled.
    """

    runs: Annotated[int, Field(ge=20, le=5000)] = 200
    tolerance: Annotated[float, Field(gt=0, lt=1)] = 0.0025
    routing: Literal["rostered", "skills"] = "rostered"
    breaks_in_full: bool = False
    put_down: bool = True
    chat_stop_min: Annotated[float, Field(ge=0, le=240)] | None = None
    chats_handed_over: bool = False
    late_share: Annotated[float, Field(ge=0, lt=1)] = 0.0
    late_min: Annotated[float, Field(ge=0, le=120)] = 10.0
    handle_cv: Annotated[float, Field(ge=0, le=10)] | None = None
    redial_after_min: Annotated[float, Field(ge=0, le=10_080)] = 5.0
    repeat_after_min: Annotated[float, Field(ge=0, le=86_400)] = 120.0
