"""Whether one transcript of a video lacks much of what another has."""

from __future__ import annotations

from pipeline.models import Transcript
from pipeline.text.words import words

# Of one lecture, human captions, automatic ones and Whisper's words differ by a tenth at most
# (fillers are left out or not). Fewer than this is a part that is missing.
_FAR_FEWER = 2 / 3


def word_count(transcript: Transcript) -> int:
    """Spoken words; characters of scripts that write no spaces between words."""
    return sum(len(words(cue.text)) for cue in transcript.cues)


def is_far_poorer(one: Transcript, other: Transcript) -> bool:
    """Whether ``one`` has far fewer words than ``other``."""
    return word_count(one) < _FAR_FEWER * word_count(other)
