"""What a fit takes from the one before it."""

from staffing.forecast.day_level.recall import recalled, recalling


def test_what_was_asked_for_on_the_way_is_no_part_of_what_was_found():
    def whole():
        return recalled("part", lambda: 2) + 1

    with recalling({}) as full:
        assert recalled("part", lambda: 1) == 1
        assert recalled("whole", whole) == 3
    assert full.found == {"part 0": 1, "whole 0": 3}
    with recalling(full.found) as warm:
        assert [recalled("part", lambda: 9), recalled("whole", whole)] == [1, 3]
    assert warm.same


def test_a_fit_that_asks_for_more_is_not_the_same():
    with recalling({"part 0": 1}) as warm:
        assert [recalled("part", lambda: 9), recalled("part", lambda: 9)] == [1, 9]
    assert not warm.same
