"""A stage looks at what it was given and at nothing else, and gives the same bytes made or kept."""

import datetime as dt
from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest

from staffing.content import content_hash
from staffing.domain.changes import move
from staffing.domain.patches import REMOVE
from staffing.domain.scenario import Scenario
from staffing.errors import InputError
from staffing.export import write_plan
from staffing.forecast import ForecastOptions
from staffing.planner import Planner, seen
from staffing.planner.stages import Fit, Prediction, Requirement, Rostering, Sharing
from staffing.store.cache import StageCache
from staffing.store.workspace import Workspace

MONDAY = dt.date(2026, 11, 23)

STAGES = ("baseline", "forecast", "requirements", "roster", "shapes", "simulation")


@pytest.fixture(scope="module")
def base(planned_workspace):
    return Workspace.open(planned_workspace).base


@pytest.fixture(scope="module")
def fit(planned_workspace, base):
    return Fit.of(Planner.open(Workspace.open(planned_workspace)).history, base, MONDAY)


@pytest.fixture(scope="module")
def stages(base, fit):
    table = pd.DataFrame({"queue": ["voice"], "calls": [1.0]})
    return [
        fit,
        Prediction(fit, base.events, (), {}, MONDAY, 7),
        Requirement(table, base),
        Sharing(table, table, base),
        Rostering(table, None, None, base, MONDAY, 7, False),
    ]


def test_a_field_of_the_wrong_kind_is_refused_by_name(stages):
    for stage in stages:
        for field in fields(stage):
            with pytest.raises(InputError, match=rf"'{type(stage).__name__}\.{field.name}': must be of the kind"):
                replace(stage, **{field.name: object()})
    with pytest.raises(InputError, match=r"Rostering\.days.*must be of the kind int, not bool"):
        replace(stages[-1], days=True)
    with pytest.raises(InputError, match=r"Rostering\.past.*DataFrame or nothing, not dict"):
        replace(stages[-1], past={})


def test_each_field_counts_in_the_key(stages, base):
    other = {
        pd.DataFrame: pd.DataFrame({"queue": ["chat"]}), type(None): pd.DataFrame(), int: 14, float: 2.0, bool: True,
        dt.date: MONDAY + dt.timedelta(days=7), tuple: (1,), dict: {"voice": 2.0},
        ForecastOptions: ForecastOptions(seed=9),
        type(base.site): base.site.model_copy(update={"interval_min": 15}),
    }  # fmt: skip
    for stage in stages:
        for field in fields(stage):
            change = other.get(type(getattr(stage, field.name)))
            if change is not None:
                assert content_hash(replace(stage, **{field.name: change})) != content_hash(stage), field.name


def test_a_scenario_shows_a_stage_what_it_may_see_and_nothing_else(stages, base):
    seen = next(stage for stage in stages if isinstance(stage, Requirement)).scenario
    assert seen.target(seen.queues[0]) == base.service
    for hidden in set(Scenario.model_fields) - set(Requirement.sees):
        with pytest.raises(AttributeError, match=hidden):
            getattr(seen, hidden)
    renamed = base.model_copy(update={"name": "other", "prices": base.prices.model_copy(update={"lost_contact": 9.0})})
    assert content_hash(replace(stages[2], scenario=renamed)) == content_hash(stages[2])


def test_a_first_run_and_a_kept_run_write_the_same_bytes(small_workspace, tmp_path):
    workspace = Workspace.open(small_workspace)
    written = {}
    for run in ("first", "kept", "alone"):
        cache = StageCache(workspace.cache_folder if run != "alone" else None, worth_keeping_s=0.0)
        made = replace(Planner.open(workspace), cache=cache).plan(workspace.base)
        if run != "alone":  # a roster made twice within its time limit need not be the same
            assert cache.made == ([*STAGES] if run == "first" else [])
        write_plan(made, tmp_path / run)
        names = ("forecast", "requirements", "roster") if run != "alone" else ("forecast", "requirements")
        written[run] = {name: (tmp_path / run / f"{name}.parquet").read_bytes() for name in names}
    assert written["first"] == written["kept"]
    assert written["alone"].items() <= written["first"].items()
    assert (tmp_path / "first" / "summary.json").read_bytes() == (tmp_path / "kept" / "summary.json").read_bytes()


def test_a_kept_fit_forecasts_the_same_to_the_last_bit_and_a_damaged_one_is_fitted_again(small_workspace):
    workspace = Workspace.open(small_workspace)
    later = workspace.base.with_changes(move("app-2.0", to="2026-11-26"))
    forecasts, made = [], []
    for damaged in (None, False, True):
        cache = StageCache(workspace.cache_folder, worth_keeping_s=0.0)
        for path in workspace.cache_folder.glob("forecast-*"):
            path.unlink()
        for path in workspace.cache_folder.glob("baseline-*") if damaged else ():
            path.write_bytes(path.read_bytes()[:-40])
        forecasts.append(replace(Planner.open(workspace), cache=cache).forecast(later))
        made.append(cache.made)
    assert made == [["baseline", "forecast"], ["forecast"], ["baseline", "forecast"]]
    for other in forecasts[1:]:
        assert content_hash(other.table) == content_hash(forecasts[0].table)
        assert all(np.array_equal(other.paths[name], paths) for name, paths in forecasts[0].paths.items())


def test_forecast_and_requirements_need_no_more_of_a_scenario_than_they_are_said_to_look_at(small_workspace):
    planner = Planner.open(Workspace.open(small_workspace))
    plain = Workspace.open(small_workspace).base
    for base in (plain, plain.patched({"service": {"meet": 0.8}, "paths": 20})):
        calls = planner.forecast(seen.by_forecast(base))
        assert content_hash(calls.table) == content_hash(planner.forecast(base).table)
        needed = planner.requirements(calls, seen.by_requirements(base))
        assert needed.equals(planner.requirements(calls, base))


def test_a_target_leaves_the_forecast_and_a_price_the_requirements_as_they_are(base):
    base = base.patched({"paths": REMOVE})
    target, price = base.patched({"service": {"service_level": 0.7}}), base.patched({"prices": {"agent_hour": 9.0}})
    surely, more = base.patched({"service": {"meet": 0.8}}), base.patched({"volume_factor": 1.1})
    forecasts = [content_hash(seen.by_forecast(one)) for one in (base, target, price, surely, more)]
    assert len(set(forecasts[:3])) == 1  # more sample paths are drawn for promises on a share of days
    assert len({*forecasts}) == 3
    assert content_hash(seen.by_requirements(price)) == content_hash(seen.by_requirements(base))
    assert content_hash(seen.by_requirements(target)) != content_hash(seen.by_requirements(base))
