"""The board in a real Chromium: 100 people × 14 days, seconds until every shift stands on it.

    python -m benchmarks.board [--people 100] [--times 5]

A made-up site whose two weeks are written, not solved: everybody works five days of nine hours, begun by turns. Timed
is the board alone (its data handed over anew, to the last shift painted) and the way from the press of "Two weeks".
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import statistics
import tempfile
import time
from pathlib import Path

import pandas as pd
from playwright.sync_api import Page, sync_playwright

from benchmarks.browsed import CALM, CHROMIUM, FLAGS, LONGEST_MS
from staffing.store.workspace import Workspace
from staffing.tables import ROSTER
from tests import small
from tests.browser.conftest import serving

WEEK = dt.date.fromisoformat(small.NEXT_WEEK)
DAYS = 14
#: Redraw with the same data; how long until the frame after the last shift stands.
REDRAW = """async () => {
    const board = document.querySelector('.board').board, data = board.data;
    board.draw({...data, days: 7, heads: data.heads.slice(0, 7)});
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 200)));
    const begun = performance.now();
    board.draw(data);
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    return [(performance.now() - begun) / 1000, document.querySelectorAll('.board [data-shift]').length];
}"""


def site(folder: Path, people: int) -> Path:
    """The small site with so many people, two weeks of it kept as drafts."""
    small.make(folder)
    names = [f"P{number:03d}" for number in range(people)]
    rows = ["agent,team,contract,skills", *(f"{name},north,full,voice" for name in names)]
    (folder / "agents.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    workspace = Workspace.open(folder)
    zone, shifts = workspace.base.site.zone, []
    for number, name in enumerate(names):
        for day in range(DAYS):
            start = pd.Timestamp(WEEK + dt.timedelta(days=day), tz=zone) + pd.Timedelta(hours=8 + number % 2)
            if day % 7 < 5:
                lunch = start + pd.Timedelta(hours=4)
                for activity, begun, hours in (("shift", start, 9), ("work", start, 4), ("lunch", lunch, 1),
                                               ("work", lunch + pd.Timedelta(hours=1), 4)):  # fmt: skip
                    queue = "voice" if activity in ("shift", "work") else None
                    end = begun + pd.Timedelta(hours=hours)
                    shifts.append((name, begun, end, activity, queue, "day" if activity == "shift" else None))
    columns = ["agent", "start", "end", "activity", "queue", "kind"]
    workspace.rosters.keep(ROSTER.check(pd.DataFrame(shifts, columns=columns)))
    return folder


def timed(page: Page, people: int) -> float:
    """Seconds from the press of "Two weeks" to all shifts on the board."""
    page.get_by_test_id("stButtonGroup").get_by_text("Week", exact=True).click()
    page.wait_for_function(CALM)
    page.wait_for_timeout(1_000)
    begun = time.monotonic()
    page.get_by_test_id("stButtonGroup").get_by_text("Two weeks", exact=True).click()
    page.wait_for_function(f"() => document.querySelectorAll('.board [data-shift]').length >= {people * 10}")
    return time.monotonic() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--times", type=int, default=5)
    told = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as place,
        serving(site(Path(place) / "desk", told.people)) as address,
        sync_playwright() as driver,
    ):
        page = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS).new_page(
            viewport={"width": 1440, "height": 1000}, locale="en-GB"
        )
        page.set_default_timeout(LONGEST_MS)
        page.goto(f"{address}/roster?tab=board")
        page.wait_for_function(CALM)
        page.locator(".board [data-shift]").first.wait_for()
        pressed = [timed(page, told.people) for _ in range(told.times + 1)][1:]
        drawn = [page.evaluate(REDRAW) for _ in range(told.times + 1)][1:]
    print(f"{told.people} people × {DAYS} days, {drawn[0][1]} shifts, load {os.getloadavg()[0]:.1f}; medians")
    print(f"the board alone: {statistics.median(one[0] for one in drawn):.2f} s")
    print(f"from the press to the last shift: {statistics.median(pressed):.2f} s")


if __name__ == "__main__":
    main()
