"""The nightly run from the command line, two nights long, on a workspace whose files come by a drop folder."""

import json
import os

import pandas as pd
import pytest

DAYS = 14  # too few for more than a weekday mean: a fit takes no time


@pytest.fixture
def desk(small_workspace):
    """The small workspace, its last two weeks in a drop folder, all but the last day."""
    path, inbox = small_workspace / "history" / "calls.csv", small_workspace / "inbox"
    rows = pd.read_csv(path, dtype=str)
    path.unlink()
    inbox.mkdir()
    days = rows["timestamp"].str[:10]
    kept = sorted(days.unique())[-DAYS:]
    rows[days.isin(kept[:-1])].to_csv(inbox / "first.csv", index=False)
    last = rows[days == kept[-1]]
    return small_workspace, lambda: last.to_csv(inbox / "second.csv", index=False)


def kept(folder):
    return sorted(path.parent for path in folder.glob("forecasts/*/manifest.json"))


def test_two_nights(run, desk):
    folder, next_day = desk
    code, _, log = run("batch", "run", folder, "--horizon", "1w", "--workers", "1")
    assert (code, "taken in: first.csv" in log) == (0, True)
    (first,) = kept(folder)
    told = json.loads((first / "report.json").read_text())
    assert [(row["queue"], row["method"], row["wape last night"]) for row in told["queues"]] == [
        ("voice", "forecast", None)
    ]
    assert told["queues"][0]["most agents"] > 0
    page = (first / "report.html").read_text()
    assert "<td>voice</td>" in page
    assert "http" not in page
    assert len(pd.read_parquet(first / "report.parquet")) == 1

    again = run("batch", "run", folder, "--horizon", "1w")
    assert "was done before" in again[1]
    next_day()
    metrics = folder / "desk.prom"
    assert run("batch", "run", folder, "--horizon", "1w", "--workers", "1", "--metrics", metrics)[0] == 0
    second = kept(folder)[-1]
    scored = pd.read_parquet(second / "scores.parquet")
    assert scored["day"].dt.strftime("%Y-%m-%d").tolist() == ["2026-11-20"]
    gauges = dict(line.rsplit(" ", 1) for line in metrics.read_text().splitlines() if not line.startswith("#"))
    wape = scored["off"].sum() / scored["actual"].sum()
    assert float(gauges[f'staffing_batch_wape{{workspace="{folder.name}"}}']) == pytest.approx(wape)

    assert f"Last run: {second.name}" in run("batch", "status", folder)[1]
    shown = json.loads(run("batch", "show", folder, "last", "--json")[1])
    assert shown["queues"][0]["wape last night"] == pytest.approx(wape, rel=1e-5)
    assert "Deleted 0 runs" in run("batch", "prune", folder, "--keep", "1d")[1]
    assert run("batch", "show", folder, "nothing")[0] == 2


def test_one_that_fails_does_not_stop_the_others(run, desk, tmp_path):
    folder, _ = desk
    gone = tmp_path / "gone"
    config = tmp_path / "nightly.toml"
    config.write_text(f'workspaces = ["{gone}", "{folder}"]\nhorizon = "1w"\nworkers = 1\n')
    code, _, log = run("batch", "run", config, "--log-json")
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert code == 3
    assert [line["level"] for line in lines if str(gone) in line["message"]] == ["error"]
    assert {line["queue"] for line in lines if "queue" in line} == {"voice"}
    assert len(kept(folder)) == 1


def test_a_run_that_broke_off_is_seen_and_resumed(run, desk, monkeypatch):
    folder, _ = desk

    def killed(*_arguments, **_options):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("staffing.batch.nightly._publish", killed)
        run("batch", "run", folder, "--horizon", "1w", "--workers", "1")
    code, told, _ = run("batch", "status", folder)
    assert (code, "1 of 1 queues. Go on with: staffing batch resume" in told) == (3, True)
    code, _, log = run("batch", "resume", folder)
    assert (code, "going on: 1 of 1 queues were done before" in log) == (0, True)
    assert "No run has broken off" in run("batch", "resume", folder)[2]


@pytest.mark.parametrize(("number", "said"), [(28, "there is no room left on its disk"), (30, "cannot be written")])
def test_a_target_that_cannot_be_written_leaves_earlier_outputs_whole(run, desk, monkeypatch, number, said):
    folder, _ = desk
    assert run("batch", "run", folder, "--horizon", "1w", "--workers", "1")[0] == 0
    before = {path: path.read_bytes() for path in kept(folder)[0].rglob("*") if path.is_file()}

    def refused(*_arguments, **_options):
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr("staffing.batch.nightly.write_json", refused)
        code, _, log = run("batch", "run", folder, "--horizon", "2w", "--workers", "1")
    assert (code, said in log) == (2, True)
    assert {path: path.read_bytes() for path in kept(folder)[0].rglob("*") if path.is_file()} == before
