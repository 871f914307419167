"""From an empty desk and a file to a published first week, with a hand on the mouse and nothing on the command line."""

import datetime as dt
import re
import time
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from staffing.language import speaking, text
from staffing.store.workspace import Workspace
from tests import small
from tests.browser.conftest import serving
from tests.browser.test_road import SLOW_MS, settled

pytestmark = pytest.mark.browser
PEOPLE = ("Ada", "Bob", "سارا", "Dan", "Eve")
MOST_ACTS, MOST_MINUTES = 20, 20
FIRST_PLAN_MS = 480_000  # a busy machine compiles its kernels first


class Walk:
    """Acts of a person on a page, counted; each waits until the page rests."""

    def __init__(self, page: Page, language: str = "en") -> None:
        self.page, self.language, self.acts, self.begun = page, language, 0, time.monotonic()

    def said(self, english: str, **values: str) -> str:
        with speaking(self.language):
            return text(english, **values)

    def press(self, what: str, slow_ms: int = SLOW_MS) -> None:
        self.page.get_by_role("button", name=self.said(what), exact=True).click()
        self._done(slow_ms)

    def open(self, role: Literal["link", "tab"], what: str) -> None:
        self.page.get_by_role(role, name=self.said(what), exact=True).click()
        self._done()

    def write(self, what: str, typed: str, *, role: Literal["textbox", "spinbutton"] = "textbox") -> None:
        box = self.page.get_by_role(role, name=self.said(what))
        box.fill(typed)
        box.press("Tab")
        self._done()

    def drop(self, name: str, content: bytes) -> None:
        file = {"name": name, "mimeType": "text/csv", "buffer": content}
        self.page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
        self._done()

    def _done(self, slow_ms: int = SLOW_MS) -> None:
        settled(self.page, slow_ms)
        self.acts += 1


@pytest.fixture(scope="module")
def empty_desk(tmp_path_factory):
    """A server with a database of its own and no workspace but the bundled ones."""
    url = f"sqlite:///{tmp_path_factory.mktemp('database') / 'staffing.db'}"
    with pytest.MonkeyPatch.context() as patch, serving(STAFFING_DATABASE_URL=url) as address:
        patch.setenv("STAFFING_DATABASE_URL", url)
        yield address


def calls_file() -> bytes:
    """Ten weeks of hours, as a phone system exports them."""
    days = [small.FIRST + dt.timedelta(days=k) for k in range((small.LAST - small.FIRST).days + 1)]
    rows = [
        f"{day} {hour:02d}:00,voice,{small.calls_at(day, hour)},300"
        for day in days
        if day.weekday() < 5
        for hour in range(8, 18)
    ]
    return "\n".join(["timestamp,queue,calls,aht_seconds", *rows]).encode()


def walk_to_a_published_week(page: Page, address: str, name: str, language: str = "en") -> tuple[int, float]:
    """Walk the road from Home; returns how many acts it took, and how many seconds."""
    walk = Walk(page, language)
    page.goto(f"{address}?language={language}")
    settled(page)
    walk.open("link", "Set up")
    walk.write("Name of the workspace", name)
    walk.drop("calls.csv", calls_file())
    walk.press("Make the workspace")
    for _ in range(5):  # queues, hours, targets, special days, shifts: as the file told them
        walk.press("Next")
    walk.write("Paste rows from Excel", "\n".join(f"{who}\tnorth\tfull-time" for who in PEOPLE))
    walk.press("Take these people")
    for _ in range(3):
        walk.press("Next")
    walk.write("Time to look for a roster, s", "5", role="spinbutton")
    walk.press("Plan the first week", FIRST_PLAN_MS)
    walk.open("tab", "Edit")
    walk.write("Reason", "first week")
    walk.press("Publish")
    told = walk.said("Published as version {version}: {changed} shifts changed.", version="#", changed="#")
    expect(page.get_by_text(told.split("#")[0].strip())).to_be_visible()
    return walk.acts, time.monotonic() - walk.begun


def with_a_file(page: Page, address: str, name: str) -> Walk:
    """The set-up of a new workspace, named and its file dropped."""
    page.goto(f"{address}/setup")
    settled(page)
    walk = Walk(page)
    walk.write("Name of the workspace", name)
    walk.drop("calls.csv", calls_file())
    return walk


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_file_becomes_a_published_week(page: Page, empty_desk, language):
    acts, seconds = walk_to_a_published_week(page, empty_desk, f"desk-{language}", language)
    print(f"{language}: {acts} acts, {seconds:.0f} s")  # noqa: T201  told by: pytest -s
    assert acts <= MOST_ACTS
    assert seconds <= 60 * MOST_MINUTES
    made = Workspace.open(f"desk-{language}@db")
    (entry,) = made.rosters.journal()
    assert (entry.version, entry.week) == (1, dt.date.fromisoformat(small.NEXT_WEEK))
    assert [agent.name for agent in made.base.agents] == list(PEOPLE)
    assert {str(span) for (span,) in made.base.site.opening.values()} == {"08:00-18:00"}
    assert made.base.queues[0].aht_s == 300.0


def test_what_is_wrong_is_said_beside_the_field_and_a_step_is_taken_back(page: Page, empty_desk):
    walk = with_a_file(page, empty_desk, "mended")
    walk.press("Make the workspace")
    page.get_by_test_id("stButtonGroup").get_by_text("7 People").click()
    settled(page)
    walk.write("Paste rows from Excel", "Fay\tnorth\tnobody's contract")
    walk.press("Take these people")
    expect(page.get_by_test_id("stAlert").filter(has_text="nobody's contract")).to_be_visible()
    expect(page.get_by_role("textbox", name="Paste rows from Excel")).to_have_value("Fay\tnorth\tnobody's contract")
    walk.write("Paste rows from Excel", "Fay\tnorth\tfull-time")
    walk.press("Take these people")
    expect(page.get_by_text("1 person.")).to_be_visible()
    page.get_by_role("button", name="Undo the last change").click()
    settled(page)
    expect(page.get_by_text("0 people.")).to_be_visible()


def test_odd_hands_lose_nothing(page: Page, empty_desk):
    """Clicked twice, gone back, loaded anew, nothing pasted, long names, hundreds of people."""
    walk = with_a_file(page, empty_desk, "odd")
    page.get_by_role("button", name="Make the workspace").dblclick()
    settled(page)
    expect(page.get_by_text(re.compile("Workspace odd"))).to_be_visible()
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)
    page.go_back()
    settled(page)
    page.go_forward()
    settled(page)
    page.get_by_test_id("stButtonGroup").get_by_text("7 People").click()
    settled(page)
    page.reload()
    settled(page)
    expect(page.get_by_text("0 people.")).to_be_visible()
    walk.press("Take these people")
    expect(page.get_by_test_id("stAlert").filter(has_text="nothing was pasted")).to_be_visible()
    walk.write("Paste rows from Excel", "\n".join(f"سیده فاطمه‌زهرا حسینی‌نژاد قره‌باغی {k}\tشمال" for k in range(3)))
    walk.press("Take these people")
    expect(page.get_by_text("3 people.", exact=True)).to_be_visible()
    walk.write("People without names", "300", role="spinbutton")
    walk.press("Add them")
    expect(page.get_by_text("303 people.", exact=True)).to_be_visible()
    walk.press("Undo the last change")
    expect(page.get_by_text("3 people.", exact=True)).to_be_visible()
    assert len(Workspace.open("odd@db").base.agents) == 3
