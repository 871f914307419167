"""Needs of a week that some shifts cover exactly, so that a design without shortage or excess is known to exist.

python -m benchmarks.made_up_demand --minutes 15 --shifts 30 --seed 1 --out made.dzn

With `--uneven SHARE` one person more or fewer is needed in such a share of the intervals, so that no design is exact
(as in the third set of Musliu et al.); known is then the price of the drawn shifts with what they lack and exceed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

from benchmarks.design_problem import DAY_MIN, ShiftRange

DAYS = 7
RANGES = (  # early, day, late, night: starts within three or four hours, lengths of seven to nine
    ShiftRange(300, 480, 420, 540),
    ShiftRange(540, 660, 420, 540),
    ShiftRange(780, 900, 420, 540),
    ShiftRange(1260, 1380, 420, 540),
)


def made(step: int, count: int, seed: int) -> tuple[np.ndarray, int]:
    """Need (days, intervals) that `count` distinct shifts cover exactly, and how many of them anybody works."""
    rng, intervals = np.random.default_rng(seed), DAY_MIN // step
    need, drawn = np.zeros(DAYS * intervals), dict[tuple[int, int], np.ndarray]()
    while len(drawn) < count:
        span = RANGES[rng.integers(len(RANGES))]
        start = int(rng.choice(np.arange(span.first_start, span.last_start + 1, step)))
        length = int(rng.choice(np.arange(span.shortest_min, span.longest_min + 1, step)))
        weekday, weekend = rng.integers(1, 6), rng.integers(0, 4)
        drawn[start, length] = np.array([weekday] * 5 + [weekend] * 2)
    for (start, length), people in drawn.items():
        for day, some in enumerate(people):
            first = day * intervals + start // step
            need[np.arange(first, first + length // step) % need.size] += some
    return need.reshape(DAYS, intervals), len(drawn)


def uneven(need: np.ndarray, share: float, seed: int) -> tuple[np.ndarray, int]:
    """The need with one person more or fewer in so many intervals, and how many of them changed."""
    rng = np.random.default_rng([seed, 3])
    more = np.where(rng.random(need.shape) < share, rng.choice([-1, 1], need.shape), 0)
    other = np.maximum(need + more, 0)
    return other, int(np.abs(other - need).sum())


def text(need: np.ndarray, step: int) -> str:
    """The instance in the format of the published data files."""
    columns = {
        "minStart": [span.first_start // step for span in RANGES],
        "maxStart": [span.last_start // step for span in RANGES],
        "minLength": [span.shortest_min // step for span in RANGES],
        "maxLength": [span.longest_min // step for span in RANGES],
    }
    lines = [f"interval = {step};", f"days = {DAYS};", f"demand = {need.astype(int).ravel().tolist()};"]
    return "\n".join([*lines, *(f"{name} = {values};" for name, values in columns.items())]) + "\n"


def main() -> int:
    """Write one instance and tell the price that is known to be reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, default=15)
    parser.add_argument("--shifts", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--uneven", type=float, default=0.0)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    need, count = made(given.minutes, given.shifts, given.seed)
    need, off = uneven(need, given.uneven, given.seed)
    given.out.write_text(text(need, given.minutes))
    sys.stdout.write(f"known: {count} shifts, {(count + off) * given.minutes} minutes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
