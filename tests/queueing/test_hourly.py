"""The formulas as people ask for them, against the exact values and in the shape that went in."""

import csv
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from staffing.errors import InputError
from staffing.queueing import agents_needed, blocking, service

ROWS = list(csv.DictReader((Path(__file__).parent / "reference" / "erlang.csv").read_text().splitlines()))
CASE = {"calls_per_hour": 120.0, "aht_s": 300.0, "patience_s": 150.0, "threshold_s": 20.0}


@pytest.mark.parametrize("row", [row for row in ROWS if "/" not in row["lam_per_s"]], ids=lambda row: row["id"])
def test_published_values(row):
    case = {"calls_per_hour": 3600 * float(row["lam_per_s"]), "aht_s": float(row["aht_s"])}
    found = service(
        **case, agents=int(row["n"]), patience_s=float(row["patience_mean_s"]), threshold_s=float(row["T_s"])
    )
    assert found.service_level == pytest.approx(float(row["SL_offered"]), rel=1e-9, abs=1e-12)
    assert found.abandonment == pytest.approx(float(row["Pab"]), rel=1e-9, abs=1e-12)
    assert blocking(**case, lines=int(row["n"])) == pytest.approx(float(row["B"]), rel=1e-9)


def test_the_smallest_number_is_the_smallest():
    agents = agents_needed(**CASE, service_level=0.8)
    assert isinstance(agents, int | np.integer)
    assert service(**CASE, agents=agents).service_level >= 0.8 > service(**CASE, agents=agents - 1).service_level


def test_a_series_comes_out_where_one_went_in():
    calls = pd.Series([0.0, 60.0, 120.0], index=pd.date_range("2026-01-05 08:00", periods=3, freq="h", tz="UTC"))
    agents = agents_needed(**{**CASE, "calls_per_hour": calls}, service_level=0.8)
    assert agents.index.equals(calls.index)
    assert agents.tolist() == [agents_needed(**{**CASE, "calls_per_hour": one}, service_level=0.8) for one in calls]
    found = service(**{**CASE, "calls_per_hour": calls}, agents=agents)
    assert found.service_level.index.equals(calls.index)
    assert math.isnan(found.service_level.iloc[0])
    assert isinstance(blocking(calls_per_hour=calls, aht_s=300, lines=5), pd.Series)
    assert isinstance(agents_needed(**{**CASE, "calls_per_hour": calls.to_numpy()}, service_level=0.8), np.ndarray)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"aht_s": 0}, "aht_s must be a number above 0"),
        ({"calls_per_hour": -1}, "calls_per_hour must be"),
        ({"calls_per_hour": "many"}, "calls_per_hour must be"),
        ({"service_level": 80}, "service_level"),
        ({"definition": "odd"}, "unknown service-level definition"),
    ],
)
def test_a_wrong_argument_is_named(change, says):
    with pytest.raises(InputError, match=says):
        agents_needed(**{**CASE, "service_level": 0.8, **change})


def test_series_that_do_not_line_up_and_patience_beside_erlang_c_are_refused():
    one, other = pd.Series([1.0, 2.0], index=[0, 1]), pd.Series([300.0, 300.0], index=[1, 2])
    with pytest.raises(InputError, match="another index than calls_per_hour"):
        agents_needed(calls_per_hour=one, aht_s=other, service_level=0.8)
    with pytest.raises(InputError, match="patience of its own"):
        service(**CASE, agents=12, model="erlang_c")
