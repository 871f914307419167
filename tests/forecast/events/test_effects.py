"""What users bring as events: each case has a clear message and, where one is possible, a sensible answer."""

import datetime as dt

import numpy as np
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.domain.demand import Event
from staffing.domain.scenario import Scenario
from staffing.errors import InputErrors
from staffing.forecast import ForecastOptions, fit
from staffing.forecast.events.report import COLUMNS, evidence, learned_table, past_responses
from tests.forecast.conftest import make_history

CALENDAR = SiteCalendar(interval_min=1440)
FEW = ForecastOptions(paths=200, models=("regression", "weekday_mean"))
FIRST, DAYS = dt.date(2024, 1, 1), 260
START = FIRST + dt.timedelta(days=DAYS)


def day(k):
    return FIRST + dt.timedelta(days=k)


def campaign(name, k, days=2, **fields):
    return Event(name=name, kind="campaign", start=day(k), end=day(k + days - 1), **fields)


PAST = tuple(campaign(f"c{k}", 20 + 30 * k, size=2.0 + k % 3) for k in range(8))


@pytest.fixture(scope="module")
def history():
    rows = make_history(days=DAYS, level=3000.0, interval_min=1440)
    start = rows["start"].dt.tz_localize(None).dt.date
    for event in PAST:
        rows.loc[(start >= event.start) & (start <= event.last), "calls"] *= 1.2
    return rows


@pytest.fixture(scope="module")
def baseline(history):
    return fit(history, CALENDAR, PAST, FEW)


def lift(baseline, *events):
    """Calls with the events over calls without them, by day, and the notes."""
    plain = baseline.predict(CALENDAR, PAST, START, 28)
    made = baseline.predict(CALENDAR, (*PAST, *events), START, 28)
    return (made.table["calls"] / plain.table["calls"]).to_numpy(), " ".join(made.notes), made


def test_a_learned_effect_comes_with_its_evidence(baseline):
    new = campaign("new", DAYS + 3, size=3.0)
    ratio, _, _ = lift(baseline, new)
    assert ratio[3:5] == pytest.approx([1.2, 1.2], abs=0.03)
    text = evidence(baseline.queues["voice"].effects, new)
    assert text.startswith("8 past campaigns, 8 of about this size: +")
    assert "on day one" in text
    assert "on day two" in text


def test_the_table_lists_what_was_learned(baseline):
    table = learned_table(baseline)
    assert list(table.columns) == list(COLUMNS)
    first = table[table["day"] == 1].iloc[0]
    assert (first["kind"], first["queue"], first["n_past"]) == ("campaign", "voice", 8)
    assert first["low"] < 0.2 < first["high"]
    assert first["effect"] == pytest.approx(0.2, abs=0.03)
    assert 0 not in set(table["day"])


def test_past_events_line_up_on_day_one(baseline):
    past = past_responses(baseline, "campaign", "voice")
    assert past["event"].nunique() == len(PAST)
    assert past.loc[past["day"] == 1, "actual"].mean() == pytest.approx(0.2, abs=0.04)
    assert past_responses(baseline, "strike", "voice").empty


def test_a_kind_never_seen_takes_the_typed_effect_and_its_range(baseline):
    strike = Event(name="s", kind="strike", start=day(DAYS + 3), effect=0.3, effect_low=0.1, effect_high=0.5)
    ratio, notes, made = lift(baseline, strike)
    assert ratio[3] == pytest.approx(1.3, abs=0.01)
    assert "strike" not in notes
    mean, sd = baseline.queues["voice"].effects.log_effect(strike, np.array([strike.start], "datetime64[D]"))
    low, high = np.expm1([mean[0] - 1.2816 * sd[0], mean[0] + 1.2816 * sd[0]])
    assert high - low == pytest.approx(0.4, abs=0.02)
    spread = made.paths["voice"].std(axis=0) / made.table["calls"].to_numpy()
    assert spread[3] > 1.3 * np.median(spread)  # the doubt about the event reaches the sample paths


def test_a_kind_never_seen_without_an_effect_counts_as_none_and_says_so(baseline):
    ratio, notes, _ = lift(baseline, Event(name="s", kind="strike", start=day(DAYS + 3)))
    assert ratio == pytest.approx(1.0)
    assert "no past strike in voice and no effect typed" in notes


def test_an_override_needs_a_reason(baseline):
    typed = campaign("new", DAYS + 3, size=3.0, effect=0.5)
    ratio, notes, _ = lift(baseline, typed)
    assert ratio[3] == pytest.approx(1.2, abs=0.03)
    assert "overrides it once a reason is given" in notes
    ratio, notes, _ = lift(baseline, typed.model_copy(update={"reason": "twice the usual offer"}))
    assert ratio[3:5] == pytest.approx([1.5, 1.5], abs=0.01)
    assert "overrides" not in notes


def test_size_zero_has_no_effect_and_a_missing_size_is_the_usual(baseline):
    ratio, notes, _ = lift(baseline, campaign("new", DAYS + 3, size=0.0))
    assert ratio == pytest.approx(1.0)
    assert "of size 0" in notes
    ratio, _, _ = lift(baseline, campaign("new", DAYS + 3))
    assert ratio[3] == pytest.approx(1.2, abs=0.03)


