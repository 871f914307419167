"""Files as people have them, a hand-made one of each kind: read right, asked about or refused, never read wrong."""

import datetime as dt

import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.history import ImportOptions, preview, preview_upload
from tests.history.samples import HERE, TEHRAN, UTC, lines, xlsx

HALF_HOURS = [f"{hour:02d}:{minute:02d}" for hour in range(9, 15) for minute in (0, 30)]
DAYS = [f"2025-03-{day:02d}" for day in (24, 25, 26)]
CALLS = [11, 17, 23, 19, 31, 29, 13, 37, 41, 12, 18, 27]
SUM = 3 * sum(CALLS)


def rows(write=lambda day, time, calls: f"{day},{time},{calls}"):
    """A row for each of three days and twelve half-hours."""
    return [write(day, time, calls) for day in DAYS for time, calls in zip(HALF_HOURS, CALLS, strict=True)]


def read(data, site=UTC, name="a.csv", **answers):
    options = ImportOptions({key.replace("__", "."): value for key, value in answers.items()})
    return preview_upload(name, data, site, options)


def total(report):
    assert report.status == "read", (report.problems, report.questions)
    return report.history.frame["calls"].sum()


def asked(report):
    assert report.status == "question", (report.status, report.problems, report.notes)
    return [question.option for question in report.questions]


def noted(report, *words):
    return any(all(word in note for word in words) for note in report.notes)


class TestTotals:
    def test_a_subtotal_above_each_day(self):
        table = [row for day in DAYS for row in (f"{day},,{sum(CALLS)}", *(r for r in rows() if r.startswith(day)))]
        report = read(lines("Date,Time,Calls", *table))
        assert total(report) == SUM
        assert noted(report, "rows 2, 15, 28", "sum of other rows")

    def test_a_total_without_a_name_at_the_end(self):
        assert total(read(lines("Date,Time,Calls", *rows(), f",,{SUM}"))) == SUM

    def test_totals_of_weeks_in_a_daily_file(self):
        days = [f"2025-03-{day:02d},{100 + day}" for day in range(3, 17)]
        weeks = [sum(100 + day for day in range(3, 10)), sum(100 + day for day in range(10, 17))]
        table = [*days[:7], f"Week 10,{weeks[0]}", *days[7:], f"Week 11,{weeks[1]}", f"Both,{sum(weeks)}"]
        assert total(read(lines("date,calls", *table))) == sum(weeks)

    def test_a_total_at_midnight(self):
        table = [
            row for day in DAYS for row in (f"{day},00:00,{sum(CALLS)}", *(r for r in rows() if r.startswith(day)))
        ]
        report = read(lines("Date,Time,Calls", *table))
        assert total(report) == SUM
        assert noted(report, "at midnight")

    @pytest.mark.parametrize("name", ["Total", "جمع", "Summe", "Toplam", "المجموع", "Gesamt", "Total général"])
    def test_named_totals_in_several_languages(self, name):
        assert total(read(lines("Date,Time,Calls", *rows(), f"{name},,999"))) == SUM

    def test_a_row_without_a_time_that_is_no_total_is_refused(self):
        assert read(lines("Date,Time,Calls", *rows(), f"{DAYS[0]},,7")).status == "refused"

    def test_a_queue_that_is_the_sum_of_others_whatever_its_name(self):
        both = [line for row, other in zip(rows(), [5, 9, 2, 8, 4, 6] * 6, strict=True) for line in (
            row + ",North", row.rsplit(",", 1)[0] + f",{other},South",
            row.rsplit(",", 1)[0] + f",{int(row.rsplit(',', 1)[1]) + other},Company",
        )]  # fmt: skip
        report = read(lines("Date,Time,Calls,Queue", *both))
        assert set(report.history.frame["queue"]) == {"North", "South"}
        assert noted(report, "'Company' is the sum of 'North', 'South'")

    def test_a_sum_that_may_be_chance_is_asked(self):
        trebled = [row.rsplit(",", 1)[0] + f",{int(row.rsplit(',', 1)[1]) * k},{name}"
                   for row in rows() for k, name in ((1, "A"), (2, "B"), (3, "C"))]  # fmt: skip
        data = lines("Date,Time,Calls,Queue", *trebled)
        assert asked(read(data)) == ["sums"]
        assert total(read(data, sums="out")) == 3 * SUM
        assert total(read(data, sums="keep")) == 6 * SUM


