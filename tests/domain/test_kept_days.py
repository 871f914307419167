"""Days kept by custom in Iran and Britain, against dates written down by hand from what papers announced."""

import datetime as dt

import pytest

from staffing.domain.calendar import SiteCalendar

DATES = {
    ("IR", "Yalda Night"): "2019-12-21 2020-12-20 2021-12-21 2022-12-21 2023-12-21 2024-12-20 2025-12-21",
    ("IR", "Chaharshanbe Suri"): "2019-03-19 2020-03-17 2021-03-16 2022-03-15 2023-03-14 2024-03-12 2025-03-18",
    # in 2023 a holiday of Nowruz, in 2024 the day of Chaharshanbe Suri
    ("IR", "First Day of Ramadan"): "2019-05-07 2020-04-25 2021-04-14 2022-04-03 2025-03-02",
    ("IR", "Mother's Day"): "2019-02-26 2020-02-15 2021-02-03 2022-01-23 2023-01-13 2024-01-03 2024-12-22 2025-12-11",
    ("GB", "Mother's Day"): "2019-03-31 2020-03-22 2021-03-14 2022-03-27 2023-03-19 2024-03-10 2025-03-30",
    ("GB", "Easter Sunday"): "2019-04-21 2020-04-12 2021-04-04 2022-04-17 2023-04-09 2024-03-31 2025-04-20",
    ("GB", "Easter Monday"): "2019-04-22 2020-04-13 2021-04-05 2022-04-18 2023-04-10 2024-04-01 2025-04-21",
    ("GB", "Father's Day"): "2019-06-16 2020-06-21 2021-06-20 2022-06-19 2023-06-18 2024-06-16 2025-06-15",
    ("GB", "Summer Bank Holiday"): "2019-08-26 2020-08-31 2021-08-30 2022-08-29 2023-08-28 2024-08-26 2025-08-25",
    ("GB", "Black Friday"): "2019-11-29 2020-11-27 2021-11-26 2022-11-25 2023-11-24 2024-11-29 2025-11-28",
    ("GB", "Cyber Monday"): "2019-12-02 2020-11-30 2021-11-29 2022-11-28 2023-11-27 2024-12-02 2025-12-01",
}
#: Of each year, as month and day.
YEARLY = {
    "Valentine's Day": "02-14",
    "Halloween": "10-31",
    "Bonfire Night": "11-05",
    "Christmas Eve": "12-24",
    "New Year's Eve": "12-31",
}
FIRST, LAST = dt.date(2019, 1, 1), dt.date(2025, 12, 31)


def kept(country, name, first=FIRST, last=LAST):
    found = SiteCalendar(country=country).kept_days(first, last)
    return sorted(day for day, kept_name in found.items() if kept_name == name)


def days(written):
    return [dt.date.fromisoformat(day) for day in written.split()]


@pytest.mark.parametrize(("country", "name"), DATES)
def test_days_that_move_fall_on_their_dates(country, name):
    assert kept(country, name) == days(DATES[country, name])


@pytest.mark.parametrize("name", YEARLY)
def test_days_that_stay_come_each_year(name):
    assert kept("GB", name) == [dt.date.fromisoformat(f"{year}-{YEARLY[name]}") for year in range(2019, 2026)]


def test_spans_of_days_leave_out_what_is_a_public_holiday():
    british = [
        (one.month, one.day) for one in kept("GB", "Between the Years", dt.date(2021, 12, 1), dt.date(2022, 12, 31))
    ]
    assert british == [(12, 29), (12, 30), (12, 28), (12, 29), (12, 30)]  # bank holidays stood in on the 27th and 28th
    fortnight = kept("IR", "Nowruz Fortnight", dt.date(2023, 1, 1), dt.date(2023, 12, 31))
    assert fortnight == days("2023-03-25 2023-03-26 2023-03-27 2023-03-28 2023-03-29 2023-03-30 2023-03-31")
    assert kept("IR", "Last Days of Esfand", dt.date(2023, 1, 1), dt.date(2023, 12, 31)) == days(
        "2023-03-16 2023-03-17 2023-03-18 2023-03-19"
    )


def test_other_countries_keep_what_their_table_lists_and_a_country_may_go_by_two_names():
    assert SiteCalendar(country="DE").kept_days(FIRST, LAST) == {}
    assert SiteCalendar(country="UK").kept_days(FIRST, LAST) == SiteCalendar(country="GB").kept_days(FIRST, LAST)
    assert "Black Friday" not in SiteCalendar(country="US").kept_days(FIRST, LAST).values()
