"""The roster on paper, its text read back by another library."""

from __future__ import annotations

import datetime as dt
import io
import unicodedata

import pypdf
import pytest

from staffing.errors import InputError
from staffing.export import Edition, roster_pdf_bytes
from staffing.language import speaking
from tests.evaluation.two_people import MONDAY, scenario

from .plans import FakePlan, plan, renamed

PUBLISHED = Edition(MONDAY, "published", 3, dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC), "Sara", "why")


def pages(made: FakePlan, **options: object) -> list[str]:
    read = pypdf.PdfReader(io.BytesIO(roster_pdf_bytes(made, **options)))  # type: ignore[arg-type]
    return [unicodedata.normalize("NFKC", page.extract_text()) for page in read.pages]


def test_week_day_coverage_and_people_in_that_order() -> None:
    week, day, coverage, people = pages(plan(), edition=PUBLISHED)
    assert "Roster of the week of 2026-11-23" in week
    assert "09:00–12:00" in week
    assert "Monday 2026-11-23" in day
    assert "1.0 / 2.0" in coverage
    assert "10:15–10:45 lunch" in people
    assert all("Published version 3" in page for page in (week, day, coverage, people))


def test_one_persons_paper_has_nobody_else() -> None:
    [own] = pages(plan(), agent="Bo")
    assert "10:00–12:00" in own
    assert "Ann" not in own
    with pytest.raises(InputError, match="no agent 'Nobody'"):
        pages(plan(), agent="Nobody")


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert roster_pdf_bytes(plan(), edition=PUBLISHED) == roster_pdf_bytes(plan(), edition=PUBLISHED)


def test_persian_has_its_own_digits_dates_and_side() -> None:
    made = plan(scenario(site={"display": "jalali"}))
    with speaking("fa"):
        week = pages(made, edition=PUBLISHED)[0]
    assert "۱۴۰۵" in week or "۵۰۴۱" in week  # a reader may give the run as it is drawn
    assert "09:00" not in week
    assert "تا" in week


def test_long_and_strange_names_stay_inside_their_cell() -> None:
    [*_, people] = pages(renamed("ا" * 25 + " =1+1 <b>&amp; 名前" + "x" * 30))
    assert "h paid" in people
