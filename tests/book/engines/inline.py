"""An engine without processes: does the steps here, in any order that the plan allows."""

from __future__ import annotations

import random
from collections.abc import Callable

from pipeline.book.engines.coordinator import Coordinator, ProgressEvent
from pipeline.book.engines.plan import BookLecture, BookPlan, StepResult


class InlineEngine:
    """One step after another: the first lecture that can go on, or with ``seed`` any that can."""

    def __init__(self, seed: int | None = None) -> None:
        self._chance = None if seed is None else random.Random(seed)
        self.done: list[tuple[int, str]] = []

    def run(
        self,
        plan: BookPlan,
        coordinator: Coordinator,
        hear: Callable[[ProgressEvent | StepResult], None],
    ) -> dict[int, StepResult]:
        """See ``Engine``."""
        at = {lecture.number: 0 for lecture in plan.lectures}
        last: dict[int, StepResult] = {}
        while open_ := [one for one in plan.lectures if one.number not in last]:
            able = [one for one in open_ if _may_go_on(plan, one, at, last)]
            lecture = self._chance.choice(able) if self._chance else able[0]
            name = plan.steps[at[lecture.number]].name
            done = plan.work(lecture, name, coordinator)
            self.done.append((lecture.number, name))
            at[lecture.number] += 1
            if done.failure is not None or at[lecture.number] == len(plan.steps):
                last[lecture.number] = done
                hear(done)
        return last


def _may_go_on(
    plan: BookPlan, lecture: BookLecture, at: dict[int, int], last: dict[int, StepResult]
) -> bool:
    """The rule of ``Step.after``, said plainly."""
    names = [step.name for step in plan.steps]
    after = plan.steps[at[lecture.number]].after
    earlier = plan.lectures[: plan.lectures.index(lecture)]
    return after is None or all(
        one.number in last or at[one.number] > names.index(after) for one in earlier
    )
