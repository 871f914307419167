"""Plans side by side: every figure of every scenario, and its difference from the first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from staffing.domain.changes import difference
from staffing.errors import InputError, PlanError, Where
from staffing.evaluation.evaluate import Evaluation
from staffing.evaluation.measures import EXPECTED, MEASURES, unit
from staffing.evaluation.rollup import ALL_QUEUES
from staffing.evaluation.text import difference_text, figure_text, table_text


class ExpectedService(Protocol):
    """What is expected of a plan, per queue and all together, and by day."""

    @property
    def queues(self) -> pd.DataFrame: ...
    @property
    def days(self) -> pd.DataFrame: ...


class Evaluated(Protocol):
    """Anything that carries an evaluation, and maybe a simulation: a plan."""

    @property
    def evaluation(self) -> Evaluation: ...
    @property
    def simulated(self) -> ExpectedService | None: ...


@dataclass(frozen=True)
class Comparison:
    """
    table : tidy, one row per ``level`` (total, queue, day), ``queue``, ``day``, ``measure`` and ``scenario``:
        ``value``, ``base``, ``difference`` (value − base), ``relative`` (difference ÷ base), ``unit``,
        ``better`` (high, low or ""), ``definition``.
    changes : what differs between the scenarios: ``scenario, path, base, value`` (None: nothing there).
    scenarios : names in the order given; the first is the base.
    notes : what makes figures hard to compare.
    """

    table: pd.DataFrame
    changes: pd.DataFrame
    scenarios: tuple[str, ...]
    notes: tuple[str, ...]

    def __repr__(self) -> str:
        return f"<Comparison: {', '.join(self.scenarios)}>"

    def frame(self, level: str = "total") -> pd.DataFrame:
        """Measures down, scenarios across, each but the first followed by its difference to the first.

        ``level`` is total, queue or day. The index is measure (before it queue and day), the columns ``unit``, the
        scenarios' names, and ``NAME − BASE``. Raises InputError for another level.
        """
        if level not in ("total", "queue", "day"):
            raise InputError(f"must be 'total', 'queue' or 'day', not {level!r}.", where=Where(field="level"))
        values, differences = self.wide(level), self.wide(level, "difference")
        units = self.table.drop_duplicates("measure").set_index("measure")["unit"]
        made = pd.DataFrame({"unit": units.reindex(values.index.get_level_values("measure")).to_numpy()}, values.index)
        for name in self.scenarios:
            made[name] = values[name]
            if name != self.base:
                made[f"{name} − {self.base}"] = differences[name]
        return made

    def __str__(self) -> str:
        return "\n".join([table_text(self.text_rows(), ["", *self.text_header()]), *self.notes])

    @property
    def base(self) -> str:
        return self.scenarios[0]

    def wide(self, level: str = "total", values: str = "value") -> pd.DataFrame:
        """Measures down, scenarios across, of one ``level``; ``values``: ``value``, ``difference`` or ``relative``."""
        rows = self.table[self.table["level"] == level]
        keys = {"total": ["measure"], "queue": ["queue", "measure"], "day": ["queue", "day", "measure"]}[level]
        return rows.pivot_table(index=keys, columns="scenario", values=values, sort=False, dropna=False)[
            list(self.scenarios)
        ]

    def text_header(self) -> list[str]:
        """Column heads of ``text_rows``, without the first."""
        return [self.base, *(head for name in self.scenarios[1:] for head in (name, "difference"))]

    def text_rows(self) -> list[list[str]]:
        """The short table: per measure its label, the base's figure, then each figure and its difference."""
        whole = self.table[self.table["level"] == "total"]
        rows = []
        there = set(whole["measure"])
        for name, measure in (MEASURES | EXPECTED).items():
            if name not in there:
                continue
            cells = [measure.label]
            for row in whole[whole["measure"] == name].itertuples():
                cells.append(figure_text(measure, row.value, row.unit))
                if row.scenario != self.base:
                    cells.append(difference_text(measure, row.difference, row.unit))
            rows.append(cells)
        return rows


