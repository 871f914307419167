"""Errors reach another process as they are: what, where, remedy, and the problems they list."""

import pickle

import pytest

from staffing import errors
from staffing.errors import Cancelled, Conflict, InputError, InputErrors, StaffingError, Where
from staffing.work import Ended

ROW = InputError("is wrong.", where=Where("a.csv", 3, "calls"), remedy="Mend it.")
PLAIN = [
    kind("is wrong.", remedy="Mend it.")
    for kind in (*vars(errors).values(), Ended)
    if isinstance(kind, type) and issubclass(kind, StaffingError) and kind not in (InputErrors, Cancelled)
]


@pytest.mark.parametrize("error", [ROW, InputErrors([ROW, ROW], file="a.csv"), Conflict("Changed.", ("a",)), *PLAIN])
def test_an_error_survives_the_way(error):
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert type(again) is type(error)
    assert (str(again), again.where, again.remedy) == (str(error), error.where, error.remedy)
    assert getattr(again, "differences", ()) == getattr(error, "differences", ())
    assert list(map(str, getattr(again, "problems", ()))) == list(map(str, getattr(error, "problems", ())))


def test_a_stop_carries_what_was_reached():
    stop = Cancelled()
    stop.best = "half"
    assert pickle.loads(pickle.dumps(stop)).best == "half"  # noqa: S301
