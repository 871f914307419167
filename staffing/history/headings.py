"""Which of a file's columns are which, and on which row they are named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from staffing.errors import InputError, InputErrors, Where

# First spelling wins when a file has several; Persian spellings as call-centre software there writes them.
SPELLINGS: dict[str, tuple[str, ...]] = {
    "timestamp": (
        "timestamp", "start", "datetime", "date time", "interval start", "start time", "interval", "تاریخ و ساعت",
    ),
    "date": ("date", "day", "تاریخ"),
    "time": ("time", "start time", "interval", "interval start", "ساعت", "زمان"),
    "queue": ("queue", "queue name", "skill", "split", "split skill", "صف"),
    "calls": ("calls", "offered", "calls offered", "contacts", "contacts offered", "volume", "تماس", "تماس ها"),
    "answered": ("answered", "calls answered", "handled", "contacts handled", "پاسخ داده شده"),
    "abandoned": ("abandoned", "calls abandoned", "abandons", "contacts abandoned", "از دست رفته"),
    "aht_s": (
        "aht s", "aht seconds", "aht sec", "aht", "average handle time", "avg handle time", "میانگین زمان مکالمه",
    ),
    "wait_s": (
        "wait s", "wait seconds", "wait sec", "mean wait", "average wait", "avg wait", "average time in queue",
    ),
    "scheduled": ("scheduled", "agents scheduled", "scheduled agents", "scheduled staff"),
    "planned_off": ("planned off", "agents planned off", "planned absence", "planned absences"),
    "present": ("present", "agents present", "present agents", "positions staffed"),
}  # fmt: skip
REQUIRED = "a time column (timestamp, date or start) and 'calls'"
HEADING_ROWS = 20


@dataclass(frozen=True)
class Headings:
    """``places`` maps our names to column positions; ``texts`` are the file's own headings, one per column.

    ``first_row`` is the first data row, counting from row 1.
    """

    places: dict[str, int]
    texts: tuple[str, ...]
    first_row: int

    @property
    def shown(self) -> dict[str, str]:
        return {name: self.texts[place] for name, place in self.places.items()}

    @property
    def unknown(self) -> tuple[str, ...]:
        known = set(self.places.values())
        return tuple(text for place, text in enumerate(self.texts) if place not in known and text)


def plain(text: str) -> str:
    """A heading without case, marks and doubled spaces."""
    text = text.replace("\u200c", " ").replace("ي", "ی").replace("ك", "ک")
    return " ".join(re.sub(r"[^\w]+|_", " ", text).lower().split())


def find_headings(lines: Sequence[Sequence[str]], file: str) -> Headings:
    """The headings among a file's first lines: on one row, or spread over two (a group above its columns).

    Raises InputErrors naming the missing column, or a column that is there twice.
    """
    lines = lines[:HEADING_ROWS]
    for row, cells in enumerate(lines, start=1):
        places = recognise(cells)
        if _complete(places):
            return _checked(Headings(places, tuple(cells), row + 1), file)
    for row, (upper, lower) in enumerate(pairwise(lines), start=1):
        for cells in (_joined(upper, lower), _stacked(upper, lower)):
            places = recognise(cells)
            if _complete(places):
                return _checked(Headings(places, tuple(cells), row + 2), file)
    raise _missing(lines, file)


def recognise(cells: Sequence[str]) -> dict[str, int]:
    """Our column names to the positions of the cells that spell them."""
    spelled: dict[str, int] = {}
    for place, text in enumerate(cells):
        spelled.setdefault(plain(text), place)
    places: dict[str, int] = {}
    for name, spellings in SPELLINGS.items():
        found = next((spelled[text] for text in spellings if text in spelled), None)
        if found is not None and not (name == "time" and "date" not in places):
            places[name] = found
    if {"date", "time"} <= set(places):
        places.pop("timestamp", None)
    elif "timestamp" in places:
        places.pop("date", None)
    return places


def _complete(places: dict[str, int]) -> bool:
    return "calls" in places and bool({"timestamp", "date"} & set(places))


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """'Calls' above 'offered' is 'Calls offered'; a group's name holds until the next."""
    cells, group = [], ""
    for place, text in enumerate(lower):
        group = (upper[place].strip() if place < len(upper) else "") or group
        cells.append(f"{group} {text}".strip() if text.strip() else group)
    return cells


def _stacked(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """The lower heading where there is one, else the upper."""
    return [text.strip() or (upper[place].strip() if place < len(upper) else "") for place, text in enumerate(lower)]


def _checked(headings: Headings, file: str) -> Headings:
    plains = [plain(text) for text in headings.texts]
    for name, place in headings.places.items():
        if plains.count(plains[place]) > 1:
            raise InputErrors(
                [
                    InputError(
                        "is there twice.",
                        where=Where(file, headings.first_row - 1, headings.texts[place]),
                        remedy=f"Keep one column for '{name}'.",
                    )
                ],
                file=file,
            )
    return headings


def _missing(lines: Sequence[Sequence[str]], file: str) -> InputError:
    best = max(lines, key=lambda cells: len(recognise(cells)), default=())
    row = next((number for number, cells in enumerate(lines, start=1) if cells is best), 1)
    places = recognise(best)
    lacks = "calls" if "calls" not in places and places else "timestamp" if "calls" in places else None
    found = ", ".join(text.strip()[:30] for text in list(best)[:12] if text.strip()) or "nothing"
    what = f"lacks the column '{lacks}'" if lacks else "has no headings that can be read"
    return InputError(
        f"{what} (found: {found}).",
        where=Where(file, row),
        remedy=f"Name {REQUIRED} in the first row; queue, answered, abandoned and aht_seconds may follow.",
    )
