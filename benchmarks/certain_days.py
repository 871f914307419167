"""Ninety days in a hundred: staff found from sample paths, held against 1,000 days that were drawn afresh.

    python -m benchmarks.certain_days [--paths 1000] [--seeds 1 2]

Three made-up sites, the law of their days drawn for each seed. Beside it stands the flat percentage on top of the
plain requirement that keeps as many of the same fresh days.
"""

from __future__ import annotations

import argparse
import os
import time

import numpy as np

from staffing.domain.scenario import PATHS_TO_MEET, Scenario
from staffing.requirements import requirements
from staffing.simulation.certainty import certain_staff
from staffing.simulation.lines import Shapes, Worlds
from staffing.simulation.week import simulate
from tests.simulation.desk import forecast, scenario, week

MEET, FRESH = 0.9, 1000
HOURS = np.linspace(0.3, 2.8, 12)
#: Calls an hour on average, handle time, patience; gamma shapes of the day, of its afternoon, of each hour.
SITES = {
    "one peak, busier afternoons": (120 + 180 * np.sin(HOURS) ** 2, 300.0, 120.0, (60, 25, 400)),
    "a few agents, two peaks": (14 + 12 * np.sin(2 * HOURS) ** 2, 420.0, 180.0, (40, 60, 60)),
    "many agents, clumped": (500 + 300 * np.sin(HOURS) ** 2, 240.0, 90.0, (90, 80, 50)),
}
Site = tuple[np.ndarray, float, float, tuple[int, int, int]]


def drawn(rng: np.random.Generator, site: Site, count: int) -> np.ndarray:
    """Days × hours."""
    mean, _, _, shapes = site
    day, late, hour = (rng.gamma(shape, 1 / shape, (count, size)) for shape, size in zip(shapes, (1, 1, 12)))
    return rng.poisson(mean * day * np.where(np.arange(12) >= 7, late, 1.0) * hour).astype("float32")


def case(site: Site, **service: object) -> Scenario:
    queue = {"name": "voice", "aht_s": site[1], "patience_s": site[2]}
    return scenario(140, (queue,), service={"service_level": 0.8, "threshold_s": 20, **service})


def kept(site: Site, heads: np.ndarray, fresh: np.ndarray) -> float:
    """Share of the fresh days that hold with so many people in each hour."""
    rows = []
    for k in range(int(heads.max())):
        on = np.concatenate([[False], heads > k, [False]])
        begins, ends = np.flatnonzero(on[1:] & ~on[:-1]), np.flatnonzero(~on[1:] & on[:-1])
        rows += [(k, 8 + int(b), 8 + int(e), "voice") for b, e in zip(begins, ends, strict=True)]
    made = simulate(week(case(site), {"voice": fresh}, rows), runs=len(fresh), seed=99)
    return made.total["p_day_meets_target"]


def measured(name: str, seed: int, paths: int) -> str:
    site, rng = SITES[name], np.random.default_rng(seed)
    seen, fresh = drawn(rng, site, paths), drawn(rng, site, FRESH)
    asked, begun = case(site, meet=MEET, over="day"), time.process_time()
    made = forecast(asked, {"voice": seen})
    plain = requirements(made.table, case(site))
    heads = certain_staff(Worlds(made.table, made.paths), plain, asked, Shapes())["agents"].to_numpy()
    seconds, held, base = time.process_time() - begun, kept(site, heads, fresh), plain["agents"].to_numpy()
    low, high = 0, 100  # per cent on top; more keep more days
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if kept(site, flat(base, middle), fresh) >= held else (middle, high)
    more = flat(base, high)
    return (
        f"| {name} | {held:.1%} | {heads.sum():.0f} | +{high} %: {kept(site, more, fresh):.1%} | {more.sum():.0f} | "
        f"{base.sum():.0f} | {seconds:.1f} |"
    )


def flat(base: np.ndarray, percent: int) -> np.ndarray:
    """So much on top, whole agents."""
    return np.floor(base * (1 + percent / 100) + 0.5)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--paths", type=int, default=PATHS_TO_MEET, help="sample paths that the staff is found from")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    chosen = parser.parse_args()
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    print("| site | fresh days kept | agent-hours | flat percentage, days kept | its hours | plain | CPU s |")
    print("|---|---|---|---|---|---|---|")
    for name in SITES:
        for seed in chosen.seeds:
            print(measured(name, seed, chosen.paths), flush=True)


if __name__ == "__main__":
    main()
