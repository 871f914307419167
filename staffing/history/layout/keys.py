"""What headings side by side are: times of day, days, or weekdays; hours and 0800 as well as 08:00."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import pandas as pd

from staffing.history.layout.headings import meaning
from staffing.history.meaning.clocks import DAY_MIN, clock_range, read_clocks
from staffing.history.meaning.numerals import western
from staffing.history.meaning.spelled import folded, weekday_of
from staffing.history.meaning.times import read_times

Of = Literal["time", "date", "weekday"]
FEWEST: dict[Of, int] = {"time": 4, "date": 2, "weekday": 3}
FEWEST_HOURS, HOURS = 6, 24
STEPS_MIN = (5, 10, 15, 20, 30, 60)
CLOCK = r"\d{1,2}[:.hH٫]\d{2}(?::\d{2})?(?:\s*[AaPp]\.?[Mm]\.?)?"
HOUR = re.compile(r"^(?:h|hr|hour|stunde|std|saat|hora|heure|ساعت|الساعه|uhr)\.?\s*(\d{1,2})$")
HOURS_RANGE = re.compile(r"^(\d{1,2})\s*(?:-|–|—|bis|to|تا)\s*(\d{1,2})\s*(?:h|uhr)$")
LETTER = re.compile(r"^(\d{1,2}(?::\d{2})?)\s*([ap])$")


@dataclass(frozen=True)
class Keys:
    """``texts`` are the keys by place as a time column would have them, ``measures`` the figures that headings add."""

    of: Of
    texts: dict[int, str]
    measures: dict[int, str]


def keys_of(cells: Sequence[str]) -> Keys | None:
    """Times of day, days or weekdays among headings; None where there are too few."""
    plain = list(western(pd.Series(list(cells), dtype="str")))
    found: tuple[Callable[[], Keys], ...] = (
        lambda: Keys("time", _clocks(plain), {}),
        lambda: Keys("weekday", _weekdays(plain), {}),
        lambda: Keys("date", _days(cells), {}),
        lambda: _with_measures(plain),
    )
    for look in found:
        keys = look()
        if len(keys.texts) >= FEWEST[keys.of]:
            return keys
    return None


def _clocks(cells: Sequence[str]) -> dict[int, str]:
    """Times as they are; hours, ranges of hours, HHMM and shares of a day as HH:MM."""
    spelled = {place: _spelled(text.strip()) for place, text in enumerate(cells) if text.strip()}
    told = {place: text for place, text in spelled.items() if not re.fullmatch(r"[\d.,]+", text)}
    if told:
        wrong = read_clocks(pd.Series(list(told.values()), dtype="str")).wrong
        clocks = {place: text for (place, text), bad in zip(told.items(), wrong, strict=True) if not bad}
        if len(clocks) >= FEWEST["time"]:
            return clocks
    return _numbers({place: text for place, text in spelled.items() if re.fullmatch(r"[\d.,]+", text)})


def _spelled(text: str) -> str:
    """'Hour 8', '8-9' and '8:00a' as times."""
    words = folded(text)
    hour, span, letter = HOUR.match(words), HOURS_RANGE.match(words), LETTER.match(words)
    if letter:
        return f"{letter[1]} {letter[2].upper()}M"
    if hour and int(hour[1]) <= HOURS:
        return f"{hour[1]}:00"
    if span and int(span[1]) <= HOURS and (int(span[2]) - int(span[1])) % 12 == 1:
        return f"{span[1]}:00"
    return text


def _numbers(texts: dict[int, str]) -> dict[int, str]:
    """Bare numbers as times: each hour by its number, HHMM, or shares of a day; all of them, or none."""
    numbers = pd.to_numeric(pd.Series(texts, dtype="str").str.replace(",", "."), errors="coerce")
    if len(numbers) < FEWEST["time"] or numbers.isna().any():
        return {}
    values = numbers.to_numpy(dtype=float)
    whole = bool((values == np.round(values)).all())
    if whole and values.max() <= HOURS and len(values) >= FEWEST_HOURS and (np.diff(values) % 12 == 1).all():
        minutes = values * 60
    elif all(re.fullmatch(r"\d{1,2}[.,][0-5]\d", text) for text in texts.values()):
        minutes = np.floor(values) * 60 + np.round(values % 1 * 100)  # 8.30 is half past eight
    elif whole and all(3 <= len(text) <= 4 for text in texts.values()) and (values % 100 < 60).all():
        minutes = values // 100 * 60 + values % 100
    elif not whole and (values < 1).all():
        minutes = np.round(values * DAY_MIN)
    elif (found := _whole_day(values)) is not None:
        minutes = found
    else:
        return {}
    steps = np.diff(minutes) % (DAY_MIN / 2)
    if minutes.max() > DAY_MIN or not len(steps) or steps.min() not in STEPS_MIN or (steps != steps.min()).mean() > 0.2:
        return {}
    return {place: f"{int(each) // 60}:{int(each) % 60:02d}" for place, each in zip(texts, minutes, strict=True)}


def _whole_day(values: np.ndarray) -> np.ndarray | None:
    """Minutes of the numbers of all half or quarter hours of a day, from 0 or from 1."""
    if (np.diff(values) != 1).any() or (values[0], values[-1]) not in ((0, 47), (1, 48), (0, 95), (1, 96)):
        return None
    return np.asarray((values - values[0]) * (DAY_MIN // len(values)))


def _weekdays(cells: Sequence[str]) -> dict[int, str]:
    """Names of weekdays one after the other, by their number from Monday."""
    named = {place: day for place, text in enumerate(cells) if (day := weekday_of(text)) is not None}
    days = list(named.values())
    follow = all((b - a) % 7 == 1 for a, b in pairwise(days))
    return {place: str(day) for place, day in named.items()} if follow and len(set(days)) == len(days) else {}


def _days(cells: Sequence[str]) -> dict[int, str]:
    texts = pd.Series([text if any(ch.isdigit() for ch in text) else "" for text in cells], dtype="str")
    if (texts != "").sum() < FEWEST["date"]:
        return {}
    wrong = read_times(texts).wrong
    return {place: cells[place] for place, bad in enumerate(wrong) if not bad and not texts[place].isdigit()}


def _with_measures(cells: Sequence[str]) -> Keys:
    """'08:00 Calls' is a time and a figure."""
    texts, measures = {}, {}
    for place, text in enumerate(cells):
        match = re.match(rf"^({CLOCK})\s+(\D+)$", text) or re.match(rf"^(\D+?)\s+({CLOCK})$", text)
        if match:
            clock, words = match.groups() if match[1][0].isdigit() else match.groups()[::-1]
            heading = meaning(words)
            if heading is not None and not np.isnan(clock_range(clock)[0]):
                texts[place], measures[place] = clock, heading.meaning
    return Keys("time", texts, measures)
