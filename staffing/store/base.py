"""What a workspace is set up with, changed step by step: each step is in the store when it is acknowledged, and can be
taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from staffing.domain.presets import preset
from staffing.domain.scenario import Scenario
from staffing.store.csv_files import agents_csv
from staffing.store.ground import version_of
from staffing.store.steps import Steps
from staffing.store.workspace import Workspace

DOCUMENTS = ("workspace.toml", "shifts.toml", "agents.csv")
SHIFT_BOOK = ("shifts", "contracts", "rotations")


@dataclass(frozen=True)
class Base:
    """The base of a workspace as one user changes it."""

    workspace: Workspace
    user: str

    @property
    def scenario(self) -> Scenario:
        """What the files say, sick calls aside."""
        return self.workspace.told()

    @property
    def version(self) -> str:
        """Another text after every change."""
        return version_of("".join(version_of(self.workspace.ground.read(name)) for name in DOCUMENTS).encode())

    def change(self, patch: Mapping[str, Any]) -> Scenario:
        """Lay a patch over the base and keep it. Raises InputErrors, and changes nothing, where it does not fit."""
        return self.put(self.scenario.patched(patch))

    def begin(self, scenario: Scenario) -> None:
        """Keep the first base of a new workspace: before it there is nothing to go back to."""
        with self.workspace.ground.change(self.user, "set-up begun") as change:
            for name, content in documents(scenario).items():
                change.write(name, content)

    def put(self, scenario: Scenario) -> Scenario:
        """Keep another base; scenarios that stand on it must still stand. Raises InputErrors."""
        if scenario == self.scenario:
            return scenario
        self.workspace.must_stand(scenario)
        with self.workspace.ground.change(self.user, "set-up") as change:
            self._steps.remember(change)
            for name, content in documents(scenario).items():
                change.write(name, content)
        return scenario

    @property
    def steps(self) -> int:
        """How many steps can be taken back."""
        return self._steps.count(self.workspace.ground)

    def undo(self) -> None:
        """Back to before this user's last step; nothing where there was none."""
        with self.workspace.ground.change(self.user, "set-up taken back") as change:
            self._steps.back(change)

    @property
    def _steps(self) -> Steps:
        return Steps("set-up", self.user, DOCUMENTS)


def documents(scenario: Scenario) -> dict[str, bytes]:
    """The files of a scenario's base, events aside, which have a page of their own."""
    import tomli_w

    plain = scenario.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    book = {name: plain.pop(name) for name in SHIFT_BOOK if name in plain}
    for gone in ("name", "events", "agents"):
        plain.pop(gone, None)
    if scenario.rules.preset:
        plain["rules"] = _rules(scenario)
    if scenario.site.opening:
        plain["site"]["opening"] = {day: [str(span) for span in spans] for day, spans in scenario.site.opening.items()}
    return {
        "workspace.toml": tomli_w.dumps(plain).encode(),
        "shifts.toml": tomli_w.dumps(book).encode(),
        "agents.csv": agents_csv(scenario.agents),
    }


def _rules(scenario: Scenario) -> dict[str, Any]:
    """Rules that begin with a preset, whole: a default beside a preset is a choice. A preset's rule that was taken
    out cannot be said beside it; the preset's name goes then."""
    whole: dict[str, Any] = scenario.rules.model_dump(mode="json", exclude_none=True)
    if not set(preset(scenario.rules.preset)["rules"]) <= set(whole):
        del whole["preset"]
    return whole
