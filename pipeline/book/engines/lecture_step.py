"""One step of one lecture, in whichever process it is called: exactly what ``run`` would do."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pipeline import runner
from pipeline.artifacts import VIDEO
from pipeline.book.earlier_chapters import offer
from pipeline.book.engines.plan import BookLecture, StepCoordinator, StepResult
from pipeline.book.filters import Filters
from pipeline.engine.lease import Lease
from pipeline.engine.lock import hold
from pipeline.engine.workspace import Workspace
from pipeline.errors import ArtifactError, LockedError, PipelineError
from pipeline.llm.spending.account import share
from pipeline.redaction import redact
from pipeline.settings.config import Config
from pipeline.sources import resolve

log = logging.getLogger(__name__)

_UPDATE_INTERVAL_S = 1.0  # a line of a table with many lectures; each is a message to one process
_LOCK_POLL_S = 0.2  # of a lock that another process gives back within seconds


@dataclass(frozen=True)
class StageWork:
    """Runs a stage of a lecture if it is missing or stale. All paths in it are absolute.

    ``order`` are the folders of the book's lectures in order, where a model writes the chapters and
    is told of those before; else empty.
    """

    output: Path
    config: Config
    filters: Filters = field(default_factory=Filters)
    order: tuple[str, ...] = ()

    def __call__(self, lecture: BookLecture, step: str, office: StepCoordinator) -> StepResult:
        """Do the step; a stage that fails is told in the result, not raised."""
        holder = f"{lecture.number} {step}"
        log.info("lecture %d (%s): %s", lecture.number, lecture.name, step)
        office.release(holder)
        try:
            with share(office, holder):
                return self._do(lecture, step, CoordinatorProgress(office, lecture.number, step))
        except PipelineError as error:
            return StepResult(lecture.number, step, failure=" ".join(str(error).split()))
        except Exception as error:
            # The other lectures go on; the reason stands in the book's list.
            said = redact(" ".join(str(error).split()))
            return StepResult(
                lecture.number, step, failure=f"unexpected {type(error).__name__}: {said}"
            )

    def _do(self, lecture: BookLecture, step: str, progress: CoordinatorProgress) -> StepResult:
        root = self.output / lecture.name
        with _patiently(root, self.config.book.lock_wait_s) as lease:
            workspace = resolve.open_source(self.output, lecture.request).guarded(lease.check)
            if step == "write" and self.order:
                offer(workspace, self._before(lecture))
            (ran,) = runner.run_stages(
                workspace,
                self.config,
                lecture.request,
                progress,
                until=step,
                stages=(runner.named(step),),
            )
            refusal = self._refusal(workspace) if step == "download" else None
        return StepResult(lecture.number, step, ran.seconds, refusal, left_out=refusal is not None)

    def _before(self, lecture: BookLecture) -> list[Workspace]:
        """The lectures before it in the book; one that was left out is none of them, even when its
        outline is there from another time."""
        names = self.order[: self.order.index(lecture.name)]
        found = [Workspace(self.output / name) for name in names]
        return [one for one in found if not self.filters.by_date or not self._is_left_out(one)]

    def _is_left_out(self, workspace: Workspace) -> bool:
        try:
            return self._refusal(workspace) is not None
        except ArtifactError:
            return True

    def _refusal(self, workspace: Workspace) -> str | None:
        """Why the lecture does not belong to the book; a playlist rarely tells the dates itself."""
        if not self.filters.by_date:
            return None
        return self.filters.refuse_date(workspace.read(VIDEO).upload_date)


class CoordinatorProgress:
    """A stage's progress, told to the book's coordinator."""

    def __init__(self, office: StepCoordinator, number: int, step: str) -> None:
        self._office = office
        self._number = number
        self._step = step
        self._last_s = 0.0

    def _tell(self, kind: str, text: str = "", done: float = 0.0, total: float = 0.0) -> None:
        self._office.tell(self._number, self._step, kind, text, done, total)

    def update(self, done: float, total: float | None, unit: str) -> None:
        """At most once a second."""
        now = time.monotonic()
        if now - self._last_s >= _UPDATE_INTERVAL_S:
            self._last_s = now
            self._tell("update", unit, done, total or 0.0)

    def note(self, text: str) -> None:
        """The note."""
        self._tell("note", text)

    def warn(self, text: str) -> None:
        """The warning."""
        self._tell("warn", text)

    def stage_begins(self, name: str, why: str) -> None:
        """That work begins, and why."""
        self._tell("begins", why)

    def stage_ends(self, name: str, seconds: float) -> None:
        """That it is done."""
        self._tell("ends", done=seconds)

    def stage_fresh(self, name: str) -> None:
        """That nothing was to do."""
        self._tell("fresh")


@contextlib.contextmanager
def _patiently(root: Path, wait_s: float) -> Iterator[Lease]:
    """Hold the lecture; a worker of a killed run may need a moment to let go of it."""
    deadline = time.monotonic() + wait_s
    with contextlib.ExitStack() as stack:
        while True:
            try:
                lease = stack.enter_context(hold(root))
                break
            except LockedError:
                if time.monotonic() >= deadline:
                    raise
                time.sleep(_LOCK_POLL_S)
        yield lease
