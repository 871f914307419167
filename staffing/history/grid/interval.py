"""The interval of a history's rows, and whether they have one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from staffing.domain.calendar import DAY_MIN, INTERVALS_MIN, SiteCalendar
from staffing.errors import InputError, Where
from staffing.history.report import Findings

LONGEST_STEP_MIN = 240  # a longer one is a night, not an interval
COARSE_RUN = 16  # equal coarser steps in a row that chance does not make
LONE_DAYS = 5  # days in a row that chance does not leave with one row, at midnight


def detect_interval(queues: Sequence[pd.DataFrame], site: SiteCalendar, findings: Findings) -> int:
    """The interval in minutes of all rows, a table for each queue in order of start. Raises InputError when there is
    no single one."""
    first, steps = queues[0].iloc[0], _counted(_steps(rows) for rows in queues)
    if all(_are_local_days(rows["start"], site) for rows in queues):
        return _daily(first, steps)
    within = steps[steps.index <= LONGEST_STEP_MIN]
    if within.empty:
        return _from_site(queues, site, findings)
    usual = int(within.idxmax())
    if usual not in INTERVALS_MIN:
        raise _refused(first, f"its intervals are of {usual} minutes", f"Sum them up to one of {_listed()}.")
    mixed = pd.concat([rows[_mixes(rows, usual)] for rows in queues])
    past = set(mixed["start"].dt.minute % usual)
    if len(mixed) == sum(map(len, queues)) and len(past) == 1 and past != {0}:
        what = f"its {usual}-minute intervals begin {past.pop()} minutes late on the clock of {site.timezone}"
        finer = f"Export them in {'half' if usual == 60 else 'quarter'} hours, or in the site's own time."
        raise _refused(mixed.iloc[0], what, finer)
    if len(mixed):
        raise _mixed(mixed, usual)
    return usual


def _steps(rows: pd.DataFrame) -> pd.Series:
    """Minutes that pass from the row before."""
    step = rows["start"].diff().dt.total_seconds() / 60
    return step[step > 0]


def _counted(steps: Iterable[pd.Series]) -> pd.Series:
    """How often each step occurs, by its minutes."""
    return pd.concat([step.value_counts() for step in steps]).groupby(level=0).sum()


def _wall(start: pd.Series) -> tuple[pd.Series, pd.Series]:
    """The local day of each row, and the minutes of its clock since midnight."""
    local = start.dt.tz_localize(None)
    days = local.dt.normalize()
    return days, (local - days).dt.total_seconds() / 60


def _are_local_days(start: pd.Series, site: SiteCalendar) -> bool:
    """Whether every row starts with its local day, also where the clock skips midnight."""
    days = pd.DatetimeIndex(_wall(start)[0].unique())
    begin = days.tz_localize(site.zone, ambiguous=[True] * len(days), nonexistent="shift_forward")
    return bool(start.isin(begin).all())


def _daily(first: pd.Series, steps: pd.Series) -> int:
    days = steps.groupby((steps.index / DAY_MIN).round()).sum()
    usual = int(days.idxmax()) if len(days) else 1
    if usual == 1 or (steps.sum() < 2 and usual < 7):
        return DAY_MIN
    raise _refused(first, f"its rows are {usual} days apart", f"Export {_listed()}.")


def _from_site(queues: Sequence[pd.DataFrame], site: SiteCalendar, findings: Findings) -> int:
    clocks = {minute for rows in queues for minute in _wall(rows["start"])[1]}
    if len(clocks) == 1 and max(map(len, queues)) >= LONE_DAYS:
        at = f"{queues[0]['start'].iloc[0]:%H:%M}"
        what = f"it has one row a day, at {at}, which does not tell how long that row's interval is"
        raise _refused(queues[0].iloc[0], what, "Give dates alone where rows are of whole days.")
    if all((_wall(rows["start"])[1] % site.interval_min == 0).all() for rows in queues):
        findings.note(f"Too few rows to tell the interval: the site's {site.interval_min} minutes are taken.")
        return site.interval_min
    raise _refused(queues[0].iloc[0], "its interval cannot be told from so few rows", "Give a whole day at least.")


def _mixes(rows: pd.DataFrame, usual: int) -> pd.Series:
    """Rows of one queue that do not fit the ``usual`` interval."""
    days, minute = _wall(rows["start"])
    return (minute % usual != 0) | _coarser(rows, usual) | _days_among(days, minute)


def _coarser(rows: pd.DataFrame, usual: int) -> pd.Series:
    """Rows in long runs of one coarser step."""
    steps = _steps(rows)
    within = steps[steps <= LONGEST_STEP_MIN]
    if not (within > usual).any():
        return pd.Series(False, index=rows.index)
    length = within.groupby((within != within.shift()).cumsum()).transform("size")
    coarse = within.index[(length >= COARSE_RUN) & (within > usual)]
    return pd.Series(rows.index.isin(coarse), index=rows.index)


def _days_among(days: pd.Series, minute: pd.Series) -> pd.Series:
    """Daily rows where others have intervals: the whole queue, or days in a row with one row each, at midnight."""
    at_midnight = minute == 0
    if at_midnight.all() and len(minute) >= 3:
        return at_midnight
    begins = np.append(True, (days.to_numpy()[1:] != days.to_numpy()[:-1]))  # rows are in order of time
    alone = at_midnight & begins & np.append(begins[1:], True)
    if not alone.any():
        return alone
    run = (alone != alone.shift()).cumsum()
    return alone & (alone.groupby(run).transform("size") >= LONE_DAYS)


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
