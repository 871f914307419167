"""A plan as a folder of files, and its roster taken up again from there."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from staffing.domain.scenario import Scenario
from staffing.errors import InputError, Where
from staffing.export.plan_like import PlanLike
from staffing.export.roster_workbook import write_roster_xlsx
from staffing.export.summary import summary
from staffing.store.files import read_parquet, write_json, write_parquet, write_text

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from staffing.simulation.week import SimulatedWeek

TABLES = ("forecast", "requirements", "roster", "paths", "aht_paths", "shapes")


def write_plan(plan: PlanLike, folder: str | Path) -> list[Path]:
    """Write forecast, sample paths, requirements and roster (Parquet), roster.xlsx, scenario.toml and summary.json.

    Parameters
    ----------
    plan : what `plan` gave.
    folder : made where it is missing.

    Returns
    -------
    list of Path
        The files written, each whole or absent.

    Raises
    ------
    InputError
        When the folder cannot be written.
    """
    folder = Path(folder)
    tables = {
        "forecast.parquet": plan.forecast.table,
        "requirements.parquet": plan.requirements,
        "roster.parquet": plan.roster.table,
    }
    if plan.simulated is not None:
        tables |= {
            "paths.parquet": _wide(plan, plan.forecast.paths),
            "aht_paths.parquet": _wide(plan, plan.forecast.aht_paths),
            "shapes.parquet": plan.simulated.shapes,
        }
    for name, table in tables.items():
        write_parquet(folder / name, table)
    write_roster_xlsx(folder / "roster.xlsx", plan)
    write_text(folder / "scenario.toml", plan.scenario.to_toml())
    write_json(folder / "summary.json", summary(plan))
    return [folder / name for name in (*tables, "roster.xlsx", "scenario.toml", "summary.json")]


@dataclass(frozen=True)
class KeptPlan:
    """A plan's folder read again: all that its roster is played against."""

    scenario: Scenario
    start: dt.date
    days: int
    tables: dict[str, pd.DataFrame]

    def week(self) -> SimulatedWeek:
        """What is simulated. Raises TableError when the roster does not fit the scenario."""
        from staffing.evaluation import evaluate
        from staffing.simulation.lines import Shapes, Worlds
        from staffing.simulation.week import SimulatedWeek

        calls, needed, people = (self.tables[name] for name in TABLES[:3])
        made = evaluate(calls, needed, people, self.scenario, start=self.start, days=self.days)
        paths, handle_times = (_drawn(self.tables[name]) for name in ("paths", "aht_paths"))
        worlds, shapes = Worlds(calls, paths, handle_times), Shapes.of_table(self.tables["shapes"])
        return SimulatedWeek(worlds, needed, made.activities, self.scenario, self.start, self.days, shapes)


def is_plan(folder: Path) -> bool:
    """Whether the folder is one that ``write_plan`` has written."""
    return (folder / "summary.json").is_file() and (folder / "roster.parquet").is_file()


def read_plan(folder: Path) -> KeptPlan:
    """The plan kept in a folder. Raises InputError naming the file that is missing or damaged."""
    scenario = Scenario.load(folder / "scenario.toml")
    told = folder / "summary.json"
    try:
        kept = json.loads(told.read_text(encoding="utf-8"))
        start, days = dt.date.fromisoformat(kept["start"]), int(kept["days"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(told.name, error) from None
    tables = {}
    for name in TABLES:
        try:
            tables[name] = read_parquet(folder / f"{name}.parquet")
        except (OSError, ValueError) as error:
            raise _damaged(f"{name}.parquet", error) from None
    return KeptPlan(scenario, start, days, tables)


def _damaged(name: str, error: Exception) -> InputError:
    return InputError(f"cannot be read: {error}.", where=Where(name), remedy="Write the plan anew: staffing plan --out")


def _wide(plan: PlanLike, paths: Mapping[str, NDArray[Any]]) -> pd.DataFrame:
    """``queue, start`` and one column for each sample path, by its number."""
    import numpy as np
    import pandas as pd

    parts = [pd.DataFrame({"queue": plan.forecast.table["queue"][:0], "start": plan.forecast.table["start"][:0]})]
    for queue, rows in plan.forecast.table.groupby("queue", sort=False):
        if queue not in paths:
            continue
        drawn = np.asarray(paths[str(queue)]).T
        wide = pd.DataFrame(drawn, columns=[str(number) for number in range(drawn.shape[1])])
        parts.append(pd.concat([rows[["queue", "start"]].reset_index(drop=True), wide], axis=1))
    return pd.concat(parts[1:] or parts, ignore_index=True)


def _drawn(wide: pd.DataFrame) -> dict[str, NDArray[Any]]:
    """Sample paths × intervals of each queue."""
    rows = wide.groupby("queue", sort=False)
    return {str(queue): own.drop(columns=["queue", "start"]).to_numpy().T for queue, own in rows}
