"""Published weeks to come under tonight's forecast: whether their rosters still keep what queues promise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from staffing.domain.scenario import Scenario
from staffing.errors import StaffingError
from staffing.store.rosters import RosterBook

if TYPE_CHECKING:
    import pandas as pd

WEEK_DAYS = 7
SLACK = 0.02  # of contacts in time, below which a target is not said to be missed: forecasts move that much by a night


def below_target(
    rosters: RosterBook, scenario: Scenario, span: tuple[dt.date, int], tables: Mapping[str, pd.DataFrame]
) -> Iterator[str]:
    """A sentence for each queue and published week within ``span`` that is expected to miss its service level.

    ``tables`` has tonight's forecast and requirements.
    """
    first, days = span
    if not {"forecast", "requirements"} <= set(tables):
        return
    for week in rosters.weeks():
        if week < first or (week - first).days + WEEK_DAYS > days:
            continue
        try:
            roster = rosters.published(week)
            told = [] if roster is None else list(_missed(rosters, scenario, week, (roster, tables)))
        except StaffingError as error:
            told = [f"the published roster of {week} could not be held against the forecast: {error}"]
        yield from told


def _missed(
    rosters: RosterBook, scenario: Scenario, week: dt.date, given: tuple[pd.DataFrame, Mapping[str, pd.DataFrame]]
) -> Iterator[str]:
    from staffing.evaluation import evaluate

    roster, tables = given
    calls, needed = (_of_week(tables[name], scenario, week) for name in ("forecast", "requirements"))
    calls = calls[calls["queue"].isin([queue.name for queue in scenario.queues])]
    past = rosters.before(week)
    made = evaluate(calls, needed, roster, scenario, start=week, days=WEEK_DAYS, past=past)
    levels = made.queues.set_index("queue")["service_level"]
    for queue in scenario.queues:
        wanted, expected = scenario.target(queue).service_level, float(levels.get(queue.name, float("nan")))
        if wanted is not None and expected < wanted - SLACK:
            yield (
                f"{queue.name}: in the published week of {week} {expected:.0%} are expected to be answered in time, if "
                f"tonight's forecast comes; {wanted:.0%} are promised."
            )


def _of_week(table: pd.DataFrame, scenario: Scenario, week: dt.date) -> pd.DataFrame:
    start, end = (scenario.site.midnight(week + dt.timedelta(days=days)) for days in (0, WEEK_DAYS))
    return table[(table["start"] >= start) & (table["start"] < end)].reset_index(drop=True)
