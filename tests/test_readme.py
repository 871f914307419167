"""The README's commands and code blocks do what they say."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def commands() -> list[str]:
    return [line.strip() for block in blocks("sh") for line in block.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """A copy of the bundled workspaces, so that the checkout stays clean."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "data", folder / "data", ignore=shutil.ignore_patterns(".staffing", "forecasts"))
    return folder


def run(arguments: list[str], folder: Path) -> subprocess.CompletedProcess:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        arguments, cwd=folder, capture_output=True, text=True, env=environment, timeout=600, check=False
    )


@pytest.mark.parametrize("command", [line for line in commands() if line.startswith("make ")])
def test_make_commands_exist(command):
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    done = subprocess.run([*command.split(), "-n"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("command", [line for line in commands() if "staffing " in line])
def test_commands_run(command, elsewhere):
    words = command.split()
    assert words[0] == ".venv/bin/staffing"
    done = run([sys.executable, "-m", "staffing", *words[1:]], elsewhere)
    assert done.returncode == 0, done.stderr
    if "--out" in words:
        assert (elsewhere / words[words.index("--out") + 1]).exists()


@pytest.mark.slow
@pytest.mark.parametrize("code", blocks("python"))
def test_code_runs(code, elsewhere):
    done = run([sys.executable, "-c", code], elsewhere)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_every_link_leads_somewhere():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
