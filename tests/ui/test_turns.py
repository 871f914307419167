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


def side_by_side(count, work):
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not any(thread.is_alive() for thread in threads)


def test_few_pages_are_drawn_at_a_time_and_all_are():
    drawn = Drawn()

    def page():
        with turns.turn():
            drawn.draw()

    side_by_side(12, page)
    assert (drawn.most, drawn.done) == (turns.AT_ONCE, 12)


def test_who_waits_for_work_keeps_nobody_out_and_has_a_turn_again_after_it():
    drawn, work, waiting = Drawn(), threading.Event(), threading.Barrier(turns.AT_ONCE + 1)

    def waits():
        with turns.turn():
            with turns.stood_aside():
                waiting.wait(10)
                work.wait(10)
            drawn.draw()

    def page():
        with turns.turn():
            drawn.draw()

    others = [threading.Thread(target=waits) for _ in range(turns.AT_ONCE)]
    for thread in others:
        thread.start()
    waiting.wait(10)
    side_by_side(4, page)
    assert drawn.done == 4
    work.set()
    for thread in others:
        thread.join(10)
    assert (drawn.most, drawn.done) == (turns.AT_ONCE, 4 + turns.AT_ONCE)


def test_a_page_that_is_stuck_keeps_others_waiting_for_a_while_only(monkeypatch):
    monkeypatch.setattr(turns, "LONGEST_S", 0.1)
    drawn, stuck = Drawn(), threading.Event()

    def holds():
        with turns.turn():
            stuck.wait(10)

    def page():
        with turns.turn():
            drawn.draw()

    held = [threading.Thread(target=holds) for _ in range(turns.AT_ONCE)]
    for thread in held:
        thread.start()
    time.sleep(0.05)
    side_by_side(1, page)
    assert drawn.done == 1
    stuck.set()
    for thread in held:
        thread.join(10)


def test_a_page_that_fails_gives_its_turn_back():
    for _ in range(turns.AT_ONCE + 1):
        with pytest.raises(ZeroDivisionError), turns.turn():
            _ = 1 / 0
    drawn = Drawn()
    with turns.turn():
        drawn.draw()
    assert all(turns._free.acquire(blocking=False) for _ in range(turns.AT_ONCE))
    for _ in range(turns.AT_ONCE):
        turns._free.release()


def test_outside_a_turn_standing_aside_takes_none():
    with turns.stood_aside():
        pass
    assert all(turns._free.acquire(blocking=False) for _ in range(turns.AT_ONCE))
    for _ in range(turns.AT_ONCE):
        turns._free.release()