def test_an_event_after_the_horizon_changes_nothing_and_says_so(baseline):
    ratio, notes, _ = lift(baseline, campaign("far", DAYS + 200))
    assert ratio == pytest.approx(1.0)
    assert "begin after the last day forecast" in notes
    assert "'far'" in notes


def test_an_event_before_the_history_teaches_nothing(history):
    early = Event(name="old", kind="launch", start=dt.date(2020, 5, 1), size=2.0)
    assert "launch" not in fit(history, CALENDAR, (early, *PAST), FEW).queues["voice"].effects.learned.kinds


def test_what_began_before_the_history_is_in_the_level_already(history):
    """A feature that lasts, learned from three; one older than history must not be added once more."""
    features = tuple(Event(name=f"f{k}", kind="feature", start=day(60 + 60 * k)) for k in range(3))
    rows = history.copy()
    start = rows["start"].dt.tz_localize(None).dt.date
    for event in features:
        rows.loc[start >= event.start, "calls"] *= 0.75
    fitted = fit(rows, CALENDAR, (*PAST, *features), FEW)
    ahead = Event(name="f9", kind="feature", start=day(DAYS + 2))
    old = Event(name="old", kind="feature", start=dt.date(2022, 5, 1))
    assert lift(fitted, ahead)[0][20] == pytest.approx(0.75, abs=0.08)
    ratio, notes, _ = lift(fitted, old)
    assert ratio == pytest.approx(1.0)
    assert "1 event(s) began before the history and teach nothing; the first is 'old' on 2022-05-01." in notes


def test_a_typed_effect_that_may_be_per_cent_is_asked_about(baseline):
    notes = lift(baseline, Event(name="show", kind="show", start=day(DAYS + 3), effect=10.0))[1]
    assert "event 'show': its typed effect of 10 means +1,000% contacts; 0.10 means +10%." in notes


def test_two_of_a_kind_on_one_day_are_asked_about(baseline):
    new = campaign("new", DAYS + 3, size=3.0)
    notes = lift(baseline, new, new.model_copy(update={"name": "again", "size": 2.0}))[1]
    assert "events 'new' and 'again' are of one kind on the same days; both count." in notes


def test_two_names_for_one_event_count_once(history, baseline):
    twin = PAST[0].model_copy(update={"name": "the same again"})
    twice = fit(history, CALENDAR, (*PAST, twin), FEW)
    assert len(twice.queues["voice"].effects.learned.kinds["campaign"].events) == len(PAST)
    new = campaign("new", DAYS + 3, size=3.0)
    ratio, notes, _ = lift(baseline, new, new.model_copy(update={"name": "again"}))
    assert ratio[3] == pytest.approx(1.2, abs=0.03)
    assert "repeats another" in notes


def test_a_single_past_case_is_said(history):
    baseline = fit(history, CALENDAR, PAST[:1], FEW)
    assert "a single past campaign" in lift(baseline, campaign("new", DAYS + 3, size=3.0))[1]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"size": -1}, "greater than or equal to 0"),
        ({"start": "2024-05-02", "end": "2024-05-01"}, "before it starts"),
        ({"start": "2024-05-02 12:00", "end": "2024-05-02 09:00"}, "ends at 09:00, not after it starts at 12:00"),
        ({"start": "2024-05-02T12:00:00Z"}, "without a time zone"),
        ({"start": "2024-05-02 25:00"}, "or with a time, 2026-12-31 09:30"),
        ({"queues": ["phone"]}, "unknown queue 'phone'"),
        ({"effect": 0.2, "effect_high": 0.0}, "lies outside its range"),
        ({"effect": -1.5}, "greater than -1"),
        ({"effect_low": 0.1}, "a range but no effect"),
    ],
)
def test_what_cannot_be_is_refused(fields, message):
    event = {"name": "e", "kind": "launch", "start": "2024-05-01", **fields}
    with pytest.raises(InputErrors, match=message):
        Scenario.parse({"queues": [{"name": "voice"}], "events": [event]})


def test_same_events_same_bytes_whatever_was_asked_before(baseline):
    new = campaign("new", DAYS + 3, size=3.0)
    first = baseline.predict(CALENDAR, (*PAST, new), START, 14)
    baseline.predict(CALENDAR, (*PAST, new.moved(day(DAYS + 6))), START, 14)
    again = baseline.predict(CALENDAR, (*PAST, new), START, 14)
    assert first.table.equals(again.table)
    assert first.paths["voice"].tobytes() == again.paths["voice"].tobytes()


def test_an_event_moves_the_paths_of_its_days_only(baseline):
    plain = baseline.predict(CALENDAR, PAST, START, 14)
    made = baseline.predict(CALENDAR, (*PAST, campaign("new", DAYS + 7, size=3.0)), START, 14)
    same = (plain.paths["voice"] == made.paths["voice"]).all(axis=0)
    assert same[:4].all()
    assert not same[7:9].any()
