"""The interval of a history's rows, and whether they have one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from staffing.domain.calendar import DAY_MIN, INTERVALS_MIN, SiteCalendar
from staffing.errors import InputError, Where
from staffing.history.report import Findings

LONGEST_STEP_MIN = 240  # a longer one is a night, not an interval
COARSE_RUN = 16  # equal coarser steps in a row that chance does not make
LONE_DAYS = 5  # days in a row that chance does not leave with one row, at midnight


def detect_interval(rows: pd.DataFrame, site: SiteCalendar, findings: Findings) -> int:
    """The interval of all ``rows`` in minutes. Raises InputError when there is no single one."""
    wall = rows["start"].dt.tz_convert(site.zone).dt.tz_localize(None)
    minute = ((wall - wall.dt.normalize()).dt.total_seconds() / 60).to_numpy()
    steps = _steps(rows)
    if _are_local_days(rows["start"], wall, site):
        return _daily(rows, steps)
    within = steps[steps["step"] <= LONGEST_STEP_MIN]
    if within.empty:
        return _from_site(rows, minute, site, findings)
    usual = int(within["step"].mode().iloc[0])
    if usual not in INTERVALS_MIN:
        raise _refused(rows.iloc[0], f"its intervals are of {usual} minutes", f"Sum them up to one of {_listed()}.")
    mixed = _off_grid(rows, minute, usual) | _coarser(rows, within, usual) | _days_among(rows, minute)
    if mixed.any():
        raise _mixed(rows[mixed], usual)
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


def _daily(rows: pd.DataFrame, steps: pd.DataFrame) -> int:
    usual = int((steps["step"] / DAY_MIN).round().mode().iloc[0]) if len(steps) else 1
    if usual == 1 or len(steps) < 3:
        return DAY_MIN
    raise _refused(rows.iloc[0], f"its rows are {usual} days apart", f"Export {_listed()}.")


def _from_site(rows: pd.DataFrame, minute: np.ndarray, site: SiteCalendar, findings: Findings) -> int:
    if (minute % site.interval_min == 0).all():
        findings.note(f"Too few rows to tell the interval: the site's {site.interval_min} minutes are taken.")
        return site.interval_min
    raise _refused(rows.iloc[0], "its interval cannot be told from so few rows", "Give a whole day at least.")


def _off_grid(rows: pd.DataFrame, minute: np.ndarray, usual: int) -> pd.Series:
    return pd.Series(minute % usual != 0, index=rows.index)


def _coarser(rows: pd.DataFrame, within: pd.DataFrame, usual: int) -> pd.Series:
    """Rows in long runs of one coarser step."""
    change = (within["step"] != within["step"].shift()) | (within["queue"] != within["queue"].shift())
    length = within.groupby(change.cumsum())["step"].transform("size")
    coarse = within.index[(length >= COARSE_RUN) & (within["step"] > usual)]
    return pd.Series(rows.index.isin(coarse), index=rows.index)


def _days_among(rows: pd.DataFrame, minute: np.ndarray) -> pd.Series:
    """Daily rows where others have intervals: whole queues, and days in a row with one row each, at midnight."""
    at_midnight = pd.Series(minute == 0, index=rows.index)
    groups = at_midnight.groupby(rows["queue"])
    whole = groups.transform("all") & (groups.transform("size") >= 3)
    midnight = rows["start"] - pd.to_timedelta(minute, unit="min")
    alone = at_midnight & (rows["start"].groupby([rows["queue"], midnight]).transform("size") == 1)
    run = (alone != alone.shift()) | (rows["queue"] != rows["queue"].shift())
    return whole | (alone & (alone.groupby(run.cumsum()).transform("size") >= LONE_DAYS))


def _mixed(mixed: pd.DataFrame, usual: int) -> InputError:
    first = mixed.iloc[0]
    more = f" (and {len(mixed) - 1:,} rows like it)" if len(mixed) > 1 else ""
    return _refused(
        first,
        f"'{first['start']:%Y-%m-%d %H:%M}' does not fit the {usual}-minute intervals of the other rows: "
        f"intervals are mixed{more}",
        "Export all rows with one interval, or import each part on its own.",
    )


def _refused(row: pd.Series, what: str, remedy: str) -> InputError:
    return InputError(f"{what}.", where=Where(row["file"], int(row["row"])), remedy=remedy)


def _listed() -> str:
    return f"{', '.join(map(str, INTERVALS_MIN[:-1]))} minutes, or days"
