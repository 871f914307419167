"""Sentences of errors, questions and notes gathered from the code that tells them, so that none is forgotten.

What an error or a question is made of is gathered wherever it stands; and below the pages every text that ends as a
sentence does, whatever tells it. An f-string becomes a template whose places are {a}, {b}, … in order. Rooms that no
page reaches speak English alone.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import ascii_lowercase

import staffing

PACKAGE = Path(staffing.__file__).parent
#: The command line, the nightly run and Python's own callers read English.
ENGLISH_ROOMS = {"cli", "batch", "api"}
#: What else tells people something below the pages, and which of its arguments are sentences.
TELLING = {
    "Problem": (1, 2),
    "Fault": (1, 2),
    "Question": (2,),
    "Reading": (1,),
    "Unread": (0, 1),
    "FieldError": (1,),
    "leave": (0, 1),
    "note": (0,),
    "append": (0,),
}
SENTENCES = ("what", "remedy", "reason", "asks", "means", "why")
#: Rooms whose texts are looked up where they stand, or are read by programs alone.
SPEAKING_ROOMS = {"language", "ui", "charts", "export", "server"}
#: What the code says to itself.
ITS_OWN_ERRORS = {"ValueError", "TypeError", "RuntimeError", "LinAlgError", "NotImplementedError", "AssertionError"}
FEWEST_WORDS = 3  # of a sentence
#: With fewer letters of its own a template would fit anything.
FEWEST_LETTERS = 4


@cache
def sentences() -> tuple[str, ...]:
    """Templates of every what and remedy that an error of a room below the pages, or of the pages, can carry."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}
    kinds = _kinds(trees.values())
    found: set[str] = set()
    for path, tree in trees.items():
        room = path.relative_to(PACKAGE).parts[0]
        if room not in ENGLISH_ROOMS:
            also = {"ValueError"} if room == "domain" else set()  # validators: pydantic tells what they say
            found.update(_of(tree, kinds | also))
            if room not in SPEAKING_ROOMS:
                found.update(_plain(tree))
    return tuple(sorted(one for one in found if len(re.sub(r"{\w}|[^A-Za-z]", "", one)) >= FEWEST_LETTERS))


def _plain(tree: ast.Module) -> Iterator[str]:
    """Every text that reads as a sentence, documentation and what the code says to itself aside."""
    if any(isinstance(node, ast.ImportFrom) and node.module == "staffing.language" for node in ast.walk(tree)):
        return  # it looks up what it tells
    aside = {id(one) for node in ast.walk(tree) for one in _no_sentences(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in aside:
            yield from (one for one in _templates(node, {}, 0) if _reads_as_sentence(one))


def _no_sentences(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
        yield from (one.value for one in node.body if isinstance(one, ast.Expr))
    elif isinstance(node, ast.JoinedStr):
        yield from (one for one in node.values if isinstance(one, ast.Constant))
    elif isinstance(node, ast.Call):
        logs = isinstance(node.func, ast.Attribute) and _name(node.func.value) == "log"
        yield from ast.walk(node) if logs or _name(node.func) in ITS_OWN_ERRORS else ()


def _reads_as_sentence(told: str) -> bool:
    return told.endswith(".") and len(re.findall("[A-Za-z]{2,}", told)) >= FEWEST_WORDS


def _kinds(trees: object) -> set[str]:
    """Names of StaffingError and of everything that derives from it."""
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]  # type: ignore[attr-defined]
    kinds = {"StaffingError"}
    for _ in range(5):  # deeper than any family of errors
        kinds |= {one.name for one in classes if kinds & {_name(base) for base in one.bases}}
    return kinds


def _of(tree: ast.Module, kinds: set[str]) -> Iterator[str]:
    named = _named(tree)
    for node in ast.walk(tree):
        for told in _told(node, kinds):
            yield from _templates(told, named)


def _told(node: ast.AST, kinds: set[str]) -> Iterator[ast.expr]:
    """What a call tells people: the sentences of an error, a problem, a question, a note."""
    if isinstance(node, ast.ClassDef) and kinds & {_name(base) for base in node.bases}:
        calls, asked = [one for one in ast.walk(node) if isinstance(one, ast.Call)], {"__init__": (0,)}
    else:
        calls, asked = [node] if isinstance(node, ast.Call) else [], TELLING | dict.fromkeys(kinds, (0,))
    for call in calls:
        name = _name(call.func)
        onto = _name(call.func.value) if isinstance(call.func, ast.Attribute) else ""
        if name in asked and (name != "append" or onto == "notes") and (name != "leave" or onto == "findings"):
            yield from (call.args[k] for k in asked[name] if k < len(call.args))
            yield from (word.value for word in call.keywords if word.arg in SENTENCES)


def _named(tree: ast.Module) -> dict[str, list[ast.expr]]:
    """What a name of the module may stand for: what is assigned to it, or what the function returns."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found.setdefault(node.targets[0].id, []).append(node.value)
        elif isinstance(node, ast.AnnAssign | ast.AugAssign) and isinstance(node.target, ast.Name):
            found.setdefault(node.target.id, []).extend([node.value] if node.value is not None else [])
        elif isinstance(node, ast.FunctionDef):
            returned = [one.value for one in ast.walk(node) if isinstance(one, ast.Return) and one.value is not None]
            found.setdefault(node.name, []).extend(returned)
    return found


def _templates(told: ast.expr, named: dict[str, list[ast.expr]], depth: int = 3) -> Iterator[str]:
    """Every sentence that an expression may come to, and those that stand in its places."""
    if isinstance(told, ast.Constant):
        if isinstance(told.value, str):
            yield told.value.strip()
    elif isinstance(told, ast.JoinedStr):
        yield from _joined(told, named, depth)
    elif isinstance(told, ast.IfExp):
        yield from _templates(told.body, named, depth)
        yield from _templates(told.orelse, named, depth)
    elif isinstance(told, ast.BinOp):
        yield from _templates(told.left, named, depth)
        yield from _templates(told.right, named, depth)
    elif isinstance(told, ast.BoolOp):
        for one in told.values:
            yield from _templates(one, named, depth)
    elif isinstance(told, ast.Subscript):
        yield from _templates(told.value, named, depth)
    elif isinstance(told, ast.Dict):
        for value in told.values:
            yield from _templates(value, named, depth)
    elif depth and isinstance(told, ast.Name | ast.Call):
        if isinstance(told, ast.Call) and _name(told.func) == "get" and isinstance(told.func, ast.Attribute):
            yield from _templates(told.func.value, named, depth)
        for value in named.get(_name(told.func if isinstance(told, ast.Call) else told), ()):
            yield from _templates(value, named, depth - 1)


def _joined(told: ast.JoinedStr, named: dict[str, list[ast.expr]], depth: int) -> Iterator[str]:
    letters, parts = iter(ascii_lowercase), []
    for part in told.values:
        if isinstance(part, ast.Constant):
            parts.append(str(part.value).replace("{", "{{").replace("}", "}}"))
        elif isinstance(part, ast.FormattedValue):
            parts.append(f"{{{next(letters)}}}")
            if isinstance(part.value, ast.IfExp):
                yield from _templates(part.value, named, depth)
    yield _behind_its_head("".join(parts).strip())


def _behind_its_head(template: str) -> str:
    """Without the file or queue before a colon, which stays as it is wherever a sentence is heard."""
    if not template.startswith("{a}: "):
        return template
    return re.sub(r"{(\w)}", lambda place: f"{{{chr(ord(place[1]) - 1)}}}", template.removeprefix("{a}: "))


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
