"""How long something takes by itself, whatever else the test process holds."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable


def seconds(call: Callable[[], object]) -> float:
    """Processor time of ``call``.

    Without the garbage collector: in a process with the heap of a thousand tests, one full
    collection takes longer than what is measured.
    """
    was_on = gc.isenabled()
    gc.disable()
    began = time.process_time()
    try:
        call()
        return time.process_time() - began
    finally:
        if was_on:
            gc.enable()
