"""Makes the contacts of the marketplace example: ``python data/marketplace/generate.py [FOLDER]``.

The past rows of events.csv and one seed give history/*.csv and truth.csv, byte for byte. Only the raw uniform stream
of PCG64 is drawn from; every distribution is an explicit inversion of it, so that no release of numpy changes a count.

Model: contacts ~ negative binomial around level(day) x profile(half-hour) x events x day factor (gamma).
"""

from __future__ import annotations

import csv
import datetime as dt
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

SEED = 1405
FIRST, LAST = dt.date(2024, 11, 16), dt.date(2026, 11, 20)
DAYS = (LAST - FIRST).days + 1
SLOTS = 48
HOUR = np.arange(SLOTS) / 2
SLOWDOWN = dt.date(2026, 5, 1)  # from here on the site grows half as fast
NOT_RECORDED = (dt.datetime(2025, 8, 14, 2, 0), dt.datetime(2025, 8, 14, 5, 30))  # recorder down: rows are absent

RAMADAN = ((dt.date(2025, 3, 2), dt.date(2025, 3, 30)), (dt.date(2026, 2, 19), dt.date(2026, 3, 20)))
NOWRUZ = (dt.date(2025, 3, 21), dt.date(2026, 3, 21))
JALALI_NEW_YEAR = (dt.date(2024, 3, 20), *NOWRUZ)
SATURDAY_FIRST = (5, 6, 0, 1, 2, 3, 4)  # date.weekday() of Saturday .. Friday
HOLIDAYS = """
2024-12-05 2025-01-14 2025-01-28 2025-02-10 2025-02-14 2025-03-19 2025-03-20 2025-03-31 2025-04-01 2025-04-24
2025-06-04 2025-06-05 2025-06-06 2025-06-14 2025-07-05 2025-07-06 2025-08-14 2025-08-22 2025-08-24 2025-09-01
2025-09-10 2025-11-24 2026-01-03 2026-01-17 2026-02-04 2026-02-11 2026-03-11 2026-03-20 2026-04-14 2026-05-27
2026-06-04 2026-06-05 2026-06-24 2026-06-25 2026-08-04 2026-08-12 2026-08-13 2026-08-21 2026-08-30 2026-11-13
"""


@dataclass(frozen=True)
class QueueModel:
    """One queue: contacts a day at the end of the history, log growth a year, and how its contacts are handled."""

    name: str
    daily: float
    growth: float
    weekdays: tuple[float, ...]  # Saturday .. Friday
    peaks: tuple[tuple[float, float, float], ...]  # (hour, width in hours, weight) of the daily profile
    floor: float  # night level of the profile
    aht_s: float
    aht_drift: float  # share a year
    abandonment: float  # share lost on a day as expected; 0 for a queue nobody can hang up on


