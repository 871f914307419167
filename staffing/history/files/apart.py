"""Packed files, read here or in a child process that may neither eat the memory nor take the planner down with it.

A damaged or hostile Parquet file or workbook can end the process that reads it; what strangers upload is read apart.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa

from staffing.errors import InputError, InputErrors, Where
from staffing.history.files.grid import CellGrid
from staffing.history.files.parquet import read_parquet
from staffing.history.files.sheet import Cells, Sheet
from staffing.history.files.workbook import read_workbook
from staffing.history.options import ImportOptions
from staffing.work.interpreter import command, environment

PARQUET, ZIP, OLE = b"PAR1", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
MEMORY_BYTES = 6 << 30
CPU_S = 90
WAIT_S = 300


@dataclass(frozen=True)
class Unpacked:
    """A sheet that was unpacked, the name it has in its file, and whether its owner has hidden it."""

    sheet: Sheet
    name: str = ""
    hidden: bool = False


def unpack(file: str, name: str, data: bytes, options: ImportOptions) -> list[Unpacked]:
    """The sheets of a Parquet file or a workbook, read in a child process when ``options.apart``.

    ``name`` is that of the member where the file came out of an archive. Raises InputError when it is damaged or
    too large.
    """
    if options.apart:
        return _from_child(file, name, data, options)
    if data.startswith(PARQUET):
        return [Unpacked(read_parquet(file, name, data, options))]
    return _of_grids(file, name, read_workbook(file, data), options)


def _of_grids(file: str, name: str, grids: Sequence[CellGrid], options: ImportOptions) -> list[Unpacked]:
    alone = sum(not grid.hidden for grid in grids) == 1
    return [
        Unpacked(grid.sheet(file, name if alone and not grid.hidden else grid.name, options), grid.name, grid.hidden)
        for grid in grids
    ]


def _from_child(file: str, name: str, data: bytes, options: ImportOptions) -> list[Unpacked]:
    told = json.dumps({"file": file, "max_rows": options.max_rows, "max_bytes": options.max_bytes})
    try:
        child = subprocess.run(
            command("staffing.history.files.apart", told),
            input=data,
            capture_output=True,
            timeout=WAIT_S,
            env=environment(),
            check=True,
        )
        stream = io.BytesIO(child.stdout)
        said = json.loads(stream.readline())
        tables = [pa.ipc.open_stream(stream).read_all() for _ in said["sheets"]]
    except (subprocess.SubprocessError, pa.ArrowException, ValueError):
        raise InputError(
            "cannot be unpacked: it is damaged, or needs more memory and time than an upload may take.",
            where=Where(file),
            remedy="Save it again, or export it as CSV.",
        ) from None
    if said["problems"]:
        raise InputErrors([_error(problem) for problem in said["problems"]], file=file)
    if said["typed"]:
        return [Unpacked(Sheet(file, name, said["sheets"][0]["head"], partial(_typed, tables[0])))]
    grids = [
        CellGrid(about["name"], table, about["hidden"], about["formulas"])
        for about, table in zip(said["sheets"], tables)
    ]
    return _of_grids(file, name, grids, options)


def _typed(table: pa.Table, places: Sequence[int], first_row: int) -> Cells:
    told = {place: table.column(str(place)).to_pandas() for place in places if str(place) in table.column_names}
    return Cells(told, np.arange(table.num_rows, dtype="int32") + np.int32(first_row))


def _error(problem: dict[str, Any]) -> InputError:
    return InputError(problem["what"], where=Where(**problem["where"]), remedy=problem["remedy"])


def _answer(file: str, data: bytes, options: ImportOptions) -> tuple[dict[str, Any], list[pa.Table]]:
    """What the child says: of each sheet what is known, and its cells; or the problems."""
    typed = data.startswith(PARQUET)
    try:
        if typed:
            sheet = read_parquet(file, "", data, options)
            cells = sheet.load(range(len(sheet.head[0])), 2)
            table = pa.table({str(place): pa.Array.from_pandas(values) for place, values in cells.columns.items()})
            return {"problems": [], "typed": True, "sheets": [{"head": sheet.head}]}, [table]
        grids = read_workbook(file, data)
    except InputError as error:
        each = error.problems if isinstance(error, InputErrors) else (error,)
        problems = [{"what": one.what, "where": vars(one.where), "remedy": one.remedy} for one in each]
        return {"problems": problems, "typed": typed, "sheets": []}, []
    about = [{"name": grid.name, "hidden": grid.hidden, "formulas": grid.formulas} for grid in grids]
    return {"problems": [], "typed": False, "sheets": about}, [grid.cells for grid in grids]


def main() -> None:
    """The child: limits itself, reads the file from its input, writes what it says and the cells as Arrow streams."""
    _limit_itself()
    told = json.loads(sys.argv[1])
    options = replace(ImportOptions(), max_rows=told["max_rows"], max_bytes=told["max_bytes"])
    said, tables = _answer(told["file"], sys.stdin.buffer.read(), options)
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n")
    for table in tables:
        with pa.ipc.new_stream(sys.stdout.buffer, table.schema) as stream:
            stream.write_table(table)


def _limit_itself() -> None:
    """Bound memory and processor time where the system can. Windows bounds neither, macOS no memory: there the caller's
    patience (WAIT_S) and the sizes in the options bound what an upload may take."""
    try:
        import resource
    except ImportError:
        return
    if sys.platform != "darwin":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
