"""Tables that lie across: a column per time of day, day, weekday or queue, or a row per figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from staffing.history.arithmetic.total_names import is_total_name
from staffing.history.files.sheet import Sheet
from staffing.history.layout.headings import meaning, recognise
from staffing.history.layout.keys import Keys, keys_of
from staffing.history.layout.table import COUNTS, FIGURES, HEADING_ROWS, body_of, is_number, times_of, title_of
from staffing.history.layout.words import concepts, own_words, plain
from staffing.history.meaning.kinds import kind_of
from staffing.history.meaning.titles import title_date
from staffing.history.meaning.weeks import are_weeks
from staffing.history.options import ImportOptions

FEWEST_QUEUES = 2
NO_QUEUES = frozenset(("agents", "average", "calls", "money", "within"))  # words of figures, not of queues
MOST_FIGURES = 0.5  # share of a column's cells that name figures where it tells what each row counts


@dataclass(frozen=True)
class Across:
    """A column of figures: what it counts, and the ``key`` (time, day, queue) that its heading gives all its cells."""

    place: int
    measure: str
    key: str


@dataclass(frozen=True)
class Wide:
    """``ids`` are the columns that name a row, ``across`` those of figures, ``of`` what their keys are.

    ``of`` is empty for a single column of figures; ``figure`` is the column that says what each row counts.
    """

    ids: dict[str, int]
    across: tuple[Across, ...]
    of: str
    texts: tuple[str, ...]
    first_row: int
    title: tuple[str, ...]
    totals: tuple[str, ...] = ()
    figure: int | None = None


def find_wide(sheet: Sheet, options: ImportOptions) -> Wide | None:
    """How a sheet's table lies across, or None."""
    lines = sheet.head[:HEADING_ROWS]
    for row, cells in enumerate(lines, start=1):
        found = _by_key(sheet, row, cells) or _by_group(sheet, row, cells)
        if found:
            return found
    for row, cells in enumerate(lines, start=1):
        found = _by_queue(sheet, row, cells, options)
        if found:
            return found
    return None


def find_figure_rows(sheet: Sheet) -> Wide | None:
    """A table whose rows hold one figure each, which a column names: offered, answered, handle time; or None."""
    for row, cells in enumerate(sheet.head[:HEADING_ROWS], start=1):
        body = _body(sheet, row)
        place = next((at for at in range(len(cells)) if cells[at] and _names_figures(_column(body, at))), None)
        if place is None:
            continue
        rest = [text if at != place else "-" for at, text in enumerate(cells)]
        found = _by_key(sheet, row, rest) or _one_value(sheet, row, rest, body)
        if found:
            return replace(found, texts=tuple(cells), figure=place)
    return None


def _names_figures(cells: Sequence[str]) -> bool:
    filled = [text for text in cells if text]
    found = recognise(list(dict.fromkeys(filled)))
    told = [text for text in filled if _measure(text)]
    return (
        len(told) > MOST_FIGURES * len(filled)
        and len(set(found) & set(FIGURES)) > 1
        and bool({"calls", "answered"} & set(found))
    )


def _one_value(sheet: Sheet, row: int, cells: Sequence[str], body: Sequence[Sequence[str]]) -> Wide | None:
    """One column of numbers beside the time, and perhaps the queue."""
    found = recognise(cells)
    ids = times_of(found, body)
    ids |= {"queue": found["queue"][0]} if "queue" in found else {}
    numbers = [
        place
        for place, text in enumerate(cells)
        if text and place not in ids.values() and _mostly_numbers(_column(body, place))
    ]
    if not ids or set(ids) == {"queue"} or len(numbers) != 1:
        return None
    others = {
        place: text
        for place, text in enumerate(cells)
        if text not in ("", "-") and place not in (*ids.values(), *numbers)
    }
    if "queue" not in ids and len(others) == 1:
        ids["queue"] = next(iter(others))
    return Wide(ids, (Across(numbers[0], "calls", ""),), "", tuple(cells), row + 1, _title(sheet, row))


