"""The workbook as another library reads it."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from staffing.errors import InputError
from staffing.evaluation import evaluate
from staffing.export import roster_xlsx_bytes, write_roster_xlsx
from tests.evaluation.two_people import roster, scenario

from .plans import FakePlan, plan, renamed


def opened(made: FakePlan, site: str = "") -> Workbook:
    return load_workbook(io.BytesIO(roster_xlsx_bytes(made, site=site)))


def texts(sheet: Worksheet, row: int) -> list[object]:
    return [cell.value for cell in sheet[row]]


def find(sheet: Worksheet, text: str) -> int:
    """Row whose first cell is ``text``."""
    return next(row[0].row for row in sheet.iter_rows(max_col=1) if row[0].value == text)


def test_the_week_shows_who_works_when_and_totals() -> None:
    sheet = opened(plan())["Week 2026-11-23"]
    assert texts(sheet, 2)[:5] == ["Agent", "Team", "Contract", "Monday", "Tuesday"]
    assert texts(sheet, 3)[3] == "2026-11-23"
    assert texts(sheet, 4)[:4] == ["Ann", "", "full", "09:00–12:00"]
    assert texts(sheet, 4)[-2:] == [1, 2.5]
    assert texts(sheet, 5)[3] == "10:00–12:00"
    assert sheet["D4"].fill.start_color.rgb != sheet["D5"].fill.start_color.rgb
    assert texts(sheet, find(sheet, "People"))[3:5] == [2, 0]
    assert (texts(sheet, find(sheet, "Paid hours"))[3], texts(sheet, find(sheet, "Paid hours"))[-1]) == (4.5, 4.5)
    short = sheet.cell(find(sheet, "Hours short on the phone"), 4)
    assert (short.value, short.fill.start_color.rgb) == (1.5, "FFFBD5D0")
    assert texts(sheet, find(sheet, "late"))[1] == "2 h, 2 h paid · undesired"


def test_the_week_lists_what_is_not_covered() -> None:
    sheet = opened(plan())["Week 2026-11-23"]
    line = texts(sheet, find(sheet, "Not covered") + 1)[0]
    assert line == "Monday 2026-11-23 09:00–11:00, voice: short by up to 1.0 agents, 1.5 h in all"
    assert find(opened(plan(needed=0.5))["Week 2026-11-23"], "Everything is covered.")


def test_time_off_is_written_out() -> None:
    case = scenario(agents=[{"name": "Ann", "time_off": ["2026-11-24"]}])
    assert texts(opened(plan(case))["Week 2026-11-23"], 4)[3:6] == ["09:00–12:00", "time off", ""]


def test_two_shifts_on_one_day_share_a_cell() -> None:
    people = roster("Ann 09:00 10:00 shift voice\nAnn 11:00 12:00 shift voice")
    assert texts(opened(plan(people=people))["Week 2026-11-23"], 4)[3] == "09:00–10:00\n11:00–12:00"


def test_every_shift_is_listed_with_its_breaks() -> None:
    sheet = opened(plan())["Shifts"]
    assert texts(sheet, 2) == ["Agent", "Team", "Day", "Date", "Hours", "Kind", "Queue", "Breaks", "Paid hours"]
    first = texts(sheet, 3)
    assert first[3].isoformat() == "2026-11-23T00:00:00"
    assert [*first[:3], *first[4:]] == [
        "Ann", "", "Monday", "09:00–12:00", "early", "voice", "10:15–10:45 lunch", 2.5
    ]  # fmt: skip


def test_a_shift_on_two_queues_names_both() -> None:
    people = roster("Ann 09:00 12:00 shift voice\nAnn 11:00 12:00 work chat\nAnn 10:15 10:45 lunch -")
    case = scenario(queues=[{"name": "chat", "channel": "chat"}])
    assert texts(opened(plan(case, people))["Shifts"], 3)[6:8] == ["voice, chat", "10:15–10:45 lunch"]


def test_coverage_marks_what_is_short_in_colour_and_text() -> None:
    sheet = opened(plan())["Coverage"]
    assert texts(sheet, 4)[:5] == ["voice", "09:00", 2, 1, -1]
    assert texts(sheet, 6)[:5] == ["voice", "10:00", 2, 1.5, -0.5]
    short, covered = sheet["E4"], sheet["E8"]
    assert (short.fill.start_color.rgb, "short" in short.number_format) == ("FFFBD5D0", True)
    assert (covered.value, "short" in covered.number_format) == (0, False)


def test_more_agents_than_needed_have_a_plus() -> None:
    people = roster("Ann 09:00 12:00 shift voice\nBo 12:00 13:00 shift voice")
    sheet = opened(plan(people=people))["Coverage"]
    assert texts(sheet, 10)[:5] == ["voice", "12:00", 0, 1, 1]
    assert sheet["E10"].number_format.startswith("+")


def test_what_everybody_has_carried_stands_on_a_sheet_of_its_own() -> None:
    sheet = opened(plan())["Fairness"]
    assert texts(sheet, 4)[0] == "Ann"
    assert texts(sheet, 4)[2:5] == ["full", 1, 1]
    assert "Spread up to the week of" in [cell.value for cell in sheet["A"]]


def test_a_sheet_for_each_planning_week_from_saturday_on() -> None:
    case = scenario(site={"week_start": "saturday"})
    names = opened(plan(case, days=14)).sheetnames
    assert names == [
        "Week 2026-11-23", "Week 2026-11-28", "Week 2026-12-05", "Shifts",
        "Coverage 2026-11-23", "Coverage 2026-11-28", "Coverage 2026-12-05", "Fairness",
    ]  # fmt: skip


def test_jalali_dates_stand_beside_gregorian_ones() -> None:
    # 23 November 2026 is 2 Azar 1405.
    book = opened(plan(scenario(site={"display": "jalali"})))
    week = book["Week 2026-11-23"]
    assert week["A1"].value == "Week · base · 2026-11-23 (1405-09-02) · Planned, neither kept nor published"
    assert week["D3"].value == "2026-11-23\n1405-09-02"
    assert texts(book["Shifts"], 3)[4] == "1405-09-02"
    assert week.cell(find(week, "Not covered") + 1, 1).value.startswith(
        "Monday 2026-11-23 (1405-09-02) 09:00–11:00, voice"
    )
    assert book["Coverage"]["C2"].value == "Monday 2026-11-23\n1405-09-02"


def test_every_sheet_prints_landscape_to_the_width_with_its_head_on_each_page() -> None:
    for sheet in opened(plan(), site="Ops & Care"):
        assert sheet.page_setup.orientation == "landscape"
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (
            None,
            0,
        )  # one page wide (the default), as high as it takes
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows in ("$1:$3", "$1:$2")
        assert sheet.oddHeader.left.text == "Ops && Care"
        assert sheet.oddHeader.center.text == "Week of 2026-11-23"
        assert sheet.oddHeader.right.text == "Scenario base"
        assert sheet.oddFooter.right.text == "Page &P of &N"


def test_the_day_with_an_hour_twice_shows_both() -> None:
    case = scenario(site={"opening": {"sunday": "00:00-24:00"}})
    day = dt.date(2026, 10, 25)
    start = case.site.grid(day, 1)
    table = pd.DataFrame(
        {"queue": "voice", "start": start, "calls": 1.0, "aht_s": 90.0, "p10": 0.0, "p50": 1.0, "p90": 2.0}
    )
    needed = pd.DataFrame({"queue": "voice", "start": start, "agents": 1.0, "agents_scheduled": 1.0})
    people = roster("Ann 2026-10-25T03:00 2026-10-25T06:00 shift voice")
    made = evaluate(table, needed, people, case, start=day, days=1)
    sheet = opened(FakePlan(case, None, needed, None, made, 1, day))["Coverage"]
    clocks = [row[1].value for row in sheet.iter_rows(min_row=4, max_row=13)]
    assert clocks == [
        "00:00",
        "00:30",
        "01:00",
        "01:30",
        "02:00",
        "02:00 again",
        "02:30",
        "02:30 again",
        "03:00",
        "03:30",
    ]


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert roster_xlsx_bytes(plan()) == roster_xlsx_bytes(plan())


HOSTILE = st.builds(
    str.__add__,
    st.sampled_from(["=", "+", "-", "@", '=HYPERLINK("http://x")', "http://", "{=1+1}", "internal:", "&", "'", "<b>"]),
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=20),
)  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(HOSTILE.filter(lambda text: text.strip() == text and text not in ("Ann", "Bo")), st.text("=+-@x", max_size=5))
def test_hostile_names_stay_text(name: str, team: str) -> None:
    book = opened(renamed(name, team), site=name)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert cell.hyperlink is None
    assert book["Week 2026-11-23"]["A4"].value == name
    assert book["Shifts"]["A3"].value == name


def test_control_characters_do_not_break_the_file() -> None:
    name = "Ann\t=1+1\x01\x1f"
    assert opened(renamed(name))["Week 2026-11-23"]["A4"].value is not None


def test_a_file_is_whole_or_absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "roster.xlsx"
    write_roster_xlsx(target, plan())
    before = target.read_bytes()
    assert before == roster_xlsx_bytes(plan())

    def torn(self: Path, content: bytes) -> int:
        with self.open("wb") as file:
            file.write(content[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", torn)
    with pytest.raises(InputError, match="no room left on its disk"):
        write_roster_xlsx(target, plan())
    assert target.read_bytes() == before
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_cannot_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        write_roster_xlsx(tmp_path / "file" / "roster.xlsx", plan())
