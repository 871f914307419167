"""What every domain object shares: frozen, strict about names, errors that name the field."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from staffing.errors import InputError, InputErrors, Where


class Frozen(BaseModel):
    """A value object: immutable, compared by value, checked at birth."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, allow_inf_nan=False)

    @classmethod
    def parse(cls, data: Mapping[str, Any], where: Where | None = None) -> Self:
        """Build from plain data (TOML, CSV row, form).

        Raises InputErrors naming file, row and field of everything that is wrong.
        """
        try:
            return cls.model_validate(dict(data))
        except ValidationError as error:
            raise InputErrors(_problems(error, where or Where()), file=(where or Where()).file) from None


def _problems(error: ValidationError, where: Where) -> list[InputError]:
    return [_problem(detail, where) for detail in error.errors(include_url=False)]


def _problem(detail: Any, where: Where) -> InputError:
    path = ".".join(str(part) for part in detail["loc"]) or where.field
    value = detail.get("input")
    if detail["type"] == "extra_forbidden":
        return InputError(
            "is not a known field.",
            where=Where(where.file, where.row, where.column, path),
            remedy="Correct its spelling or take it out.",
        )
    if detail["type"] == "missing":
        return InputError("is missing.", where=Where(where.file, where.row, where.column, path), remedy="Add it.")
    message = str(detail["msg"]).removeprefix("Value error, ")
    shown = "" if isinstance(value, Mapping | BaseModel) else f" (found {str(value)[:60]!r})"
    return InputError(f"{message}{shown}.", where=Where(where.file, where.row, where.column, path))


def content_hash(*parts: Any) -> str:
    """A stable hash of domain objects and plain values: the key by which finished work is recognised."""

    def plain(value: Any) -> Any:
        if isinstance(value, BaseModel):
            return value.model_dump(mode="json")
        if isinstance(value, tuple | list):
            return [plain(item) for item in value]
        if isinstance(value, Mapping):
            return {str(key): plain(item) for key, item in value.items()}
        return value

    text = json.dumps([plain(part) for part in parts], sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()
