"""Pictures of the desk for the documentation: `python -m tests.browser.pictures [FOLDER] [NAME …] [--persian]`.

A made-up site of twelve people and two queues, rostered, published and changed; its pages in Chromium, one picture for
each name in SIGHTS. With --persian the same site in Tehran, with Saturday weeks and Jalali dates, read in Persian; a
sight whose doing is told in English words is then left out.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, sync_playwright

from staffing.domain.calendar import DAY_MIN
from staffing.planner import Planner
from staffing.store.publications import Signed
from staffing.store.rights import Role, give
from staffing.store.workspace import Workspace
from tests.browser.conftest import CHROMIUM, serving
from tests.browser.test_road import settled
from tests.small import in_tehran

WIDTH_PX, HEIGHT_PX = 1280, 860
FIRST, LAST, WEEK = dt.date(2026, 9, 7), dt.date(2026, 11, 20), dt.date(2026, 11, 23)
SETTINGS = """
description = "A made-up desk of twelve."
seed = 3
paths = 40
[site]
timezone = "Europe/Berlin"
interval_min = 30
week_start = "monday"
[site.opening]
monday = "08:00-20:00"
tuesday = "08:00-20:00"
wednesday = "08:00-20:00"
thursday = "08:00-20:00"
friday = "08:00-20:00"
saturday = "09:00-15:00"
[[site.special_days]]
name = "School holidays"
kind = "period"
start = 2026-10-12
end = 2026-10-24
[[site.special_days]]
name = "Town fair"
start = 2026-11-27
opening = "08:00-14:00"
[[queues]]
name = "voice"
aht_s = 300.0
patience_s = 150.0
[[queues]]
name = "chat"
channel = "chat"
aht_s = 420.0
concurrency = 2
patience_s = 240.0
[service]
service_level = 0.8
threshold_s = 20.0
[shrinkage]
planned = 0.05
unplanned = 0.05
[prices]
currency = "EUR"
[solve]
seconds = 5.0
gap = 0.03
"""
SHIFTS = """
[[shifts]]
name = "day"
length_min = 540
first_start = "08:00"
last_start = "11:00"
step_min = 30
breaks = [{ name = "lunch", minutes = 60, paid = false, earliest_min = 180, latest_min = 300 }]
[[shifts]]
name = "short"
length_min = 360
first_start = "08:00"
last_start = "14:00"
step_min = 60
[[contracts]]
name = "full"
min_hours = 24
max_hours = 40
max_days = 5
[[contracts]]
name = "half"
min_hours = 12
max_hours = 20
max_days = 4
shifts = ["short"]
"""
PEOPLE = (
    ("Ada", "north", "full", "voice;chat"), ("Bela", "north", "full", "voice"), ("Cyd", "north", "full", "voice;chat"),
    ("Dan", "north", "half", "voice"), ("Eve", "south", "full", "voice;chat"), ("Finn", "south", "full", "voice"),
    ("Gita", "south", "full", "chat"), ("Hugo", "south", "half", "voice"), ("Ines", "south", "full", "voice"),
    ("Jon", "north", "full", "voice"), ("Kim", "south", "half", "chat"), ("Lea", "north", "full", "voice;chat"),
)  # fmt: skip
EVENTS = """name,kind,start,end,size,queue,effect,movable
app-1.0,launch,2026-10-06,2026-10-08,1,voice,,false
app-2.0,launch,2026-11-24,2026-11-26,2,voice,0.2,true
"""
STRICT = 'description = "Nine in ten in time."\n[service]\nservice_level = 0.9\n'
THOROUGH = 'description = "The best there is."\n[solve]\nseconds = 60.0\ngap = 0.0\n'
WRONG = b"date,calls\n2026-11-23 09:00,41\n2026-11-23 10:00,many\n2026-11-32 11:00,40\n"


@dataclass(frozen=True)
class Sight:
    """What is looked at: an address, what is done there, and the height of the window."""

    address: str
    act: Callable[[Page], None] = lambda page: None
    height_px: int = HEIGHT_PX


def press(name: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.get_by_role("button", name=name, exact=True).first.click()
        settled(page, 300_000)

    return act


def scrolled(text: str, before: Callable[[Page], None] = lambda page: None) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        before(page)
        page.get_by_text(text).first.scroll_into_view_if_needed()
        page.wait_for_timeout(500)

    return act


def wrong_file(page: Page) -> None:
    file = {"name": "calls.csv", "mimeType": "text/csv", "buffer": WRONG}
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
    settled(page)


def sick(page: Page) -> None:
    page.get_by_role("combobox", name="Away").click()
    page.keyboard.type("Ada")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    press("Mend the roster")(page)


def in_progress(page: Page) -> None:
    page.get_by_role("button", name="Make the roster").first.click()
    page.get_by_test_id("stProgress").wait_for(timeout=120_000)
    page.wait_for_timeout(4_000)


def chosen(page: Page) -> None:
    """The people of one team who know one skill."""
    for box, what in (("Team", "north"), ("Skill", "chat")):
        page.get_by_role("combobox", name=box).click()
        page.keyboard.type(what)
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        settled(page)


def refused(page: Page) -> None:
    """A shift moved by key to where a rule forbids it."""
    page.locator("[data-shift]").nth(8).focus()
    page.keyboard.press("Alt+ArrowRight")
    page.locator(".board-refused").wait_for()
    page.locator(".board-refused").scroll_into_view_if_needed()


def linked(page: Page) -> None:
    """The address that was followed, written above what it opened."""
    page.evaluate("""() => {
        const bar = document.createElement('div');
        bar.textContent = decodeURIComponent(location.pathname + location.search);
        bar.style = 'position:fixed;inset:0 0 auto 0;z-index:2000000;background:#fff;border-bottom:1px solid #888;'
            + 'padding:6px 12px;font:14px monospace;direction:ltr';
        document.body.append(bar);
        document.querySelector('[data-testid=stApp]').style.top = bar.offsetHeight + 'px';
    }""")


def others(page: Page) -> None:
    """Somebody else opens the same week; the bar tells it when the page runs again."""
    assert page.context.browser is not None
    another = page.context.browser.new_context(extra_http_headers={"X-User": "Omid"}).new_page()
    another.goto(page.url)
    settled(another, 300_000)
    page.reload()
    settled(page)


def leave(page: Page) -> None:
    """A day off asked for, and what it would cost."""
    page.get_by_role("combobox", name="Person").click()
    page.keyboard.type("Eve")
    page.keyboard.press("Enter")
    press("Enter the request")(page)


def stricter(page: Page) -> None:
    """A target typed: the bar counts the change and offers to take it back."""
    box = page.get_by_role("spinbutton", name="Target, %", exact=True)
    box.fill("90")
    box.press("Enter")
    settled(page)


def in_turn(page: Page) -> None:
    press("Begin with the shifts in turn")(page)
    page.get_by_role("heading", name="Rotations").scroll_into_view_if_needed()


SIGHTS = {
    "home": Sight("", height_px=1500),
    "file": Sight("setup?step=file"),
    "board": Sight("roster?tab=board", height_px=1000),
    "filters": Sight("roster?tab=board", chosen, 900),
    "refused": Sight("roster?tab=board", refused, 1000),
    "coverage": Sight("roster?tab=coverage", scrolled("Coverage"), 1300),
    "forecast": Sight("forecast", height_px=1100),
    "models": Sight("forecast?tab=why", scrolled("Why"), 1300),
    "corrections": Sight("forecast?tab=corrections", height_px=1300),
    "came": Sight("forecast?tab=came", height_px=1300),
    "levers": Sight("staffing", press("Levers"), 1000),
    "import": Sight("history?tab=import", wrong_file, 1100),
    "special-days": Sight("setup?step=days"),
    "shifts": Sight("setup?step=shifts", height_px=1000),
    "rules": Sight("setup?step=rules", height_px=1000),
    "people": Sight("setup?step=people", height_px=1100),
    "why": Sight("roster?tab=why", press("Find ways out"), 1300),
    "day": Sight("roster?tab=day", height_px=1300),
    "week": Sight("roster?tab=week", height_px=1300),
    "agent": Sight("roster?tab=agent", height_px=1300),
    "versions": Sight("roster?tab=edit", height_px=1500),
    "fairness": Sight("roster?tab=fairness", height_px=1300),
    "hand-on": Sight("roster?tab=hand-on", height_px=1300),
    "leave": Sight("roster?tab=leave", leave, 1300),
    "today": Sight("roster?tab=today", height_px=1300),
    "scenario": Sight("compare?scenario=strict", press("Scenario"), 900),
    "links": Sight(f"forecast?week={WEEK}&queue=chat&day={WEEK + dt.timedelta(3)}", linked, 1000),
    "trail": Sight("", scrolled("Changed since yesterday")),
    "goals": Sight("goals", height_px=1100),
    "mended": Sight("roster?tab=edit", sick, 1500),
    "compare": Sight("compare", press("Plan and compare"), 1100),
    "progress": Sight(f"roster?scenario=thorough&week={WEEK + dt.timedelta(7)}", in_progress),
    "rotations": Sight("setup?step=rules", in_turn, 1100),  # these change the site
    "undo": Sight("staffing", stricter, 1000),  # its draft stays
    "others": Sight("staffing", others, 1050),  # the last: somebody else stays
}

#: Those that need nothing done in English words, and the Persian pages beside them.
PLAIN = {name: sight for name, sight in SIGHTS.items() if sight.act is Sight.act}


def made(folder: Path, *, persian: bool = False) -> Path:
    """The site, its week rostered and published."""
    settings = in_tehran(SETTINGS) if persian else SETTINGS
    texts = {
        "workspace.toml": settings, "shifts.toml": SHIFTS, "events.csv": EVENTS, "scenarios/strict.toml": STRICT,
        "scenarios/thorough.toml": THOROUGH,
        "agents.csv": "\n".join(["agent,team,contract,skills", *(",".join(row) for row in PEOPLE)]) + "\n",
    }  # fmt: skip
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "history").mkdir()
    with (folder / "history" / "calls.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["timestamp", "queue", "calls"])
        for k in range((LAST - FIRST).days + 1):
            writer.writerows(_day(FIRST + dt.timedelta(days=k)))
    workspace = Workspace.open(folder)
    for who, role in (("Sara", Role.publisher), ("Omid", Role.planner)):
        give(workspace.ground, who, role)
    scenario, planner = workspace.scenario("base"), Planner.open(workspace)
    week = planner.next_week(scenario)
    plan = planner.plan(scenario, start=week)
    workspace.rosters.publish(week, plan.roster.table, Signed("Sara", "the week"), dt.datetime.now(dt.UTC))
    return folder


def _day(day: dt.date) -> list[list[str | int]]:
    """A day's half hours: a smooth course, a busy Monday, a launch in October, a wobble that is no pattern."""
    first, last = (9, 15) if day.weekday() == 5 else (8, 20)
    busy = (1.3 if day.weekday() == 0 else 1.0) * (0.6 if day.weekday() == 5 else 1.0)
    launch = 1.3 if dt.date(2026, 10, 6) <= day <= dt.date(2026, 10, 8) else 1.0
    rows: list[list[str | int]] = []
    for minute in range(first * 60, last * 60 if day.weekday() < 6 else 0, 30):
        course = (6 + 6 * math.sin((minute / 60 - first) / (last - first) * math.pi)) * busy
        wobble = 1 + ((day.toordinal() * 7 + minute * 13 // 30) % 9 - 4) / 30
        at = f"{day} {minute // 60:02d}:{minute % DAY_MIN % 60:02d}"
        rows += [[at, "voice", round(course * launch * wobble)], [at, "chat", round(course * wobble / 3)]]
    return rows


def taken(page: Page, address: str, sight: Sight, language: str) -> bytes:
    """A picture of a sight, small."""
    page.set_viewport_size({"width": WIDTH_PX, "height": sight.height_px})
    page.goto(f"{address}/{sight.address}{'&' if '?' in sight.address else '?'}language={language}")
    settled(page, 480_000)
    sight.act(page)
    page.wait_for_function("() => !document.querySelector('[data-testid=stSkeleton]')")  # parts that load late
    page.wait_for_timeout(1_500)
    small = io.BytesIO()
    seen = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    seen.resize((seen.width * 3 // 4, seen.height * 3 // 4), Image.Resampling.LANCZOS).save(small, "WEBP", quality=70)
    return small.getvalue()


def main(target: Path, names: list[str], *, persian: bool = False) -> None:
    """Take the named pictures, or all, into a folder."""
    target.mkdir(parents=True, exist_ok=True)
    flags = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--font-render-hinting=none"]
    with (
        tempfile.TemporaryDirectory() as place,
        serving(
            made(Path(place) / "desk", persian=persian), STAFFING_USER_HEADER="X-User", STAFFING_PROXIES="127.0.0.1"
        ) as address,
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=flags)
        page = browser.new_page(
            locale="fa-IR" if persian else "en-GB",
            timezone_id="Europe/Berlin",
            reduced_motion="reduce",
            extra_http_headers={"X-User": "Sara"},
        )
        for name in names or (PLAIN if persian else SIGHTS):
            try:
                picture = taken(page, address, SIGHTS[name], "fa" if persian else "en")
            except (PlaywrightError, AssertionError) as error:
                sys.stderr.write(f"{name}: {error}\n")  # the others are taken all the same
                continue
            (target / f"{name}.webp").write_bytes(picture)
        browser.close()


if __name__ == "__main__":
    told = [word for word in sys.argv[1:] if word != "--persian"]
    main(Path(told[0] if told else "docs/pictures"), told[1:], persian="--persian" in sys.argv)