def compare(plans: Iterable[Evaluated | Evaluation]) -> Comparison:
    """Compare any number of plans of the same days; the first is the base.

    Parameters
    ----------
    plans : plans, or evaluations alone. Plans of one name are numbered: ``launch``, ``launch 2``.

    Returns
    -------
    Comparison
        Every measure per scenario, beside the base.

    Raises
    ------
    PlanError
        When there is none, or when they are of different days.
    """
    listed = list(plans)
    evaluations = [plan if isinstance(plan, Evaluation) else plan.evaluation for plan in listed]
    played = [None if isinstance(plan, Evaluation) else plan.simulated for plan in listed]
    _check_comparable(evaluations)
    base, names = evaluations[0], _labels(evaluations)
    parts = [_tidy(one).assign(scenario=name) for one, name in zip(evaluations, names, strict=True)]
    parts += [
        _expected(seen, one).assign(scenario=name)
        for seen, one, name in zip(played, evaluations, names, strict=True)
        if seen is not None
    ]
    tidy = pd.concat(parts, ignore_index=True)
    keys = ["level", "queue", "day", "measure"]
    first = tidy[tidy["scenario"] == names[0]].rename(columns={"value": "base"})[[*keys, "base"]]
    tidy = tidy.merge(first, on=keys, how="left")
    tidy["difference"] = tidy["value"] - tidy["base"]
    tidy["relative"] = tidy["difference"] / tidy["base"].where(tidy["base"] != 0, np.nan)
    columns = [*keys, "scenario", "value", "base", "difference", "relative", "unit", "better", "definition"]
    changes = [
        (name, path, before, after)
        for other, name in zip(evaluations[1:], names[1:], strict=True)
        for path, before, after in difference(base.scenario, other.scenario)
    ]
    changed = pd.DataFrame(changes, columns=["scenario", "path", "base", "value"], dtype=object)
    return Comparison(tidy[columns], changed, names, _notes(tidy, names))


def _labels(evaluations: list[Evaluation]) -> tuple[str, ...]:
    names = [one.scenario.name for one in evaluations]
    before = [names[:k].count(name) for k, name in enumerate(names)]
    return tuple(f"{name} {count + 1}" if count else name for name, count in zip(names, before, strict=True))


def _check_comparable(evaluations: list[Evaluation]) -> None:
    if not evaluations:
        raise PlanError("there is no plan to compare.", remedy="Name at least one scenario.")
    for one in evaluations[1:]:
        if (one.start, one.period_days) != (evaluations[0].start, evaluations[0].period_days):
            raise PlanError(
                f"'{evaluations[0].scenario.name}' and '{one.scenario.name}' are plans of different days "
                f"({evaluations[0].start} and {one.start}).",
                remedy="Plan the same week under both scenarios.",
            )


def _tidy(evaluation: Evaluation) -> pd.DataFrame:
    whole = evaluation.queues.assign(day=None)
    whole["level"] = np.where(whole["queue"] == ALL_QUEUES, "total", "queue")
    rows = pd.concat([whole, evaluation.days.assign(level="day")], ignore_index=True)
    rows = rows.rename(columns={"definition": "service_definition"})
    tidy = rows.melt(["level", "queue", "day", "service_definition"], list(MEASURES), "measure", "value")
    own = tidy.pop("service_definition")
    definitions = {measure.name: measure.definition for measure in MEASURES.values()}
    tidy["definition"] = tidy["measure"].map(definitions).where(tidy["measure"] != "service_level", own)
    tidy["unit"] = tidy["measure"].map({m.name: unit(m, evaluation.scenario) for m in MEASURES.values()})
    tidy["better"] = tidy["measure"].map({m.name: m.better for m in MEASURES.values()})
    return tidy


def _expected(played: ExpectedService, evaluation: Evaluation) -> pd.DataFrame:
    """The same of what the simulation expects."""
    whole = played.queues.assign(day=None)
    whole["level"] = np.where(whole["queue"] == ALL_QUEUES, "total", "queue")
    days = played.days.assign(level="day").rename(columns={"p_meets_target": "p_day_meets_target"})
    rows = pd.concat([whole, days], ignore_index=True).rename(columns={"service_level": "expected_service_level"})
    tidy = rows.melt(["level", "queue", "day"], list(EXPECTED), "measure", "value")
    tidy = tidy[(tidy["level"] != "day") | (tidy["measure"] != "p_week_meets_target")]
    tidy["definition"] = tidy["measure"].map({m.name: m.definition for m in EXPECTED.values()})
    tidy["better"] = tidy["measure"].map({m.name: m.better for m in EXPECTED.values()})
    tidy["unit"] = tidy["measure"].map({m.name: unit(m, evaluation.scenario) for m in EXPECTED.values()})
    return tidy


def _notes(tidy: pd.DataFrame, names: tuple[str, ...]) -> tuple[str, ...]:
    levels = tidy[(tidy["level"] == "total") & (tidy["measure"] == "service_level")]
    definitions = levels.set_index("scenario")["definition"]
    notes = []
    if definitions.nunique() > 1:
        texts = "; ".join(f"{name}: {definitions[name]}" for name in names)
        notes.append(f"Service level is not the same measure in all scenarios ({texts}).")
    currencies = tidy.loc[tidy["measure"] == "cost"].drop_duplicates("scenario")["unit"]
    if currencies.nunique() > 1:
        notes.append(f"Costs are in different currencies: {', '.join(sorted(set(currencies)))}.")
    return tuple(notes)
