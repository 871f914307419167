"""What children are given to do in the tests."""

import os
import sys
import time


def double(number, _line):
    return 2 * number


def process_id(_line):
    return os.getpid()


def tell_often(line):
    for step in range(1001):
        line.tell("counting", step / 1000)
        time.sleep(0.0002)
    return "done"


def fail(error, _line):
    raise error


def divide(_line):
    return 1 / 0


def unpicklable(_line):
    return lambda: None


def chatty(_line):
    print("by Python", flush=True)  # noqa: T201
    os.write(1, b"by the system\n")
    return "said"


def tell_for_ever(line):
    line.leave("half")
    while True:
        line.tell("for ever", 0.5)
        time.sleep(0.01)


def deaf(line):
    line.leave("half")
    line.tell("for ever", 0.5)
    time.sleep(600)


def late(line):
    line.ready()
    line.leave("half")
    time.sleep(600)


def die(_line):
    os._exit(7)


def break_off(line):
    line._stream.write(b"\0\0\0\0\0\0\1\0begun")
    line._stream.flush()
    os._exit(0)


def where_staffing_is(_line):
    return os.path.dirname(sys.modules["staffing"].__file__)


loaded_in = 0


def load():
    """What a forge loads."""
    global loaded_in
    loaded_in = os.getpid()


def where_it_was_loaded(_line):
    return loaded_in, os.getppid()


def threads_of(process, _line):
    with open(f"/proc/{process}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("Threads:"))


def around(name, _line):
    return os.getcwd(), os.environ.get(name)
