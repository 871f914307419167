"""What history taught: other scenarios without a new fit, own day models, backtests with actuals."""

import zipfile
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import staffing
from staffing.forecast.written import to_bytes
from staffing.models import ComingDays, DayModel, FittedDays, KnownDays
from staffing.version import code_digest
from tests.api.conftest import WEEK


@dataclass(frozen=True)
class Level(FittedDays):
    level: float

    def predict(self, coming: ComingDays) -> np.ndarray:
        return np.full(len(coming.facts), self.level)

    def replay(self, known: KnownDays) -> np.ndarray:
        return np.full(known.past.columns.shape, self.level)


@dataclass(frozen=True)
class Flat(DayModel):
    """Every day is the median day, times ``times``."""

    times: float = 1.0
    name: str = "flat"
    prior_share: float = 0.5
    least_days: int = 14

    def fit(self, known: KnownDays) -> Level:
        return Level(float(np.median(known.log_total)) + np.log(self.times))


def test_a_day_model_of_ones_own_says_what_it_says(history, scenario):
    once, twice = (
        staffing.fit(history, scenario, models=[Flat(times)]).predict(start=WEEK).table["calls"].sum()
        for times in (1.0, 2.0)
    )
    assert twice == pytest.approx(2 * once, rel=1e-2)  # the mean is that of whole calls, whose spread is not the same
    mixed = staffing.fit(history, scenario, models=["prophet", Flat()]).predict(start=WEEK)
    assert set(mixed.weights["model"]) == {"prophet", "flat"}


def test_a_name_that_is_taken_is_refused(history, scenario):
    with pytest.raises(staffing.InputError, match="needs a name that no other has, not prophet"):
        staffing.fit(history, scenario, models=[Flat(name="prophet")])


def test_another_scenario_is_forecast_without_a_new_fit(history, scenario):
    fitted = staffing.fit(history, scenario)
    moved = fitted.predict(scenario.with_changes(staffing.move("app-2.0", to="2026-11-26")), start=WEEK)
    assert fitted.planner.cache.made.count("baseline") == 1
    assert not moved.table["calls"].equals(fitted.predict(start=WEEK).table["calls"])


def test_learned_events_are_a_table(history, scenario):
    learned = staffing.fit(history, scenario).learned_events()
    assert set(learned["kind"]) == {"launch"}
    assert (learned["low"] <= learned["effect"]).all()


def test_a_backtest_holds_what_came_beside_what_was_said(history, scenario):
    half = scenario.with_changes(volume_factor=0.5)
    found = staffing.backtest(history, half, cutoffs=["2026-11-02", "2026-11-09"], days=7)
    came = history.frame.set_index("start")["calls"]
    assert found.table["actual"].tolist() == pytest.approx((0.5 * came.reindex(found.table["start"])).tolist())
    own = found.table[found.table["cutoff"].astype(str) == "2026-11-09"]
    known = staffing.fit(history, half).predict(start="2026-11-09").table
    assert own["calls"].tolist() == pytest.approx(known["calls"].tolist())


def test_scores_are_those_worked_out_by_hand():
    start = pd.date_range("2026-11-02 08:00", periods=4, freq="h", tz="Europe/Berlin")
    table = pd.DataFrame(
        {
            "queue": "voice", "cutoff": start[0].date(), "start": start, "actual": [10.0, 20.0, np.nan, 30.0],
            "calls": [12.0, 16.0, 5.0, 30.0], "p10": [8.0, 10.0, 1.0, 31.0], "p50": [12.0, 16.0, 5.0, 30.0],
            "p90": [15.0, 19.0, 9.0, 40.0], "actual_aht_s": np.nan, "aht_s": 60.0,
        }
    )  # fmt: skip
    [row] = staffing.Backtest(table).scores().to_dict("records")
    assert (row["cells"], row["actual"], row["wape"], row["bias"]) == (3, 60.0, 6 / 60, -2 / 60)
    assert row["covered_80"] == pytest.approx(1 / 3)
    pinball = {0.1: (0.2, 1.0, 0.9 * 1), 0.5: (1.0, 2.0, 0.0), 0.9: (0.1 * 5, 0.9 * 1, 0.1 * 10)}
    assert row["pinball"] == pytest.approx(np.mean([np.mean(losses) for losses in pinball.values()]))
    assert staffing.Backtest(table.drop(2)).scores("day")["wape"].tolist() == pytest.approx([2 / 60])
    assert np.isnan(staffing.Backtest(table).scores("day")["wape"]).all()  # a day with a hole is no whole day
    with pytest.raises(staffing.InputError, match="field 'by'"):
        staffing.Backtest(table).scores("week")


def test_what_was_fitted_is_saved_and_read_to_the_last_bit(history, scenario, tmp_path):
    fitted = staffing.fit(history, scenario)
    fitted.predict(start=WEEK)  # days at hand are not part of what was learned
    fitted.save(tmp_path / "fitted.zip")
    again = staffing.Fitted.load(tmp_path / "fitted.zip")
    moved = scenario.with_changes(staffing.move("app-2.0", to="2026-11-26"))
    for asked in (scenario, moved):
        one, other = fitted.predict(asked, start=WEEK), again.predict(asked, start=WEEK)
        assert_frame_equal(one.table, other.table)
        assert (one.paths["voice"] == other.paths["voice"]).all()
    assert again.planner.cache.made.count("baseline") == 1  # what was read; nothing was fitted
    assert again.scenario == scenario
    assert_frame_equal(again.learned_events(), fitted.learned_events())


def test_models_of_ones_own_are_not_saved(history, scenario, tmp_path):
    with pytest.raises(staffing.InputError, match="'Level' cannot be written down"):
        staffing.fit(history, scenario, models=[Flat()]).save(tmp_path / "fitted.zip")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", ["cut", "text", "missing", "foreign", "older", "history"])
def test_a_damaged_file_is_refused(history, scenario, tmp_path, damage):
    file = tmp_path / "fitted.zip"
    staffing.fit(history, scenario).save(file)
    parts = {}
    with zipfile.ZipFile(file) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    if damage == "cut":
        file.write_bytes(file.read_bytes()[:-400])
    elif damage == "text":
        file.write_text("nothing")
    elif damage == "missing":
        file.unlink()
    else:
        changed = {
            "foreign": ("learned.zip", to_bytes(())),
            "older": ("facts.json", parts["facts.json"].replace(code_digest().encode(), b"0" * 16)),
            "history": ("facts.json", parts["facts.json"].replace(history.sha256.encode(), b"0" * 64)),
        }
        with zipfile.ZipFile(file, "w") as whole:
            for name, content in {**parts, changed[damage][0]: changed[damage][1]}.items():
                whole.writestr(name, content)
    with pytest.raises(staffing.InputError, match=r"fitted\.zip"):
        staffing.Fitted.load(file)
