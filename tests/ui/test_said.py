"""No page speaks English past the catalogue: literal texts for people go through it."""

import ast
import re
from pathlib import Path

import staffing.ui

ROOM = Path(staffing.ui.__file__).parent
LOOKED_UP = {"said", "text", "marked", "ntext", "speaking"}
#: Calls whose texts are for the log, for machines, or are errors, which speak one language for all faces.
APART = {
    "InputError",
    "Conflict",
    "Unwritable",
    "StaffingError",
    "Where",
    "exception",
    "warning",
    "html",
    "cache_data",
    "replace",
}
#: Names of zones, an example to be typed over, causes by the name the forecast gives them, stages of a job.
NO_TEXTS = {"Asia/Tehran", "Asia/Dubai", "Asia/Riyadh", "NaT", "day of month", "other models", "Language · زبان"}
FILES_OF_JOBS = {"tasks.py", "jobs.py"}
WORDS = re.compile(r"^[A-Z][a-z]+|[a-z]{2,} [a-z]{2,}")


def literals(path):
    """Literal texts of a module that no look-up holds, with their lines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    held = {id(node.body[0].value) for node in ast.walk(tree) if _documented(node)}
    for node in ast.walk(tree):
        name = _name(node.func) if isinstance(node, ast.Call) else ""
        if name in LOOKED_UP | APART or isinstance(node, ast.Raise):
            held |= {id(inner) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        told = node.value if isinstance(node, ast.Constant) and id(node) not in held else ""
        if isinstance(told, str) and WORDS.search(told) and not told.startswith((":material", "<", "Ada Lovelace")):
            yield f"{path.name}:{node.lineno} {told!r}"


def _documented(node):
    kinds = ast.Module | ast.FunctionDef | ast.ClassDef
    return isinstance(node, kinds) and node.body and isinstance(node.body[0], ast.Expr)


def _name(func):
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


def test_every_text_of_the_pages_is_looked_up():
    files = [path for path in sorted(ROOM.rglob("*.py")) if path.name not in FILES_OF_JOBS]
    found = [told for path in files for told in literals(path) if told.split(" ", 1)[1].strip("'") not in NO_TEXTS]
    assert found == []
