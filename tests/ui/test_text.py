import datetime as dt
import math

import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.ui import text

TEHRAN = SiteCalendar(timezone="Asia/Tehran", week_start="saturday", display="jalali")


def test_names_are_data_not_markdown():
    assert text.escape("![x](http://evil/?q)") == r"\!\[x\]\(http\://evil/?q\)"
    assert text.escape("**bold** $a$ :red[x]") == r"\*\*bold\*\* \$a\$ \:red\[x\]"
    assert text.escape("two\n\nlines") == "two lines"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (text.count(12345.4), "12,345"),
        (text.count(math.nan), "–"),
        (text.count(math.inf), "∞"),
        (text.count(-0.2), "0"),
        (text.share(0.7956), "79.6 %"),
        (text.share(None), "–"),
        (text.seconds(17.12), "17.1 s"),
        (text.seconds(180), "180 s"),
        (text.seconds(math.inf), "∞"),
        (text.seconds(1200), "20 min"),
        (text.hours(math.nan), "–"),
        (text.with_unit(3040, 0, "EUR"), "3,040 EUR"),
        (text.signed(-3.2), "−3"),
        (text.signed(0.2), "0"),
        (text.signed(12.34, 1, "h"), "+12.3 h"),
        (text.delta(-18.84, 1, "h"), "-18.8 h"),
        (text.delta(0.01, 1, "h"), None),
        (text.delta(math.nan), None),
        (text.delta(100), "+100"),
    ],
)
def test_figures(written, expected):
    assert written == expected


def test_jalali_dates_stand_beside_gregorian_ones():
    # 1 Farvardin 1405 is 21 March 2026, a Saturday (Iran's official calendar).
    new_year = dt.date(2026, 3, 21)
    assert text.day(new_year, TEHRAN) == "Sat 21 Mar 2026 · 1 Farvardin 1405"
    assert text.short_day(new_year, TEHRAN) == "Sat 1 Farvardin · 21 Mar"
    assert text.week(new_year, TEHRAN) == "Sat 21 Mar – Fri 27 Mar 2026 · 1 Farvardin 1405 – 7 Farvardin 1405"
    assert text.day(new_year, SiteCalendar()) == "Sat 21 Mar 2026"


def test_a_week_across_new_year_names_both_years():
    assert text.week(dt.date(2026, 12, 28), SiteCalendar()) == "Mon 28 Dec 2026 – Sun 3 Jan 2027"


def test_long_names_are_cut():
    assert text.short("x" * 50, 10) == "x" * 9 + "…"
    assert text.short("short") == "short"
