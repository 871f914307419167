"""Pages take turns: a few at a time, and none is kept out by one that is stuck or waits for its work."""

import threading
import time

import pytest

from staffing.ui import turns


class Drawn:
    """How many pages are being drawn, and how many were at most."""

    def __init__(self):
        self.now = self.most = self.done = 0
        self.lock = threading.Lock()

    def draw(self, seconds=0.02):
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(seconds)
        with self.lock:
            self.now -= 1
            self.done += 1

    def page(self):
        with turns.turn():
            self.draw()


def begun(count, work):
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    return threads


def ended(threads):
    for thread in threads:
        thread.join(20)
    assert not any(thread.is_alive() for thread in threads)


def all_are_free():
    free = [turns._free.acquire(blocking=False) for _ in range(turns.AT_ONCE)]
    for _ in filter(None, free):
        turns._free.release()
    return all(free)


def test_few_pages_are_drawn_at_a_time_and_all_are():
    drawn = Drawn()
    ended(begun(12, drawn.page))
    assert (drawn.most, drawn.done) == (turns.AT_ONCE, 12)


def test_who_waits_for_work_keeps_nobody_out_and_has_a_turn_again_after_it():
    drawn, work, waiting = Drawn(), threading.Event(), threading.Barrier(turns.AT_ONCE + 1)

    def waits():
        with turns.turn():
            with turns.stood_aside():
                waiting.wait(10)
                work.wait(10)
            drawn.draw()

    others = begun(turns.AT_ONCE, waits)
    waiting.wait(10)
    ended(begun(4, drawn.page))
    assert drawn.done == 4
    work.set()
    ended(others)
    assert (drawn.most, drawn.done) == (turns.AT_ONCE, 4 + turns.AT_ONCE)


def test_a_page_that_is_stuck_keeps_others_waiting_for_a_while_only(monkeypatch):
    monkeypatch.setattr(turns, "LONGEST_S", 0.1)
    drawn, stuck = Drawn(), threading.Event()

    def holds():
        with turns.turn():
            stuck.wait(10)

    held = begun(turns.AT_ONCE, holds)
    time.sleep(0.05)
    ended(begun(1, drawn.page))
    assert drawn.done == 1
    stuck.set()
    ended(held)


def test_a_page_that_fails_gives_its_turn_back():
    for _ in range(turns.AT_ONCE + 1):
        with pytest.raises(ZeroDivisionError), turns.turn():
            _ = 1 / 0
    drawn = Drawn()
    with turns.turn():
        drawn.draw()
    assert all_are_free()


def test_outside_a_turn_standing_aside_takes_none():
    with turns.stood_aside():
        pass
    assert all_are_free()
