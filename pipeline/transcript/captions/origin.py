"""Who made captions: a person, or a recogniser. The only place that tells."""

from __future__ import annotations

import regex

from pipeline.text.punctuation import mark_count
from pipeline.text.scripts import main_script
from pipeline.text.words import words
from pipeline.transcript.captions.parse import parse_captions

_INLINE_TIME = regex.compile(r"<(?:\d{1,4}:)?\d\d:\d\d\.\d{3}>")
_MARKUP = regex.compile(r"<[^<>]*>|\{\\[^{}]*\}|\[[^\[\]]*\]|\([^()]*\)|【[^【】]*】|（[^（）]*）")
# Marks that stand between speakers and in times, and are no punctuation.
_NO_MARKS = regex.compile(r"&\w+;|>>+|♪")
_ENOUGH_WORDS = 30  # people set two marks or more in so many, on average
# A mark every hundred words; people set one every five to fifteen (in the captions of one lecture
# in 15 languages, 7 to 18 marks a hundred words where words have spaces).
_FEWEST_MARKS = 0.01


def looks_automatic(text: str) -> bool:
    """Whether a caption file's text was made by a recogniser rather than a person.

    It has times inside its lines (YouTube's rolling form), or hardly any punctuation of its script.
    Captions of fewer than 30 words, and those in a script that people caption without punctuation
    (``Script.unmarked_captions``) or that is not known, count as human unless they have such times.

    >>> looks_automatic("00:00:01.000 --> 00:00:09.000\\n" + "hi everyone so in this video " * 10)
    True
    >>> looks_automatic("00:00:01.000 --> 00:00:09.000\\n" + "Hi, everyone. We build it. " * 10)
    False
    """
    if _INLINE_TIME.search(text):
        return True
    lines = (line for cue in parse_captions(text).cues for line in cue.lines)
    speech = _NO_MARKS.sub(" ", _MARKUP.sub(" ", "\n".join(lines)))
    count = len(words(speech))
    script = main_script(speech)
    if count < _ENOUGH_WORDS or script is None or script.unmarked_captions:
        return False
    return mark_count(speech) < count * _FEWEST_MARKS
