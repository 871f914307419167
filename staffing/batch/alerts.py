"""What a run finds that planners should look at: drift, broken promises, ranges that are too narrow, odd events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from staffing.batch.night import Night
from staffing.store.kept import Kept

if TYPE_CHECKING:
    import pandas as pd

RECENT_DAYS = 28  # of scores that are looked back at
BROKEN = 0.25  # of a day's intervals within the range of 80 %, at most, where its promise is said to have broken


def alerts_of(night: Night, before: Sequence[Kept], scores: pd.DataFrame | None) -> list[str]:
    """Sentences, most urgent first. ``scores`` are those of tonight (see ``scoring``)."""
    told = []
    days = _recent(before, scores)
    if days is not None:
        from staffing.evaluation.drift import alarms

        told += list(alarms(days))
    if scores is not None:
        told += list(_broken(scores))
    return told + list(_unlearned(night))


def _recent(before: Sequence[Kept], scores: pd.DataFrame | None) -> pd.DataFrame | None:
    """The last days of all queues, each once: by the promise that was made last before it came."""
    import pandas as pd

    tables = [table for run in before[-RECENT_DAYS:] if (table := run.scores()) is not None]
    tables += [scores] if scores is not None else []
    if not tables:
        return None
    return pd.concat(tables).drop_duplicates(["queue", "day"], keep="first").sort_values(["queue", "day"])


def _broken(scores: pd.DataFrame) -> Iterator[str]:
    share = scores["inside"] / scores["intervals"]
    for row in scores[share < BROKEN].itertuples():
        yield (
            f"{row.queue}: what was promised for {row.day:%Y-%m-%d} did not hold: {row.actual:,.0f} contacts came, "
            f"{row.promised:,.0f} were promised, and {row.inside / row.intervals:.0%} of its intervals lay in their "
            "range of 80 %."
        )


def _unlearned(night: Night) -> Iterator[str]:
    """Coming events of a kind that history has not seen, and whose effect nobody has typed in."""
    first, days = night.span
    known = {event.kind for event in night.scenario.events if event.enabled and event.start < first}
    for event in night.scenario.events:
        coming = event.enabled and first <= event.start and (event.start - first).days < days
        if coming and event.kind not in known and event.effect is None:
            yield (
                f"event '{event.name}' ({event.start}): no event of the kind '{event.kind}' has been seen, and no "
                "effect is typed in: the forecast leaves it out."
            )
