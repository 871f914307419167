"""What is taken in bit by bit is what would have been read at once, whatever breaks off in between."""

import datetime as dt

import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.errors import InputError, InputErrors
from staffing.history import read_history
from staffing.history.rest.archive import Archive
from staffing.history.rest.ingest import ingest, queue_history
from staffing.store.places import Place

SITE = SiteCalendar(timezone="Europe/Berlin", interval_min=30)


def rows(first, days, queues=("chat", "voice"), calls=0):
    starts = pd.date_range(first, periods=48 * days, freq="30min")
    told = {name: [(k * 7 + len(name)) % 23 + calls for k in range(48 * days)] for name in queues}
    return pd.concat(pd.DataFrame({"timestamp": starts, "queue": name, "calls": told[name]}) for name in queues)


@pytest.fixture
def site(tmp_path):
    """A drop folder with three files, the last of which corrects a day of the second."""
    drop = tmp_path / "inbox"
    drop.mkdir()
    rows("2026-01-05", 40).to_csv(drop / "1.csv", index=False)
    rows("2026-02-14", 5).to_parquet(drop / "2.parquet", index=False)
    rows("2026-02-16", 1, ("voice",), calls=100).to_csv(drop / "3.csv", index=False)
    return tmp_path


def take(folder):
    archive = Archive.open(Place(str(folder / "history" / "archive")))
    return archive, ingest(archive, Place(str(folder / "inbox")), SITE, {})


def test_bit_by_bit_is_at_once(site):
    archive, done = take(site)
    whole = read_history(site / "inbox", SITE)
    again = read_history(site / "history", SITE)
    assert again.sha256 == whole.sha256
    for name in ("chat", "voice"):
        assert queue_history(archive, name, SITE, {}).sha256 == whole.only(name).sha256
    counts = [(one.taken.new, one.taken.replaced, one.taken.same) for one in done]
    assert counts == [(3840, 0, 0), (480, 0, 0), (0, 48, 0)]
    assert "48 replace what was told" in str(done[-1])


def test_the_same_again_does_nothing_and_a_corrected_file_replaces(site):
    archive, _ = take(site)
    index = (site / "history" / "archive" / "index.json").read_bytes()
    assert take(site)[1] == []
    rows("2026-02-14", 5).to_parquet(site / "inbox" / "2b.parquet", index=False)
    (again,) = take(site)[1]
    assert (again.taken.new, again.taken.replaced, again.taken.same) == (0, 48, 432)
    changed = rows("2026-02-18", 1, ("chat",), calls=100)
    changed.to_parquet(site / "inbox" / "2b.parquet", index=False)
    (corrected,) = take(site)[1]
    assert (corrected.taken.new, corrected.taken.replaced) == (0, 48)
    told = queue_history(Archive.open(archive.place), "chat", SITE, {}).frame
    assert told["calls"].iloc[-48:].tolist() == changed["calls"].tolist()
    assert index != (site / "history" / "archive" / "index.json").read_bytes()


def test_every_row_knows_its_source_and_one_month_is_one_file(site):
    archive, _ = take(site)
    told = archive.rows("voice").set_index("start")
    assert told.loc["2026-02-16 11:00+00:00", "file"] == "3.csv"
    assert told.loc["2026-01-05 00:00+01:00", ["file", "row"]].tolist() == ["1.csv", 1922]
    files = sorted(path.relative_to(archive.place.local).parts[:2] for path in archive.place.local.rglob("*.parquet"))
    assert files == [(f"queue={name}", f"month=2026-{month}") for name in ("chat", "voice") for month in ("01", "02")]


def test_one_queue_never_loads_the_others(site):
    archive, _ = take(site)
    for path in archive.place.local.rglob("queue=chat/*/*.parquet"):
        path.write_bytes(b"no Parquet")
    assert len(queue_history(archive, "voice", SITE, {}).frame) == 45 * 48
    with pytest.raises(InputError, match=r"queue=chat.*is missing or damaged"):
        queue_history(archive, "chat", SITE, {})


def test_what_breaks_off_has_not_happened(site, monkeypatch):
    take(site)
    before = read_history(site / "history", SITE).sha256
    rows("2026-02-19", 3).to_csv(site / "inbox" / "4.csv", index=False)

    def killed(self):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Archive, "commit", killed)
        with pytest.raises(KeyboardInterrupt):
            take(site)
    assert read_history(site / "history", SITE).sha256 == before
    (done,) = take(site)[1]
    assert done.taken.new == 288
    assert read_history(site / "history", SITE).sha256 == read_history(site / "inbox", SITE).sha256


def test_what_is_wrong_stops_its_own_queue(site):
    spoiled = rows("2026-02-19", 1).astype({"calls": str})
    spoiled.iloc[3, 2] = "x7"
    spoiled.to_csv(site / "inbox" / "4.csv", index=False)
    (site / "inbox" / "5.csv").write_text("")
    (site / "inbox" / "6.parquet").write_bytes(b"PAR1 and no more")
    archive, done = take(site)
    assert [list(one.faults) for one in done[3:]] == [["chat"], ["5.csv"], ["6.parquet"]]
    assert "'x7' is not a number" in done[3].faults["chat"]
    assert queue_history(archive, "voice", SITE, {}).frame["start"].max().date() == dt.date(2026, 2, 19)
    assert queue_history(archive, "chat", SITE, {}).frame["start"].max().date() == dt.date(2026, 2, 18)


def test_what_can_be_read_in_two_ways_is_asked(site):
    (site / "inbox" / "4.csv").write_text("timestamp,queue,calls\n03/04/2026 10:00,voice,4\n03/04/2026 10:30,voice,5\n")
    with pytest.raises(InputErrors, match="date_order"):
        take(site)


def test_a_file_that_grows_while_it_is_read_is_left(site, monkeypatch):
    read = Place.read

    def growing(self, name):
        content = read(self, name)
        if name == "2.parquet":
            with (self.local / name).open("ab") as file:
                file.write(b"more")
        return content

    monkeypatch.setattr(Place, "read", growing)
    with pytest.raises(InputError, match=r"2\.parquet: changed while it was read"):
        take(site)
    assert sorted(Archive.open(Place(str(site / "history" / "archive"))).files) == ["1.csv"]


def test_a_damaged_index_is_said(site):
    archive, _ = take(site)
    (archive.place.local / "index.json").write_text("{")
    with pytest.raises(InputError, match=r"index\.json: is damaged"):
        take(site)
