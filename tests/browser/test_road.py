"""The road a planner takes, in a real browser: open, move a launch, compare, download, read the workbook."""

import re

import openpyxl
import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
SLOW_MS = 120_000


def settled(page: Page) -> None:
    """Wait until the script rests and no work is on its way."""
    done = "() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
    calm = f"{done.removeprefix('() => ')} && !document.querySelector('[data-testid=stProgress]')"
    page.wait_for_function(done, timeout=SLOW_MS)
    page.wait_for_timeout(300)
    page.wait_for_function(f"() => {calm}", timeout=SLOW_MS)
    page.wait_for_timeout(300)
    page.wait_for_function(f"() => {calm}", timeout=SLOW_MS)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def turn_to(page: Page, title: str) -> None:
    page.get_by_role("link", name=title).click()
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    settled(page)


def contacts(page: Page) -> int:
    box = page.get_by_test_id("stMetric").filter(has_text="Contacts").get_by_test_id("stMetricValue")
    return int(box.inner_text().replace(",", ""))


def switch(page: Page) -> None:
    page.get_by_test_id("stCheckbox").filter(has_text="On").locator("label").click()
    settled(page)


def test_the_road(page: Page, address, tmp_path):
    page.goto(address)
    expect(page.get_by_role("heading", name="History", level=1)).to_be_visible()
    settled(page)

    turn_to(page, "Events")
    before = contacts(page)
    day = page.get_by_test_id("stDateInputField")
    day.click()
    day.fill("2026-12-09")
    day.press("Enter")
    settled(page)
    expect(page.get_by_text("Draft · 2 changes")).to_be_visible()
    assert contacts(page) < before

    turn_to(page, "Compare")
    page.get_by_role("button", name="Plan and compare").click()
    settled(page)
    expect(page.get_by_role("tab", name="Figures")).to_be_visible(timeout=SLOW_MS)
    assert page.get_by_test_id("stDataFrame").count() >= 2

    turn_to(page, "Roster")
    page.get_by_role("tab", name="Download").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Excel workbook").click()
    assert download.value.suggested_filename == "roster-base-2026-11-23.xlsx"
    download.value.save_as(tmp_path / "roster.xlsx")
    book = openpyxl.load_workbook(tmp_path / "roster.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {"Ada", "=Bob()", "Cyd", "Dan"} <= {str(cell.value) for cell in cells}
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]

    with page.expect_download() as download:
        page.get_by_role("button", name="CSV table").click()
    download.value.save_as(tmp_path / "roster.csv")
    assert "'=Bob()" in (tmp_path / "roster.csv").read_text(encoding="utf-8-sig")


def test_every_second_edit_of_the_grid_is_kept(page: Page, address):
    page.goto(f"{address}/events")
    settled(page)
    page.get_by_role("tab", name="All events").click()
    for row, column, value in ((1, 6, "4"), (1, 7, "35"), (0, 6, "2"), (1, 6, "5")):
        write(page, row, column, value)
    assert [cell(page, 1, 6), cell(page, 1, 7), cell(page, 0, 6)] == ["5", "35.0", "2"]
    expect(page.get_by_text("Draft · 3 changes")).to_be_visible()


def cell(page: Page, row: int, column: int) -> str:
    return page.locator(f"#glide-cell-{column}-{row}").first.inner_text()


def write(page: Page, row: int, column: int, value: str) -> None:
    grid = page.get_by_test_id("stDataFrame").locator("visible=true").first
    box = page.locator(f"#glide-cell-{column}-{row}").first
    frame, place = grid.bounding_box(), box.bounding_box()
    assert frame is not None
    assert place is not None
    at = (place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    page.mouse.dblclick(*at)
    page.wait_for_timeout(150)
    page.keyboard.press("Control+A")
    page.keyboard.type(value)
    page.wait_for_timeout(50)
    page.keyboard.press("Enter")
    settled(page)


def test_a_duplicate_is_saved_and_chosen(page: Page, address, folder):
    page.goto(f"{address}/staffing")
    settled(page)
    box = page.get_by_role("spinbutton", name="Target, %")
    box.fill("90")
    box.press("Enter")
    settled(page)
    page.get_by_role("button", name="Duplicate").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("../evil")
    dialog.get_by_label("Name").press("Tab")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_contain_text("name")
    dialog.get_by_label("Name").fill("ninety")
    dialog.get_by_label("Name").press("Tab")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0, timeout=SLOW_MS)
    settled(page)
    expect(page).to_have_url(re.compile("scenario=ninety"))
    assert "service_level = 0.9" in (folder / "scenarios" / "ninety.toml").read_text(encoding="utf-8")
    assert not (folder / "evil.toml").exists()


