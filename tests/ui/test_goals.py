"""Goals set in fields: kept, linked to what is above and to a page, refused beside the field, taken back."""

import pytest

from staffing.planner.goals import FIGURES
from staffing.store.goals import first_goals, goals_of, goals_text
from staffing.store.workspace import Workspace
from staffing.ui import goals_fields
from tests.ui.desk import button, number, opened, settle, shown


@pytest.fixture
def workspace(planned_workspace):
    yield Workspace.open(planned_workspace)
    (planned_workspace / "goals.toml").unlink(missing_ok=True)


@pytest.fixture
def app(workspace):
    return opened("goals")


def field(app, kind, label):
    return next(box for box in app.get(kind) if box.label == label)


def pick(app, name):
    app.selectbox(key=goals_fields.PICKED).set_value(name).run()
    return settle(app)


def test_every_figure_that_a_plan_tells_can_be_chosen():
    assert set(goals_fields.FIGURES) - {""} == set(FIGURES)


def test_a_survey_stands_with_the_share_that_answered(app, workspace):
    pick(app, "Satisfied customers")
    number(app, "Survey says, %").set_value(82.0)
    number(app, "Answered by").set_value(140)
    number(app, "Of so many asked").set_value(900)
    button(app, "Keep this goal").click().run()
    settle(app)
    company = goals_of(goals_text(workspace)).goals[0]
    assert (company.survey.value, company.survey.answered, company.survey.asked) == (0.82, 140, 900)
    assert "16 % answered (140 of 900)" in shown(app)


def test_a_new_goal_serves_one_above_and_names_its_page(app, workspace):
    pick(app, goals_fields.NEW)
    field(app, "text_input", "Name").set_value("Chats in time")
    field(app, "selectbox", "Level").set_value("team").run()
    field(app, "selectbox", "Serves").set_value("Service level")
    field(app, "selectbox", "Measured by").set_value("service_level")
    field(app, "selectbox", "Moved on").set_value("staffing").run()
    number(app, "Target, %").set_value(85.0)
    button(app, "Keep this goal").click().run()
    settle(app)
    made = goals_of(goals_text(workspace)).goals[-1]
    assert (made.name, made.level, made.above, made.lever) == ("Chats in time", "team", "Service level", "staffing")
    assert made.target == 0.85
    assert app.selectbox(key=goals_fields.PICKED).value == "Chats in time"
    button(app, "Undo the last change").click().run()
    settle(app)
    assert goals_text(workspace) == first_goals()


def test_a_renamed_goal_is_followed_by_what_serves_it(app, workspace):
    pick(app, "Service level")
    field(app, "text_input", "Name").set_value("In time")
    button(app, "Keep this goal").click().run()
    settle(app)
    made = goals_of(goals_text(workspace))
    assert [goal.name for goal in made.below("In time")] == ["Wishes kept"]


def test_what_does_not_fit_is_said_and_what_was_typed_stays(app, workspace):
    pick(app, "Occupancy")
    field(app, "selectbox", "Level").set_value("company").run()
    button(app, "Keep this goal").click().run()
    settle(app)
    assert "at most 1 company" in "".join(error.value for error in app.error)
    assert field(app, "selectbox", "Level").value == "company"
    assert goals_text(workspace) == first_goals()
    pick(app, "Service level")
    button(app, "Take it out").click().run()
    settle(app)
    assert "must name a figure above" in "".join(error.value for error in app.error)
    assert goals_text(workspace) == first_goals()
