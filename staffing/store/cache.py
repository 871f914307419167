"""Work that was done once is not done again: a stage's result under the hash of its inputs.

Results are plain tables, arrays and JSON: nothing that is read back can run code.
"""

from __future__ import annotations

import dataclasses
import json
import shutil
import tempfile
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from staffing.domain.base import content_hash
from staffing.version import code_digest

Result = TypeVar("Result")
KEPT_IN_MEMORY = 64
KEPT_ON_DISK = 200
WORTH_KEEPING_S = 0.5  # what is made faster is not written: writing and reading it would take as long


class StageCache:
    """Results by stage and content hash, in memory and (given a folder that can be written) on disk.

    Only what took ``worth_keeping_s`` seconds or more is written.
    """

    def __init__(self, folder: Path | None = None, *, worth_keeping_s: float = WORTH_KEEPING_S) -> None:
        self.folder, self.worth_keeping_s = folder, worth_keeping_s
        self.memory: OrderedDict[str, Any] = OrderedDict()
        self.made: list[str] = []

    def get(
        self, stage: str, inputs: tuple[Any, ...], make: Callable[[], Result], *, kind: type[Result] | None = None
    ) -> Result:
        """The stage's result for these inputs, made if it is not known yet.

        ``inputs`` are domain objects, plain values and hashes of bulk data. ``kind`` is the result's type, a
        DataFrame or a dataclass of tables, arrays and plain values; without it the result stays in memory.
        ``made`` lists the stages that had to be worked out, in order.
        """
        key = f"{stage}-{content_hash(code_digest(), *inputs)[:32]}"
        if key not in self.memory:
            stored = _read(self.folder / key, kind) if self.folder and kind else None
            if stored is None:
                began = time.perf_counter()
                stored = make()
                self.made.append(stage)
                if self.folder and kind and time.perf_counter() - began >= self.worth_keeping_s:
                    _write(self.folder, key, stored)
            self.memory[key] = stored
        self.memory.move_to_end(key)
        while len(self.memory) > KEPT_IN_MEMORY:
            self.memory.popitem(last=False)
        result: Result = self.memory[key]
        return result


def _write(folder: Path, key: str, result: Any) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=folder, prefix=".writing-"))
    except OSError:  # a workspace that cannot be written is planned without keeping results
        return
    try:
        _dump(temporary, result)
        if not (folder / key / "layout.json").is_file():
            shutil.rmtree(folder / key, ignore_errors=True)
            temporary.rename(folder / key)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    kept = sorted((path for path in folder.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime)
    for old in kept[:-KEPT_ON_DISK]:
        shutil.rmtree(old, ignore_errors=True)


def _dump(folder: Path, result: Any) -> None:
    import numpy as np
    import pandas as pd

    from staffing.store.files import write_parquet

    values = {"": result} if isinstance(result, pd.DataFrame) else _fields(result)
    layout: dict[str, Any] = {"fields": {}}
    for name, value in values.items():
        if isinstance(value, pd.DataFrame):
            layout["fields"][name] = "table"
            write_parquet(folder / f"table-{name}.parquet", value)
        elif isinstance(value, Mapping) and value and all(isinstance(item, np.ndarray) for item in value.values()):
            layout["fields"][name] = {"arrays": list(value)}
            np.savez(folder / f"arrays-{name}.npz", **{str(k): item for k, item in enumerate(value.values())})
        else:
            layout["fields"][name] = {"json": value}
    (folder / "layout.json").write_text(json.dumps(layout), encoding="utf-8")


def _fields(result: Any) -> dict[str, Any]:
    return {field.name: getattr(result, field.name) for field in dataclasses.fields(result) if field.init}


def _read(folder: Path, kind: type) -> Any:
    """The stored result, or None when there is none (or it was made by another layout)."""
    import numpy as np

    from staffing.store.files import read_parquet

    if not (folder / "layout.json").is_file():
        return None
    layout = json.loads((folder / "layout.json").read_text(encoding="utf-8"))
    values: dict[str, Any] = {}
    for name, how in layout["fields"].items():
        if how == "table":
            values[name] = read_parquet(folder / f"table-{name}.parquet")
        elif "arrays" in how:
            with np.load(folder / f"arrays-{name}.npz", allow_pickle=False) as stored:
                values[name] = {key: stored[str(k)] for k, key in enumerate(how["arrays"])}
        else:
            values[name] = _tuples(how["json"])
    (folder / "layout.json").touch()
    return values[""] if "" in values else kind(**values)


def _tuples(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_tuples(item) for item in value)
    return {key: _tuples(item) for key, item in value.items()} if isinstance(value, dict) else value
