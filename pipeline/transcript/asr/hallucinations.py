"""What a recogniser invents: loops, text without sound, the sign-offs of videos it has learned.

Whisper was trained on subtitles from the web, and where it is lost it goes on with what usually
follows there. Two thresholds are its own (https://github.com/openai/whisper, ``transcribe.py``):
compression ratio 2.4 and mean log probability -1.
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from pipeline.text.punctuation import ends_sentence
from pipeline.transcript.asr.coverage import voiced
from pipeline.transcript.asr.engines.engine import RecognisedWord, Recognition

# As openai-whisper has them: compression_ratio_threshold, logprob_threshold, no_speech_threshold.
_COMPRESSION = 2.4
_LOGPROB = -1.0
_NO_SPEECH = 0.6
# Words less probable than this count for nothing where the model says that nobody speaks.
_NO_SPEECH_PROBABILITY = 0.5
# How often a phrase of so many words must follow itself to be a loop. People do say a word three
# times, and a sentence twice.
_LOOP_TIMES = {1: 7, 2: 5, 3: 4}
_LOOP_TIMES_LONGER = 3
_LOOP_WORDS = 24  # a window of 30 s has some 75 words: a longer phrase is not in it three times
# A whole phrase said twice in a row is worth a second listening.
_STUTTER_WORDS = 4
# Nobody says a word in less time than this, on average over a sentence: the fastest of 141
# sentences of lectures took 0.13 s a word.
_CRAMMED_S = 0.06
# A sentence so much of which lies in pauses has no sound of its own. Of those 141 the least likely
# had a mean probability of 0.40, so it takes both to drop one.
_SILENT_SHARE = 0.8
_SILENT_PROBABILITY = 0.6
_SIGN_OFF = re.compile(
    r"(?:thanks?(?: you)?(?: so much| very much)? for watching"
    r"|(?:please )?(?:like and )?subscribe(?: to (?:my|our|the) channel)?"
    r"|see you (?:in the )?next (?:video|time)"
    r"|(?:subtitles|captions|transcription|translated)\b.{0,60}"
    r"|.{0,20}amara\.?org.{0,20}|bye(?: bye)*|thank you)",
    re.IGNORECASE,
)
# Of 36 windows of lectures, those in one language had -0.43 and more, and 0.01 to 0.2 for nobody
# speaking (one 0.54).
_SIGN_OFF_LOGPROB = -0.6
_SIGN_OFF_NO_SPEECH = 0.3
_SIGN_OFF_PROBABILITY = 0.1


@dataclass(frozen=True)
class Dropped:
    """Words that were taken out of one window, by reason."""

    loop: int = 0
    silence: int = 0
    sign_off: int = 0
    unsure: int = 0


def doubt(heard: Recognition, breaks: Sequence[float] = ()) -> Literal["loop", "unsure"] | None:
    """Why a window should be decoded once more, or None.

    ``"loop"``: a phrase follows itself, or the text compresses like a loop; ``"unsure"``: the
    model gave its own words little chance.

    Args:
        heard: what was recognised.
        breaks: seconds of the window at which a long pause was taken out: what is said once before
            and once after it is no loop.
    """
    texts = _letters(heard.words)
    for a, b, times in _repeats(texts):
        apart = any(_middle(heard.words[b - 1]) < at < _middle(heard.words[b]) for at in breaks)
        if times > 2 or (b - a >= _STUTTER_WORDS and not apart):
            return "loop"
    parts = (" ".join(word.text for word in part) for part in _sections(heard.words, breaks))
    if any(compression_ratio(part) > _COMPRESSION for part in parts):
        return "loop"
    if heard.average_logprob is not None and heard.average_logprob < _LOGPROB:
        return "unsure"
    return None


def believed(heard: Recognition) -> float:
    """How likely the model finds its own words: their mean log probability, at most 0."""
    return heard.average_logprob or 0.0


def without_inventions(
    heard: Recognition, pauses: Sequence[tuple[float, float]] = (), breaks: Sequence[float] = ()
) -> tuple[Recognition, Dropped]:
    """``heard`` without what cannot have been said, and how many words went, by reason.

    Args:
        heard: a window, listened to for the last time.
        pauses: (begin, end) in seconds of the window where nobody speaks.
        breaks: seconds of the window at which a long pause was taken out.
    """
    count = len(heard.words)
    unsure = heard.average_logprob is not None and heard.average_logprob < _LOGPROB
    unsure = unsure or _chance(heard.words) < _NO_SPEECH_PROBABILITY
    if unsure and heard.no_speech is not None and heard.no_speech > _NO_SPEECH:
        return replace(heard, words=()), Dropped(unsure=count)
    words = [word for part in _sections(heard.words, breaks) for word in _without_loops(part)]
    loop = count - len(words)
    kept: list[RecognisedWord] = []
    silence = sign_off = 0
    for sentence in _sentences(words):
        if not heard.approximate and _soundless(sentence, pauses):
            silence += len(sentence)
        elif _is_sign_off(sentence, heard):
            sign_off += len(sentence)
        else:
            kept += sentence
    dropped = Dropped(loop=loop, silence=silence, sign_off=sign_off)
    return replace(heard, words=tuple(kept)), dropped


def compression_ratio(text: str) -> float:
    """How many times smaller ``text`` gets when it is compressed; 0 for an empty one."""
    data = text.encode("utf-8", "replace")
    return len(data) / len(zlib.compress(data)) if data else 0.0


def _sections(
    words: Sequence[RecognisedWord], breaks: Sequence[float]
) -> Iterator[Sequence[RecognisedWord]]:
    """The words between one break and the next."""
    for begin, end in pairwise([-math.inf, *breaks, math.inf]):
        yield [word for word in words if begin <= _middle(word) < end]


def _middle(word: RecognisedWord) -> float:
    return (word.start_s + word.end_s) / 2


def _without_loops(words: Sequence[RecognisedWord]) -> list[RecognisedWord]:
    """The words, with each loop left once."""
    texts = _letters(words)
    drop: set[int] = set()
    for begin, end, times in _repeats(texts):
        length = end - begin
        if times >= _LOOP_TIMES.get(length, _LOOP_TIMES_LONGER):
            drop.update(range(end, begin + length * times))
    return [word for index, word in enumerate(words) if index not in drop]


def _repeats(texts: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Phrases that follow themselves: (begin, end) of the first, and how often it is there."""
    index = 0
    while index < len(texts):
        found = None
        for length in range(1, min(_LOOP_WORDS, (len(texts) - index) // 2) + 1):
            phrase = texts[index : index + length]
            times = 1
            while texts[index + times * length : index + (times + 1) * length] == phrase:
                times += 1
            if times > 1:
                found = index, index + length, times
                break
        if found:
            yield found
            index = found[0] + (found[1] - found[0]) * found[2]
        else:
            index += 1


def _letters(words: Sequence[RecognisedWord]) -> list[str]:
    return [re.sub(r"\W", "", word.text).lower() or word.text for word in words]


def _sentences(words: Sequence[RecognisedWord]) -> Iterator[list[RecognisedWord]]:
    sentence: list[RecognisedWord] = []
    for word in words:
        sentence.append(word)
        if ends_sentence(word.text):
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def _soundless(sentence: Sequence[RecognisedWord], pauses: Sequence[tuple[float, float]]) -> bool:
    """Whether a sentence has no time of its own, or lies in a pause and was hardly believed."""
    spoken = sum(word.end_s - word.start_s for word in sentence)
    if len(sentence) >= 3 and spoken < _CRAMMED_S * len(sentence):
        return True
    silent = spoken - sum(voiced(word.start_s, word.end_s, pauses) for word in sentence)
    return _chance(sentence) < _SILENT_PROBABILITY and silent >= _SILENT_SHARE * spoken


def _chance(words: Sequence[RecognisedWord]) -> float:
    """The mean probability of words; 1 where the engine gives none."""
    chances = [word.probability for word in words if word.probability is not None]
    return sum(chances) / len(chances) if chances else 1.0


def _is_sign_off(sentence: Sequence[RecognisedWord], heard: Recognition) -> bool:
    """Whether a sentence is a video's sign-off and the model itself was in doubt."""
    text = " ".join(word.text for word in sentence).strip(" .!?,")
    if not _SIGN_OFF.fullmatch(text):
        return False
    least = min((word.probability or 1.0 for word in sentence), default=1.0)
    return (
        least < _SIGN_OFF_PROBABILITY
        or (heard.average_logprob is not None and heard.average_logprob < _SIGN_OFF_LOGPROB)
        or (heard.no_speech is not None and heard.no_speech > _SIGN_OFF_NO_SPEECH)
    )
