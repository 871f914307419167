"""A rotation typed in the set-up: kept at once, refused below the table where it names no shift, taken back."""

import tomllib

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_road import settled, type_to_the_right

pytestmark = pytest.mark.browser
WEEK = 3  # the column of the whole week, counted from the row's marker


def kept(folder):
    told = tomllib.loads((folder / "shifts.toml").read_text(encoding="utf-8"))
    return [(one["name"], one["weeks"], one.get("teams")) for one in told.get("rotations", ())]


def write(page: Page, value: str) -> None:
    """Select the first row's name, walk to its week and type."""
    grid = page.get_by_test_id("stDataFrame")
    grid.scroll_into_view_if_needed()
    grid.click(position={"x": 100, "y": 52})
    type_to_the_right(page, WEEK - 1, value)
    settled(page)


def test_a_rotation_is_typed_checked_and_taken_back(page: Page, address, folder):
    page.goto(f"{address}/setup?step=rules")
    settled(page)
    page.get_by_role("button", name="Begin with the shifts in turn").click()
    settled(page)
    begun = [("in turn", [["day"]], {"north": 0, "south": 0})]
    assert kept(folder) == begun
    expect(page.locator(f"#glide-cell-{WEEK}-0")).to_have_text("day")

    write(page, "nights")
    expect(page.get_by_test_id("stAlert").filter(has_text="nights")).to_be_visible()
    expect(page.locator(f"#glide-cell-{WEEK}-0")).to_have_text("nights")
    assert kept(folder) == begun

    write(page, "off")
    expect(page.get_by_test_id("stAlert").filter(has_text="nights")).to_have_count(0)
    assert kept(folder) == [("in turn", [["off"]], {"north": 0, "south": 0})]

    page.get_by_role("button", name="Undo the last change").click()
    settled(page)
    expect(page.locator(f"#glide-cell-{WEEK}-0")).to_have_text("day")
    assert kept(folder) == begun
