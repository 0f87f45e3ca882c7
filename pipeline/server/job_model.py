"""One conversion asked for through the library page, and what is known of it."""

from __future__ import annotations

import json
from typing import Any, Literal

from pipeline.engine.stage_names import STAGE_NAMES
from pipeline.models import Model

State = Literal["asks", "queued", "running", "done", "failed", "cancelled"]
_LOG_LINES = 40


class StageProgress(Model):
    """One stage: ``seconds`` once it is done, ``done`` of ``total`` ``unit`` while it runs."""

    name: str
    state: Literal["waiting", "running", "done", "fresh"] = "waiting"
    done: float = 0
    total: float | None = None
    unit: str = ""
    left_s: float | None = None
    seconds: float | None = None


class Job(Model):
    """``.jobs/<id>.json``. ``chapter`` is the video's id once there is one to read.

    ``number`` is the place in the order of asking; ``log`` the newest notes and warnings;
    ``warnings`` all of the latter. A job that ``asks`` has a chapter already and waits for a word
    to convert it anew.
    ``process`` is the number of the process that converts it, ``born`` tells it from others of
    that number.
    """

    id: str
    number: int
    source: str
    title: str
    state: State = "queued"
    stages: tuple[StageProgress, ...] = tuple(StageProgress(name=name) for name in STAGE_NAMES)
    log: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    chapter: str | None = None
    error: str | None = None
    process: int | None = None
    born: str = ""

    def heard(self, line: str) -> Job:
        """The job after one line that the run wrote to stderr (JSON progress, or plain text)."""
        text = line.strip()
        try:
            event: Any = json.loads(text)
        except ValueError:
            event = None
        if not isinstance(event, dict):
            if text.startswith("error:"):
                return self.model_copy(update={"error": text.removeprefix("error:").strip()})
            return self._logged(text) if text else self
        if "warn" in event:
            warnings = dict.fromkeys([*self.warnings, str(event["warn"])])
            kept = self.model_copy(update={"warnings": tuple(warnings)[-_LOG_LINES:]})
            return kept._logged(str(event["warn"]))
        if "note" in event:
            return self._logged(str(event["note"]))
        return self._progressed(str(event.get("stage", "")), event)

    def _progressed(self, name: str, event: dict[str, Any]) -> Job:
        if "stage_done" in event:
            change: dict[str, Any] = {"state": "done", "seconds": event.get("seconds")}
        elif event.get("fresh"):
            change = {"state": "fresh"}
        else:
            change = {"state": "running"}
            change |= {
                key: event[key] for key in ("done", "total", "unit", "left_s") if key in event
            }
        stages = tuple(
            stage.model_copy(update=change) if stage.name == name else stage
            for stage in self.stages
        )
        return self.model_copy(update={"stages": stages})

    def _logged(self, text: str) -> Job:
        return self.model_copy(update={"log": (*self.log, text)[-_LOG_LINES:]})
