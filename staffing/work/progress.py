"""How work tells how far it is."""

from __future__ import annotations

from collections.abc import Callable

#: Told which stage has begun and the share of the work done, in [0, 1]; may raise Cancelled.
Progress = Callable[[str, float], None]


def silent(_stage: str, _share: float) -> None:
    """A `Progress` that nobody hears."""
