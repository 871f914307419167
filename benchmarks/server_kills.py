"""Kills of the server and of its workers: what a page has answered is there afterwards, whatever was at work.

    python -m benchmarks.server_kills [--kills 60] [--minutes 60] [--postgresql] [--seed 0]

A server shows a workspace (a folder, one in SQLite and, where asked, one on a PostgreSQL server of its own take turns).
One window changes a lever and saves the scenario now and then, another publishes the week, both as fast as the pages
answer. At a random moment a worker is killed (-9), or the server with all that it has under way. Then the workspace is
opened and everything answered is looked for; the next server has to show it too. Workers of a killed server must end.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

from benchmarks import kills, served
from benchmarks.served import Served
from benchmarks.window import Window
from staffing.planner import Planner
from staffing.store import rights
from staffing.store.drafts import Drafts
from staffing.store.sql import database
from staffing.store.workspace import Workspace

USER = "ada"
LONGEST_S = 3.0
FIRST_ANSWER_S = 240.0
ENDING_S = 10.0
SAVES_EVERY = 3


@dataclass
class Answered:
    """The last numbers that the pages answered, by what was done; ``asked`` are those under way, which may be there.

    ``published`` are all that were answered; ``told`` is what went wrong while the server lived.
    """

    done: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    published: set[int] = field(default_factory=set)
    told: list[str] = field(default_factory=list)
    over: bool = False


def edits(server: Served, label: str, found: Answered) -> None:
    """Change a lever again and again, and save every few times."""
    with Window(server.address, "staffing", user=USER, workspace=label, scenario="kills") as window:
        window.settle()
        shown = round(window.number(window.keyed("lever-volume_factor")), 2)
        if found.done["edit"] and shown not in _values(found, "edit"):
            found.told.append(f"the page shows {shown}, not {_values(found, 'edit')}")
        while not found.over:
            found.asked["edit"] += 1
            window.take(window.keyed("lever-volume_factor"), double_value=_shown(found.asked["edit"]))
            found.done["edit"] = found.asked["edit"]
            if found.asked["edit"] % SAVES_EVERY == 0:
                found.asked["save"] = found.done["edit"]
                window.press("Save")
                window.press("Save", "save-confirmed")
                found.done["save"] = found.asked["save"]


def publications(server: Served, label: str, found: Answered) -> None:
    """Publish the week again and again."""
    with Window(server.address, "roster", user=USER, workspace=label, scenario="base") as window:
        window.settle()
        window.take(window.keyed("roster-tab", "tab_container"), string_value="Edit")
        while not found.over:
            found.asked["publication"] += 1
            window.type(window.keyed("roster-why", "text_input"), string_value=f"round {found.asked['publication']}")
            window.type(window.keyed("roster-anyway", "checkbox"), bool_value=True)
            window.press("Publish")
            if not any("Published as version" in alert.content.body for alert in window.of("alert")):
                raise RuntimeError("the page did not say that it published")
            found.published.add(found.asked["publication"])


def _shown(number: int) -> float:
    """The lever's per cent of a number; another for each of a thousand."""
    return round(100 + number % 1000 / 100, 2)


def _values(found: Answered, what: str) -> set[float]:
    """What may stand there: what was answered, or what was asked for and not answered any more."""
    return {_shown(found.done[what]), _shown(found.asked[what])}


def missing(place: str, found: Answered) -> list[str]:
    """What was answered and is not there, or stands half; an error in reading is one too."""
    workspace = Workspace.open(place)
    draft = Drafts(workspace.ground, USER).scenario("kills")
    saved = round(100 * workspace.scenario("kills").volume_factor, 2)
    kept = saved if draft is None else round(100 * draft.current.volume_factor, 2)
    journal = workspace.rosters.journal()
    for entry in journal[-2:]:
        workspace.rosters.table(entry)  # raises where it is not what was published
    said = [f"draft {kept}, not {_values(found, 'edit')}"] if kept not in _values(found, "edit") else []
    if found.done["save"] and saved not in _values(found, "save"):
        said.append(f"saved {saved}, not {_values(found, 'save')}")
    reasons = {entry.why for entry in journal}
    return said + [f"publication {number}" for number in sorted(found.published) if f"round {number}" not in reasons]


