"""What people read, in their own language: texts, digits, names of days and dates.

English stands in the code; every other language is one catalogue, ``catalogues/CODE/staffing.po`` with its compiled
``.mo``. The language belongs to the one who reads: ``with speaking("fa"):`` holds for the running task alone.
"""

from staffing.language.dates import (
    date_text,
    day_and_month,
    day_month,
    is_month_start,
    jalali,
    read_date,
    weekday_name,
    weekday_short,
    year_text,
)
from staffing.language.heard import heard
from staffing.language.texts import LANGUAGES, Language, digits, known, marked, ntext, read_by, speaking, spoken, text

__all__ = [
    "LANGUAGES",
    "Language",
    "date_text",
    "day_and_month",
    "day_month",
    "digits",
    "heard",
    "is_month_start",
    "jalali",
    "known",
    "marked",
    "ntext",
    "read_by",
    "read_date",
    "speaking",
    "spoken",
    "text",
    "weekday_name",
    "weekday_short",
    "year_text",
]
