"""kill -9 of a nightly run, again and again: after resuming the bytes are those of a run that was never stopped.

python -m benchmarks.night_kills [KILLS] [QUEUES] [local|dask] [MINUTES]

Queues are three weeks old and forecast for two days, so that their fits take no time and kills meet every part of a
run: reading, learning from each other, queues, publishing. A run is killed when a random number of queues more are
done, or a random time after it began; it is begun again until it is done, and compared. A queue is done again where its
part, once there, is written anew. After MINUTES no kill more is made.
"""

import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from benchmarks.made_up_site import make

DAYS, HORIZON = 20, "2d"
TABLES = ("forecast", "causes", "requirements")
BLIND = 0.3  # of the kills come at a time of their own
LONGEST_S, MORE_QUEUES, LATE_S = 15.0, 6, 0.3
LOOK_S = 0.05


def main(kills: int = 100, queues: int = 50, engine: str = "local", minutes: float = 60.0) -> str:
    """How many kills there were, and what they did."""
    until, rng = time.monotonic() + 60 * minutes, random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        site = make(Path(folder) / "site", queues, DAYS)
        whole = _copied(site, "whole")
        _ended(_begun(whole, engine))
        expected, killed, again, differ, rounds = _tables(whole), 0, 0, 0, 0
        while killed < kills and time.monotonic() < until:
            rounds, own = rounds + 1, _copied(site, "own")
            while True:
                before = _parts(own)
                run = _begun(own, engine)
                if killed < kills and time.monotonic() < until and _killed(run, own, rng):
                    killed += 1
                    again += sum(_parts(own).get(part) != written for part, written in before.items())
                    continue
                went_on = re.search(r"going on: (\d+) of", _ended(run))
                again += len(before) - int(went_on.group(1)) if went_on else 0
                break
            differ += _tables(own) != expected
            shutil.rmtree(own)
    told = f"{killed} kills of {queues} queues ({engine}) in {rounds} rounds: {differ} rounds with other bytes, "
    return told + f"{again} done queues forecast again (load {os.getloadavg()[0]:.0f})."


def _killed(run: subprocess.Popen[str], site: Path, rng: random.Random) -> bool:
    """Kill the run at a moment of chance; False where it ended before."""
    began, goal = time.monotonic(), len(_parts(site)) + rng.randint(1, MORE_QUEUES)
    moment = rng.uniform(0.0, LONGEST_S) if rng.random() < BLIND else float("inf")
    while time.monotonic() - began < moment and len(_parts(site)) < goal:
        if run.poll() is not None:
            return False
        time.sleep(LOOK_S)
    time.sleep(rng.uniform(0.0, LATE_S))
    if run.poll() is not None:
        return False
    run.kill()
    run.communicate()
    return True


def _parts(site: Path) -> dict[str, int]:
    """When each part was written; a run that ends meanwhile takes them away."""
    found = dict[str, int]()
    for part in site.glob("forecasts/*/queues/*.part"):
        with suppress(FileNotFoundError):
            found[part.name] = part.stat().st_mtime_ns
    return found


def _ended(run: subprocess.Popen[str]) -> str:
    """The log of a run that ends by itself."""
    _, log = run.communicate()
    if run.returncode:
        raise SystemExit(f"a run that was not killed ended with {run.returncode}:\n{log}")
    return log


def _copied(site: Path, name: str) -> Path:
    return Path(shutil.copytree(site, site.with_name(name)))


def _begun(site: Path, engine: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "staffing", "batch", "run", str(site), "--engine", engine, "--workers", "2"]
    command += ["--horizon", HORIZON]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def _tables(site: Path) -> dict[str, bytes]:
    (kept,) = [path.parent for path in site.glob("forecasts/*/manifest.json")]
    return {name: (kept / f"{name}.parquet").read_bytes() for name in TABLES}


if __name__ == "__main__":
    words = sys.argv[1:]
    print(main(*map(int, words[:2]), *words[2:3], *map(float, words[3:])))