class TestNumbers:
    def test_thousands_with_points_are_told_by_the_other_calls(self):
        table = rows(lambda day, time, calls: f"{day};{time};{calls * 40:,}".replace(",", "."))
        assert total(read(lines("Date;Time;Calls", *table))) == 40 * SUM

    def test_all_with_three_decimals_is_asked(self):
        data = lines("date,calls", *(f"2025-03-{day:02d},1.{100 + day}" for day in range(1, 20)))
        assert asked(read(data)) == ["decimal"]
        assert total(read(data, decimal="comma")) == sum(1100 + day for day in range(1, 20))

    def test_one_style_for_all_columns(self):
        table = rows(lambda day, time, calls: f"{day} {time};1.{100 + calls};240,5")
        frame = read(lines("timestamp;calls;aht_seconds", *table)).history.frame
        assert frame["calls"].iloc[0] == 1111
        assert frame["aht_s"].iloc[0] == 240.5


class TestTimes:
    def test_one_mark_for_a_range(self):
        def spelled(day, time, calls):
            start = dt.datetime.fromisoformat(f"2025-01-01 {time}")
            end = start + dt.timedelta(minutes=30)
            return f"{day},{start:%I:%M} - {end:%I:%M %p},{calls}"

        frame = read(lines("Date,Time,Calls", *rows(spelled))).history.frame
        assert [f"{start:%H:%M}" for start in frame["start"].iloc[:12]] == HALF_HOURS

    def test_a_clock_without_marks_is_told_by_the_order_of_rows(self):
        table = rows(lambda day, time, calls: f"{day},{(int(time[:2]) - 1) % 12 + 1}{time[2:]},{calls}")
        report = read(lines("Date,Time,Calls", *table))
        assert [f"{start:%H:%M}" for start in report.history.frame["start"].iloc[:12]] == HALF_HOURS
        assert noted(report, "12-hour clock")

    def test_a_sorted_clock_without_marks_is_asked(self):
        table = sorted(rows(lambda day, time, calls: f"{day},{(int(time[:2]) - 1) % 12 + 1:02d}{time[2:]},{calls}"))
        data = lines("Date,Time,Calls", *table)
        assert asked(read(data)) == ["clock"]
        starts = read(data, clock="12").history.frame["start"]
        assert sorted({f"{start:%H:%M}" for start in starts}) == HALF_HOURS

    def test_hours_as_ranges_and_by_number(self):
        hours = [(hour, sum(CALLS[k : k + 2])) for hour, k in zip(range(9, 15), range(0, 12, 2), strict=True)]
        for write in (lambda h: f"{h}-{h + 1}", lambda h: f"{(h - 1) % 12 + 1}-{h % 12 + 1} {'AM' if h < 11 else 'PM'}",
                      lambda h: str((h - 1) % 12 + 1)):  # fmt: skip
            report = read(lines("Date,Hour,Calls", *(f"{day},{write(h)},{c}" for day in DAYS for h, c in hours)))
            assert total(report) == SUM
            assert f"{report.history.frame['start'].min():%H:%M}" == "09:00"

    def test_two_digit_years_of_a_persian_table_are_jalali(self):
        report = read(
            lines("تاریخ,ساعت,تماس ورودی", *(row.replace("2025-03-", "04/01/").replace("/2", "/0") for row in rows()))
        )
        assert total(report) == SUM
        assert f"{report.history.frame['start'].min():%Y-%m-%d}" == "2025-03-24"

    def test_times_that_name_the_last_minute_of_their_interval(self):
        table = [
            f"{day},{time[:3]}{29 + 30 * (time[3:] == '30')},{calls}"
            for day in DAYS
            for time, calls in zip(HALF_HOURS, CALLS, strict=True)
        ]
        report = read(lines("Date,Time,Calls", *table))
        assert total(report) == SUM
        assert f"{report.history.frame['start'].min():%H:%M}" == "09:00"

    def test_intervals_named_by_their_end(self):
        table = [f"2025-03-24,{k // 2:02d}:{30 * (k % 2):02d},{k}" for k in range(1, 49)]
        report = read(lines("Date,Time,Calls", *table))
        assert f"{report.history.frame['start'].iloc[0]:%d %H:%M}" == "24 00:00"
        assert noted(report, "name the end of their interval")
        heading = read(lines("Interval End,Calls", *(f"{day} {time},5" for day in DAYS for time in HALF_HOURS)))
        assert f"{heading.history.frame['start'].iloc[0]:%H:%M}" == "08:30"
        stamps = [str(pd.Timestamp("2025-03-24 00:30") + pd.Timedelta(minutes=30 * k)) for k in range(96)]
        assert asked(read(lines("timestamp,calls", *(f"{stamp},5" for stamp in stamps)))) == ["labels"]

    def test_dates_that_a_spreadsheet_swapped_are_refused_or_swapped_back(self):
        def cell(day):
            return dt.datetime(2025, day.day, day.month) if day.day <= 12 else f"{day:%d/%m/%Y}"

        days = [dt.date(2025, 1, 1) + dt.timedelta(days=k) for k in range(90)]
        data = xlsx(("a", [["Date", "Calls"], *([cell(day), 100 + k] for k, day in enumerate(days))]))
        report = preview_upload("a.xlsx", data, UTC, HERE)
        assert report.status == "refused"
        assert "exchanged day and month" in report.problems[0].reason
        back = preview_upload("a.xlsx", data, UTC, ImportOptions({"dates": "swapped"})).history.frame
        assert back["start"].dt.date.tolist() == days

    def test_a_title_names_the_zone(self):
        data = lines("All times in UTC", "Date,Time,Calls", *rows())
        assert f"{read(data, TEHRAN).history.frame['start'].iloc[0]:%H:%M}" == "12:30"

    def test_some_times_with_an_offset_are_asked(self):
        table = [row.replace("T", " ") if k % 2 else row + "" for k, row in enumerate(rows())]
        mixed = [f"{row.split(',')[0]}T{row.split(',')[1]}{'Z' if k > 5 else ''},{row.split(',')[2]}"
                 for k, row in enumerate(table)]  # fmt: skip
        assert asked(read(lines("timestamp,calls", *mixed), TEHRAN)) == ["timezone"]

    def test_zeros_for_time_that_has_not_come(self):
        coming = [f"2025-03-27,{time},0" for time in HALF_HOURS]
        report = read(lines("Date,Time,Calls", *rows(), *coming))
        assert len(report.history.frame) == 36
        assert noted(report, "not come")
        assert len(read(lines("Date,Time,Calls", *rows(), *coming), zeros="keep").history.frame) == 48


