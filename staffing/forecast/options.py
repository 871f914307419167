"""What a caller may choose about a forecast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from secrets import token_hex

from staffing.domain.demand import QueueTotal
from staffing.errors import InputError, Where
from staffing.forecast.day_level.model import DayModel
from staffing.forecast.day_level.models import MODELS


@dataclass(frozen=True)
class OwnModels:
    """Day models of the caller's own. No hash knows what their code does, so each set has one that no other has."""

    models: tuple[DayModel, ...] = ()
    sha256: str = ""

    @classmethod
    def of(cls, models: Sequence[DayModel]) -> OwnModels:
        """Raises InputError where a name is taken, by a model that is built in or among themselves."""
        names = [model.name for model in models]
        taken = sorted({name for name in names if name in MODELS or names.count(name) > 1})
        if taken:
            raise InputError(
                f"your own model needs a name that no other has, not {', '.join(taken)}.", where=Where(field="models")
            )
        return cls(tuple(models), token_hex(32) if models else "")


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
    own: OwnModels = OwnModels()
    aht_s: Mapping[str, float] = field(default_factory=dict)
    totals: tuple[QueueTotal, ...] = ()

    def __post_init__(self) -> None:
        if self.paths < 2:
            raise InputError(f"must be at least 2, not {self.paths}.", where=Where(field="paths"))
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
        return {**MODELS, **{model.name: model for model in self.own.models}}
