"""Totals among the rows, told by what they add up to."""

import pytest

from staffing.history import preview
from tests.history.samples import lines, xlsx
from tests.history.test_kinds import CALLS, DAYS, HALF_HOURS, SUM, noted, read, rows, total


def by_day(write, *, above):
    table = []
    for day in DAYS:
        intervals = [row for row in rows() if row.startswith(day)]
        sums = [write(day, sum(CALLS))]
        table += [*sums, *intervals] if above else [*intervals, *sums]
    return lines("Date,Time,Calls", *table)


@pytest.mark.parametrize("above", [True, False])
@pytest.mark.parametrize("clock", ["00:00", "24:00", "23:59", "09:00", "09:00-15:00", "0:00:00"])
def test_totals_of_days_at_one_time_of_day(clock, above):
    report = read(by_day(lambda day, calls: f"{day},{clock},{calls}", above=above))
    assert total(report) == SUM
    assert noted(report, "sum of the other rows of their day")
    assert f"{report.history.frame['start'].min():%H:%M}" == "09:00"


def test_totals_of_two_days_that_name_no_queue():
    table = []
    for day in DAYS[:2]:
        table += [
            f"{day},0:00,,{sum(CALLS)}",
            *(f"{day},{t},Sales,{c}" for t, c in zip(HALF_HOURS, CALLS, strict=True)),
        ]
    report = read(lines("Date,Time,Queue,Calls", *table))
    assert total(report) == 2 * sum(CALLS)
    assert set(report.history.frame["queue"]) == {"Sales"}


def test_totals_at_midnight_of_days_that_have_calls_at_midnight():
    calls = [5 + 7 * hour % 13 for hour in range(24)]
    table = []
    for day in DAYS:
        table += [*(f"{day},{hour:02d}:00,{calls[hour]}" for hour in range(24)), f"{day},00:00,{sum(calls)}"]
    assert total(read(lines("Date,Time,Calls", *table))) == 3 * sum(calls)


def test_a_busy_hour_that_is_half_of_a_day_once_stays():
    day = [f"{DAYS[0]},{time},{calls}" for time, calls in zip(HALF_HOURS, CALLS, strict=True)]
    spoiled = [f"{DAYS[0]},09:00,{sum(CALLS[1:])}", *day[1:], *(row for row in rows() if not row.startswith(DAYS[0]))]
    assert total(read(lines("Date,Time,Calls", *spoiled))) == SUM - CALLS[0] + sum(CALLS[1:])


HOURS = [f"{day},{HALF_HOURS[k]},{CALLS[k] + CALLS[k + 1]}" for day in DAYS for k in range(0, 12, 2)]


@pytest.mark.parametrize(
    "table",
    [
        [row for k, hour in enumerate(HOURS) for row in (hour, *rows()[2 * k : 2 * k + 2])],
        [row for k, hour in enumerate(HOURS) for row in (*rows()[2 * k : 2 * k + 2], hour)],
        [*rows(), *HOURS],
    ],
)
def test_totals_of_hours_among_half_hours(table):
    report = read(lines("Date,Time,Calls", *table))
    assert total(report) == SUM
    assert noted(report, "18 rows", "sum of the intervals")


def test_totals_of_hours_named_by_their_end():
    ends = [f"{day},{plus},{CALLS[k]}" for day in DAYS for k, plus in enumerate([*HALF_HOURS[1:], "15:00"])]
    table = [row for k, row in enumerate(ends)]
    hours = [
        f"{day},{[*HALF_HOURS[1:], '15:00'][k + 1]},{CALLS[k] + CALLS[k + 1]}" for day in DAYS for k in range(0, 12, 2)
    ]
    assert total(read(lines("Date,Interval end,Calls", *table, *hours))) == SUM


def test_repeats_that_are_no_sums_are_still_asked_or_refused():
    report = read(lines("Date,Time,Calls", *rows(), *(f"{row.rpartition(',')[0]},3" for row in rows()[:4])))
    assert report.status == "refused"
    assert not noted(report, "sum of the intervals")


def test_a_table_of_days_beside_its_intervals_is_left_out_or_refused(tmp_path):
    (tmp_path / "a.csv").write_bytes(lines("Date,Time,Calls", *rows()))
    (tmp_path / "b.csv").write_bytes(lines("Date,Calls", *(f"{day},{sum(CALLS)}" for day in DAYS)))
    report = preview(tmp_path)
    assert total(report) == SUM
    assert noted(report, "b.csv", "sums of days")
    (tmp_path / "b.csv").write_bytes(lines("Date,Calls", *(f"{day},{sum(CALLS) + 7}" for day in DAYS)))
    assert preview(tmp_path).status == "refused"


def test_a_pivot_sheet_of_days_and_queues():
    intervals = [("Date", "Time", "Queue", "Calls")]
    intervals += [(*row.split(",")[:2], queue, calls) for row in rows() for queue, calls in (("A", 5), ("B", 9))]
    pivot = [
        ("Date", "Queue", "Calls"),
        *((day, queue, 12 * calls) for day in DAYS for queue, calls in (("A", 5), ("B", 9))),
    ]
    report = read(xlsx(("Data", intervals), ("By day", pivot)), name="a.xlsx")
    assert total(report) == 36 * 14
    assert noted(report, "a.xlsx[By day]", "sums of days")