class TestUnits:
    @pytest.mark.parametrize(
        ("heading", "write", "options"),
        [
            ("Avg Handle", lambda s, calls: f"{s * 1000}", []),
            ("Total Handle Time (Seconds)", lambda s, calls: f"{s * calls}", []),
            ("AHT", lambda s, calls: f"{s * calls}", []),
            ("Average handle time (min)", lambda s, calls: f"{s / 60}", []),
            ("AHT", lambda s, calls: f"{s / 86400:.9f}", []),
            ("AHT", lambda s, calls: f"0:0{s // 60}:{s % 60:02d}", []),
            ("AHT", lambda s, calls: f"{s // 60}m {s % 60}s", []),
            ("AHT", lambda s, calls: f"{s / 60:.3f}", ["unit.aht"]),
            ("AHT", lambda s, calls: f"{s / 3600:.6f}", ["unit.aht"]),
            ("AHT", lambda s, calls: f"0{s // 60}:{s % 60:02d}:00", ["unit.aht"]),
        ],
    )
    def test_handle_time_in_its_unit(self, heading, write, options):
        seconds = [200 + k % 7 for k in range(36)]
        table = [f"{row},{write(s, int(row.split(',')[2]))}" for row, s in zip(rows(), seconds, strict=True)]
        report = read(lines(f"Date,Time,Calls,{heading}", *table))
        if options:
            assert asked(report) == options
        else:
            assert report.history.frame["aht_s"].tolist() == pytest.approx(seconds, abs=0.1)

    def test_waits_in_milliseconds_and_of_answered_and_abandoned(self):
        ms = [f"{row},{18_000 + k}" for k, row in enumerate(rows())]
        assert read(lines("Date,Time,Calls,Avg Wait", *ms)).history.frame["wait_s"].iloc[0] == pytest.approx(
            18, abs=0.1
        )
        parts = rows(lambda day, time, calls: f"{day},{time},10,8,2,20,70")
        data = lines("Date,Time,Offered,Answered,Abandoned,ASA,Avg abandon time", *parts)
        frame = read(data.replace(b"Avg abandon time", b"Average wait of abandoned")).history.frame
        assert set(frame["wait_s"]) == {30.0}


