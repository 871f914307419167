"""Long work in processes of its own: started, followed, stopped within a second, its result handed over whole."""

from staffing.work.caller import Caller
from staffing.work.children import Interpreter, forged
from staffing.work.progress import Progress, silent
from staffing.work.worker import Crash, Ended, Running, Worker, WorkerTask

__all__ = ["Caller", "Crash", "Ended", "Interpreter", "Progress", "Running", "Worker", "WorkerTask", "forged", "silent"]
