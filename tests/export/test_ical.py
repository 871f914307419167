"""The calendar file, read back by hand and by its library."""

from __future__ import annotations

import pytest

from staffing.errors import InputError
from staffing.export import roster_ics_bytes
from tests.export.plans import plan


def test_every_shift_is_an_event_with_its_breaks() -> None:
    icalendar = pytest.importorskip("icalendar")
    made = plan()
    shifts = made.roster.table[made.roster.table["activity"] == "shift"]
    events = icalendar.Calendar.from_ical(roster_ics_bytes(made)).walk("VEVENT")
    assert sorted((e.decoded("dtstart"), e.decoded("dtend")) for e in events) == sorted(
        (s.start.tz_convert("UTC").to_pydatetime(), s.end.tz_convert("UTC").to_pydatetime())
        for s in shifts.itertuples()
    )
    assert len({str(event["uid"]) for event in events}) == len(shifts)


def test_one_persons_file_has_that_person_alone_and_the_same_bytes() -> None:
    pytest.importorskip("icalendar")
    made = plan()
    name = made.scenario.agents[0].name
    text = roster_ics_bytes(made, agent=name).decode()
    assert text == roster_ics_bytes(made, agent=name).decode()
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    own = made.roster.table
    assert text.count("BEGIN:VEVENT") == int(((own["agent"] == name) & (own["activity"] == "shift")).sum())
    with pytest.raises(InputError, match="no agent 'Nobody'"):
        roster_ics_bytes(made, agent="Nobody")
