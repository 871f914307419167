"""Kills at random moments: everything acknowledged is there, nothing half-written is seen, no lock stays.

    python -m benchmarks.kills [--kills 200] [--postgresql]

A process saves scenarios, notes sick calls, keeps drafts, keeps a planner's own drafts and publishes, as fast as it
can, and acknowledges each on its output once the store has answered. It is killed (-9) after a random time; then the
workspace is opened, everything is read, and what was acknowledged is looked for. Folder, SQLite and, where asked, a
PostgreSQL server of its own take turns.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from staffing.store.absences import Absence, absences_of
from staffing.store.bundled import lay_workspace
from staffing.store.drafts import Draft, Drafts
from staffing.store.publications import Signed
from staffing.store.sql import database
from staffing.store.sql.stored import bring_in
from staffing.store.workspace import Workspace

WEEK = dt.date(2003, 10, 6)
NOW = dt.datetime(2003, 10, 1, tzinfo=dt.UTC)
LONGEST_S = 1.5
LAST_ROWS = 1_400  # ten weeks of the bank's half-hours


def work(place: str, first: int) -> None:
    """Change everything, round after round; say what is done."""
    workspace = Workspace.open(place)
    book, name = workspace.rosters, workspace.base.agents[0].name
    rows = one_person(workspace, WEEK)
    for number in range(first, first + 100_000):
        table = rows.assign(end=rows["end"] + pd.Timedelta(minutes=number % 60))
        workspace = Workspace.open(place)
        workspace.save_scenario("kills", {"volume_factor": 1 + number / 1e6}, seen=workspace.version("kills"))
        _say("scenario", number)
        away = Absence(name, WEEK, WEEK, f"call {number}")
        book.keep(table, [book.seen(WEEK)], away=[away])
        _say("draft", number)
        drafts = Drafts(workspace.ground, "ada")
        draft = Draft(workspace.base, workspace.version("base"))
        drafts.keep("base", draft.with_version(workspace.base.patched({"volume_factor": 1 + number / 1e6})))
        _say("own", number)
        book.publish(WEEK, table, Signed("Ada", f"round {number}"), NOW)
        _say("published", number)


def one_person(workspace: Workspace, day: dt.date) -> pd.DataFrame:
    """A roster of one shift of the first person, on a day."""
    start = pd.Timestamp(f"{day} 09:00", tz=workspace.base.site.zone)
    row = {"agent": workspace.base.agents[0].name, "start": start, "end": start + pd.Timedelta(hours=8)}
    return pd.DataFrame([{**row, "activity": "shift", "queue": None}])


def _say(what: str, number: int) -> None:
    sys.stdout.write(f"{what} {number}\n")
    sys.stdout.flush()


def killed(place: str, first: int, chance: random.Random) -> dict[str, int]:
    """Let a process work and kill it; the last number of each kind that it acknowledged."""
    command = [sys.executable, "-m", "benchmarks.kills", "--work", place, "--first", str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        told = [child.stdout.readline()]  # the first one is there: it has begun
        time.sleep(chance.uniform(0, LONGEST_S))
        child.kill()
        told += child.stdout.read().split("\n")
    return {line.split()[0]: int(line.split()[1]) for line in told if len(line.split()) == 2}


def missing(place: str, told: dict[str, int]) -> list[str]:
    """What was acknowledged and is not there, or stands half; an error in reading is one too."""
    workspace = Workspace.open(place)
    book = workspace.rosters
    away = {one.reason for one in absences_of(workspace.ground.read("absences.csv"))}
    reasons = {entry.why for entry in book.journal()}
    for entry in book.journal()[-3:]:
        book.table(entry)  # raises where it is not what was published
    book.at_hand(WEEK)
    draft = Drafts(workspace.ground, "ada").scenario("base")
    reached = {
        "scenario": round((workspace.scenario("kills").volume_factor - 1) * 1e6),
        "draft": max(int(reason.split()[1]) for reason in away) if away else -1,
        "own": -1 if draft is None else round((draft.current.volume_factor - 1) * 1e6),
        "published": max((int(reason.split()[1]) for reason in reasons), default=-1),
    }
    return [f"{what} {number}: {reached[what]}" for what, number in told.items() if reached[what] < number]


@contextlib.contextmanager
def places(postgresql: bool, *, quick: bool = False) -> Iterator[dict[str, tuple[str, str]]]:
    """Workspaces by kind: where it is opened, and the database's address; ``quick`` ones have little to learn from."""
    root = Path(tempfile.mkdtemp(prefix="kills-", dir="/tmp"))
    root.chmod(0o755)
    try:
        lay_workspace(root / "desk", "bank")
        if quick:
            _shorten(root / "desk")
        found = {"folder": (str(root / "desk"), "")}
        urls = {"sqlite": f"sqlite:///{root / 'db' / 'staffing.db'}"}
        with contextlib.ExitStack() as stack:
            if postgresql:
                from tests.store.postgres import Server

                server = Server(root / "server")
                stack.callback(server.stop)
                urls["postgresql"] = server.database("desk")
            for kind, url in urls.items():
                os.environ |= {database.VARIABLE: url, "STAFFING_BULK_FOLDER": str(root / kind)}
                bring_in(root / "desk")
                found[kind] = ("desk@db", url)
            yield found
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _shorten(folder: Path) -> None:
    """Some ten weeks of history, the fewest sample paths: what is killed is what writes, not what learns."""
    for file in (folder / "history").glob("*.csv"):
        head, *rows = file.read_text(encoding="utf-8").splitlines(keepends=True)
        file.write_text(head + "".join(rows[-LAST_ROWS:]), encoding="utf-8")
    settings = folder / "workspace.toml"
    settings.write_text("paths = 20\n" + settings.read_text(encoding="utf-8"), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--work")
    parser.add_argument("--first", type=int, default=1)
    asked = parser.parse_args()
    if asked.work:
        work(asked.work, asked.first)
        return
    chance, counts, lost, slowest_s, first = random.Random(asked.seed), Counter[str](), [], 0.0, 1
    with places(asked.postgresql) as found:
        for number in range(asked.kills):
            kind, (place, url) = list(found.items())[number % len(found)]
            os.environ[database.VARIABLE] = url or f"sqlite:///{tempfile.gettempdir()}/none.db"
            told = killed(place, first, chance)
            begun = time.monotonic()
            lost += [f"{kind}: {what}" for what in missing(place, told)]
            slowest_s = max(slowest_s, time.monotonic() - begun)
            counts[f"{kind} kills"] += 1
            counts[f"{kind} rounds"] += max(told.values()) - first + 1
            first = max(told.values()) + 1
    print(", ".join(f"{what} {count}" for what, count in sorted(counts.items())))
    print(f"lost or half: {len(lost)}; opened and read again in at most {slowest_s:.1f} s")
    print("\n".join(lost))


if __name__ == "__main__":
    main()
