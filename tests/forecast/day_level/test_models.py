"""Day models behind their protocol: any one alone, and one of a user's own."""

import datetime as dt
import re
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest

from staffing.charts import demand
from staffing.domain.calendar import SiteCalendar
from staffing.errors import InputError
from staffing.forecast import ForecastOptions, fit, reforecast
from staffing.forecast.day_level import mixture
from staffing.forecast.day_level.model import DayModel, FittedDays
from staffing.forecast.day_level.models import MODELS
from staffing.language import heard, speaking
from tests.forecast.conftest import WEEK, make_history

HOURLY = SiteCalendar(interval_min=60)
DAYS = 200
START = dt.date(2024, 1, 1) + dt.timedelta(days=DAYS)
TRUTH = 2000.0 * np.roll(WEEK, -START.weekday())


@pytest.fixture(scope="module")
def history():
    return make_history(days=DAYS)


def day_totals(made):
    return made.table.groupby(made.table.start.dt.date).calls.sum().to_numpy()


@pytest.mark.parametrize("name", list(MODELS))
def test_a_model_chosen_alone_is_the_forecast(history, name):
    made = fit(history, HOURLY, options=ForecastOptions(models=(name,), paths=100)).predict(HOURLY, (), START, 7)
    assert (made.weights.model == name).all()
    assert (made.weights.weight == 1).all()
    assert day_totals(made) == pytest.approx(made.alone("voice").calls.to_numpy())
    assert day_totals(made) == pytest.approx(TRUTH, rel=0.08)
    inside = (made.table.p10 < made.table.calls) & (made.table.calls < made.table.p90)
    assert inside[made.table.calls > 20].all()


def test_the_mix_lies_among_its_models_and_the_departure_is_said(history):
    made = fit(history, HOURLY, options=ForecastOptions(models=("prophet", "regression"), paths=40))
    made = made.predict(HOURLY, (), START, 7)
    alone = made.alone("voice").pivot(index="day", columns="model", values="calls")
    mix = day_totals(made)
    assert (mix > 0.98 * alone.min(axis=1)).all()
    assert (mix < 1.02 * alone.max(axis=1)).all()
    said = made.by_model("voice")
    assert said["mix"] == pytest.approx(mix.sum())
    assert f"Prophet alone says {said['prophet']:,.0f}, the mix {said['mix']:,.0f}" in made.departure("voice")
    assert "Prophet begins with 19% of the say" in made.departure("voice")  # 0.06 of 0.06 + 0.25
    with speaking("fa"):
        assert set(re.findall("[A-Za-z]+", heard(made.departure("voice")))) == {"Prophet"}


@pytest.mark.parametrize(
    ("weight", "moved"), [(0.12, "raised that to 12%"), (0.05, "lowered that to 5%"), (0.098, "left it there")]
)
def test_the_say_of_prophet_is_told_by_its_prior_and_what_its_past_made_of_it(history, weight, moved):
    made = fit(history, HOURLY, options=ForecastOptions(models=("prophet", "regression"), paths=40))
    made = made.predict(HOURLY, (), START, 7)
    prophet = made.weights.model == "prophet"
    told = made.weights.assign(weight=np.where(prophet, weight, 1 - weight), prior=np.where(prophet, 0.1, 0.9))
    sentence = replace(made, weights=told).departure("voice")
    assert f"Prophet begins with 10% of the say; the errors of all models so far {moved}." in sentence
    assert f"Of the others regression has the most: {1 - weight:.0%}, from 90%." in sentence


def test_the_pictures_of_the_models_speak_the_readers_language():
    rows = pd.DataFrame({"horizon": "1-2 days", "model": ["second_regression", "mine"], "weight": [0.6, 0.4]})
    calls = pd.DataFrame({"day": START, "label": "1", "model": ["mix", "weekday_mean"], "calls": [1.0, 2.0]})
    with speaking("fa"):
        drawn, said = demand.weights(rows).data, demand.by_model(calls).data
    assert not drawn["horizon"].str.contains("days").any()
    assert drawn["model"].str.contains("[a-z]").tolist() == [False, True]
    assert not said["model"].str.contains("[a-z]").any()


def test_a_chosen_model_that_needs_more_history_is_named():
    short = make_history(days=60)
    made = fit(short, HOURLY, options=ForecastOptions(models=("boosting",), paths=40))
    made = made.predict(HOURLY, (), dt.date(2024, 3, 1), 7)
    assert any("boosting needs 180; the weekday mean stands in" in note for note in made.notes)
    assert set(made.weights.model) == {"weekday_mean"}


def test_prophet_alone_is_reforecast_within_the_day():
    rows = make_history(days=90)
    known, today = rows[rows.start < "2024-03-30"], rows[rows.start < "2024-03-30 12:00"]
    baseline = fit(known, HOURLY, options=ForecastOptions(models=("prophet",), paths=100))
    morning = baseline.predict(HOURLY, (), dt.date(2024, 3, 30), 3)
    made = reforecast(baseline, morning, today, HOURLY, now=pd.Timestamp("2024-03-30 12:00", tz="UTC"))
    assert made.table.calls.notna().all()


def test_unknown_models_are_refused_by_name():
    with pytest.raises(InputError, match=r"prophet, regression.*not oracle"):
        ForecastOptions(models=("oracle",))


@dataclass(frozen=True)
class Always(FittedDays):
    level: float

    def predict(self, coming):
        return np.full(len(coming.facts), self.level)

    def replay(self, known):
        return np.full(known.past.columns.shape, self.level)


@dataclass(frozen=True)
class FlatModel(DayModel):
    """Says the median day, whatever the weekday."""

    name: str = "flat"
    prior_share: float = 0.1
    least_days: int = 21

    def fit(self, known):
        return Always(float(np.median(known.log_total)))


def test_a_model_of_ones_own_is_one_class(history):
    calendar = fit(history, HOURLY, options=ForecastOptions(models=("regression",), paths=40)).queues["voice"].days
    days = mixture.fit_days(calendar.calendar, (), (FlatModel(), MODELS["regression"]))
    shares = dict(zip(days.models, days.weights.shares[0], strict=True))
    assert shares["flat"] < 0.01 < shares["regression"]  # on past days it did far worse than the weekdays
