"""Every page can be read: by axe's rules, in both themes and languages, and at the widths of a desk, a tablet, a phone.

The suite sees each page once, themes and languages taking turns; with STAFFING_ALL_LOOKS=1 every page in each of them.
A folder in STAFFING_PICTURES keeps what was seen.
"""

import datetime as dt
import os
from importlib import resources
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Page

from staffing.planner import Planner
from staffing.store.publications import Signed
from staffing.store.workspace import Workspace
from tests.browser.conftest import serving
from tests.browser.test_road import settled
from tests.small import in_tehran, make

pytestmark = pytest.mark.browser
PAGES = ("home", "history", "events", "forecast", "staffing", "roster", "goals", "compare", "erlang", "setup")
LOOKS = tuple(product(("light", "dark"), ("en", "fa")))
ALL = bool(os.environ.get("STAFFING_ALL_LOOKS"))
SEEN = [(name, *look) for k, name in enumerate(PAGES) for look in (LOOKS if ALL else [LOOKS[k % len(LOOKS)]])]
AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
#: Streamlit's own, in its own markup: which rule, and in what.
STREAMLITS_OWN: tuple[tuple[str, str], ...] = ()
WIDTHS = (1280, 1024, 390)
FIRST_MS = 480_000  # a busy machine compiles its kernels first
#: The page's own ink is there: a first run may rest for a moment before the one that lays it.
INKED = """() => [...document.querySelectorAll('[data-testid=stCaptionContainer]')]
    .every((caption) => getComputedStyle(caption).opacity === '1')"""
#: Words that are cut, or reach out of the window, by the text they hold.
CUT_OFF = """() => {
    const cut = [], width = document.documentElement.clientWidth;
    for (const node of document.querySelectorAll('button, a, p, label, h1, h2, h3, [data-testid=stMetricValue]')) {
        const box = node.getBoundingClientRect(), style = getComputedStyle(node);
        if (!box.width || !box.height || !node.innerText || style.visibility === 'hidden') continue;
        if (node.closest('[data-testid=stSidebar], [aria-hidden=true], [data-testid=stDataFrame]')) continue;
        const scrolls = node.closest('[role=tablist], [data-testid=stMarkdownContainer] table, .board');
        const out = !scrolls && (box.left < -1 || box.right > width + 1);
        const lost = style.overflowX !== 'visible' && style.textOverflow === 'ellipsis'
            && node.scrollWidth > node.clientWidth + 1;
        if (out || lost) cut.push(`${out ? 'out' : 'cut'}: ${node.innerText.slice(0, 40)}`);
    }
    return [...new Set(cut)];
}"""


#: Where each language is read: the small site, and the same in Tehran, with Saturday weeks and Jalali dates.
SITES = {"en": "desk", "fa": "tehran"}


@pytest.fixture(scope="module")
def address(folder):
    """A server that shows both sites, a week of each rostered and published before it opens."""
    tehran = make(folder.parent / SITES["fa"])
    settings = tehran / "workspace.toml"
    settings.write_text(in_tehran(settings.read_text(encoding="utf-8")), encoding="utf-8")
    for place in (folder, tehran):
        workspace = Workspace.open(place)
        scenario, planner = workspace.scenario("base"), Planner.open(workspace)
        week = planner.next_week(scenario)
        made = planner.plan(scenario, start=week)
        workspace.rosters.publish(week, made.roster.table, Signed("Sara", "the week"), dt.datetime.now(dt.UTC))
    with serving(folder, tehran) as place:
        yield place


def opened(page: Page, address: str, name: str, theme: str, language: str) -> None:
    """The page as its reader sees it."""
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    page.goto(f"{address}/{'' if name == 'home' else name}?language={language}&workspace={SITES[language]}")
    settled(page, FIRST_MS)
    page.wait_for_function(INKED)


def findings(page: Page) -> list[str]:
    """What axe calls serious or critical, Streamlit's own aside."""
    page.evaluate(AXE)
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{rule['id']} ({rule['impact']}): {node['html'][:160]}"
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
        if not any(rule["id"] == own and part in node["html"] for own, part in STREAMLITS_OWN)
    ]


def test_what_cannot_be_read_is_found(page: Page):
    page.set_content(
        "<main><p style='color:#ddd;background:#fff'>pale</p><button></button>"
        "<p style='width:40px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap'>longer than its place</p>"
        "</main>"
    )
    assert {one.split(" ")[0] for one in findings(page)} >= {"button-name", "color-contrast"}
    assert page.evaluate(CUT_OFF) == ["cut: longer than its place"]


def kept(page: Page, name: str) -> None:
    if os.environ.get("STAFFING_PICTURES"):
        page.screenshot(path=Path(os.environ["STAFFING_PICTURES"]) / f"{name}.png", full_page=True)


@pytest.mark.parametrize(("name", "theme", "language"), SEEN)
def test_every_page_can_be_read(page: Page, address, name, theme, language):
    opened(page, address, name, theme, language)
    told = findings(page) + [f"error: {one}" for one in page.get_by_test_id("stAlertContentError").all_inner_texts()]
    kept(page, f"{name}-{theme}-{language}-1280")
    for width in WIDTHS[1:]:
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(600)
        told += [f"{width} px: {one}" for one in page.evaluate(CUT_OFF)]
        kept(page, f"{name}-{theme}-{language}-{width}")
    assert told == []
