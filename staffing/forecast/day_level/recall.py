"""The night after: what a full fit found, which a few days more hardly change, is taken from it instead of found again.

Variances of regressions, trees and Prophet's effects, the past errors of these two, and the ranges are recalled; the
days themselves are always today's, so that level, last errors and weights of the mix are as fresh as in a full fit.
Fits ask for what they need in an order that depends on their history alone, so each is known by what it is and how
often that was asked for; what is asked for on the way to finding something is no part of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TypeVar, cast

Found = TypeVar("Found")


@dataclass
class Recall:
    """``before`` is what the last full fit found; ``found`` is what this one found, or took from it."""

    before: Mapping[str, object] = field(default_factory=dict)
    found: dict[str, object] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)

    @property
    def same(self) -> bool:
        """Whether the fit went the way of the one before: it took all that was found then, and nothing else."""
        return set(self.before) == set(self.found)


_at_hand: ContextVar[Recall | None] = ContextVar("_at_hand", default=None)


@contextmanager
def recalling(before: Mapping[str, object]) -> Iterator[Recall]:
    """Fits in this context take from ``before`` what they can, and leave what they found."""
    recall = Recall(before)
    token = _at_hand.set(recall)
    try:
        yield recall
    finally:
        _at_hand.reset(token)


def recalled(what: str, fit: Callable[[], Found]) -> Found:
    """What was found before, else what ``fit`` finds."""
    recall = _at_hand.get()
    if recall is None:
        return fit()
    key = f"{what} {recall.asked[what]}"
    recall.asked[what] += 1
    if key not in recall.found:
        recall.found[key] = recall.before[key] if key in recall.before else _by_itself(fit)
    return cast(Found, recall.found[key])


def _by_itself(fit: Callable[[], Found]) -> Found:
    token = _at_hand.set(None)
    try:
        return fit()
    finally:
        _at_hand.reset(token)
