"""Compiled kernels: a child process finds what its parent compiled."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ASK = "from staffing.compiled import kernels_folder; print(kernels_folder())"


def folder_seen(cache):
    code = f"import subprocess, sys; {ASK}; sys.stdout.flush(); subprocess.run([sys.executable, '-c', {ASK!r}])"
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(cache), "PYTHONPATH": str(ROOT)}
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return run.stdout.split()


def test_a_child_uses_the_folder_of_its_parent(tmp_path):
    parent, child = folder_seen(tmp_path)
    assert parent == child
    assert Path(parent).parent == tmp_path
