"""The clock's work: every queue forecast and kept, a queue that fails named and bridged."""

from staffing.batch.local import side_by_side
from staffing.batch.nightly import BatchReport, Upkeep, run

__all__ = ["BatchReport", "Upkeep", "run", "side_by_side"]
