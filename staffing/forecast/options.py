"""What a caller may choose about a forecast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from staffing.domain.demand import QueueTotal
from staffing.errors import InputError, Where
from staffing.forecast.day_level.model import DayModel
from staffing.forecast.day_level.models import MODELS


@dataclass(frozen=True)
class ForecastOptions:
    """Seed, sample paths, the models that take part, and handle times where history has none.

    Parameters
    ----------
    seed : of the sample paths; the same seed gives the same paths, byte for byte.
    paths : sample paths per queue, at least 2.
    models : which of MODELS and of ``own`` are mixed; those that need more history than there is stand aside.
    own : models of your own, which ``models`` may name.
    aht_s : handle time per queue, seconds, for queues whose history has none.
    totals : sums of queues, forecast too and made to agree with them.

    Raises InputError naming the field.
    """

    seed: int = 1
    paths: int = 200
    models: tuple[str, ...] = tuple(MODELS)
    own: tuple[DayModel, ...] = ()
    aht_s: Mapping[str, float] = field(default_factory=dict)
    totals: tuple[QueueTotal, ...] = ()

    def __post_init__(self) -> None:
        if self.paths < 2:
            raise InputError(f"must be at least 2, not {self.paths}.", where=Where(field="paths"))
        taken = sorted({model.name for model in self.own} & set(MODELS))
        if taken or len({model.name for model in self.own}) < len(self.own):
            raise InputError(
                f"your own model needs a name that no other has, not {', '.join(taken) or 'one name twice'}.",
                where=Where(field="models"),
            )
        unknown = sorted(set(self.models) - set(self._known))
        if unknown or not self.models or len(set(self.models)) < len(self.models):
            found = ", ".join(unknown or self.models) or "none"
            known = ", ".join(self._known)
            raise InputError(f"must be some of {known}, each once, not {found}.", where=Where(field="models"))

    @property
    def chosen(self) -> tuple[DayModel, ...]:
        """The models that are mixed."""
        return tuple(self._known[name] for name in self.models)

    @property
    def _known(self) -> Mapping[str, DayModel]:
        return {**MODELS, **{model.name: model for model in self.own}}
