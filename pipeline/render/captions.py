"""The lecture's words for the player's captions, as a script that works from a file, too."""

from __future__ import annotations

from pipeline.models import Transcript
from pipeline.render.script_data import call


def captions_script(transcript: Transcript) -> str:
    """A script that calls ``lectureCaptions({language, cues})``.

    A cue is ``[start in ms, end in ms, text]``. A browser reads no caption file for a page that
    was opened from a file, so the cues come as a script.
    """
    cues = [(cue.start_ms, cue.end_ms, " ".join(cue.text.split())) for cue in transcript.cues]
    return call("lectureCaptions", {"language": transcript.language or "", "cues": cues})
