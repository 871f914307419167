"""Learned effects against effects that were put in, and against plain Gaussian conditioning."""

import datetime as dt

import numpy as np
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.domain.demand import Event
from staffing.forecast.counts import lay_out
from staffing.forecast.events.effects import GROUP
from staffing.forecast.events.evidence import gather
from staffing.forecast.events.learning import _Choice, _departing, _fit, _Problem
from staffing.forecast.events.shapes import (
    DEPARTURES,
    PLAIN_SIZE,
    SHAPES,
    SIDE_SHAPES,
    departure_reach,
    response_basis,
)
from staffing.forecast.queue_days import learn_effects, queue_days
from tests.forecast.conftest import make_history

CALENDAR = SiteCalendar(interval_min=1440)
FIRST = dt.date(2024, 1, 1)
DAYS = 300


def day(k):
    return FIRST + dt.timedelta(days=int(k))


def made(events, truth, queue="voice", seed=0, level=3000.0):
    """A made-up queue; ``truth(event, days since its start)`` is the log effect put in."""
    history = make_history(days=DAYS, level=level, interval_min=1440, queue=queue, seed=seed)
    rng = np.random.default_rng(seed + 50)
    since = np.arange(DAYS)
    log = rng.normal(0, 0.03, DAYS)
    for event in events:
        log += truth(event, since - (event.start - FIRST).days)
    history["calls"] = rng.poisson(history["calls"] * np.exp(log)).astype(float)
    return history


def days_of(history, events):
    queue = history["queue"].iloc[0]
    return queue_days(lay_out(queue, history, CALENDAR), CALENDAR, events)


def learned(history, events):
    days = days_of(history, events)
    return learn_effects([days])[days.counts.queue]


def campaigns(kind="campaign", count=10, sizes=(1.0, 2.0, 4.0), first=20, apart=24, length=2):
    return [
        Event(
            name=f"{kind} {k}",
            kind=kind,
            start=day(first + apart * k),
            end=day(first + apart * k + length - 1),
            size=sizes[k % len(sizes)],
        )
        for k in range(count)
    ]


def pulse(event, since):
    return 0.1 * (event.size / 2) ** 0.8 * ((since >= 0) & (since < event.days))


def effect_of(effects, event, days=4):
    return effects.log_effect(event, np.datetime64(event.start) + np.arange(days))


def test_the_posterior_is_plain_gaussian_conditioning():
    """One choice of shape and elasticity, written out as a dense normal model and conditioned the long way."""
    events = campaigns(count=4, apart=40)
    days = days_of(made(events, pulse), events)
    plain = days.rough.without(GROUP)
    evidence = gather(days.events, days.rough, plain, days.counts)
    choice = _Choice("pulse", 1.0, 0.3, 0.0, 0.0)
    fit = _fit([_Problem.of(evidence, "campaign", np.zeros(evidence.pull.shape))], choice, None)
    columns = [SHAPES.index(name) for name in ("pulse", "day one", "after", "before")]
    usual = np.exp(np.mean(np.log([event.size for event in events])))
    design = sum(response_basis(e, plain.facts.dates)[:, columns] * e.size / usual for e in events)
    prior = np.diag(np.array([0.3, 0.105, 0.105, 0.105]) ** 2)
    noise = plain.solved().covariance + np.diag(plain.noise / plain.weights + plain.poisson)
    gain = prior @ design.T @ np.linalg.inv(design @ prior @ design.T + noise)
    assert fit.mean[0] == pytest.approx(gain @ (plain.log_total - plain.centre), abs=1e-9)
    assert fit.covariance[0] == pytest.approx(prior - gain @ design @ prior, abs=1e-10)


