"""TOML as it is read: bounded in size, depth and digits, so that no file can exhaust its reader."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from staffing.errors import InputError, Where

MAX_BYTES = 4_000_000
MAX_DEPTH = 40
_SPLIT = "Split it, or take out what does not belong here."


def parse_toml(text: str, where: Where | None = None) -> dict[str, Any]:
    """The tables of a TOML text. Raises InputError when it is no TOML, too long, too deep or has absurd numbers."""
    if len(text) > MAX_BYTES:
        raise InputError(f"is longer than {MAX_BYTES:,} characters.", where=where, remedy=_SPLIT)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"is not valid TOML: {error}.", where=where) from None
    except RecursionError:
        raise _too_deep(where) from None
    except ValueError:  # an integer of thousands of digits, which Python refuses to read
        raise InputError("holds a number of thousands of digits.", where=where, remedy="Write fewer digits.") from None
    if _depth(data) > MAX_DEPTH:
        raise _too_deep(where)
    return data


def _too_deep(where: Where | None) -> InputError:
    return InputError(f"nests more than {MAX_DEPTH} deep.", where=where, remedy=_SPLIT)


def _depth(data: Any) -> int:
    """How deep tables and lists nest, counted level by level: a recursion could be exhausted."""
    level, depth = [data], 0
    while level and depth <= MAX_DEPTH:
        level = [item for value in level for item in _inside(value)]
        depth += 1
    return depth


def _inside(value: Any) -> Any:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list) else ()
