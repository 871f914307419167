"""A sheet of cells, whatever container it came in: its first lines as text, its columns when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

HEAD_ROWS = 60


@dataclass(frozen=True)
class OddRow:
    """A row that does not have a cell under every heading."""

    row: int
    cells: int
    expected: int
    text: str


@dataclass(frozen=True)
class Cells:
    """Columns by their place, each of typed values or of text; ``rows`` are the spreadsheet's row numbers."""

    columns: dict[int, pd.Series]
    rows: np.ndarray
    odd: tuple[OddRow, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """``head`` are the first lines as text; ``load(places, first_row)`` gives columns from a row on, counted from 1.

    ``name`` is that of a sheet or member of a file with several, else empty. ``formulas`` tells that cells hold
    formulas without their values; ``guesses`` what was found out about the container; ``lines()`` gives all lines as
    they are, also of different lengths, where the container has lines.
    """

    file: str
    name: str
    head: list[list[str]]
    load: Callable[[Sequence[int], int], Cells]
    formulas: bool = False
    guesses: dict[str, str] = field(default_factory=dict)
    lines: Callable[[], Iterator[list[str]]] | None = None

    @property
    def label(self) -> str:
        """The name that messages show."""
        return f"{self.file}[{self.name}]" if self.name else self.file

    @property
    def width(self) -> int:
        return max((len(line) for line in self.head), default=0)
