"""Exports of phone systems, built from their public descriptions: read without a setting."""

import pytest

from staffing.history import preview_upload
from staffing.history.summary import told
from tests.history.samples import UTC, lines

CALLS = [20, 25, 30, 22, 37, 42, 34, 39, 31, 36, 41, 23]
TIMES = [f"{9 + k // 2:02d}:{30 * (k % 2):02d}" for k in range(12)]
SECONDS = [200 + 7 * (k % 5) for k in range(12)]


def rows(write):
    """Each half-hour of a morning: 2 of its calls are abandoned."""
    return [write(*each) for each in zip(TIMES, CALLS, SECONDS, strict=True)]


def ends(time):
    minutes = int(time[:2]) * 60 + int(time[3:]) + 30
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def am(time):
    hour = int(time[:2])
    return f"{(hour - 1) % 12 + 1}:{time[3:]} {'AM' if hour < 12 else 'PM'}"


EXPORTS = {
    "split by interval": lines(
        "SPLIT,ROW_DATE,STARTTIME,INTRVL,CALLSOFFERED,ACDCALLS,ABNCALLS,ACDTIME,ACWTIME,HOLDTIME",
        *rows(lambda t, c, s: f"Sales,3/24/2025,{int(t[:2] + t[3:])},30,{c},{c - 2},2,{(s - 40) * (c - 2)},"
                              f"{30 * (c - 2)},{10 * (c - 2)}"),
    ),
    "view of a cloud": lines(
        "Interval Start,Interval End,Media Type,Queue Id,Queue Name,Offer,Answer,Abandon,Avg Handle,Service Level %",
        *rows(lambda t, c, s: f"2025-03-24T{t}:00.000Z,2025-03-24T{ends(t)}:00.000Z,voice,9f-1,Sales,{c},{c - 2},2,"
                              f"{s * 1000},0.81"),
    ),
    "historical metrics": lines(
        "Queue,StartInterval,EndInterval,Contacts queued,Contacts handled,Contacts abandoned,Average handle time",
        *rows(lambda t, c, s: f"Sales,2025-03-24T{t}:00Z,2025-03-24T{ends(t)}:00Z,{c},{c - 2},2,{s}"),
    ),
    "service queue activity": lines(
        '"Contact Service Queue Activity by Interval"', "",
        '"CSQ Name","Interval Start Time","Interval End Time","Calls Presented","Calls Handled","Calls Abandoned",'
        '"Avg Handle Time"',
        *rows(lambda t, c, s: f'"Sales","3/24/2025 {am(t)}","3/24/2025 {am(ends(t))}","{c}","{c - 2}","2",'
                              f'"00:0{s // 60}:{s % 60:02d}"'),
    ),
    "bars and joined dates": lines(
        "StartDate|StartTime|SkillName|ContactsQueued|ContactsHandled|ContactsAbandoned|AvgHandleTime",
        *rows(lambda t, c, s: f"03242025|{t}|Sales|{c}|{c - 2}|2|{s}"),
    ),
    "skills with durations": lines(
        "Date,Time,Skill,Calls Inbound,Calls Handled,Calls Abandoned,Avg Handle Time,Calls Outbound",
        *rows(lambda t, c, s: f"2025/03/24,{am(t)},Sales,{c},{c - 2},2,0:0{s // 60}:{s % 60:02d},7"),
    ),
    "queue performance": lines(
        "Queue;Date;Hour;Received calls;Answered calls;Unanswered calls;Average talk time",
        *rows(lambda t, c, s: f"Sales;24.03.2025;{t};{c};{c - 2};2;00:0{s // 60}:{s % 60:02d}"),
    ),
    "tickets of a help desk": lines(
        "Date/Time,Group name,Calls offered,Accepted calls,Missed calls,Avg handle time (sec)",
        *rows(lambda t, c, s: f'"Mar 24, 2025 {am(t)}",Sales,{c},{c - 2},2,{s}'),
    ).replace(b"Group name", b"Contact group"),
    "tasks of a contact centre": lines(
        "start,queue,conversations offered,conversations handled,conversations abandoned,total handle time (min)",
        *rows(lambda t, c, s: f"2025-03-24 {t},Sales,{c},{c - 2},2,{s * (c - 2) / 60:.4f}"),
    ),
    "a sheet of the cloud": lines(
        "Datum\tUhrzeit\tWarteschlange\tEingehende Anrufe\tAngenommen\tVerpasst\tBearbeitungszeit (Sek.)",
        *rows(lambda t, c, s: f"24.3.2025\t{t}:00\tSales\t{c}\t{c - 2}\t2\t{s},0"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_read(name):
    report = preview_upload("export.csv", EXPORTS[name], UTC)
    assert report.status == "read", (report.problems, report.questions)
    queue = told(report)["queues"]["Sales"]
    assert (queue["calls"], queue["answered"], queue["abandoned"]) == (sum(CALLS), sum(CALLS) - 24, 24)
    handled = sum(s * (c - 2) for c, s in zip(CALLS, SECONDS, strict=True))
    assert queue["aht_s"] == pytest.approx(handled / (sum(CALLS) - 24), abs=0.1)
    assert (queue["first"], queue["last"]) == ("2025-03-24T09:00:00", "2025-03-24T14:30:00")


def test_a_column_of_acd_calls_may_be_offered_or_answered():
    data = lines("Date,Time,ACD Calls,Aband Calls", *rows(lambda t, c, s: f"2025-03-24,{t},{c},2"))
    assert [question.option for question in preview_upload("a.csv", data, UTC).questions] == ["calls"]


def test_a_series_of_ds_and_y():
    data = lines("ds,y", *(f"2025-03-{day:02d},{500 + day}" for day in range(1, 29)))
    assert told(preview_upload("a.csv", data, UTC))["interval_min"] == 1440
