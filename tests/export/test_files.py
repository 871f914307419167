"""Files for everybody and files for each."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook

from staffing.domain.scenario import Scenario
from staffing.errors import InputError
from staffing.export import Edition, write_each, write_roster
from staffing.export.files import WRITERS, each_file
from tests.evaluation.two_people import BASE, MONDAY

from .plans import plan, renamed


@pytest.mark.parametrize("ending", WRITERS)
def test_every_ending_is_written_whole(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"roster{ending}"
    write_roster(path, plan(), edition=Edition(MONDAY))
    assert path.stat().st_size > 100
    with pytest.raises(InputError, match=r"'.doc' cannot be written. Choose .xlsx, .csv, .ics, .pdf"):
        write_roster(tmp_path / "roster.doc", plan())


@pytest.mark.parametrize("ending", WRITERS)
def test_each_gets_their_own_and_nobody_elses(ending: str) -> None:
    for (name, content), (own, other) in zip(each_file(plan(), ending), (("Ann", "Bo"), ("Bo", "Ann")), strict=True):
        assert name == f"{own}-2026-11-23-planned{ending}"
        if ending == ".xlsx":
            book = load_workbook(io.BytesIO(content))
            assert book.sheetnames == ["Shifts"]
            content = "".join(str(cell.value) for row in book["Shifts"] for cell in row).encode()
        if ending != ".pdf":  # the paper is read in its own test
            assert own.encode() in content or ending == ".ics"
            assert other.encode() not in content


def test_an_archive_has_a_file_for_each_and_the_same_bytes(tmp_path: Path) -> None:
    names = write_each(tmp_path / "team.zip", plan(), ".ics")
    again = tmp_path / "again.zip"
    write_each(again, plan(), ".ics")
    assert (tmp_path / "team.zip").read_bytes() == again.read_bytes()
    assert zipfile.ZipFile(again).namelist() == names == ["Ann-2026-11-23-planned.ics", "Bo-2026-11-23-planned.ics"]


def test_names_are_data_and_never_paths(tmp_path: Path) -> None:
    names = write_each(tmp_path / "out", renamed("../../etc/passwd"), ".csv")
    assert names[0] == "etc-passwd-2026-11-23-planned.csv"
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(names)


def test_people_of_one_spelling_get_two_files() -> None:
    agents = [{"name": name, "contract": "full"} for name in ("Ann", "ann", "A/nn", "A nn")]
    made = plan(Scenario.parse({**BASE, "agents": agents}), plan().roster.table.iloc[:2])
    assert len({name.casefold() for name, _ in each_file(made, ".csv")}) == 4
