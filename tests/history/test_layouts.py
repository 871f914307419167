"""Tables that lie otherwise than a row per interval: columns of times, days, weekdays; rows of figures."""

import pytest

from tests.history.samples import lines
from tests.history.test_kinds import CALLS, DAYS, HALF_HOURS, SUM, noted, read, total

HOURS = [sum(CALLS[k : k + 2]) for k in range(0, 12, 2)]


def first_and_total(report):
    assert report.status == "read", (report.problems, report.questions)
    frame = report.history.frame.dropna(subset="calls")
    return f"{frame['start'].min():%Y-%m-%d %H:%M}", frame["calls"].sum()


def minutes(time):
    return int(time[:2]) * 60 + int(time[3:])


def plus(time, more=30):
    return f"{(minutes(time) + more) // 60:02d}:{(minutes(time) + more) % 60:02d}"


def across(headings, calls=CALLS, extra=""):
    return lines(
        f"Date{extra},{','.join(headings)}", *(f"{day}{extra and ',x'},{','.join(map(str, calls))}" for day in DAYS)
    )


class TestTimesAcross:
    @pytest.mark.parametrize(
        "write",
        [
            lambda t: t.replace(":", ""),
            lambda t: f"{int(t[:2])}{t[3:]}",
            lambda t: f"{minutes(t) / 1440:.10f}",
            lambda t: f"{t}-{plus(t)}",
            lambda t: f"{t} Calls",
            lambda t: f"{(int(t[:2]) - 1) % 12 + 1}:{t[3:]}{'a' if t < '12' else 'p'}",
            lambda t: t.translate(str.maketrans("0123456789:", "۰۱۲۳۴۵۶۷۸۹:")),
            lambda t: f"{int(t[:2])}.{t[3:]}",
        ],
    )
    def test_half_hours_written_in_many_ways(self, write):
        assert first_and_total(read(across([write(t) for t in HALF_HOURS]))) == ("2025-03-24 09:00", SUM)

    @pytest.mark.parametrize("write", ["{h}-{e}", "H{h}", "Hour {h}", "{h}", "{h:02d}00-{e:02d}00", "ساعت {h}", "{h}h"])
    def test_hours_written_in_many_ways(self, write):
        headings = [write.format(h=hour, e=hour + 1) for hour in range(9, 15)]
        assert first_and_total(read(across(headings, HOURS))) == ("2025-03-24 09:00", SUM)

    def test_offered_and_answered_of_each_time(self):
        headings = [f"{time} {what}" for time in HALF_HOURS for what in ("Offered", "Answered")]
        report = read(across(headings, [each for calls in CALLS for each in (calls, calls - 2)]))
        assert first_and_total(report) == ("2025-03-24 09:00", SUM)
        assert report.history.frame["answered"].sum() == SUM - 72

    def test_times_above_repeated_figures_are_no_queues(self):
        upper = "," + ",,".join(HALF_HOURS) + ","
        table = [f"{day},{','.join(f'{calls},{calls - 2}' for calls in CALLS)}" for day in DAYS]
        report = read(lines(upper, "Date," + ",".join(["Offered,Answered"] * 12), *table))
        assert first_and_total(report) == ("2025-03-24 09:00", SUM)

    def test_numbers_of_all_half_hours(self):
        for first in (0, 1):
            headings = map(str, range(first, first + 48))
            table = [f"{day},{','.join(['3'] * 48)}" for day in DAYS]
            assert first_and_total(read(lines(f"Date,{','.join(headings)}", *table))) == ("2025-03-24 00:00", 432)


WEEK = [500, 510, 480, 470, 530, 120, 90]


