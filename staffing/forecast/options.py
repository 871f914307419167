"""What a caller may choose about a forecast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from staffing.domain.demand import QueueTotal
from staffing.errors import InputError, Where
from staffing.forecast.day_level.models import MODELS


@dataclass(frozen=True)
class ForecastOptions:
    """Seed, sample paths, the models that take part, and handle times where history has none.

    Parameters
    ----------
    seed : of the sample paths; the same seed gives the same paths, byte for byte.
    paths : sample paths per queue, at least 2.
    models : which of MODELS are mixed; those that need more history than there is stand aside.
    aht_s : handle time per queue, seconds, for queues whose history has none.
    totals : sums of queues, forecast too and made to agree with them.

    Raises InputError naming the field.
    """

    seed: int = 1
    paths: int = 200
    models: tuple[str, ...] = tuple(MODELS)
    aht_s: Mapping[str, float] = field(default_factory=dict)
    totals: tuple[QueueTotal, ...] = ()

    def __post_init__(self) -> None:
        if self.paths < 2:
            raise InputError(f"must be at least 2, not {self.paths}.", where=Where(field="paths"))
        unknown = sorted(set(self.models) - set(MODELS))
        if unknown or not self.models or len(set(self.models)) < len(self.models):
            found = ", ".join(unknown or self.models) or "none"
            known = ", ".join(MODELS)
            raise InputError(f"must be some of {known}, each once, not {found}.", where=Where(field="models"))
