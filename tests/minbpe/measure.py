"""Time and memory, measured so that a busy machine disturbs a comparison as little as it can."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter

from minbpe import BasicTokenizer, RegexTokenizer, Tokenizer
from tests.minbpe.english_like import english_like

STATUS = Path("/proc/self/status")
KINDS: dict[str, type[Tokenizer]] = {"regex": RegexTokenizer, "basic": BasicTokenizer}


def best_times(
    actions: Mapping[str, Callable[[], object]],
    rounds: int,
    clock: Callable[[], float] = perf_counter,
) -> dict[str, float]:
    """Return the seconds of each action, the best of `rounds` in which they take turns."""
    best = dict.fromkeys(actions, float("inf"))
    for _ in range(rounds):
        for name, action in actions.items():
            start = clock()
            action()
            best[name] = min(best[name], clock() - start)
    return best


def memory_of_training(kind: str, size: int, vocab_size: int) -> int | None:
    """Return the bytes that training on `size` bytes takes at its peak, beyond the text itself.

    In a process of its own, so that nothing done before counts. None where the system does not
    tell (it takes Linux's /proc).
    """
    if not STATUS.exists():
        return None
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_train_and_report, (kind, size, vocab_size))


def _train_and_report(kind: str, size: int, vocab_size: int) -> int:
    text = english_like(size)
    tokenizer = KINDS[kind]()
    tokenizer.train("numpy is imported by the first training", 256)
    before = _status_bytes("VmRSS")
    # Sets the peak back to what is resident now; see proc(5).
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    tokenizer.train(text, vocab_size)
    return _status_bytes("VmHWM") - before


def _status_bytes(field: str) -> int:
    lines = STATUS.read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field)) * 1024
