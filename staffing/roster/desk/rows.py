"""A roster's rows person by person: taken out when asked for, and compared between two rosters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

Rows = Mapping[str, pd.DataFrame]  # a person's rows of a roster, by name


class ByAgent(Mapping[str, pd.DataFrame]):
    """Everybody's rows of a roster table, each taken out when it is first asked for."""

    def __init__(self, table: pd.DataFrame) -> None:
        number, names = pd.factorize(np.asarray(table["agent"], dtype=object))
        ends = np.cumsum(np.bincount(number, minlength=len(names)))
        self._table, self._order = table, np.argsort(number, kind="stable")
        self._span = {str(name): (start, end) for name, start, end in zip(names, [0, *ends], ends, strict=False)}
        self._taken: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._taken:
            start, end = self._span[name]
            self._taken[name] = self._table.take(self._order[start:end])
        return self._taken[name]

    def __contains__(self, name: object) -> bool:
        return name in self._span

    def __iter__(self) -> Iterator[str]:
        return iter(self._span)

    def __len__(self) -> int:
        return len(self._span)


def differing(before: pd.DataFrame, after: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Rows after of those who have others than before; empty ones of those who have none any more."""
    names = {str(row[0]) for row in _cells(before) ^ _cells(after)}
    rows = ByAgent(after)
    return {name: rows.get(name, after.iloc[:0]) for name in sorted(names)}


def _cells(table: pd.DataFrame) -> set[tuple[object, ...]]:
    times = (pd.DatetimeIndex(table[name]).as_unit("s").asi8.tolist() for name in ("start", "end"))
    kind = table["kind"].tolist() if "kind" in table else [None] * len(table)
    named = [one if isinstance(one, str) else None for one in kind]
    queue = [one if isinstance(one, str) else None for one in table["queue"].tolist()]
    return set(zip(table["agent"].tolist(), *times, table["activity"].tolist(), queue, named, strict=True))
