"""A folder and an object store are read and written alike; the store is one of the tests' own, over HTTP."""

import pytest
from moto.server import ThreadedMotoServer

from staffing.errors import InputError
from staffing.store.places import Place
from tests.store.object_store import object_store


@pytest.fixture(scope="module")
def bucket():
    """An empty bucket of a store that speaks S3."""
    with object_store("exports") as (place, server):
        yield place.within("desk"), server


@pytest.fixture(params=["folder", "store"])
def place(request, tmp_path):
    return Place(str(tmp_path / "desk")) if request.param == "folder" else request.getfixturevalue("bucket")[0]


def test_what_is_written_is_read_listed_and_let_go(place):
    assert place.entries() == []
    assert place.read("a.csv") is None
    place.write("a.csv", b"one")
    place.write("b=1/c.parquet", b"within")
    (entry,) = place.entries()
    assert (entry.name, entry.size) == ("a.csv", 3)
    assert (place.read("a.csv"), place.within("b=1").read("c.parquet")) == (b"one", b"within")
    place.write("a.csv", b"other")
    assert place.entries()[0].stamp != entry.stamp
    for name in ("a.csv", "b=1/c.parquet"):
        place.delete(name)
        place.delete(name)
    assert place.entries() == []


def test_a_store_that_goes_away_is_said_and_one_that_comes_back_goes_on(bucket):
    place, server = bucket
    place.write("a.csv", b"one")
    port = server.get_host_and_port()[1]
    server.stop()
    gone = Place(place.url + "&request_timeout=1&connect_timeout=1")
    with pytest.raises(InputError, match=r"s3://exports/desk: cannot be reached or read"):
        gone.entries()
    again = ThreadedMotoServer("127.0.0.1", port)
    again.start()
    try:
        assert [entry.name for entry in Place(place.url).entries()] == ["a.csv"]
    finally:
        again.stop()


def test_what_is_no_place_is_said():
    with pytest.raises(InputError, match="cannot be reached or read"):
        Place("gopher://somewhere").entries()