def test_departures_are_plain_gaussian_conditioning_too():
    events = campaigns(count=4, apart=40)
    days = days_of(made(events, pulse), events)
    plain = days.rough.without(GROUP)
    evidence = gather(days.events, days.rough, plain, days.counts)
    problem = _Problem.of(evidence, "campaign", np.zeros(evidence.pull.shape))
    choice = _Choice("pulse", 1.0, 0.3, 0.0, 0.0)
    fit = _departing(_fit([problem], choice, np.zeros((1, PLAIN_SIZE)), departing=True), 0.2, 1.0)
    columns = [SHAPES.index(name) for name in ("pulse", *SIDE_SHAPES, *DEPARTURES)]
    usual = np.exp(np.mean(np.log([event.size for event in events])))
    design = sum(response_basis(e, plain.facts.dates)[:, columns] * e.size / usual for e in events)
    prior = np.diag(np.concatenate([[0.3, 0.105, 0.105, 0.105], 0.06 * departure_reach("pulse")]) ** 2)
    noise = plain.solved().covariance + np.diag(plain.noise / plain.weights + plain.poisson)
    whole = design @ prior @ design.T + noise
    gain = prior @ design.T @ np.linalg.inv(whole)
    told = plain.log_total - plain.centre
    assert fit.mean[0] == pytest.approx(gain @ told, abs=1e-9)
    assert fit.covariance[0] == pytest.approx(prior - gain @ design @ prior, abs=1e-10)
    log_evidence = -0.5 * told @ np.linalg.solve(whole, told) - 0.5 * np.linalg.slogdet(whole)[1]
    alone = -0.5 * told @ np.linalg.solve(noise, told) - 0.5 * np.linalg.slogdet(noise)[1]
    assert fit.log_evidence == pytest.approx(log_evidence - alone, abs=1e-6)


@pytest.mark.parametrize("peak", [-1, 2])
def test_an_effect_that_comes_before_or_late_is_followed(peak):
    """Neither a day on the eve nor a hump on day three is among the shapes."""
    events = campaigns("letter", sizes=(1.0,), length=1)
    effects = learned(made(events, lambda e, s: 0.3 * np.exp(-((s - peak) ** 2))), events)
    new = Event(name="new", kind="letter", start=day(DAYS + 7), size=1.0)
    mean, sd = effects.log_effect(new, np.datetime64(new.start) + np.arange(peak - 1, peak + 3))
    truth = 0.3 * np.exp(-(np.arange(-1.0, 3.0) ** 2))
    assert mean == pytest.approx(truth, abs=0.05)
    assert (np.abs(mean - truth) < 3 * sd).all()


def test_a_campaign_is_learned_with_its_growth():
    events = campaigns()
    effects = learned(made(events, pulse), events)
    kind = effects.learned.kinds["campaign"]
    assert kind.elasticity == pytest.approx(0.8, abs=0.25)
    for size, expected in ((2.0, 0.1), (6.0, 0.1 * 3**0.8)):
        new = Event(name="new", kind="campaign", start=day(DAYS + 5), end=day(DAYS + 6), size=size)
        mean, sd = effect_of(effects, new)
        assert mean[:2] == pytest.approx([expected] * 2, abs=2 * sd[0])
        assert mean[:2] == pytest.approx([expected] * 2, rel=0.3)
        assert abs(mean[3]) < 0.03


def test_a_decay_is_told_from_a_pulse():
    events = campaigns("launch", sizes=(1.0,), length=1)
    effects = learned(made(events, lambda e, s: np.where(s >= 0, 0.3 * 0.5 ** (np.maximum(s, 0) / 3), 0.0)), events)
    mean, sd = effect_of(effects, Event(name="new", kind="launch", start=day(DAYS), size=1.0), 7)
    assert mean == pytest.approx(0.3 * 0.5 ** (np.arange(7) / 3), abs=0.05)
    assert (sd > 0).all()
    assert effects.learned.kinds["launch"].elasticity is None  # all of one size


def test_signs_are_free_and_contacts_may_come_back_the_next_day():
    events = campaigns("outage", sizes=(1.0,), length=1)
    effects = learned(made(events, lambda e, s: -0.3 * (s == 0) + 0.15 * (s == 1)), events)
    mean, _ = effect_of(effects, Event(name="new", kind="outage", start=day(DAYS), size=1.0))
    assert mean[0] == pytest.approx(-0.3, abs=0.06)
    assert mean[1] == pytest.approx(0.15, abs=0.06)


