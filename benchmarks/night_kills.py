"""kill -9 of a nightly run, again and again: after resuming the bytes are those of a run that was never stopped.

python -m benchmarks.night_kills [KILLS] [QUEUES] [local|dask]

Queues are three weeks old, so that their fits take no time and a kill meets every part of a run. Each round begins a
run, kills it after a random time, begins it again until it is done, and compares.
"""

import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.made_up_site import make

DAYS = 20
TABLES = ("forecast", "causes", "requirements")
LONGEST_S = 90.0


def main(kills: int = 20, queues: int = 50, engine: str = "local") -> str:
    """How many kills there were, and what they did."""
    with tempfile.TemporaryDirectory() as folder:
        site = make(Path(folder) / "site", queues, DAYS)
        whole = _copied(site, "whole")
        _begun(whole, engine).communicate()
        expected, killed, again, differ, rounds = _tables(whole), 0, 0, 0, 0
        while killed < kills:
            rounds += 1
            own = _copied(site, "own")
            while True:
                parts = len(list(own.glob("forecasts/*/queues/*.part")))
                run = _begun(own, engine)
                try:
                    _, log = run.communicate(timeout=random.uniform(1.0, LONGEST_S) if killed < kills else None)
                except subprocess.TimeoutExpired:
                    run.kill()
                    _, log = run.communicate()
                    killed += 1
                    continue
                if run.returncode:
                    raise SystemExit(f"a run that was not killed ended with {run.returncode}:\n{log}")
                went_on = re.search(r"going on: (\d+) of", log)
                again += parts - int(went_on.group(1)) if went_on else 0
                break
            differ += _tables(own) != expected
            shutil.rmtree(own)
    told = f"{killed} kills of {queues} queues ({engine}) in {rounds} rounds: {differ} rounds with other bytes, "
    return told + f"{again} done queues forecast again."


def _copied(site: Path, name: str) -> Path:
    return Path(shutil.copytree(site, site.with_name(name)))


def _begun(site: Path, engine: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "staffing", "batch", "run", str(site), "--engine", engine, "--workers", "2"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def _tables(site: Path) -> dict[str, bytes]:
    (kept,) = [path.parent for path in site.glob("forecasts/*/manifest.json")]
    return {name: (kept / f"{name}.parquet").read_bytes() for name in TABLES}


if __name__ == "__main__":
    words = sys.argv[1:]
    print(main(*map(int, words[:2]), *words[2:]))
