"""Tables and plans in, Altair charts out. Nothing is computed here; times are shown in the site's zone.

For notebooks: `forecast`, `requirement`, `coverage`, `roster` and `comparison` draw whole plans.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from staffing.charts.notebook import comparison, coverage, forecast, requirement, roster

__all__ = ["comparison", "coverage", "forecast", "requirement", "roster"]


def __getattr__(name: str) -> Any:
    """The notebook's charts, imported when first drawn: the pages have no use for them."""
    if name not in __all__:
        raise AttributeError(f"module 'staffing.charts' has no attribute '{name}'")
    return getattr(importlib.import_module("staffing.charts.notebook"), name)