def test_overlapping_events_are_kept_apart_and_add_in_logs():
    one = campaigns(count=9, apart=30)
    two = [
        Event(name=f"price {k}", kind="price", start=event.start + dt.timedelta(days=k % 2), size=1.0)
        for k, event in enumerate(one)
    ]

    def truth(event, since):
        return pulse(event, since) if event.kind == "campaign" else -0.2 * (since == 0)

    effects = learned(made(one + two, truth), one + two)
    dates = np.datetime64(day(DAYS)) + np.arange(2)
    both = [
        Event(name="a", kind="campaign", start=day(DAYS), end=day(DAYS + 1), size=2.0),
        Event(name="b", kind="price", start=day(DAYS), size=1.0),
    ]
    together = sum(effects.log_multiplier(event, dates) for event in both)
    assert together == pytest.approx([-0.1, 0.1], abs=0.05)


def test_few_events_are_shrunk_and_their_range_is_wide():
    few = campaigns(count=1)
    many = campaigns()
    new = Event(name="new", kind="campaign", start=day(DAYS + 5), end=day(DAYS + 6), size=2.0)
    (mean_few, sd_few), (_, sd_many) = (effect_of(learned(made(e, pulse), e), new) for e in (few, many))
    assert sd_few[0] > 1.5 * sd_many[0]
    assert abs(mean_few[0]) < 0.2


def test_queues_learn_from_each_other():
    """A queue that saw one campaign leans on the queue that saw ten."""
    events = campaigns()
    rich = days_of(made(events, pulse, "chat", seed=1), events)
    new = Event(name="new", kind="campaign", start=day(DAYS + 5), end=day(DAYS + 6), size=8.0)
    truth, miss = 0.1 * 4**0.8, np.zeros(2)
    for seed in (2, 3, 4):
        poor = days_of(made(events[:1], pulse, "voice", seed=seed), events[:1])
        alone, together = learn_effects([poor])["voice"], learn_effects([poor, rich])["voice"]
        miss += [abs(effect_of(effects, new)[0][0] - truth) for effects in (alone, together)]
    assert miss[1] < 0.5 * miss[0]
    assert len(together.learned.kinds["campaign"].events) == 1


def test_most_ranges_hold_the_truth():
    """80 % ranges on planted effects of varying strength, over a dozen made-up sites."""
    inside = []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        events = campaigns(first=15 + seed)
        own = {event.name: 1 + 0.15 * rng.normal() for event in events}
        effects = learned(made(events, lambda e, s, own=own: own[e.name] * pulse(e, s), seed=seed), events)
        for size in (0.7, 2.0, 5.0):
            new = Event(name="new", kind="campaign", start=day(DAYS + 5), end=day(DAYS + 6), size=size)
            mean, sd = effect_of(effects, new, 1)
            strength = 1 + 0.15 * rng.normal(size=40)
            inside.append(np.mean(np.abs(strength * 0.1 * (size / 2) ** 0.8 - mean) < 1.2816 * sd))
    assert 0.65 < np.mean(inside) < 0.97


def test_handle_time_has_its_own_effect():
    events = campaigns("launch", sizes=(1.0,))
    history = made(events, pulse_of_nothing)
    start = history["start"].dt.tz_localize(None)
    for event in events:
        during = (start >= str(event.start)) & (start <= str(event.last))
        history.loc[during, "aht_s"] *= 1.2
    effects = learned(history, events)
    new = Event(name="new", kind="launch", start=day(DAYS), end=day(DAYS + 1), size=1.0)
    dates = np.datetime64(day(DAYS)) + np.arange(4)
    assert np.expm1(effects.aht_log_effect(new, dates)) == pytest.approx([0.2, 0.2, 0, 0], abs=0.03)


def pulse_of_nothing(event, since):
    return np.zeros(len(since))


def test_a_kind_without_effect_leaves_the_forecast_alone():
    """Events that do nothing are read as nothing, not as the noise of their days."""
    events = campaigns(count=8)
    effects = learned(made(events, pulse_of_nothing), events)
    new = Event(name="new", kind="campaign", start=day(DAYS + 5), end=day(DAYS + 6), size=2.0)
    assert np.abs(effect_of(effects, new)[0]).max() < 0.004
    assert effects.learned.kinds["campaign"].hypotheses[-1].weight > 0.5  # the last reading: it does nothing
