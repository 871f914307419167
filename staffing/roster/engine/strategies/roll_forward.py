"""A first roster of a long horizon, a few weeks at a time (see ``engine.windows``)."""

from dataclasses import dataclass

from staffing.roster.engine import windows
from staffing.roster.engine.run import Run


@dataclass(frozen=True)
class RollForward:
    """For horizons with totals that are too long to price a tour whole."""

    def improve(self, run: Run) -> None:
        """Keep a first roster, whatever the clock says."""
        windows.roll_forward(windows.alone(run.case), run.state, run.ws)
        run.keep(run.price)
