"""What past events taught: each kind's response by day and size, pooled over events and queues.

The log of a day's contacts is the calendar regression plus, for every event, (size / usual)^elasticity × a sum of
day shapes. Given shape and elasticity this is linear, and the regression's own covariance makes it generalised
least squares: an effect is measured against what the level, the weekday and the season would have done by
themselves, wandering included. Coefficients of a kind are normal around zero ("all"), those of a queue around
the kind's, and each event's own strength around their average (Gelman & Hill 2007, ch. 13): what past events have in
common is never laid to chance. No shape is quite right: from its shapes a queue's effect departs, stretch of days by
stretch of days, as far as past events did. Main shape, elasticity, prior scale, spread between events and size of
departures are averaged by their marginal likelihood (Hoeting et al. 1999, eq. 1 and 2) rather than picked, so that the
interval tells what is not known about them; that a kind does nothing is one of the readings, so that events without
effect leave the forecast alone. What other kinds do on the same days is integrated out, under the leading reading of
each.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array

from staffing.forecast.events.evidence import Evidence, shared_days
from staffing.forecast.events.fits import (
    Choice,
    KindDays,
    KindFit,
    contrasts,
    fitted,
    prior_sds,
    sums_of,
    with_departures,
)
from staffing.forecast.events.kinds import Hypothesis, KindEffect, Learned, columns_of
from staffing.forecast.events.shapes import (
    LASTING,
    LATE,
    MAIN_SHAPES,
    SHAPES,
    WEEK_DAYS,
)

ELASTICITIES = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5)
ELASTICITY_PRIOR = (0.08, 0.12, 0.22, 0.24, 0.26, 0.08)
MAIN_SDS = (0.03, 0.1, 0.3)  # log units: what a kind's main effect may be before any is seen
OWN_SPREADS = (0.05, 0.12, 0.25, 0.5)  # how far one event's strength strays from its kind's
OWN_PRIOR = (0.25, 0.3, 0.3, 0.15)
DEPARTING_SDS = (0.1, 0.3, 1.0)  # how far an effect departs from its shapes on a day, relative to the main shape
DEPARTING_PRIOR = (0.5, 0.3, 0.2)
LASTING_PRIOR = 0.15  # of a shape that lasts for good, against others: the level wanders by itself
LATE_PRIOR = 0.3  # of a shape that is highest days after the first
ACTING_PRIOR = 0.5  # that a kind named by the planner does anything at all
LEAST_ODDS, MOST_KEPT = 0.05, 16  # hypotheses kept, against the best
ROUNDS = 3  # the first looks at every kind alone, the others at each beside what is known of the rest


def learn(evidence: Sequence[Evidence]) -> dict[str, Learned]:
    """Effects of every queue, kinds fitted in turn until each allows for the others.

    Departures come last: before, they would take what other kinds do on days beside.
    """
    share = shared_days(evidence)
    evidence = [e.tempered(share) for e in evidence]
    kinds = sorted({event.kind for e in evidence for event in e.events})
    rounds = ROUNDS if len(kinds) > 1 else 1
    known: dict[tuple[str, str], csr_array] = {}
    found: dict[str, dict[str, KindEffect]] = {e.queue: {} for e in evidence}
    effects = {e.queue: np.zeros(e.pull.shape) for e in evidence}
    for number, kind in itertools.product(range(rounds), kinds):
        last = number == rounds - 1
        touched = [e for e in evidence if e.of_kind(kind).any()]
        problems = [KindDays.of(e, kind, known if number else {}) for e in touched]
        fits = _weighed_fits(problems, departing=last)
        for k, (e, problem) in enumerate(zip(touched, problems, strict=True)):
            if last:
                found[e.queue][kind] = _effect_of(problem, k, fits)
                effects[e.queue][problem.mask] = _own_of(problem, k, fits)
            else:
                known[e.queue, kind] = _loading(problem, k, fits)
    return {
        e.queue: Learned(found[e.queue], dict(zip(e.events, effects[e.queue], strict=True)), e.clock) for e in evidence
    }


def _weighed_fits(problems: list[KindDays], *, departing: bool) -> list[KindFit]:
    """The fits of one kind that matter; what their weights lack to 1 is that it does nothing."""
    alike, mass = _weigh(list(_alike(problems)))
    kept, mass_apart = _weigh([fit for one in alike for fit in _apart(problems, one, departing)])
    if departing:
        sizes = zip(DEPARTING_SDS, DEPARTING_PRIOR, strict=True)
        kept = [with_departures(fit, sd, prior) for fit, (sd, prior) in itertools.product(kept, sizes)]
    log_mass = np.logaddexp.reduce([_score(fit) for fit in kept]) - np.log(mass * mass_apart)
    kept, _ = _weigh(kept)
    acting = _acting(log_mass, _prior_mass(problems))
    return [replace(fit, weight=acting * fit.weight) for fit in kept]


def _alike(problems: list[KindDays]) -> Iterator[KindFit]:
    """Fits of all choices, events of one size being alike."""
    for (shape, elasticity), choices in itertools.groupby(_choices(problems), lambda c: (c.shape, c.elasticity)):
        sums = [sums_of(problem, shape, elasticity, None, departing=False) for problem in problems]
        yield from (fitted(sums, choice) for choice in choices)


def _apart(problems: list[KindDays], alike: KindFit, departing: bool) -> Iterator[KindFit]:
    """The fit again, with events that differ in strength; ``departing`` makes departures ready to be fitted."""
    choice = alike.choice
    sums = [
        sums_of(problem, choice.shape, choice.elasticity, curve, departing)
        for problem, curve in zip(problems, alike.mean, strict=True)
    ]
    for own, prior in zip(OWN_SPREADS, OWN_PRIOR, strict=True):
        yield fitted(sums, replace(choice, own_spread=own, log_prior=choice.log_prior + float(np.log(prior))))


def _acting(log_mass: float, log_prior: float) -> float:
    """Probability that a kind does anything at all: ACTING_PRIOR, and its evidence against none (log evidence 0)."""
    odds = np.log(ACTING_PRIOR / (1 - ACTING_PRIOR)) + log_mass - log_prior
    return float(1.0 / (1.0 + np.exp(-odds)))


def _prior_mass(problems: list[KindDays]) -> float:
    """Log of what the priors of all choices sum to."""
    return float(np.logaddexp.reduce([choice.log_prior for choice in _choices(problems)]))


def _choices(problems: list[KindDays]) -> Iterator[Choice]:
    """Choices to weigh, events being alike at first; elasticities differ only where sizes do."""
    sizes = {event.size for problem in problems for event in problem.events if event.size}
    grid = zip(ELASTICITIES, ELASTICITY_PRIOR, strict=True)
    weeks = any(event.days >= WEEK_DAYS for problem in problems for event in problem.events)
    shapes = [shape for shape in MAIN_SHAPES if weeks or shape != "by weekday"]
    for shape, (elasticity, prior), sd in itertools.product(shapes, grid, MAIN_SDS):
        if len(sizes) > 1 or elasticity == 1.0:
            rare = LASTING_PRIOR if shape in LASTING else LATE_PRIOR if shape in LATE else 1.0
            yield Choice(shape, elasticity, sd, 0.0, float(np.log(prior * rare)))


def _score(fit: KindFit) -> float:
    return fit.log_evidence + fit.choice.log_prior


def _weigh(fits: list[KindFit]) -> tuple[list[KindFit], float]:
    """The fits that matter, with their posterior weights, and their share of all fits' weight."""
    scores = np.array([_score(fit) for fit in fits])
    weights = np.exp(scores - scores.max())
    kept = [k for k in np.argsort(-weights, kind="stable")[:MOST_KEPT] if weights[k] >= LEAST_ODDS]
    share = float(weights[kept].sum() / weights.sum())
    return [replace(fits[k], weight=float(weights[k] / weights[kept].sum())) for k in kept], share


