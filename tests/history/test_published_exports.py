"""Exports with every heading that their makers publish, most of them of no use here: read without a setting.

Headings after the makers' own pages: Genesys Cloud "Prepare the historical data import .csv file" and queue performance
views, Amazon Connect "Historical metrics definitions" and "Data model for contact records", Avaya CMS "Database Items
and Calculations", Cisco UCCX "Historical Reporting Guide", NICE CXone "Data Download Metrics", Five9 "Call Log",
Asterisk "Queue Logs" (docs.asterisk.org), Issabel's call reports, 3CX "CDR - Call Data Records" (its fields; not
what stands in those of kinds), Zendesk Talk "Incremental Exports", Twilio "Flex Insights Data Model", Avaya's split
report (its headings in "BCMS Operations"), Genesys Cloud "Conversation Aggregate query".
"""

import datetime as dt
import json

import pytest

from staffing.history import preview_upload
from staffing.history.summary import told
from tests.history.samples import UTC, lines
from tests.history.test_exports import CALLS, SECONDS, TIMES, am, ends, rows
from tests.history.test_single_calls import CALLS as SINGLE
from tests.history.test_single_calls import ZONE, expected, found, text


def clock(seconds):
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


INTERVALS = {
    "historical import": lines(
        "Interval Start UTC Date,Queue,Media Type,Skill Set,Language,Offered,Interactions Handled,"
        "Total Handle Time (Seconds)",
        *rows(lambda t, c, s: f"2025-03-24T{t}:00Z,Sales,Voice,recording|||analytics,,{c},{c - 2},{s * (c - 2)}"),
    ),
    "queue performance by interval": lines(
        "Export Complete,Interval Start,Interval End,Interval Complete,Filters,Media Type,Queue Id,Queue Name,"
        "Service Level %,ASA,Avg Wait,Answer %,Abandon %,Offer,Answer,Abandon,Short Abandon,Avg Handle,Avg Talk,"
        "Avg Hold,Avg ACW,Transfer,Consult,Flow Out,Over SLA",
        *rows(lambda t, c, s: f"TRUE,3/24/25 {am(t)},3/24/25 {am(ends(t))},TRUE,,voice,9f-1,Sales,0.81,9000.5,10500.25,"
                              f"0.9,0.1,{c},{c - 2},2,0,{s * 1000}.0,{(s - 40) * 1000},10000,30000,1,0,0,4"),
    ),
    "historical metrics": lines(
        "Queue,StartInterval,EndInterval,Average queue abandon time,Average queue answer time,Average handle time,"
        "Average after contact work time,Average agent interaction time,Average customer hold time,Contacts queued,"
        "Contacts handled,Contacts handled incoming,Contacts handled outbound,Contacts abandoned,"
        "Contacts transferred out,Contacts missed,Callback contacts handled,API contacts handled,"
        "Service level 20 seconds,Occupancy,"
        "Maximum queued time",
        *rows(lambda t, c, s: f"Sales,2025-03-24T{t}:00.000Z,2025-03-24T{ends(t)}:00.000Z,20,9,{s},30,{s - 40},10,{c},"
                              f"{c - 2},{c - 2},3,2,1,4,0,0,81.2,77.1,55"),
    ),
    "split table": lines(
        "row_date,starttime,intrvl,acd,split,inqueue,inring,i_stafftime,i_availtime,i_acdtime,i_acwtime,callsoffered,"
        "acdcalls,acdtime,acwtime,holdcalls,holdtime,abncalls,abntime,anstime,acceptable,servicelevel,outflowcalls,"
        "maxocwtime,transferred,ringtime,dequecalls,busycalls",
        *rows(lambda t, c, s: f"2025-03-24,{int(t[:2] + t[3:])},30,1,Sales,0,0,18000,3000,9000,900,{c},{c - 2},"
                              f"{(s - 40) * (c - 2)},{30 * (c - 2)},3,{10 * (c - 2)},2,40,{9 * (c - 2)},{c - 5},20,0,"
                              "55,1,60,0,0"),
    ),
    "service queue activity by interval": lines(
        "Contact Service Queue Activity Report by Interval", "Start Date,3/24/2025", "",
        "CSQ Name (Contact Skills),Interval Start Time,Interval End Time,Service Level (sec),Calls Handled < SL,"
        "Calls Abandoned < SL,Percentage of SL Met - Only Handled,Calls Presented,Avg Queue Time,Max Queue Time,"
        "Calls Handled,Avg Speed of Answer,Avg Handle Time,Max Handle Time,Calls Abandoned,Avg Time to Abandon,"
        "Max Time to Abandon,Calls Dequeued",
        *rows(lambda t, c, s: f"Sales,3/24/2025 {am(t)},3/24/2025 {am(ends(t))},20,{c - 5},1,77.1,{c},0:00:10,0:01:10,"
                              f"{c - 2},0:00:09,{clock(s)},0:20:00,2,0:00:20,0:00:50,0"),
    ),
    "skill summary": lines(
        "Start_Date,Start_Time,Skill_No,Skill_Name,Campaign_No,Media_Type_Name,Contacts_Queued,Contacts_Handled,"
        "Contacts_Abandoned,Avg_Handle_Time,Avg_InQueue_Time,Service_Level_Percent",
        *rows(lambda t, c, s: f"03/24/2025,{t}:00,4711,Sales,12,Phone Call,{c},{c - 2},2,{s},10,81.2"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", INTERVALS)
def test_intervals_with_all_their_headings(name):
    report = preview_upload("export.csv", INTERVALS[name], UTC)
    assert report.status == "read", (report.problems, report.questions)
    queue = told(report)["queues"]["Sales"]
    assert (queue["calls"], queue["answered"]) == (sum(CALLS), sum(CALLS) - 24)
    assert queue["abandoned"] in (24, None)
    handled = sum(s * (c - 2) for c, s in zip(CALLS, SECONDS, strict=True))
    assert queue["aht_s"] == pytest.approx(handled / (sum(CALLS) - 24), abs=0.1)
    assert (queue["first"], queue["last"]) == ("2025-03-24T09:00:00", "2025-03-24T14:30:00")
    assert queue["wait_s"] is None or 5 < queue["wait_s"] < 15


def downloaded_details():
    """Date and time in columns of their own; Y and N for abandoned."""
    table = [["Contact_ID", "Master_Contact_ID", "Contact_Code", "Media_Name", "Contact_Name", "ANI_Dialnum",
              "Skill_No", "Skill_Name", "Campaign_No", "Campaign_Name", "Agent_No", "Agent_Name", "Team_No",
              "Team_Name", "SLA",
              "Start_Date", "start_time", "PreQueue", "InQueue", "Agent_Time", "PostQueue", "Total_Time",
              "Abandon_Time", "Routing_Time", "Abandon", "Callback_Time", "Logged", "Hold_Time"]]  # fmt: skip
    for k, (start, queue, wait, spoken) in enumerate(SINGLE):
        lost = spoken is None
        table.append([9000 + k, 8000 + k, 77, "Phone Call", "5551", "0912", 1, queue, 3, "Main", 5, "Ann", 1, "Team", 1,
                      f"{start:%m/%d/%Y}", f"{start:%H:%M:%S}", 4, wait, spoken or 0, 0, wait + 4 + (spoken or 0),
                      wait if lost else 0, 0, "Y" if lost else "N", 0, 1, 0])  # fmt: skip
    return text(table)


def call_log_of_a_dialler():
    table = [["CALL ID", "TIMESTAMP", "CAMPAIGN", "CALL TYPE", "SKILL", "AGENT", "AGENT NAME", "DISPOSITION", "ANI",
              "DNIS", "CALL TIME", "BILL TIME (ROUNDED)", "COST", "IVR TIME", "QUEUE WAIT TIME", "RING TIME",
              "TALK TIME", "HOLD TIME", "PARK TIME", "AFTER CALL WORK TIME", "TRANSFERS", "CONFERENCES", "HOLDS",
              "ABANDONED"]]  # fmt: skip
    for k, (start, queue, wait, spoken) in enumerate(SINGLE):
        talk, wrap = (0, 0) if spoken is None else (spoken - 30, 30)
        table.append([k, f"{start:%a, %d %b %Y %H:%M:%S}", "Main", "Inbound", queue, "a@b", "Ann",
                      "Abandon" if spoken is None else "Resolved", "0912", "800", clock(wait + talk), clock(60), 0,
                      clock(4), clock(wait), clock(2), clock(talk), clock(0), clock(0), clock(wrap), 0, 0, 0,
                      int(spoken is None)])  # fmt: skip
    table.append(["x", f"{SINGLE[0][0]:%a, %d %b %Y %H:%M:%S}", "Main", "Outbound", "sales", "a@b", "Ann", "Sold",
                  "0912", "800", clock(60), clock(60), 0, clock(0), clock(0), clock(0), clock(60), clock(0),
                  clock(0), clock(0),
                  0, 0, 0, 0])  # fmt: skip
    return text(table)


def incremental_calls():
    calls = [
        {
            "id": k, "agent_id": None if spoken is None else 7, "call_charge": "0.003",
            "call_group_id": {"sales": 360, "care": 361}[queue],
            "call_channel": None, "completion_status": "abandoned_in_queue" if spoken is None else "completed",
            "consultation_time": 0, "created_at": f"{start:%Y-%m-%dT%H:%M:%SZ}", "default_group": False,
            "direction": "inbound", "duration": wait + (spoken or 0), "exceeded_queue_wait_time": False,
            "hold_time": 0, "minutes_billed": 2, "outside_business_hours": False,
            "phone_number": "+1", "talk_time": spoken or 0, "ticket_id": 5 + k, "time_to_answer": None,
            "updated_at": f"{start + dt.timedelta(minutes=9):%Y-%m-%dT%H:%M:%SZ}", "voicemail": False,
            "wait_time": wait, "wrap_up_time": 0,
        }
        for k, (start, queue, wait, spoken) in enumerate(SINGLE)
    ]  # fmt: skip
    return json.dumps({"calls": calls, "count": len(calls), "next_page": None}).encode()


def segments():
    table = [["Segment Link", "Conversation", "Segment", "Date", "Time", "Communication Channel", "Direction", "Kind",
              "Queue", "Agent", "Abandoned", "Queue Time", "Ring Time", "Talk Time", "Wrap Up Time",
              "Handling Time"]]  # fmt: skip
    for k, (start, queue, wait, spoken) in enumerate(SINGLE):
        talk, wrap = (0, 0) if spoken is None else (spoken - 30, 30)
        table.append([f"https://x/{k}", f"WT{k}", f"WR{k}", f"{start:%Y-%m-%d}", f"{start:%H:%M:%S}", "Call", "Inbound",
                      "Conversation", queue, "Ann", "No" if spoken else "Yes", wait, 2, talk, wrap,
                      talk + wrap])  # fmt: skip
    return text(table)


def reported_calls():
    """An exchange's report of its queue calls, in two languages' words for how they ended."""
    table = [["No.Agent", "Agent", "Start Time", "End Time", "Duration", "Duration Wait", "Queue", "Type", "Phone",
              "Transfer", "Status"]]  # fmt: skip
    for start, queue, wait, spoken in SINGLE:
        end = start + dt.timedelta(seconds=wait + (spoken or 0))
        table.append(["201", "Ann", f"{start:%Y-%m-%d %H:%M:%S}", f"{end:%Y-%m-%d %H:%M:%S}", clock(spoken or 0),
                      clock(wait), queue, "Inbound", "0912", "",
                      "Abandonada" if spoken is None else "Terminada"])  # fmt: skip
    return text(table)


def call_data_records():
    """An exchange's records of all calls, those between extensions too; durations run from the answer."""
    names = (
        "historyid,callid,duration,time-start,time-answered,time-end,reason-terminated,from-no,to-no,from-dn,to-dn,"
        "dial-no,reason-changed,final-number,final-dn,bill-code,bill-rate,bill-cost,bill-name,chain,from-type,"
        "to-type,final-type,from-dispname,to-dispname,final-dispname,missed-queue-calls"
    )
    table = [names.split(",")]

    def record(k, start, seconds, kind, name):
        wait, spoken = seconds
        moments = [start, *([] if spoken is None else [start + dt.timedelta(seconds=wait)])]
        moments = [f"{moment:%Y/%m/%d %H:%M:%S}" for moment in moments] + [""] * (spoken is None)
        told = {
            "historyid": f"Call {k}", "callid": f"00000145D3D2B29D_{k}", "duration": clock(spoken or 0),
            "time-start": moments[0], "time-answered": moments[1], "reason-terminated": "TerminatedBySrc",
            "time-end": f"{start + dt.timedelta(seconds=wait + (spoken or 0)):%Y/%m/%d %H:%M:%S}", "from-no": "0912",
            "to-no": "800", "to-dn": "Ext.800", "chain": "Chain: 0912;800;", "from-type": "Line", "to-type": kind,
            "final-type": "Extension", "to-dispname": name, "final-dispname": "Ann",
        }  # fmt: skip
        table.append([told.get(each, "") for each in table[0]])

    for k, (start, queue, wait, spoken) in enumerate(SINGLE):
        record(k, start, (wait, spoken), "Queue", queue)
    record(len(SINGLE), SINGLE[0][0], (3, 60), "Extension", "Bob")
    return text(table)


def printed_log():
    """A log's table as a database prints it."""
    table = ["time  |   callid  | queuename |  agent  |   event   | data1 | data2 | data3 | data4 | data5"]
    table.append("-" * 28 + "+-----------+-----------+---------+-----------+-------+-------+-------+-------+-------")

    def row(start, seconds, *cells):
        stamp = f"{start + dt.timedelta(seconds=seconds):%Y-%m-%d %H:%M:%S}.250000"
        table.append(" | ".join([stamp, *map(str, cells), *[""] * (9 - len(cells))]))

    for k, (start, queue, wait, spoken) in enumerate(SINGLE):
        row(start, 0, f"17.{k}", queue, "NONE", "ENTERQUEUE", "", "0912", 1)
        if spoken is None:
            row(start, wait, f"17.{k}", queue, "NONE", "ABANDON", 1, 1, wait)
        else:
            row(start, wait, f"17.{k}", queue, "SIP/2", "CONNECT", wait, f"18.{k}", 4)
            row(start, wait + spoken, f"17.{k}", queue, "SIP/2", "COMPLETEAGENT", wait, spoken, 1)
    return lines(*table, f"({len(table) - 2} rows)")


@pytest.mark.parametrize(
    "write",
    [
        downloaded_details,
        call_log_of_a_dialler,
        incremental_calls,
        segments,
        reported_calls,
        call_data_records,
        printed_log,
    ],
)
def test_single_calls_with_all_their_headings(write):
    names = {"360": "sales", "361": "care"}  # a queue may be told by its number alone
    told_of = {names.get(queue, queue): figures for queue, figures in found(preview_upload("c", write(), ZONE)).items()}
    assert told_of == {queue: pytest.approx(figures) for queue, figures in expected().items()}


STATS = {"nConnected": 1, "nOverSla": 0, "nTransferred": 1, "tAlert": 2_000}


def aggregates():
    """What a query of aggregates answers: in each interval, its metrics, each with its count, sum, least and most."""
    results = []
    for queue, more in (("a1", 0), ("b2", 5)):
        data = []
        for time, calls, s in zip(
            ("09:00", "09:30", "10:00", "10:30"), (20, 31, 28, 25), (240, 250, 230, 245), strict=True
        ):
            offered, answered = calls + more, calls + more - 2
            sums = {"tHandle": (answered, s * 1000), "tTalk": (answered, (s - 30) * 1000), "tAcw": (answered, 30_000),
                    "tAnswered": (answered, 9_000), "tAbandon": (2, 20_000), "tWait": (offered, 10_000)}  # fmt: skip
            metrics = [{"metric": "nOffered", "stats": {"count": offered}}]
            metrics += [{"metric": name, "stats": {"count": offered + 3}} for name in STATS]
            metrics += [
                {"metric": name, "stats": {"max": 9e5, "min": 1_000.0, "count": count, "sum": float(count * ms)}}
                for name, (count, ms) in sums.items()
            ]
            start = f"2025-03-24T{time}:00.000Z"
            data.append({"interval": f"{start}/2025-03-24T{ends(time)}:00.000Z", "metrics": metrics[::-1]})
        results.append({"group": {"mediaType": "voice", "queueId": queue}, "data": data})
    return json.dumps({"results": results}).encode()


def test_aggregates_of_metrics_in_milliseconds():
    queues = told(preview_upload("aggregates.json", aggregates(), UTC))["queues"]
    assert {name: (each["calls"], each["answered"], each["abandoned"]) for name, each in queues.items()} == {
        "a1": (104, 96, 8), "b2": (124, 116, 8),
    }  # fmt: skip
    weights = dict(zip((240, 250, 230, 245), (18, 29, 26, 23), strict=True))
    assert queues["a1"]["aht_s"] == pytest.approx(sum(s * w for s, w in weights.items()) / 96)
    assert queues["a1"]["wait_s"] == pytest.approx(10)


def test_metrics_named_as_in_the_interface_of_programs_in_columns():
    """Without the answered, times of all calls together are divided by those offered, which is said."""
    data = lines(
        "interval,queueName,nOffered,nTransferred,tAnswered,tAbandon,tHandle",
        *rows(lambda t, c, s: f"2025-03-24T{t}:00.000Z,Sales,{c},1,{9_000 * (c - 2)},40000,{1_000 * s * (c - 2)}"),
    )
    report = preview_upload("a.csv", data, UTC)
    handled = sum(s * (c - 2) for c, s in zip(CALLS, SECONDS, strict=True))
    assert told(report)["queues"]["Sales"]["aht_s"] == pytest.approx(handled / sum(CALLS))
    assert any("is divided by the calls offered" in note for note in report.notes)


REPORT = (
    "Time,Avg Speed Ans,Avg Aban Time,ACD Calls,Avg ACD Time,Avg ACW Time,Aban Calls,Max Delay,Flow In,Flow Out,"
    "Extn Out Calls,Avg Extn Out Time,Dequeued Calls,Avg Time to Dequeue,% ACD Time,% Ans Calls,Avg Pos Staff,"
    "Calls Per Pos"
)


def split_report(separator):
    table = [
        f"{am(t)},:09,:20,{c},3:20,:40,2,:55,0,0,2,1:00,1,,80,95,5.0,4.0" for t, c in zip(TIMES, CALLS, strict=True)
    ]
    totals = f"Totals,:09,:20,{sum(CALLS)},3:20,:40,24,:55,0,0,24,1:00,12,,80,95,5.0,48.0"
    return lines(
        "Split/Skill Interval", f"Date:{separator}3/24/2025", f"Split/Skill:{separator}Sales", "",
        *(row.replace(",", separator) for row in (REPORT, totals, *table)),
    )  # fmt: skip


@pytest.mark.parametrize("separator", [",", "\t"])
def test_a_split_report_asks_what_its_calls_are(separator):
    """Its words for groups of figures (ACD, Extn) are no queues; which calls 'ACD calls' are is no matter of words."""
    data = split_report(separator)
    assert [each.option for each in preview_upload("r.txt", data, UTC).questions] == ["calls"]
    queue = told(preview_upload("r.txt", data, UTC, answers={"calls": "answered"}))["queues"]["Sales"]
    assert (queue["calls"], queue["answered"], queue["abandoned"]) == (sum(CALLS) + 24, sum(CALLS), 24)
    assert (queue["aht_s"], queue["first"]) == (240, "2025-03-24T09:00:00")
    assert queue["wait_s"] == pytest.approx((9 * sum(CALLS) + 20 * 24) / (sum(CALLS) + 24))


def test_a_report_printed_in_columns_of_spaces_is_refused():
    report = preview_upload("printed.txt", split_report("   "), UTC)
    assert report.status == "refused"
    assert "printed in columns of spaces" in report.problems[0].reason


def test_a_log_of_transfers_and_of_calls_that_left():
    """Parameters as documented: a blind transfer's last three are hold time, call time and position."""
    log = lines(
        "1742806800|1.1|sales|NONE|ENTERQUEUE||0912|1",
        "1742806810|1.1|sales|SIP/2|CONNECT|10|2.1|3",
        "1742806910|1.1|sales|SIP/2|BLINDTRANSFER|600|from-internal|10|100|1",
        "1742806820|1.2|sales|NONE|ENTERQUEUE||0912|1",
        "1742806850|1.2|sales|NONE|EXITWITHTIMEOUT|1|1|30",
        "1742806830|1.3|sales|NONE|ENTERQUEUE||0912|2",
        "1742806840|1.3|sales|NONE|EXITWITHKEY|2|1|2|10",
    )
    queue = told(preview_upload("queue_log", log, ZONE))["queues"]["sales"]
    assert (queue["calls"], queue["answered"], queue["abandoned"]) == (3, 1, 0)
    assert queue["aht_s"] == 100
    assert queue["wait_s"] == pytest.approx((10 + 30 + 10) / 3)
