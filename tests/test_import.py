"""`import staffing` changes nothing in the process that imports it, and loads nothing heavy."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ASK = """
import json, os, sys, threading
before = dict(os.environ)
import staffing
print(json.dumps({
    "environment": sorted(set(before.items()) ^ set(os.environ.items())),
    "threads": threading.active_count(),
    "heavy": [name for name in ("numpy", "pandas", "numba", "streamlit", "typer") if name in sys.modules],
}))
"""


def imported(home: Path) -> dict:
    home.mkdir()
    environment = {
        name: value for name, value in os.environ.items() if name not in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME")
    }
    environment |= {"HOME": str(home), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run(
        [sys.executable, "-c", ASK], env=environment, cwd=home, capture_output=True, text=True, check=True
    )
    return json.loads(run.stdout)


def test_importing_changes_nothing(tmp_path):
    home = tmp_path / "home"
    assert imported(home) == {"environment": [], "threads": 1, "heavy": []}
    assert list(home.rglob("*")) == []


def test_every_public_name_is_there():
    code = "import staffing; print(all(getattr(staffing, name).__name__ for name in staffing.__all__))"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["True"]


def test_an_unknown_name_is_refused():
    code = "import staffing; print(hasattr(staffing, 'nonsense'), 'plan' in dir(staffing))"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "True"]
