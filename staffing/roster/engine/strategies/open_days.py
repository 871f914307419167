"""Several days are opened together and chosen one after the other (see ``engine.relay``)."""

from dataclasses import dataclass
from functools import partial

from staffing.roster.engine.relay import Relay
from staffing.roster.engine.run import Run

NEAR = 0.3  # of what one agent in a slot can cost: dearer columns are left out


@dataclass(frozen=True)
class OpenDays:
    """Relax and fix, from the best roster, until that has not helped for long."""

    def improve(self, run: Run) -> None:
        """Keep every better roster."""
        run.load_best()
        near = NEAR * float((run.case.cover.short + run.case.cover.excess).max())
        relay = Relay(
            case=run.case,
            state=run.state,
            ws=run.ws,
            worth=run.worth,
            rng=run.rng,
            late=lambda: run.late,
            effort=partial(run.effort, 1, near),
        )
        relay.search(run.best, run.keep, lambda: run.done)
