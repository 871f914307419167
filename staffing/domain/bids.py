"""Bids: ranked wishes of people for lines of a roster, with points where points decide."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from staffing.domain.base import Frozen
from staffing.domain.labour import Name


class Bid(Frozen):
    """One wish of one person.

    Parameters
    ----------
    line : a line of the roster, by its name.
    rank : 1 for the first wish, then 2, and so on.
    points : what the person lays on it, where points decide.
    """

    agent: Name
    line: Name
    rank: Annotated[int, Field(ge=1, le=1000)]
    points: Annotated[float, Field(ge=0, le=1e6)] = 0.0
