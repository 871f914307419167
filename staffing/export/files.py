"""A roster as files to hand on: one for all, or one for each person, as a folder or a zip."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from staffing.errors import InputError, Where
from staffing.export.edition import Edition
from staffing.export.ical import roster_ics_bytes
from staffing.export.paper import roster_pdf_bytes
from staffing.export.plan_like import PlanLike
from staffing.export.roster_workbook import roster_xlsx_bytes
from staffing.export.tables import roster_csv_bytes
from staffing.store.files import atomic_path

Writer = Callable[..., bytes]
WRITERS: dict[str, Writer] = {
    ".xlsx": roster_xlsx_bytes,
    ".csv": roster_csv_bytes,
    ".ics": roster_ics_bytes,
    ".pdf": roster_pdf_bytes,
}


def writer_of(ending: str, field: str = "--out") -> Writer:
    """What writes files of an ending such as ``.pdf``. Raises InputError, naming ``field``, for an unknown one."""
    if ending.lower() not in WRITERS:
        choices = ", ".join(WRITERS)
        raise InputError(f"'{ending}' cannot be written.", where=Where(field=field), remedy=f"Choose {choices}.")
    return WRITERS[ending.lower()]


def write_roster(path: Path, plan: PlanLike, *, edition: Edition | None = None, agent: str = "") -> None:
    """Write the roster by the name's ending, whole or not at all. Raises InputError."""
    content = writer_of(Path(path).suffix)(plan, edition=edition, agent=agent)
    _write(Path(path), content)


def each_file(plan: PlanLike, ending: str, *, edition: Edition | None = None) -> Iterator[tuple[str, bytes]]:
    """Name and content of a file for every person: their own shifts and nobody else's."""
    edition, make = edition or Edition(plan.start), writer_of(ending)
    taken: set[str] = set()
    for agent in plan.scenario.agents:
        name = _file_name(agent.name, taken)
        content = make(plan, edition=edition, agent=agent.name)
        yield f"{name}-{plan.start}-{edition.slug}{ending.lower()}", content


def write_each(target: Path, plan: PlanLike, ending: str, *, edition: Edition | None = None) -> list[str]:
    """A file for every person into a folder, or into one archive where ``target`` ends in .zip; names written.

    The same plan and edition give the same bytes. Raises InputError when the target cannot be written.
    """
    files = each_file(plan, ending, edition=edition)
    if target.suffix.lower() != ".zip":
        written = []
        for name, content in files:
            _write(target / name, content)
            written.append(name)
        return written
    names, content = zipped(files)
    _write(target, content)
    return names


def zipped(files: Iterator[tuple[str, bytes]]) -> tuple[list[str], bytes]:
    """Names and archive of files; the same files give the same bytes."""
    stream, names = io.BytesIO(), []
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)  # ZipInfo alone: no clock
            names.append(name)
    return names, stream.getvalue()


def _file_name(person: str, taken: set[str]) -> str:
    """A person's name as part of a file's: letters and digits of any script, the rest a dash; no two alike."""
    plain = "-".join("".join(sign if sign.isalnum() else " " for sign in person).split())[:60] or "agent"
    name, number = plain, 1
    while name.casefold() in taken:
        number += 1
        name = f"{plain}-{number}"
    taken.add(name.casefold())
    return name


def _write(path: Path, content: bytes) -> None:
    with atomic_path(path) as temporary:
        temporary.write_bytes(content)
