"""Plans as files: workbook, CSV, Parquet, JSON. Each is whole or absent; the same plan gives the same bytes."""

from staffing.export.folder import write_plan
from staffing.export.ical import roster_ics_bytes, write_roster_ics
from staffing.export.roster_workbook import roster_xlsx_bytes, write_roster_xlsx
from staffing.export.summary import comparison_summary, roster_summary, summary
from staffing.export.tables import roster_csv_bytes, table_csv_bytes, write_roster_csv, write_table, write_table_csv

__all__ = [
    "comparison_summary",
    "roster_csv_bytes",
    "roster_ics_bytes",
    "roster_summary",
    "roster_xlsx_bytes",
    "summary",
    "table_csv_bytes",
    "write_plan",
    "write_roster_csv",
    "write_roster_ics",
    "write_roster_xlsx",
    "write_table",
    "write_table_csv",
]
