"""A typed script that uses every public name passes `mypy --strict`, and runs."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import staffing
from tests import small

SCRIPT = Path(__file__).with_name("uses_everything.py")


def test_the_script_uses_every_name():
    text = SCRIPT.read_text(encoding="utf-8")
    assert [name for name in staffing.__all__ if f"staffing.{name}" not in text and f" {name}" not in text] == []


@pytest.mark.slow
def test_it_is_typed(tmp_path):
    shutil.copy(SCRIPT, tmp_path)
    command = [sys.executable, "-m", "mypy", "--strict", "--ignore-missing-imports", "--no-incremental", SCRIPT.name]
    checked = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.slow
def test_it_runs(tmp_path):
    small.make(tmp_path / "desk")
    command = [sys.executable, str(SCRIPT)]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "<Scenario 'moved'" in ran.stdout, ran.stdout
