"""The board without a server around it: what bars say, where the focus goes, and that a hundred people are drawn."""

import datetime as dt
import json

import pytest
from playwright.sync_api import Page, expect

from staffing.ui.board_view import words
from staffing.ui.components.board import script, style

pytestmark = pytest.mark.browser
FIRST = dt.date(2026, 11, 23)


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
        "slot_width": 28 if days == 1 else 11,
        "height": "640px", "people": [{"id": name, "name": name, "note": "45 h", "title": ""} for name in names],
        "shifts": shifts, "away": [], "cover": [], "editable": True, "words": words(),
    }  # fmt: skip


def drawn(page: Page, given: dict) -> float:
    """Draw a board; seconds from its data to the frame after the last shift."""
    page.set_content(f"<style>{style()}</style><div id='host'><div class='board'></div></div>")
    given_out = "{data, parentElement: host, setTriggerValue: (_, one) => sent.push(one)}"
    module = f"{script()}\nwindow.sent = []; window.drawBoard = (data) => exported({given_out});"
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


def drag(page: Page, start: tuple[float, float], by: tuple[float, float]) -> dict:
    """Press, move and let go; what the board sent."""
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + by[0], start[1] + by[1], steps=5)
    page.mouse.up()
    sent: dict = page.evaluate("() => { const one = sent.pop(); board().pending = null; return one }")
    return {name: sent[name] for name in ("what", "person", "start", "end")}


@pytest.mark.parametrize("rtl", [False, True])
def test_a_shift_is_dragged_to_somebody_else_and_its_end_pulled(page: Page, rtl):
    given = data(3, 7)
    given["words"]["rtl"] = rtl
    drawn(page, given)
    page.evaluate("() => { window.board = () => document.querySelector('.board').board }")
    shift, lane = page.locator("[data-shift]").first, page.locator(".board-row .board-lane").first.bounding_box()
    box = shift.bounding_box()
    assert box is not None
    assert lane is not None
    hour, on = lane["width"] / (7 * 24), -1 if rtl else 1
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    assert drag(page, middle, (on * 2 * hour, box["height"] + 8)) == {
        "what": "move", "person": "P001", "start": f"{FIRST}T10:00", "end": f"{FIRST}T19:00"
    }  # fmt: skip
    page.evaluate("() => board().timeline.draw(board().data)")
    last = box["x"] + (2 if rtl else box["width"] - 2), middle[1]
    assert drag(page, last, (on * hour, 0)) == {
        "what": "move", "person": "P000", "start": f"{FIRST}T08:00", "end": f"{FIRST}T18:00"
    }  # fmt: skip


def test_what_is_let_go_where_it_was_moves_nothing_and_opens_no_menu(page: Page):
    drawn(page, data(2, 7))
    box = page.locator("[data-shift]").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 8, steps=4)
    page.mouse.move(box["x"] + 20, box["y"] + 8, steps=4)
    page.mouse.up()
    assert page.evaluate("sent.length") == 0
    expect(page.get_by_role("menu")).to_be_hidden()
    expect(page.locator(".board-ghost")).to_have_count(0)


def test_a_hundred_people_and_two_weeks_are_drawn(page: Page):
    seconds = drawn(page, data(100, 14))
    print(f"100 people × 14 days: {seconds:.2f} s")  # noqa: T201  told by: pytest -s
    expect(page.locator("[data-shift]")).to_have_count(1400)
