"""A stage's result as one file and back: a zip of Parquet, arrays and JSON, each with its checksum.

Nothing that is read back can run code.
"""

from __future__ import annotations

import dataclasses
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from staffing.store.files import in_milliseconds, parquet_bytes

if TYPE_CHECKING:
    import pandas as pd

LAYOUT, VERSION = "layout.json", 2
WHOLE = ""  # the name of a result that is one table
_EPOCH = (1980, 1, 1, 0, 0, 0)  # equal results make equal files


class Damaged(ValueError):
    """Not a result, not a whole one, or one of another layout."""


@dataclasses.dataclass(frozen=True)
class Form:
    """How a result is written as bytes, which are the same for equal results, and read back.

    Parameters
    ----------
    write : the result as bytes. Raises InputError for one that cannot be written.
    read : the result of such bytes. Raises Damaged or InputError.
    as_read : the result as it would be read back; the very one where nothing else is said.
    """

    write: Callable[[Any], bytes]
    read: Callable[[bytes], Any]
    as_read: Callable[[Any], Any] = lambda result: result


def form_of(kind: type) -> Form:
    """The form of a table, or of a dataclass ``kind`` of tables, mappings of arrays and plain values."""
    return Form(packed, partial(unpacked, kind=kind), as_read_back)


def packed(result: Any) -> bytes:
    """A table, or a dataclass of tables, mappings of arrays and plain values, as the bytes of one file."""
    import pandas as pd

    layout, sink = {"version": VERSION, "fields": dict[str, Any]()}, io.BytesIO()
    with zipfile.ZipFile(sink, "w") as file:
        for name, value in _values(result).items():
            if isinstance(value, pd.DataFrame):
                how: Any = "table"
                _put(file, f"{name}.parquet", parquet_bytes(value))
            elif _are_arrays(value):
                how = {"arrays": list(value)}
                for number, array in enumerate(value.values()):
                    _put(file, f"{name}.{number}.npy", _array_bytes(array))
            else:
                how = {"json": value}
            layout["fields"][name] = how  # type: ignore[index]
        _put(file, LAYOUT, json.dumps(layout).encode())
    return sink.getvalue()


def unpacked(content: bytes, kind: type) -> Any:
    """The result that was packed. Raises Damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            layout = json.loads(file.read(LAYOUT))
            if layout["version"] != VERSION:
                raise Damaged(f"is of the layout {layout['version']}.")
            values = {name: _value(file, name, how) for name, how in layout["fields"].items()}
        return values[WHOLE] if WHOLE in values else kind(**values)
    except (OSError, EOFError, ValueError, LookupError, TypeError, NotImplementedError, zipfile.BadZipFile) as error:
        raise Damaged(str(error)) from None


def as_read_back(result: Any) -> Any:
    """The result as it would be read back: what is written of it later is the same to the byte, kept or not."""
    import pandas as pd

    if isinstance(result, pd.DataFrame):
        return _as_read_back(result)
    fields = _values(result).items()
    tables = {name: _as_read_back(value) for name, value in fields if isinstance(value, pd.DataFrame)}
    return dataclasses.replace(result, **tables)


def _as_read_back(frame: pd.DataFrame) -> pd.DataFrame:
    import pyarrow as pa

    return pa.Table.from_pandas(in_milliseconds(frame), preserve_index=False).to_pandas()


def _values(result: Any) -> dict[str, Any]:
    import pandas as pd

    if isinstance(result, pd.DataFrame):
        return {WHOLE: result}
    return {field.name: getattr(result, field.name) for field in dataclasses.fields(result) if field.init}


def _are_arrays(value: Any) -> bool:
    import numpy as np

    return isinstance(value, Mapping) and bool(value) and all(isinstance(item, np.ndarray) for item in value.values())


def _value(file: zipfile.ZipFile, name: str, how: Any) -> Any:
    import numpy as np
    import pandas as pd

    if how == "table":
        return pd.read_parquet(io.BytesIO(file.read(f"{name}.parquet")))
    if "arrays" in how:
        parts = [io.BytesIO(file.read(f"{name}.{number}.npy")) for number in range(len(how["arrays"]))]
        return {key: np.load(part, allow_pickle=False) for key, part in zip(how["arrays"], parts, strict=True)}
    return _tuples(how["json"])


def _array_bytes(array: Any) -> bytes:
    import numpy as np

    sink = io.BytesIO()
    np.save(sink, array, allow_pickle=False)
    return sink.getvalue()


def _put(file: zipfile.ZipFile, name: str, content: bytes) -> None:
    file.writestr(zipfile.ZipInfo(name, _EPOCH), content)


def _tuples(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_tuples(item) for item in value)
    return {key: _tuples(item) for key, item in value.items()} if isinstance(value, dict) else value
