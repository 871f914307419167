"""Contacts that an event moves from one queue to another."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.domain.demand import MOVED_HERE, Event
from staffing.domain.scenario import Scenario
from staffing.errors import InputErrors
from staffing.forecast import ForecastOptions, fit
from staffing.forecast.events.report import learned_table
from tests.forecast.conftest import make_history

SITE = SiteCalendar(interval_min=1440)
FEW = ForecastOptions(paths=200, models=("regression", "weekday_mean"))
FIRST, DAYS = dt.date(2024, 1, 1), 220
START = FIRST + dt.timedelta(days=DAYS)


def day(k):
    return FIRST + dt.timedelta(days=k)


def push(name, k, **fields):
    return Event(name=name, kind="push", start=day(k), end=day(k + 2), queues=("voice",), moves_to="chat", **fields)


PAST = tuple(push(f"p{k}", 30 + 24 * k) for k in range(7))


def history(*, moved):
    """Voice and chat; each push keeps a fifth of the calls from voice, and ``moved`` of those come as chats."""
    voice, chat = (
        make_history(days=DAYS, level=level, interval_min=1440, queue=queue, seed=seed)
        for queue, level, seed in (("voice", 4000.0, 1), ("chat", 1500.0, 2))
    )
    start = voice["start"].dt.tz_localize(None).dt.date
    for event in PAST if moved else ():
        during = (start >= event.start) & (start <= event.last)
        lost = (0.2 * voice.loc[during, "calls"]).round()
        voice.loc[during, "calls"] -= lost
        chat.loc[during, "calls"] += moved * lost
    return pd.concat([voice, chat], ignore_index=True)


def added(baseline, *events):
    """Calls a day that ``events`` add: days by queue."""
    tables = [baseline.predict(SITE, e, START, 14).table for e in ((), events)]
    voice, chat = ([t.loc[t["queue"] == q, "calls"].to_numpy() for t in tables] for q in ("voice", "chat"))
    return voice[1] - voice[0], chat[1] - chat[0]


def test_a_typed_event_brings_what_it_keeps_away_to_the_other_queue():
    baseline = fit(history(moved=0), SITE, (), FEW)
    event = push("next", DAYS + 3, effect=-0.2, moved_share=0.6)
    voice, chat = added(baseline, event)
    assert (voice[3:6] < -200).all()
    assert chat == pytest.approx(-0.6 * voice, abs=1e-3)
    made = baseline.predict(SITE, (event,), START, 14)
    causes = made.days[(made.days["queue"] == "chat") & (made.days["cause"] == "next")]["calls"]
    assert causes.to_numpy() == pytest.approx(chat, abs=1e-3)
    spread = made.paths["chat"].std(axis=0) / made.paths["chat"].mean(axis=0)
    assert spread[3:6].mean() > 1.2 * spread[7:].mean()  # the doubt travels with the contacts


def test_what_past_events_moved_is_learned_with_its_own_sign():
    baseline = fit(history(moved=0.5), SITE, PAST, FEW)
    voice, chat = added(baseline, push("next", DAYS + 3))
    assert chat[3:6].sum() == pytest.approx(-0.5 * voice[3:6].sum(), rel=0.25)
    table = learned_table(baseline)
    first = table[table["day"] == 1].set_index("queue")
    assert first.loc["voice", "effect"] == pytest.approx(-0.2, abs=0.04)
    assert first.loc["chat", "effect"] > 0.1
    assert first.loc["chat", "kind"] == f"push{MOVED_HERE}"


def test_an_event_that_adds_contacts_moves_none():
    voice, chat = added(fit(history(moved=0), SITE, (), FEW), push("next", DAYS + 3, effect=0.3))
    assert (voice[3:6] > 0).all()
    assert np.allclose(chat, 0)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"moves_to": "fax"}, "unknown queue 'fax'"),
        ({"queues": ["chat"], "moves_to": "chat"}, "also names as its queue"),
    ],
)
def test_where_contacts_cannot_go_is_refused(fields, message):
    event = {"name": "e", "kind": "feature", "start": "2024-05-01", **fields}
    with pytest.raises(InputErrors, match=message):
        Scenario.parse({"queues": [{"name": "voice"}, {"name": "chat"}], "events": [event]})
