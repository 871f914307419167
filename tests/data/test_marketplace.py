"""The made-up marketplace: remade byte for byte, complete, and with the planted effects in its numbers."""

import filecmp
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from staffing.store.workspace import Workspace

FOLDER = Path(__file__).parents[2] / "data" / "marketplace"
QUEUES = ("voice", "chat", "email")
GENERATED = ("truth.csv", "agents.csv", *(f"history/{queue}.csv" for queue in QUEUES))


@pytest.fixture(scope="module")
def history():
    frames = [pd.read_csv(FOLDER / "history" / f"{queue}.csv", parse_dates=["timestamp"]) for queue in QUEUES]
    return pd.concat(frames, ignore_index=True)


@pytest.fixture(scope="module")
def log_days(history):
    """Log of each day's contacts: days x queues."""
    counts = history.pivot(index="timestamp", columns="queue", values="calls")
    return np.log(counts.resample("D").sum())


@pytest.fixture(scope="module")
def truth():
    return pd.read_csv(FOLDER / "truth.csv", parse_dates=["day"])


@pytest.fixture(scope="module")
def base():
    return Workspace.open(FOLDER).scenario()


def test_the_generators_remake_every_file_byte_for_byte(tmp_path):
    for script in ("generate.py", "generate_people.py"):
        subprocess.run([sys.executable, FOLDER / script, tmp_path], check=True, timeout=120)
    made = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())
    assert made == sorted(GENERATED)
    same, differ, failed = filecmp.cmpfiles(FOLDER, tmp_path, GENERATED, shallow=False)
    assert (sorted(same), differ, failed) == (made, [], [])


def test_two_years_of_half_hours_save_one_night_without_a_recorder(history):
    every = pd.date_range("2024-11-16", "2026-11-20 23:30", freq="30min")
    for queue in QUEUES:
        absent = every.difference(history.loc[history["queue"] == queue, "timestamp"])
        assert absent.equals(pd.date_range("2025-08-14 02:00", "2025-08-14 05:00", freq="30min"))
    assert not history.duplicated(["queue", "timestamp"]).any()


def test_contacts_are_answered_or_abandoned(history):
    assert (history["answered"] + history["abandoned"] == history["calls"]).all()
    assert (history[["calls", "answered", "abandoned"]] >= 0).all(axis=None)
    assert history["aht_seconds"].isna().equals(history["answered"] == 0)
    lost = history.groupby("queue")["abandoned"].sum() / history.groupby("queue")["calls"].sum()
    assert lost["email"] == 0
    assert lost[["voice", "chat"]].between(0.02, 0.05).all()


@pytest.fixture(scope="module")
def ordinary(base, log_days, truth):
    """Log contacts of the days without event, holiday, Ramadan or Nowruz; the others are empty. Days x queues."""
    first, last = log_days.index[0].date(), log_days.index[-1].date()
    out = log_days.copy()
    special = [day for period in base.site.periods() for day in period.dates()]
    out[out.index.isin(pd.to_datetime([*base.site.holidays(first, last), *special]))] = np.nan
    for queue in out:
        out.loc[out.index.isin(passing(truth).query("queue == @queue and abs(effect) > 0.01")["day"]), queue] = np.nan
    return out


def passing(truth):
    """The planted effects that end; a lasting one belongs to the level of the days around it."""
    return truth[truth.groupby("name")["day"].transform("nunique") < 60]


def around(ordinary):
    """Log level a day would have without its event: the mean of its weekday one to four weeks before and after."""
    shifted = [ordinary.shift(7 * weeks) for weeks in (-4, -3, -2, -1, 1, 2, 3, 4)]
    return sum(days.fillna(0) for days in shifted) / sum(days.notna().astype(int) for days in shifted)


def observed_and_planted(names, log_days, ordinary, truth):
    """Log effects, observed and planted, of the days on which one of these events alone moves a queue."""
    rows = passing(truth)
    rows = rows[(rows.groupby(["day", "queue"])["name"].transform("size") == 1) & (rows["effect"].abs() > 0.02)]
    rows = rows[rows["name"].isin(names)]
    gap = (log_days - around(ordinary)).stack().rename("gap").rename_axis(["day", "queue"]).reset_index()
    rows = rows.merge(gap, on=["day", "queue"]).dropna()
    return rows["gap"].to_numpy(), np.log1p(rows["effect"].to_numpy())


@pytest.mark.parametrize("kind", ["launch", "campaign", "price_change", "outage"])
def test_the_planted_effects_are_in_the_counts(kind, base, log_days, ordinary, truth):
    names = [event.name for event in base.events if event.kind == kind]
    observed, planted = observed_and_planted(names, log_days, ordinary, truth)
    assert len(planted) > 20
    assert (planted @ observed) / (planted @ planted) == pytest.approx(1, abs=0.25)  # standard error 0.05 to 0.09


def step_seen(day, touched, ordinary):
    """Log change, at ``day``, of the touched queues against the others: ten weeks either side, weekdays, own trend."""
    others = [queue for queue in QUEUES if queue not in touched]
    contrast = (ordinary[list(touched)].mean(axis=1) - ordinary[others].mean(axis=1)).dropna()
    since = (contrast.index - day).days.to_numpy()
    window = (np.abs(since) <= 70) & ~((since >= 0) & (since < 7))
    weekday = np.eye(7)[contrast.index.day_of_week.to_numpy()]
    terms = np.column_stack([weekday, since / 70, since >= 0])[window]
    return np.linalg.lstsq(terms, contrast.to_numpy()[window], rcond=None)[0][-1]


