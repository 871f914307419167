"""Made-up queues whose truth is known, so that a forecast can be held against it."""

import numpy as np
import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar

WEEK = np.array([1.3, 1.1, 1.0, 1.0, 1.1, 0.5, 0.3])


def make_history(days=200, level=2000.0, interval_min=60, start="2024-01-01", seed=0, queue="voice", timezone="UTC"):
    """Poisson calls with a weekly pattern, a bell-shaped day, and handle times around 300 s."""
    rng = np.random.default_rng(seed)
    slots = 1440 // interval_min
    index = pd.date_range(start, periods=days * slots, freq=f"{interval_min}min", tz=timezone)
    hour = (index.hour + index.minute / 60).to_numpy()
    shape = np.exp(-0.5 * ((hour - 13) / 3.5) ** 2) if slots > 1 else np.ones(len(index))
    shape = shape / shape[:slots].sum()
    mean = level * WEEK[index.day_of_week] * shape
    calls = rng.poisson(mean).astype(float)
    return pd.DataFrame({"queue": queue, "start": index, "calls": calls, "aht_s": 300.0 + 20 * (hour > 12)})


@pytest.fixture
def calendar():
    return SiteCalendar(timezone="UTC", interval_min=60)
