"""From rules to the automaton that pricing walks: each rule remembers a little, their product is minimised.

A rule sees a day as a *label* (what it cares about in a shift) or None for a day off. `step` returns what
the rule remembers next and a price, or None where the rule forbids the day.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from staffing.roster.case import BLOCKED, DatedShift

Memory = Any
Edge = tuple[int, float, tuple[int, ...]]  # next node, price, what is added to each total of rules with a memory
Future = dict[int, Edge]  # by group of kinds that step together
Layer = tuple[list[list[int]], list[Future]]  # groups of kinds, and the future of each node
Label = Any


class TourRule(Protocol):
    """One rule over the days of one agent."""

    def label(self, shift: DatedShift) -> Hashable:
        """What the rule sees in a shift."""

    def begin(self, past: Sequence[DatedShift | None]) -> Memory:
        """What the rule remembers when the horizon begins; `past` ends with the day before it."""

    def step(self, memory: Memory, day: int, label: Label | None) -> tuple[Memory, float] | None:
        """Memory after `day` and the day's price; None where the day is forbidden."""

    def finish(self, memory: Memory) -> float | None:
        """Price of ending so; None where forbidden."""


@runtime_checkable
class CountedRule(TourRule, Protocol):
    """A rule on a total over the whole horizon; the total itself is not part of what it remembers.

    A rule with a true attribute ``plain`` remembers nothing, forbids no day, and counts by the label alone.
    """

    least: int
    most: int

    def count(self, memory: Memory, day: int, label: Label | None) -> int:
        """What a day adds to the total."""

    def opened(self) -> "CountedRule":
        """The rule with 0 for both limits, to tell what else sets rules apart."""


@dataclass(frozen=True)
class RuleAutomaton:
    """Layers of nodes, one per day and one after the last; arrays indexed by layer."""

    next_node: tuple[NDArray[np.int32], ...]  # per day (nodes, kinds), index in the next layer or -1
    price: tuple[NDArray[np.float64], ...]  # per day (nodes, kinds)
    final: NDArray[np.float64]  # (nodes of the last layer,)
    count: tuple[NDArray[np.int16], ...]  # per day (nodes, kinds, totals)
    totals: tuple[tuple[int, int], ...]  # least and most of each total over the horizon

    @property
    def feasible(self) -> bool:
        """Whether any tour at all obeys the rules."""
        return len(self.next_node[0]) > 0


def without_limits(rules: Sequence[TourRule]) -> tuple[TourRule, ...]:
    """The rules with open totals: those who differ in totals alone share the nodes of one automaton."""
    return tuple(rule.opened() if isinstance(rule, CountedRule) else rule for rule in rules)


def with_limits(automaton: RuleAutomaton, rules: Sequence[TourRule]) -> RuleAutomaton:
    """The automaton of ``without_limits(rules)`` under the totals of `rules`; nodes are shared."""
    totals = tuple((rule.least, rule.most) for rule in rules if isinstance(rule, CountedRule))
    return replace(automaton, totals=totals)


def build_automaton(
    rules: Sequence[TourRule],
    labels: Sequence[Sequence[Label]],
    day_kinds: Sequence[frozenset[int]],
    memories: Sequence[Memory] = (),
) -> RuleAutomaton:
    """Minimal automaton of `rules`, which begin with `memories` (none: without a past).

    `labels[kind - 1][r]` is what rule r sees in a shift of that kind (kind 0 is a day off);
    `day_kinds[day]` holds the kinds that the day may have, 0 where it may be free.
    """
    steps = _Steps(rules, labels)
    nodes = [tuple(memories) or tuple(rule.begin(()) for rule in rules)]
    layers: list[Layer] = []
    for day, kinds in enumerate(day_kinds):
        index: dict[Hashable, int] = {}
        alike, futures = steps.alike(kinds), list[Future]()
        for memory in nodes:
            future: Future = {}
            for group, same in enumerate(alike):
                stepped = steps.take(memory, day, same[0])
                if stepped is not None:
                    to = index.setdefault(stepped[0], len(index))
                    future[group] = to, stepped[1], steps.watched(memory, day, same[0])
            futures.append(future)
        layers.append((alike, futures))
        nodes = list(index)  # type: ignore[arg-type]
    totals = tuple((rule.least, rule.most) for _, rule in steps.counted)
    return _minimise(layers, [_finish_all(rules, memory) for memory in nodes], steps.counts, totals)


