"""Made-up shift-scheduling instances in the text format of Curtois & Qu, in the sizes of the large published ones.

python benchmarks/curtois_sites.py --weeks 8 --staff 32 --shifts 4 --out made.txt
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

LENGTHS = (480, 480, 480, 600, 540, 720)
FULL = (8640, 8160, 6480)  # most minutes in four weeks


def shifts(count: int) -> list[tuple[str, int, int]]:
    """Name, minutes and place in the day (0 early to 3 night) of each shift."""
    return [(f"s{k}", LENGTHS[k % len(LENGTHS)], 4 * k // count) for k in range(count)]


def staff_line(name: str, weeks: int, kinds: list[tuple[str, int, int]], rng: np.random.Generator) -> str:
    """One person: about a third of the shifts barred, few nights, hours of a full or part contract."""
    most_of = []
    for shift, _, place in kinds:
        barred = rng.random() < 0.3
        most = 0 if barred else weeks * int(rng.integers(1, 2)) if place == 3 else 7 * weeks
        most_of.append(f"{shift}={most}")
    most_of[0] = f"{kinds[0][0]}={7 * weeks}"
    most = int(rng.choice(FULL)) * weeks // 4
    least = most - 270 * weeks
    runs = rng.choice(3, p=[0.6, 0.25, 0.15])
    most_row, least_row, least_off = ((5, 2, 2), (6, 2, 3), (5, 1, 2))[runs]
    return f"{name},{'|'.join(most_of)},{most},{least},{most_row},{least_row},{least_off},{weeks // 2 + weeks // 8}"


def made(weeks: int, staff: int, count: int, seed: int) -> str:
    """The text of an instance."""
    rng, days, kinds = np.random.default_rng(seed), 7 * weeks, shifts(count)
    names = [f"e{i}" for i in range(staff)]
    lines = ["SECTION_HORIZON", str(days), "", "SECTION_SHIFTS"]
    for shift, minutes, place in kinds:
        lines.append(f"{shift},{minutes},{'|'.join(other for other, _, earlier in kinds if earlier < place)}")
    lines += ["", "SECTION_STAFF", *(staff_line(name, weeks, kinds, rng) for name in names)]
    lines += ["", "SECTION_DAYS_OFF"]
    for name in names:
        begun = np.sort(rng.choice(days // 14, max(1, weeks // 4), replace=False)) * 14 + rng.integers(1, 12)
        lines.append(f"{name},{','.join(f'{day},{day + 1}' for day in begun)}")
    wishes: dict[str, tuple[int, str]] = {}
    for name in names:
        for _ in range(weeks):
            day, weight = int(rng.integers(days - 3)), int(rng.integers(1, 4))
            shift, section = kinds[rng.integers(count)][0], ("ON", "OFF")[rng.integers(2)]
            for k in range(3):
                wishes.setdefault(f"{name},{day + k},{shift}", (weight, section))
    for section in ("ON", "OFF"):
        lines += ["", f"SECTION_SHIFT_{section}_REQUESTS"]
        lines += [f"{wish},{weight}" for wish, (weight, of) in wishes.items() if of == section]
    lines += ["", "SECTION_COVER"]
    a_day = 0.52 * staff / count  # what people can just about work
    for day in range(days):
        lines += [f"{day},{shift},{rng.poisson(a_day) if a_day > 3 else rng.binomial(4, a_day / 4)},100,1"
                  for shift, _, _ in kinds]  # fmt: skip
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write one instance."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weeks", type=int, default=4)
    parser.add_argument("--staff", type=int, default=40)
    parser.add_argument("--shifts", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    given.out.write_text(made(given.weeks, given.staff, given.shifts, given.seed))
    return 0


if __name__ == "__main__":
    sys.exit(main())
