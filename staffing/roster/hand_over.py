"""Complete rosters handed over while the search for a better one goes on, so that none is lost with it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from staffing.roster.engine.search import copy_state

if TYPE_CHECKING:
    from staffing.roster.engine.run import Solution
    from staffing.roster.result import Roster

MOST_SHARE = 0.03  # of the time goes into reading rosters back


@dataclass
class HandOver:
    """Told the best solution again and again; reads back and hands on what is new, the dearer the more seldom."""

    read_back: Callable[[Solution], Roster]
    to: Callable[[Roster], None]
    price: float = field(init=False, default=float("inf"))  # of the last roster handed over
    next_s: float = field(init=False, default=0.0)  # when there is time for another one

    def __call__(self, solution: Solution) -> None:
        begun = time.monotonic()
        if solution.objective >= self.price or begun < self.next_s:
            return
        self.to(self.read_back(replace(solution, state=copy_state(solution.state))))
        self.price, now = solution.objective, time.monotonic()
        self.next_s = now + (now - begun) / MOST_SHARE
