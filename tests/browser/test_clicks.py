"""How many clicks a planner's everyday questions take, from Home on, counted by the browser itself."""

import datetime as dt
import json
import re

import pytest
from playwright.sync_api import Page, expect

from staffing.planner import Planner
from staffing.store.publications import Signed
from staffing.store.workspace import Workspace
from tests.browser.test_road import settled
from tests.small import NEXT_WEEK

pytestmark = pytest.mark.browser
COUNTER = """
    window.clicks = 0;
    document.addEventListener('click', event => { if (event.isTrusted && event.detail > 0) window.clicks += 1 }, true);
"""
FIRST_MS = 480_000  # a busy machine compiles its kernels first
WEEK = dt.date.fromisoformat(NEXT_WEEK)


@pytest.fixture(scope="module", autouse=True)
def _published(folder):
    """The week is rostered and published before the server opens."""
    workspace = Workspace.open(folder)
    scenario = workspace.scenario("base")
    made = Planner.open(workspace).plan(scenario, start=WEEK)
    workspace.rosters.publish(WEEK, made.roster.table, Signed("Sara", "the week"), dt.datetime.now(dt.UTC))


@pytest.fixture
def home(page: Page, _published, address) -> Page:
    page.add_init_script(COUNTER)
    page.goto(address)
    settled(page)
    return page


def clicks(page: Page) -> int:
    count: int = page.evaluate("window.clicks")
    return count


def test_who_works_on_tuesday_takes_one(home: Page):
    home.get_by_test_id("stButtonGroup").get_by_text("Tue 24").click()
    settled(home)
    expect(home.get_by_role("listitem").filter(has_text="08:00–17:00").first).to_be_visible()
    assert clicks(home) <= 1


def test_the_week_as_pdf_takes_at_most_two(home: Page, tmp_path):
    with home.expect_download() as download:
        home.get_by_role("button", name="The week as PDF").click()
    download.value.save_as(tmp_path / "week.pdf")
    assert (tmp_path / "week.pdf").read_bytes().startswith(b"%PDF")
    assert clicks(home) <= 2


def test_a_launch_moved_by_two_days_with_its_price_takes_at_most_three(home: Page):
    home.get_by_role("link", name=re.compile(r"app-2\.0 \(launch\)")).click()
    expect(home.get_by_role("heading", name="Events", level=1)).to_be_visible()
    settled(home)
    day = home.get_by_test_id("stDateInputField").get_by_role("spinbutton").last
    day.click()
    home.keyboard.type("26", delay=40)
    home.keyboard.press("Escape")
    home.keyboard.press("Tab")
    settled(home)
    expect(home.get_by_text(re.compile(r"Draft · \d change"))).to_be_visible()
    price = home.get_by_test_id("stMetric").filter(has_text="Their cost")
    expect(price.get_by_test_id("stMetricDelta")).to_contain_text("EUR")
    assert clicks(home) <= 3


def test_three_sick_people_mended_and_published_takes_at_most_six(home: Page, folder):
    home.get_by_role("link", name="Somebody calls in sick").click()
    expect(home.get_by_role("heading", name="Roster", level=1)).to_be_visible()
    settled(home)
    home.get_by_role("combobox", name="Away").click()
    for name in ("Ada", "Cyd", "Dan"):
        home.keyboard.type(name, delay=30)
        home.keyboard.press("Enter")
    home.keyboard.press("Escape")
    home.get_by_role("button", name="Mend the roster").click()
    settled(home, FIRST_MS)
    home.get_by_role("button", name="Accept", exact=True).click(timeout=180_000)
    settled(home)
    home.get_by_role("textbox", name="Reason").click()
    home.keyboard.type("three called in sick")
    home.keyboard.press("Tab")
    home.get_by_role("button", name="Publish", exact=True).click()
    expect(home.get_by_text("Published as version 2")).to_be_visible(timeout=120_000)
    assert clicks(home) <= 6
    workspace = Workspace.open(folder)
    table = workspace.rosters.published(WEEK)
    away = {"Ada", "Cyd", "Dan"}
    begun = table.loc[table["activity"] == "shift", "start"].dt.tz_convert("Europe/Berlin").dt.date
    assert not away & set(table.loc[begun.index[begun == WEEK], "agent"])


def test_levers_opened_on_a_second_page_show_what_stands_and_one_press_changes_one_thing(home: Page, folder, address):
    for _ in range(2):  # the second time all is worked out, and a page is one run
        home.goto(address)
        settled(home)
        home.get_by_role("link", name="Staffing", exact=True).click()
        settled(home)
    home.get_by_role("button", name="Levers").click()
    panel = home.get_by_test_id("stPopoverBody")
    expect(panel.get_by_label("Planned shrinkage, %").first).to_have_value("5")
    volume = panel.get_by_label("Volume, %").first
    expect(volume).to_have_value("100")
    volume.fill("110")
    volume.press("Enter")
    settled(home)
    (kept,) = (folder / ".desk" / "drafts").glob("*/base.scenario.json")
    assert json.loads(kept.read_bytes())["steps"] == [{"volume_factor": 1.1}]
