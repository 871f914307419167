"""What the steps of the road stand on: the base as it is kept, changed field by field, table by table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from staffing.domain.patches import REMOVE
from staffing.errors import InputErrors, StaffingError
from staffing.language import heard
from staffing.ui import text

if TYPE_CHECKING:
    from staffing.domain.scenario import Scenario
    from staffing.history import History
    from staffing.store.base import Base

LIFE = "set-up-life"  # of the session: fields and tables begin anew when it changes
FAULTS = "set-up-faults"  # of the session: why what stands in a field was not taken
Row = dict[str, Any]


@dataclass(frozen=True)
class Setting:
    """A workspace being set up."""

    base: Base
    history: History

    @property
    def scenario(self) -> Scenario:
        return self.base.scenario

    @property
    def life(self) -> str:
        return f"{self.base.workspace.place}/{st.session_state.get(LIFE, 0)}"

    def replace(self, **fields: Any) -> None:
        """Keep the base with these fields whole in place of what they were. Raises InputErrors."""
        scenario = self.scenario
        self.base.put(scenario.parse({**scenario.model_dump(exclude_none=True), **fields}))

    def attempt(self, change: Callable[[], Any], field: str) -> bool:
        """Make a change; why it is refused is shown beside ``field``, where what was typed stays."""
        faults = st.session_state.setdefault(FAULTS, {})
        faults.pop(field, None)
        try:
            change()
        except StaffingError as error:
            faults[field] = error
            return False
        return True

    def press(self, change: Callable[[], Any], field: str) -> None:
        """A change that does not come from a field itself: fields begin anew with it."""
        if self.attempt(change, field):
            begin_anew()

    def fault(self, field: str, place: Any = st) -> None:
        """Why the last change of a field was refused."""
        error = st.session_state.get(FAULTS, {}).get(field)
        if error is not None:
            place.error("\n\n".join(told(error)), icon=":material/error:")


def begin_anew() -> None:
    """Fields and tables show what is kept."""
    st.session_state[LIFE] = st.session_state.get(LIFE, 0) + 1
    st.session_state.pop(FAULTS, None)


def told(error: StaffingError) -> list[str]:
    """What is wrong, a line for each fault, without the names of files that nobody sees here."""
    problems = error.problems if isinstance(error, InputErrors) else (error,)
    parts = ((_place(one), heard(one.what), heard(one.remedy)) for one in problems[:10])
    return [text.escape(" ".join(part for part in words if part)) for words in parts]


def _place(error: StaffingError) -> str:
    where = error.where
    row = f"{where.row}" if where.row is not None else ""
    name = where.column or (where.field or "").replace("_", " ")
    return ": ".join(part for part in (row, name) if part) + (":" if row or name else "")


def number(
    setting: Setting, place: Any, label: str, path: str, *, scale: float = 1.0, step: float = 1.0,
    low: float = 0.0, high: float | None = None, help: str = "",
) -> None:  # fmt: skip
    """One number of the base, ``table.field``, shown × ``scale``; empty where it may be left out."""
    key, value = f"{path}/{setting.life}", _at(setting.scenario, path)

    def take() -> None:
        typed = st.session_state[key]
        plain = REMOVE if typed is None else round(typed / scale, 8)
        setting.attempt(lambda: setting.base.change(nested(path, plain)), path)

    shown = None if value is None else round(float(value) * scale, 6)
    st.session_state.setdefault(key, shown)  # with a default of its own, a field could not be emptied again
    place.number_input(label, low, high, None, step, format="%0.6g", key=key, on_change=take, help=help or None)
    setting.fault(path, place)


def choice(
    setting: Setting, place: Any, label: str, path: str, options: list[Any],
    format_func: Callable[[Any], str] = str, help: str = "",
) -> None:  # fmt: skip
    """One of several values of the base's field ``table.field``."""
    key, value = f"{path}/{setting.life}", _at(setting.scenario, path)

    def take() -> None:
        chosen = st.session_state[key]
        setting.attempt(lambda: setting.base.change(nested(path, REMOVE if chosen is None else chosen)), path)

    index = options.index(value) if value in options else 0
    place.selectbox(label, options, index, format_func=format_func, key=key, on_change=take, help=help or None)
    setting.fault(path, place)


def grid(
    setting: Setting, name: str, frame: pd.DataFrame, taken: Callable[[list[Row]], Any], columns: Mapping[str, Any],
    *, rows: Any = "dynamic",
) -> None:  # fmt: skip
    """A table to edit; each edit is laid into the base by ``taken`` and kept, or refused below the table.

    The table that the grid was given stays until something else changes the base: handed a new one after each edit,
    it would lose every second.
    """
    key = f"set-up-{name}/{setting.life}"
    first = st.session_state.setdefault(f"{key}/first", frame)
    edited = st.data_editor(first, key=key, num_rows=rows, hide_index=True, column_config=dict(columns), placeholder="")
    now = rows_of(edited)
    if now != st.session_state.get(f"{key}/taken", rows_of(first)):
        st.session_state[f"{key}/taken"] = now
        if setting.attempt(lambda: taken(now), name):
            st.rerun()
    setting.fault(name)


def rows_of(frame: pd.DataFrame) -> list[Row]:
    """Rows as plain values; empty cells and empty rows are left out."""
    rows = [{str(k): v for k, v in row.items() if not _empty(v)} for row in frame.to_dict("records")]
    return [row for row in rows if row]


def _empty(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return not value
    return value is None or value == "" or bool(pd.isna(value))


def nested(path: str, value: Any) -> dict[str, Any]:
    """The patch of one field, ``table.field``."""
    table, _, field = path.rpartition(".")
    return {table: {field: value}} if table else {field: value}


def _at(scenario: Scenario, path: str) -> Any:
    found: Any = scenario
    for part in path.split("."):
        found = getattr(found, part)
    return found
