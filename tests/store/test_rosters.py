"""Drafts, publications and their journal: whole or absent, never overwritten, found again by later weeks."""

import datetime as dt

import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.errors import InputError
from staffing.store.ground import FolderGround
from staffing.store.publications import Signed
from staffing.store.rosters import JOURNAL, RosterBook
from staffing.tables import on_the_clock
from tests.roster.sites import START, shifts_of

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
ADA = Signed("Ada", "the first")
NEXT = START + dt.timedelta(days=7)


@pytest.fixture
def book(tmp_path):
    return RosterBook(FolderGround(tmp_path), SiteCalendar(timezone="UTC"))


def test_a_draft_is_published_once_and_every_version_stays(book):
    first = shifts_of("p0", "Mon 08:00-17:00", "Tue 08:00-17:00")
    book.keep(first)
    assert book.published(START) is None
    entry = book.publish(START, book.draft(START), ADA, NOW)
    assert (entry.version, entry.shifts, entry.changed) == (1, 2, 2)
    assert book.draft(START) is None
    second = shifts_of("p0", "Mon 08:00-17:00", "Tue 09:00-18:00", "Wed 08:00-17:00")
    again = book.publish(START, second, Signed("Bob", "a sick call"), NOW)
    assert (again.version, again.changed) == (2, 3)  # one moved (gone and come), one added
    assert len(book.published(START)) == len(second)
    assert len(book.table(entry)) == len(first)
    assert [(line.who, line.why) for line in book.journal()] == [("Ada", "the first"), ("Bob", "a sick call")]


def test_a_publication_that_breaks_off_has_not_happened(book):
    book.publish(START, shifts_of("p0", "Mon 08:00-17:00"), ADA, NOW)
    with (book.ground.root / JOURNAL).open("a") as journal:
        journal.write('{"week": "2026-03-')
    assert len(book.journal()) == 1
    book.publish(START, shifts_of("p0", "Tue 08:00-17:00"), ADA, NOW)
    assert [entry.version for entry in book.journal()] == [1, 2]


def test_what_was_changed_behind_its_back_is_said(book):
    entry = book.publish(START, shifts_of("p0", "Mon 08:00-17:00"), ADA, NOW)
    shifts_of("p0", "Tue 08:00-17:00").to_parquet(book.ground.root / "rosters" / entry.file)
    with pytest.raises(InputError, match="not what was published"):
        book.published(START)


def test_the_past_is_published_or_else_a_draft(book):
    assert book.before(NEXT) is None
    book.keep(shifts_of("p0", "Mon 08:00-17:00"))
    assert list(book.before(NEXT)["agent"].unique()) == ["p0"]
    book.publish(START, shifts_of("p1", "Mon 08:00-17:00"), ADA, NOW)
    book.keep(shifts_of("p2", "Mon 08:00-17:00"))
    assert list(book.before(NEXT)["agent"].unique()) == ["p1"]
    assert book.before(START) is None


def test_weeks_written_in_another_zone_are_told_on_the_clock_of_the_site(tmp_path):
    ground = FolderGround(tmp_path)
    abroad, home = (RosterBook(ground, SiteCalendar(timezone=zone)) for zone in ("Europe/Berlin", "Asia/Tehran"))
    first = shifts_of("p0", "Mon 08:00-17:00", "Tue 08:00-17:00")
    abroad.keep(on_the_clock(first, abroad.site.zone))
    abroad.publish(START, abroad.draft(START), ADA, NOW)
    following = first.assign(start=first["start"] + pd.Timedelta(days=7), end=first["end"] + pd.Timedelta(days=7))
    home.keep(on_the_clock(following, home.site.zone))
    past = home.before(NEXT + dt.timedelta(days=7))
    assert str(past["start"].dt.tz) == "Asia/Tehran"
    assert past["start"].tolist() == [*first["start"], *following["start"]]
    moved = shifts_of("p0", "Mon 08:00-17:00", "Tue 09:00-18:00")
    assert home.publish(START, moved, Signed("Bob", "later"), NOW).changed == 2
    monday = moved["start"].min() + pd.Timedelta(hours=1)
    assert set(home.as_it_was(START, 1, monday)["start"]) == set(first["start"])


def test_a_shift_belongs_to_the_week_it_begins_in_with_its_breaks(book):
    night = shifts_of("p0", "Sun 22:00-06:00")
    rest = night.assign(start=night["start"] + pd.Timedelta(hours=4), end=night["end"] - pd.Timedelta(hours=3))
    both = pd.concat([night, rest.assign(activity="meal", queue=None), shifts_of("p0", "Mon+1 22:00-06:00")])
    assert book.keep(both) == [START, NEXT]
    assert list(book.draft(START)["activity"]) == ["shift", "meal"]
    with pytest.raises(InputError, match=str(NEXT)):
        book.publish(START, both, ADA, NOW)


def test_a_publication_needs_a_name_and_a_reason():
    with pytest.raises(InputError):
        Signed("Ada", " ")


def test_a_publication_is_taken_back_but_for_what_has_begun(book):
    first = shifts_of("p0", "Mon 08:00-17:00", "Tue 08:00-17:00", "Wed 08:00-17:00", "Thu 08:00-17:00")
    second = pd.concat(
        [shifts_of("p0", "Mon 10:00-19:00", "Wed 06:00-15:00"), shifts_of("p1", "Tue 06:00-15:00", "Fri 08:00-17:00")]
    )
    book.publish(START, first, ADA, NOW)
    book.publish(START, second, ADA, NOW)
    book.keep(second)
    begun = pd.Timestamp(START, tz="UTC") + pd.Timedelta(days=1, hours=9)  # Tuesday 09:00
    again = book.as_it_was(START, 1, begun)
    shifts = again[again["activity"] == "shift"].sort_values("start")
    told = [(row.agent, f"{row.start:%a %H:%M}") for row in shifts.itertuples()]
    # Monday was worked as version 2 said; on Tuesday p0 had been sent home before 08:00, and p1 is at work
    assert told == [("p0", "Mon 10:00"), ("p1", "Tue 06:00"), ("p0", "Wed 08:00"), ("p0", "Thu 08:00")]
    entry = book.publish(START, again, Signed("Bo", "a mistake"), NOW, begun=begun, draft_stays=True)
    assert (entry.version, book.draft(START) is None) == (3, False)
    assert book.as_it_was(START, 2, None).equals(book.table(book.journal()[1]))
    for number in (3, 7):
        with pytest.raises(InputError, match="not one to go back to"):
            book.as_it_was(START, number, begun)
