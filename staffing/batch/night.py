"""What a run is about: the history as it stands tonight, queue by queue, and what is wrong with it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from staffing.batch.needs import stand_apart
from staffing.batch.queues import QueueTask, scenario_of
from staffing.batch.rows import LaidDown, QueueRows, Resting
from staffing.batch.site import SitePass
from staffing.content import content_hash
from staffing.domain.scenario import Scenario
from staffing.history.files.source import SUFFIXES, is_at_rest
from staffing.history.options import KEPT
from staffing.history.rest.archive import Archive, faults
from staffing.store.kept import KeptForecasts
from staffing.store.places import Place
from staffing.store.workspace import Workspace
from staffing.version import VERSION, code_digest

if TYPE_CHECKING:
    import pandas as pd

    from staffing.history import History, Problem

PARTS = "queues"  # folder of a run's checkpoints
LESSONS = "lessons"  # among them: what queues have from each other
MONTH_DAYS = 31
NEW_DAYS = 3 * MONTH_DAYS  # queues of fewer may borrow from others
BEHIND_DAYS = 3  # queues so far behind the others may have ended


@dataclass(frozen=True)
class Night:
    """What a run is about.

    ``rows`` say where each queue's history lies, ``last`` its last day with a figure, ``faults`` of queues whose rows
    are wrong, why; ``read`` is the history where it had to be read whole, laid down for the run when it is needed.
    """

    runs: KeptForecasts
    scenario: Scenario
    horizon_days: int
    last: dict[str, dt.date]
    faults: dict[str, str]
    resting: Mapping[str, Resting] = field(default_factory=dict)
    read: Mapping[str, History] = field(default_factory=dict)

    @property
    def until(self) -> dt.date:
        return max(self.last.values())

    @cached_property
    def digests(self) -> dict[str, str]:
        """What tells each queue's history from any other."""
        known = {name: rows.sha256 for name, rows in self.resting.items()}
        return dict(sorted({**known, **{name: own.sha256 for name, own in self.read.items()}}.items()))

    @cached_property
    def inputs(self) -> str:
        known = (self.digests, forecast_inputs(self.scenario), self.horizon_days, sorted(self.faults))
        return content_hash(VERSION, *known)

    @property
    def folder(self) -> Path:
        return self.runs.folder / f"{self.until}-{self.inputs[:12]}"

    @property
    def queues(self) -> list[str]:
        """Every queue that is declared, has history, or would have it if its rows were right."""
        return sorted({*(queue.name for queue in self.scenario.queues), *self.last, *self.faults})

    @property
    def span(self) -> tuple[dt.date, int]:
        """The first day that is forecast, and how many."""
        return self.until + dt.timedelta(days=1), self.horizon_days

    def rows(self, queue: str) -> QueueRows | None:
        """Where the queue's history lies; None where it has none."""
        if queue in self.resting:
            return self.resting[queue]
        return LaidDown.down(self.folder / PARTS, self.read[queue]) if queue in self.read else None

    def tasks(self, promised: Path | None, *, refit: bool = False) -> Iterator[QueueTask]:
        """What is to be done for each queue that has history; ``promised`` are the forecasts of the run before."""
        before, apart = self.site_pass, stand_apart(self.scenario)
        for name, rows in self.all_rows.items():
            scenario, lessons = scenario_of(self.scenario, name), None if before is None else before.path
            yield QueueTask(rows, scenario, name, *self.span, self.folder / PARTS, promised, lessons, refit, apart)

    @cached_property
    def all_rows(self) -> dict[str, QueueRows]:
        """Where the history of every queue that has one lies."""
        return {name: rows for name in self.digests if (rows := self.rows(name)) is not None}

    @cached_property
    def site_pass(self) -> SitePass | None:
        """What queues learn from each other, to be done before their tasks; None where there is nothing to learn."""
        taught = any(event.enabled and event.start < self.span[0] for event in self.scenario.events)
        new = any(rows.most_days <= NEW_DAYS for rows in self.all_rows.values())
        behind = min(self.last.values()) <= self.until - dt.timedelta(days=BEHIND_DAYS)
        if len(self.all_rows) < 2 or not (taught or new or behind or self.scenario.site.opening):
            return None
        path = self.folder / PARTS / f"{content_hash(code_digest(), self.inputs, self.span)[:24]}.{LESSONS}"
        return SitePass(self.all_rows, scenario_of(self.scenario), self.span[0], path)


