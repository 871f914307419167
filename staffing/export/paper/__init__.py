"""The roster on paper (PDF): the week, each day, coverage, and everybody's own shifts."""

from staffing.export.paper.roster import roster_pdf_bytes

__all__ = ["roster_pdf_bytes"]
