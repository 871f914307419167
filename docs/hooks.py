"""Pages of reference, made from the code when the site is built: nothing in them is typed twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from staffing.domain.calendar import WEEKDAYS

ROOT = Path(__file__).resolve().parents[1]
GROUPS = {
    "Data": ("read_history", "History", "Workspace", "write_plan"),
    "Scenarios": (
        "Scenario", "Queue", "SiteCalendar", "ServiceTarget", "Shrinkage", "Event", "Agent", "Contract",
        "ShiftTemplate", "BreakRule", "LabourRules", "Prices", "SolveOptions", "add", "move", "resize", "switch",
    ),
    "Stages": (
        "plan", "fit", "required_agents", "make_roster", "evaluate", "compare", "correct", "value", "broken_rules",
        "backtest",
    ),
    "What comes out": (
        "Plan", "CorrectedPlan", "Value", "Workload", "Fitted", "Forecast", "Roster", "Evaluation", "Comparison",
        "Backtest",
    ),
    "The door": ("Planner", "StageCache"),
    "Errors": ("StaffingError", "InputError", "TableError", "PlanError"),
    "Rooms": ("queueing", "models", "charts"),
}  # fmt: skip


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are made here."""
    pages = {"commands": commands, "fields": fields, "tables": tables, "python": names, "changes": changes}
    for name, page in pages.items():
        files.append(File.generated(config, f"reference/{name}.md", content="\n".join(page()) + "\n"))
    return files


def changes() -> Iterator[str]:
    """The changelog as it stands."""
    yield (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


# ── the command line ──────────────────────────────────────────────────────────────────────────────────────────────────


def commands() -> Iterator[str]:
    """Every command with its arguments and options, as typer knows them."""
    import importlib

    import typer

    from staffing import cli

    for family in cli.FAMILIES:
        importlib.import_module(f"staffing.cli.{family}")
    yield "# Command line\n"
    yield f"{cli.app.info.help}\n"
    yield f"{cli.app.info.epilog}\n"
    yield from _commands(typer.main.get_command(cli.app), "staffing")


def _commands(group: Any, path: str) -> Iterator[str]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, f"{path} {name}")
            continue
        arguments = [one for one in command.params if one.param_type_name == "argument"]
        yield f"## `{path} {name}`\n"
        yield f"{_lines(command.help or '')}\n"
        usage = " ".join([f"{path} {name}", *map(_shown, arguments), "[OPTIONS]"])
        yield f"```text\n{usage}\n```\n"
        rows = [_parameter(one) for one in command.params if one.name != "help"]
        if rows:
            yield from _table(("argument or option", "default", "what it does"), rows)


def _shown(argument: Any) -> str:
    name = argument.metavar or argument.name.upper()
    return name if argument.required or name.startswith("[") else f"[{name}]"


def _parameter(one: Any) -> tuple[str, str, str]:
    shown = _shown(one) if one.param_type_name == "argument" else ", ".join([*one.opts, *one.secondary_opts])
    default = one.default() if callable(one.default) else one.default
    told = default not in (None, "", (), []) and not one.required and type(default).__name__ != "Sentinel"
    return f"`{shown}`", f"`{_toml(default)}`" if told else "", getattr(one, "help", "") or ""


# ── fields of a workspace ─────────────────────────────────────────────────────────────────────────────────────────────


def fields() -> Iterator[str]:
    """Every field of a workspace, from the objects that check it."""
    from staffing.domain.scenario import Scenario
    from staffing.store.csv_files import AGENT_COLUMNS, EVENT_COLUMNS

    yield "# Workspace fields\n"
    yield (
        "`workspace.toml` holds the fields of **Scenario** besides people, shifts and events; `shifts.toml` holds "
        "`shifts`, `contracts` and `rotations`; `events.csv` and `agents.csv` hold a row each, several names in a cell "
        "parted by `;`. A file in `scenarios/` holds `base`, and what changes of any of them.\n"
    )
    yield f"Columns of `events.csv`: {_code(EVENT_COLUMNS)}.\n\nColumns of `agents.csv`: {_code(AGENT_COLUMNS)}.\n"
    done, waiting = set[type](), [Scenario]
    while waiting:
        model = waiting.pop(0)
        if model in done:
            continue
        done.add(model)
        yield from _model(model)
        waiting += [other for info in model.model_fields.values() for other in _models(info.annotation)]


def _model(model: type[BaseModel]) -> Iterator[str]:
    text, meanings = _told(model.__doc__ or "")
    yield f"## {model.__name__}\n"
    yield f"{text}\n"
    rows = []
    for name, info in model.model_fields.items():
        kind = _kind(Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation)
        rows.append((f"`{name}`", kind, _default(info), meanings.get(name) or _meaning(name, info, text)))
    yield from _table(("field", "kind", "default", "meaning"), rows)


def _meaning(name: str, info: FieldInfo, text: str) -> str:
    """What the object that the field holds says of itself; a field that the text tells of needs no more."""
    if name == "name":
        return "By which other fields and changes mean it."
    held = next(_models(info.annotation), None)
    if held is not None:
        return (held.__doc__ or "").strip().splitlines()[0]
    return "See above." if f"`{name}`" in text else ""


