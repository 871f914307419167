"""Texts, digits and dates in the language that is spoken."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from staffing.errors import InputError
from staffing.language import date_text, day_month, digits, read_date, speaking, spoken, text, weekday_name
from tests.evaluation.two_people import scenario

DAY = dt.date(2026, 11, 22)  # Yekshanbe 1 Azar 1405
JALALI = scenario(site={"display": "jalali"}).site


def test_english_stands_in_the_code_and_unknown_texts_stay() -> None:
    assert text("Week of {day}", day=3) == "Week of 3"
    with speaking("fa"):
        assert text("Week of {day}", day="۳") == "هفتهٔ ۳"
        assert text("no such text") == "no such text"
    assert spoken().code == "en"


@pytest.mark.parametrize("written", ["2026-11-22", "1405-09-01", "۱۴۰۵/۹/۱", " ۱۴۰۵-۰۹-۰۱ ", "2026/11/22"])
def test_a_date_is_read_in_either_calendar(written: str) -> None:
    assert read_date(written) == DAY


@pytest.mark.parametrize("written", ["", "tomorrow", "1405/13/01", "1405/12/31", "2026-02-30", "22-11-2026"])
def test_what_is_no_date_is_none(written: str) -> None:
    assert read_date(written) is None


def test_a_list_in_figures_has_the_comma_of_a_list() -> None:
    with speaking("fa"):
        assert digits("2, 4") == "۲، ۴"
        assert digits("1,234, 5.5 h.") == "۱٬۲۳۴، ۵٫۵ h."


def test_nothing_is_asked_of_the_catalogue_for_an_empty_text() -> None:
    with speaking("fa"):
        assert text("") == ""


def test_digits_and_dates_are_the_readers() -> None:
    assert digits("1,234.5") == "1,234.5"
    assert date_text(DAY, JALALI) == "2026-11-22 (1405-09-01)"
    with speaking("fa"):
        assert digits("1,234.5 %") == "۱٬۲۳۴٫۵ ٪"
        assert date_text(DAY, JALALI) == "۱۴۰۵/۰۹/۰۱"
        assert (weekday_name(DAY), day_month(DAY, JALALI)) == ("یکشنبه", "۱ آذر")


def test_two_readers_at_once_do_not_hear_each_other() -> None:
    def said(code: str) -> str:
        with speaking(code):
            return text("Monday")

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(said, ["en", "fa"] * 50)) == ["Monday", "دوشنبه"] * 50


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(InputError, match=r"there is no language 'xx'\. Choose one of en, fa"), speaking("xx"):
        pass
