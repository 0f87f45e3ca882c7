"""What is to be done for a book, whoever does it: lectures, their steps, and what a step takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from pipeline.book.engines.coordinator import Coordinator, ProgressEvent
from pipeline.engine.stage import Request
from pipeline.llm.spending.account import Account

# What a step mostly waits for. Steps of different lanes do not hinder each other.
Lane = Literal["network", "speech", "screen", "model", "checks"]


@dataclass(frozen=True)
class Step:
    """One stage of a lecture; the steps of a lecture are done one after another.

    ``after`` names a step before it in the same list: it is then started only when every lecture
    earlier in the plan has that step behind it, done or not to be done any more (a failure).
    """

    name: str
    lane: Lane
    after: str | None = None


STEPS: tuple[Step, ...] = (
    Step("download", "network"),
    Step("screens", "screen"),
    Step("transcribe", "speech"),
    Step("segment", "checks"),
    Step("outline", "model"),
    Step("write", "model"),
    Step("check", "checks"),
    Step("render", "checks"),
)
# A model that writes a chapter is told of the outlines of the chapters before it.
STEPS_WITH_MODEL: tuple[Step, ...] = tuple(
    replace(step, after="outline") if step.name == "write" else step for step in STEPS
)


@dataclass(frozen=True)
class BookLecture:
    """One entry of the book: its place from 1, its folder's name, and what it is made from."""

    number: int
    name: str
    request: Request


@dataclass(frozen=True)
class StepResult:
    """The end of one step of one lecture.

    ``failure`` is the reason in words, None when it went well; ``left_out`` is true when the
    lecture turned out not to belong to the book (``failure`` says why). ``seconds`` is None for a
    step that needed nothing. After a failure the lecture's further steps are not started.
    """

    number: int
    step: str
    seconds: float | None = None
    failure: str | None = None
    left_out: bool = False


class StepCoordinator(Account, Protocol):
    """The coordinator of the book as a step sees it, from whichever process it runs in."""

    def release(self, holder: str) -> None:
        """Drop what an earlier, lost attempt at the same step had set aside."""

    def tell(self, number: int, step: str, kind: str, text: str, done: float, total: float) -> None:
        """News for the user who watches; may be dropped."""


# Does one step of one lecture in the process that calls it; never raises for a failed stage.
Work = Callable[[BookLecture, str, StepCoordinator], StepResult]


@dataclass(frozen=True)
class BookPlan:
    """The lectures in the order of the book, the steps of each, and how a step is done.

    ``work`` must be picklable: it is carried to other processes and machines. At most one step has
    an ``after``.
    """

    lectures: tuple[BookLecture, ...]
    work: Work
    steps: tuple[Step, ...] = STEPS

    @property
    def gate(self) -> int | None:
        """The index of the step that waits for earlier lectures; None when none does."""
        return next((n for n, step in enumerate(self.steps) if step.after), None)

    @property
    def awaited(self) -> int | None:
        """The index of the step that it waits for."""
        gate = self.gate
        if gate is None:
            return None
        return [step.name for step in self.steps].index(self.steps[gate].after or "")


class Engine(Protocol):
    """Runs a plan. The order in which steps are done must not matter to what they make."""

    def run(
        self,
        plan: BookPlan,
        coordinator: Coordinator,
        hear: Callable[[ProgressEvent | StepResult], None],
    ) -> dict[int, StepResult]:
        """Do all steps of all lectures; the last step done of each lecture, by its number.

        ``hear`` is told every ``ProgressEvent`` and, at the end of each lecture, its last
        ``StepResult``.
        """
