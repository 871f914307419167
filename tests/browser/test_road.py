"""The road a planner takes, in a real browser: open, move a launch, compare, download, read the workbook."""

import re

import openpyxl
import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
SLOW_MS = 120_000
expect.set_options(timeout=30_000)


def settled(page: Page, slow_ms: int = SLOW_MS) -> None:
    """Wait until the script rests and no work is on its way."""
    done = "() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
    calm = f"{done.removeprefix('() => ')} && !document.querySelector('[data-testid=stProgress]')"
    page.wait_for_function(done, timeout=slow_ms)
    page.wait_for_timeout(300)
    page.wait_for_function(f"() => {calm}", timeout=slow_ms)
    page.wait_for_timeout(300)
    page.wait_for_function(f"() => {calm}", timeout=slow_ms)
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
    page.goto(f"{address}/history")
    expect(page.get_by_role("heading", name="History", level=1)).to_be_visible()
    settled(page)

    turn_to(page, "Events")
    before = contacts(page)
    page.get_by_test_id("stDateInputField").get_by_role("spinbutton").first.click()
    page.keyboard.type("20261209", delay=40)
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Draft · 2 changes")).to_be_visible()
    settled(page)
    assert contacts(page) < before

    turn_to(page, "Compare")
    page.get_by_role("button", name="Plan and compare").click()
    settled(page)
    expect(page.get_by_role("tab", name="Figures")).to_be_visible(timeout=SLOW_MS)
    assert page.get_by_test_id("stDataFrame").count() >= 2

    turn_to(page, "Roster")
    page.get_by_role("tab", name="Hand on").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Excel workbook", exact=True).click()
    assert download.value.suggested_filename == "roster-base-2026-11-23-draft.xlsx"
    download.value.save_as(tmp_path / "roster.xlsx")
    book = openpyxl.load_workbook(tmp_path / "roster.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {"Ada", "=Bob()", "Cyd", "Dan"} <= {str(cell.value) for cell in cells}
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]

    with page.expect_download() as download:
        page.get_by_role("button", name="CSV table", exact=True).click()
    download.value.save_as(tmp_path / "roster.csv")
    assert "'=Bob()" in (tmp_path / "roster.csv").read_text(encoding="utf-8-sig")


def test_every_second_edit_of_the_grid_is_kept(page: Page, address):
    page.goto(f"{address}/events")
    settled(page)
    expect(page.get_by_test_id("stMetric").first).to_be_visible(timeout=SLOW_MS)
    held = page.get_by_text(re.compile(r"Draft · \d+ change"))  # the draft of the tests before
    before = int(held.inner_text().split()[2]) if held.count() else 0
    page.get_by_role("tab", name="All events").click()
    page.wait_for_timeout(1500)
    for row, column, value in ((1, SIZE, "4"), (1, EFFECT, "35"), (0, SIZE, "2"), (1, SIZE, "5")):
        write(page, row, column, value)
    for row, column, value in ((1, SIZE, "5"), (1, EFFECT, "35"), (0, SIZE, "2")):
        expect(page.locator(f"#glide-cell-{column}-{row}")).to_have_text(value)
    expect(page.get_by_text(f"Draft · {before + 3} changes")).to_be_visible()


NAME, SIZE, EFFECT = 2, 6, 7  # columns of the grid, counted from the row's marker


def write(page: Page, row: int, column: int, value: str) -> None:
    """Select the event's name, walk to the cell and type."""
    expect(page.locator(f"#glide-cell-{column}-{row}")).to_have_count(1)
    page.get_by_test_id("stDataFrame").first.click(position={"x": 180, "y": 35 + 35 * row + 17})
    type_to_the_right(page, column - NAME, value)
    expect(page.locator(f"#glide-cell-{column}-{row}")).to_have_text(value)
    settled(page)


def type_to_the_right(page: Page, columns: int, value: str) -> None:
    """Walk so many columns from the chosen cell of a grid, and type there."""
    page.wait_for_timeout(300)
    for _ in range(columns):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    editor = page.locator("#portal input, #portal textarea").first
    editor.fill(value)
    page.wait_for_timeout(100)
    editor.press("Enter")


def test_a_duplicate_is_saved_and_chosen(page: Page, address, folder):
    page.goto(f"{address}/staffing")
    settled(page)
    box = page.get_by_role("spinbutton", name="Target, %", exact=True)
    box.fill("90")
    box.press("Enter")
    settled(page)
    page.get_by_role("button", name="Duplicate").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Name", exact=True).fill("../evil")
    dialog.get_by_role("textbox", name="Name", exact=True).press("Tab")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_contain_text("name")
    dialog.get_by_role("textbox", name="Name", exact=True).fill("ninety")
    dialog.get_by_role("textbox", name="Name", exact=True).press("Tab")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0, timeout=SLOW_MS)
    settled(page)
    expect(page).to_have_url(re.compile("scenario=ninety"))
    assert "service_level = 0.9" in (folder / "scenarios" / "ninety.toml").read_text(encoding="utf-8")
    assert not (folder / "evil.toml").exists()


def test_an_upload_is_checked_before_it_counts(page: Page, address, folder):
    page.goto(f"{address}/history")
    settled(page)
    before = contacts(page)
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
    assert contacts(page) == before + sum(range(8, 18))


def test_long_work_can_be_stopped(page: Page, address):
    page.goto(f"{address}/roster?week=2027-02-01")
    settled(page)
    page.get_by_role("button", name="Make the roster").click()
    stop = page.get_by_role("button", name="Stop")
    stop.or_(page.get_by_text("Paid hours")).first.wait_for(timeout=SLOW_MS)
    if stop.count():
        stop.click()
    expect(page.get_by_text("Stopped.").or_(page.get_by_text("Paid hours")).first).to_be_visible(timeout=SLOW_MS)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1600)])
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
    box = page.get_by_role("spinbutton", name="Planned shrinkage, %", exact=True)
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
