"""The board without a server around it: what bars say, where the focus goes, and that a hundred people are drawn."""

import datetime as dt
import json

import pytest
from playwright.sync_api import Page, expect

from staffing.ui.board_view import words
from staffing.ui.components.board import FOLDER

pytestmark = pytest.mark.browser
FIRST = dt.date(2026, 11, 23)
SCRIPT = "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in ("event-calendar.min.js", "board.js"))
STYLE = "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in ("event-calendar.min.css", "board.css"))


def data(people: int, days: int) -> dict:
    """A roster of people who all work nine hours a day, as the page hands it to the board."""
    shifts = [
        {
            "id": f"{name}-{day}", "person": name, "start": f"{day}T08:00", "end": f"{day}T17:00",
            "label": "08:00–17:00", "told": f"{name} · {day}", "fill": "#cfe0f5", "state": "same", "locked": False,
            "breaks": [{"start": f"{day}T12:00", "end": f"{day}T13:00", "label": "lunch"}],
        }
        for name in (f"P{k:03d}" for k in range(people))
        for day in (FIRST + dt.timedelta(days=k) for k in range(days))
    ]  # fmt: skip
    names = sorted({one["person"] for one in shifts})
    return {
        "first": str(FIRST), "days": days,
        "heads": [(str(FIRST + dt.timedelta(days=k)), f"day {k}") for k in range(days)],
        "slot_min": 60 if days == 1 else 180 if days <= 7 else 360, "step_min": 15,
        "slot_width": 40 if days == 1 else 15,
        "height": "640px", "people": [{"id": name, "name": name, "note": "45 h", "title": ""} for name in names],
        "shifts": shifts, "away": [], "cover": [], "editable": True, "words": words(),
    }  # fmt: skip


def drawn(page: Page, given: dict) -> float:
    """Draw a board; seconds from its data to the frame after the last shift."""
    page.set_content(f"<style>{STYLE}</style><div id='host'><div class='board'></div></div>")
    module = f"{SCRIPT}\nwindow.drawBoard = (data) => exported({{data, parentElement: host, setTriggerValue() {{}}}});"
    page.add_script_tag(content=module.replace("export default function", "window.exported = function"), type="module")
    page.wait_for_function("() => window.drawBoard")
    seconds: float = page.evaluate(
        """async (data) => {
            const begun = performance.now();
            drawBoard(data);
            await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
            return (performance.now() - begun) / 1000;
        }""",
        json.loads(json.dumps(given)),
    )
    return seconds


@pytest.mark.parametrize(("days", "label"), [(1, "08:00–17:00"), (7, "8–17"), (14, "8")])
def test_a_bar_says_as_much_as_it_holds(page: Page, days, label):
    drawn(page, data(2, days))
    assert page.locator(".board-shift .board-label").first.inner_text() == label


def test_the_focus_goes_back_to_the_shift_that_the_menu_was_of(page: Page):
    drawn(page, data(2, 7))
    shift = page.locator("[data-shift]").nth(3)
    for leave in ("Escape", "Tab"):
        shift.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("menuitem").first).to_be_focused()
        page.keyboard.press(leave)
        expect(page.get_by_role("menu")).to_be_hidden()
        if leave == "Escape":
            expect(shift).to_be_focused()


def test_a_hundred_people_and_two_weeks_are_drawn(page: Page):
    seconds = drawn(page, data(100, 14))
    print(f"100 people × 14 days: {seconds:.2f} s")  # noqa: T201  told by: pytest -s
    expect(page.locator("[data-shift]")).to_have_count(1400)