def test_an_upload_is_checked_before_it_counts(page: Page, address, folder):
    page.goto(address)
    settled(page)
    page.get_by_role("tab", name="Import").click()
    bad = "timestamp,queue,calls\n2026-11-23 09:00,voice,12\n2026-11-23 10:00,voice,-3\n"
    chooser = page.get_by_test_id("stFileUploaderDropzoneInput")
    chooser.set_input_files({"name": "../../etc/bad.csv", "mimeType": "text/csv", "buffer": bad.encode()})
    expect(page.get_by_text("Nothing has been changed")).to_be_visible(timeout=SLOW_MS)
    expect(page.get_by_role("button", name="Add to the history")).to_have_count(0)
    rows = "".join(f"2026-11-23 {hour:02d}:00,voice,{hour}\n" for hour in range(8, 18))
    good = {"name": "good.csv", "mimeType": "text/csv", "buffer": f"timestamp,queue,calls\n{rows}".encode()}
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(good)
    page.get_by_role("button", name="Add to the history").click(timeout=SLOW_MS)
    settled(page)
    assert len(list((folder / "history").glob("import-*.parquet"))) == 1
    expect(page.get_by_text("Sun 6 Dec 2026")).to_be_visible()


def test_long_work_can_be_stopped(page: Page, address):
    page.goto(f"{address}/roster?week=2027-02-01")
    settled(page)
    page.get_by_role("button", name="Make the roster").click()
    stop = page.get_by_role("button", name="Stop")
    stop.or_(page.get_by_text("Paid hours")).first.wait_for(timeout=SLOW_MS)
    if stop.count():
        stop.click()
    expect(page.get_by_text("Stopped.").or_(page.get_by_text("Paid hours")).first).to_be_visible(timeout=SLOW_MS)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 1600])
def test_pages_fit_the_screen(browser, browser_context_args, address, scheme, width):
    """No page is wider than its screen, and ink stands out from paper in both themes."""
    size = {"width": width, "height": 900}
    context = browser.new_context(**{**browser_context_args, "viewport": size, "color_scheme": scheme})
    page = context.new_page()
    for name in ("", "events", "forecast", "staffing", "roster", "compare", "erlang"):
        page.goto(f"{address}/{name}")
        settled(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert contrast(page) > 7
        assert not page.get_by_test_id("stAlertContentError").count()
    context.close()


def contrast(page: Page) -> float:
    """Contrast ratio of text and page (Web Content Accessibility Guidelines 2.2, 1.4.3)."""
    colours = page.evaluate(
        "(() => { const style = getComputedStyle(document.querySelector('[data-testid=stApp]'));"
        " return [style.color, style.backgroundColor] })()"
    )
    light, dark = sorted((luminance(colour) for colour in colours), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_keyboard_is_enough(page: Page, address):
    """Change a lever and undo it without touching the mouse."""
    page.goto(f"{address}/staffing")
    settled(page)
    box = page.get_by_role("spinbutton", name="Planned shrinkage, %")
    box.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("25")
    page.keyboard.press("Tab")
    settled(page)
    expect(page.get_by_text("Draft · 1 change")).to_be_visible()
    undo = page.get_by_role("button", name="Undo")
    undo.focus()
    page.keyboard.press("Enter")
    settled(page)
    expect(page.get_by_text("As saved")).to_be_visible()
    expect(box).to_have_value("5")
