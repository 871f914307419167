"""What a new queue gains from its siblings: four weeks forecast with what the site's other queues teach, and without.

python -m benchmarks.siblings made-up [QUEUES]
python -m benchmarks.siblings series

Each queue is told as if it had begun 2, 4 or 7 weeks ago, in turn; its siblings are the two years of three others
(made-up), or of the other visible series whose days are as long and whose calendars are the same. Errors are WAPE of
the days of the 28 to come: the geometric mean of the ratios, with ÷ without, and in how many it is below 1.
"""

import datetime as dt
import os
import sys
from collections.abc import Iterator

import numpy as np
import pandas as pd

from benchmarks.made_up_site import calls, name
from benchmarks.series import load
from staffing.domain.calendar import SiteCalendar
from staffing.forecast import ForecastOptions, fit
from staffing.forecast.baseline import lay_out_queues
from staffing.forecast.lessons import from_site

WEEKS = (2, 4, 7)
AHEAD_DAYS, SIBLINGS = 28, 3
Case = tuple[str, pd.DataFrame, pd.DataFrame, SiteCalendar, dt.date]


def made_up(queues: int) -> Iterator[Case]:
    """Each with three queues that are never the young one elsewhere."""
    site = SiteCalendar(timezone="America/Phoenix", interval_min=30, country="US")
    for number in range(queues):
        rows = [_named(calls(4 * number + k, 730), site) for k in range(SIBLINGS + 1)]
        last = rows[0]["start"].max().date()
        yield _case(name(4 * number), rows[0], pd.concat(rows[1:]), (site, last, number))


def visible() -> Iterator[Case]:
    """Series of which others are of the same country and interval, and know the same days."""
    known = load()
    for number, (title, series) in enumerate(known.items()):
        site = SiteCalendar(interval_min=series.interval_min, country=series.country)
        last = series.grid.index[-1].date()
        others = [
            _table(other, one, site)
            for other, one in known.items()
            if other != title
            and (one.country, one.interval_min) == (series.country, series.interval_min)
            and one.grid.index[0] < series.grid.index[-1] - pd.Timedelta("300D") < one.grid.index[-1]
        ]
        if others:
            yield _case(title, _table(title, series, site), pd.concat(others), (site, last, number))


def _case(title: str, own: pd.DataFrame, others: pd.DataFrame, told: tuple[SiteCalendar, dt.date, int]) -> Case:
    site, last, number = told
    start = last - dt.timedelta(days=AHEAD_DAYS - 1)
    begun = site.midnight(start - dt.timedelta(weeks=WEEKS[number % len(WEEKS)]))
    return title, own[own["start"] >= begun], others[others["start"] < site.midnight(start)], site, start


def _named(rows: pd.DataFrame, site: SiteCalendar) -> pd.DataFrame:
    start = rows["timestamp"].dt.tz_localize(site.zone)
    return pd.DataFrame({"queue": rows["queue"], "start": start, "calls": rows["calls"].astype(float)})


def _table(title: str, series: object, site: SiteCalendar) -> pd.DataFrame:
    days, slots = series.grid.shape
    start = pd.DatetimeIndex(np.repeat(series.grid.index.to_numpy(), slots)) + pd.to_timedelta(
        np.tile(series.grid.columns.to_numpy(), days) * series.interval_min, unit="min"
    )
    rows = pd.DataFrame({"queue": title, "start": start.tz_localize("UTC"), "calls": series.grid.to_numpy().ravel()})
    return rows.dropna()


def errors(case: Case) -> tuple[float, float]:
    """WAPE of the days to come, with and without what the others teach."""
    title, own, others, site, start = case
    midnight = site.midnight(start)
    past, come = own[own["start"] < midnight], own[own["start"] >= midnight]
    counts = lay_out_queues(pd.concat([past, others]), site, ()).counts
    lessons = from_site(counts, site, ())
    actual = come.groupby(come["start"].dt.date)["calls"].sum()
    found = []
    for taught in ({title: lessons[title]} if title in lessons else {}, {}):
        made = fit(past, site, options=ForecastOptions(paths=20), site=taught).predict(site, (), start, AHEAD_DAYS)
        days = made.table.groupby(made.table["start"].dt.date)["calls"].sum().reindex(actual.index)
        found.append(float((days - actual).abs().sum() / actual.sum()))
    return found[0], found[1]


def main(what: str = "made-up", queues: int = 200) -> str:
    cases = list(made_up(queues) if what == "made-up" else visible())
    made = [(case[0], *errors(case)) for case in cases]
    if what != "made-up":
        print("\n".join(f"{title}: {taught:.1%} with siblings, {alone:.1%} without" for title, taught, alone in made))
    ratios = np.array([taught / alone for _, taught, alone in made])
    return (
        f"{len(ratios)} new queues ({what}): error {np.exp(np.log(ratios).mean()):.3f} of that without siblings, "
        f"smaller in {(ratios < 1).sum()}, median error {np.median([one[1] for one in made]):.1%} against "
        f"{np.median([one[2] for one in made]):.1%} (load {os.getloadavg()[0]:.0f})."
    )


if __name__ == "__main__":
    words = sys.argv[1:]
    print(main(*words[:1], *map(int, words[1:2])))
