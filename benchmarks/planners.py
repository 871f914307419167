"""Planners at once: what-ifs, edits, saves and pages over the pages' own sockets, and one real browser among them.

    python -m benchmarks.planners [--planners 20] [--minutes 10] [--thinks 5] [--what-ifs 500] [--timings 20]
        [--folder FOLDER]

The marketplace with 100 people and drafts of four weeks is stored in SQLite and served as `staffing app` serves it.
First one Chromium alone: a changed target, an event resized, a shift edit and a page switch, medians of ``--timings``.
Then all planners for so many minutes, each thinking so many seconds between two actions on average; two share each
scenario, so their saves meet. Whatever the page answered is then looked for in the store: values of drafts and saved
scenarios, saves in the audit, shift edits. At last one session asks ``--what-ifs`` in a row, and the memory is told
along the way. ``--folder`` keeps the workspace for the next run: laying it takes four rosters.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import random
import statistics
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import browsed, served
from benchmarks.served import Served
from benchmarks.window import PageFailed, Window
from staffing.store.drafts import Drafts
from staffing.store.roster_work import RosterWorks
from staffing.store.sql import database
from staffing.store.workspace import Workspace

THINKS = (0.4, 1.6)  # of the mean
ROSTERS = 4  # planners who edit shifts, each a week of their own
PAGES = ("forecast", "staffing", "events", "history")
WHAT_IF, EVENT, SAVE, UNDO, PAGE, SHIFT = "what-if", "event moved", "save", "undo", "page switch", "shift edit"
MIX = {WHAT_IF: 10, EVENT: 2, SAVE: 2, UNDO: 1, PAGE: 4}
LEVERS = (("lever-volume_factor", "volume_factor"), ("lever-aht_factor", "aht_factor"))
PLACE = f"{served.NAME}@db"
LAUNCH = "app-5.0"  # one that may be moved


@dataclass
class Told:
    """What all planners did: seconds by kind of action, what went wrong, memory along the way."""

    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    faults: list[str] = field(default_factory=list)
    memory_mb: list[float] = field(default_factory=list)


@dataclass
class Planner:
    """One planner with a lever of their own; ``kept`` and ``saved`` are the last values that the page answered."""

    number: int
    address: str
    told: Told
    thinks_s: float = 5.0
    kept: float = 1.0
    saved: float = 1.0
    saves: int = 0
    cells: dict[str, dict[str, str]] = field(default_factory=dict)
    edits: int = 0

    @property
    def user(self) -> str:
        return f"p{self.number}"

    @property
    def scenario(self) -> str:
        return f"plan-{self.number // 2}"

    @property
    def rosters(self) -> bool:
        return self.number < ROSTERS

    def stored(self) -> tuple[float, float]:
        """What the store holds of their lever: in their draft, and as saved."""
        workspace, name = Workspace.open(PLACE), LEVERS[self.number % 2][1]
        draft = Drafts(workspace.ground, self.user).scenario(self.scenario)
        saved = float(getattr(workspace.scenario(self.scenario), name))
        return (saved if draft is None else float(getattr(draft.current, name))), saved

    def work(self, until: float, week: str) -> None:
        """Act and think until the time is up; a fault costs a new window."""
        chance = random.Random(self.number)
        while time.monotonic() < until:
            try:
                page = "roster" if self.rosters else "staffing"
                told = {"workspace": PLACE, "scenario": self.scenario, "week": week}
                begun = time.monotonic()
                with Window(self.address, page, user=self.user, bears="Broken rules", **told) as window:
                    window.settle()
                    self.told.taken["window opened"].append(time.monotonic() - begun)
                    while time.monotonic() < until:
                        time.sleep(self.thinks_s * chance.uniform(*THINKS))
                        self._act(window, chance)
            except Exception as error:  # noqa: BLE001  whatever it is, it is counted
                self.told.faults.append(f"{self.user}: {type(error).__name__}: {str(error)[:300]}")
                time.sleep(1.0)

    def _act(self, window: Window, chance: random.Random) -> None:
        what = SHIFT if self.rosters else chance.choices(list(MIX), list(MIX.values()))[0]
        begun = time.monotonic()
        done = {
            WHAT_IF: self._what_if, EVENT: self._event, SAVE: self._save, UNDO: self._undo, PAGE: self._page,
            SHIFT: self._shift,
        }[what](window, chance)  # fmt: skip
        if done:
            self.told.taken[what].append(time.monotonic() - begun)

    def _what_if(self, window: Window, chance: random.Random) -> bool:
        value = round(chance.uniform(80, 120), 3)
        window.take(window.keyed(LEVERS[self.number % 2][0]), double_value=value)
        self.kept = round(value / 100, 8)
        return True

    def _event(self, window: Window, chance: random.Random) -> bool:
        if window.page != "events":
            window.turn_to("events")
            return False
        box = window.keyed("event-start", "date_input")
        if box.content.disabled:  # another event is chosen
            window.take(window.keyed("event-name", "selectbox"), string_value=LAUNCH)
            return False
        old = dt.date.fromisoformat((box.content.value or box.content.default)[0].replace("/", "-"))
        window.take(box, string_array_value=[f"{old + dt.timedelta(days=chance.choice((-1, 1))):%Y-%m-%d}"])
        return True

    def _save(self, window: Window, chance: random.Random) -> bool:
        save = next(button for button in window.of("button") if button.content.label == "Save")
        if save.content.disabled:
            return False
        for _ in range(5):
            window.press("Save")
            window.press("Save", "save-confirmed")
            if not any("Somebody else saved" in alert.content.body for alert in window.of("alert")):
                self.saved = self.kept
                self.saves += 1
                return True
            window.press("Both; yours where both changed", "merge-True")
        raise PageFailed("five saves in a row met another's")

    def _undo(self, window: Window, chance: random.Random) -> bool:
        """Take the last step back and bring it again: what is kept stays the same."""
        undo = next(button for button in window.of("button") if button.content.label == "Undo")
        if undo.content.disabled:
            return False
        window.press("Undo")
        window.press("Redo")
        return True

    def _page(self, window: Window, chance: random.Random) -> bool:
        window.turn_to(chance.choice([page for page in PAGES if page != window.page]))
        return True

    def _shift(self, window: Window, chance: random.Random) -> bool:
        grids = [one for one in window.of("dataframe") if "roster-grid" in one.id]
        if not grids:
            window.take(window.keyed("roster-tab", "tab_container"), string_value="Edit")
            self.cells = {}
            return False
        columns = [name for name in json.loads(grids[0].content.columns) if name[:2] == "20"]
        row, column = str(chance.randrange(served.PEOPLE)), chance.choice(columns)
        before = self.cells.get(row, {}).get(column)
        self.cells.setdefault(row, {})[column] = "off" if before != "off" else served.SHIFT
        told = {"edited_rows": self.cells, "added_rows": [], "deleted_rows": []}
        window.take(grids[0], string_value=json.dumps(told))
        self.edits += 1
        return True


def lost(planners: list[Planner], audited: dict[str, int], weeks: list[str]) -> list[str]:
    """What a page answered and the store does not hold."""
    workspace, missing = Workspace.open(PLACE), []
    for one in planners:
        kept, saved = one.stored()
        if one.saves and saved != one.saved:
            missing.append(f"{one.user}: saved {one.saved}, the store holds {saved}")
        if kept != one.kept:
            missing.append(f"{one.user}: draft {one.kept}, the store holds {kept}")
        if one.edits:
            week = dt.date.fromisoformat(weeks[one.number])
            work = RosterWorks(workspace.ground, one.user).read(week, one.scenario)
            missing += [] if work is not None and work.at else [f"{one.user}: {one.edits} shift edits, none kept"]
    for scenario in {one.scenario for one in planners}:
        answered = sum(one.saves for one in planners if one.scenario == scenario)
        if audited.get(scenario, 0) != answered:
            missing.append(f"{scenario}: {answered} saves answered, {audited.get(scenario, 0)} in the audit")
    return missing


def saves_since(moment: dt.datetime) -> dict[str, int]:
    """Saves of scenarios in the audit."""
    found: dict[str, int] = defaultdict(int)
    for change in Workspace.open(PLACE).ground.changes_since(moment):
        if change.name.startswith("scenarios/"):
            found[Path(change.name).stem] += 1
    return found


def at_once(server: Served, asked: Any, weeks: list[str]) -> tuple[Told, list[str]]:
    """All planners for so long; what they did, and what is lost of it."""
    told, begun = Told(), dt.datetime.now(dt.UTC)
    planners = [Planner(number, server.address, told, asked.thinks) for number in range(asked.planners)]
    for one in planners:
        one.kept, one.saved = one.stored()
    until = time.monotonic() + 60 * asked.minutes
    threads = [
        threading.Thread(target=one.work, args=(until, weeks[one.number % len(weeks) if one.rosters else 0]))
        for one in planners
    ]
    threads.append(threading.Thread(target=browsed.keep_on, args=(server.address, until, told.taken, told.faults)))
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        told.memory_mb.append(server.memory_mb())
        time.sleep(5.0)
    return told, lost(planners, saves_since(begun), weeks)


def what_ifs(server: Served, count: int, week: str) -> None:
    """So many what-ifs of one session in a row, and the memory along the way."""
    taken, step = [], max(1, count // 5)
    with Window(server.address, "staffing", user="p0", workspace=PLACE, scenario="plan-0", week=week) as window:
        window.settle()
        for number in range(count):
            begun = time.monotonic()
            window.take(window.keyed(LEVERS[0][0]), double_value=70 + 60 * number / count)
            taken.append(time.monotonic() - begun)
            if (number + 1) % step == 0:
                median = statistics.median(taken[-step:])
                print(f"| what-if {number + 1} | {median:.2f} s | {server.memory_mb():,.0f} MB |", flush=True)


def row(what: str, taken: list[float]) -> str:
    """A row of a table: how many, median, 95th percentile, worst."""
    ordered = sorted(taken)
    high = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    return f"| {what} | {len(taken)} | {statistics.median(taken):.2f} | {high:.2f} | {ordered[-1]:.2f} |"


HEAD = "\n| action | times | median s | p95 s | worst s |\n|---|---|---|---|---|"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--planners", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument(
        "--thinks", type=float, default=5.0, help="seconds between two actions of a planner, on average"
    )
    parser.add_argument("--what-ifs", type=int, default=500)
    parser.add_argument("--timings", type=int, default=20)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    root = asked.folder or Path(tempfile.mkdtemp(prefix="planners-"))
    users = [f"p{number}" for number in range(max(asked.planners, 1))] + [browsed.USER]
    try:
        weeks = laid(root, users)
        with served.serving() as server:
            print(f"ready after {server.ready_s:.1f} s ({server.ready_cpu_s:.1f} s of processor time); load {load()}")
            run(server, asked, weeks)
    finally:
        if not asked.folder:
            served.clean(root)


def laid(root: Path, users: list[str]) -> list[str]:
    """The workspace laid below ``root``, unless it is there; its drafted weeks."""
    os.environ[database.VARIABLE] = f"sqlite:///{root / 'db' / 'staffing.db'}"
    if not (root / "db").exists():
        begun = time.monotonic()
        scenarios = [f"plan-{number}" for number in range((len(users) + 1) // 2)]
        served.lay(root, users, scenarios)
        print(f"laid in {time.monotonic() - begun:.0f} s", flush=True)
    names = Workspace.open(PLACE).ground.names("rosters", ".draft.parquet")
    return sorted(Path(name).name.removesuffix(".draft.parquet") for name in names)


def run(server: Served, asked: Any, weeks: list[str]) -> None:
    if asked.timings:
        print(HEAD)
        for what, taken in browsed.timings(server.address, asked.timings).items():
            print(row(f"{what}, Chromium alone", taken), flush=True)
        print(f"load {load()}")
    if asked.minutes:
        cpu, pages, memory = server.cpu_s(), server.cpu_s(alone=True), server.memory_mb()
        told, missing = at_once(server, asked, weeks)
        print(HEAD)
        print("\n".join(row(what, taken) for what, taken in sorted(told.taken.items())))
        print(f"errors {len(told.faults)}; lost {len(missing)}; load {load()}")
        most, used = max(told.memory_mb), server.cpu_s() - cpu
        pages = server.cpu_s(alone=True) - pages
        print(f"memory {memory:,.0f} MB before, {most:,.0f} MB at most")
        print(f"processor time {used:.0f} s, {pages:.0f} of them in the pages' own process")
        print("\n".join([*told.faults, *missing]), flush=True)
    if asked.what_ifs:
        print("\n| one session | median of these | memory |\n|---|---|---|")
        what_ifs(server, asked.what_ifs, weeks[0])


def load() -> str:
    return f"{os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    main()
