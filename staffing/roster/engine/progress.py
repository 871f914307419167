"""What is known while a solve runs."""

from __future__ import annotations

from dataclasses import dataclass

TIME_LIMIT = "time limit"


@dataclass(frozen=True)
class SolveProgress:
    """What a planner sees while waiting."""

    seconds: float
    bound: float | None
    best: float | None

    def __str__(self) -> str:
        if self.best is None:
            return "roster: getting ready"
        shown = [f"{name} {value:,.1f}" for name, value in (("best", self.best), ("bound", self.bound)) if value]
        return "roster: " + ", ".join(shown if self.gap is None else [*shown, f"gap {self.gap:.2%}"])

    @property
    def gap(self) -> float | None:
        """(best - bound) / best, None while either is unknown."""
        if self.bound is None or self.best is None or self.best <= 0:
            return None
        return max(0.0, (self.best - self.bound) / self.best)


def status_of(gap: float, aim: float, *, late: bool) -> str:
    """How a search ended, in words."""
    if gap <= 1e-9:
        return "optimal"
    if gap <= aim:
        return "gap reached"
    return TIME_LIMIT if late else "search finished"
