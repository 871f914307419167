"""Is the promise true? Rosters of real weeks against the calls that came, and against other ways to staff them.

    python -m benchmarks.replay [--bank 1999|2003] [--weeks tuning|test] [--first N] [--meet 0.9] [--noon]
        [--seconds 60] [--alone] [--peer-python PATH] [--kept FOLDER]

Banks: 1999 call by call (Technion SEELab, academic use with acknowledgement), 2003 with arrivals drawn inside its
five minutes; history only before each week; without the data it says so and ends. Every roster is played with the
week's calls and handle times, patience, absence of whole people and planned work off the phone drawn twenty times. The
other ways stand in ``replay_ways``, each at several targets, so that hours are compared at equal service and at equal
days met; ``--alone`` leaves them out. ``--noon`` adds the same day's recourse. ``--peer-python`` is the python of an
environment that has pyworkforce. Workspaces stay in FOLDER, where another run finds the stages that are done.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks import replay_chances, replay_ways
from benchmarks.banks import Bank, bank
from benchmarks.replay_causes import causes
from benchmarks.replay_chances import Chances
from benchmarks.replay_noon import mended
from benchmarks.replay_weeks import Outcome, Real
from benchmarks.series import DATA
from staffing.planner import Plan, Planner
from staffing.simulation.lines import Shapes, Worlds
from staffing.simulation.people import People
from staffing.simulation.week import SimulatedWeek, floors_of, simulate
from staffing.store.workspace import Workspace

FILES = {1999: "anonbank_1999_calls_9months.parquet", 2003: "na_bank_2003_5min.parquet"}
OWN = ("planner", "planner with noon")
JUDGED = ("usual 0.6", "usual 0.7", "usual 0.8", "usual 0.85")  # rosters not made by the product, given a chance too


def main() -> None:
    chosen = _arguments()
    if not (DATA / FILES[chosen.bank]).exists():
        print("The bank's records are not there; nothing was measured.")
        return
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    known = bank(chosen.bank)
    ways: dict[str, Outcome] = {}
    chances: dict[str, Chances] = {}
    ladder = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.kept or Path(scratch)
        for week in (known.tuning if chosen.weeks == "tuning" else known.test)[: chosen.first]:
            real, plan = known.real(week), planned(known, week, chosen, folder)
            for name, (hours, people) in staffed(known, real, plan, chosen, folder).items():
                played = real.play(people)
                ways.setdefault(name, Outcome()).add(hours, played)
                if name in (*OWN, *JUDGED):
                    chances.setdefault(name, Chances()).add(plan, people, played[0], real.offered)
            ladder.append(rungs(known, plan, real, ways["planner"].weeks[-1].mean()))
            ladder[-1] = pd.concat([ladder[-1], pd.Series(causes(plan, real, rostered(plan)))])
            print(f"{week}: {ladder[-1].round(3).to_dict()}, paid {ways['planner'].hours[-1]:.0f} h", flush=True)
    report(ways, pd.DataFrame(ladder))
    replay_chances.report(chances)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--bank", type=int, choices=[1999, 2003], default=1999)
    parser.add_argument("--weeks", choices=["tuning", "test"], default="test")
    parser.add_argument("--first", type=int, default=99)
    parser.add_argument("--meet", type=float, help="plan for so large a share of days, instead of every half-hour")
    parser.add_argument("--seconds", type=float, default=60.0, help="of a roster: more on a machine that is busy")
    parser.add_argument("--noon", action="store_true", help="also with what each noon changes")
    parser.add_argument("--alone", action="store_true", help="leave the usual pipeline and the clairvoyant out")
    parser.add_argument("--peer-python", help="interpreter of an environment with pyworkforce")
    parser.add_argument("--kept", type=Path, help="folder where workspaces stay")
    return parser.parse_args()


def planned(known: Bank, week: str, chosen: argparse.Namespace, folder: Path) -> Plan:
    """The product's plan of the week, from its history alone."""
    opened = Workspace.open(known.workspace(folder / f"before-{week}", week))
    target: dict[str, object] = {"solve": {"seconds": chosen.seconds}}
    target |= {} if chosen.meet is None else {"service": {"meet": chosen.meet}}
    return Planner.open(opened).plan(opened.scenario("base").patched(target), start=pd.Timestamp(week).date())


