"""Forecast and service targets in, agents per interval out."""

from staffing.requirements.pieces import service_pieces
from staffing.requirements.shared import SharedStaff, shared_staff
from staffing.requirements.work_out import requirements

__all__ = ["SharedStaff", "requirements", "service_pieces", "shared_staff"]