def _effect_of(problem: KindDays, number: int, fits: list[KindFit]) -> KindEffect:
    hypotheses = tuple(
        Hypothesis(
            fit.weight,
            fit.choice.shape,
            fit.choice.elasticity,
            fit.choice.own_spread,
            fit.mean[number],
            fit.covariance[number],
        )
        for fit in fits
    )
    return KindEffect(problem.events, problem.usual, (*hypotheses, _idle(fits)), problem.clock)


def _idle(fits: list[KindFit]) -> Hypothesis:
    """The kind does nothing: what the others' weights lack to 1."""
    size = len(columns_of(MAIN_SHAPES[0]))
    weight = 1.0 - sum(fit.weight for fit in fits)
    return Hypothesis(weight, MAIN_SHAPES[0], 1.0, 0.0, np.zeros(size), np.zeros((size, size)))


def _loading(problem: KindDays, number: int, fits: list[KindFit]) -> csr_array:
    """Events × shapes, laid flat, by the independent standard normal causes of what the leading fit holds possible: its
    coefficients before the days tell anything, and what each event strays from the others."""
    fit, acting = max(fits, key=lambda fit: fit.weight), sum(fit.weight for fit in fits)
    choice, size, grown = fit.choice, fit.mean.shape[1], problem.grown(fit.choice.elasticity)
    columns = columns_of(choice.shape)[:size]
    out, apart = np.zeros((len(problem.mask), len(SHAPES), size + len(grown))), contrasts(len(grown))
    for k, (event, scale) in enumerate(zip(np.flatnonzero(problem.mask), grown, strict=True)):
        out[event, columns, np.arange(size)] = np.sqrt(acting) * scale * prior_sds(choice)
        out[event, columns, size:] = choice.own_spread * scale * np.outer(fit.mean[number], apart[k])
    return csr_array(out.reshape(problem.mask.size * len(SHAPES), -1))


def _own_of(problem: KindDays, number: int, fits: list[KindFit]) -> np.ndarray:
    """Events × shapes: what each past event did, its own strength included."""
    out = np.zeros((len(problem.events), len(SHAPES)))
    for fit in fits:
        scale = fit.weight * fit.strengths(number) * problem.grown(fit.choice.elasticity)
        out[:, columns_of(fit.choice.shape)[: len(fit.mean[number])]] += scale[:, None] * fit.mean[number]
    return out