class TestColumns:
    def test_offered_is_preferred_to_totals_handled_and_outbound(self):
        table = rows(lambda day, time, calls: f"{day},{time},{calls + 9},{calls - 2},{calls},4")
        assert total(read(lines("Date,Time,Total Calls,Calls Handled,Calls Offered,Outbound Calls", *table))) == SUM

    def test_calls_that_are_those_answered_are_pointed_out(self):
        data = lines(
            "Date,Time,Calls,Answered,Abandoned", *rows(lambda day, time, calls: f"{day},{time},{calls},{calls},1")
        )
        assert noted(read(data), "seems to hold the calls answered", "rows 2, 3")
        assert total(read(data, calls="answered")) == SUM + 36

    def test_answered_and_abandoned_alone(self):
        data = lines("Date,Time,Handled,Abandoned", *rows(lambda day, time, calls: f"{day},{time},{calls},1"))
        report = read(data)
        assert total(report) == SUM + 36
        assert noted(report, "calls offered are 'Handled' and 'Abandoned' together")

    def test_a_column_may_be_named_by_an_answer(self):
        data = lines("Date,Time,Aangeboden", *rows())
        assert read(data).status == "refused"
        assert total(read(data, column__calls="Aangeboden")) == SUM

    @pytest.mark.parametrize(
        "headings",
        [
            "Datum;Uhrzeit;Warteschlange;Angebotene Anrufe;Angenommen;Abgebrochen;Durchschnittliche Bearbeitungszeit",
            "Date;Heure;File d'attente;Appels présentés;Appels traités;Appels abandonnés;Temps moyen de traitement",
            "Fecha;Hora;Cola;Llamadas ofrecidas;Llamadas atendidas;Llamadas abandonadas;Tiempo medio de operación",
            "Tarih;Saat;Kuyruk;Gelen çağrı;Cevaplanan çağrı;Kaçan çağrı;Ortalama işlem süresi",
            "تاریخ;ساعت;صف;تماس‌های ورودی;پاسخ داده شده;از دست رفته;میانگین زمان مکالمه",
            "التاريخ;الوقت;الطابور;المكالمات الواردة;المكالمات المجابة;المكالمات المتروكة;متوسط وقت المعالجة",
            "Date;Interval Start;Skill Name;ContactsOffered;ContactsHandled;ContactsAbandoned;AvgHandleTime",
        ],
    )
    def test_headings_in_seven_languages(self, headings):
        table = rows(lambda day, time, calls: f"{day};{time};Sales;{calls};{calls - 1};1;240")
        frame = read(lines(headings, *table)).history.frame
        assert frame[["calls", "answered", "abandoned"]].sum().tolist() == [SUM, SUM - 36, 36]
        assert set(frame["queue"]) == {"Sales"}
        assert set(frame["aht_s"]) == {240}


class TestQueues:
    def test_one_queue_in_several_spellings(self):
        names = ["Sales", "SALES ", "sales", "Sa\u200fles"]
        data = lines("Date,Time,Calls,Queue", *(f"{row},{names[k % 4]}" for k, row in enumerate(rows())))
        report = read(data)
        assert total(report) == SUM
        assert report.history.frame["queue"].nunique() == 1
        persian = ["پشتيباني", "پشتیبانی", "پشتیبانی ", "پشتیبانی"]
        data = lines("Date,Time,Calls,Queue", *(f"{row},{persian[k % 4]}" for k, row in enumerate(rows())))
        assert read(data).history.frame["queue"].nunique() == 1

    def test_files_named_after_their_queues(self, tmp_path):
        (tmp_path / "calls_sales_2025.csv").write_bytes(lines("Date,Time,Calls", *rows()))
        many = rows(lambda day, time, calls: f"{day},{time},{calls * 3}")
        (tmp_path / "calls_care_2025.csv").write_bytes(lines("Date,Time,Calls", *many))
        report = preview(tmp_path, UTC)
        assert report.history.frame.groupby("queue")["calls"].sum().to_dict() == {"care": 3 * SUM, "sales": SUM}
        assert noted(report, "named by their files", "'care', 'sales'")

    def test_two_exports_of_one_day(self, tmp_path):
        (tmp_path / "calls.csv").write_bytes(lines("Date,Time,Calls", *rows()))
        (tmp_path / "calls (1).csv").write_bytes(lines("Date,Time,Calls", *rows(lambda d, t, c: f"{d},{t},{c + 1}")))
        report = preview(tmp_path, UTC)
        assert total(report) == SUM
        assert noted(report, "differ", f"{SUM + 36:,} calls there, {SUM:,} in the later")

    def test_files_of_almost_the_same_calls_are_asked_about(self, tmp_path):
        (tmp_path / "north.csv").write_bytes(lines("Date,Time,Calls", *rows()))
        (tmp_path / "south.csv").write_bytes(lines("Date,Time,Calls", *rows(lambda d, t, c: f"{d},{t},{c + 1}")))
        assert asked(preview(tmp_path, UTC)) == ["queue_from"]
        report = preview(tmp_path, UTC, ImportOptions({"queue_from": "file"}))
        assert set(report.history.frame["queue"]) == {"north", "south"}

    def test_sheets_per_queue_and_per_month(self):
        def sheet(factor, month="03"):
            return [["Date", "Time", "Calls"], *(
                [day.replace("-03-", f"-{month}-"), time, calls * factor] for day in DAYS
                for time, calls in zip(HALF_HOURS, CALLS, strict=True))]  # fmt: skip

        report = preview_upload("a.xlsx", xlsx(("Sales", sheet(1)), ("Care", sheet(4))), UTC, HERE)
        assert report.history.frame.groupby("queue")["calls"].sum().to_dict() == {"Care": 4 * SUM, "Sales": SUM}
        months = preview_upload("a.xlsx", xlsx(("Mar", sheet(1)), ("Apr", sheet(4, "04"))), UTC, HERE)
        assert total(months) == 5 * SUM
        assert set(months.history.frame["queue"]) == {"voice"}

    def test_merged_cells_are_filled_down(self):
        table = [[day if k == 0 else None, time, CALLS[k]] for day in DAYS for k, time in enumerate(HALF_HOURS)]
        report = preview_upload("a.xlsx", xlsx(("a", [["Date", "Time", "Calls"], *table])), UTC, HERE)
        assert total(report) == SUM
        assert noted(report, "merged cells")


