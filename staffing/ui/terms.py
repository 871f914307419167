"""Words of the domain as readers are told them: promises, definitions, spans."""

from __future__ import annotations

from staffing.domain.demand import LIVE
from staffing.domain.scenario import Scenario
from staffing.domain.service import DEFINITION_TEXT, SPAN_TEXT, ServiceTarget
from staffing.language import digits, marked
from staffing.language import text as said
from staffing.ui import text

SAID = (
    marked("in every interval"),
    marked("over each day"),
    marked("over the week"),
    marked("answered within {t:g} s ÷ all offered"),
    marked("answered within {t:g} s ÷ answered"),
    marked("answered within {t:g} s ÷ (offered − abandoned within {t:g} s)"),
    marked("waits of at most {t:g} s, answered or not ÷ all offered"),
    marked("level"),
    marked("weekday"),
    marked("day of month"),
    marked("other models"),
    marked("volume factor"),
    marked("volume of the queue"),
    marked("self-service"),
)


def definition(service: ServiceTarget, name: str = "") -> str:
    """The service-level definition in words, with its threshold; of another ``name`` than the target's where given."""
    words = {str(key): words for key, words in DEFINITION_TEXT.items()}[name or service.definition]
    return digits(said(words, t=service.threshold_s)) if service else ""


def span(name: str) -> str:
    """Over what a service level is kept."""
    return said({str(key): words for key, words in SPAN_TEXT.items()}[name])


def promise(service: ServiceTarget) -> str:
    """The whole promise in words."""
    share = lambda value: digits(f"{100 * value:.4g}")  # noqa: E731
    parts = []
    if service.service_level is not None:
        level, counted = share(service.service_level), definition(service)
        if service.meet is None:
            parts.append(said("{level} % {counted}, {over}", level=level, counted=counted, over=span(service.over)))
        else:
            days = said("weeks") if service.over == "week" else said("days")
            held = share(service.meet)
            told = said(
                "{level} % {counted}, on {held} % of {days}", level=level, counted=counted, held=held, days=days
            )
            parts.append(told)
    if service.floor is not None:
        parts.append(said("at least {share} % in every interval", share=share(service.floor)))
    if service.abandonment is not None:
        parts.append(said("abandonment at most {share} %", share=share(service.abandonment)))
    if service.max_occupancy is not None:
        parts.append(said("occupancy at most {share} %", share=share(service.max_occupancy)))
    if service.asa_s is not None:
        parts.append(said("ASA at most {seconds} s", seconds=digits(f"{service.asa_s:g}")))
    return text.series(parts)


def promise_of(scenario: Scenario, queue: str) -> str:
    """What the queue of that name promises, in words."""
    asked = scenario.queue(queue)
    if asked.channel not in LIVE:
        return said("done within {minutes} min", minutes=digits(str(asked.deadline_min)))
    return promise(scenario.target(asked))
