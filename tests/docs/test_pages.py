"""The tutorial and the how-to pages do what they say, and the site is built without a warning."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from staffing.cli import main

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "docs" / "tutorial.md", *sorted((ROOT / "docs" / "how-to").glob("*.md"))]
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```", flags=re.DOTALL | re.MULTILINE)


@pytest.mark.slow
@pytest.mark.parametrize("document", PAGES, ids=lambda document: document.stem)
def test_a_pages_blocks_run_in_order(document, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    told = {"__name__": document.stem}
    blocks = BLOCK.findall(document.read_text(encoding="utf-8"))
    assert blocks
    for kind, text in blocks:
        if kind == "python":
            exec(compile(text, document.name, "exec"), told)
            continue
        for line in text.splitlines():
            _run(line)
            _hurry(tmp_path)
    assert capsys.readouterr().out.strip()


def _run(line):
    words = shlex.split(line)
    assert words[0] == "staffing"
    with pytest.raises(SystemExit) as ended:
        main(words[1:])
    assert ended.value.code == 0, line


def _hurry(folder):
    """Rosters of the page are solved for a moment only."""
    for settings in folder.glob("*/workspace.toml"):
        settings.write_text(settings.read_text().replace("seconds = 60.0", "seconds = 2.0"))


@pytest.mark.slow
def test_the_site_is_built_without_a_warning(tmp_path):
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    built = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    pages = {path.relative_to(tmp_path / "site").parent.as_posix() for path in (tmp_path / "site").rglob("index.html")}
    assert {"tutorial", "reference/commands", "reference/fields", "reference/tables", "reference/python"} <= pages
    first = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert not re.findall(r'<(?:link|script)[^>]+(?:href|src)="https?://', first)  # nothing is fetched from elsewhere


def test_every_field_of_a_workspace_says_what_it_means():
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        import hooks
    except ImportError:
        pytest.skip("mkdocs is not installed")
    finally:
        sys.path.remove(str(ROOT / "docs"))
    rows = [line for line in "\n".join(hooks.fields()).splitlines() if line.startswith("| `")]
    assert len(rows) > 150
    assert [row for row in rows if row.rstrip().endswith("|  |")] == []
