import threading

from staffing.errors import Cancelled, PlanError
from staffing.ui.jobs import Jobs


def test_the_same_work_is_begun_once_and_its_result_kept():
    jobs, begun = Jobs(), []

    def work(tell):
        begun.append(1)
        tell("at it", 0.5)
        return 42

    first = jobs.start("a", work)
    assert first.wait(5)
    assert jobs.start("a", work) is first
    assert (first.result, first.share, begun) == (42, 0.5, [1])


def test_a_stop_is_heeded_at_the_next_sign_of_progress():
    jobs, going = Jobs(), threading.Event()

    def work(tell):
        going.set()
        while True:
            tell("for ever", 0.1)

    job = jobs.start("a", work)
    assert going.wait(5)
    job.stop()
    assert job.wait(5)
    assert isinstance(job.error, Cancelled)
    jobs.forget("a")
    assert jobs.find("a") is None


def test_what_a_user_can_mend_is_kept_as_it_is():
    def work(tell):
        raise PlanError("there is nobody to roster.", remedy="Add agents.")

    job = Jobs().start("a", work)
    assert job.wait(5)
    assert str(job.error) == "there is nobody to roster. Add agents."


def test_what_nobody_foresaw_goes_to_the_log_and_not_to_the_page(caplog):
    def work(tell):
        raise KeyError("secret_name")

    job = Jobs().start("a", work)
    assert job.wait(5)
    assert "secret_name" not in str(job.error)
    assert "log" in str(job.error)
    assert "secret_name" in caplog.text


def test_others_wait_for_their_turn():
    jobs, gate = Jobs(), threading.Event()
    blocked = [jobs.start(str(k), lambda tell: gate.wait(5)) for k in range(2)]
    third = jobs.start("third", lambda tell: "done")
    assert not third.wait(0.2)
    assert third.stage == "waiting for other work"
    gate.set()
    assert all(job.wait(5) for job in [*blocked, third])
    assert third.result == "done"
