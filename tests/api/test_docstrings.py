"""Public names say what goes in, what comes out and what is refused, in sections that the reference shows."""

import calendar
import inspect
import re
from pathlib import Path

import pytest

import staffing

ROOT = Path(__file__).resolve().parents[2]
CITED = re.compile(r"\b([A-Z][a-zéş]{3,}),? ((?:18|19|20)\d\d)\b(?!-)")
CHANGES = ("add", "resize", "switch")  # they only say what a scenario will be asked for


def public():
    """Every public name, those of the rooms too, with what it stands for."""
    for name in staffing.__all__:
        thing = getattr(staffing, name)
        inside = [(f"{name}.{one}", getattr(thing, one)) for one in thing.__all__] if inspect.ismodule(thing) else []
        yield from inside or [(name, thing)]


def sections(thing):
    """Titles of a docstring's sections, each with its text."""
    parts = re.split(r"^(\w+)\n-{4,}$", inspect.getdoc(thing), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


FUNCTIONS = {name: thing for name, thing in public() if inspect.isfunction(thing)}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_tells_every_parameter_what_it_returns_and_what_it_refuses(name):
    told = sections(FUNCTIONS[name])
    explained = re.findall(r"^([\w, ]+) : ", told["Parameters"], re.MULTILINE)
    assert sorted(", ".join(explained).split(", ")) == sorted(inspect.signature(FUNCTIONS[name]).parameters)
    assert told["Returns"].strip()
    assert name in CHANGES or "Error" in told["Raises"]


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name.startswith("queueing.")])
def test_a_formula_names_its_source(name):
    assert re.search(r"\d{4}, doi:10\.\d{4,}/\S+", sections(FUNCTIONS[name])["References"])


def methods():
    """Public methods of public classes: their names, the docstrings of the class and its bases, the function."""
    for name, thing in public():
        for method in vars(thing).values() if inspect.isclass(thing) else ():
            function = getattr(method, "__func__", method)
            ours = inspect.isfunction(function) and function.__module__.startswith("staffing")
            if ours and not function.__name__.startswith("_"):
                docs = " ".join(
                    inspect.getdoc(base) or "" for base in thing.__mro__ if base.__module__.startswith("staffing")
                )
                yield f"{name}.{function.__name__}", docs, function


def test_every_method_says_what_it_does():
    assert [name for name, _, function in methods() if not inspect.getdoc(function)] == []


def test_a_method_of_several_parameters_names_each():
    """In its own docstring, or in that of its class or a base where several methods share them."""
    silent = []
    for name, whole, function in methods():
        parameters = set(inspect.signature(function).parameters) - {"self", "cls"}
        unsaid = [one for one in parameters if not re.search(rf"\b{one}\b", whole + (inspect.getdoc(function) or ""))]
        silent += [f"{name}({one})" for one in unsaid if len(parameters) > 1]
    assert silent == []


def test_every_cited_work_stands_among_the_sources():
    """Docstrings cite by author and year; the page of sources says where it appeared."""
    listed = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8").splitlines()
    lost = set()
    for path in (ROOT / "staffing").rglob("*.py"):
        for author, year in re.findall(
            r"\b([A-Z][a-zéş]{3,}),? ((?:18|19|20)\d\d)\b(?!-)", path.read_text(encoding="utf-8")
        ):
            if author not in calendar.month_name and not any(author in line and year in line for line in listed):
                lost.add((path.name, author, year))
    assert lost == set()