def _mostly_numbers(cells: Sequence[str]) -> bool:
    filled = [text for text in cells if text]
    return bool(filled) and sum(is_number(text) or kind_of([text]) == "clock" for text in filled) > 0.8 * len(filled)


def _body(sheet: Sheet, row: int) -> list[Sequence[str]]:
    return body_of(sheet.head[row:])


def _column(body: Sequence[Sequence[str]], place: int) -> list[str]:
    return [line[place] if place < len(line) else "" for line in body]


def _title(sheet: Sheet, row: int) -> tuple[str, ...]:
    return title_of(sheet.head[: row - 1])


def _by_key(sheet: Sheet, row: int, cells: Sequence[str]) -> Wide | None:
    """Times of day, days or weekdays across."""
    keys, body = keys_of(cells), _body(sheet, row)
    if keys is None or not any(is_number(text) for place in keys.texts for text in _column(body, place)):
        return None
    ids = _ids(cells, body, [place for place in range(len(cells)) if place not in keys.texts])
    if keys.of == "weekday" and not {"date", "timestamp"} & set(ids):
        weeks = next((place for place in range(len(cells)) if are_weeks(_column(body, place))), None)
        ids |= {} if weeks is None else {"date": weeks}
    if keys.of == "date":
        ids.pop("date", None)
    elif keys.of == "time":
        ids.pop("time", None)
    if "timestamp" in ids and "date" not in ids and keys.of != "date":
        ids["date"] = ids.pop("timestamp")
    ids.pop("timestamp", None)
    if keys.of != "date" and "date" not in ids and not _dated(sheet, row):
        return None
    totals = tuple(text for text in cells if text and is_total_name(text))
    across = tuple(Across(place, keys.measures.get(place, "calls"), key) for place, key in keys.texts.items())
    if not {"calls", "answered"} & {each.measure for each in across}:
        return None
    return Wide(ids, across, keys.of, tuple(cells), row + 1, _title(sheet, row), totals)


def _dated(sheet: Sheet, row: int) -> bool:
    return title_date(_title(sheet, row)) is not None


def _ids(cells: Sequence[str], body: Sequence[Sequence[str]], places: Sequence[int]) -> dict[str, int]:
    """Columns that name a row: by their headings, and by their cells where a heading says nothing."""
    ids: dict[str, int] = {}
    for place in places:
        kind = kind_of(_column(body, place))
        heading = meaning(cells[place])
        named = heading.meaning if heading else None
        if kind in ("date", "stamp"):
            ids.setdefault("date" if kind == "date" else "timestamp", place)
        elif kind == "clock" or (kind == "number" and named == "time"):
            ids.setdefault("time", place)
        elif named == "queue" or (kind == "other" and not cells[place] and place == 0):
            ids.setdefault("queue", place)
    return ids


def _by_group(sheet: Sheet, row: int, cells: Sequence[str]) -> Wide | None:
    """The same figures again and again, under the name of each queue: on the row above, or within each heading."""
    upper = sheet.head[row - 2] if row > 1 else []
    groups = upper_names = _groups(upper, len(cells)) if _repeated(cells) and upper else None
    if groups is None:
        words = [own_words(text) if _measure(text) else "" for text in cells]
        counts = [
            word for word, text in zip(words, cells, strict=True) if word and _measure(text) in ("calls", "answered")
        ]
        if len(set(counts)) < FEWEST_QUEUES or any(_measure(text) == "calls" and not own_words(text) for text in cells):
            return None
        groups = words
    across, seen = [], set()
    for place, text in enumerate(cells):
        measure = _measure(text)
        if measure and groups[place] and not is_total_name(groups[place]) and (groups[place], measure) not in seen:
            across.append(Across(place, measure, groups[place]))
            seen.add((groups[place], measure))
    if groups is not upper_names and _unlike(across):
        return None  # words that tell figures apart, such as ACD and Extn, not queues
    body = _body(sheet, row)
    ids = times_of(recognise(cells), body)
    keys = {each.key for each in across if each.measure in ("calls", "answered")}
    if len(keys) < FEWEST_QUEUES or not ids:
        return None
    totals = tuple(dict.fromkeys(group for group in groups if group and is_total_name(group)))
    kept = tuple(each for each in across if each.key in keys)
    timed = keys_of(list(dict.fromkeys(each.key for each in kept)))
    if timed is not None:
        return _of_times(Wide(ids, kept, "", tuple(cells), row + 1, _title(sheet, row - 1), totals), timed, body)
    return Wide(ids, kept, "queue", tuple(cells), row + 1, _title(sheet, row - 1 if upper else row), totals)