def staffed(
    known: Bank, real: Real, plan: Plan, chosen: argparse.Namespace, folder: Path
) -> dict[str, tuple[float, People]]:
    """Paid hours and people of every way to staff the week."""
    made = {"planner": (plan.evaluation.totals["paid_hours"], rostered(plan))}
    if chosen.noon:
        after = mended(known, plan, folder / f"noon-{real.week}")
        made["planner with noon"] = after.evaluation.totals["paid_hours"], rostered(after)
    usual, truth = replay_ways.usual_mean(known, real.week), replay_ways.known_mean(known, real)
    for name, mean, targets in (("usual", usual, replay_ways.USUAL), ("known", truth, replay_ways.KNOWN)):
        for target in () if chosen.alone else targets:
            needed = replay_ways.needed(known, real.week, mean, target)
            made[f"{name} {target:g}"] = replay_ways.covered(needed)
    for target in replay_ways.LIBRARY if chosen.peer_python else ():
        found = replay_ways.library(chosen.peer_python, known, real.week, usual, target)
        made[f"pyworkforce {target:g}"] = found
    return made


def played_week(
    plan: Plan, paths: dict[str, np.ndarray] | None = None, calls: pd.DataFrame | None = None
) -> SimulatedWeek:
    """The plan's roster under its own forecast, or under other ``paths`` and a table with other handle times."""
    own = Worlds(plan.forecast.table, plan.forecast.paths, plan.forecast.aht_paths)
    worlds = own if paths is None else Worlds(plan.forecast.table if calls is None else calls, paths)
    shapes = Shapes.of_table(plan.simulated.shapes)
    return SimulatedWeek(worlds, plan.requirements, plan.evaluation.activities, plan.scenario, plan.start, 7, shapes)


def rostered(plan: Plan) -> People:
    return floors_of(played_week(plan))[0].people


def rungs(known: Bank, plan: Plan, real: Real, delivered: float) -> pd.Series:
    """Service of the week's roster, one thing after the other known."""
    table = plan.forecast.table
    local = table["start"].dt.tz_convert(known.zone).dt.tz_localize(None)
    came = known.rows.set_index("timestamp").reindex(local)
    counts = {"calls": came["calls"].fillna(0).to_numpy(dtype=float)[None, :]}
    handle = float(real.calls["handle_s"].mean())
    expected = float((table["calls"] * table["aht_s"]).sum() / table["calls"].sum())
    told = table.assign(aht_s=table["aht_s"] * handle / expected)
    runs = {"runs": 100}
    return pd.Series({
        "exact": plan.evaluation.totals["service_level"],
        "mean forecast": simulate(played_week(plan, {}), **runs).total["service_level"],
        "promised": plan.simulated.total["service_level"],
        "counts known": simulate(played_week(plan, counts), **runs).total["service_level"],
        "handle time too": simulate(played_week(plan, counts, told), **runs).total["service_level"],
        "delivered": delivered,
        "volume error": float(table["calls"].sum() / came["calls"].sum() - 1),
        "handle time error": expected / handle - 1,
    })  # fmt: skip


def report(ways: dict[str, Outcome], ladder: pd.DataFrame) -> None:
    print("\n| way | paid h a week | delivered | days met |\n|---|---|---|---|")
    for name, one in ways.items():
        print(f"| {name} | {np.mean(one.hours):.0f} | {one.service:.1%} | {one.met:.1%} |")
    for name in OWN:
        for what in ("service", "met") if name in ways and "usual 0.7" in ways else ():
            own, hours = ways[name], float(np.mean(ways[name].hours))
            usual, truth = (at_equal(ways, kind, what, getattr(own, what)) for kind in ("usual", "known"))
            saved = (usual - hours) / (usual - truth)
            print(f"{name}, at equal {what}: usual {usual:.0f} h, own {hours:.0f} h, known {truth:.0f} h: {saved:.0%}")
    print(f"\nladder of causes (means)\n{ladder.mean().round(4).to_string()}")
    for name in ("exact", "promised"):
        error = 100 * (ladder[name] - ladder["delivered"])
        print(f"{name} − delivered: {error.mean():+.2f} points, mean absolute {error.abs().mean():.2f}")


def at_equal(ways: dict[str, Outcome], name: str, what: str, value: float) -> float:
    """Hours of a way turned until ``what`` is ``value``; NaN beyond the targets tried."""
    own = [one for key, one in ways.items() if key.startswith(name)]
    at, hours = np.array([getattr(one, what) for one in own]), np.array([np.mean(one.hours) for one in own])
    order = at.argsort()
    return float(np.interp(value, at[order], hours[order], left=np.nan, right=np.nan))


if __name__ == "__main__":
    main()
