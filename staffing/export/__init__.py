"""Plans as files: workbook, PDF, calendar, CSV, Parquet, JSON. Each is whole or absent; the same plan gives the same
bytes, and every roster says which version it is."""

from staffing.export.changes import DayChange, changes, messages
from staffing.export.edition import Edition, kept_roster
from staffing.export.files import each_file, write_each, write_roster, writer_of, zipped
from staffing.export.folder import write_plan
from staffing.export.ical import roster_ics_bytes
from staffing.export.paper import roster_pdf_bytes
from staffing.export.roster_workbook import roster_xlsx_bytes, write_roster_xlsx
from staffing.export.summary import comparison_summary, roster_summary, summary
from staffing.export.tables import roster_csv_bytes, table_csv_bytes, write_roster_csv, write_table, write_table_csv

__all__ = [
    "DayChange",
    "Edition",
    "changes",
    "comparison_summary",
    "each_file",
    "kept_roster",
    "messages",
    "roster_csv_bytes",
    "roster_ics_bytes",
    "roster_pdf_bytes",
    "roster_summary",
    "roster_xlsx_bytes",
    "summary",
    "table_csv_bytes",
    "write_each",
    "write_plan",
    "write_roster",
    "write_roster_csv",
    "write_roster_xlsx",
    "write_table",
    "write_table_csv",
    "writer_of",
    "zipped",
]
