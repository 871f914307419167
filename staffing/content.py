"""A hash of what something holds: the key by which finished work is recognised.

Two things of different content never share one on purpose: each value goes in with its type, tables and arrays with
all their bytes, and what has no faithful form is refused.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic import BaseModel

Feed = Callable[[bytes], None]
_PLAIN = (bool, int, float, str, bytes, type(None), dt.date, dt.time, dt.timedelta, dt.tzinfo)


def content_hash(*parts: Any) -> str:
    """SHA-256 of plain values, domain objects, dataclasses, tables and arrays, and tuples, lists and mappings of them.

    An object that knows its own hash (``sha256``) is taken at its word. Raises TypeError for anything else.
    """
    digest = hashlib.sha256()
    _take(digest.update, parts)
    return digest.hexdigest()


def _take(feed: Feed, value: Any) -> None:
    kind = type(value)
    if isinstance(getattr(value, "sha256", None), str):
        _tagged(feed, kind.__qualname__, value.sha256)
    elif isinstance(value, BaseModel):
        _tagged(feed, kind.__qualname__, value.model_dump_json())
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        _several(feed, kind.__qualname__, fields.items())
    elif isinstance(value, Mapping):
        _several(feed, "mapping", sorted(value.items()))
    elif isinstance(value, tuple | list):
        _several(feed, "sequence", value)
    elif (take := _of_tables(value)) is not None:
        take(feed, value)
    elif isinstance(value, _PLAIN):
        zone = f" {value.tzinfo}" if isinstance(value, dt.datetime) else ""
        _tagged(feed, kind.__qualname__, f"{value!r}{zone}")
    else:
        raise TypeError(f"{kind.__module__}.{kind.__qualname__} has no hash that tells its content.")


def _tagged(feed: Feed, kind: str, text: str) -> None:
    body = text.encode("utf-8", errors="surrogatepass")
    feed(f"{kind}:{len(body)}:".encode())
    feed(body)


def _several(feed: Feed, kind: str, values: Iterable[Any]) -> None:
    items = list(values)
    feed(f"{kind}[{len(items)}]".encode())
    for item in items:
        _take(feed, item)


def _of_tables(value: Any) -> Callable[[Feed, Any], None] | None:
    """How a table or an array is taken; None for anything else. Whoever hands one over has loaded its library."""
    numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
    if pandas is not None and isinstance(value, pandas.DataFrame):
        return _take_frame
    if pandas is not None and isinstance(value, pandas.Series | pandas.Index):
        return _take_column
    if numpy is not None and isinstance(value, numpy.ndarray):
        return _take_array
    if numpy is not None and isinstance(value, numpy.generic):
        return lambda feed, number: _take_array(feed, numpy.asarray(number))
    return None


def _take_frame(feed: Feed, frame: Any) -> None:
    import pandas as pd

    feed(f"frame[{len(frame)}x{len(frame.columns)}]".encode())
    default = pd.RangeIndex(len(frame))
    if not (isinstance(frame.index, pd.RangeIndex) and frame.index.equals(default)):
        for level in range(frame.index.nlevels):
            _take(feed, (frame.index.names[level], frame.index.get_level_values(level)))
    for place, name in enumerate(frame.columns):
        _take(feed, name)
        _take_column(feed, frame.iloc[:, place])


def _take_column(feed: Feed, column: Any) -> None:
    import numpy as np
    import pandas as pd

    dtype = column.dtype
    feed(f"column[{len(column)}]{dtype}".encode())
    if isinstance(dtype, pd.CategoricalDtype):
        categories = pd.Categorical(column)
        _take(feed, (bool(dtype.ordered), categories.categories, np.asarray(categories.codes)))
    elif pd.api.types.is_object_dtype(dtype):
        _take(feed, list(column))
    elif isinstance(dtype, np.dtype):
        _take_array(feed, np.asarray(column))
    elif isinstance(dtype, pd.DatetimeTZDtype):
        _take_array(feed, np.asarray(column.astype("int64")))
    else:
        feed(pd.util.hash_pandas_object(pd.Series(column), index=False).to_numpy().tobytes())


def _take_array(feed: Feed, array: Any) -> None:
    import numpy as np

    if array.dtype.hasobject:
        _several(feed, f"array{array.shape}", array.ravel().tolist())
        return
    if array.dtype.kind == "f":
        array = np.where(np.isnan(array), np.array(np.nan, array.dtype), array)  # one NaN, whatever its bits
    feed(f"array{array.dtype.str}{array.shape}".encode())
    feed(np.ascontiguousarray(array).tobytes())
