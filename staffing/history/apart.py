"""Packed files, read here or in a child process that may neither eat the memory nor take the planner down with it.

A damaged or hostile Parquet or xlsx file can end the process that reads it; what strangers upload is read apart.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pandas as pd
import pyarrow as pa

from staffing.errors import InputError, InputErrors, Where
from staffing.history.options import ImportOptions
from staffing.history.parquet_files import read_parquet
from staffing.history.raw import RawTable
from staffing.history.report import Findings
from staffing.history.workbooks import read_workbook
from staffing.work.interpreter import command, environment

PARQUET, ZIP = b"PAR1", b"PK\x03\x04"
MEMORY_BYTES = 6 << 30
CPU_S = 90
WAIT_S = 300
ROW = "row"


def is_packed(data: bytes) -> bool:
    return data.startswith((PARQUET, ZIP))


def unpack(file: str, data: bytes, options: ImportOptions, findings: Findings) -> RawTable:
    """The known columns of a Parquet or xlsx file, read in a child process when ``options.apart``.

    Raises InputError when it is damaged, too large or lacks them.
    """
    if options.apart:
        return _from_child(file, data, options, findings)
    if data.startswith(PARQUET):
        return read_parquet(file, data, options)
    return read_workbook(file, data, options, findings)


def _from_child(file: str, data: bytes, options: ImportOptions, findings: Findings) -> RawTable:
    told = json.dumps({"file": file, "max_rows": options.max_rows, "max_bytes": options.max_bytes})
    try:
        child = subprocess.run(
            command("staffing.history.apart", told),
            input=data,
            capture_output=True,
            timeout=WAIT_S,
            env=environment(),
            check=True,
        )
        answer = pa.ipc.open_stream(child.stdout).read_all()
    except (subprocess.SubprocessError, pa.ArrowException):
        raise InputError(
            "cannot be unpacked: it is damaged, or needs more memory and time than an upload may take.",
            where=Where(file),
            remedy="Save it again, or export it as CSV.",
        ) from None
    said = json.loads(answer.schema.metadata[b"staffing"])
    if said["problems"]:
        raise InputErrors([_error(problem) for problem in said["problems"]], file=file)
    for note in said["notes"]:
        findings.note(note)
    columns = {name: answer.column(name).to_pandas() for name in said["headings"]}
    return RawTable(file, columns, said["headings"], answer.column(ROW).to_numpy(), tuple(said["unknown"]))


def _error(problem: dict[str, Any]) -> InputError:
    return InputError(problem["what"], where=Where(**problem["where"]), remedy=problem["remedy"])


def _answer(file: str, data: bytes, options: ImportOptions) -> pa.Table:
    """What the child says: the columns with their rows, or the problems."""
    findings = Findings()
    try:
        raw = unpack(file, data, options, findings)
    except InputError as error:
        each = error.problems if isinstance(error, InputErrors) else (error,)
        problems = [{"what": one.what, "where": vars(one.where), "remedy": one.remedy} for one in each]
        return _labelled(pa.table({}), {"problems": problems})
    table = pa.Table.from_pandas(pd.DataFrame({**raw.columns, ROW: raw.rows}), preserve_index=False)
    told = {"problems": [], "notes": findings.notes, "headings": raw.headings, "unknown": raw.unknown}
    return _labelled(table, told)


def _labelled(table: pa.Table, told: dict[str, Any]) -> pa.Table:
    return table.replace_schema_metadata({"staffing": json.dumps(told)})


def main() -> None:
    """The child: limits itself, reads the file from its input, writes the answer as an Arrow stream."""
    _limit_itself()
    told = json.loads(sys.argv[1])
    options = replace(ImportOptions(), max_rows=told["max_rows"], max_bytes=told["max_bytes"])
    table = _answer(told["file"], sys.stdin.buffer.read(), options)
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
