"""Teams that work together: on each day one span of hours is held for all of a team, every other one blocked.

Held so, each person's week is priced as ever. The first spans of a team are the cheapest chain of days at the worth
of presence; then one day after another, or the same clock on all days, is tried anew with the whole team answering.
The bound is that of the roster in which nobody keeps together, and holds for this one too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from staffing.roster.case import BLOCKED, Case, KeptTogether
from staffing.roster.engine.kernels import value_options
from staffing.roster.engine.workspace import Buffers

Span = tuple[int, int]  # minute after midnight and length in slots
APART = 1e9  # loss of a chain of days between which somebody lacks the rest


def with_own_prices(case: Case) -> Case:
    """The case with prices of options of its own, to be blocked and freed."""
    return replace(case, people=case.people._replace(price=case.people.price.copy()))


@dataclass
class HeldTeam:
    """One team's spans; `held` has prices of its own (`with_own_prices`), `free` the true ones."""

    team: KeptTogether
    free: Case
    held: Case

    def __post_init__(self) -> None:
        options = self.free.options
        self.span_of: list[Span] = [
            (shift.start_min, int(length)) for shift, length in zip(self.free.shifts, options.length, strict=True)
        ]
        self.spans = {day: self._spans(day) for day in np.flatnonzero(self.team.days).tolist()}
        self.now: dict[int, Span] = {}

    def _spans(self, day: int) -> dict[Span, NDArray[np.int64]]:
        """Options of each span that somebody of the team may work, and all of it who must work."""
        found: dict[Span, list[int]] = {}
        for option in self._options(day):
            if (self.free.people.price[self.team.classes, option] < BLOCKED).any():
                found.setdefault(self.span_of[option], []).append(option)
        must = self.team.classes[self.free.people.off_price[self.team.classes, day] >= BLOCKED]
        return {
            span: np.array(own)
            for span, own in found.items()
            if (self.free.people.price[np.ix_(must, own)] < BLOCKED).any(axis=1).all()
        }

    def _options(self, day: int) -> range:
        ptr = self.free.options.day_ptr
        return range(int(ptr[day]), int(ptr[day + 1]))

    def hold(self, day: int, span: Span) -> None:
        """Block every other span of a day; a day on which no span suits all stays free."""
        if span not in self.spans[day]:
            return
        own = self.spans[day][span]
        price, free = self.held.people.price, self.free.people.price
        price[np.ix_(self.team.classes, np.array(self._options(day)))] = BLOCKED
        price[np.ix_(self.team.classes, own)] = free[np.ix_(self.team.classes, own)]
        self.now[day] = span

    def release(self, k: int) -> None:
        """Let a class work apart from the team."""
        self.held.people.price[k] = self.free.people.price[k]

    def clocks(self) -> list[Span]:
        """Spans that some day has, those of most days first."""
        every = [span for spans in self.spans.values() for span in spans]
        return sorted(dict.fromkeys(every), key=lambda span: (-every.count(span), every.index(span)))

    def hold_clock(self, span: Span) -> None:
        """The same span on all days that have it."""
        for day in self.spans:
            self.hold(day, span)

    def changes(self) -> Iterator[dict[int, Span]]:
        """What could be tried instead of the present spans: one clock on all days, or one day alone."""
        for clock in self.clocks():
            yield {day: clock for day, spans in self.spans.items() if clock in spans}
        for day, spans in self.spans.items():
            for span in spans:
                yield {day: span}

    def begin(self, worth: NDArray[np.float64], ws: Buffers) -> None:
        """Hold the cheapest chain of spans at worths of presence (classes of the team, slots)."""
        values = self._values(worth, ws)
        days = [day for day in self.spans if self.spans[day]]
        best: dict[Span, float] = {}
        back: list[dict[Span, Span]] = []
        for before, day in zip([None, *days], days, strict=False):
            now: dict[Span, float] = {}
            back.append({})
            for span, value in values[day].items():
                chains = {
                    other: total - (0.0 if self._rested(before, other, day, span) else APART)
                    for other, total in best.items()
                    if before is not None
                }
                at = max(chains, key=lambda other: chains[other], default=span)
                now[span] = value + chains.get(at, 0.0)
                back[-1][span] = at
            best = now
        if best:
            at = max(best, key=lambda one: best[one])
            for day, links in zip(reversed(days), reversed(back), strict=True):
                self.hold(day, at)
                at = links[at]

    def _values(self, worth: NDArray[np.float64], ws: Buffers) -> dict[int, dict[Span, float]]:
        """What each span of each day is worth when all of the team who gain by it work it."""
        people, size = self.free.people, self.free.class_size
        values = {day: dict.fromkeys(spans, 0.0) for day, spans in self.spans.items()}
        for k, own_worth in zip(self.team.classes, worth, strict=True):
            value_options(own_worth, self.free.options, ws)
            for day, spans in self.spans.items():
                for span, own in spans.items():
                    values[day][span] += float(size[k] * max(0.0, (ws.gain[own] - people.price[k, own]).max()))
        return values

    def _rested(self, before: int | None, earlier: Span, day: int, later: Span) -> bool:
        """Whether everybody of the team may work these spans on two days in a row."""
        if before is None or before + 1 != day:
            return True
        automata, first = self.free.automata, int(self.free.options.day_ptr[before])
        for a in np.unique(self.free.people.automaton[self.team.classes]):
            order = automata.order[a, first : int(self.free.options.day_ptr[day])].tolist()
            ranks = [order.index(option - first) for option in self.spans[before][earlier]]
            if min(ranks) >= automata.fit[a, self.spans[day][later]].max():
                return False
        return True
