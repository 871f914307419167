"""Which weekdays a queue works, as history shows it now and not as it was on the whole.

Recorded zeros are data: a weekday at zero for two weeks, while others have calls, is closed. Silence (no rows) is
weaker: it takes three weeks, and declared opening hours win over it. A weekday that opened, or opened again, is known
from that day on. Weeks without calls on any weekday are a gap: it speaks of none of them, and what came before counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from staffing.forecast.counts import NAMES, QueueCounts, runs, weekday_of

SHUT_SHARE = 0.05  # of a usual day, below which a day was shut (closed or out of order)
RARELY = 0.1  # a weekday with calls on fewer of its days was never open
SURE_CALLS = 8.0  # so many calls that were to be expected do not come out at zero by chance
RECORDED_WEEKS, SILENT_WEEKS = 2, 3  # at zero, or without rows, that close a weekday
LONG_WEEKS = 4  # a weekday that was closed for so long and has calls again is taken as new
ENDED_DAYS = 21  # days at zero on all weekdays after which a queue has ended; also those without rows, of its weekdays
AWAY_DAYS = 28  # without calls on any weekday that are a gap; a queue that has some again comes and goes
QUIET_DAYS = 3  # days without rows while others have some, from which on it is said
ALL_DAYS = 7  # in a row without calls, which speak of no weekday
CHANCE = 0.005
LATELY_WEEKS = 26  # a weekday that closed longer ago is no news
LAST = 12  # same weekdays that tell what is usual

Span = tuple[np.datetime64, np.datetime64]  # first and last date


@dataclass(frozen=True)
class Weekdays:
    """What history shows of the seven weekdays.

    Attributes
    ----------
    closed : seven flags.
    opened : per weekday, the place of the first day that counts; days before it belong to an older time.
    gap : flags of the days in gaps, on which no weekday had calls for weeks.
    notes : what changed, what contradicts the declared hours.
    """

    closed: np.ndarray
    opened: np.ndarray
    gap: np.ndarray
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Days:
    """One weekday's days that can speak, oldest first: places in history, calls, and how each looks; ``absent`` is the
    share of days without rows among all weekdays that the queue works."""

    place: np.ndarray
    calls: np.ndarray
    recorded: np.ndarray
    alive: np.ndarray
    beside: np.ndarray
    absent: float

    def no_chance(self, silent: int) -> bool:
        """Whether so many days without rows in a row are more than gaps as the queue has them anywhere."""
        return self.absent**silent < CHANCE

    def rate(self, until: int) -> float:
        """Mean calls of the last ones before the place ``until`` among them."""
        before = self.calls[:until][-LATELY_WEEKS:]
        return float(before.mean()) if len(before) else 0.0


def learn_weekdays(counts: QueueCounts, total: np.ndarray, ordinary: np.ndarray) -> Weekdays:
    """``total``: calls per day, NaN where missing; ``ordinary``: days that are no holiday."""
    weekday, calls = weekday_of(counts.dates), np.nan_to_num(total)
    open_day = np.asarray(counts.open.any(axis=1))
    speaks = ordinary & open_day if counts.unknown is None else ordinary & open_day & ~counts.unknown
    level = float(np.median(calls[calls > 0])) if (calls > 0).any() else 0.0
    recorded = np.isfinite(counts.calls).any(axis=1)
    alive = _alive(weekday, calls, level)
    gaps = [span for span in _away(counts.dates, alive) if len(_dates_of([span])) * calls.mean() >= SURE_CALLS]
    gap = np.isin(counts.dates, _dates_of(gaps))
    said = _gap_notes(gaps, counts, alive, speaks)
    speaks &= ~gap
    beside = _beside_others(alive)
    absent = _absent_share(weekday, alive, recorded, speaks)
    closed, opened, notes = np.zeros(7, dtype=bool), np.zeros(7, dtype=int), list[tuple[str, str]]()
    for k in range(7):
        of_day = weekday == k
        if of_day.any() and not open_day[of_day].any():
            closed[k] = True
            continue
        place = np.flatnonzero(of_day & speaks)
        days = _Days(place, calls[place], recorded[place], alive[place], beside[place], absent)
        closed[k], opened[k], note = _one(days, NAMES[k], counts.dates, bool(counts.declared[k]))
        notes += [(NAMES[k], note)] * bool(note)
    ended = _ended(counts, calls, closed, speaks) or _fell_silent(counts, calls, closed, speaks)
    return Weekdays(closed, opened, gap, (*said, *(ended or _told_once(notes))))


def _told_once(notes: Sequence[tuple[str, str]]) -> list[str]:
    """Notes of weekdays by name; what is said alike of several, once."""
    found: dict[tuple[str, str], list[str]] = {}
    for name, note in notes:
        begin, _, end = note.partition(name)
        found.setdefault((begin, end), []).append(name)
    return [f"{begin}{', '.join(names)}{end}" for (begin, end), names in found.items()]


def _gap_notes(gaps: Sequence[Span], counts: QueueCounts, alive: np.ndarray, speaks: np.ndarray) -> list[str]:
    """A note on each of the ``gaps`` that ended lately; none on days that the planner left out."""
    notes: list[str] = []
    recorded = np.isfinite(counts.calls).any(axis=1)
    for first, last in gaps:
        inside = (counts.dates >= first) & (counts.dates <= last)
        if not (inside & speaks).any() or counts.dates[-1] - last > np.timedelta64(7 * LATELY_WEEKS, "D"):
            continue
        zeros, since = int((inside & recorded).sum()), int((alive & (counts.dates > last)).sum())
        notes.append(
            f"no calls from {first} to {last} ({inside.sum()} days, {zeros} recorded at zero), taken as a gap. What "
            "came before it counts for the week, the season and holidays; the level may have moved and is taken from "
            f"the days since ({since} so far). If there were calls, import them."
        )
    return notes


def _alive(weekday: np.ndarray, calls: np.ndarray, level: float) -> np.ndarray:
    """Days on which the queue worked: of a weekday that has calls as a rule a twentieth of its own usual day, of any
    other a twentieth of the queue's."""
    out = np.zeros(len(calls), dtype=bool)
    for k in range(7):
        of_day = weekday == k
        own = calls[of_day & (calls > 0)]
        established = of_day.any() and len(own) / of_day.sum() >= RARELY
        usual = float(np.median(own[-LAST:])) if established else level
        out |= of_day & (calls > 0) & (calls >= SHUT_SHARE * usual)
    return out


