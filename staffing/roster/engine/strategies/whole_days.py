"""All shifts and breaks of a day are chosen again by an integer programme, day after day."""

from dataclasses import dataclass
from functools import partial

from staffing.roster.engine.day import choose_days
from staffing.roster.engine.run import Run


@dataclass(frozen=True)
class WholeDays:
    """Rounds over all days with so many nodes of branch and bound each: looking the longer the less it helps."""

    nodes: tuple[int, ...] = (1, 50, 500)

    def improve(self, run: Run) -> None:
        """Keep the roster whenever a day has become cheaper."""
        run.load_best()
        for nodes in self.nodes:
            choose_days(run.case, run.state, partial(run.effort, nodes), lambda: run.done, lambda: run.keep(run.price))
