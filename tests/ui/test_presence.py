"""Who else looks at a week: other people with a window open on it, not oneself, nobody whose window is closed."""

from staffing.ui import presence
from staffing.ui.presence import Presence


def test_others_on_the_same_week_are_named_while_their_window_is_open(monkeypatch):
    windows = {"1", "2", "3", "4", "5"}
    monkeypatch.setattr(presence, "_open", windows.__contains__)
    now = Presence()
    now.here("1", "ada", "bank", "2026-11-28")
    now.here("2", "bo", "bank", "2026-11-28")
    now.here("3", "ada", "bank", "2026-11-28")  # another window of her own
    now.here("4", "eve", "bank", "2026-12-05")
    now.here("5", "dan", "shop", "2026-11-28")
    assert now.others("1", "ada", "bank", "2026-11-28") == ["bo"]
    now.here("4", "eve", "bank", "2026-11-28")  # moves on
    assert now.others("1", "ada", "bank", "2026-11-28") == ["bo", "eve"]
    windows.remove("2")
    assert now.others("1", "ada", "bank", "2026-11-28") == ["eve"]
    assert now.others("5", "dan", "shop", "2026-11-28") == []


def test_outside_a_page_there_is_nobody():
    assert presence.others_here("ada", "bank", "2026-11-28") == []
