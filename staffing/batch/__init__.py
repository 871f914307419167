"""The clock's work: every queue forecast and kept, a queue that fails named and bridged."""

from staffing.batch.nightly import BatchReport, run

__all__ = ["BatchReport", "run"]
