"""What a scenario takes from history where history does not have it, and of which calls its notes tell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from staffing.domain.scenario import Scenario

if TYPE_CHECKING:
    from staffing.forecast import Forecast

_CALLS_TOLD = re.compile(r"\d (?:calls|a day)\b")


def counted_in(notes: tuple[str, ...], scenario: Scenario) -> tuple[str, ...]:
    """A sentence on the share of history's calls that ``scenario`` counts, where it is not all and ``notes``, which the
    forecast takes from history, tell how many calls came."""
    factors = scenario.volume_factors()
    if set(factors.values()) == {1.0} or not any(map(_CALLS_TOLD.search, notes)):
        return ()
    if len(set(factors.values())) == 1:
        share = next(iter(factors.values()))
        return (f"Notes tell the calls of history, of which the plan counts {share * 100:.4g}%.",)
    return tuple(
        f"{queue}: notes tell the calls of history, of which the plan counts {share * 100:.4g}%."
        for queue, share in factors.items()
        if share != 1.0
    )


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
