"""Which roster a file holds: chosen, and said."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from staffing.errors import InputError
from staffing.export import kept_roster
from staffing.language import speaking
from staffing.store.ground import FolderGround
from staffing.store.publications import Signed
from staffing.store.rosters import RosterBook
from tests.evaluation.two_people import MONDAY, roster, scenario

NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
SITE = scenario().site


@pytest.fixture
def book(tmp_path: Path) -> RosterBook:
    return RosterBook(FolderGround(tmp_path), SITE)


def test_nothing_kept_is_none_and_what_is_asked_for_is_named(book: RosterBook) -> None:
    assert kept_roster(book, MONDAY) is None
    for which, told in (("draft", "no draft"), ("published", "nothing is published"), (2, "nothing is published")):
        with pytest.raises(InputError, match=told):
            kept_roster(book, MONDAY, which)  # type: ignore[arg-type]


def test_what_is_published_holds_although_a_draft_lies_beside_it(book: RosterBook) -> None:
    first, second = roster(), roster("Ann 09:00 12:00 shift voice")
    book.publish(MONDAY, first, Signed("Sara", "first"), NOON)
    book.keep(second)
    found = kept_roster(book, MONDAY)
    assert found is not None
    table, edition = found
    assert len(table) == len(first)
    assert edition.told(SITE) == "Published version 1 · 2026-11-20 12:00 · by Sara"
    drafted = kept_roster(book, MONDAY, "draft")
    assert drafted is not None
    assert (len(drafted[0]), drafted[1].version, drafted[1].final) == (1, 1, False)
    assert drafted[1].told(SITE).startswith("Draft, not published · after version 1 · ")


def test_an_older_version_comes_with_what_was_before_it(book: RosterBook) -> None:
    for k, text in enumerate(
        ("Ann 09:00 12:00 shift voice", "Bo 10:00 12:00 shift voice", "Ann 09:00 11:00 shift voice")
    ):
        book.publish(MONDAY, roster(text), Signed("Sara", f"version {k}"), NOON)
    found = kept_roster(book, MONDAY, 2)
    assert found is not None
    assert found[0]["agent"].tolist() == ["Bo"]
    assert [table["agent"].tolist() for table in found[1].earlier] == [["Ann"]]
    with pytest.raises(InputError, match="no version 4"):
        kept_roster(book, MONDAY, 4)


def test_the_edition_is_told_in_persian(book: RosterBook) -> None:
    book.publish(MONDAY, roster(), Signed("Sara", "first"), NOON)
    found = kept_roster(book, MONDAY)
    assert found is not None
    with speaking("fa"):
        assert found[1].told(SITE) == "نسخهٔ منتشرشدهٔ ۱ · ۲۰۲۶-۱۱-۲۰ ۱۲:۰۰ · Sara"
