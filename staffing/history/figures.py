"""A table's columns of numbers to calls offered, answered and abandoned, handle times, waits and agents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from staffing.history.layout.headings import PARTS, aggregate_of, meaning, unit_of
from staffing.history.layout.table import COUNTS, FIGURES, SEVERAL, RawTable
from staffing.history.layout.words import plain
from staffing.history.meaning.durations import Duration, can_be, in_unit, seconds_per_call
from staffing.history.meaning.number_style import NumberStyle, settle
from staffing.history.meaning.numerals import Mark, Numbers, as_text, distinct, is_text, read_numbers
from staffing.history.options import ImportOptions
from staffing.history.report import Findings, Question, Reading, first_rows
from staffing.history.shown import shown

AGENTS = ("scheduled", "planned_off", "present")
EQUAL_SHARE = 0.98  # of rows in which two columns that mean the same are equal
FEWEST_TO_TELL = 4
MARKS: dict[str, Mark] = {"point": ".", "comma": ","}


@dataclass(frozen=True)
class Figures:
    """Numbers by our column names, as they stand in the table: units and what is a total are not settled yet."""

    numbers: Mapping[str, Numbers]

    @property
    def calls(self) -> np.ndarray:
        """Those of the column that stands for calls before it is settled what it means."""
        return self.numbers["calls" if "calls" in self.numbers else "answered"].values

    @property
    def wrong(self) -> dict[str, np.ndarray]:
        read = {name: numbers for name, numbers in self.numbers.items() if name != "calls+"}
        return {name: numbers.wrong for name, numbers in read.items() if numbers.wrong.any()}

    def keep(self, mask: np.ndarray) -> Figures:
        return Figures({name: _masked(numbers, mask) for name, numbers in self.numbers.items()})

    def settled(self, raw: RawTable, options: ImportOptions, findings: Findings) -> dict[str, np.ndarray]:
        """Calls offered and what else a history has, in its units."""
        values = _counts(self, raw, options, findings)
        answered = values.get("answered")
        if answered is None:
            answered = values["calls"]
            if "abandoned" in values:
                answered = answered - np.nan_to_num(values["abandoned"])
        handle = _handle_time(self, (raw, options), answered, findings)
        if handle is not None:
            values["aht_s"] = handle
        wait = _wait(self, (raw, options), values, findings)
        if wait is not None:
            values["wait_s"] = wait
        return values | {name: self.numbers[name].values for name in AGENTS if name in self.numbers}


def _masked(numbers: Numbers, mask: np.ndarray) -> Numbers:
    clock = None if numbers.clock is None else numbers.clock[mask]
    return Numbers(numbers.values[mask], numbers.wrong[mask], clock)


def read_figures(raw: RawTable, options: ImportOptions, findings: Findings) -> Figures:
    """The columns of numbers that the table has, in the one number style of the whole of it."""
    present = {name: cells for name, cells in raw.columns.items() if name.removesuffix("+") in FIGURES}
    style = _style(raw, present, options, findings)
    return Figures(
        {
            name: read_numbers(cells, durations=name.removesuffix("+") in SEVERAL, decimal=style.decimal)
            for name, cells in present.items()
        }
    )


def _style(raw: RawTable, present: Mapping[str, pd.Series], options: ImportOptions, findings: Findings) -> NumberStyle:
    answer = options.answer("decimal")
    if answer:
        return NumberStyle(MARKS[answer])
    texts = {name: distinct(as_text(cells)) for name, cells in present.items() if is_text(cells)}
    style = settle(texts, set(COUNTS), raw.separator, len(raw))
    if style.doubt and style.column.removesuffix("+") in SEVERAL:
        style = _by_possible(style, raw, texts[style.column])
    if style.doubt:
        column = raw.headings[style.column]
        findings.ask(
            Question(
                "decimal",
                raw.file,
                f"column '{shown(column)}': '{shown(style.example)}' could be read in two ways.",
                (
                    Reading(
                        "point",
                        "a point stands before decimals, a comma between thousands",
                        _read_as(style.example, "."),
                    ),
                    Reading(
                        "comma",
                        "a comma stands before decimals, a point between thousands",
                        _read_as(style.example, ","),
                    ),
                ),
            )
        )
    elif style.decimal == ",":
        findings.guess(raw.file, "numbers", "decimal comma")
    elif any(each.str.contains(",", regex=False).any() for each in texts.values()):
        findings.guess(raw.file, "numbers", "commas between thousands")
    if style.why:
        findings.note(
            f"{raw.file}: column '{shown(raw.headings[style.column])}': '{shown(style.example)}' is read as "
            f"{style.why}."
        )
    return style


def _by_possible(style: NumberStyle, raw: RawTable, texts: pd.Series) -> NumberStyle:
    """Settled where only one reading of durations gives a handle time or wait that can be."""
    calls = next(raw.columns[name] for name in ("answered", "calls") if name in raw.columns)
    usual = float(np.nanmedian(read_numbers(calls, durations=False, decimal=".").values))
    heading, fits = raw.headings[style.column], list[Mark]()
    for decimal in MARKS.values():
        numbers = read_numbers(texts, durations=True, decimal=decimal)
        some = numbers.values[numbers.values > 0]
        if len(some) and can_be(heading, "wait" if "wait" in style.column else "aht", float(np.median(some)), usual):
            fits.append(decimal)
    if len(fits) != 1:
        return style
    why = "thousands" if fits[0] not in style.example else "decimals"
    return replace(style, decimal=fits[0], why=f"{why}: the other reading is no possible time", doubt=False)


def _read_as(example: str, decimal: Mark) -> str:
    group = "," if decimal == "." else "."
    return f"'{example}' → {example.replace(group, '').replace(',', '.')}"


def _counts(figures: Figures, raw: RawTable, options: ImportOptions, findings: Findings) -> dict[str, np.ndarray]:
    told = {name: figures.numbers[name].values for name in COUNTS if name in figures.numbers}
    abandoned = np.nan_to_num(told["abandoned"]) if "abandoned" in told else None
    if "calls+" in figures.numbers and abandoned is not None:
        _know_answered(told, figures.numbers["calls+"].values, raw, findings)
    if "calls" not in told:
        return _from_answered(told, abandoned, raw, findings)
    if abandoned is None or not (abandoned > 0).any():
        return told
    answer = options.answer("calls")
    heading = raw.headings["calls"]
    offered_heading = (known := meaning(heading)) is not None and known.rank < 2
    if answer == "answered":
        return {"calls": told["calls"] + abandoned, "answered": told["calls"], "abandoned": told["abandoned"]}
    if answer == "offered" or offered_heading:
        return told
    if "answered" in told:
        _note_calls_answered(told, abandoned, raw, findings)
    elif "acd" in plain(heading).replace("acdcalls", "acd"):
        _ask_calls(told["calls"], abandoned, raw, findings)
    return told


def _know_answered(told: dict[str, np.ndarray], other: np.ndarray, raw: RawTable, findings: Findings) -> None:
    """A second column of calls is that of the answered where it is always the offered less the abandoned."""
    heading = shown(raw.headings["calls+"])
    known = ~np.isnan(told["calls"]) & ~np.isnan(other)
    left = told["calls"] - np.nan_to_num(told["abandoned"])
    if known.sum() >= FEWEST_TO_TELL and (np.abs(left - other)[known] < 0.5).mean() >= EQUAL_SHARE:
        told["answered"] = other
        findings.note(f"{raw.file}: '{heading}' is always the calls offered less those abandoned: the calls answered.")
    else:
        findings.note(f"{raw.file}: columns that are not read: {heading}.")


def _from_answered(
    told: dict[str, np.ndarray], abandoned: np.ndarray | None, raw: RawTable, findings: Findings
) -> dict[str, np.ndarray]:
    heading = shown(raw.headings["answered"])
    if abandoned is None:
        findings.note(f"{raw.file}: '{heading}' is taken for the calls; those not answered are not told.")
        return {"calls": told["answered"], **told}
    findings.note(f"{raw.file}: calls offered are '{heading}' and '{shown(raw.headings['abandoned'])}' together.")
    return {"calls": told["answered"] + abandoned, **told}


def _note_calls_answered(told: dict[str, np.ndarray], abandoned: np.ndarray, raw: RawTable, findings: Findings) -> None:
    """Calls that are those answered in every row, though some were abandoned, are hardly those offered."""
    known = ~np.isnan(told["calls"]) & ~np.isnan(told["answered"])
    equal = known & (told["calls"] == told["answered"])
    if known.sum() < FEWEST_TO_TELL or equal.sum() < EQUAL_SHARE * known.sum():
        return
    rows = raw.rows[equal & (abandoned > 0)]
    if len(rows):
        findings.note(
            f"{raw.file}: column '{shown(raw.headings['calls'])}' equals '{shown(raw.headings['answered'])}', though "
            f"{abandoned.sum():,.0f} calls were abandoned (rows {first_rows(rows)}): it seems to hold the "
            f"calls answered, not "
            "those offered. If so, answer calls=answered, and the abandoned are added."
        )


def _ask_calls(calls: np.ndarray, abandoned: np.ndarray, raw: RawTable, findings: Findings) -> None:
    at = int(np.argmax(abandoned > 0))
    asks = f"column '{shown(raw.headings['calls'])}' could be the calls offered or those answered."
    findings.ask(
        Question(
            "calls",
            raw.file,
            asks,
            (
                Reading(
                    "offered",
                    "those offered",
                    f"row {raw.rows[at]}: {calls[at]:g} offered, {abandoned[at]:g} of them abandoned",
                ),
                Reading(
                    "answered",
                    "those answered",
                    f"row {raw.rows[at]}: {calls[at] + abandoned[at]:g} offered, {calls[at]:g} answered",
                ),
            ),
        )
    )


def _handle_time(
    figures: Figures, told: tuple[RawTable, ImportOptions], answered: np.ndarray, findings: Findings
) -> np.ndarray | None:
    raw, options = told
    name = _preferred(figures, raw, "aht")
    if name:
        return _seconds(figures, (raw, options, name, "aht"), answered, findings)
    parts = [part for part in PARTS if part in figures.numbers]
    if "talk" not in parts:
        return None
    names = " and ".join(f"'{shown(raw.headings[part])}'" for part in parts)
    more = "" if "wrap" in parts else "; work after the call is not in it"
    findings.note(f"{raw.file}: handle time is {names}{more}.")
    each = [figures.numbers[part] for part in parts]
    units = {unit_of(raw.headings[part]) for part in parts}
    heading = raw.headings["talk"]
    if len(units) > 1 and None not in units:
        each = [_of_unit(figures.numbers[part], raw.headings[part]) for part in parts]
        heading = f"{aggregate_of(heading) or ''} talk time (s)"
    summed = np.sum([np.nan_to_num(numbers.values) for numbers in each], axis=0)
    summed = np.where(np.isnan(each[0].values), np.nan, summed)
    talk = Figures({"aht": Numbers(summed, each[0].wrong, each[0].clock)})
    named = replace(raw, headings={**raw.headings, "aht": heading})
    return _seconds(talk, (named, options, "aht", "aht"), answered, findings)


def _of_unit(numbers: Numbers, heading: str) -> Numbers:
    """Bare numbers in the unit that their heading names, as seconds."""
    told = Duration("aht", "", heading, numbers.values, numbers.clock, numbers.values)
    return replace(numbers, values=in_unit(told, unit_of(heading) or "s"))


def _preferred(figures: Figures, raw: RawTable, name: str) -> str | None:
    """A mean before a total where both are there."""
    there = [each for each in (name, f"{name}+") if each in figures.numbers]
    return min(there, key=lambda each: aggregate_of(raw.headings[each]) == "total", default=None)


def _seconds(
    figures: Figures, told: tuple[RawTable, ImportOptions, str, str], calls: np.ndarray, findings: Findings
) -> np.ndarray:
    raw, options, column, name = told
    numbers = figures.numbers[column]
    offered = name == "aht" and not {"answered", "abandoned"} & set(raw.columns)
    duration = Duration(name, raw.file, raw.headings[column], numbers.values, numbers.clock, calls, offered)
    return seconds_per_call(duration, options.answer(f"unit.{name}"), findings)


def _wait(
    figures: Figures, told: tuple[RawTable, ImportOptions], values: Mapping[str, np.ndarray], findings: Findings
) -> np.ndarray | None:
    """Mean wait of all calls; those of the answered and of the abandoned are put together by their numbers."""
    raw, options = told
    name = _preferred(figures, raw, "wait")
    if name:
        return _seconds(figures, (raw, options, name, "wait"), values["calls"], findings)
    if "asa" not in figures.numbers:
        return None
    heading = shown(raw.headings["asa"])
    if "abandon_wait" not in figures.numbers or not {"answered", "abandoned"} <= set(values):
        findings.note(
            f"{raw.file}: '{heading}' is the wait of answered calls alone and is not read as the wait of all."
        )
        return None
    answered, abandoned = (np.nan_to_num(values[each]) for each in ("answered", "abandoned"))
    waits = [
        np.nan_to_num(_seconds(figures, (raw, options, each, "wait"), weight, findings))
        for each, weight in (("asa", answered), ("abandon_wait", abandoned))
    ]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(
            answered + abandoned > 0, (waits[0] * answered + waits[1] * abandoned) / (answered + abandoned), np.nan
        )
