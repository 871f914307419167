"""Processes that die at a chosen file operation, and processes that change the same thing at the same moment."""

import contextlib
import multiprocessing
import os
import signal
import sys

#: What Python's audit hooks tell of changes to files and of files opened.
OPERATIONS = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "shutil.rmtree")
LONGEST_S = 60


def killed_at(operation, work, root) -> bool:
    """Whether `work`, run in a child, was killed (-9) at its `operation`-th file operation under `root`."""
    child = os.fork()
    if not child:
        signal.alarm(LONGEST_S)
        left = operation

        def hook(event, arguments):
            nonlocal left
            if event in OPERATIONS and str(root) in str(arguments[0]):
                if not left:
                    os.kill(os.getpid(), signal.SIGKILL)
                left -= 1

        sys.addaudithook(hook)
        try:
            work()
            os._exit(0)
        finally:
            os._exit(3)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the work itself failed"
    return os.WIFSIGNALED(status)


def side_by_side(*works) -> None:
    """Run functions with their arguments in processes of their own that start together."""
    context = _context()
    barrier = context.Barrier(len(works))
    children = [context.Process(target=_together, args=(barrier, *work)) for work in works]
    for child in children:
        child.start()
    for child in children:
        child.join(LONGEST_S)
    assert [child.exitcode for child in children] == [0] * len(works)


@contextlib.contextmanager
def beside(function, *arguments):
    """A process that runs a function while the block is at work; it has to come to a good end."""
    child = _context().Process(target=function, args=arguments)
    child.start()
    try:
        yield child
    finally:
        child.join(LONGEST_S)
    assert child.exitcode == 0


def _context():
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["staffing.store.workspace", "pandas", "pyarrow.parquet", "tests.roster.sites"])
    return context


def _together(barrier, function, *arguments) -> None:
    barrier.wait(LONGEST_S)
    function(*arguments)