def _absent_share(weekday: np.ndarray, alive: np.ndarray, recorded: np.ndarray, speaks: np.ndarray) -> float:
    """Share of days without rows on the weekdays that are worked more often than not, where they have rows."""
    worked = [k for k in range(7) if (own := alive[(weekday == k) & recorded & speaks]).any() and own.mean() > 0.5]
    days = speaks & np.isin(weekday, worked)
    return float((~recorded[days]).mean()) if days.any() else 0.0


def _beside_others(alive: np.ndarray) -> np.ndarray:
    """Days that are not among so many without calls that all weekdays were away."""
    beside = np.ones(len(alive), dtype=bool)
    for start, end in runs(~alive):
        beside[start:end] = end - start < ALL_DAYS
    return beside


def _one(days: _Days, name: str, dates: np.ndarray, declared: bool) -> tuple[bool, int, str]:
    """Whether one weekday is closed, the place of the first of its days that counts, and a note."""
    if not days.alive.any():
        return _never_open(days, name, declared)
    tail = len(days.alive) - 1 - int(np.flatnonzero(days.alive)[-1])
    run = slice(len(days.alive) - tail, None)
    zeros = int((days.recorded[run] & days.beside[run]).sum())
    silent = int((~days.recorded[run] & days.beside[run]).sum())
    sure = (zeros + silent) * days.rate(len(days.alive) - tail) >= SURE_CALLS
    since = dates[days.place[run][0]] if tail else None
    if zeros >= RECORDED_WEEKS and sure:
        if declared:
            text = (
                f"{name} have had no calls since {since} ({zeros} recorded at zero), though the opening hours say "
                "open; they are forecast as closed."
            )
            return True, 0, text
        text = f"{name} have had no calls since {since} ({zeros} recorded at zero); they are forecast as closed."
        return True, 0, text if tail <= LATELY_WEEKS else ""
    if silent >= SILENT_WEEKS and sure and days.no_chance(silent):
        if declared:
            text = (
                f"history has no {name} since {since}, though the opening hours say open; they are forecast as before."
            )
            return False, 0, text
        text = (
            f"{name} have had no rows, or empty ones, since {since} ({silent} weeks); they are taken as closed. If "
            "they are open, import them, or leave these days out."
        )
        return True, 0, text if tail <= LATELY_WEEKS else ""
    return _opened(days, name, dates)


def _never_open(days: _Days, name: str, declared: bool) -> tuple[bool, int, str]:
    zeros = int(days.recorded.sum())
    if len(days.place) < RECORDED_WEEKS:
        return False, 0, ""
    if not declared or zeros >= RECORDED_WEEKS:
        text = f"{name} never had calls ({zeros} recorded at zero), though the opening hours say open; taken as closed."
        return True, 0, text if declared else ""
    return (
        False,
        0,
        f"{name} are declared open but history has none; they are forecast like the mean of the other days.",
    )


