"""Whether a point or a comma stands before decimals: one answer for a whole sheet, from all its numbers together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from staffing.history.meaning.numerals import Mark, unspaced, western

OTHER: dict[Mark, Mark] = {".": ",", ",": "."}
USUAL_SECONDS = (10.0, 7_200.0)
FEWEST_TO_TELL = 12  # rows
FAR = 10.0  # times smaller than the whole numbers beside them: perhaps thousands after all
MOST = 0.9  # share of telling numbers that settles it against a few wrong cells


@dataclass(frozen=True)
class NumberStyle:
    """``decimal`` is the mark before decimals; ``example`` the number that is in ``doubt``, or that told."""

    decimal: Mark
    why: str = ""
    doubt: bool = False
    example: str = ""
    column: str = ""


def settle(texts: Mapping[str, pd.Series], counts: set[str], separator: str, rows: int) -> NumberStyle:
    """The style of the distinct texts of a sheet's number columns.

    A mark before other than three digits, two marks, or a mark that is repeated tells. Where only such numbers as
    1.234 are there, ``counts`` decide by being whole, if others of theirs have no mark, or if the ``separator`` of
    columns is one that goes with the style, the whole numbers beside them are not of another size, and there are
    ``rows`` enough for later checks; else the doubt stays.
    """
    plain = {name: unspaced(western(each)) for name, each in texts.items()}
    marked = {
        name: each[each.str.match(r"^[-+]?\d[\d.,]*$") & each.str.contains("[.,]")] for name, each in plain.items()
    }
    marked = {name: each for name, each in marked.items() if len(each)}
    if not marked:
        return NumberStyle(".")
    told = pd.concat([_tells(each) for each in marked.values()])
    points, commas = int((told == ".").sum()), int((told == ",").sum())
    if points or commas:
        decimal: Mark = "." if points >= commas else ","
        if max(points, commas) >= MOST * (points + commas):
            return _against_counts(NumberStyle(decimal), marked, counts)
        return NumberStyle(
            decimal, doubt=True, example=str(next(iter(marked.values())).iloc[0]), column=next(iter(marked))
        )
    return _by_counts(plain, marked, counts, (separator, rows))


def _tells(texts: pd.Series) -> pd.Series:
    """The decimal mark that each number shows beyond doubt, empty where it shows none."""
    last_point, last_comma = texts.str.rfind("."), texts.str.rfind(",")
    last = pd.Series(".", texts.index).where(last_point > last_comma, ",")
    both = (last_point >= 0) & (last_comma >= 0)
    repeated = ~both & (texts.str.count("[.,]") > 1)
    single = ~both & ~repeated & ~texts.str.match(r"^[-+]?[1-9]\d{0,2}[.,]\d{3}$")
    other = last.map(OTHER)
    return last.where(both | single, other.where(repeated, ""))


def _against_counts(style: NumberStyle, marked: Mapping[str, pd.Series], counts: set[str]) -> NumberStyle:
    """In doubt after all where numbers of calls would have three decimals each."""
    for name in counts & set(marked):
        odd = marked[name][marked[name].str.match(rf"^[1-9]\d{{0,2}}\{style.decimal}\d{{3}}$")]
        if len(odd) and len(odd) == len(marked[name]):
            return NumberStyle(style.decimal, doubt=True, example=str(odd.iloc[0]), column=name)
    return style


def _by_counts(
    plain: Mapping[str, pd.Series], marked: Mapping[str, pd.Series], counts: set[str], table: tuple[str, int]
) -> NumberStyle:
    separator, rows = table
    name = next((each for each in marked if each in counts), next(iter(marked)))
    example = str(marked[name].iloc[0])
    mark: Mark = "," if "," in example else "."
    if any("." in each.iloc[0] for each in marked.values()) and any("," in each.iloc[0] for each in marked.values()):
        return NumberStyle(mark, doubt=True, example=example, column=name)
    grouped = NumberStyle(OTHER[mark], "thousands, since numbers of calls are whole", example=example, column=name)
    if name in counts:
        whole = plain[name].str.match(r"^\d{1,3}$") & (plain[name] != "0")
        fits = separator == "semicolon" if mark == "." else separator != "semicolon"
        return (
            grouped if whole.any() or fits else NumberStyle(grouped.decimal, doubt=True, example=example, column=name)
        )
    seconds = pd.to_numeric(marked[name].str.replace(mark, ".", regex=False), errors="coerce").median()
    whole = pd.to_numeric(plain[name][plain[name].str.match(r"^[1-9]\d*$")]).median()
    few = rows < FEWEST_TO_TELL  # too few to tell by how they go with calls whether they are totals
    if (mark == ".") != (separator == "semicolon") and not few and not whole >= FAR * seconds:
        return NumberStyle(mark)
    if few:
        return NumberStyle(mark, doubt=True, example=example, column=name)
    if USUAL_SECONDS[0] <= seconds <= USUAL_SECONDS[1]:
        return NumberStyle(mark)
    return NumberStyle(mark, doubt=True, example=example, column=name)
