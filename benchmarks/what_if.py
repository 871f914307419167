"""How long a changed event takes from the planner's change to the new forecast, through `Planner.forecast`.

    python -m benchmarks.what_if

The made-up marketplace (three queues, two years of half-hours in history) is forecast over one week, as the pages do,
and over two years of half-hours. Then its next launch is moved, resized, switched off and on, and another one is added,
each time to something that was not asked before. The page is measured too: from the change of an event on the
Events page to the redrawn page with its before and after (Streamlit's own test harness; no browser draws it).
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from staffing.domain.changes import add, move, resize, switch
from staffing.domain.demand import Event
from staffing.domain.scenario import Scenario
from staffing.history import read_history
from staffing.planner import Planner
from staffing.store.workspace import Workspace

HERE = Path(__file__).resolve().parent.parent
SITE = HERE / "data" / "marketplace"
EVENT = "app-5.0"
SPANS = {"one week": 7, "two years": 731}
REPEATS = 5


def changes(scenario: Scenario, start: dt.date) -> dict[str, Iterator[Scenario]]:
    """By what is done: scenarios that differ from ``scenario`` in one event, none of them twice."""
    days = [start + dt.timedelta(days=k) for k in range(REPEATS)]
    return {
        "moved": (scenario.with_changes(move(EVENT, day)) for day in days),
        "resized": (scenario.with_changes(resize(EVENT, 1.5 + k)) for k in range(REPEATS)),
        "switched off and on elsewhere": (
            scenario.with_changes(move(EVENT, days[k // 2]), switch(EVENT, k % 2 == 1)) for k in range(REPEATS)
        ),
        "added": (
            scenario.with_changes(add(Event(name=f"new {k}", kind="launch", start=day, size=2.0)))
            for k, day in enumerate(days)
        ),
    }


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    """Seconds by the clock and of the processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def print_row(what: str, taken: list[tuple[float, float]]) -> None:
    wall, cpu = zip(*taken, strict=True)
    print(f"| {what} | {statistics.median(wall):.3f} | {max(wall):.3f} | {statistics.median(cpu):.3f} |", flush=True)


def spine() -> None:
    """Changes through `Planner.forecast`, its baseline fitted beforehand."""
    workspace = Workspace.open(SITE)
    scenario = workspace.scenario("base")
    planner = Planner(read_history(workspace.history_folder, scenario.site))
    start = planner.next_week(scenario)
    for span, days in SPANS.items():

        def ask(made: Scenario, days: int = days) -> object:
            return planner.forecast(made, start=start, days=days)

        print_row(f"{span}: first time, with the fit", [timed(lambda: ask(scenario))])
        for what, asked in changes(scenario, start).items():
            print_row(f"{span}: {what}", [timed(lambda made=made: ask(made)) for made in asked])


def settle(app: AppTest) -> None:
    """Until nothing is at work any more: what takes long is done in another process, and the page asks again."""
    while any(button.label == "Stop" for button in app.button):
        time.sleep(0.1)
        app.run()


def page() -> None:
    """The Events page: its first day moved, until the page with its before and after is redrawn."""
    with tempfile.TemporaryDirectory() as folder:
        sys.argv = ["app.py"]
        os.environ["STAFFING_WORKSPACE"] = shutil.copytree(SITE, Path(folder) / "site").as_posix()
        app = AppTest.from_file(str(HERE / "app.py"), default_timeout=300).run()
        app.switch_page("staffing/ui/events.py").run()
        settle(app)
        app.selectbox(key="event-name").set_value(EVENT).run()
        taken = []
        for _ in range(REPEATS + 1):
            box = next(box for box in app.date_input if box.label == "First day")
            later = box.value + dt.timedelta(days=1)
            taken.append(timed(lambda box=box, later=later: settle(box.set_value(later).run())))
        print_row("Events page: moved, to the redrawn page", taken[1:])


def main() -> None:
    logging.disable(logging.WARNING)  # Streamlit warns of every page outside a server
    print(f"load {os.getloadavg()[0]:.1f}\n\n| change | s, median | worst | of processor time |\n|---|---|---|---|")
    spine()
    page()


if __name__ == "__main__":
    main()
