import pytest

from staffing.errors import InputErrors
from staffing.store.bids import bids_of


def test_bids_are_read_and_none_are_none():
    assert bids_of(None) == ()
    (one, two) = bids_of(b"agent,line,rank,points\nAda,L1,1,30\nAda,L2,2,\n")
    assert (one.agent, one.line, one.rank, one.points) == ("Ada", "L1", 1, 30.0)
    assert two.points == 0.0


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("Ada,L1,first,", "rank"),
        ("Ada,L1,0,", "rank"),
        ("Ada,L1,1,-3", "points"),
        ("Ada,L1,1,\nAda,L1,2,", "has the line L1 in row 2 already"),
        ("Ada,L1,1,\nAda,L2,1,", "has the rank 1 in row 2 already"),
    ],
)
def test_what_is_no_bid_is_named_by_its_row(rows, says):
    with pytest.raises(InputErrors, match=says):
        bids_of(f"agent,line,rank,points\n{rows}\n".encode())
