"""The Roster page by hand: the grid edited with the keyboard and taken back, a roster on paper."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_road import settled

pytestmark = pytest.mark.browser


@pytest.fixture
def roster(page: Page, address) -> Page:
    page.goto(f"{address}/roster")
    settled(page)
    make = page.get_by_role("button", name="Make the roster")
    if make.count():
        make.click()
        settled(page)
    return page


def test_a_shift_is_dragged_refused_moved_by_key_and_taken_back(roster: Page):
    shifts = roster.locator("[data-shift]")
    expect(shifts.first).to_be_visible()
    told = [one.get_attribute("aria-label") for one in shifts.all()]
    box = shifts.first.bounding_box()
    assert box is not None
    roster.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    roster.mouse.down()
    roster.mouse.move(box["x"] + 60, box["y"] + 5, steps=4)
    roster.mouse.move(box["x"] - 400, box["y"] + 5, steps=4)
    roster.mouse.up()  # before the week begins, or at hours that nobody works
    settled(roster)
    assert [one.get_attribute("aria-label") for one in shifts.all()] == told
    late = next(k for k, one in enumerate(told) if one and "08:00–17:00" in one)
    shifts.nth(late).focus()
    roster.keyboard.press("ArrowRight")
    expect(roster.locator(".board-bubble")).to_contain_text("short")
    settled(roster)
    now = [one.get_attribute("aria-label") for one in shifts.all()]
    assert len(now) == len(told)
    assert now != told
    roster.get_by_test_id("stMain").get_by_role("button", name="Undo").first.click()
    settled(roster)
    expect(shifts).to_have_count(len(told))
    assert [one.get_attribute("aria-label") for one in shifts.all()] == told
    shifts.nth(late).focus()
    roster.keyboard.press("Enter")
    menu = roster.get_by_role("menu")
    expect(menu.get_by_role("menuitem", name="Take out")).to_be_visible()
    menu.get_by_role("menuitem", name="Other shifts …").click()
    settled(roster)
    expect(menu.get_by_role("menuitem").first).to_contain_text("paid")
    roster.keyboard.press("Escape")
    expect(menu).to_be_hidden()


def test_keys_pressed_in_a_row_all_count_and_the_shift_stays_in_hand(roster: Page):
    early = roster.locator("[data-shift][aria-label*='08:00–17:00']").last
    expect(early).to_be_visible()
    who = early.get_attribute("data-shift")
    early.focus()
    for key in ("ArrowRight", "ArrowLeft", "ArrowRight"):  # none waits for the answer to the one before
        roster.keyboard.press(key)
    expect(roster.locator(".board-bubble")).to_contain_text("short")
    in_hand = roster.locator("[data-shift]:focus")
    expect(in_hand).to_have_attribute("aria-label", re.compile("09:00–18:00"))
    settled(roster)  # the figures of the roster as it is now are there, and the board was drawn anew
    roster.wait_for_timeout(3000)
    expect(in_hand).to_have_count(1)
    roster.keyboard.press("ArrowLeft")
    expect(in_hand).to_have_attribute("data-shift", who or "")


def test_a_day_is_changed_with_the_keyboard_and_taken_back(roster: Page):
    roster.get_by_role("tab", name="Edit").click()
    settled(roster)
    grid = roster.get_by_test_id("stDataFrame").locator("visible=true").first
    grid.scroll_into_view_if_needed()
    expect(grid.locator("#glide-cell-1-2")).to_have_count(1)  # drawn: what is pressed before is lost
    grid.click(position={"x": 240, "y": 55})  # the first person's Monday
    roster.wait_for_timeout(300)
    for key in ("Control+Home", "ArrowRight", "ArrowDown", "ArrowDown", "Enter"):
        roster.keyboard.press(key)
    editor = roster.locator("#portal input, #portal textarea").first
    editor.fill("off")
    editor.press("Enter")
    expect(roster.get_by_text("1 change")).to_be_visible()
    settled(roster)
    roster.get_by_role("button", name="Undo").locator("visible=true").last.focus()
    roster.keyboard.press("Enter")
    expect(roster.get_by_text("Nothing has been changed since this roster was made.")).to_be_visible()


def test_tabs_are_reached_with_the_arrow_keys(roster: Page):
    roster.get_by_role("tab", name="Coverage").focus()
    roster.keyboard.press("ArrowRight")
    roster.keyboard.press("Enter")
    expect(roster.get_by_role("tab", name="Day", exact=True)).to_have_attribute("aria-selected", "true")


def test_paper_holds_the_roster_alone(roster: Page):
    roster.get_by_role("tab", name="Week").click()
    settled(roster)
    roster.emulate_media(media="print")
    expect(roster.get_by_test_id("stSidebar")).to_be_hidden()
    expect(roster.get_by_role("heading", name="Roster", level=1)).to_be_visible()
    assert not [one for one in roster.get_by_role("button").all() if one.is_visible() and one.inner_text() == "Save"]
    main = roster.get_by_test_id("stMain").bounding_box()
    assert main is not None
    assert main["x"] < 10  # no gap where the bar was
    paper = roster.locator("table.paper")
    expect(paper).to_be_visible()
    assert paper.locator("tbody tr").count() == 4  # everybody, wherever the grid was scrolled to
    expect(paper.get_by_text("=Bob()")).to_be_visible()
    expect(roster.get_by_role("tab", name="Coverage")).to_be_hidden()
    assert roster.pdf(format="A4", landscape=True).startswith(b"%PDF")
