"""The shape of the house, held beside the import contracts: no circles, no stranded rooms, nothing too large."""

import ast
import re
from collections import defaultdict
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from statistics import median

import pytest

LINES_OF_A_MODULE, LINES_OF_A_FUNCTION, MEDIAN_LINES_OF_A_FUNCTION = 300, 60, 10
ROOT = Path(__file__).resolve().parents[1]


def module_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def trees():
    """Every module of the package with its syntax tree."""
    return {module_of(path): ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "staffing").rglob("*.py")}


def imports_of(tree, modules):
    """Modules of the package that are imported anywhere in a tree, within functions and for types too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name in modules)
        elif isinstance(node, ast.ImportFrom) and node.module in modules:
            whole = (f"{node.module}.{name.name}" for name in node.names)
            yield from (name if name in modules else node.module for name in whole)


def texts_of(tree):
    """Module paths that stand in a tree as text: faces import what they offer when it is asked for."""
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


@cache
def graph():
    modules = frozenset(trees())
    return {name: frozenset(imports_of(tree, modules)) - {name} for name, tree in trees().items()}


def test_no_module_imports_itself_by_a_detour():
    try:
        TopologicalSorter(graph()).prepare()
    except CycleError as circle:
        pytest.fail(" → ".join(circle.args[1]))


def test_every_module_is_used_by_a_command_a_page_or_the_face():
    begins = {name for name in trees() if name in ("staffing", "staffing.__main__", "staffing.work.child")}
    begins |= {name for name in trees() if name.startswith(("staffing.cli", "staffing.ui", "staffing.server"))}
    begins |= {name for name in trees() if ".migrations" in name}  # alembic finds them by their place
    reached, new = set(), set(begins)
    while new:
        reached |= new
        named = {text for name in new for text in texts_of(trees()[name])}
        near = {f"{name}.{text}" for name in new for text in texts_of(trees()[name])} | named
        new = {found for name in new for found in graph()[name]} | (near & set(trees()))
        new |= {name.rpartition(".")[0] for name in new if "." in name}
        new -= reached
    assert set(trees()) - reached == set()


def is_class(node):
    """A class, or a name that a module gives to a type: `Rows = Mapping[str, DataFrame]`."""
    if isinstance(node, ast.ClassDef):
        return not node.name.startswith("_")
    names = node.targets if isinstance(node, ast.Assign) and not isinstance(node.value, ast.Call) else []
    return len(names) == 1 and isinstance(names[0], ast.Name) and re.fullmatch(r"[A-Z][A-Za-z]*[a-z]", names[0].id)


def test_no_public_class_shares_its_name():
    """With another class, or with a name for a type elsewhere; two modules may shorten one type alike (`Floats`)."""
    meant = defaultdict(set)
    for module, tree in trees().items():
        nested = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
        for node in {*nested, *tree.body}:
            if is_class(node):
                name = node.name if isinstance(node, ast.ClassDef) else node.targets[0].id
                meant[name].add((module, isinstance(node, ast.ClassDef)))
    shared = {name: found for name, found in meant.items() if len(found) > 1 and any(cls for _, cls in found)}
    assert shared == {}


def test_modules_and_functions_stay_small():
    modules = {str(path): len(path.read_text("utf-8").splitlines()) for path in (ROOT / "staffing").rglob("*.py")}
    functions = [
        (node.end_lineno - node.lineno + 1, module, node.name)
        for module, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert {name: lines for name, lines in modules.items() if lines > LINES_OF_A_MODULE} == {}
    assert [found for found in functions if found[0] > LINES_OF_A_FUNCTION] == []
    assert median(lines for lines, _, _ in functions) < MEDIAN_LINES_OF_A_FUNCTION
