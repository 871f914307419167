"""The calendar file as calendars take it: read by two libraries, one version after the other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import icalendar
import pytest
import vobject

from staffing.errors import InputError
from staffing.export import Edition, roster_ics_bytes
from tests.evaluation.two_people import MONDAY, roster

from .plans import plan

Seen = tuple[str, int, str, dt.datetime, dt.datetime]
FIRST = "Ann 09:00 12:00 shift voice\nBo 10:00 12:00 shift voice"
MOVED = "Ann 09:30 12:00 shift voice\nAnn 10:00 10:15 lunch -"
WHEN = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)


def by_icalendar(content: bytes) -> list[Seen]:
    return [
        (str(e["uid"]), int(e["sequence"]), str(e["status"]), e.decoded("dtstart"), e.decoded("dtend"))
        for e in icalendar.Calendar.from_ical(content).walk("VEVENT")
    ]


def by_vobject(content: bytes) -> list[Seen]:
    events = vobject.readOne(content.decode()).contents.get("vevent", [])
    return [(e.uid.value, int(e.sequence.value), e.status.value, e.dtstart.value, e.dtend.value) for e in events]


def taken(calendar: dict[str, Seen], seen: list[Seen]) -> dict[str, Seen]:
    """What a calendar holds after opening a file: an event of the same identity is replaced, a cancelled one goes."""
    after = dict(calendar)
    for event in seen:
        if event[0] not in after or event[1] >= after[event[0]][1]:
            after[event[0]] = event
    return {uid: event for uid, event in after.items() if event[2] != "CANCELLED"}


def version(text: str, number: int, *earlier: str) -> dict[str, Any]:
    edition = Edition(MONDAY, "published", number, WHEN, "Sara", "why", tuple(roster(one) for one in earlier))
    return {"plan": plan(people=roster(text)), "edition": edition}


@pytest.mark.parametrize("read", [by_icalendar, by_vobject])
def test_a_moved_shift_moves_and_a_cancelled_one_goes(read: Callable[[bytes], list[Seen]]) -> None:
    first = taken({}, read(roster_ics_bytes(**version(FIRST, 1))))
    assert len(first) == 2
    second = taken(first, read(roster_ics_bytes(**version(MOVED, 2, FIRST))))
    [(_, sequence, status, start, end)] = second.values()
    assert (sequence, status) == (2, "CONFIRMED")
    assert (start, end) == tuple(
        dt.datetime(2026, 11, 23, hour, minute, tzinfo=dt.UTC) for hour, minute in ((8, 30), (11, 0))
    )
    third = taken(second, read(roster_ics_bytes(**version(FIRST, 3, FIRST, MOVED))))
    assert {event[3:] for event in third.values()} == {event[3:] for event in first.values()}


def test_one_persons_file_hides_the_others() -> None:
    content = roster_ics_bytes(**version(MOVED, 2, FIRST), agent="Bo").decode()
    assert "Ann" not in content
    assert [status for _, _, status, *_ in by_icalendar(content.encode())] == ["CANCELLED"]


def test_a_draft_is_tentative_and_says_so() -> None:
    content = roster_ics_bytes(plan(), edition=Edition(MONDAY, "draft", 1, WHEN))
    assert {status for _, _, status, *_ in by_icalendar(content)} == {"TENTATIVE"}
    assert "Draft" in str(icalendar.Calendar.from_ical(content)["x-wr-caldesc"])


def test_every_shift_is_an_event_with_its_breaks() -> None:
    made = plan()
    shifts = made.roster.table[made.roster.table["activity"] == "shift"]
    content = roster_ics_bytes(made)
    assert content == roster_ics_bytes(made)
    assert sorted(event[3:] for event in by_icalendar(content)) == sorted(
        (s.start.tz_convert("UTC").to_pydatetime(), s.end.tz_convert("UTC").to_pydatetime())
        for s in shifts.itertuples()
    )
    assert "10:15-10:45 lunch" in content.decode()


def test_nobody_unknown_gets_a_file() -> None:
    with pytest.raises(InputError, match="no agent 'Nobody'"):
        roster_ics_bytes(plan(), agent="Nobody")
