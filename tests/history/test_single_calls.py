"""Single calls as phone systems list them, put together into intervals: the same calls from every kind of list."""

import csv as csvs
import datetime as dt
import io
import json
import random

import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.history import preview_upload
from tests.history.samples import UTC

BEGIN = dt.datetime(2025, 3, 24, 9, 0, 7)
ZONE = SiteCalendar(interval_min=30)


def invented():
    """Sixty calls of two days and two queues: when, where, seconds waited, seconds spoken (None: abandoned)."""
    chance = random.Random(7)
    calls = []
    for k in range(60):
        start = BEGIN + dt.timedelta(days=k % 2, seconds=chance.randrange(5 * 3600))
        spoken = None if k % 6 == 0 else chance.randrange(100, 400)
        calls.append((start, ("sales", "care")[k % 3 == 0], chance.randrange(3, 60), spoken))
    return sorted(calls)


CALLS = invented()


def expected():
    """Calls, answered, abandoned, mean handle time and mean wait of each queue, added up by hand."""
    told = {}
    for queue in ("care", "sales"):
        mine = [call for call in CALLS if call[1] == queue]
        spoken = [call[3] for call in mine if call[3] is not None]
        waits = [call[2] for call in mine]
        told[queue] = (
            len(mine), len(spoken), len(mine) - len(spoken), sum(spoken) / len(spoken), sum(waits) / len(waits)
        )  # fmt: skip
    return told


def found(report):
    from staffing.history.summary import told

    assert report.status == "read", (report.problems, report.questions, report.notes)
    queues = told(report)["queues"]
    return {name: tuple(queue[key] for key in ("calls", "answered", "abandoned", "aht_s", "wait_s"))
            for name, queue in queues.items()}  # fmt: skip


def text(rows, separator=","):
    stream = io.StringIO()
    csvs.writer(stream, delimiter=separator).writerows(rows)
    return stream.getvalue().encode()


def queue_log(separator="|"):
    lines = ["1742806700|NONE|NONE|NONE|QUEUESTART|"]
    for k, (start, queue, wait, spoken) in enumerate(CALLS):
        at, call = int(start.replace(tzinfo=dt.UTC).timestamp()), f"17428.{k}"
        lines.append(f"{at}|{call}|{queue}|NONE|ENTERQUEUE||0912000|1")
        lines.append(f"{at + 2}|{call}|{queue}|SIP/201|RINGNOANSWER|15000")
        if spoken is None:
            lines.append(f"{at + wait}|{call}|{queue}|NONE|ABANDON|1|1|{wait}")
        else:
            lines.append(f"{at + wait}|{call}|{queue}|SIP/200|CONNECT|{wait}|17429.{k}|4")
            lines.append(f"{at + wait + spoken}|{call}|{queue}|SIP/200|COMPLETECALLER|{wait}|{spoken}|1")
    return ("\n".join(lines) + "\n").replace("|", separator).encode()


def logged_in_a_database():
    rows = [
        ["id", "time", "callid", "queuename", "agent", "event", "data", "data1", "data2", "data3", "data4", "data5"]
    ]
    for k, line in enumerate(queue_log().decode().splitlines()):
        at, call, queue, agent, event, *told = line.split("|")
        stamp = dt.datetime.fromtimestamp(int(at), dt.UTC)
        rows.append(
            [k, f"{stamp:%Y-%m-%d %H:%M:%S.000000}", call, queue, agent, event, "", *told, *[""] * (5 - len(told))]
        )
    return text(rows)


def contact_records():
    """Each delivered twice: first without its end."""
    rows = [["ContactId", "Channel", "InitiationMethod", "InitiationTimestamp", "Queue.Name", "Queue.EnqueueTimestamp",
             "Queue.Duration", "Agent.ConnectedToAgentTimestamp", "Agent.AgentInteractionDuration",
             "Agent.AfterContactWorkDuration", "DisconnectTimestamp", "LastUpdateTimestamp"]]  # fmt: skip
    stamp = "{:%Y-%m-%dT%H:%M:%SZ}".format
    for k, (start, queue, wait, spoken) in enumerate(CALLS):
        joined = start + dt.timedelta(seconds=wait)
        ended = joined + dt.timedelta(seconds=spoken or 0)
        connected = "" if spoken is None else stamp(joined)
        spoken_s, after_s = ("", "") if spoken is None else (spoken - 30, 30)
        head = [f"c-{k}", "VOICE", "INBOUND", stamp(start - dt.timedelta(seconds=9)), queue, stamp(start), wait]
        rows.append([*head, "", "", "", "", stamp(joined)])
        rows.append([*head, connected, spoken_s, after_s, stamp(ended), stamp(ended + dt.timedelta(minutes=5))])
    rows.append(["c-x", "VOICE", "OUTBOUND", stamp(BEGIN), "sales", "", "", "", "", "", stamp(BEGIN), stamp(BEGIN)])
    return text(rows)


