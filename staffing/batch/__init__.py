"""The clock's work: every queue forecast and kept, a queue that fails named and bridged."""

from staffing.batch.local import side_by_side
from staffing.batch.nightly import Upkeep, run
from staffing.batch.outcome import BatchReport, Line

__all__ = ["BatchReport", "Line", "Upkeep", "run", "side_by_side"]
