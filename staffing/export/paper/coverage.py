"""Coverage on paper: agents there and agents needed by the hour, a page a queue; too few in red."""

from __future__ import annotations

import datetime as dt

from staffing.evaluation.coverage import TOLERANCE
from staffing.export.paper.sheet import BOTTOM_MM, HEAD, PLAIN, ROOM_MM, Look, Paper, colour
from staffing.export.plan_like import PlanLike
from staffing.export.workbook import SHORT_FILL, SHORT_INK
from staffing.language import date_text, day_month, digits, text, weekday_short

CLOCK_MM, ROW_MM = 18.0, 5.6
SHORT = Look(fill=colour(SHORT_FILL), ink=colour(SHORT_INK), bold=True)


def coverage_pages(sheet: Paper, plan: PlanLike, days: list[dt.date]) -> None:
    """``18.0 / 20.5``: mean agents on the phone of the hour, and needed; a shortage within the hour is red."""
    site = plan.scenario.site
    rows = plan.evaluation.intervals
    local = rows["start"].dt.tz_convert(site.zone)
    rows = rows.assign(day=local.dt.date, hour=local.dt.hour)
    rows = rows[rows["day"].isin(days)]
    widths = [CLOCK_MM, *[(ROOM_MM - CLOCK_MM) / len(days)] * len(days)]
    heads = [text("From"), *[f"{weekday_short(day)} {day_month(day, site)}" for day in days]]
    for queue in plan.scenario.queues:
        own = rows[rows["queue"] == queue.name]
        by_hour = own.groupby(["hour", "day"]).agg(
            have=("scheduled", "mean"), need=("required", "mean"), worst=("net", "min")
        )
        found = {(int(hour), day): cell for (hour, day), cell in zip(by_hour.index, by_hour.itertuples(), strict=True)}
        heading = text("Agents there / needed, {queue}, week of {day}", queue=queue.name, day=date_text(days[0], site))
        top = BOTTOM_MM
        for hour in sorted({int(hour) for hour in own["hour"]}):
            if top + ROW_MM > BOTTOM_MM:
                top = sheet.page(heading)
                sheet.row(top, ROW_MM, widths, [(shown, HEAD) for shown in heads])
                top += ROW_MM
            cells = [_cell(found.get((hour, day))) for day in days]
            sheet.row(top, ROW_MM, widths, [(digits(f"{hour:02d}:00"), PLAIN), *cells])
            top += ROW_MM


def _cell(found: object) -> tuple[str, Look]:
    if found is None:
        return "", PLAIN
    have, need, worst = found.have, found.need, found.worst  # type: ignore[attr-defined]
    return digits(f"{have:.1f} / {need:.1f}"), SHORT if worst < -TOLERANCE else PLAIN
