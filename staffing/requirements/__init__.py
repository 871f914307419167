"""Forecast and service targets in, agents per interval out."""

from staffing.requirements.shared import SharedStaff, shared_staff
from staffing.requirements.together import service_pieces
from staffing.requirements.work_out import requirements

__all__ = ["SharedStaff", "requirements", "service_pieces", "shared_staff"]