def _unlike(across: Sequence[Across]) -> bool:
    """Whether names have different figures, as queues side by side have not."""
    measures: dict[str, set[str]] = {}
    for each in across:
        measures.setdefault(each.key, set()).add(each.measure)
    return any(told != next(iter(measures.values())) for told in measures.values())


def _of_times(wide: Wide, keys: Keys, body: Sequence[Sequence[str]]) -> Wide | None:
    """Figures under the name of each time or day, beside columns that name the rest of the moment."""
    names = list(dict.fromkeys(each.key for each in wide.across))
    if len(keys.texts) < len(names) or keys.of == "weekday":
        return None
    told = dict(zip(names, keys.texts.values(), strict=True))
    across = tuple(replace(each, key=told[each.key]) for each in wide.across)
    taken = {each.place for each in wide.across}
    ids = _ids(wide.texts, body, [place for place in range(len(wide.texts)) if place not in taken])
    ids.pop("timestamp", None)
    ids.pop(keys.of, None)
    return replace(wide, ids=ids, across=across, of=keys.of) if "date" in ids or keys.of == "date" else None


def _measure(text: str) -> str | None:
    heading = meaning(text)
    return heading.meaning if heading and heading.meaning in FIGURES else None


def _repeated(cells: Sequence[str]) -> bool:
    named = [plain(text) for text in cells if _measure(text) in COUNTS]
    return len(named) > len(set(named))


def _groups(upper: Sequence[str], width: int) -> list[str] | None:
    """The name above each column; it holds until the next."""
    names, name = [], ""
    for place in range(width):
        name = (upper[place] if place < len(upper) else "") or name
        names.append(name)
    return names if len(set(filter(None, names))) >= FEWEST_QUEUES else None


def _by_queue(sheet: Sheet, row: int, cells: Sequence[str], options: ImportOptions) -> Wide | None:
    """Columns of whole numbers beside the time, under headings that are no words of figures: a queue each."""
    body = _body(sheet, row)
    found = recognise(cells)
    if (
        len(body) < 2
        or any(name in found for name in FIGURES)
        or any(key.startswith("column.") for key in options.answers)
    ):
        return None
    ids = times_of(found, body)
    if not ids:
        return None
    known = {place for places in found.values() for place in places}
    named = [place for place, text in enumerate(cells) if text and place not in known and not is_number(text)]
    named = [place for place in named if not NO_QUEUES & concepts(cells[place])]
    counts = [place for place in named if _whole(_column(body, place))]
    queues = [place for place in counts if not is_total_name(cells[place])]
    headings = [cells[place] for place in queues]
    timed = any(kind_of([text]) != "other" for text in headings) or keys_of(headings) is not None
    if len(queues) < FEWEST_QUEUES or timed or any(meaning(cells[place]) for place in queues):
        return None
    totals = tuple(cells[place] for place in counts if is_total_name(cells[place]))
    across = tuple(Across(place, "calls", cells[place]) for place in queues)
    return Wide(ids, across, "queue", tuple(cells), row + 1, _title(sheet, row), totals)


def _whole(cells: Sequence[str]) -> bool:
    filled = [text for text in cells if text]
    return (
        len(filled) > 0 and all(is_number(text) for text in filled) and not all(text in ("0", "1") for text in filled)
    )