class TestWide:
    def test_times_days_and_queues_across(self):
        times = lines("Date," + ",".join(HALF_HOURS), *(f"{day}," + ",".join(map(str, CALLS)) for day in DAYS))
        days = lines("Time," + ",".join(DAYS), *(f"{time},{calls},{calls},{calls}" for time, calls in
                                                 zip(HALF_HOURS, CALLS, strict=True)))  # fmt: skip
        assert total(read(times)) == total(read(days)) == SUM
        queues = lines("Date,Time,Sales,Care,Total", *rows(lambda d, t, c: f"{d},{t},{c},{c * c},{c + c * c}"))
        frame = read(queues).history.frame
        assert frame.groupby("queue")["calls"].sum().to_dict() == {"Care": 3 * sum(c * c for c in CALLS), "Sales": SUM}

    def test_figures_under_the_names_of_queues(self):
        table = rows(lambda d, t, c: f"{d},{t},{c},{c - 1},240,{2 * c},{2 * c - 1},300")
        data = lines(",,Sales,,,Care,,", "Date,Time,Offered,Answered,AHT,Offered,Answered,AHT", *table)
        frame = read(data).history.frame
        assert frame.groupby("queue")["calls"].sum().to_dict() == {"Care": 2 * SUM, "Sales": SUM}
        assert frame.groupby("queue")["aht_s"].first().to_dict() == {"Care": 300, "Sales": 240}
        named = lines("Date,Time,Sales calls,Care calls", *rows(lambda d, t, c: f"{d},{t},{c},{3 * c}"))
        assert read(named).history.frame.groupby("queue")["calls"].sum().to_dict() == {"Care": 3 * SUM, "Sales": SUM}

    def test_a_wide_table_of_handle_times_is_refused(self):
        data = lines("Average handle time", "Date," + ",".join(HALF_HOURS), f"{DAYS[0]}," + ",".join(["240"] * 12))
        assert read(data).status == "refused"


def test_weeks_are_refused_as_weeks():
    report = read(lines("date,calls", "2025-01-06,5000", "2025-01-13,5100", "2025-01-20,5200"))
    assert report.problems[0].reason == "its rows are 7 days apart."


def test_quarter_hours_put_together_weigh_handle_time_by_answered_and_waits_by_all():
    table = [f"2025-03-24 09:{15 * k:02d},10,{answered},{aht},{wait}"
             for k, (answered, aht, wait) in enumerate([(2, 600, 90), (10, 300, 10)] * 2)]  # fmt: skip
    table += [f"2025-03-24 10:{15 * k:02d},10,2,600,50" for k in range(4)]
    history = read(lines("timestamp,calls,answered,aht_seconds,wait_seconds", *table), SiteCalendar()).history
    hour = history.aggregate(60).frame.iloc[0]
    assert (hour["aht_s"], hour["wait_s"]) == (350.0, 50.0)
