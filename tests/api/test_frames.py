"""A history from a DataFrame: the same as from its file, or refused by column."""

import pandas as pd
import pytest

import staffing


@pytest.fixture(scope="module")
def frame(planned_workspace):
    """The file as pandas reads it."""
    [file] = (planned_workspace / "history").glob("*.csv")
    return pd.read_csv(file)


def told(frame, scenario, **asked):
    return staffing.read_history(frame, scenario.site, **asked)


def test_a_frame_is_read_as_its_file(frame, scenario, history):
    assert told(frame, scenario).sha256 == history.sha256


@pytest.mark.parametrize("kind", ["naive", "aware", "index", "renamed"])
def test_instants_local_or_with_a_zone_and_names_of_ones_own(frame, scenario, history, kind):
    local = pd.to_datetime(frame["timestamp"])
    aware = local.dt.tz_localize(scenario.site.timezone).dt.tz_convert("UTC")
    given = frame.assign(timestamp=aware if kind == "aware" else local)
    if kind == "index":
        given = given.set_index("timestamp")
    asked = {}
    if kind == "renamed":
        given, asked = given.rename(columns={"calls": "Angebot"}), {"columns": {"calls": "Angebot"}}
    assert told(given, scenario, **asked).sha256 == history.sha256


def test_a_row_told_twice_is_refused(frame, scenario):
    with pytest.raises(staffing.InputError, match=r"column 'timestamp': .*is there twice for the same queue"):
        told(pd.concat([frame, frame.iloc[[7]]]), scenario)


@pytest.mark.parametrize(
    ("change", "asked", "says"),
    [
        (lambda f: f.drop(columns="calls"), {}, r"the frame.*lacks the column 'calls'"),
        (lambda f: f.assign(calls=-1), {}, r"column 'calls': '-1' is negative"),
        (lambda f: f.assign(timestamp="soon"), {}, r"column 'timestamp'.*is not a date"),
        (lambda f: f.assign(calls=[{"a": 1}, 2, *f["calls"][2:]]), {}, r"the frame, column 'calls': has values"),
        (lambda f: f, {"columns": {"calls": "volume"}}, r"the frame, column 'volume': is not there"),
        (lambda f: f, {"columns": {"volume": "calls"}}, r"field 'columns': 'volume' is no column of a history"),
        (lambda f: f.head(0), {}, r"the frame: "),
    ],
)
def test_what_is_wrong_is_named(frame, scenario, change, asked, says):
    with pytest.raises(staffing.StaffingError, match=says):
        told(change(frame), scenario, **asked)


def test_a_file_has_names_of_its_own_too(frame, scenario, history, tmp_path):
    file = tmp_path / "export.csv"
    frame.rename(columns={"calls": "Angebot", "aht_seconds": "Dauer"}).to_csv(file, index=False)
    columns = {"calls": "Angebot", "aht_s": "Dauer"}
    read = staffing.read_history(file, scenario.site, columns=columns, answers={"unit.aht": "s"})
    assert read.sha256 == history.sha256
    with pytest.raises(staffing.InputError, match="lacks the column 'calls'"):
        staffing.read_history(file, scenario.site, columns={"calls": "volume"})
    with pytest.raises(staffing.InputError, match=r"column\.volume"):
        staffing.read_history(file, scenario.site, columns={"volume": "Angebot"})
