"""A fitted baseline as a file of JSON and arrays, read back by the program that wrote it.

Objects are written field by field under the name of their class, functions by their name, arrays beside the text. What
is read back can only be a value object or a function of the forecast and the domain: a file that names anything else is
refused, so that nothing in it can run.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import importlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from functools import partial
from types import FunctionType
from typing import Any

import numpy as np
from pydantic import BaseModel

from staffing.errors import InputError

ROOMS = ("staffing.forecast.", "staffing.domain.")
TREE, ARRAYS = "tree.json", "arrays.npz"
_TAG = "$"
_DAMAGE = (ValueError, LookupError, TypeError, AttributeError, OSError, ImportError, RecursionError)


def to_bytes(value: Any) -> bytes:
    """The object as a file. Raises InputError for one that holds what cannot be written: a model of one's own."""
    writer = _Writer()
    tree, arrays, out = writer.plain(value), io.BytesIO(), io.BytesIO()
    named: dict[str, Any] = {str(k): array for k, array in enumerate(writer.arrays)}
    np.savez_compressed(arrays, **named)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(TREE, json.dumps(tree))
        file.writestr(ARRAYS, arrays.getvalue())
    return out.getvalue()


def from_bytes(data: bytes) -> Any:
    """The object of a file that `to_bytes` made. Raises InputError for anything else."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            tree = json.loads(file.read(TREE))
            with np.load(io.BytesIO(file.read(ARRAYS)), allow_pickle=False) as stored:
                arrays = [stored[str(k)] for k in range(len(stored.files))]
        return _Reader(arrays).value(tree)
    except (*_DAMAGE, zipfile.BadZipFile) as error:
        raise InputError(
            f"is not a fitted forecast that can be read ({type(error).__name__}).", remedy="Fit it again and save it."
        ) from None


class _Writer:
    """Values as JSON; arrays are gathered beside it, and what is met again is named, not written again."""

    def __init__(self) -> None:
        self.arrays: list[np.ndarray] = []
        self.seen: dict[int, int] = {}
        self.held: list[Any] = []  # what an id stands for must not be let go

    def plain(self, value: Any) -> Any:
        if value is None or isinstance(value, bool | str) or type(value) in (int, float):
            return value
        if id(value) in self.seen:
            return {_TAG: "again", "of": self.seen[id(value)]}
        made = self._written(value)
        self.seen[id(value)] = len(self.held)
        self.held.append(value)
        return made

    def _written(self, value: Any) -> dict[str, Any]:
        if isinstance(value, np.ndarray) and not value.dtype.hasobject:
            self.arrays.append(value)
            return {_TAG: "array", "of": len(self.arrays) - 1}
        if isinstance(value, np.ndarray):
            return {_TAG: "objects", "of": [self.plain(item) for item in value.ravel()], "shape": list(value.shape)}
        if isinstance(value, np.generic):
            self.arrays.append(np.asarray(value))
            return {_TAG: "scalar", "of": len(self.arrays) - 1}
        if isinstance(value, tuple | list):
            return {_TAG: type(value).__name__, "of": [self.plain(item) for item in value]}
        if isinstance(value, Mapping):
            return {_TAG: "dict", "of": [[self.plain(key), self.plain(item)] for key, item in value.items()]}
        if isinstance(value, dt.date | dt.time):
            return {_TAG: type(value).__name__, "of": value.isoformat()}
        if isinstance(value, BaseModel):
            return {_TAG: "model", "class": _named(type(value)), "of": value.model_dump(mode="json")}
        if isinstance(value, partial):
            return {_TAG: "partial", "of": self.plain(value.func), "args": [self.plain(item) for item in value.args]}
        if isinstance(value, FunctionType):
            return {_TAG: "function", "of": _named(value)}
        for kind, (is_one, written, _) in FOREIGN.items():
            if is_one(value):
                return {_TAG: kind, "of": written(value)}
        if dataclasses.is_dataclass(value):
            fields = [
                field.name for field in dataclasses.fields(value) if field.init and field.compare
            ]  # no work at hand
            return {
                _TAG: "object", "class": _named(type(value)),
                "of": {name: self.plain(getattr(value, name)) for name in fields},
            }  # fmt: skip
        raise _unwritable(type(value).__name__)


class _Reader:
    """The reverse of `_Writer`: what was written first has the number 0."""

    def __init__(self, arrays: list[np.ndarray]) -> None:
        self.arrays = arrays
        self.held: list[Any] = []

    def value(self, tree: Any) -> Any:
        if not isinstance(tree, dict):
            return tree
        if tree[_TAG] == "again":
            return self.held[tree["of"]]
        made = self._read(tree[_TAG], tree)
        self.held.append(made)
        return made

    def _read(self, kind: str, tree: dict[str, Any]) -> Any:
        of = tree["of"]
        if kind == "array":
            return self.arrays[of]
        if kind == "scalar":
            return self.arrays[of][()]
        if kind == "objects":
            made = np.empty(len(of), dtype=object)
            made[:] = [self.value(item) for item in of]
            return made.reshape(tree["shape"])
        if kind in ("tuple", "list"):
            items = [self.value(item) for item in of]
            return tuple(items) if kind == "tuple" else items
        if kind == "dict":
            return {self.value(key): self.value(item) for key, item in of}
        if kind in ("date", "datetime", "time"):
            return getattr(dt, kind).fromisoformat(of)
        if kind == "model":
            return _found(tree["class"], lambda one: isinstance(one, type) and issubclass(one, BaseModel))(**of)
        if kind == "partial":
            return partial(self.value(of), *(self.value(item) for item in tree["args"]))
        if kind == "function":
            return _found(of, lambda one: isinstance(one, FunctionType))
        if kind == "object":
            made_of = _found(tree["class"], lambda one: isinstance(one, type) and dataclasses.is_dataclass(one))
            return made_of(**{name: self.value(item) for name, item in of.items()})
        return FOREIGN[kind][2](of)


def _named(thing: Any) -> str:
    """Where a class or function lies. Raises InputError for one that is nobody's but the caller's."""
    module, name = thing.__module__, thing.__qualname__
    if not module.startswith(ROOMS) or not name.isidentifier():
        raise _unwritable(name)
    return f"{module}:{name}"


def _unwritable(name: str) -> InputError:
    return InputError(
        f"'{name}' cannot be written down.", remedy="Save a forecast of the built-in models; fit your own again."
    )


def _found(place: str, is_one: Callable[[Any], bool]) -> Any:
    """The class or function of that name, which must be one of ours."""
    module, _, name = place.partition(":")
    if not module.startswith(ROOMS):
        raise ValueError(place)
    found = getattr(importlib.import_module(module), name)
    if not is_one(found) or found.__module__ != module:
        raise ValueError(place)
    return found


def _is(module: str, name: str) -> Callable[[Any], bool]:
    """Whether a value is of a library's class, told without importing the library."""
    return lambda value: type(value).__name__ == name and type(value).__module__.startswith(module)


def _trees(text: str) -> Any:
    import lightgbm

    return lightgbm.Booster(model_str=text)


#: Objects of libraries: how each is known, written as text of the library's own, and read.
FOREIGN: Mapping[str, tuple[Callable[[Any], bool], Callable[[Any], Any], Callable[[Any], Any]]] = {
    "trees": (_is("lightgbm", "Booster"), lambda model: str(model.model_to_string()), _trees),
}
