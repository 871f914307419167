"""The glossary speaks the code's language."""

import re
from pathlib import Path

from staffing.domain.service import DEFINITION_TEXT

ROOT = Path(__file__).parents[1]
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")


def test_every_name_in_code_style_is_a_name_in_the_code():
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "staffing").rglob("*.py"))
    names = set(re.findall(r"`([a-z][a-z_0-9]*)`", GLOSSARY))
    assert len(names) > 30
    assert sorted(name for name in names if not re.search(rf"\b{name}\b", code)) == []


def test_every_service_level_definition_is_told():
    section = GLOSSARY.split("| `definition` |")[1].split("\n\n")[0]
    told = set(re.findall(r"^\| `(\w+)` \|", section, flags=re.MULTILINE))
    assert told == set(DEFINITION_TEXT)
