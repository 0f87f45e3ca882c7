"""Light stages in the place of real ones: waits, marks on disk, and failures on demand."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from pipeline.book.engines.plan import (
    BookLecture,
    BookPlan,
    Step,
    StepCoordinator,
    StepResult,
    Work,
)
from pipeline.engine.stage import Request
from pipeline.llm.spending.limits import Amount, Hold

STEPS = (Step("first", "network"), Step("second", "model"), Step("third", "checks"))
# The third step of a lecture waits until all lectures before it have the second behind them.
WAITING_STEPS = (*STEPS[:2], Step("third", "checks", after="second"))


@dataclass(frozen=True)
class LightWork:
    """Each step waits and writes ``<folder>/<lecture>.<step>``; what is there already is skipped.

    ``fails`` names a step of a lecture that fails; ``kills`` one whose process dies the first time.
    """

    folder: Path
    seconds: float = 0.0
    fails: tuple[int, str] | None = None
    kills: tuple[int, str] | None = None

    def __call__(self, lecture: BookLecture, step: str, office: StepCoordinator) -> StepResult:
        mark = self.folder / f"{lecture.name}.{step}"
        if mark.exists():
            return StepResult(lecture.number, step)
        begun = self.folder / f"{lecture.name}.{step}.begun"
        first = not begun.exists()
        with begun.open("a") as file:
            file.write("x")
        if self.kills == (lecture.number, step) and first:
            os.kill(os.getpid(), 9)
        time.sleep(self.seconds)
        if self.fails == (lecture.number, step):
            return StepResult(lecture.number, step, failure="as asked")
        mark.write_text("done\n")
        return StepResult(lecture.number, step, self.seconds)


@dataclass(frozen=True)
class SeeWork:
    """Each step takes longer the earlier the lecture; the third writes down which lectures have
    ended the second by then. The second step of lecture ``fails`` fails."""

    folder: Path
    count: int
    fails: int

    def __call__(self, lecture: BookLecture, step: str, office: StepCoordinator) -> StepResult:
        time.sleep(0.02 * (self.count - lecture.number))
        if step == "second" and lecture.number == self.fails:
            (self.folder / f"{lecture.number}.second").touch()
            return StepResult(lecture.number, step, failure="as asked")
        if step == "third":
            seen = sorted(int(path.stem) for path in self.folder.glob("*.second"))
            (self.folder / f"{lecture.number}.seen").write_text(" ".join(map(str, seen)))
        (self.folder / f"{lecture.number}.{step}").touch()
        return StepResult(lecture.number, step, 0.0)

    def missed(self) -> dict[int, set[int]]:
        """By lecture that came to its third step: the lectures before it that were not seen."""
        found = {}
        for path in self.folder.glob("*.seen"):
            number = int(path.stem)
            found[number] = set(range(1, number)) - set(map(int, path.read_text().split()))
        return found


@dataclass(frozen=True)
class SpendWork:
    """Each step wants to spend ``tokens`` of the book's account, and fails if it may not."""

    tokens: int

    def __call__(self, lecture: BookLecture, step: str, office: StepCoordinator) -> StepResult:
        holder = f"{lecture.number} {step}"
        amount = Amount(self.tokens)
        hold = Hold(worst=amount, most=amount)
        while (verdict := office.reserve(holder, hold)) == "wait":
            time.sleep(0.02)
        if verdict == "refused":
            return StepResult(lecture.number, step, failure="no money left")
        time.sleep(0.05)
        office.settle(holder, hold, amount)
        return StepResult(lecture.number, step, 0.05)


def light_plan(work: Work, count: int, steps: tuple[Step, ...] = STEPS) -> BookPlan:
    """``count`` lectures of light steps."""
    lectures = tuple(
        BookLecture(n, f"lecture-{n}", Request(f"source-{n}")) for n in range(1, count + 1)
    )
    return BookPlan(lectures, work, steps)


def begun(folder: Path) -> dict[str, int]:
    """How often each step of each lecture was begun."""
    return {path.stem: len(path.read_text()) for path in sorted(folder.glob("*.begun"))}
