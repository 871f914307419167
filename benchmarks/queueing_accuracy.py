"""Erlang B, C and A against 50-digit values on random and extreme cases.

    python -m benchmarks.queueing_accuracy [--cases 200]

Prints the largest relative error of every measure above 1e-12, and the largest absolute one below. Cases whose
exact sums would take more than ``MOST_TERMS`` terms are drawn again.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from fractions import Fraction

import numpy as np

from staffing.queueing import measures
from tests.queueing import oracle

MOST_TERMS = 20_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=200)
    rng, worst = np.random.default_rng(12), {}
    cases = [random_case(rng) for _ in range(parser.parse_args().cases)]
    start = time.process_time()
    for case in cases:
        found = measures(**case)
        exact = oracle.measures(
            Fraction(case["arrival_rate_per_s"]), Fraction(case["aht_s"]), case["patience_s"], case["agents"],
            case["threshold_s"],
        )  # fmt: skip
        for name, value in exact.items():
            error = abs(getattr(found, name) - float(value))
            small = abs(value) <= 1e-12
            relative, absolute = worst.get(name, (0.0, 0.0))
            worst[name] = (
                relative if small else max(relative, error / abs(float(value))),
                max(absolute, error) if small else absolute,
            )
    patience = np.array([case["patience_s"] for case in cases])
    patient = int(((patience >= 1e6) & np.isfinite(patience)).sum())
    print(f"{len(cases)} cases, {patient} with patience of 1e6 to 1e9 s, {int(np.isinf(patience).sum())} without end; "
          f"{time.process_time() - start:.0f} processor s\n")  # fmt: skip
    print("| measure | relative error, values above 1e-12 | absolute error below |\n|---|---|---|")
    for name, (relative, absolute) in worst.items():
        print(f"| {name} | {relative:.1e} | {absolute:.1e} |")
    sys.exit(any(relative > 1e-10 or absolute > 1e-13 for relative, absolute in worst.values()))


def random_case(rng: np.random.Generator) -> dict:
    while True:
        load = 10 ** rng.uniform(-3, 5 if rng.random() < 0.1 else 3)
        agents = max(1, round(load + rng.choice([1.0, 3.0, 10.0]) * rng.normal() * math.sqrt(load)))
        aht = float(rng.choice([5, 180, 300.5, 3600]))
        patience = float(10 ** rng.uniform(0, 9)) if rng.random() < 0.8 else math.inf
        threshold = float(rng.choice([0, 0.5, 20, 300]))
        stable = math.isfinite(patience) or agents > load
        if stable and terms(load, agents, patience / aht) < MOST_TERMS:
            return {"arrival_rate_per_s": load / aht, "aht_s": aht, "agents": agents, "patience_s": patience,
                    "threshold_s": threshold}  # fmt: skip


def terms(load: float, agents: int, patience: float) -> float:
    """Roughly the terms of the exact sum, ``patience`` in handle times."""
    if math.isinf(patience):
        return agents
    shape, argument = agents * patience, load * patience
    near = 1.5 * (max(argument - shape, 0) + 17 * math.sqrt(max(shape, argument)))
    return min(near, 150 / math.log(shape / argument)) if argument < shape else near


if __name__ == "__main__":
    main()
