"""Calendars on a page: days of the month across, months across; every day falls where it was."""

import calendar

import pandas as pd
import pytest

from staffing.history.meaning.months import day_of, month_of
from tests.history.samples import lines, xlsx
from tests.history.test_kinds import read

MONTHS = [(2024, 12), (2025, 1), (2025, 2), (2025, 3)]
DAYS = [str(day) for day in range(1, 32)]


def calls(year, month, day):
    return 100 + 37 * month % 11 + 3 * day + (year == 2025)


def cell(year, month, day, lacking=""):
    return str(calls(year, month, day)) if day <= calendar.monthrange(year, month)[1] else lacking


def truth(months=MONTHS):
    days = [(y, m, d) for y, m in months for d in range(1, calendar.monthrange(y, m)[1] + 1)]
    return {f"{y}-{m:02d}-{d:02d}": calls(y, m, d) for y, m, d in days}


def found(report):
    assert report.status == "read", (report.problems, report.questions)
    frame = report.history.frame.dropna(subset="calls")
    return dict(zip(frame["start"].dt.strftime("%Y-%m-%d"), frame["calls"], strict=True))


@pytest.mark.parametrize(
    "name",
    [
        lambda y, m: f"{y}-{m:02d}",
        lambda y, m: f"{m:02d}/{y}",
        lambda y, m: f"{calendar.month_abbr[m]} {y}",
        lambda y, m: f"{calendar.month_abbr[m]}-{y % 100}",
        lambda y, m: f"{['Dezember', 'Januar', 'Februar', 'März'][m % 12]} {y}",
        lambda y, m: f"{y}-{m:02d}-01 00:00:00",
        lambda y, m: f"01.{m:02d}.{y}",
        lambda y, m: f"{m}/1/{y}",
    ],
)
def test_months_down_and_across(name):
    down = [f"{name(y, m)},{','.join(cell(y, m, d) for d in range(1, 32))}" for y, m in MONTHS]
    assert found(read(lines(f"Month,{','.join(DAYS)}", *down))) == truth()
    heads = ",".join(name(y, m) for y, m in MONTHS)
    rows = [f"{d},{','.join(cell(y, m, d) for y, m in MONTHS)}" for d in range(1, 32)]
    assert found(read(lines(f"Day,{heads}", *rows))) == truth()


def test_totals_and_zeros_for_days_that_a_month_has_not():
    rows = [[cell(y, m, d, "0") for d in range(1, 32)] for y, m in MONTHS]
    down = [f"{y}-{m:02d},{','.join(row)},{sum(map(int, row))}" for (y, m), row in zip(MONTHS, rows, strict=True)]
    last = f"Total,{','.join(str(sum(map(int, column))) for column in zip(*rows, strict=True))},9"
    assert found(read(lines(f"Month,{','.join(DAYS)},Total", *down, last))) == truth()
    down = [f"{d},{','.join(cell(y, m, d) for y, m in MONTHS)},1" for d in range(1, 32)]
    totals = ",".join(str(sum(calls(y, m, d) for d in range(1, calendar.monthrange(y, m)[1] + 1))) for y, m in MONTHS)
    heads = ",".join(f"{y}-{m:02d}" for y, m in MONTHS)
    assert found(read(lines(f"Day,{heads},Total", *down, f"Total,{totals},1"))) == truth()


def test_the_year_in_a_column_or_above_the_table():
    months = MONTHS[1:]
    rows = [f"{calendar.month_name[m]},{','.join(cell(y, m, d) for d in range(1, 32))}" for y, m in months]
    assert found(read(lines("Calls of 2025", f"Month,{','.join(DAYS)}", *rows))) == truth(months)
    rows = [f"{y},{m},{','.join(cell(y, m, d) for d in range(1, 32))}" for y, m in MONTHS]
    assert found(read(lines(f"Year,Month,{','.join(DAYS)}", *rows))) == truth()


def test_without_a_year_it_is_refused():
    rows = [f"{calendar.month_name[m]},{','.join(cell(y, m, d) for d in range(1, 32))}" for y, m in MONTHS]
    report = read(lines(f"Month,{','.join(DAYS)}", *rows))
    assert report.status == "refused"
    assert "does not say of which month and year" in report.problems[0].reason


def test_times_down_and_queues_down():
    times = [f"{hour:02d}:00" for hour in range(8, 12)]
    rows = [f"{time},{','.join(str(k + day) for day in range(1, 32))}" for k, time in enumerate(times)]
    frame = read(lines("January 2025", f"Time,{','.join(DAYS)}", *rows)).history.frame
    at = frame.set_index("start")["calls"].dropna()
    assert len(at) == 4 * 31
    assert at[pd.Timestamp("2025-01-17 10:00", tz="UTC")] == 2 + 17
    rows = [f"{month},{queue},{','.join(map(str, range(k, k + 31)))}"
            for month in ("2025-01", "2025-03") for k, queue in enumerate(("Sales", "Care"))]  # fmt: skip
    frame = read(lines(f"Month,Queue,{','.join(DAYS)}", *rows)).history.frame
    told = frame.set_index(["queue", "start"])["calls"]
    assert told["Care", pd.Timestamp("2025-03-31", tz="UTC")] == 31
    assert told["Sales", pd.Timestamp("2025-01-01", tz="UTC")] == 0


def test_the_persian_calendar():
    lengths = {"فروردین ۱۴۰۳": 31, "مهر ۱۴۰۳": 30, "اسفند ۱۴۰۳": 30}
    rows = [f"{name},{','.join(str(d) if d <= last else '' for d in range(1, 32))}" for name, last in lengths.items()]
    told = found(read(lines(f"ماه,{','.join(DAYS)}", *rows)))
    assert (told["2024-03-20"], told["2024-10-21"], told["2025-03-20"], len(told)) == (1, 30, 30, 91)


def test_spreadsheets_with_typed_months():
    import datetime as dt

    rows = [["Month", *range(1, 32)]]
    rows += [[dt.datetime(y, m, 1), *(int(cell(y, m, d) or -1) for d in range(1, 32))] for y, m in MONTHS]
    rows = [[None if each == -1 else each for each in row] for row in rows]
    assert found(read(xlsx(("calls", rows)), name="a.xlsx")) == truth()


@pytest.mark.parametrize(
    "text", ["Sales", "May be", "2025", "13/2025", "2025-03-14", "Mar 3 2025", "3 Mar", "", "0/2025"]
)
def test_no_months(text):
    assert month_of(text) is None


def test_days():
    assert [day_of(text) for text in ("1", "03", "31.", "2nd", "Day 7", "۵")] == [1, 3, 31, 2, 7, 5]
    assert [day_of(text) for text in ("0", "32", "100", "1.5", "x", "8:00")] == [None] * 6