def night_of(workspace: Workspace, scenario: Scenario, horizon_days: int, today: dt.date | None) -> Night:
    """The history that counts; rows of ``today`` do not while the day is not over. Raises InputErrors.

    Where all of history is at rest nothing of it is read.
    """
    archive = Archive.open(Place(str(workspace.archive_folder)))
    runs = workspace.forecasts
    if archive and not loose_files(workspace.history_folder):
        return _resting_night(archive, runs, scenario, horizon_days, today, workspace.history_folder)
    from staffing.history import read_sparing

    history, problems = read_sparing(workspace.history_folder, scenario.site)
    history = history.aggregate(scenario.site.interval_min)
    if today is not None:
        history = _without_begun_day(history, scenario, today)
    last = _last_days(history.frame, scenario)
    return Night(runs, scenario, horizon_days, last, _faults(problems), read=dict(_by_queue(history)))


def _resting_night(
    archive: Archive, runs: KeptForecasts, scenario: Scenario, horizon_days: int, today: dt.date | None, folder: Path
) -> Night:
    from staffing.history import kept_answers

    last = {name: _local_day(told.get("last_known", told["last"]), scenario) for name, told in archive.queues.items()}
    before = today if today is not None and _has_begun(archive, scenario, today) else None
    if before is not None:
        last = {name: min(day, before - dt.timedelta(days=1)) for name, day in last.items()}
    answers = kept_answers(folder)
    site = content_hash(scenario.site, answers, before)
    resting = {
        name: Resting(
            archive.place.url,
            name,
            content_hash(archive.digest(name), site),
            told["rows"],
            answers,
            MONTH_DAYS * len(told["months"]),
            before,
        )
        for name, told in archive.queues.items()
    }
    return Night(runs, scenario, horizon_days, last, faults(archive.files), resting)


def fingerprint(workspace: Workspace, scenario: Scenario, horizon_days: int, today: dt.date | None) -> str:
    """Tells tonight's question from any other by its files, without reading what they say."""
    digest = hashlib.sha256(content_hash(VERSION, forecast_inputs(scenario), horizon_days, today).encode())
    folder = workspace.history_folder
    index = workspace.archive_folder / "index.json"
    for path in (*loose_files(folder), folder / KEPT, index):
        content = path.read_bytes() if path.is_file() else b""
        digest.update(f"{path.relative_to(folder)}:{len(content)}:".encode())
        digest.update(content)
    return digest.hexdigest()


def loose_files(folder: Path) -> list[Path]:
    """Files of history that are not at rest, in order of their names."""
    found = [
        path
        for top in sorted(folder.iterdir()) if not is_at_rest(top)
        for path in (sorted(top.rglob("*")) if top.is_dir() else [top])
    ] if folder.is_dir() else []  # fmt: skip
    return [path for path in found if path.suffix.lower() in SUFFIXES and path.is_file()]


def _faults(problems: Sequence[Problem]) -> dict[str, str]:
    """Why the rows of a queue cannot be used. What concerns a whole file stands under the file's name."""
    found: dict[str, str] = {}
    for problem in problems:
        for name in problem.queues or (problem.file,):
            found.setdefault(name, str(problem.as_error()))
    return found


def _by_queue(history: History) -> Iterator[tuple[str, History]]:
    for name, rows in history.frame.groupby("queue", observed=True, sort=True):
        yield str(name), replace(history, frame=rows.reset_index(drop=True))


def _has_begun(archive: Archive, scenario: Scenario, today: dt.date) -> bool:
    """Whether rows reach into ``today``, but not to its last open interval."""
    import pandas as pd

    grid, last = scenario.site.open_grid(today, 1), max(told["last"] for told in archive.queues.values())
    return bool(len(grid)) and scenario.site.midnight(today) <= pd.Timestamp(last) < grid[-1]


def _without_begun_day(history: History, scenario: Scenario, today: dt.date) -> History:
    """History without the rows of ``today`` while they do not reach that day's last open interval."""
    grid = scenario.site.open_grid(today, 1)
    begun = history.frame["start"] >= scenario.site.midnight(today)
    if begun.all() or not len(grid) or history.frame["start"].max() >= grid[-1]:
        return history
    return replace(history, frame=history.frame[~begun].reset_index(drop=True))


def _last_days(frame: pd.DataFrame, scenario: Scenario) -> dict[str, dt.date]:
    """The last day with a figure of each queue; rows whose calls are missing say nothing."""
    known = frame.dropna(subset=["calls"])
    known = frame if known.empty else known
    last = known.groupby("queue", observed=True)["start"].max().dt.tz_convert(scenario.site.zone)
    return {str(queue): instant.date() for queue, instant in last.items()}


def _local_day(instant: str, scenario: Scenario) -> dt.date:
    return dt.datetime.fromisoformat(instant).astimezone(scenario.site.zone).date()


def forecast_inputs(scenario: Scenario) -> list[object]:
    """What of a scenario a run looks at."""
    drawn = scenario.seed, scenario.sample_paths
    levers = (scenario.corrections(), scenario.aht_factors(), scenario.excluded, *drawn)
    needs = (scenario.service, scenario.shrinkage, scenario.sessions)
    return [scenario.name, scenario.site, scenario.queues, scenario.events, scenario.forecast, levers, needs]
