"""Handle times and waits to seconds per call: their unit by heading, by what is possible, by how they go with calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from staffing.history.layout.headings import aggregate_of, unit_of
from staffing.history.report import Findings, Question, Reading

SECONDS = {"s": 1.0, "ms": 1e-3, "min": 60.0, "h": 3600.0, "day": 86_400.0, "m:ss": 1 / 60}
NAMED = {
    "s": "seconds", "ms": "milliseconds", "min": "minutes", "h": "hours", "day": "shares of a day",
    "m:ss": "minutes and seconds that were stored as hours and minutes", "total_s": "seconds of all calls together",
    "total_ms": "milliseconds of all calls together", "total_min": "minutes of all calls together",
    "total_h": "hours of all calls together",
}  # fmt: skip
POSSIBLE = {"aht": (10.0, 7_200.0), "wait": (0.0, 3_600.0)}
LIKELY = {"aht": (45.0, 2_400.0), "wait": (0.5, 900.0)}
SURE = ("ms", "day")  # units whose numbers no other unit could give
FEWEST_TO_TELL = 12
ENOUGH_ROWS = 20_000
SURELY_TOGETHER = 4.0  # standard deviations by which durations go with calls
USUAL_S = 1_200.0  # seconds per call from which a bare number may as well be of several calls
USUAL_OF_FEW_S = 450.0  # where rows are too few to tell
FOLLOWS = 0.5  # a total spreads by so much less, or more, once it is divided by its calls


@dataclass(frozen=True)
class Duration:
    """A column of durations: numbers as they stand (clocks in seconds already) and how its heading calls it.

    ``clock`` marks cells that were clocks, with their parts; ``calls`` are those that a total is divided by, which are
    ``all_offered`` where those answered, of whom a handle time is, are not told.
    """

    name: str
    file: str
    heading: str
    values: np.ndarray
    clock: np.ndarray | None
    calls: np.ndarray
    all_offered: bool = False


def seconds_per_call(told: Duration, answer: str | None, findings: Findings) -> np.ndarray:
    """Seconds per call. What cannot be settled is asked, and read as seconds meanwhile."""
    unit = answer or _settled(_sample(told), findings) or "s"
    if unit.startswith("total_") and told.all_offered:
        findings.note(
            f"{told.file}: '{told.heading}' is of all calls of a row together and is divided by the calls offered, "
            "since those answered are not told: handle time is too short where many were abandoned."
        )
    return in_unit(told, unit)


def can_be(heading: str, name: str, value: float, calls: float) -> bool:
    """Whether a usual ``value`` of a column, at so many calls, is possible in a unit that its heading leaves open."""
    told = Duration(name, "", heading, np.array([value]), None, np.array([calls]))
    low, high = POSSIBLE[name]
    return any(low <= in_unit(told, unit)[0] <= high for unit in _candidates(told))


def _sample(told: Duration) -> Duration:
    """Some thousands of rows tell a unit as well as millions."""
    step = max(1, len(told.values) // ENOUGH_ROWS)
    clock = None if told.clock is None else told.clock[::step]
    return replace(told, values=told.values[::step], clock=clock, calls=np.nan_to_num(told.calls[::step]))


def in_unit(told: Duration, unit: str) -> np.ndarray:
    """The column read in ``unit``; totals are divided by the calls of their row."""
    total = unit.startswith("total_")
    if unit == "s":
        return told.values
    factor: float | np.ndarray = SECONDS[unit.removeprefix("total_")]
    if told.clock is not None and told.clock.any() and unit != "m:ss":
        factor = np.where(told.clock > 0, 1.0, factor)
    seconds = told.values * factor
    if not total:
        return np.asarray(seconds)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(told.calls > 0, seconds / told.calls, np.nan)


def _settled(told: Duration, findings: Findings) -> str | None:
    """The unit; None when it was asked, or when there is nothing to tell from."""
    some = (told.values > 0) & (told.calls > 0)
    if not some.any():
        return None
    typical = {unit: float(np.median(in_unit(told, unit)[some])) for unit in _candidates(told)}
    low, high = POSSIBLE[told.name]
    possible = [unit for unit, seconds in typical.items() if low <= seconds <= high]
    low, high = LIKELY[told.name]
    likely = [unit for unit in possible if low <= typical[unit] <= high]
    spread = _spread(told, some)
    totals = [unit for unit in likely or possible if unit.startswith("total_")]
    if aggregate_of(told.heading) is None and spread is not None:
        kept = totals if spread == "total" else [unit for unit in possible if not unit.startswith("total_")]
        if not likely or set(likely) & set(kept):  # else what is likely contradicts the spread: it is asked
            possible, likely = kept or possible, [unit for unit in likely if unit in kept] or kept
    return _chosen(told, (typical, possible, likely), findings)


def _candidates(told: Duration) -> list[str]:
    """Units that the heading leaves open."""
    unit, aggregate = unit_of(told.heading), aggregate_of(told.heading)
    clocks = told.clock is not None and bool((told.clock > 0).mean() > 0.5)
    units = ["s", "m:ss"] if clocks else [unit] if unit else ["s", "ms", "min", "h", "day"]
    totals = [f"total_{each}" for each in units if each in ("s", "ms", "min", "h")]
    if aggregate == "mean" or (unit and aggregate is None and not clocks and told.heading.lower().startswith("aht")):
        return units
    return totals if aggregate == "total" else [*units, *totals]


def _spread(told: Duration, some: np.ndarray) -> str | None:
    """``total`` where the numbers go with the calls, ``mean`` where they do not; None where that cannot be told."""
    values, calls = told.values[some], told.calls[some]
    if len(values) < FEWEST_TO_TELL or np.std(calls) < 0.05 * np.mean(calls):
        return None
    if np.std(values) == 0:
        return "mean"
    ratio = values / calls
    mean, divided = (float(np.std(each) / np.mean(each)) for each in (values, ratio))
    together = float(np.corrcoef(values, calls)[0, 1]) * np.sqrt(len(values))
    if divided < FOLLOWS * mean or (divided < mean and together > SURELY_TOGETHER):
        return "total"
    return "mean" if mean < divided and together < SURELY_TOGETHER else None


def _chosen(told: Duration, found: tuple[dict[str, float], list[str], list[str]], findings: Findings) -> str | None:
    typical, possible, likely = found
    first = next(iter(typical))
    totals = [unit for unit in likely if unit.startswith("total_")]
    usual_s = USUAL_S if len(told.values) >= FEWEST_TO_TELL else USUAL_OF_FEW_S
    if first in likely and not (totals and aggregate_of(told.heading) is None and typical[first] > usual_s):
        return _sayable(told, first, findings)
    if len(likely) == 1 and (likely[0].removeprefix("total_") in SURE or (likely[0] == "total_s" and not possible[1:])):
        return _sayable(told, likely[0], findings)
    if first in possible and not likely:
        return _sayable(told, first, findings)
    if len(possible) == 1 and first == possible[0]:
        return _sayable(told, first, findings)
    if (not likely and told.name == "wait") or any(asked.option == "decimal" for asked in findings.questions):
        return first
    units = list(dict.fromkeys([*likely, *possible, first]))[:4]
    if len(units) < 2:
        units.append("s" if first.startswith("total_") else "total_s")
    _ask(told, units, findings)
    return None


def _sayable(told: Duration, unit: str, findings: Findings) -> str:
    if unit != "s" or (told.clock is not None and told.clock.any()):
        how = "durations as H:MM:SS or M:SS" if unit == "s" else NAMED[unit]
        findings.guess(told.file, f"'{told.heading}'", how)
    return unit


def _ask(told: Duration, units: list[str], findings: Findings) -> None:
    some = (told.values > 0) & (told.calls > 0)
    at = int(np.flatnonzero(some)[0])
    usual: Callable[[str], float] = lambda unit: float(np.median(in_unit(told, unit)[some]))  # noqa: E731
    reading: Callable[[str], Reading] = lambda unit: Reading(  # noqa: E731
        unit,
        f"in {NAMED[unit]}, {usual(unit):,.0f} s per call as a rule",
        f"{told.values[at]:g} → {in_unit(told, unit)[at]:,.0f} s",
    )
    asks = f"'{told.heading}' can be in several units: as seconds per call, {usual('s'):,.1f} s would be the usual."
    findings.ask(Question(f"unit.{told.name}", told.file, asks, tuple(reading(unit) for unit in units)))
