"""A plan as a folder of files."""

from __future__ import annotations

from pathlib import Path

from staffing.export.plan_like import PlanLike
from staffing.export.roster_workbook import write_roster_xlsx
from staffing.export.summary import summary
from staffing.store.files import write_json, write_parquet


def write_plan(plan: PlanLike, folder: str | Path) -> list[Path]:
    """Write forecast, requirements and roster (Parquet), roster.xlsx and summary.json; the paths written.

    Each file is whole or absent. Raises InputError when the folder cannot be written.
    """
    folder = Path(folder)
    tables = {
        "forecast.parquet": plan.forecast.table,
        "requirements.parquet": plan.requirements,
        "roster.parquet": plan.roster.table,
    }
    for name, table in tables.items():
        write_parquet(folder / name, table)
    write_roster_xlsx(folder / "roster.xlsx", plan)
    write_json(folder / "summary.json", summary(plan))
    return [folder / name for name in (*tables, "roster.xlsx", "summary.json")]
