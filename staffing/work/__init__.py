"""Long work in processes of its own: started, followed, stopped within a second, its result handed over whole."""

from staffing.work.line import Line
from staffing.work.progress import Progress, silent
from staffing.work.worker import Ended, Fault, Running, Task, Worker

__all__ = ["Ended", "Fault", "Line", "Progress", "Running", "Task", "Worker", "silent"]
