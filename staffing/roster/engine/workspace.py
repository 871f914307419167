"""Scratch memory of the kernels, allocated once."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from staffing.roster.case import Automata, Options


class Buffers(NamedTuple):
    """Scratch memory of the kernels, allocated once."""

    on: NDArray[np.float64]  # (2, nodes of the widest layer, options of the fullest day)
    off: NDArray[np.float64]  # (2, nodes of the widest layer)
    from_on: NDArray[np.int32]  # (days, widest, fullest, 2) node before, option before
    from_off: NDArray[np.int32]  # (days, widest, 2)
    least: NDArray[np.float64]  # (fullest + 1,)
    least_at: NDArray[np.int32]  # (fullest + 1,)
    window: NDArray[np.float64]  # (breaks of a template, widest window) running minimum
    window_at: NDArray[np.int32]
    window_from: NDArray[np.int32]
    cumulated: NDArray[np.float64]  # (slots + 1,)
    least_loss: NDArray[np.float64]  # (shapes, slots) of a break whose window opens in the slot
    gain: NDArray[np.float64]  # (options,)
    offsets: NDArray[np.int32]  # (options, breaks of a template)
    cost: NDArray[np.float64]  # (options,)


def workspace(options: Options, automata: Automata, slots: int) -> Buffers:
    """Scratch memory wide enough for these options and automata."""
    days = len(options.day_ptr) - 1
    fullest = int(np.diff(options.day_ptr).max())
    widest = int(np.diff(automata.layer_ptr, axis=1).max())
    breaks = max(1, int(np.diff(options.break_ptr).max()))
    window = 1 + int((options.break_hi - options.break_lo).max(initial=0))
    count = len(options.start)
    return Buffers(
        on=np.empty((2, widest, fullest)),
        off=np.empty((2, widest)),
        from_on=np.empty((days, widest, fullest, 2), np.int32),
        from_off=np.empty((days, widest, 2), np.int32),
        least=np.empty(fullest + 1),
        least_at=np.empty(fullest + 1, np.int32),
        window=np.empty((breaks, window)),
        window_at=np.empty((breaks, window), np.int32),
        window_from=np.empty((breaks, window), np.int32),
        cumulated=np.empty(slots + 1),
        least_loss=np.zeros((len(options.shape_len), slots)),
        gain=np.empty(count),
        offsets=np.zeros((count, breaks), np.int32),
        cost=np.empty(count),
    )
