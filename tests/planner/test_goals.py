"""The pyramid holds together, a survey tells who answered, and proactive work takes only agents that are spare."""

import datetime as dt

import pytest

from staffing.domain.goals import Goals, ProactiveWork
from staffing.errors import InputErrors
from staffing.planner import Planner
from staffing.planner.goals import FIGURES, figures, valleys
from staffing.store.goals import first_goals, goals_of, goals_text, keep_goals
from staffing.store.workspace import Workspace
from tests.small import NEXT_WEEK


@pytest.fixture(scope="module")
def made(planned_workspace):
    workspace = Workspace.open(planned_workspace)
    return Planner.open(workspace).plan(workspace.scenario("base"), start=dt.date.fromisoformat(NEXT_WEEK))


def test_the_pyramid_to_begin_with_stands_and_names_figures_that_exist():
    goals = goals_of(first_goals())
    assert [goal.level for goal in goals.goals].count("company") == 1
    assert {goal.figure for goal in goals.goals if goal.figure} <= set(FIGURES)
    for goal in goals.goals:
        assert goal.level == "company" or goal in goals.below(goal.above)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ('[[goals]]\nname = "a"\nlevel = "company"\n[[goals]]\nname = "b"\nlevel = "company"', "at most 1 company"),
        ('[[goals]]\nname = "a"\nlevel = "team"', "must name a figure above"),
        ('[[goals]]\nname = "a"\nlevel = "company"\nsurvey = {value = 1, answered = 9, asked = 3}', "more answered"),
        ('[[goals]]\nname = "a"\nlevel = "company"\n[[goals]]\nname = "a"\nlevel = "team"\nabove = "a"', "one name"),
    ],
)
def test_what_does_not_stand_is_refused_and_nothing_is_kept(small_workspace, wrong, words):
    workspace = Workspace.open(small_workspace)
    with pytest.raises(InputErrors, match=words):
        keep_goals(workspace, wrong, "Sara")
    assert goals_text(workspace) == first_goals()


def test_kept_goals_come_back_with_their_survey(small_workspace):
    workspace = Workspace.open(small_workspace)
    text = '[[goals]]\nname = "a"\nlevel = "company"\nsurvey = {value = 0.8, answered = 30, asked = 120}'
    keep_goals(workspace, text, "Sara")
    assert goals_of(goals_text(workspace)).goals[0].survey.share == 0.25


def test_figures_are_those_of_the_plan(made):
    told = figures(made)
    assert set(told) == set(FIGURES)
    assert told["cost_per_contact"] == pytest.approx(
        made.evaluation.totals["cost"] / made.forecast.table["calls"].sum()
    )


def test_proactive_work_leaves_every_interval_what_it_requires(made):
    laid = valleys(made, [ProactiveWork(name="calls", hours=500, block_min=60), ProactiveWork(name="late", hours=5)])
    rows = made.evaluation.intervals.set_index("start")
    taken = rows["net"] * 0.0
    for one in laid.itertuples():
        taken[(taken.index >= one.start) & (taken.index < one.end)] += one.agents
    assert (rows["net"][taken > 0] - taken[taken > 0] >= -1e-6).all()
    spare = rows["net"].clip(lower=0).add(1e-6).floordiv(1).sum()
    assert laid["hours"].sum() == pytest.approx(spare)  # an hour's sittings fill every whole spare agent
    assert set(laid["work"]) <= {"calls"}  # what is named first chooses first, and wanted more than there was


def test_no_more_is_laid_than_is_wanted(made):
    assert valleys(made, []).empty
    assert valleys(made, Goals().proactive).empty
    assert valleys(made, [ProactiveWork(name="calls", hours=1, block_min=60)])["hours"].sum() <= 1
