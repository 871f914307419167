"""A workspace is a folder: site and targets, history, events, people, shifts, scenarios."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from staffing.domain.changes import difference, patch_between
from staffing.domain.scenario import Scenario
from staffing.domain.toml import parse_toml
from staffing.errors import Conflict, InputError, InputErrors, Where
from staffing.store import absences, call_records, leave, rights
from staffing.store.csv_files import agents_of, events_of
from staffing.store.files import plain_file
from staffing.store.ground import FolderGround, Ground, version_of
from staffing.store.kept import FORECASTS, Shelf
from staffing.store.promised import PromiseBook
from staffing.store.rosters import RosterBook

if TYPE_CHECKING:
    import pandas as pd

_SHIFT_FILE = ("shifts", "contracts", "rotations")
_HOMES = {"events": "events.csv", "agents": "agents.csv", **dict.fromkeys(_SHIFT_FILE, "shifts.toml")}


@dataclass(frozen=True)
class Workspace:
    """A workspace opened for planning. ``ground`` has its documents, ``folder`` its bulk tables: a folder has both;
    ``place`` is what opens it again.

    ``workspace.toml`` holds the fields of ``Scenario`` besides people and events; ``shifts.toml`` shifts,
    contracts and rotations; ``events.csv`` and ``agents.csv`` one row each; ``scenarios/NAME.toml`` a base plus
    changes.
    """

    folder: Path
    ground: Ground
    place: str

    @classmethod
    def open(cls, place: str | Path) -> Workspace:
        """Open a folder, or with ``NAME@db`` a workspace in the database.

        A change that was broken off in a folder is finished or taken back first, which is logged. Raises InputError
        when the folder is no workspace, or the database has none of that name.
        """
        path = Path(place)
        if path.name.endswith("@db") and not path.exists():
            return cls._stored(path.name.removesuffix("@db"))
        if not (path / "workspace.toml").is_file():
            raise InputError(
                "is not a workspace: it has no workspace.toml.",
                where=Where(str(place)),
                remedy="Name a folder such as data/bank, or a stored workspace such as bank@db.",
            )
        ground = FolderGround(path)
        ground.recover()
        return cls(path, ground, str(path))

    @classmethod
    def _stored(cls, name: str) -> Workspace:
        from staffing.store.sql.database import database_url
        from staffing.store.sql.ground import SqlGround

        ground = SqlGround(database_url(), name)
        ground.stamp()  # raises where there is none
        ground.recover()
        return cls(ground.folder, ground, f"{name}@db")

    @property
    def history_folder(self) -> Path:
        """Raises InputError where a file of it is a link that leads out of the workspace, a pipe or a device."""
        folder = self.folder / "history"
        plain_file(self.folder, folder)
        for inside, folders, files in os.walk(folder):
            for name in (*folders, *files):
                plain_file(self.folder, Path(inside) / name)
            if Path(inside) == folder and "archive" in folders:
                folders.remove("archive")  # of thousands of files, which are read by their checksums alone
        return folder

    @property
    def archive_folder(self) -> Path:
        """Where history that was taken in from drop folders lies by queue and month."""
        return self.folder / "history" / "archive"

    @property
    def records(self) -> pd.DataFrame | None:
        """Single calls of the phone system, where the site has them (see ``call_records``). Raises InputError."""
        path = self.folder / call_records.FILE
        if path.exists():
            plain_file(self.folder, path)
        return call_records.read_records(path, tuple(queue.name for queue in self.base.queues))

    def may_change(self) -> None:
        """Raises Forbidden unless the user at work may add to history and other bulk tables."""
        rights.require(self.ground, rights.Role.planner)

    @property
    def shelf(self) -> Shelf:
        """Forecasts that were promised."""
        return Shelf(self.ground, self.folder / FORECASTS)

    @property
    def rosters(self) -> RosterBook:
        """Drafts and published rosters by week."""
        return RosterBook(self.ground, self.base.site)

    @property
    def promised(self) -> PromiseBook:
        """Chances that were stated when weeks were published."""
        return PromiseBook(self.ground)

    @property
    def cache_folder(self) -> Path:
        """Where finished stages are kept; may be deleted at any time."""
        return self.folder / ".staffing"

    @cached_property
    def base(self) -> Scenario:
        """The scenario that the files describe before any change. Raises InputErrors."""
        return self.ground.steady(self._read_base)

    def told(self) -> Scenario:
        """The base as its files say it now, sick calls and granted leave aside. Raises InputErrors."""
        return self.ground.steady(lambda: self._read_base(away=False))

    def _away(self) -> tuple[absences.Absence, ...]:
        """Sick calls and granted leave."""
        sick = absences.absences_of(self.ground.read(absences.FILE))
        return (*sick, *leave.granted(self.ground.read(leave.FILE)))

    def _read_base(self, *, away: bool = True) -> Scenario:
        data = self._toml("workspace.toml")
        where = Where("workspace.toml")
        for key in _HOMES:
            if key in data:
                raise InputError(
                    f"'{key}' do not belong here.", where=where, remedy="Use events.csv, agents.csv and shifts.toml."
                )
        data |= self._toml("shifts.toml", allowed=_SHIFT_FILE)
        events, agents = (self.ground.read(name) for name in ("events.csv", "agents.csv"))
        data["events"] = events_of(events)
        data["agents"] = absences.with_absences(agents_of(agents), self._away() if away else ())
        try:
            return Scenario.parse({"name": "base", **data}, where)
        except InputErrors as error:
            if any(problem.where.field == "events" for problem in error.problems):
                events_of(events, queues=_queue_names(data))  # names row and column
            raise InputErrors([_at_home(problem) for problem in error.problems]) from None

    @property
    def scenario_names(self) -> tuple[str, ...]:
        """``base`` first, then the files of scenarios/ by name."""
        names = [Path(name).stem for name in self.ground.names("scenarios", ".toml")]
        return ("base", *(name for name in names if name != "base"))

    def scenario(self, name: str = "base") -> Scenario:
        """The scenario of that name with all its bases applied. Raises InputErrors."""
        return self.ground.steady(lambda: self._resolved(name, (), self.base))

    def must_stand(self, base: Scenario) -> None:
        """Raises InputErrors where sick calls, leave or a scenario would not fit another base (see ``told``)."""
        whole = base.model_copy(update={"agents": absences.with_absences(base.agents, self._away())})
        for name in self.scenario_names:
            self._resolved(name, (), whole)

    def parent(self, name: str) -> str:
        """The scenario whose changes ``name`` is written as; ``base`` stands on itself. Raises InputError."""
        return str(self._toml(_file(name)).get("base", "base"))

    def version(self, name: str) -> str:
        """Names what is saved of a scenario, without its bases; empty where nothing is."""
        return version_of(self.ground.read(_file(name)))

    def _resolved(self, name: str, seen: tuple[str, ...], own: Scenario) -> Scenario:
        where = Where(_file(name))
        if name in seen:
            raise InputError(f"is based on itself ({' → '.join((*seen, name))}).", where=where)
        if name not in self.scenario_names:
            known = ", ".join(self.scenario_names)
            raise InputError(f"there is no scenario '{name}'.", remedy=f"Known: {known}.")
        patch = self._toml(_file(name))
        parent = str(patch.pop("base", "base"))
        base = own if name == "base" else self._resolved(parent, (*seen, name), own)
        return base.patched({"description": "", **patch, "name": name} if name != "base" else patch, where)

    def save_scenario(
        self, name: str, patch: Mapping[str, Any], base: str = "base", *, seen: str | None = None, who: str = ""
    ) -> Scenario:
        """Write ``scenarios/NAME.toml`` (``name``): ``base`` plus ``patch``, checked before anything is written.

        ``seen`` is the version that the patch was made from, ``who`` goes to the audit. Raises Conflict, and writes
        nothing, where the scenario has been saved since.
        """
        checked = self.scenario(base).patched({**patch, "name": name}, Where(_file(name)))
        plain = {"base": base, **{key: value for key, value in patch.items() if key != "name"}}
        with self.ground.change(who) as change:
            if seen is not None and version_of(change.read(_file(name))) != seen:
                raise self._saved_meanwhile(name, checked)
            change.write(_file(name), _toml_bytes(plain))
        return checked

    def rename_scenario(self, name: str, to: str, who: str = "") -> None:
        """Give the scenario ``name`` the name ``to``; those that stand on it follow. ``who`` goes to the audit.

        Raises InputError, and changes nothing, for a name that is taken or none."""
        self.must_be_own(name)
        self.scenario(name).patched({"name": to}, Where(field="name"))
        if to in self.scenario_names:
            raise InputError(f"there is a scenario '{to}' already.", remedy="Choose another name.")
        with self.ground.change(who, f"{name} is now {to}") as change:
            change.write(_file(to), change.read(_file(name)))
            change.write(_file(name), None)
            for other in self.standing_on(name):
                change.write(_file(other), _toml_bytes({**self._toml(_file(other)), "base": to}))

    def delete_scenario(self, name: str, who: str = "") -> None:
        """Take scenario ``name`` away (``who`` does). Raises InputError, and changes nothing, where others need it."""
        self.must_be_own(name)
        if others := self.standing_on(name):
            remedy = f"Delete {', '.join(others)} first, or rename it."
            raise InputError(f"'{name}' is what {', '.join(others)} stands on.", remedy=remedy)
        with self.ground.change(who, f"{name} deleted") as change:
            change.write(_file(name), None)

    def make_baseline(self, name: str, who: str = "") -> None:
        """Let the base be what scenario ``name`` is now (``who`` does); the scenario stays and differs in nothing."""
        self.must_be_own(name)
        patch = patch_between(self.base, self.scenario(name))
        empty = _toml_bytes({"base": "base"})
        with self.ground.change(who, f"{name} is the baseline") as change:
            change.write(_file("base"), _toml_bytes({"base": "base", **patch}))
            change.write(_file(name), empty)

    def must_be_own(self, name: str) -> None:
        """Raises InputError for the base, and for what is no scenario."""
        if name == "base" or name not in self.scenario_names:
            known = ", ".join(one for one in self.scenario_names if one != "base") or "none"
            raise InputError(f"'{name}' is no scenario of its own.", remedy=f"Those are: {known}.")

    def standing_on(self, name: str) -> list[str]:
        """Scenarios that are written as changes of ``name``."""
        return [one for one in self.scenario_names if one not in ("base", name) and self.parent(one) == name]

    def _saved_meanwhile(self, name: str, mine: Scenario) -> Conflict:
        theirs = self.scenario(name) if name in self.scenario_names else self.base
        lines = [f"{path}: {old} saved, {new} yours" for path, old, new in difference(theirs, mine)]
        return Conflict(
            f"The scenario '{name}' was saved by somebody else meanwhile.",
            tuple(lines),
            remedy="Nothing was written. Lay your changes over it, or save under another name.",
        )

    def _toml(self, name: str, allowed: tuple[str, ...] | None = None) -> dict[str, Any]:
        where, content = Where(name), self.ground.read(name)
        try:
            data = parse_toml((content or b"").decode("utf-8"), where)
        except UnicodeDecodeError as error:
            raise InputError(f"is not valid TOML: {error}.", where=where) from None
        unknown = [key for key in data if allowed is not None and key not in allowed]
        if unknown:
            raise InputError(f"'{unknown[0]}' does not belong here.", where=where, remedy=f"Use {allowed}.")
        return data


def _toml_bytes(plain: Mapping[str, Any]) -> bytes:
    import tomli_w

    return tomli_w.dumps(plain).encode()


def _file(name: str) -> str:
    return f"scenarios/{name}.toml"


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
