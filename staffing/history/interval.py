"""The interval of a history's rows, and whether they have one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from staffing.domain.calendar import DAY_MIN, INTERVALS_MIN, SiteCalendar
from staffing.errors import InputError, Where
from staffing.history.report import Findings, Problem

LONGEST_STEP_MIN = 240  # a longer one is a night, not an interval
COARSE_RUN = 16  # equal coarser steps in a row that chance does not make


def detect_interval(rows: pd.DataFrame, site: SiteCalendar, findings: Findings) -> int | None:
    """The interval of all ``rows`` in minutes; None (with the reason in ``findings``) when there is no single one."""
    wall = rows["start"].dt.tz_convert(site.zone).dt.tz_localize(None)
    minute = ((wall - wall.dt.normalize()).dt.total_seconds() / 60).to_numpy()
    steps = _steps(rows)
    if _are_local_days(rows["start"], wall, site):
        return _daily(rows, steps, findings)
    within = steps[steps["step"] <= LONGEST_STEP_MIN]
    if within.empty:
        return _from_site(rows, minute, site, findings)
    usual = int(within["step"].mode().iloc[0])
    if usual not in INTERVALS_MIN:
        _refuse(findings, rows.iloc[0], f"its intervals are of {usual} minutes", f"Sum them up to one of {_listed()}.")
        return None
    mixed = _off_grid(rows, minute, usual) | _coarser(rows, within, usual) | _days_among(rows, minute)
    if mixed.any():
        _report_mixed(rows[mixed], usual, findings)
        return None
    return usual


def _steps(rows: pd.DataFrame) -> pd.DataFrame:
    """Minutes that pass from the row before of the same queue; ``rows`` are in order of queue and start."""
    step = rows.groupby("queue", sort=False)["start"].diff().dt.total_seconds() / 60
    return pd.DataFrame({"queue": rows["queue"], "step": step})[step > 0]


def _are_local_days(start: pd.Series, wall: pd.Series, site: SiteCalendar) -> bool:
    """Whether every row starts with its local day, also where the clock skips midnight."""
    days = pd.DatetimeIndex(wall.dt.normalize().unique())
    begin = days.tz_localize(site.zone, ambiguous=[True] * len(days), nonexistent="shift_forward")
    return bool(start.isin(begin).all())


def _daily(rows: pd.DataFrame, steps: pd.DataFrame, findings: Findings) -> int | None:
    usual = int((steps["step"] / DAY_MIN).round().mode().iloc[0]) if len(steps) else 1
    if usual == 1 or len(steps) < 3:
        return DAY_MIN
    _refuse(findings, rows.iloc[0], f"its rows are {usual} days apart", f"Export {_listed()}.")
    return None


def _from_site(rows: pd.DataFrame, minute: np.ndarray, site: SiteCalendar, findings: Findings) -> int | None:
    if (minute % site.interval_min == 0).all():
        findings.note(f"Too few rows to tell the interval: the site's {site.interval_min} minutes are taken.")
        return site.interval_min
    _refuse(findings, rows.iloc[0], "its interval cannot be told from so few rows", "Give a whole day at least.")
    return None


def _off_grid(rows: pd.DataFrame, minute: np.ndarray, usual: int) -> pd.Series:
    return pd.Series(minute % usual != 0, index=rows.index)


def _coarser(rows: pd.DataFrame, within: pd.DataFrame, usual: int) -> pd.Series:
    """Rows in long runs of one coarser step."""
    change = (within["step"] != within["step"].shift()) | (within["queue"] != within["queue"].shift())
    length = within.groupby(change.cumsum())["step"].transform("size")
    coarse = within.index[(length >= COARSE_RUN) & (within["step"] > usual)]
    return pd.Series(rows.index.isin(coarse), index=rows.index)


def _days_among(rows: pd.DataFrame, minute: np.ndarray) -> pd.Series:
    """Queues that have daily rows alone while others have intervals."""
    at_midnight = pd.Series(minute == 0, index=rows.index)
    groups = at_midnight.groupby(rows["queue"])
    return groups.transform("all") & (groups.transform("size") >= 3)


def _report_mixed(mixed: pd.DataFrame, usual: int, findings: Findings) -> None:
    first = mixed.iloc[0]
    more = f" (and {len(mixed) - 1:,} rows like it)" if len(mixed) > 1 else ""
    findings.problems.append(
        Problem(
            first["file"],
            f"does not fit the {usual}-minute intervals of the other rows: intervals are mixed{more}.",
            "Export all rows with one interval, or import each part on its own.",
            int(first["row"]),
            "start",
            f"{first['start']:%Y-%m-%d %H:%M}",
        )
    )


def _refuse(findings: Findings, first: pd.Series, what: str, remedy: str) -> None:
    findings.error(InputError(f"{what}.", where=Where(first["file"], int(first["row"])), remedy=remedy))


def _listed() -> str:
    return f"{', '.join(map(str, INTERVALS_MIN[:-1]))} minutes, or days"
