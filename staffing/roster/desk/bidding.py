"""Shift bidding: the weeks of a roster as lines without names, given to people by their ranked wishes.

Lines are exchanged as they are, so that cover, hours and breaks stay what they were. Whoever may take a line is judged
by every rule. By seniority people choose in turn, the one longest employed first; by points the highest bid is heard
first. A wish is granted if everybody who is left can still be given some line; those whose wishes are all gone keep
their own line wherever that is possible.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from staffing.domain.bids import Bid
from staffing.domain.workforce import Agent
from staffing.errors import InputError, Where
from staffing.roster.desk.board import Board
from staffing.roster.rules.registry import never_broken
from staffing.tables import ROSTER

BidOrder = Literal["seniority", "points"]
WHERE = Where("bids.csv")


@dataclass(frozen=True)
class BidLine:
    """A week (or several) of shifts that somebody works; `name` tells it by its shifts alone, `owners` work it now."""

    name: str
    text: str
    owners: tuple[str, ...]


@dataclass(frozen=True)
class Award:
    """What one person gets: a line, and which of the wishes that is (0: none of them; None: there were none)."""

    agent: str
    line: str
    before: str
    rank: int | None


class Bidding:
    """The lines of a roster table, and who may take which."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.agents = [agent for agent in board.inputs.agents if agent.name in board.rows]
        self._rows = [board.rows[agent.name] for agent in self.agents]
        self._names = [_name(rows) for rows in self._rows]
        self._allowed: dict[tuple[int, int], bool] = {}

    @cached_property
    def lines(self) -> list[BidLine]:
        """Every line once, in order of what they say."""
        owners: dict[str, list[str]] = {}
        texts = {}
        for agent, rows, name in zip(self.agents, self._rows, self._names, strict=True):
            owners.setdefault(name, []).append(agent.name)
            texts[name] = _text(rows, self.board.inputs.calendar.zone)
        return sorted(
            (BidLine(name, texts[name], tuple(own)) for name, own in owners.items()), key=lambda one: one.text
        )

    def awards(self, bids: Sequence[Bid], order: BidOrder, budget: float | None = None) -> list[Award]:
        """Who gets which line, in order of the agents.

        Raises InputError for a person or a line that is not there, and for more points than the `budget` of each.
        """
        self._check(bids, budget)
        allowed = self._matrix()
        given: dict[int, int] = {}  # person: place, whose line it is
        for person, wishes in self._in_turn(bids, order):
            if person in given:
                continue
            for bid in wishes:
                place = self._free_place(person, bid.line, given, allowed)
                if place is not None:
                    given[person] = place
                    break
        places = self._rest(given, allowed)
        ranks = {(bid.agent, bid.line): bid.rank for bid in bids}
        wished = {bid.agent for bid in bids}
        return [
            Award(
                agent.name,
                self._names[place],
                self._names[person],
                ranks.get((agent.name, self._names[place]), 0) if agent.name in wished else None,
            )
            for person, (agent, place) in enumerate(zip(self.agents, places, strict=True))
        ]

    def table(self, awards: Iterable[Award]) -> pd.DataFrame:
        """The roster with everybody's new line."""
        owner: dict[str, list[int]] = {name: [] for name in self._names}
        for number, name in enumerate(self._names):
            owner[name].append(number)
        after = {}
        for award in awards:
            rows = self._rows[owner[award.line].pop()]
            after[award.agent] = rows.assign(agent=award.agent).astype(rows.dtypes.to_dict())
        return ROSTER.check(self.board.with_rows(after))

    def _in_turn(self, bids: Sequence[Bid], order: BidOrder) -> Iterator[tuple[int, list[Bid]]]:
        """Whose wishes are heard when: all of one person, or one wish after the other."""
        number = {agent.name: k for k, agent in enumerate(self.agents)}
        if order == "points":
            for bid in sorted(bids, key=lambda one: (-one.points, one.rank, _since(self.agents[number[one.agent]]))):
                yield number[bid.agent], [bid]
            return
        for agent in sorted(self.agents, key=_since):
            own = sorted((bid for bid in bids if bid.agent == agent.name), key=lambda bid: bid.rank)
            yield number[agent.name], own

    def _free_place(self, person: int, line: str, given: dict[int, int], allowed: NDArray[np.bool_]) -> int | None:
        """A place with this line that the person may take, all others then still finding one; None where there is none.

        Places of one line are equal, but for who owns them now: one's own first.
        """
        taken = set(given.values())
        free = [k for k, name in enumerate(self._names) if name == line and k not in taken and allowed[person, k]]
        for place in sorted(free, key=lambda k: k != person)[:1]:
            if _all_find_one(allowed, {**given, person: place}):
                return place
        return None

    def _rest(self, given: dict[int, int], allowed: NDArray[np.bool_]) -> list[int]:
        """Places of everybody; those without a granted wish keep their own wherever that is possible."""
        from scipy.optimize import linear_sum_assignment

        cost = np.where(allowed, 1.0, 1e6)
        own = np.array([[one == other for other in self._names] for one in self._names])
        cost[own & allowed] = 0.0
        for person, place in given.items():
            cost[person, :] = 1e6
            cost[:, place] = 1e6
            cost[person, place] = 0.0
        return [int(place) for place in linear_sum_assignment(cost)[1]]

    def _matrix(self) -> NDArray[np.bool_]:
        """Who (rows) may take whose line (columns); one's own always."""
        first = {name: k for k, name in reversed(list(enumerate(self._names)))}
        column = [[self._may(p, first[name]) or p == k for k, name in enumerate(self._names)]
                  for p in range(len(self.agents))]  # fmt: skip
        return np.array(column, bool)

    def _may(self, person: int, place: int) -> bool:
        key = person, place
        if key not in self._allowed:
            same = self._names[person] == self._names[place]
            self._allowed[key] = same or not self._broken(person, place) - self._broken(person, person)
        return self._allowed[key]

    def _broken(self, person: int, place: int) -> set[str]:
        """Rules that a person would break with a line."""
        agent = self.agents[person]
        return {fault.rule for fault in never_broken(self.board.person(agent, self._rows[place]), self.board.inputs)}

    def _check(self, bids: Sequence[Bid], budget: float | None) -> None:
        people, lines = {agent.name for agent in self.agents}, set(self._names)
        for bid in bids:
            if bid.agent not in people:
                raise InputError(f"'{bid.agent}' bids but works no line.", where=WHERE, remedy="Correct the name.")
            if bid.line not in lines:
                raise InputError(
                    f"'{bid.agent}' bids for the line '{bid.line}', which does not exist.",
                    where=WHERE,
                    remedy="See the lines of the roster: staffing bids lines",
                )
        laid = pd.Series([bid.points for bid in bids], [bid.agent for bid in bids], float).groupby(level=0).sum()
        over = laid[laid > budget] if budget is not None else laid[:0]
        if len(over):
            raise InputError(
                f"'{over.index[0]}' lays {over.iloc[0]:g} points, at most {budget:g} are there for each.",
                where=WHERE,
                remedy="Lay fewer points.",
            )


