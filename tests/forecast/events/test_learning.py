"""Learned effects against effects that were put in, and against plain Gaussian conditioning."""

import datetime as dt

import numpy as np
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.domain.demand import Event
from staffing.forecast.counts import lay_out
from staffing.forecast.events.effects import GROUP
from staffing.forecast.events.evidence import gather
from staffing.forecast.events.fits import Choice, KindDays, fitted, sums_of, with_departures
from staffing.forecast.events.learning import _loading
from staffing.forecast.events.shapes import DEPARTURES, SHAPES, SIDE_SHAPES, departure_reach, response_basis
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


PLAIN = [SHAPES.index(name) for name in ("pulse", *SIDE_SHAPES)]
PLAIN_SDS = np.array([0.3, 0.105, 0.105, 0.105])
WHOLE_PULSE = Choice("pulse", 1.0, 0.3, 0.0, 0.0)


def evidence_of(days):
    """What is known of the events, the days told, and the covariance of what they are without events."""
    plain = days.rough.without(GROUP)
    noise = plain.solved().covariance + np.diag(plain.noise / plain.weights + plain.poisson)
    return gather(days.events, days.rough, plain, days.counts), plain.log_total - plain.centre, noise


def grown(events, dates, columns):
    """Events × days × shapes, as elasticity 1 has them."""
    usual = np.exp(np.mean(np.log([event.size for event in events])))
    return np.array([response_basis(event, dates)[:, columns] * event.size / usual for event in events])


def conditioned(design, prior, noise, told):
    """Mean and covariance of coefficients, and log evidence against none, by the textbook."""
    whole = design @ prior @ design.T + noise
    gain = prior @ design.T @ np.linalg.inv(whole)
    log_evidence = [-0.5 * told @ np.linalg.solve(c, told) - 0.5 * np.linalg.slogdet(c)[1] for c in (whole, noise)]
    return gain @ told, prior - gain @ design @ prior, log_evidence[0] - log_evidence[1]


def test_the_posterior_is_plain_gaussian_conditioning():
    """One choice of shape and elasticity, written out as a dense normal model and conditioned the long way."""
    events = campaigns(count=4, apart=40)
    evidence, told, noise = evidence_of(days_of(made(events, pulse), events))
    fit = fitted([sums_of(KindDays.of(evidence, "campaign", {}), "pulse", 1.0, None, departing=False)], WHOLE_PULSE)
    design = grown(events, evidence.dates, PLAIN).sum(axis=0)
    mean, covariance, log_evidence = conditioned(design, np.diag(PLAIN_SDS**2), noise, told)
    assert fit.mean[0] == pytest.approx(mean, abs=1e-9)
    assert fit.covariance[0] == pytest.approx(covariance, abs=1e-10)
    assert fit.log_evidence == pytest.approx(log_evidence, abs=1e-6)


def test_departures_are_plain_gaussian_conditioning_too():
    events = campaigns(count=4, apart=40)
    evidence, told, noise = evidence_of(days_of(made(events, pulse), events))
    sums = sums_of(KindDays.of(evidence, "campaign", {}), "pulse", 1.0, None, departing=True)
    fit = with_departures(fitted([sums], WHOLE_PULSE), 0.2, 1.0)
    design = grown(events, evidence.dates, [*PLAIN, *(SHAPES.index(name) for name in DEPARTURES)]).sum(axis=0)
    prior = np.diag(np.concatenate([PLAIN_SDS, 0.06 * departure_reach("pulse")]) ** 2)
    mean, covariance, log_evidence = conditioned(design, prior, noise, told)
    assert fit.mean[0] == pytest.approx(mean, abs=1e-9)
    assert fit.covariance[0] == pytest.approx(covariance, abs=1e-10)
    assert fit.log_evidence == pytest.approx(log_evidence, abs=1e-6)


def test_events_stray_from_their_own_average():
    """Strengths of one kind are drawn, their average is taken off, and they are coefficients like any other."""
    events, curve = campaigns(count=4, apart=40), np.array([0.1, 0.02, -0.01, 0.0])
    evidence, told, noise = evidence_of(days_of(made(events, pulse), events))
    sums = sums_of(KindDays.of(evidence, "campaign", {}), "pulse", 1.0, curve, departing=False)
    fit = fitted([sums], Choice("pulse", 1.0, 0.3, 0.25, 0.0))
    each = grown(events, evidence.dates, PLAIN)
    strays = 0.25 * (each @ curve).T @ (np.eye(4) - np.full((4, 4), 0.25))
    design = np.hstack([each.sum(axis=0), strays])
    prior = np.diag(np.concatenate([PLAIN_SDS**2, np.ones(4)]))
    mean, covariance, log_evidence = conditioned(design, prior, noise, told)
    assert fit.mean[0] == pytest.approx(mean[:4], abs=1e-9)
    assert fit.covariance[0] == pytest.approx(covariance[:4, :4], abs=1e-10)
    assert fit.log_evidence == pytest.approx(log_evidence, abs=1e-6)
    assert fit.strengths(0) == pytest.approx(1 + 0.25 * (mean[4:] - mean[4:].mean()), abs=1e-8)


