"""What a simulation's figures do not say by themselves, in words."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from staffing.domain.scenario import Scenario
from staffing.service import is_live
from staffing.simulation.floor import Floor

Z = 1.959963984540054  # 95 % of a normal distribution lies within


def kept_less(whole: pd.DataFrame, scenario: Scenario, runs: int) -> Iterator[str]:
    """Queues that keep their targets on fewer days or weeks than they are to meet, beyond chance."""
    for queue in scenario.queues:
        target, own = scenario.target(queue), whole[whole["queue"] == queue.name]
        if target.meet is None or own.empty:
            continue
        span = "week" if target.over == "week" else "day"
        chance = float(own[f"p_{span}_meets_target"].iloc[0])
        if chance < target.meet - Z * np.sqrt(target.meet * (1 - target.meet) / runs):
            yield (
                f"{queue.name}: {target.meet:.0%} of {'weeks' if span == 'week' else 'days'} are to keep the targets, "
                f"this roster keeps {chance:.0%} ({runs} simulated weeks); it lacks people, or hours where they are "
                "needed."
            )


def of_floors(floors: list[Floor]) -> tuple[str, ...]:
    """Queues that nobody serves, that have no sample paths, or whose patience is unknown."""
    notes = []
    for floor in floors:
        staffed = {int(g) for g in floor.people.group_of}
        for q, line in enumerate(floor.lines):
            asked = np.flatnonzero(floor.routing.ask[q] >= 0)
            if not staffed & set(asked.tolist()):
                what = "lost" if is_live(line.queue) else "left undone"
                notes.append(f"{line.queue.name}: nobody is rostered who serves it; its contacts are {what}.")
            if line.certain:
                notes.append(f"{line.queue.name}: the forecast has no sample paths; chances take its mean as known.")
            if is_live(line.queue) and np.isinf(line.patience.knots[0]):
                notes.append(f"{line.queue.name}: no patience is known; nobody hangs up in the simulation.")
    return tuple(notes)
