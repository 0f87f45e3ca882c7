"""One conversion asked for through the library page, and what is known of it."""

from __future__ import annotations

import json
from typing import Any, Literal

from pydantic import Field

from pipeline.engine.stage_names import STAGE_NAMES
from pipeline.models import Model

State = Literal["asks", "queued", "running", "done", "failed", "cancelled"]
_LOG_LINES = 40  # a screenful, kept in ``jobs.json`` for each job
_TIME = r"^(\d{1,3}(:\d{1,2}){0,2}(\.\d{1,3})?)?$"


class StageProgress(Model):
    """One stage: ``seconds`` once it is done, ``done`` of ``total`` ``unit`` while it runs."""

    name: str
    state: Literal["waiting", "running", "done", "fresh"] = "waiting"
    done: float = 0
    total: float | None = None
    unit: str = ""
    left_s: float | None = None
    seconds: float | None = None


class JobOptions(Model):
    """What the form asks of a conversion; empty or None: as the configuration says.

    ``start`` and ``end`` are times such as ``1:02:03`` or ``95``, ``captions_url`` the address of a
    caption file.
    """

    language: str = Field("", pattern=r"^([A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3})?$")
    start: str = Field("", pattern=_TIME)
    end: str = Field("", pattern=_TIME)
    edition: Literal["", "llm", "transcript"] = ""
    captions_url: str = Field("", max_length=2000)
    model: str = Field("", pattern=r"^[\w./:@+-]{0,120}$")

    def arguments(self) -> list[str]:
        """As options of the command ``run``."""
        given = [("--language", self.language), ("--from", self.start), ("--to", self.end)]
        settings = [
            ("write.edition", self.edition),
            ("llm.model", self.model),
            ("download.captions_url", self.captions_url),
        ]
        made = [f"{name}={value}" for name, value in given if value]
        # JSON: a model whose name is a number stays a name.
        made += [f"--set={key}={json.dumps(value)}" for key, value in settings if value]
        return made


class Job(Model):
    """``.jobs/<id>.json``. ``chapter`` is the video's id once there is one to read.

    ``number`` is the place in the order of asking; ``log`` the newest notes and warnings;
    ``warnings`` all of the latter. A job that ``asks`` has a chapter already and waits for a word
    to convert it again.
    ``process`` is the number of the process that converts it, ``born`` tells it from others of
    that number.
    """

    id: str
    number: int
    source: str
    title: str
    options: JobOptions = JobOptions()
    state: State = "queued"
    stages: tuple[StageProgress, ...] = tuple(StageProgress(name=name) for name in STAGE_NAMES)
    log: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    chapter: str | None = None
    error: str | None = None
    process: int | None = None
    born: str = ""

    @property
    def is_finished(self) -> bool:
        """Whether nothing more comes of it by itself."""
        return self.state in ("done", "failed", "cancelled")

    def again(self) -> Job:
        """The job as it was before it began."""
        fresh = Job(id=self.id, number=self.number, source=self.source, title=self.title)
        return fresh.model_copy(update={"options": self.options})

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
