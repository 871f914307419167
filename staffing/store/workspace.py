"""A workspace is a folder: site and targets, history, events, people, shifts, scenarios."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from staffing.domain.demand import Event
from staffing.domain.scenario import Scenario
from staffing.domain.workforce import Agent
from staffing.errors import InputError, InputErrors, Where
from staffing.store.absences import Absence, add_absences, read_absences, with_absences
from staffing.store.csv_rows import cells_of, parsed, rows_of
from staffing.store.files import write_text
from staffing.store.rosters import RosterBook

if TYPE_CHECKING:
    import pandas as pd

EVENT_COLUMNS = (
    "name",
    "kind",
    "start",
    "end",
    "size",
    "queue",
    "moves_to",
    "moved_share",
    "effect",
    "effect_low",
    "effect_high",
    "aht_effect",
    "enabled",
    "movable",
    "reason",
)
AGENT_COLUMNS = (
    "agent",
    "team",
    "contract",
    "skills",
    "days",
    "earliest",
    "latest",
    "time_off",
    "prefers",
    "avoids",
    "senior",
    "languages",
    "home",
    "rotation",
    "rotation_week",
)
_SHIFT_FILE = ("shifts", "contracts", "rotations")
_HOMES = {"events": "events.csv", "agents": "agents.csv", **dict.fromkeys(_SHIFT_FILE, "shifts.toml")}


@dataclass(frozen=True)
class Workspace:
    """A folder opened for planning.

    ``workspace.toml`` holds the fields of ``Scenario`` besides people and events; ``shifts.toml`` shifts,
    contracts and rotations; ``events.csv`` and ``agents.csv`` one row each; ``scenarios/NAME.toml`` a base plus
    changes.
    """

    folder: Path

    @classmethod
    def open(cls, folder: str | Path) -> Workspace:
        """Raises InputError when the folder is no workspace."""
        path = Path(folder)
        if not (path / "workspace.toml").is_file():
            raise InputError(
                "is not a workspace: it has no workspace.toml.",
                where=Where(str(folder)),
                remedy="Name a folder such as data/bank.",
            )
        return cls(path)

    @property
    def history_folder(self) -> Path:
        return self.folder / "history"

    @property
    def forecasts_folder(self) -> Path:
        """Where forecasts that were promised are kept."""
        return self.folder / "forecasts"

    @property
    def absences_file(self) -> Path:
        """Sick calls and other days off that came up after the roster was made."""
        return self.folder / "absences.csv"

    @property
    def rosters(self) -> RosterBook:
        """Drafts and published rosters by week."""
        return RosterBook(self.folder / "rosters", self.base.site)

    def keep_mended(self, table: pd.DataFrame, away: Iterable[Absence]) -> None:
        """Note those who are away and make the mended roster the draft of its weeks.

        The absences come first: a break-off between the two leaves a draft whose faults every check names.
        """
        add_absences(self.absences_file, away)
        self.rosters.keep(table)

    @property
    def cache_folder(self) -> Path:
        """Where finished stages are kept; may be deleted at any time."""
        return self.folder / ".staffing"

    @cached_property
    def base(self) -> Scenario:
        """The scenario that the files describe before any change. Raises InputErrors."""
        data = _read_toml(self.folder / "workspace.toml")
        where = Where("workspace.toml")
        for key in _HOMES:
            if key in data:
                raise InputError(
                    f"'{key}' do not belong here.", where=where, remedy="Use events.csv, agents.csv and shifts.toml."
                )
        if (self.folder / "shifts.toml").is_file():
            data |= _read_toml(self.folder / "shifts.toml", allowed=_SHIFT_FILE)
        data["events"] = read_events(self.folder / "events.csv")
        data["agents"] = with_absences(read_agents(self.folder / "agents.csv"), read_absences(self.absences_file))
        try:
            return Scenario.parse({"name": "base", **data}, where)
        except InputErrors as error:
            if any(problem.where.field == "events" for problem in error.problems):
                read_events(self.folder / "events.csv", _queue_names(data))  # names row and column
            raise InputErrors([_at_home(problem) for problem in error.problems]) from None

    @property
    def scenario_names(self) -> tuple[str, ...]:
        """``base`` first, then the files of scenarios/ by name."""
        files = sorted(path.stem for path in (self.folder / "scenarios").glob("*.toml"))
        return ("base", *(name for name in files if name != "base"))

    def scenario(self, name: str = "base") -> Scenario:
        """The scenario of that name with all its bases applied. Raises InputErrors."""
        return self._resolved(name, ())

    def parent(self, name: str) -> str:
        """The scenario whose changes ``name`` is written as; ``base`` stands on itself. Raises InputError."""
        path = self._file(name)
        return str(_read_toml(path).get("base", "base")) if path.is_file() else "base"

    def _file(self, name: str) -> Path:
        return self.folder / "scenarios" / f"{name}.toml"

    def _resolved(self, name: str, seen: tuple[str, ...]) -> Scenario:
        path = self._file(name)
        where = Where(f"scenarios/{name}.toml")
        if name in seen:
            raise InputError(f"is based on itself ({' → '.join((*seen, name))}).", where=where)
        if name not in self.scenario_names:
            known = ", ".join(self.scenario_names)
            raise InputError(f"there is no scenario '{name}'.", remedy=f"Known: {known}.")
        patch = _read_toml(path) if path.is_file() else {}
        parent = str(patch.pop("base", "base"))
        base = self.base if name == "base" else self._resolved(parent, (*seen, name))
        return base.patched({"description": "", **patch, "name": name} if name != "base" else patch, where)

    def save_scenario(self, name: str, patch: Mapping[str, Any], base: str = "base") -> Scenario:
        """Write ``scenarios/NAME.toml``: ``base`` plus ``patch``. It is checked before anything is written."""
        import tomli_w

        checked = self.scenario(base).patched({**patch, "name": name}, Where(f"scenarios/{name}.toml"))
        plain = {"base": base, **{key: value for key, value in patch.items() if key != "name"}}
        write_text(self.folder / "scenarios" / f"{name}.toml", tomli_w.dumps(plain))
        return checked


def read_events(path: Path, queues: Collection[str] = ()) -> tuple[Event, ...]:
    """Events of a CSV (columns EVENT_COLUMNS, the later ones optional); none when the file is absent.

    Raises InputErrors naming row and column, also of queues that are not among ``queues`` (if these are given).
    """
    rows = [(row, cells_of(cells)) for row, cells in rows_of(path, EVENT_COLUMNS, required=("name", "kind", "start"))]
    events = tuple(parsed(Event, rows, path, EVENT_COLUMNS))
    problems = [
        InputError(
            f"event '{event.name}' names the unknown queue '{name}'.",
            where=Where(path.name, row, column),
            remedy=f"Known: {', '.join(sorted(queues))}; empty means all.",
        )
        for (row, _), event in zip(rows, events, strict=True)
        for column, names in (("queue", event.queues), ("moves_to", (event.moves_to,) if event.moves_to else ()))
        for name in names
        if queues and name not in queues
    ]
    if problems:
        raise InputErrors(problems, file=path.name)
    return events


def read_agents(path: Path) -> tuple[Agent, ...]:
    """Agents of a CSV (columns AGENT_COLUMNS, the later ones optional); none when the file is absent."""
    rows = [(row, cells_of(cells)) for row, cells in rows_of(path, AGENT_COLUMNS, required=("agent", "contract"))]
    return tuple(parsed(Agent, rows, path, AGENT_COLUMNS))


def _queue_names(data: Mapping[str, Any]) -> list[str]:
    """Names of the queues that workspace.toml describes."""
    return [str(queue["name"]) for queue in data.get("queues", ())]


def _at_home(problem: InputError) -> InputError:
    """The problem in the file that holds its field."""
    field = problem.where.field or ""
    home = _HOMES.get(field.partition(".")[0])
    if home is None:
        return problem
    where = Where(home, field=None if home.endswith(".csv") else field)
    return InputError(problem.what, where=where, remedy=problem.remedy)


def _read_toml(path: Path, allowed: tuple[str, ...] | None = None) -> dict[str, Any]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"is not valid TOML: {error}.", where=Where(path.name)) from None
    unknown = [key for key in data if allowed is not None and key not in allowed]
    if unknown:
        raise InputError(f"'{unknown[0]}' does not belong here.", where=Where(path.name), remedy=f"Use {allowed}.")
    return data
