"""The ground of all stages: what a stage is given is checked, and a scenario shows it what it may see."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from types import UnionType
from typing import Any, ClassVar, get_args, get_type_hints

from staffing.domain.scenario import Scenario
from staffing.errors import InputError, Where
from staffing.store.packing import Form, form_of


class Given:
    """The ground of all stages: fields of the kinds that are declared, a scenario of what ``sees`` names."""

    name: ClassVar[str]
    sees: ClassVar[tuple[str, ...]] = ()

    @property
    def form(self) -> Form | None:
        """How the result is kept between runs; None stays in memory."""
        stage: Any = self
        return form_of(stage.kind)

    def __post_init__(self) -> None:
        stage: Any = type(self)
        for field, wanted in _kinds(stage).items():
            value = getattr(self, field)
            if (type(value) is bool and bool not in wanted) or not isinstance(value, wanted):
                names = " or ".join("nothing" if kind is type(None) else kind.__name__ for kind in wanted)
                raise InputError(
                    f"must be of the kind {names}, not {type(value).__name__}.",
                    where=Where(field=f"{type(self).__name__}.{field}"),
                )
            if isinstance(value, Scenario):
                object.__setattr__(self, field, value.only(*self.sees))


@cache
def _kinds(stage: Any) -> dict[str, tuple[type, ...]]:
    """The kinds that each field of a stage may be of; what a tuple or mapping holds is its own affair."""
    hints, kinds = get_type_hints(stage), dict[str, tuple[type, ...]]()
    for field in fields(stage):
        hint = hints[field.name]
        each = get_args(hint) if isinstance(hint, UnionType) else (hint,)
        kinds[field.name] = tuple(getattr(kind, "__origin__", kind) for kind in each)
    return kinds