def test_features_that_last_lower_what_they_touch(base, ordinary, truth):
    seen, planted = [], []
    for feature in [event for event in base.events if event.kind == "feature" and event.start.isoformat() < "2026-11"]:
        seen.append(step_seen(pd.Timestamp(feature.start), feature.queues, ordinary))
        last = truth[(truth["name"] == feature.name) & (truth["day"] == truth["day"].max())]
        assert set(last["queue"]) == set(feature.queues)
        planted.append(np.log1p(last["effect"]).mean())
    assert np.mean(seen) == pytest.approx(np.mean(planted), abs=0.045)  # standard error 0.015
    assert np.mean(seen) < -0.02


def test_a_cut_phone_line_keeps_calls_out_and_sends_some_to_chat(base, history):
    counts = history.pivot(index="timestamp", columns="queue", values="calls")
    for event in [event for event in base.events if event.kind == "line_outage"]:
        begin, end = (f"{event.start} {event.start_time}", f"{event.last} {event.end_time}")
        hours = pd.date_range(begin, end, freq="30min", inclusive="left")
        weeks = [counts.loc[hours + pd.Timedelta(weeks=k)].sum() for k in (-2, -1, 1, 2)]
        ratio = counts.loc[hours].sum() / (sum(weeks) / 4)
        assert ratio["voice"] < 0.35
        assert ratio["chat"] > 1.2


def test_counts_scatter_more_than_poisson(log_days, ordinary):
    """Days of the same kind differ by about 5 %, where Poisson alone would give 2.5 % for 1,600 calls."""
    gap = (ordinary - around(ordinary))["voice"].dropna()
    assert 0.035 < gap.std() < 0.075


def test_the_calendar_of_tehran_is_in_the_counts(history, log_days, ordinary):
    voice = history[history["queue"] == "voice"].set_index("timestamp")["calls"]
    late = (voice.index.hour >= 22) | (voice.index.hour < 2)
    share = voice.where(late, 0).resample("D").sum() / voice.resample("D").sum()
    assert share["2026-02-19":"2026-03-18"].mean() > 2 * share["2026-01-01":"2026-02-10"].mean()
    level = np.exp(ordinary["voice"]).groupby(ordinary.index.day_of_week).mean()
    assert level.idxmin() == 4
    assert level.idxmax() == 5
    assert (
        log_days.loc["2026-03-22":"2026-03-28", "voice"].mean()
        < log_days["2026-04-11":"2026-04-17"]["voice"].mean() - 0.2
    )


def test_the_site_grows_and_then_grows_more_slowly(ordinary, truth):
    """Log growth of voice a year is planted at 0.42, and at half of it from May 2026, on top of lasting features."""
    lasting = truth[~truth.index.isin(passing(truth).index) & (truth["queue"] == "voice")]
    features = np.log1p(lasting["effect"]).groupby(lasting["day"]).sum()
    voice = (ordinary["voice"] - features.reindex(ordinary.index, fill_value=0)).dropna()
    years = (voice.index - voice.index[0]).days.to_numpy() / 365.25
    slow = np.clip(years - (pd.Timestamp("2026-05-01") - voice.index[0]).days / 365.25, 0, None)
    weekday = np.eye(7)[voice.index.day_of_week.to_numpy()]
    growth, change = np.linalg.lstsq(np.column_stack([weekday, years, slow]), voice.to_numpy(), rcond=None)[0][-2:]
    assert growth == pytest.approx(0.42, abs=0.05)
    assert change == pytest.approx(-0.21, abs=0.1)


def test_truth_is_told_of_the_past_alone(base, truth):
    past = {event.name for event in base.events if event.start.isoformat() <= "2026-11-20"}
    assert set(truth["name"]) == past
    assert truth["day"].max() <= pd.Timestamp("2026-11-20")
    assert not truth.duplicated(["name", "day", "queue"]).any()
    assert all(event.effect is None for event in base.events if event.name in past), "effects are to be learnt"


def test_what_is_planned_has_one_kind_never_seen(base, truth):
    planned = [event for event in base.events if event.start.isoformat() > "2026-11-20"]
    known = {event.kind for event in base.events if event not in planned}
    assert [event.name for event in planned if event.kind not in known] == ["seller-credit"]
    credit = base.event("seller-credit")
    assert (credit.effect_low, credit.effect, credit.effect_high) == (0.03, 0.09, 0.18)
    assert all(event.effect is None and event.size for event in planned if event.kind in known)


def test_eighty_people_serve_every_queue_by_day_and_night(base):
    assert len(base.agents) == 80
    assert {contract.name for contract in base.contracts} == {agent.contract for agent in base.agents}
    night = next(shift for shift in base.shifts if shift.name == "night-8h")
    assert night.first_start + night.length_min > 24 * 60
    for queue in QUEUES:
        skilled = [agent for agent in base.agents if queue in agent.skills]
        assert len(skilled) >= 20
        assert any(agent.contract == "night-40" for agent in skilled)


def test_the_scenarios_move_the_launch_into_the_planned_week():
    workspace = Workspace.open(FOLDER)
    starts = {name: str(workspace.scenario(name).event("app-5.0").start) for name in workspace.scenario_names}
    assert starts == {
        "base": "2026-12-01",
        "launch": "2026-11-23",
        "launch-and-credit": "2026-11-23",
        "launch-later": "2026-11-26",
    }
