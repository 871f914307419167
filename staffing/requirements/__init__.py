"""Forecast and service targets in, agents per interval out."""

from staffing.requirements.together import service_pieces
from staffing.requirements.work_out import requirements

__all__ = ["requirements", "service_pieces"]
