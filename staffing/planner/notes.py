"""What a scenario takes from history, where history does not have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staffing.domain.scenario import Scenario

if TYPE_CHECKING:
    from staffing.forecast import Forecast


def not_in_history(made: Forecast, scenario: Scenario) -> tuple[str, ...]:
    """A sentence for each figure that ``scenario`` asks of history in vain: its own figures stand in."""
    from staffing.requirements.present import without_shares

    notes = [
        f"{queue}: shrinkage is the given shares; history lacks the agents 'scheduled', and 'planned_off' or "
        "'present', to learn it from."
        for queue in without_shares(made.table, scenario.shrinkage)
    ]
    known = made.table.reindex(columns=["queue", "patience_s"]).groupby("queue")["patience_s"].count()
    notes += [
        f"{queue.name}: patience is the given one; history lacks 'abandoned' contacts and their mean 'wait_seconds', "
        "answered or not, to learn it from."
        for queue in scenario.queues
        if queue.patience_from_history and not known.get(queue.name, 0)
    ]
    return tuple(notes)