def nested_records():
    rows = []
    for k, (start, queue, wait, spoken) in enumerate(CALLS):
        joined = start + dt.timedelta(seconds=wait)
        agent = None if spoken is None else {
            "ConnectedToAgentTimestamp": f"{joined.isoformat()}Z", "AgentInteractionDuration": spoken
        }  # fmt: skip
        queued = {"Name": queue, "EnqueueTimestamp": f"{start.isoformat()}Z", "Duration": wait}
        rows.append({"ContactId": f"c-{k}", "InitiationMethod": "INBOUND", "Agent": agent, "Queue": queued})
    return "\n".join(map(json.dumps, rows)).encode()


def call_log():
    rows = [["Call ID", "Call Time", "Queue", "Status", "Wait Time", "Talk Time"]]
    clock = lambda s: f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}"  # noqa: E731
    for k, (start, queue, wait, spoken) in enumerate(CALLS):
        status = "Abandoned" if spoken is None else "Answered"
        rows.append([k, f"{start:%m/%d/%Y %I:%M:%S %p}", queue, status, clock(wait), clock(spoken or 0)])
    return text(rows, ";")


@pytest.mark.parametrize(
    "data",
    [queue_log(), queue_log(","), logged_in_a_database(), contact_records(), nested_records(), call_log()],
    ids=["log", "log with commas", "log in a database", "records twice", "nested records", "call log"],
)
def test_every_list_of_the_same_calls_gives_the_same_figures(data):
    report = preview_upload("calls.txt", data, ZONE)
    assert found(report) == {queue: pytest.approx(figures) for queue, figures in expected().items()}
    assert any("single calls are put together into intervals of 30 minutes" in note for note in report.notes)


def test_records_told_twice_and_those_not_offered_are_said():
    notes = preview_upload("calls.csv", contact_records(), ZONE).notes
    assert any("60 rows tell of calls that other rows tell of too" in note for note in notes)
    assert any("1 calls that were not offered to a queue" in note for note in notes)


def test_intervals_without_a_call_are_zero_on_days_with_calls():
    frame = preview_upload("calls.csv", call_log(), ZONE).history.frame
    assert frame["calls"].notna().all()
    assert (frame["calls"] == 0).any()
    assert set(frame["start"].dt.date) == {dt.date(2025, 3, 24), dt.date(2025, 3, 25)}


def test_call_records_of_an_exchange_count_calls_by_their_destination():
    rows = [["calldate", "clid", "src", "dst", "lastapp", "duration", "billsec", "disposition", "uniqueid"]]
    for k, (start, queue, _, spoken) in enumerate(CALLS):
        disposition = "NO ANSWER" if spoken is None else "ANSWERED"
        row = [f"{start:%Y-%m-%d %H:%M:%S}", "x", "0912", {"sales": "600", "care": "601"}[queue], "Queue", 100]
        rows += [[*row, spoken or 0, disposition, f"u{k}"], [*row, spoken or 0, disposition, f"u{k}"]]
    told = found(preview_upload("Master.csv", text(rows), UTC))
    assert {name: figures[:3] for name, figures in told.items()} == {
        "600": expected()["sales"][:3], "601": expected()["care"][:3],
    }  # fmt: skip
    assert told["600"][3] == pytest.approx(expected()["sales"][3])


def test_a_log_without_a_call_is_refused():
    report = preview_upload("queue_log", b"1742806700|NONE|NONE|NONE|CONNECT|\n1742806701|NONE|NONE|NONE|PAUSE|\n", UTC)
    assert report.status == "refused"
    assert "has no call that entered a queue" in report.problems[0].reason
