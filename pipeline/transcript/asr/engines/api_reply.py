"""What a transcription server answered, in whichever of its forms, as words with times.

Servers that call themselves compatible answer with word times, segment times, text in JSON, plain
text or subtitles, with fields missing, null or in other places. The finest times that cover the
whole text are taken; what is finer but lacks words would lose them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.transcript.asr.engines.engine import RecognisedWord, Recognition
from pipeline.transcript.asr.word_timing import evenly_timed
from pipeline.transcript.captions.parse import parse_captions

# Word lists leave out punctuation and write numbers in other ways.
_COVERS = 0.8
# The languages of Whisper by their English names, as servers call them. The names are
# openai-whisper's, which may not be installed; a test compares the two.
_NAMES = """
en english, zh chinese mandarin, de german, es spanish castilian, ru russian, ko korean, fr french,
ja japanese, pt portuguese, tr turkish, pl polish, ca catalan valencian, nl dutch flemish,
ar arabic, sv swedish, it italian, id indonesian, hi hindi, fi finnish, vi vietnamese, he hebrew,
uk ukrainian, el greek, ms malay, cs czech, ro romanian moldavian moldovan, da danish,
hu hungarian, ta tamil, no norwegian, th thai, ur urdu, hr croatian, bg bulgarian, lt lithuanian,
la latin, mi maori, ml malayalam, cy welsh, sk slovak, te telugu, fa persian, lv latvian,
bn bengali, sr serbian, az azerbaijani, sl slovenian, kn kannada, et estonian, mk macedonian,
br breton, eu basque, is icelandic, hy armenian, ne nepali, mn mongolian, bs bosnian, kk kazakh,
sq albanian, sw swahili, gl galician, mr marathi, pa punjabi panjabi, si sinhala sinhalese,
km khmer, sn shona, yo yoruba, so somali, af afrikaans, oc occitan, ka georgian, be belarusian,
tg tajik, sd sindhi, gu gujarati, am amharic, yi yiddish, lo lao, uz uzbek, fo faroese,
ht haitian-creole haitian, ps pashto pushto, tk turkmen, nn nynorsk, mt maltese, sa sanskrit,
lb luxembourgish letzeburgesch, my myanmar burmese, bo tibetan, tl tagalog, mg malagasy,
as assamese, tt tatar, haw hawaiian, ln lingala, ha hausa, ba bashkir, jw javanese, su sundanese,
yue cantonese
"""
_CODES = {
    name.replace("-", " "): code
    for code, *names in map(str.split, _NAMES.split(","))
    for name in names
}


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class ReplyWord(_Lenient):
    """A word; ``word`` is called ``text`` by some."""

    word: str | None = None
    text: str | None = None
    start: float | None = None
    end: float | None = None
    probability: float | None = None

    @property
    def written(self) -> str:
        """The word without white space."""
        return (self.word or self.text or "").strip()


class ReplySegment(_Lenient):
    """A sentence or so of the window."""

    text: str | None = None
    start: float | None = None
    end: float | None = None
    words: tuple[ReplyWord, ...] | None = None
    avg_logprob: float | None = None
    no_speech_prob: float | None = None


class Reply(_Lenient):
    """The whole answer; ``text`` is None where there was none."""

    text: str | None = None
    language: str | None = None
    words: tuple[ReplyWord, ...] | None = None
    segments: tuple[ReplySegment, ...] | None = None

    @property
    def said(self) -> str:
        """The text, or that of the segments."""
        if self.text is not None:
            return self.text.strip()
        return " ".join((one.text or "").strip() for one in self.segments or ()).strip()


def read_reply(body: str, content_type: str) -> Reply:
    """The answer in ``body``, whatever its type is said to be.

    Raises:
        ValueError: it is a web page, an error in JSON, or holds no text.
    """
    if content_type.startswith("text/html") or body.lstrip()[:15].lower().startswith("<!doctype"):
        raise ValueError("it answered with a web page")
    try:
        data: Any = json.loads(body)
    except ValueError:
        return _from_text(body)
    if isinstance(data, str):
        return Reply(text=data)
    try:
        reply = Reply.model_validate(data)
    except ValidationError as error:
        raise ValueError(f"it answered in no form that is known: {body[:200]}") from error
    if reply.text is None and not reply.segments and not reply.words:
        raise ValueError(f"its answer holds no text: {body[:200]}")
    return reply


def language_code(language: str | None) -> str:
    """Whisper's code for a language given by its English name or by its code; empty: unknown.

    >>> language_code("English"), language_code("haitian creole"), language_code("de")
    ('en', 'ht', 'de')
    >>> language_code("klingon"), language_code(None)
    ('', '')
    """
    lowered = (language or "").lower()
    return _CODES.get(lowered) or (lowered if len(lowered) <= 3 else "")


def heard(reply: Reply, length_s: float, temperature: float) -> Recognition:
    """The words of a window of ``length_s`` seconds with the best times that the reply has."""
    segments = reply.segments or ()
    words = _timed(reply.words or ()) or _timed(
        word for segment in segments for word in segment.words or ()
    )
    said = reply.said or " ".join(word.text for word in words)
    measured = _covers(words, said)
    if measured:
        words = _punctuated(words, said)
    else:
        words = _by_segment(segments, length_s)
        if not _covers(words, said):
            words = evenly_timed(said, 0.0, length_s)
    return Recognition(
        words=_within(words, length_s),
        average_logprob=_mean(one.avg_logprob for one in segments),
        no_speech=_mean(one.no_speech_prob for one in segments),
        temperature=temperature,
        approximate=not measured and bool(words),
    )


def _from_text(body: str) -> Reply:
    """Plain text, or subtitles, whose cues are segments."""
    cues = parse_captions(body).cues
    if not cues:
        return Reply(text=body)
    segments = tuple(
        ReplySegment(text=" ".join(cue.lines), start=cue.start_ms / 1000, end=cue.end_ms / 1000)
        for cue in cues
    )
    return Reply(segments=segments)


def _timed(words: Iterable[ReplyWord]) -> tuple[RecognisedWord, ...]:
    return tuple(
        RecognisedWord(word.start, word.end, word.written, word.probability)
        for word in words
        if word.written and word.start is not None and word.end is not None
    )


def _by_segment(segments: Sequence[ReplySegment], length_s: float) -> tuple[RecognisedWord, ...]:
    """The words of each segment shared out over its time; a segment without ends at the next."""
    words: list[RecognisedWord] = []
    for place, segment in enumerate(segments):
        following = (one.start for one in segments[place + 1 :] if one.start is not None)
        start = segment.start if segment.start is not None else (words[-1].end_s if words else 0.0)
        end = segment.end if segment.end is not None else next(following, length_s)
        words += evenly_timed(segment.text or "", start, max(start, end))
    return tuple(words)


def _covers(words: Sequence[RecognisedWord], said: str) -> bool:
    letters = sum(letter.isalnum() for word in words for letter in word.text)
    return bool(words) and letters >= _COVERS * sum(letter.isalnum() for letter in said)


def _punctuated(words: tuple[RecognisedWord, ...], text: str) -> tuple[RecognisedWord, ...]:
    """Words as the text writes them: servers leave punctuation out of the word list."""
    written = text.split()
    if len(written) != len(words):
        return words
    return tuple(
        replace(word, text=spelling) for word, spelling in zip(words, written, strict=True)
    )


def _within(words: Iterable[RecognisedWord], length_s: float) -> tuple[RecognisedWord, ...]:
    return tuple(
        RecognisedWord(
            min(word.start_s, length_s), min(word.end_s, length_s), word.text, word.probability
        )
        for word in words
    )


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