class TestWeekdaysAcross:
    @pytest.mark.parametrize(
        ("names", "dates"),
        [
            ("Mon,Tue,Wed,Thu,Fri,Sat,Sun", ["2025-03-03", "2025-03-10"]),
            ("Mo,Di,Mi,Do,Fr,Sa,So", ["03.03.2025", "10.03.2025"]),
            ("Montag,Dienstag,Mittwoch,Donnerstag,Freitag,Samstag,Sonntag", ["KW 10/2025", "KW 11/2025"]),
            ("Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday", ["2025-W10", "2025-W11"]),
            ("Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday", ["3/3/2025", "3/10/2025"]),
            ("دوشنبه,سه‌شنبه,چهارشنبه,پنج‌شنبه,جمعه,شنبه,یک‌شنبه", ["1403/12/13", "1403/12/20"]),
        ],
    )
    def test_weeks_down_the_side(self, names, dates):
        table = [f"{date},{','.join(map(str, WEEK))},{sum(WEEK)}" for date in dates]
        report = read(lines(f"Week,{names},Total", *table))
        assert first_and_total(report) == ("2025-03-03 00:00", 2 * sum(WEEK))
        assert report.history.frame["calls"].tolist() == WEEK * 2

    def test_times_down_the_side_of_the_week_that_the_title_names(self):
        table = [f"{time},{','.join(str(calls + day) for day in range(7))}" for time, calls in zip(HALF_HOURS, CALLS)]
        report = read(lines("Week of 2025-03-24", "", "Time,Mon,Tue,Wed,Thu,Fri,Sat,Sun", *table))
        assert first_and_total(report) == ("2025-03-24 09:00", 7 * sum(CALLS) + 12 * 21)

    def test_a_date_that_ends_its_week(self):
        table = [f"2025-03-{day:02d},{','.join(map(str, WEEK))}" for day in (9, 16)]
        names = "Mon,Tue,Wed,Thu,Fri,Sat,Sun"
        assert first_and_total(read(lines(f"Week ending,{names}", *table)))[0] == "2025-03-03 00:00"
        assert read(lines(f"Week,{names}", *table)).status == "refused"

    def test_weekdays_without_a_date_are_refused(self):
        table = [f"{time},{','.join([str(calls)] * 7)}" for time, calls in zip(HALF_HOURS, CALLS)]
        assert read(lines("Time,Mon,Tue,Wed,Thu,Fri,Sat,Sun", *table)).status == "refused"


class TestFiguresAsRows:
    @pytest.mark.parametrize(
        ("heading", "names"),
        [
            ("Date,Time,Metric,Value", ("Offered", "Answered", "AHT (sec)", "Service level %")),
            ("Datum,Uhrzeit,Kennzahl,Wert", ("Angeboten", "Angenommen", "Bearbeitungszeit (Sek.)", "Servicelevel")),
            ("تاریخ,ساعت,شاخص,مقدار", ("تماس‌های ورودی", "پاسخ داده شده", "میانگین زمان مکالمه (ثانیه)", "سطح سرویس")),
        ],
    )
    def test_a_row_for_each_figure(self, heading, names):
        table = [
            f"{day},{time},{name},{value}"
            for day in DAYS
            for time, calls in zip(HALF_HOURS, CALLS, strict=True)
            for name, value in zip(names, (calls, calls - 2, 240, 80), strict=True)
        ]
        report = read(lines(heading, *table))
        assert total(report) == SUM
        assert report.history.frame["answered"].sum() == SUM - 72
        assert (report.history.frame["aht_s"] == 240).all()
        assert noted(report, "each row holds one figure", names[3])

    def test_figures_as_rows_and_times_across_by_queue(self):
        table = [
            f"{queue},{day},{name},{','.join(str(factor * calls - less) for calls in CALLS)}"
            for queue, factor in (("Sales", 1), ("Care", 2))
            for day in DAYS
            for name, less in (("Calls offered", 0), ("Calls abandoned", factor * 9))
        ]
        table = [row if "abandoned" not in row else ",".join([*row.split(",")[:3], *["1"] * 12]) for row in table]
        report = read(lines(f"Queue,Date,Figure,{','.join(HALF_HOURS)}", *table))
        assert total(report) == 3 * SUM
        assert report.history.frame["abandoned"].sum() == 72

    def test_a_figure_twice_for_one_time_is_refused(self):
        table = [f"{DAYS[0]},{time},{name},5" for time in HALF_HOURS for name in ("Offered", "Answered", "Offered")]
        assert read(lines("Date,Time,Metric,Value", *table)).status == "refused"
