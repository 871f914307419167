"""What an import may be told, and how large its input may be."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from staffing.errors import InputError, Where

MAX_ROWS = 20_000_000
MAX_BYTES = 500_000_000
UNITS = ("s", "ms", "min", "h", "day", "m:ss", "total_s", "total_ms", "total_min", "total_h")
#: Every answer that an import can be given: what may be said, or None where it is a name.
ANSWERS: dict[str, tuple[str, ...] | None] = {
    "absent": ("missing", "zero"),
    "calls": ("offered", "answered"),
    "clock": ("12", "24"),
    "date_order": ("dmy", "mdy"),
    "dates": ("swapped", "right"),
    "decimal": ("point", "comma"),
    "labels": ("start", "end"),
    "queue": None,
    "queue_from": ("file", "sheet", "none"),
    "repeats": ("sum", "first", "last"),
    "sheet": None,
    "slots": ("1-24", "0-23", "1-48", "0-47", "1-96", "0-95"),
    "split": None,
    "subfolders": ("read", "unread"),
    "sums": ("out", "keep"),
    "timezone": None,
    "unit.aht": UNITS,
    "unit.wait": UNITS,
    "zeros": ("out", "keep"),
}
#: Questions of how a table's cells are to be read; the others are of what rows and files mean.
OF_READING = (
    "calls", "clock", "column", "date_order", "dates", "decimal", "labels", "slots", "timezone",
    "unit",
)  # fmt: skip
COLUMNS = (
    "timestamp", "date", "time", "queue", "calls", "answered", "abandoned", "aht", "wait",
    "scheduled", "planned_off", "present",
)  # fmt: skip
KEPT = "reading.toml"


@dataclass(frozen=True)
class ImportOptions:
    """Choices of an import.

    Parameters
    ----------
    answers : what was answered, by the names of ``ANSWERS`` and ``column.NAME``: ``{"date_order": "dmy"}``.
    queue : name given to rows of a file that has no queue column.
    today : rows that start after this local day are refused; None accepts any date.
    max_rows, max_bytes : largest input, in rows (of the file and of the filled grid) and bytes.
    apart : read packed files in a child process with limited memory and time, as uploads are.
    kept : names of the answers that are kept for a folder: the planner's own tables in it need none.
    spare : what is wrong with one queue stops that queue alone, and a file that holds nothing only itself.

    Raises InputError for an answer that no question has.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    queue: str = "voice"
    today: dt.date | None = None
    max_rows: int = MAX_ROWS
    max_bytes: int = MAX_BYTES
    apart: bool = False
    spare: bool = False
    kept: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for key, value in self.answers.items():
            _check_answer(key, value)
        if not self.queue.strip():
            raise InputError("is empty.", where=Where(field="queue"), remedy="Give the queue a name.")

    def answer(self, key: str) -> str | None:
        return self.answers.get(key)

    def answered(self, more: Mapping[str, str]) -> ImportOptions:
        """The same choices with ``more`` answers, which win over those there are."""
        return replace(self, answers={**self.answers, **more}) if more else self

    def for_own_table(self) -> ImportOptions:
        """The same choices without what is kept of how others' tables are to be read."""
        read = {key for key in self.kept if key.partition(".")[0] in OF_READING}
        return replace(self, answers={key: value for key, value in self.answers.items() if key not in read})

    @property
    def default_queue(self) -> str:
        return (self.answers.get("queue") or self.queue).strip()


def settings(pairs: Iterable[str]) -> dict[str, str]:
    """Answers of ``KEY=VALUE`` texts. Raises InputError for a text of another shape."""
    answers = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise InputError(
                f"'{pair}' is not an answer.", where=Where(field="set"), remedy="Write KEY=VALUE, such as absent=zero."
            )
        _check_answer(key.strip(), value.strip())
        answers[key.strip()] = value.strip()
    return answers


def kept_answers(folder: Path) -> dict[str, str]:
    """Answers kept in ``reading.toml`` of a folder; nothing where there is none. Raises InputError when it is wrong."""
    path = folder / KEPT
    if not path.is_file():
        return {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(
            f"cannot be read: {str(error)[:100]}.", where=Where(KEPT), remedy="Write lines such as absent = 'zero'."
        ) from None
    try:
        answers = dict(_flat(table))
        for key, value in answers.items():
            _check_answer(key, value)
    except InputError as error:
        raise InputError(error.what, where=Where(KEPT, field=error.where.field), remedy=error.remedy) from None
    return answers


def keep_answers(folder: Path, answers: Mapping[str, str]) -> None:
    """Write ``answers`` to ``reading.toml`` of a folder, beside those kept there already."""
    import tomli_w

    from staffing.store.files import write_text

    nested: dict[str, Any] = {}
    for key, value in sorted({**kept_answers(folder), **answers}.items()):
        group, dot, name = key.partition(".")
        if dot:
            nested.setdefault(group, {})[name] = value
        else:
            nested[key] = value
    write_text(folder / KEPT, tomli_w.dumps(nested))


def _flat(table: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from ((f"{key}.{name}", str(each)) for name, each in value.items())
        else:
            yield key, str(value)


def _check_answer(key: str, value: str) -> None:
    group, _, name = key.partition(".")
    if key not in ANSWERS and not (group == "column" and name in COLUMNS):
        known = ", ".join([*ANSWERS, "column.NAME"])
        raise InputError("is no question of an import.", where=Where(field=key), remedy=f"Answer one of {known}.")
    allowed = ANSWERS.get(key)
    if allowed and value not in allowed:
        raise InputError(f"'{value}' is not known.", where=Where(field=key), remedy=f"Choose {_either(allowed)}.")
    if not value:
        raise InputError("is empty.", where=Where(field=key), remedy="Give it a value.")
    if key == "timezone":
        _check_zone(value)


def _check_zone(value: str) -> None:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(
            f"'{value}' is not a known time zone.", where=Where(field="timezone"), remedy="Write one as Asia/Tehran."
        ) from None


def _either(allowed: tuple[str, ...]) -> str:
    named = [f"'{each}'" for each in allowed]
    return f"{', '.join(named[:-1])} or {named[-1]}"
