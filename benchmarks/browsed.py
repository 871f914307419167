"""The desk in a real Chromium: seconds from what a hand does to the settled page."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect, sync_playwright

from benchmarks.served import NAME

USER = "browser"
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
LONGEST_MS = 180_000
#: The script rests and no work is waited for.
CALM = """() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'
 && !document.querySelector('[data-testid=stProgress]')"""
THINKS_S = 5.0


def timings(address: str, times: int) -> dict[str, list[float]]:
    """Seconds by what is done, so many times each, after one that is not counted."""
    with sync_playwright() as playwright:
        page = _opened(playwright, address)
        found = {}
        for what, (prepare, act) in ACTS.items():
            prepare(page)
            taken = [_timed(page, lambda number=number, act=act: act(page, number)) for number in range(times + 1)]
            found[what] = taken[1:]
        return found


def keep_on(address: str, until: float, taken: dict[str, list[float]], faults: list[str]) -> None:
    """Change targets and turn pages until the time is up."""
    try:
        with sync_playwright() as playwright:
            page, number = _opened(playwright, address), 0
            _turned(page, "Staffing")
            while time.monotonic() < until:
                number += 1
                what = "target, Chromium among them" if number % 4 else "page switch, Chromium among them"
                act = _target if number % 4 else _switch
                taken[what].append(_timed(page, lambda act=act, number=number: act(page, number)))
                if page.get_by_test_id("stException").count():
                    faults.append(f"Chromium: {page.get_by_test_id('stException').first.inner_text()[:300]}")
                if number % 4 == 0:
                    _turned(page, "Staffing")
                time.sleep(THINKS_S)
    except Exception as error:  # noqa: BLE001  whatever it is, it is counted
        faults.append(f"Chromium: {type(error).__name__}: {str(error)[:300]}")


def _opened(playwright: Any, address: str) -> Page:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, extra_http_headers={"X-User": USER})
    page = context.new_page()
    page.set_default_timeout(LONGEST_MS)
    page.goto(f"{address}/staffing?workspace={NAME}@db&scenario=base")
    _settled(page)
    return page


def _settled(page: Page) -> None:
    page.wait_for_function(CALM)
    page.wait_for_timeout(50)
    page.wait_for_function(CALM)


def _timed(page: Page, act: Callable[[], None]) -> float:
    begun = time.monotonic()
    act()
    page.wait_for_timeout(50)  # until the page has noticed
    _settled(page)
    return time.monotonic() - begun


def _turned(page: Page, title: str) -> None:
    page.get_by_role("link", name=title, exact=True).click()
    page.get_by_role("heading", name=title, level=1).wait_for()
    _settled(page)


def _target(page: Page, number: int) -> None:
    box = page.get_by_role("spinbutton", name="Target, %", exact=True)
    expect(box).to_have_count(1)  # while a page is drawn anew the old one stands beside it
    box.fill(f"{70 + number % 25}.{number % 7 + 1}")
    box.press("Enter")


def _event(page: Page, number: int) -> None:
    box = page.get_by_test_id("stNumberInput").filter(has_text="Size").get_by_role("spinbutton").first
    box.fill(f"{1 + number % 9}.{number % 7 + 1}")
    box.press("Enter")


def _shift(page: Page, number: int) -> None:
    page.locator("[data-shift]").nth(5).focus()
    page.keyboard.press("ArrowRight" if number % 2 else "ArrowLeft")


def _switch(page: Page, number: int) -> None:
    title = ("Forecast", "Staffing", "History", "Events")[number % 4]
    page.get_by_role("link", name=title, exact=True).click()
    page.get_by_role("heading", name=title, level=1).wait_for()


def _board(page: Page) -> None:
    _turned(page, "Roster")
    page.locator("[data-shift]").first.wait_for()


ACTS: dict[str, tuple[Callable[[Page], None], Callable[[Page, int], None]]] = {
    "target changed": (lambda page: _turned(page, "Staffing"), _target),
    "event resized": (lambda page: _turned(page, "Events"), _event),
    "page switch": (lambda page: _turned(page, "Staffing"), _switch),
    "shift moved by key": (_board, _shift),
}