QUEUES = (
    QueueModel(
        "voice", 2080, 0.42, (1.17, 1.10, 1.06, 1.04, 1.03, 0.92, 0.68),
        ((11.0, 2.0, 1.0), (16.5, 2.2, 0.85), (20.5, 1.6, 0.55)), 0.05, 252, -0.04, 0.035,
    ),
    QueueModel(
        "chat", 870, 0.70, (1.10, 1.06, 1.04, 1.03, 1.02, 0.96, 0.79),
        ((11.5, 2.2, 0.7), (17.0, 2.5, 0.8), (21.0, 1.9, 1.0)), 0.06, 205, -0.02, 0.025,
    ),
    QueueModel(
        "email", 480, 0.20, (1.30, 1.15, 1.08, 1.05, 1.02, 0.85, 0.55),
        ((10.0, 2.0, 1.0), (15.0, 3.0, 0.8), (21.5, 2.0, 0.35)), 0.06, 310, 0.03, 0.0,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Response:
    """How the events of one kind move contacts, on the log scale, per unit of size."""

    shape: str  # pulse: its days, half as much the day after; decay: halves every half_life; step; hours
    per_size: float
    queues: dict[str, float]  # strength per queue
    half_life_days: float = 0.0
    length_days: int = 0
    after: float = 0.0  # log effect once the hours are over


RESPONSES = {
    "launch": Response("decay", 0.055, {"voice": 1.0, "chat": 1.3, "email": 0.6}, 3.0, 10),
    "campaign": Response("pulse", 0.00045, {"voice": 1.0, "chat": 1.2, "email": 0.5}),
    "price_change": Response("decay", 0.011, {"voice": 1.0, "chat": 0.7, "email": 1.2}, 4.0, 14),
    "feature": Response("step", -0.022, {"voice": 1.0, "chat": 1.0, "email": 1.5}),
    # within its hours, so the number of hours is its size; a cut phone line keeps calls out and sends some to chat
    "outage": Response("hours", 0.85, {"voice": 1.0, "chat": 1.2, "email": 0.5}, after=0.85),
    "line_outage": Response("hours", -1.9, {"voice": 1.0, "chat": -0.25}, after=0.8),
}
EVENT_SPREAD = 0.15  # an event's own strength, standard deviation around its kind's
COMMON_DAY_SHAPE, QUEUE_DAY_SHAPE, INTERVAL_SHAPE = 500, 1200, 250  # gamma shapes: cv 4.5 %, 2.9 %, 6.3 %


def uniforms(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Uniform numbers strictly inside (0, 1)."""
    return rng.random(shape) * (1 - 2e-12) + 1e-12


def gamma_factors(rng: np.random.Generator, shape: int, days: int) -> np.ndarray:
    """Factors of mean 1: the mean of ``shape`` exponentials; rounded, so that the last bit of log is no matter."""
    return np.round(-np.log(uniforms(rng, days, shape)).sum(axis=1) / shape, 6)


def standard_normals(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Twelve uniforms less six: normal enough within three deviations."""
    return uniforms(rng, 12, *shape).sum(axis=0) - 6


def negative_binomial(uniform: np.ndarray, mean: np.ndarray, shape: float) -> np.ndarray:
    """Counts of that mean and variance mean + mean²/shape, by walking up the distribution function."""
    mean = np.round(mean, 6)
    term = (shape / (shape + mean)) ** shape
    reached, count = term.copy(), np.zeros(mean.shape, dtype=int)
    while (short := reached < uniform).any():
        term = np.where(short, term * (count + shape) / (count + 1) * mean / (shape + mean), term)
        reached, count = np.where(short, reached + term, reached), count + short
    return count


def day_of(k: int) -> dt.date:
    return FIRST + dt.timedelta(days=k)


def jalali_day_of_month(day: dt.date) -> tuple[int, int]:
    """(day, days left) of the Jalali month: six months of 31 days, then of 30."""
    k = (day - max(new_year for new_year in JALALI_NEW_YEAR if new_year <= day)).days
    length = 31 if k < 186 else 30
    of_month = k % 31 if k < 186 else (k - 186) % 30
    return of_month + 1, length - of_month - 1


def in_ramadan(day: dt.date) -> bool:
    return any(first <= day <= last for first, last in RAMADAN)


def season(day: dt.date, holidays: set[dt.date]) -> float:
    """Log effect of the time of year: the rush before Nowruz, the quiet after, Ramadan, holidays, pay days."""
    log = 0.0
    for new_year in NOWRUZ:
        k = (day - new_year).days
        if -28 <= k < 0:
            log += 0.16 * (1 + k / 28) if k < -2 else 0.0
        if 0 <= k <= 12:
            log -= 0.38 if k < 4 else 0.22
    if in_ramadan(day):
        log -= 0.07
    if day in holidays:
        log -= 0.18
    elif day - dt.timedelta(days=1) in holidays:
        log += 0.05
    of_month, left = jalali_day_of_month(day)
    return log + (0.04 if of_month <= 3 or left <= 1 else 0.0)


def level(queue: QueueModel) -> np.ndarray:
    """Expected contacts of each day without events."""
    holidays = {dt.date.fromisoformat(text) for text in HOLIDAYS.split()}
    days = [day_of(k) for k in range(DAYS)]
    slow = (SLOWDOWN - FIRST).days
    years = np.array([min(k, slow) + max(k - slow, 0) / 2 for k in range(DAYS)]) / 365.25
    weekday = np.log([queue.weekdays[SATURDAY_FIRST.index(day.weekday())] for day in days])
    return queue.daily * np.exp(queue.growth * (years - years[-1]) + weekday + [season(day, holidays) for day in days])


def profile(queue: QueueModel, day: dt.date) -> np.ndarray:
    """Share of the day's contacts in each half-hour; sums to 1. Fridays start late, Ramadan moves to the night."""
    late = 1.5 if day.weekday() == 4 else 0.0
    shape = np.full(SLOTS, queue.floor)
    for hour, width, weight in queue.peaks:
        evening = in_ramadan(day) and hour > 19
        centre, weight = (hour + late, weight) if not evening else (23.0, 1.5 * weight)
        away = (HOUR + 0.25 - centre + 12) % 24 - 12
        shape = shape + weight * np.exp(-((away / width) ** 2) / 2)
    if in_ramadan(day):
        shape = shape * np.where((HOUR >= 17.5) & (HOUR < 19.5), 0.5, 1.0)  # the fast is broken
    if day.weekday() == 3:
        shape = shape * np.where(HOUR >= 14, 0.85, 1.0)  # Thursday is half a working day
    return shape / shape.sum()


def read_events(folder: Path) -> list[dict[str, str]]:
    """The rows of events.csv that began within the history."""
    with (folder / "events.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return [row for row in rows if dt.date.fromisoformat(row["start"][:10]) <= LAST]


def event_log_effect(event: dict[str, str], queue: str, own: float) -> np.ndarray:
    """Log effect of one event on one queue: array days x half-hours. ``own`` is the event's own strength, about 1."""
    effect = np.zeros((DAYS, SLOTS))
    response = RESPONSES[event["kind"]]
    touched = event["queue"].split(";") if event["queue"] else list(response.queues)
    if queue not in touched:
        return effect
    first = (dt.date.fromisoformat(event["start"][:10]) - FIRST).days
    strength = response.queues.get(queue, 0.0) * own
    if response.shape == "hours":
        return hours_effect(effect, event, strength)
    strength *= response.per_size * float(event["size"])
    since = np.arange(DAYS) - first
    if response.shape == "pulse":
        length = (dt.date.fromisoformat(event["end"][:10]) - dt.date.fromisoformat(event["start"][:10])).days + 1
        days = np.where((since >= 0) & (since < length), 1.0, np.where(since == length, 0.5, 0.0))
    elif response.shape == "decay":
        days = np.where((since >= 0) & (since < response.length_days), 0.5 ** (since / response.half_life_days), 0.0)
    else:
        days = np.clip((since + 1) / 7, 0.0, 1.0)  # a step that customers find within a week
    return effect + strength * days[:, None]


def hours_effect(effect: np.ndarray, event: dict[str, str], strength: float) -> np.ndarray:
    """An outage: its hours in full; afterwards more contacts than usual, half as many more with each half-hour."""
    response = RESPONSES[event["kind"]]
    start, end = (dt.datetime.fromisoformat(event[key]) for key in ("start", "end"))
    slot = effect.ravel()
    midnight = dt.datetime.combine(FIRST, dt.time())
    first, last = (int((moment - midnight).total_seconds() // 1800) for moment in (start, end))
    slot[first:last] = response.per_size * strength
    slot[last : last + 6] = response.after * abs(strength) * 0.5 ** np.arange(1, 7)
    return slot.reshape(effect.shape)


def handle_time(rng: np.random.Generator, queue: QueueModel, answered: np.ndarray) -> np.ndarray:
    """Mean handle time of each half-hour, whole seconds: longer at night and in the evening, drifting by the year."""
    by_hour = 1 + 0.10 * np.exp(-(((HOUR - 3) / 3) ** 2) / 2) + 0.05 * np.exp(-(((HOUR - 20.5) / 2) ** 2) / 2)
    years = np.arange(DAYS)[:, None] / 365.25
    mean = queue.aht_s * by_hour * (1 + queue.aht_drift) ** (years - years[-1])
    spread = 0.7 / np.sqrt(np.maximum(answered, 1))
    return np.round(mean * np.maximum(1 + spread * standard_normals(rng, DAYS, SLOTS), 0.25)).astype(int)


def abandoned_contacts(
    rng: np.random.Generator, queue: QueueModel, calls: np.ndarray, strain: np.ndarray
) -> np.ndarray:
    """Staff follows the usual load: the share lost grows steeply with ``strain``, expected over usual contacts."""
    share = np.clip(queue.abandonment * np.exp(4 * np.clip(strain - 1, -0.5, 1.0)), 0.0, 0.5)
    return np.floor(np.round(share * calls, 6) + uniforms(rng, DAYS, SLOTS)).astype(int).clip(0, calls)


def write_history(path: Path, queue: str, columns: tuple[np.ndarray, ...]) -> None:
    lines = ["timestamp,queue,calls,answered,abandoned,aht_seconds"]
    midnight = dt.datetime.combine(FIRST, dt.time())
    for k, (calls, answered, abandoned, aht_s) in enumerate(zip(*(column.ravel() for column in columns), strict=True)):
        moment = midnight + dt.timedelta(minutes=30 * k)
        if not NOT_RECORDED[0] <= moment < NOT_RECORDED[1]:
            lines.append(f"{moment:%Y-%m-%d %H:%M},{queue},{calls},{answered},{abandoned},{aht_s if answered else ''}")
    path.write_text("\n".join(lines) + "\n", encoding="ascii", newline="\n")


def truth_rows(event: dict[str, str], queue: str, usual: np.ndarray, log_effect: np.ndarray) -> list[str]:
    """One row for each day on which the event moves the queue: the share it adds to the day's expected contacts."""
    share = (usual * np.exp(log_effect)).sum(axis=1) / usual.sum(axis=1) - 1
    days = np.flatnonzero(np.abs(share) >= 0.0005)
    return [f"{event['name']},{day_of(int(k))},{queue},{share[k]:.4f}" for k in days]


def main(folder: Path, target: Path) -> None:
    """Write history/ and truth.csv into ``target`` from the events.csv of ``folder``."""
    (target / "history").mkdir(parents=True, exist_ok=True)
    rng = np.random.Generator(np.random.PCG64(SEED))
    events = read_events(folder)
    own = np.round(1 + EVENT_SPREAD * standard_normals(rng, len(events)), 4)
    common = gamma_factors(rng, COMMON_DAY_SHAPE, DAYS)
    truth = ["name,day,queue,effect"]
    for queue in QUEUES:
        usual = level(queue)[:, None] * np.array([profile(queue, day_of(k)) for k in range(DAYS)])
        moved = np.zeros_like(usual)
        for event, strength in zip(events, own, strict=True):
            log_effect = event_log_effect(event, queue.name, float(strength))
            moved += log_effect
            truth += truth_rows(event, queue.name, usual, log_effect)
        day = common * gamma_factors(rng, QUEUE_DAY_SHAPE, DAYS)
        mean = usual * np.exp(moved) * day[:, None]
        calls = negative_binomial(uniforms(rng, DAYS, SLOTS), mean, INTERVAL_SHAPE)
        abandoned = abandoned_contacts(rng, queue, calls, mean / usual)
        answered = calls - abandoned
        aht_s = handle_time(rng, queue, answered)
        write_history(target / "history" / f"{queue.name}.csv", queue.name, (calls, answered, abandoned, aht_s))
    (target / "truth.csv").write_text("\n".join(truth) + "\n", encoding="ascii", newline="\n")


if __name__ == "__main__":
    here = Path(__file__).parent
    main(here, Path(sys.argv[1]) if len(sys.argv) > 1 else here)
