"""Work that is done again where somebody else was quicker, and done alone where they always are."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar

from staffing.errors import Conflict
from staffing.store.ground import Ground
from staffing.store.rights import acting

Done = TypeVar("Done")
QUICK_TRIES = 5
PAUSE_S, LONGEST_PAUSE_S = 0.01, 0.2


def again_on_conflict(work: Callable[[], Done], ground: Ground) -> Done:
    """What ``work`` returns; where somebody else was quicker it is done again, on what is there now.

    Between tries it waits a little, at random, so that two who are equally quick do not go on in step. Who was too
    slow five times works alone: others wait until it is done, so that slow work beside quick work comes to its end.
    """
    for number in range(1, QUICK_TRIES + 1):
        try:
            return work()
        except Conflict:
            time.sleep(random.uniform(0, min(LONGEST_PAUSE_S, PAUSE_S * number)))
    with ground.alone(acting()):
        return work()
