"""Minimum shift design on published instances: how few distinct shifts cover the week.

python -m benchmarks.shift_design RandomExample1.dzn --seconds 60
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.minimum_shift_design import DesignPrices, ShiftRange, design_shifts


def read(path: Path) -> tuple[np.ndarray, list[ShiftRange], int]:
    """Need (days, intervals), allowed shifts and minutes per interval of a MiniZinc data file."""
    text = path.read_text()

    def numbers(name: str) -> list[int]:
        found = re.search(rf"\b{name}\s*=\s*\[?([^;\]]*)", text)
        if found is None:
            raise ValueError(f"{path.name} has no {name}")
        return [int(part) for part in found.group(1).split(",") if part.strip()]

    minutes, days = numbers("interval")[0], numbers("days")[0]
    columns = (numbers(name) for name in ("minStart", "maxStart", "minLength", "maxLength"))
    ranges = [ShiftRange(*(value * minutes for value in row)) for row in zip(*columns, strict=True)]
    return np.array(numbers("demand"), float).reshape(days, -1), ranges, minutes


def main() -> int:
    """Print one JSON line; costs are minutes, as published."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("instance", type=Path)
    parser.add_argument("--seconds", type=float, default=60.0)
    given = parser.parse_args()
    need, ranges, minutes = read(given.instance)
    begun = time.perf_counter()
    made = design_shifts(need, ranges, DesignPrices(60.0, 60.0, float(minutes)), seconds=given.seconds)
    result = {
        "instance": given.instance.stem, "objective": round(made.objective, 6), "bound": round(made.bound, 6),
        "distinct_shifts": len(made.shifts), "seconds": round(time.perf_counter() - begun, 1),
        "cpu_s": round(time.process_time(), 1), "status": made.status,
    }  # fmt: skip
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