def test_another_kind_on_the_same_days_is_integrated_out():
    """Two kinds in one dense normal model; what it says of the first is what the first is told beside the second."""
    events = campaigns(count=4, apart=40)
    others = campaigns("price", count=4, first=21, apart=40)
    evidence, told, noise = evidence_of(days_of(made(events + others, pulse), events + others))
    price = KindDays.of(evidence, "price", {})
    leading = fitted([sums_of(price, "pulse", 1.0, None, departing=False)], WHOLE_PULSE)
    known = {("voice", "price"): _loading(price, 0, [leading])}
    fit = fitted([sums_of(KindDays.of(evidence, "campaign", known), "pulse", 1.0, None, departing=False)], WHOLE_PULSE)
    design = np.hstack([grown(kind, evidence.dates, PLAIN).sum(axis=0) for kind in (events, others)])
    mean, covariance, _ = conditioned(design, np.diag(np.tile(PLAIN_SDS, 2) ** 2), noise, told)
    assert fit.mean[0] == pytest.approx(mean[:4], abs=1e-9)
    assert fit.covariance[0] == pytest.approx(covariance[:4, :4], abs=1e-10)


@pytest.mark.parametrize(("peak", "wide"), [(5, 1.8), (10, 2.5), (14, 3.5)])
def test_a_hump_days_later_is_foreseen(peak, wide):
    def truth(event, since):
        return 0.3 * np.exp(-0.5 * ((since - peak) / wide) ** 2) * (since >= 0)

    events = campaigns("letter", count=5, sizes=(None,), first=30, apart=50, length=1)
    effects = learned(made(events, truth), events)
    new = Event(name="new", kind="letter", start=day(DAYS + 3))
    mean, sd = effect_of(effects, new, 40)
    assert mean == pytest.approx(truth(new, np.arange(40)), abs=0.05)
    assert mean[peak] == pytest.approx(0.3, rel=0.15)
    assert (np.abs(mean - truth(new, np.arange(40))) < 3 * sd).all()


def test_an_event_of_weeks_may_act_on_some_weekdays_only():
    """A fortnight's campaign that is felt from Monday to Wednesday; the next one begins on a Thursday."""

    def truth(event, since):
        weekday = (event.start.weekday() + since) % 7
        return 0.3 * ((since >= 0) & (since < 14) & (weekday < 3))

    events = campaigns("tv", count=4, sizes=(None,), first=30, apart=61, length=14)
    effects = learned(made(events, truth), events)
    new = Event(name="new", kind="tv", start=day(DAYS + 4), end=day(DAYS + 17))
    assert new.start.weekday() == 3
    mean, _ = effect_of(effects, new, 14)
    assert mean == pytest.approx(truth(new, np.arange(14)), abs=0.07)


def test_two_events_that_did_the_same_are_believed():
    """Their agreement is the kind's, not a chance of each."""
    events = campaigns(count=2, apart=60, sizes=(None,), length=3)
    effects = learned(made(events, lambda e, s: -0.35 * ((s >= 0) & (s < 3))), events)
    new = Event(name="new", kind="campaign", start=day(DAYS + 5), end=day(DAYS + 7))
    mean, sd = effect_of(effects, new)
    assert mean[:3] == pytest.approx([-0.35] * 3, rel=0.15)
    assert (sd[:3] > 0.02).all()  # the next may differ


@pytest.mark.parametrize("apart", [0, 1])
def test_kinds_that_come_together_add_up(apart):
    """On the very same days only their sum can be told; a day apart, each."""
    one = campaigns(count=5, first=20, apart=50, sizes=(None,), length=1)
    other = campaigns("price", count=5, first=20 + apart, apart=50, sizes=(None,), length=1)
    effects = learned(made(one + other, lambda e, s: 0.2 * (s == 0)), one + other)
    new = [Event(name=kind, kind=kind, start=day(DAYS + 5 + k * apart)) for k, kind in enumerate(("campaign", "price"))]
    means = [effect_of(effects, event, 1)[0][0] for event in new]
    assert sum(means) == pytest.approx(0.4, abs=0.07)
    assert not apart or means == pytest.approx([0.2, 0.2], abs=0.07)


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
