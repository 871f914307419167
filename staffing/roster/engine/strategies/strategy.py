"""What a step of the search is."""

from typing import Protocol

from staffing.roster.engine.run import Run


class Strategy(Protocol):
    """One step: does nothing in a run that is done."""

    def improve(self, run: Run) -> None:
        """Raise the bound of a run or keep better rosters in it."""
