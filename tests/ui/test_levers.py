"""The levers beside every page, and what each of them moved."""

import pytest

from tests.ui.desk import button, go, metric, opened, settle, shown


def lever(app, label, place=0):
    return [box for box in app.sidebar.number_input if box.label == label][place]


def contacts(app):
    return int(metric(app, "Contacts").value.replace(",", ""))


def test_a_lever_of_one_queue_moves_every_page_and_stays():
    app = opened("staffing")
    before = contacts(app)
    lever(app, "Settled by self-service, %").set_value(25.0).run()
    settle(app)
    assert contacts(app) == pytest.approx(before * 0.75, rel=0.002)  # both are rounded
    app = opened("forecast")  # another browser: the draft is kept
    assert lever(app, "Settled by self-service, %").value == 25.0
    assert "self-service" in "".join(str(frame.value) for frame in app.dataframe)
    button(app, "Undo").click().run()
    assert contacts(go(app, "staffing")) == before


def test_each_change_is_told_with_what_it_moved_alone():
    app = opened("staffing")
    lever(app, "Volume, %", 1).set_value(200.0).run()
    settle(app)
    lever(app, "Handled by automation, %").set_value(50.0).run()
    settle(app)
    next(one for one in app.toggle if one.label == "What each change moved").set_value(True).run()
    settle(app)
    table = app.dataframe[0].value
    assert [change.split(":")[0] for change in table["change"]] == ["queues · voice · volume factor",
                                                                     "queues · voice · automated"]  # fmt: skip
    assert table["contacts"].iloc[0].startswith("+")
    assert table["contacts"].iloc[1] == "0"
    assert table["hours to roster"].iloc[1].startswith("−")


def test_a_promise_of_its_own_comes_and_goes_whole():
    app = opened("staffing")
    lever(app, "Its own target, %").set_value(95.0).run()
    settle(app)
    assert "Queues with a promise of their own: voice" in shown(app)
    lever(app, "Its own target, %").set_value(None).run()
    settle(app)
    assert "promise of their own" not in shown(app)