def one_life(place: str, label: str, found: Answered, chance: random.Random) -> str:
    """A server's life, ended by a kill at a random moment; what was killed."""
    found.over, found.told = False, []
    folders = [] if place.endswith("@db") else [place]
    with served.serving(*folders, ready=False) as server:
        begun = dict(found.done), len(found.published)
        threads = [
            threading.Thread(target=_until_killed, args=(work, server, label, found)) for work in (edits, publications)
        ]
        for thread in threads:
            thread.start()
        until = time.monotonic() + FIRST_ANSWER_S
        while (dict(found.done), len(found.published)) == begun and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(chance.uniform(0, LONGEST_S))
        what = "server"
        family = served.family(server.process.pid)
        if chance.random() < 0.5 and len(family) > 1:
            what = "worker and server"
            os.kill(chance.choice(family[1:]), signal.SIGKILL)
            time.sleep(chance.uniform(0, LONGEST_S))
            family = served.family(server.process.pid)
        server.process.kill()
        found.over = True
        for thread in threads:
            thread.join(60)
        found.told += orphans(family[1:])
    return what


def _until_killed(work: object, server: Served, label: str, found: Answered) -> None:
    try:
        work(server, label, found)  # type: ignore[operator]
    except Exception as error:  # noqa: BLE001  the server is to be killed: what happens before it lives on is told
        if server.process.poll() is None and not found.over:
            time.sleep(0.5)
            if server.process.poll() is None and not found.over:
                found.told.append(f"{getattr(work, '__name__', work)}: {type(error).__name__}: {str(error)[:200]}")


def orphans(numbers: list[int]) -> list[str]:
    """Workers that outlive their server."""
    until = time.monotonic() + ENDING_S
    left = numbers
    while left and time.monotonic() < until:
        left = [number for number in left if _lives(number)]
        time.sleep(0.1)
    return [f"worker {number} outlives its server" for number in left]


def _lives(number: int) -> bool:
    with suppress(OSError), open(f"/proc/{number}/stat", encoding="ascii") as file:
        return file.read().rpartition(")")[2].split()[0] != "Z"
    return False


def prepare(place: str) -> None:
    """A role, a scenario and a draft of the week: of one person, which is quickly opened."""
    workspace = Workspace.open(place)
    workspace.save_scenario("kills", {}, who=USER)
    rights.give(workspace.ground, USER, rights.Role.publisher)
    planner = Planner.open(workspace)
    week = planner.next_week(workspace.base)
    workspace.rosters.keep(kills.one_person(workspace, week), [workspace.rosters.seen(week)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--minutes", type=float, default=60.0, help="after which no kill more is made")
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    chance, counts, lost = random.Random(asked.seed), Counter[str](), 0
    begun = time.monotonic()
    with kills.places(asked.postgresql, quick=True) as found:
        answered = {kind: Answered() for kind in found}
        for number in range(asked.kills):
            if time.monotonic() - begun > 60 * asked.minutes:
                break
            kind, (place, url) = list(found.items())[number % len(found)]
            os.environ[database.VARIABLE] = url or f"sqlite:///{tempfile.gettempdir()}/none-{os.getpid()}.db"
            if number < len(found):
                prepare(place)
            told = answered[kind]
            what = one_life(place, "desk" if kind == "folder" else place, told, chance)
            for each in (*told.told, *missing(place, told)):
                print(f"{kind}, {what}: {each}", flush=True)
                lost += 1
            counts[f"{kind}, {what} kills"] += 1
        for kind, told in answered.items():
            counts |= {f"{kind} edits up to": told.done["edit"], f"{kind} publications": len(told.published)}
    made = sum(count for what, count in counts.items() if what.endswith("kills"))
    print(", ".join(f"{what} {count}" for what, count in sorted(counts.items())))
    print(f"{(time.monotonic() - begun) / max(made, 1):.1f} s a kill; load {os.getloadavg()[0]:.1f}")
    print(f"lost, half or at fault: {lost}")


if __name__ == "__main__":
    main()
