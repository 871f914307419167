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
Label = Any
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


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
    begun = tuple(memories) or tuple(rule.begin(()) for rule in rules)
    together = _Together(rules, labels, begun)
    layers = [together.day(day, kinds) for day, kinds in enumerate(day_kinds)]
    totals = tuple((rule.least, rule.most) for _, rule in together.counted)
    return _minimise(layers, together.finish(), together.counts, totals)


@dataclass(frozen=True)
class _Layer:
    """A day's edges before they are minimised: (nodes, groups of kinds that step together), -1 where forbidden."""

    alike: list[list[int]]  # kinds of each group
    to: Ints
    price: Floats
    added: NDArray[np.int16]  # and (…, totals): what the day adds to totals of rules that are not plain


@dataclass(frozen=True)
class _Moves:
    """One rule's day: (what it remembers, groups), and what it may remember next."""

    to: Ints
    price: Floats
    added: Ints
    after: list[Memory]


class _Together:
    """All rules side by side, day by day. A node is what each of them remembers, by number; kinds that no rule with a
    memory tells apart step together."""

    def __init__(self, rules: Sequence[TourRule], labels: Sequence[Sequence[Label]], begun: Sequence[Memory]) -> None:
        self.labels = [(None,) * len(rules), *labels]  # by kind
        self.counted = tuple((r, rule) for r, rule in enumerate(rules) if isinstance(rule, CountedRule))
        plain = {r for r, rule in self.counted if getattr(rule, "plain", False)}
        self.moving = tuple((r, rule) for r, rule in enumerate(rules) if r not in plain)
        counts = [[rule.count(None, 0, of[r]) if r in plain else 0 for r, rule in self.counted] for of in self.labels]
        self.counts = np.array(counts, np.int16).reshape(len(self.labels), len(self.counted))  # of plain rules
        self.total_of = {r: total for total, (r, _) in enumerate(self.counted)}
        self.known: list[list[Memory]] = [[begun[r]] for r, _ in self.moving]  # what each rule may remember
        self.nodes = np.zeros((1, len(self.moving)), np.int64)

    def day(self, day: int, kinds: frozenset[int]) -> _Layer:
        """The day's edges from all nodes; from then on nodes are those of the next day, in order of first arrival."""
        alike = self._alike(kinds)
        moves = [self._moves(m, day, alike) for m in range(len(self.moving))]
        shape = len(self.nodes), len(alike)
        allowed, price, key = np.ones(shape, bool), np.zeros(shape), np.zeros(shape, np.int64)
        added = np.zeros((*shape, len(self.counted)), np.int16)
        for m, (r, _) in enumerate(self.moving):
            to = moves[m].to[self.nodes[:, m]]
            allowed &= to >= 0
            price += moves[m].price[self.nodes[:, m]]
            key = _paired(key, to, len(moves[m].after))
            if r in self.total_of:
                added[:, :, self.total_of[r]] = moves[m].added[self.nodes[:, m]]
        number, first = _by_arrival(key[allowed])
        layer = _Layer(alike, np.full(shape, -1), price, added)
        layer.to[allowed] = number
        node, group = (at[first] for at in np.nonzero(allowed))
        columns = [move.to[self.nodes[node, m], group] for m, move in enumerate(moves)]
        self.nodes = np.array(columns, np.int64).reshape(len(moves), len(node)).T
        self.known = [move.after for move in moves]
        return layer

    def finish(self) -> list[float | None]:
        """Price of ending in each node, None where that is forbidden."""
        ends = [[rule.finish(memory) for memory in self.known[m]] for m, (_, rule) in enumerate(self.moving)]
        price = np.zeros(len(self.nodes))
        for m, end in enumerate(ends):
            price += np.array([np.inf if one is None else one for one in end])[self.nodes[:, m]]
        return [None if one >= BLOCKED else one for one in price.tolist()]

    def _alike(self, kinds: frozenset[int]) -> list[list[int]]:
        """Kinds in lists of those that step together."""
        lists: dict[tuple[bool, tuple[Label, ...]], list[int]] = {}
        for kind in sorted(kinds):
            key = kind > 0, tuple(self.labels[kind][r] for r, _ in self.moving)
            lists.setdefault(key, []).append(kind)
        return list(lists.values())

    def _moves(self, m: int, day: int, alike: list[list[int]]) -> _Moves:
        """One rule's steps from all that it may remember, each asked once."""
        r, rule = self.moving[m]
        seen = [self.labels[same[0]][r] for same in alike]
        number: dict[Label, int] = {}
        of_group = [number.setdefault(label, len(number)) for label in seen]
        shape = len(self.known[m]), len(number)
        to, price, added = np.full(shape, -1), np.zeros(shape), np.zeros(shape, np.int64)
        after: dict[Memory, int] = {}
        for at, memory in enumerate(self.known[m]):
            for label, column in number.items():
                stepped = rule.step(memory, day, label)
                if stepped is not None:
                    to[at, column] = after.setdefault(stepped[0], len(after))
                    price[at, column] = stepped[1]
                    if isinstance(rule, CountedRule):
                        added[at, column] = rule.count(memory, day, label)
        return _Moves(to[:, of_group], price[:, of_group], added[:, of_group], list(after))


