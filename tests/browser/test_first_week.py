"""From an empty desk and a file to a published first week, with a hand on the mouse and nothing on the command line."""

import datetime as dt
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from staffing.store.workspace import Workspace
from tests import small
from tests.browser.conftest import serving
from tests.browser.test_road import settled

pytestmark = pytest.mark.browser
WORDS = {
    "en": {
        "set up": "Set up",
        "name": "Name of the workspace",
        "make": "Make the workspace",
        "next": "Next",
        "paste": "Paste rows from Excel",
        "take": "Take these people",
        "time": "Time to look for a roster, s",
        "plan": "Plan the first week",
        "edit": "Edit",
        "reason": "Reason",
        "publish": "Publish",
        "published": "Published as version 1",
    }
}
MOST_ACTS = 20


class Walk:
    """Acts of a person on a page, counted; each waits until the page rests."""

    def __init__(self, page: Page, words: dict[str, str]) -> None:
        self.page, self.words, self.acts = page, words, 0

    def press(self, what: str) -> None:
        self.page.get_by_role("button", name=self.words[what], exact=True).click()
        self._done()

    def open(self, role: str, what: str) -> None:
        self.page.get_by_role(role, name=self.words[what], exact=True).click()
        self._done()

    def write(self, what: str, typed: str, *, role: Literal["textbox", "spinbutton"] = "textbox") -> None:
        box = self.page.get_by_role(role, name=self.words[what])
        box.fill(typed)
        box.press("Tab")
        self._done()

    def drop(self, name: str, content: bytes) -> None:
        file = {"name": name, "mimeType": "text/csv", "buffer": content}
        self.page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
        self._done()

    def _done(self) -> None:
        settled(self.page)
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


def walk_to_a_published_week(page: Page, address: str, name: str, language: str = "en") -> int:
    """Walk the road; returns how many acts it took."""
    walk = Walk(page, WORDS[language])
    page.goto(address)
    settled(page)
    walk.open("link", "set up")
    walk.write("name", name)
    walk.drop("calls.csv", calls_file())
    walk.press("make")
    for _ in range(5):  # queues, hours, targets, special days, shifts: as the file told them
        walk.press("next")
    walk.write("paste", "\n".join(f"{who}\tnorth\tfull-time" for who in ("Ada", "Bob", "سارا", "Dan", "Eve")))
    walk.press("take")
    for _ in range(3):
        walk.press("next")
    walk.write("time", "5", role="spinbutton")
    walk.press("plan")
    walk.open("tab", "edit")
    walk.write("reason", "first week")
    walk.press("publish")
    expect(page.get_by_text(walk.words["published"])).to_be_visible()
    return walk.acts


def test_a_file_becomes_a_published_week(page: Page, empty_desk):
    assert walk_to_a_published_week(page, empty_desk, "first-desk") <= MOST_ACTS
    made = Workspace.open("first-desk@db")
    (entry,) = made.rosters.journal()
    assert (entry.version, entry.week) == (1, dt.date.fromisoformat(small.NEXT_WEEK))
    assert [agent.name for agent in made.base.agents] == ["Ada", "Bob", "سارا", "Dan", "Eve"]
    assert {str(span) for (span,) in made.base.site.opening.values()} == {"08:00-18:00"}
    assert made.base.queues[0].aht_s == 300.0


def test_what_is_wrong_is_said_beside_the_field_and_a_step_is_taken_back(page: Page, empty_desk):
    page.goto(f"{empty_desk}/setup?workspace=first-desk@db&step=people")
    settled(page)
    walk = Walk(page, WORDS["en"])
    walk.write("paste", "Fay\tnorth\tnobody's contract")
    walk.press("take")
    expect(page.get_by_test_id("stAlert").filter(has_text="nobody's contract")).to_be_visible()
    expect(page.get_by_role("textbox", name=WORDS["en"]["paste"])).to_have_value("Fay\tnorth\tnobody's contract")
    walk.write("paste", "Fay\tnorth\tfull-time")
    walk.press("take")
    expect(page.get_by_text("6 people.")).to_be_visible()
    page.get_by_role("button", name="Undo the last change").click()
    settled(page)
    expect(page.get_by_text("5 people.")).to_be_visible()
