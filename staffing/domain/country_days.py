"""The days that a country keeps, by name."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache

from staffing.domain.kept_days import customary_days

PUBLIC = ("public",)
#: Days off for some, or for some hours, or for nobody.
KEPT = ("unofficial", "optional", "half_day", "workday", "custom")


def country_days(country: str, first: dt.date, last: dt.date, kinds: tuple[str, ...] = PUBLIC) -> dict[dt.date, str]:
    """Days of these ``kinds`` in the years from ``first`` to ``last``, as far as the country's table has such.

    Future lunar dates lose their "(estimated)" mark, so that a day keeps one name over the years.
    """
    return dict(_table(country, first.year, last.year, kinds))


@cache  # every queue of a site asks for the same years
def _table(country: str, first_year: int, last_year: int, kinds: tuple[str, ...]) -> dict[dt.date, str]:
    import holidays

    years, found = range(first_year, last_year + 1), dict[dt.date, str]()
    if "custom" in kinds:
        found = customary_days(_code(country), years, _table(country, first_year - 1, last_year + 1, PUBLIC))
    known = [kind for kind in kinds if kind in holidays.country_holidays(country).supported_categories]
    if known:
        table = holidays.country_holidays(country, years=years, categories=known, language=_language(country))
        found |= {day: re.sub(r"\s*\((estimated|observed)\)", "", name).strip() for day, name in table.items()}
    return found


def _code(country: str) -> str:
    """The two letters of a country that may go by another name."""
    import holidays

    code: str = holidays.country_holidays(country).country
    return code


def _language(country: str) -> str | None:
    import holidays

    languages = holidays.list_localized_countries().get(country, [])
    return next((language for language in ("en_US", "en_GB", "en") if language in languages), None)