def _paired(key: Ints, to: Ints, size: int) -> Ints:
    """One number for each pair of the two; numbers are drawn together before they could overflow."""
    if size and int(key.max(initial=0)) >= np.iinfo(np.int64).max // (size + 1):
        key = np.unique(key, return_inverse=True)[1].reshape(key.shape)
    return key * size + np.maximum(to, 0)


def _by_arrival(keys: Ints) -> tuple[Ints, Ints]:
    """Number of each key in order of first arrival, and where each number arrives first."""
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rank[inverse], first[order]


def _minimise(
    layers: list[_Layer], finals: list[float | None], plain: NDArray[np.int16], totals: tuple[tuple[int, int], ...]
) -> RuleAutomaton:
    """Merge nodes with the same future, from the last layer back; drop those without one.

    `plain` (kinds, totals) is what each kind adds to totals whatever was before.
    """
    merged, kept = _merge(finals)
    final = np.array([finals[node] for node in kept], dtype=float)
    next_nodes: list[NDArray[np.int32]] = []
    prices: list[NDArray[np.float64]] = []
    counts: list[NDArray[np.int16]] = []
    for layer in reversed(layers):
        to = np.append(merged, -1)[layer.to].astype(np.int32)
        ends = to < 0
        price, added = np.where(ends, 0.0, layer.price), np.where(ends[..., None], 0, layer.added).astype(np.int16)
        rows = (to, price, added)
        lost = np.asarray(ends.all(axis=1))
        merged, kept = _merge([
            None if lost[node] else b"".join(part[node].tobytes() for part in rows) for node in range(len(to))
        ])  # fmt: skip
        table = np.full((len(kept), len(plain)), -1, np.int32)
        cost = np.zeros(table.shape)
        amount = np.zeros((*table.shape, len(totals)), np.int16)
        for group, same in enumerate(layer.alike):
            leads = np.ix_(np.flatnonzero(~ends[kept, group]), np.array(same))
            node = kept[leads[0][:, 0]]
            table[leads], cost[leads] = to[node, group][:, None], price[node, group][:, None]
            amount[leads] = plain[leads[1][0]] + added[node, group][:, None]
        next_nodes.append(table)
        prices.append(cost)
        counts.append(amount)
    return RuleAutomaton(tuple(reversed(next_nodes)), tuple(reversed(prices)), final, tuple(reversed(counts)), totals)


def _merge(signatures: Sequence[Hashable]) -> tuple[Ints, Ints]:
    """Number equal signatures alike, None as -1; returns the numbers, and one that bears each."""
    index: dict[Hashable, int] = {}
    numbers = np.array([-1 if s is None else index.setdefault(s, len(index)) for s in signatures], np.int64)
    first = np.unique(numbers, return_index=True)[1]
    return numbers, first[len(first) - len(index) :]
