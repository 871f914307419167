"""The desk served for a benchmark: a workspace of its own in a database of its own, users by a proxy's header."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from staffing.planner import Planner
from staffing.store import rights
from staffing.store.bundled import lay_workspace
from staffing.store.sql import database
from staffing.store.sql.stored import bring_in
from staffing.store.workspace import Workspace

NAME = "market"
PEOPLE = 100
WEEKS = 4
SOLVE_S = 8.0
SHIFT = "09:00-17:30"  # one that the marketplace has
LONGEST_START_S = 900.0  # the first one on a machine compiles


@dataclass(frozen=True)
class Served:
    """A server at work: where it answers, and its process."""

    address: str
    process: subprocess.Popen[bytes]
    ready_s: float
    ready_cpu_s: float

    def memory_mb(self) -> float:
        """Memory of the server and its workers, shared pages counted once (PSS)."""
        return sum(_pss_kb(number) for number in family(self.process.pid)) / 1024

    def cpu_s(self, *, alone: bool = False) -> float:
        """Processor time of the server and its workers so far; ``alone``: of the server's own process."""
        return sum(_cpu_s(number) for number in ([self.process.pid] if alone else family(self.process.pid)))


def lay(root: Path, users: list[str], scenarios: list[str], *, rosters: bool = True) -> str:
    """The marketplace with 100 people, stored in SQLite below ``root``: scenarios, roles, drafts of four weeks."""
    os.environ |= {database.VARIABLE: f"sqlite:///{root / 'db' / 'staffing.db'}"}
    folder = root / NAME
    lay_workspace(folder, "marketplace")
    _grown(folder / "agents.csv")
    workspace = bring_in(folder)
    for name in scenarios:
        workspace.save_scenario(name, {}, who="benchmark")
    if rosters:
        draft_weeks(workspace)
    for user in users:
        rights.give(workspace.ground, user, rights.Role.publisher)
    return workspace.place


def draft_weeks(workspace: Workspace) -> None:
    """A draft for each of the next weeks."""
    planner = Planner.open(workspace)
    scenario = workspace.base.patched({"solve": {"seconds": SOLVE_S}})
    start, book = planner.next_week(scenario), workspace.rosters
    for number in range(WEEKS):
        week = start + dt.timedelta(weeks=number)
        book.keep(planner.plan(scenario, start=week).roster.table, [book.seen(week)])


def _grown(people: Path) -> None:
    """As many people as wanted: those there are, again under other names."""
    rows = list(csv.reader(people.read_text(encoding="utf-8").splitlines()))
    more = [[f"{row[0]} {k // len(rows[1:]) + 2}", *row[1:]] for k, row in enumerate(rows[1:])]
    with people.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([*rows, *more][: PEOPLE + 1])


@contextlib.contextmanager
def serving(*places: str, ready: bool = True, **variables: str) -> Iterator[Served]:
    """A server that offers these workspaces and those of the database; who asks is told by ``X-User``.

    Where it need not be ``ready``, it is given out once it answers at all: pages do not wait for what is compiled.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    known = {"STAFFING_USER_HEADER": "X-User", "STAFFING_PROXIES": "127.0.0.1", **variables}
    command = [sys.executable, "-m", "staffing", "app", *places, "--port", str(port), "--no-browser"]
    address, begun = f"http://127.0.0.1:{port}", time.monotonic()
    process = subprocess.Popen(command, env={**os.environ, **known}, stdout=subprocess.DEVNULL)
    try:
        _wait(f"{address}/healthz", process, ready=ready)
        cpu = sum(_cpu_s(number) for number in family(process.pid))
        yield Served(address, process, time.monotonic() - begun, cpu)
    finally:
        process.terminate()
        process.wait()


def _wait(address: str, process: subprocess.Popen[bytes], *, ready: bool) -> None:
    until = time.monotonic() + LONGEST_START_S
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError("the server ended before it began")
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except urllib.error.HTTPError:
            if not ready:
                return
        except OSError:
            pass
        time.sleep(0.05)
    raise RuntimeError(f"the server was not ready within {LONGEST_START_S:.0f} s")


def family(root: int) -> list[int]:
    """A process and all that it has begun."""
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, IndexError):
            told = (folder / "stat").read_text().rpartition(")")[2].split()
            parents.setdefault(int(told[1]), []).append(int(folder.name))
    found, last = [root], [root]
    while last:
        last = [child for parent in last for child in parents.get(parent, [])]
        found += last
    return found


def _pss_kb(number: int) -> float:
    with contextlib.suppress(OSError, ProcessLookupError):
        for line in (Path("/proc") / str(number) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return float(line.split()[1])
    return 0.0


def _cpu_s(number: int) -> float:
    with contextlib.suppress(OSError, ProcessLookupError):
        told = (Path("/proc") / str(number) / "stat").read_text().rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def clean(root: Path) -> None:
    """Take everything away."""
    shutil.rmtree(root, ignore_errors=True)