def _told(doc: str) -> tuple[str, dict[str, str]]:
    """A docstring's text, and what its "Parameters" say of each name."""
    lines = [line.strip() for line in doc.strip().splitlines()]
    rule = next((k for k, line in enumerate(lines) if re.fullmatch(r"-{5,}", line)), None)
    head, body = (lines, []) if rule is None else (lines[: rule - 1], lines[rule + 1 :])
    meanings: dict[str, str] = {}
    owners: list[str] = []
    for line in body:
        found = re.match(r"(\w+(?:, \w+)*) : (.*)", line)
        if found:
            owners = found[1].split(", ")
            meanings |= dict.fromkeys(owners, found[2])
        elif line:
            meanings |= {owner: f"{meanings[owner]} {line}" for owner in owners}
        else:
            owners = []
    return _lines("\n".join(head)), meanings


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _kind(annotation: Any) -> str:
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        bounds = " ".join(filter(None, map(_bound, parts[1:])))
        return f"{_kind(parts[0])} {bounds}".strip()
    if origin is Literal and parts == WEEKDAYS:
        return "weekday"
    if origin is Literal:
        return ", ".join(f"`{part}`" for part in parts)
    if origin in (Union, UnionType):
        return " or ".join(_kind(part) for part in parts if part is not type(None))
    if origin is tuple:
        return f"list of {_kind(parts[0])}"
    if origin is dict:
        return f"table of {_kind(parts[0])} to {_kind(parts[1])}"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    words = {"str": "text", "int": "whole number", "float": "number", "bool": "true or false", "date": "date"}
    return words.get(getattr(annotation, "__name__", ""), getattr(annotation, "__name__", str(annotation)))


def _bound(part: Any) -> str:
    if isinstance(part, FieldInfo):
        return " ".join(filter(None, map(_bound, part.metadata)))
    signs = (("ge", "≥"), ("gt", ">"), ("le", "≤"), ("lt", "<"))
    told = [
        f"{sign} {getattr(part, name)}" for name, sign in signs if isinstance(getattr(part, name, None), int | float)
    ]
    return ", ".join(told)


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "**required**"
    value = info.get_default(call_default_factory=True)
    if value is None or value == () or value == {} or isinstance(value, BaseModel):
        return ""
    return f"`{_toml(value)}`"


def _toml(value: Any) -> str:
    """As the value is written in a file."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(list(value)).replace("'", '"') if isinstance(value, tuple) else str(value)


# ── tables between stages ─────────────────────────────────────────────────────────────────────────────────────────────


def tables() -> Iterator[str]:
    """Every table's columns, kinds and units."""
    from staffing import tables as contracts

    yield "# Tables\n"
    yield f"{_lines(contracts.__doc__ or '')}\n"
    found = [value for value in vars(contracts).values() if isinstance(value, contracts.Table)]
    for table in found:
        yield f"## {table.name}\n"
        more = " Further columns may follow." if table.extra else ""
        yield f"One row per {', '.join(f'`{name}`' for name in table.key) or 'row'}.{more}\n"
        rows = [(f"`{one.name}`", one.kind, one.unit, _range(one), _needed(one)) for one in table.columns]
        yield from _table(("column", "kind", "unit", "range", ""), rows)


def _range(column: Any) -> str:
    low, high = column.low, column.high
    if low is None and high is None:
        return ""
    return f"≥ {low:g}" if high is None else f"{low:g} to {high:g}"


def _needed(column: Any) -> str:
    return "may be left out" if column.untold else "may be empty" if column.optional else ""


# ── names in Python ───────────────────────────────────────────────────────────────────────────────────────────────────


def names() -> Iterator[str]:
    """Every public name, from its docstring."""
    import staffing

    grouped = {name for group in GROUPS.values() for name in group}
    groups = {**GROUPS, "More": tuple(name for name in staffing.__all__ if name not in grouped)}
    yield "# Python\n"
    yield (
        "These names are promised: within a version 0.x they change only with a line in [Changes](changes.md), from "
        "1.0 only with a new major number. What is imported from deeper inside may change at any time.\n"
    )
    for title, group in groups.items():
        yield f"## {title}\n"
        for name in group:
            thing = getattr(staffing, name)
            if title == "Rooms":
                yield from _room(name, thing)
                continue
            yield f"### {name} {{ #{name} }}\n"
            yield f"::: {thing.__module__}.{thing.__qualname__}\n    options:\n      heading_level: 4\n"


def _room(name: str, room: Any) -> Iterator[str]:
    yield f"### {name}\n"
    yield f"{_lines(room.__doc__ or '')}\n"
    for one in room.__all__:
        thing = getattr(room, one)
        if hasattr(thing, "__qualname__"):
            yield f"#### {name}.{one}\n"
            yield f"::: {thing.__module__}.{thing.__qualname__}\n    options:\n      heading_level: 5\n"


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _lines(text: str) -> str:
    """A docstring's text as Markdown: its line breaks are not those of the page."""
    return re.sub(r"``(.+?)``", r"`\1`", "\n".join(line.strip() for line in text.strip().splitlines()))


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(_lines(cell).replace("|", "\\|").replace("\n", " ") for cell in row) + " |"
    yield ""


def _code(items: tuple[str, ...]) -> str:
    return ", ".join(f"`{item}`" for item in items)
