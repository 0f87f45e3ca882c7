"""What the recogniser was given and what was made of its words: ``transcribe/report.json``."""

from __future__ import annotations

from pydantic import Field

from pipeline.model import Model


class SpeechReport(Model):
    """Counts of one transcription; all 0 when the transcript came from captions.

    ``speech_ms`` is what was sent to the model of ``audio_ms``; ``reheard`` counts the windows that
    were listened to again, by reason (``loop``, ``unsure``, ``gap``); ``dropped`` the words taken
    out, by reason (``loop``, ``silence``, ``farewell``, ``unsure``); ``corrected`` the cues in
    which words were changed to what the screen shows. ``prompt`` is what the model was told before
    it listened; ``prompt_kept`` is false when it understood worse with it than without.
    """

    engine: str
    model: str | None = None
    language: str | None = None
    detector: str | None = None
    audio_ms: int = 0
    speech_ms: int = 0
    windows: int = 0
    reheard: dict[str, int] = Field({})
    dropped: dict[str, int] = Field({})
    corrected: int = 0
    prompt: str = ""
    prompt_kept: bool = False