def _opened(days: _Days, name: str, dates: np.ndarray) -> tuple[bool, int, str]:
    """A weekday that works now; where it was closed for long before, only the days since count."""
    last_run = _last_long_run(days)
    if last_run is None:
        return False, 0, ""
    first = int(days.place[last_run])
    known = int(days.alive[last_run:].sum())
    few = known <= 2 * LONG_WEEKS
    text = f"{name} have calls since {dates[first]} ({known} so far); they are forecast from these, and are less sure."
    return False, first, text if few else ""


def _last_long_run(days: _Days) -> int | None:
    """Where the weekday began after it was last closed for LONG_WEEKS or more; None where it never was."""
    long = [end for start, end in runs(~days.alive) if _is_long(days, start, end)]
    return long[-1] if long and long[-1] < len(days.alive) else None


def _is_long(days: _Days, start: int, end: int) -> bool:
    """Whether so many weeks without calls, while others had some, are no chance, by the mean of all its days."""
    run = slice(start, end)
    weeks, silent = int(days.beside[run].sum()), int((days.beside[run] & ~days.recorded[run]).sum())
    sure = weeks * float(days.calls.mean()) >= SURE_CALLS
    return weeks >= LONG_WEEKS and sure and (silent < weeks or days.no_chance(silent))


def _ended(counts: QueueCounts, calls: np.ndarray, closed: np.ndarray, speaks: np.ndarray) -> list[str]:
    """A note on days at zero at the end, on all weekdays; they close all of them where they are many."""
    worked = np.flatnonzero(calls > 0)
    recorded = np.isfinite(counts.calls).any(axis=1)
    if not len(worked):
        return []
    tail = np.arange(len(calls)) > worked[-1]
    zeros = int((tail & recorded & speaks).sum())
    working = speaks & ~closed[weekday_of(counts.dates)]
    rate = float(calls[working & ~tail][-LATELY_WEEKS * 7 :].mean()) if (working & ~tail).any() else 0.0
    if zeros < 2 or int((tail & recorded & working).sum()) * rate < SURE_CALLS:
        return []
    since = counts.dates[worked[-1] + 1]
    if zeros >= ENDED_DAYS:
        closed[:] = True
        return [
            f"no calls at all since {since} ({zeros} days recorded at zero); the forecast is zero. "
            "If the feed stopped, leave these days out."
        ]
    weekday = weekday_of(counts.dates)
    if not np.isin(weekday[tail & recorded], weekday[calls > 0]).any():
        return [
            f"history ends in {zeros} days at zero, from {since}, of weekdays that had no calls before either; these "
            "are forecast at zero. If it was an outage, leave these days out."
        ]
    return [
        f"history ends in {zeros} days at zero, from {since}; they are taken as an outage and the forecast goes on as "
        "before. If the queue has ended, close it."
    ]


def _fell_silent(counts: QueueCounts, calls: np.ndarray, closed: np.ndarray, speaks: np.ndarray) -> list[str]:
    """A note on rows that stopped while other queues have some; after three weeks all weekdays are closed, unless the
    queue came back from such a silence before."""
    working = speaks & ~closed[weekday_of(counts.dates)]
    rate = float(calls[working][-LATELY_WEEKS * 7 :].mean()) if working.any() else 0.0
    if counts.silent < QUIET_DAYS or counts.silent * rate < SURE_CALLS:
        return []
    said = f"no rows since {counts.dates[-1] + 1}, on {counts.silent} days on which other queues have some"
    weekdays = np.unique(weekday_of(counts.dates)[calls > 0])
    if counts.silent < SILENT_WEEKS * len(weekdays):
        return [f"{said}; the forecast goes on as before. If the queue has ended, close it; if not, import them."]
    if away := _away(counts.dates, calls > 0):
        return [
            f"{said}. It was silent before, last from {away[-1][0]} to {away[-1][1]}, and came back: days on which it "
            "was silent a year before are forecast at zero, the others as before. If it has ended, close it."
        ]
    closed[:] = True
    return [f"{said}; it is taken as ended and the forecast is zero. If it has not, import them."]


def away_days(counts: QueueCounts, calls: np.ndarray) -> np.ndarray:
    """Past days on which a queue that is silent now had no calls for so long as well, and came back; else none."""
    return _dates_of(_away(counts.dates, calls > 0) if counts.silent >= QUIET_DAYS else [])


def _away(dates: np.ndarray, alive: np.ndarray) -> list[Span]:
    """The times of AWAY_DAYS and more without calls from which a queue came back."""
    worked = dates[alive]
    gaps = np.flatnonzero(np.diff(worked) > np.timedelta64(AWAY_DAYS, "D"))
    return [(worked[k] + 1, worked[k + 1] - 1) for k in gaps]


def _dates_of(spans: Sequence[Span]) -> np.ndarray:
    return np.concatenate([np.arange(first, last + 1) for first, last in spans] or [np.empty(0, "datetime64[D]")])
