"""In which language a country's holidays are named."""

from __future__ import annotations


def holiday_language(country: str) -> str | None:
    import holidays

    languages = holidays.list_localized_countries().get(country, [])
    return next((language for language in ("en_US", "en_GB", "en") if language in languages), None)
