"""Files and phone-system exports in, clean interval history out."""

from staffing.history.intervals import History, aggregate
from staffing.history.options import ImportOptions
from staffing.history.reading import preview, preview_upload, read_history, read_upload
from staffing.history.report import ImportReport, Problem

__all__ = [
    "History",
    "ImportOptions",
    "ImportReport",
    "Problem",
    "aggregate",
    "preview",
    "preview_upload",
    "read_history",
    "read_upload",
]
