"""What one planner's step costs: seconds to the settled page, and processor seconds of the server and its workers.

    python -m benchmarks.page_costs [--times 20] [--folder FOLDER] [STEP ...]

One window over the pages' own socket, alone, in the workspace of `benchmarks.planners` (the marketplace with 100 people
and drafts of four weeks). Every step is made so many times, after two that are not counted; medians are told.
"""

from __future__ import annotations

import argparse
import datetime as dt
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import planners, served
from benchmarks.served import Served
from benchmarks.window import Window, edited_cell

USER = "p0"
SCENARIO = "plan-0"
Step = Callable[[Window, int], None]


def target(window: Window, number: int) -> None:
    """A changed target on Staffing."""
    window.take(window.keyed("lever-service.service_level"), double_value=70 + number % 29 + 0.1 * (number % 7))


def volume(window: Window, number: int) -> None:
    """A changed volume, wherever the window is."""
    window.take(window.keyed("lever-volume_factor"), double_value=80 + number % 41 + 0.01 * number)


def event(window: Window, number: int) -> None:
    """An event moved by a day, further each time."""
    box = window.keyed("event-start", "date_input")
    old = dt.date.fromisoformat((box.content.value or box.content.default)[0].replace("/", "-"))
    window.take(box, string_array_value=[f"{old + dt.timedelta(days=1):%Y-%m-%d}"])


def switch(window: Window, number: int) -> None:
    """Another page, all of them known."""
    window.turn_to(("forecast", "staffing", "history", "events")[number % 4])


def shift(window: Window, number: int) -> None:
    """One cell of the roster's grid."""
    grid = next(one for one in window.of("dataframe") if "roster-grid" in one.id)
    column = "20" + grid.content.columns.partition('"20')[2][:8]
    window.take(grid, string_value=edited_cell(5 + number % 60, column, "off" if number % 2 else served.SHIFT))


def _edit_tab(window: Window) -> None:
    window.take(window.keyed("roster-tab", "tab_container"), string_value="Edit")


#: By name: the page, how it is made ready, and the step.
STEPS: dict[str, tuple[str, Callable[[Window], None], Step]] = {
    "target on Staffing": ("staffing", lambda _window: None, target),
    "volume on Staffing": ("staffing", lambda _window: None, volume),
    "target on Home": ("home", lambda _window: None, target),
    "volume on Home": ("home", lambda _window: None, volume),
    "event moved": ("events", lambda _window: None, event),
    "page switch": ("staffing", lambda _window: None, switch),
    "shift edit": ("roster", _edit_tab, shift),
}


def cost(server: Served, name: str, times: int, week: str) -> None:
    """Print a step's row."""
    page, prepare, act = STEPS[name]
    told = {"workspace": planners.PLACE, "scenario": SCENARIO, "week": week}
    rows: list[tuple[float, float, float]] = []
    with Window(server.address, page, user=USER, bears="Broken rules", **told) as window:
        window.settle()
        prepare(window)
        for number in range(times + 2):
            begun, before = time.monotonic(), (server.cpu_s(alone=True), server.cpu_s())
            act(window, number)
            took = time.monotonic() - begun
            own, all_of_it = server.cpu_s(alone=True) - before[0], server.cpu_s() - before[1]
            rows.append((took, own, all_of_it - own))
    shown = " | ".join(f"{statistics.median(column):.2f}" for column in zip(*rows[2:], strict=True))
    worst = max(took for took, _, _ in rows[2:])
    print(f"| {name} | {shown} | {worst:.2f} | {planners.load()} |", flush=True)


def main(arguments: list[str] | None = None) -> Any:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("steps", nargs="*", default=[], metavar="STEP", help=f"of: {', '.join(STEPS)}")
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args(arguments)
    root = asked.folder or Path(tempfile.mkdtemp(prefix="costs-"))
    try:
        weeks = planners.laid(root, [USER])
        with served.serving() as server:
            print(f"ready after {server.ready_s:.1f} s ({server.ready_cpu_s:.1f} s of processor time)")
            print("| step | s | server CPU s | workers CPU s | worst s | load |\n|---|---|---|---|---|---|", flush=True)
            for name in asked.steps or STEPS:
                cost(server, name, asked.times, weeks[0])
    finally:
        if not asked.folder:
            served.clean(root)


if __name__ == "__main__":
    main()
