"""The Erlang calculator: rows of text in, the same rows with their measures out.

Numbers are read as exact fractions, so a queue at 99.99998 % of its capacity is computed as it is written
and not as the nearest float. A row that cannot be computed is reported and the others are.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np

from staffing.errors import InputError, Where
from staffing.queueing.agents import Targets, smallest_agents
from staffing.queueing.erlang import MODELS, measures_of_load, model_patience_s
from staffing.store.files import atomic_path

Row = Mapping[str, str]

OUTPUTS = (
    "wait_probability",
    "service_level",
    "service_level_answered",
    "service_level_excl_short_abandons",
    "probability_wait_within_threshold",
    "abandonment",
    "asa_s",
    "mean_wait_s",
    "queue_length",
    "occupancy",
)
TARGETS = ("target_service_level", "target_asa_s", "target_abandonment", "max_occupancy")
INPUTS = ("model", "calls_per_hour", "aht_s", "patience_s", "threshold_s", "agents")


def calculate(rows: Sequence[Row]) -> tuple[list[dict[str, str]], list[InputError]]:
    """Every row with ``agents`` and the measures filled in, and what is wrong with the others.

    Columns: model (erlang_b, erlang_c, erlang_a), calls_per_hour, aht_s, patience_s (empty or inf for
    none), threshold_s, agents; where agents is empty the smallest number that meets the targets given in
    target_service_level, target_asa_s, target_abandonment and max_occupancy. A bad row comes back with its
    results empty; its error names the row as a spreadsheet counts, the header being row 1. Measures that
    are undefined (waits of no calls) are empty too.
    """
    results: list[dict[str, str]] = []
    problems: list[InputError] = []
    for number, row in enumerate(rows, start=2):
        results.append({**row, **dict.fromkeys(OUTPUTS, "")})
        try:
            results[-1].update(_computed(row, number))
        except InputError as error:
            where = Where(error.where.file, number, error.where.column or error.where.field)
            problems.append(InputError(error.what, where=where, remedy=error.remedy))
    return results, problems


def calculate_file(source: Path, target: Path) -> list[InputError]:
    """``calculate`` from one CSV file to another; returns the problems. Raises InputError for the file."""
    try:
        with source.open(newline="", encoding="utf-8-sig") as stream:
            reader = csv.DictReader(stream)
            rows = [{str(k): v or "" for k, v in row.items() if k is not None} for row in reader]
            header = list(reader.fieldnames or [])
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror}).", where=Where(file=str(source))) from None
    except UnicodeDecodeError:
        raise InputError("is not UTF-8 text.", where=Where(file=str(source)), remedy="Save it as CSV UTF-8.") from None
    except csv.Error as error:
        raise InputError(f"is not a readable CSV: {error}.", where=Where(file=str(source))) from None
    missing = [name for name in ("model", "calls_per_hour", "aht_s") if name not in header]
    if missing:
        raise InputError("is missing.", where=Where(file=str(source), column=missing[0]), remedy="Add the column.")
    results, problems = calculate(rows)
    columns = [*header, *(name for name in ("agents", *OUTPUTS) if name not in header)]
    with atomic_path(target) as path, path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(results)
    return [_in_file(problem, source) for problem in problems]


def _in_file(problem: InputError, source: Path) -> InputError:
    where = Where(str(source), problem.where.row, problem.where.column)
    return InputError(problem.what, where=where, remedy=problem.remedy)


def _computed(row: Row, number: int) -> dict[str, str]:
    model = (row.get("model") or "").strip()
    if model not in MODELS:
        raise InputError(
            f"unknown model '{model}'.", where=Where(row=number, column="model"), remedy=f"Use {', '.join(MODELS)}."
        )
    aht = _number(row, "aht_s", above=True)
    threshold = float(_number(row, "threshold_s", default=None if model != "erlang_b" else "0"))
    patience = _patience_s(row, model)
    load = _number(row, "calls_per_hour") * aht / 3600
    agents = _agents(row, float(load), float(aht), patience, threshold)
    low = float(load - Fraction(float(load)))
    found = measures_of_load(
        np.asarray(float(load)), low, np.asarray(float(aht)), agents, threshold, np.asarray(patience)
    )
    return {"agents": _text(agents), **{name: _text(getattr(found, name)) for name in OUTPUTS}}


def _patience_s(row: Row, model: str) -> float:
    text = (row.get("patience_s") or "").strip().lower()
    if model != "erlang_a":
        return float(model_patience_s(model, math.inf))
    if text in ("", "inf", "infinity", "∞"):
        return math.inf
    return float(_number(row, "patience_s", above=True))


def _agents(row: Row, load: float, aht_s: float, patience_s: float, threshold_s: float) -> float:
    if (row.get("agents") or "").strip():
        return float(_number(row, "agents"))
    wanted = {name: _number(row, name) for name in TARGETS if (row.get(name) or "").strip()}
    if not wanted:
        raise InputError(
            "neither agents nor a target is given.",
            where=Where(column="agents"),
            remedy=f"Fill in agents, or one of {', '.join(TARGETS)}.",
        )
    service_level, asa_s, abandonment, occupancy = (float(wanted[name]) if name in wanted else None for name in TARGETS)
    try:
        targets = Targets(service_level, "offered", asa_s, abandonment, occupancy)
    except InputError as error:
        column = next(name for name in TARGETS if name.removeprefix("target_") == error.where.field)
        rule = error.what.replace(f"the target {error.where.field} must", "must")
        raise InputError(rule, where=Where(column=column), remedy=error.remedy) from None
    try:
        return float(smallest_agents(load, aht_s, patience_s, threshold_s, targets))
    except InputError as error:
        if error.where.field != "load":
            raise
        remedy = "Correct calls_per_hour or aht_s: their product is the load."
        raise InputError(error.what, where=Where(column="calls_per_hour"), remedy=remedy) from None


def _number(row: Row, column: str, *, above: bool = False, default: str | None = None) -> Fraction:
    """The exact number in ``column``. Raises InputError unless it is finite and ≥ 0 (> 0 if ``above``)."""
    text = (row.get(column) or "").strip() or default
    rule = "a number above 0" if above else "a number of at least 0"
    if text is None:
        raise InputError("is empty.", where=Where(column=column), remedy=f"Write {rule}.")
    try:
        value = Fraction(text) if len(text) <= 60 and "/" not in text and _moderate(text) else None
    except ValueError:
        value = None
    if value is None or value < 0 or (above and value == 0):
        raise InputError(f"must be {rule} (found '{text[:60]}').", where=Where(column=column))
    return value


def _moderate(text: str) -> bool:
    """Whether the number fits a float: Fraction('1e999999999') would fill the memory."""
    return math.isfinite(float(text)) and (float(text) == 0 or abs(float(text)) > 1e-200)


def _text(value: float) -> str:
    if math.isnan(value):
        return ""
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))