class _Steps:
    """One day's step of all rules; kinds that no rule with a memory tells apart step together."""

    def __init__(self, rules: Sequence[TourRule], labels: Sequence[Sequence[Label]]) -> None:
        self.labels = [(None,) * len(rules), *labels]  # by kind
        self.counted = tuple((r, rule) for r, rule in enumerate(rules) if isinstance(rule, CountedRule))
        plain = {r for r, rule in self.counted if getattr(rule, "plain", False)}
        self.moving = tuple((r, rule) for r, rule in enumerate(rules) if r not in plain)
        counts = [[rule.count(None, 0, of[r]) if r in plain else 0 for r, rule in self.counted] for of in self.labels]
        self.counts = np.array(counts, np.int16).reshape(len(self.labels), len(self.counted))  # of plain rules
        self.watching = tuple((t, r, rule) for t, (r, rule) in enumerate(self.counted) if r not in plain)
        self.nothing = (0,) * len(self.counted)

    def alike(self, kinds: frozenset[int]) -> list[list[int]]:
        """Kinds in lists of those that step together."""
        lists: dict[tuple[bool, tuple[Label, ...]], list[int]] = {}
        for kind in sorted(kinds):
            key = kind > 0, tuple(self.labels[kind][r] for r, _ in self.moving)
            lists.setdefault(key, []).append(kind)
        return list(lists.values())

    def take(self, memory: tuple[Memory, ...], day: int, kind: int) -> tuple[tuple[Memory, ...], float] | None:
        """Memories after a day and its price; None where a rule forbids it."""
        after, price, of = list(memory), 0.0, self.labels[kind]
        for r, rule in self.moving:
            stepped = rule.step(memory[r], day, of[r])
            if stepped is None:
                return None
            after[r] = stepped[0]
            price += stepped[1]
        return tuple(after), price

    def watched(self, memory: tuple[Memory, ...], day: int, kind: int) -> tuple[int, ...]:
        """What a day adds to each total of a rule that is not plain; equal for kinds that step together."""
        if not self.watching:
            return self.nothing
        counts = list(self.nothing)
        for total, r, rule in self.watching:
            counts[total] = rule.count(memory[r], day, self.labels[kind][r])
        return tuple(counts)


def _finish_all(rules: Sequence[TourRule], memory: tuple[Memory, ...]) -> float:
    prices = [rule.finish(part) for rule, part in zip(rules, memory, strict=True)]
    return BLOCKED if None in prices else float(sum(price for price in prices if price is not None))


def _minimise(
    layers: list[Layer], finals: list[float], plain: NDArray[np.int16], totals: tuple[tuple[int, int], ...]
) -> RuleAutomaton:
    """Merge nodes with the same future, from the last layer back; drop those without one.

    `plain` (kinds, totals) is what each kind adds to totals whatever was before.
    """
    merged, representatives = _merge([None if final >= BLOCKED else final for final in finals])
    final = np.array(representatives, dtype=float)
    next_nodes: list[NDArray[np.int32]] = []
    prices: list[NDArray[np.float64]] = []
    counts: list[NDArray[np.int16]] = []
    for alike, futures in reversed(layers):
        merged, representatives = _merge([
            tuple((group, merged[to], *rest) for group, (to, *rest) in future.items() if merged[to] >= 0) or None
            for future in futures
        ])  # fmt: skip
        table = np.full((len(representatives), len(plain)), -1, np.int32)
        cost = np.zeros(table.shape)
        amount = np.zeros((*table.shape, len(totals)), np.int16)
        for node, future in enumerate(representatives):
            for group, to, price, added in future:
                same = alike[group]
                table[node, same], cost[node, same], amount[node, same] = to, price, plain[same] + added
        next_nodes.append(table)
        prices.append(cost)
        counts.append(amount)
    return RuleAutomaton(tuple(reversed(next_nodes)), tuple(reversed(prices)), final, tuple(reversed(counts)), totals)


def _merge(signatures: Sequence[Any]) -> tuple[list[int], list[Any]]:
    """Number equal signatures alike, None as -1; returns the numbers and the distinct signatures."""
    index: dict[Hashable, int] = {}
    numbers = [-1 if s is None else index.setdefault(s, len(index)) for s in signatures]
    return numbers, list(index)
