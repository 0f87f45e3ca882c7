"""The artifacts that stages hand to each other: where each lies, and what it holds."""

from __future__ import annotations

from pipeline.document.article import Article, FidelityReport
from pipeline.document.corrections import Corrections
from pipeline.document.outline import Earlier, Outline
from pipeline.engine.workspace import Artifact
from pipeline.models import Screens, Segments, Transcript, Video

VIDEO = Artifact("download/video.json", Video)
SCREENS = Artifact("screens/screens.json", Screens)
TRANSCRIPT = Artifact("transcribe/transcript.json", Transcript)
SEGMENTS = Artifact("segment/segments.json", Segments)
OUTLINE = Artifact("outline/outline.json", Outline)
WRITTEN = Artifact("write/article.json", Article)
FIDELITY = Artifact("write/fidelity.json", FidelityReport)
CHECKED = Artifact("check/article.json", Article)
# What a book tells a chapter's writer now, and what it was told when the chapter was written.
EARLIER = Artifact("earlier.json", Earlier)
EARLIER_TOLD = Artifact("write/earlier.json", Earlier)
# What a user corrected, and how much of it the chapter's writer was given (see stages.write).
CORRECTIONS = Artifact("corrections.json", Corrections)
CORRECTIONS_TAKEN = Artifact("write/corrections.json", Corrections)