def _all_find_one(allowed: NDArray[np.bool_], given: dict[int, int]) -> bool:
    """Whether everybody can still be given some place."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import maximum_bipartite_matching

    people = [p for p in range(len(allowed)) if p not in given]
    places = [k for k in range(len(allowed)) if k not in set(given.values())]
    if not people:
        return True
    left = csr_matrix(allowed[np.ix_(people, places)])
    return bool((maximum_bipartite_matching(left, perm_type="column") >= 0).all())


def _since(agent: Agent) -> tuple[bool, object, str]:
    """Seniority: the longest employed first, those of whom nothing is known last."""
    return agent.employed_from is None, agent.employed_from or "", agent.name


def _name(rows: pd.DataFrame) -> str:
    """A line's name, by what it says."""
    cells = rows.drop(columns="agent").sort_values(["start", "end", "activity"]).to_csv(index=False)
    return "L" + hashlib.sha256(cells.encode()).hexdigest()[:5]


def _text(rows: pd.DataFrame, zone: object) -> str:
    """``Mon 08:00–17:00, Tue …`` of a line's shifts."""
    shifts = rows[rows["activity"] == "shift"].sort_values("start")
    starts, ends = (shifts[name].dt.tz_convert(zone) for name in ("start", "end"))
    return ", ".join(f"{start:%a %H:%M}–{end:%H:%M}" for start, end in zip(starts, ends, strict=True))
