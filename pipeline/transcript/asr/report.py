"""What the recogniser was given and what was made of its words: ``transcribe/report.json``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pipeline.engine.workspace import Artifact
from pipeline.models import Model
from pipeline.timecode import clock, spoken_length

UnheardReason = Literal["no_words", "low_confidence", "other_language"]


class Unheard(Model):
    """A stretch in which somebody speaks and of which the transcript has no word.

    ``no_words``: every decode left it out; ``low_confidence``: the words found there were not
    believed; ``other_language``: it sounds like another language than the one that was
    transcribed (a language was set, or the words found in the other one were believed less).
    """

    start_ms: int = Field(ge=0)
    end_ms: int = Field(ge=0)
    reason: UnheardReason


class NameCorrection(Model):
    """The words heard at a time, what was written for them, and the proof: ``shown_ms`` is the
    start of the screen that shows it, None where only the title, a chapter or the description
    does."""

    start_ms: int = Field(ge=0)
    heard: str
    written: str
    shown_ms: int | None = Field(None, ge=0)


class Disagreement(Model):
    """Two decodes of the same sound: the words that were kept, and the other reading of them."""

    start_ms: int = Field(ge=0)
    end_ms: int = Field(ge=0)
    kept: str
    other: str


class SpeechReport(Model):
    """Counts of one transcription; all 0 when the transcript came from captions.

    Times are those of the source video. ``voiced_ms`` is how much of ``audio_ms`` is speech, as the
    detector finds it; ``unheard`` the stretches of it, 1 s and longer, without a word in the
    transcript. ``reheard`` counts what was decoded again, by reason (``gap``, ``loop``,
    ``unsure``); ``dropped`` the words taken out, by reason (``loop``, ``silence``, ``sign_off``,
    ``unsure``). ``language_probability`` is the model's own, None where the language was set.
    ``prompt`` is what the model was told before it listened, empty where it was told nothing.
    """

    engine: str
    model: str | None = None
    language: str | None = None
    language_probability: float | None = None
    detector: str | None = None
    audio_ms: int = 0
    voiced_ms: int = 0
    windows: int = 0
    unheard: tuple[Unheard, ...] = ()
    reheard: dict[str, int] = Field({})
    dropped: dict[str, int] = Field({})
    corrections: tuple[NameCorrection, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    prompt: str = ""


SPEECH_REPORT = Artifact("transcribe/report.json", SpeechReport)

_REASONS: dict[UnheardReason, str] = {
    "no_words": "no words found",
    "low_confidence": "too unclear",
    "other_language": "another language",
}
_TOLD = 5  # stretches in the line


def unheard_line(report: SpeechReport) -> str:
    """All the stretches of speech without a word, as one warning; empty where there are none."""
    if not report.unheard:
        return ""
    total = spoken_length(sum(one.end_ms - one.start_ms for one in report.unheard))
    first = ", ".join(
        f"{clock(one.start_ms)} to {clock(one.end_ms)} ({_REASONS[one.reason]})"
        for one in report.unheard[:_TOLD]
    )
    more = len(report.unheard) - _TOLD
    rest = f" and {more} more" if more > 0 else ""
    return f"{total} of speech could not be transcribed: {first}{rest}; the page lists them all"
