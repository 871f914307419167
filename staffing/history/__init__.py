"""Files and phone-system exports in, clean interval history out."""

from staffing.history.history import History, aggregate
from staffing.history.options import ANSWERS, ImportOptions, keep_answers, kept_answers, settings
from staffing.history.reading import preview, preview_upload, read_history, read_sparing, read_upload
from staffing.history.report import ImportReport, Problem, Question, Reading, Unread

__all__ = [
    "ANSWERS",
    "History",
    "ImportOptions",
    "ImportReport",
    "Problem",
    "Question",
    "Reading",
    "Unread",
    "aggregate",
    "keep_answers",
    "kept_answers",
    "preview",
    "preview_upload",
    "read_history",
    "read_sparing",
    "read_upload",
    "settings",
]
