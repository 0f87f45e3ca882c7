"""Which lectures may go on to a step that waits for a step of all earlier lectures."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

from pipeline.book.engines.plan import BookLecture


class StepBarrier:
    """Counts the lectures, from the first on, that have a step behind them.

    A lecture has it behind it when the step is done or the lecture has ended before it (a failure
    holds nobody up). Lectures that ask too soon are kept and told of when their turn comes. Memory
    grows with the lectures in flight, not with the book.
    """

    def __init__(self, lectures: Sequence[BookLecture]) -> None:
        self._place = {lecture.number: place for place, lecture in enumerate(lectures)}
        self._behind: set[int] = set()
        self._first_open = 0
        self._waiting: list[tuple[int, int]] = []

    def may_go_on(self, number: int) -> bool:
        """Whether all lectures before ``number`` have the step behind them; else ``number`` is
        among the results of a later ``passed``."""
        place = self._place[number]
        if place <= self._first_open:
            return True
        heapq.heappush(self._waiting, (place, number))
        return False

    def passed(self, number: int) -> list[int]:
        """Lecture ``number`` has the step behind it; the lectures that waited for just that, in
        the order of the book. Saying it twice does nothing."""
        place = self._place[number]
        if place >= self._first_open:
            self._behind.add(place)
        while self._first_open in self._behind:
            self._behind.remove(self._first_open)
            self._first_open += 1
        free = []
        while self._waiting and self._waiting[0][0] <= self._first_open:
            free.append(heapq.heappop(self._waiting)[1])
        return free
