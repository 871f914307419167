"""Days that a country keeps by custom, where no table of holidays lists them.

Only what is publicly known: dates, never what they do to calls, which each queue's own past teaches. One name a day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence

Days = Iterator[tuple[dt.date, str]]
SUNDAY, MONDAY, WEDNESDAY, THURSDAY = 6, 0, 2, 3


def customary_days(country: str, years: Sequence[int], public: Mapping[dt.date, str]) -> dict[dt.date, str]:
    """Days of these Gregorian ``years`` that the ``country`` keeps by custom, by name; none where none are known.

    ``public`` are its public holidays of the same years, by which those of the moon and of Easter are found.
    """
    found = dict[dt.date, str]()
    for year in years if country in CUSTOMS else ():
        for day, name in CUSTOMS[country](year, public):
            if day.year == year:
                found.setdefault(day, name)
    return found


def _iran(year: int, public: Mapping[dt.date, str]) -> Days:
    """The first three months of ``year`` are the last of its Jalali year before, and the year begins in March."""
    from persiantools.jdatetime import JalaliDate

    def day(month: int, date: int, jalali: int = year - 621) -> dt.date:
        found: dt.date = JalaliDate(jalali, month, date).to_gregorian()
        return found

    nowruz = day(1, 1)
    yield _last(WEDNESDAY, nowruz) - dt.timedelta(days=1), "Chaharshanbe Suri"  # the eve of the year's last Wednesday
    for date in range(25, 29):
        yield day(12, date, year - 622), "Last Days of Esfand"
    for date in range(5, 12):
        yield day(1, date), "Nowruz Fortnight"
    yield day(9, 30), "Yalda Night"
    for holiday, name in public.items():
        if "Martyrdom of Fatima" in name:  # 3 Jumada II; the day kept is the 20th
            yield holiday + dt.timedelta(days=17), "Mother's Day"
        if "Martyrdom of Imam Ali" in name:  # 21 Ramadan
            yield holiday - dt.timedelta(days=20), "First Day of Ramadan"


def _britain(year: int, public: Mapping[dt.date, str]) -> Days:
    """Bank holidays of England and Wales among them, which are not all of the kingdom's."""
    for holiday, name in public.items():
        if name == "Good Friday":
            yield holiday - dt.timedelta(days=19), "Mother's Day"  # the fourth Sunday in Lent
            yield holiday + dt.timedelta(days=2), "Easter Sunday"
            yield holiday + dt.timedelta(days=3), "Easter Monday"
    yield dt.date(year, 2, 14), "Valentine's Day"
    yield _last(SUNDAY, dt.date(year, 6, 22)), "Father's Day"  # the third in June
    yield _last(MONDAY, dt.date(year, 9, 1)), "Summer Bank Holiday"
    yield dt.date(year, 10, 31), "Halloween"
    yield dt.date(year, 11, 5), "Bonfire Night"
    thanksgiving = _last(THURSDAY, dt.date(year, 11, 29))  # the fourth in November
    yield thanksgiving + dt.timedelta(days=1), "Black Friday"
    yield thanksgiving + dt.timedelta(days=4), "Cyber Monday"
    yield dt.date(year, 12, 24), "Christmas Eve"
    for date in range(27, 31):
        yield dt.date(year, 12, date), "Between the Years"
    yield dt.date(year, 12, 31), "New Year's Eve"


def _last(weekday: int, before: dt.date) -> dt.date:
    """The last such weekday (0 = Monday) before a day."""
    return before - dt.timedelta(days=(before.weekday() - weekday - 1) % 7 + 1)


CUSTOMS: dict[str, Callable[[int, Mapping[dt.date, str]], Days]] = {"IR": _iran, "GB": _britain}
