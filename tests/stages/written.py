"""A workspace in which everything before the outline stage is done."""

from __future__ import annotations

from pathlib import Path

from pipeline.artifacts import OUTLINE
from pipeline.document.outline import Outline
from pipeline.engine.progress import Silent
from pipeline.engine.stage import Context, Request, Stage
from pipeline.engine.workspace import Workspace
from pipeline.settings.config import Config
from pipeline.settings.outline import OutlineSettings
from pipeline.settings.write import WriteSettings
from tests.writing.transcript_edition.lectures import frame, lecture, video

SPEECH = [
    "Hello and welcome. Today we count the bytes of a text. A byte is a small number.",
    "There are 256 of them, and the text becomes long. That is a problem.",
    "Now we look at the pairs. The most frequent pair is replaced by a new token.",
    "This is done again and again. In the end the text is short.",
]


class Listener(Silent):
    """Keeps the warnings."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def warn(self, text: str) -> None:
        self.warnings.append(text)


def segmented(root: Path) -> Workspace:
    """Four segments of 20 s with two chapters and a slide."""
    workspace = Workspace(root)
    slide = frame("f0001", 0, 38_000, "Why not just bytes?")
    segments, transcript = lecture(SPEECH, [slide])
    source = video(80_000, [(0, "Bytes"), (40_000, "Pairs")])
    workspace.folder("download").write_json("video.json", source)
    workspace.folder("transcribe").write_json("transcript.json", transcript)
    workspace.folder("segment").write_json("segments.json", segments)
    return workspace


def run(
    stage: Stage,
    workspace: Workspace,
    *,
    write: WriteSettings | None = None,
    edited: dict[str, str] | None = None,
    listener: Listener | None = None,
) -> None:
    """Run the stage as the transcript edition."""
    edited = edited or {}
    folder = workspace.folder(stage.name, kept=edited)
    context = Context(workspace, folder, listener or Listener(), Request("lecture.mp4"), edited)
    config = Config(
        outline=OutlineSettings(min_section_s=30),
        write=write or WriteSettings(edition="transcript"),
    )
    stage.run(context, config)


def plan(workspace: Workspace) -> Outline:
    """The outline as it lies in the workspace."""
    return workspace.read(OUTLINE)
