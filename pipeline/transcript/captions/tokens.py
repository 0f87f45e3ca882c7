"""The speech in a caption line: markup and sound descriptions out, inline word times kept.

Only the tags of the caption formats are taken out, so that ``<|endoftext|>`` or ``a < b`` in a
lecture survives.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.timecode import parse_ms

_RUBY_READING = re.compile(r"<rt\b[^<>]*>[^<]*</rt>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:c|i|b|u|s|v|lang|ruby|rt|font)(?:[.\s][^<>]*)?/?>", re.IGNORECASE)
_SRT_STYLE = re.compile(r"\{\\[^{}]*\}|\{/?[biu]\}|\[br\]", re.IGNORECASE)
_STAMP = re.compile(r"<((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})>", re.ASCII)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_SOUND = re.compile(
    r"[\[(]\s*(?:[a-z]+\s+){0,3}(?:music|applause|applauding|laughter|laughs|laughing|chuckles|"
    r"chuckling|silence|noise|coughs|coughing|sighs|clears throat|typing|keyboard clacking|"
    r"inaudible|unintelligible|crosstalk|foreign|cheering|blank_audio|no audio|no speech)"
    r"(?:\s+[a-z]+){0,2}\s*[\])]|\[\s*_+\s*\]|\[[♪♫\s]+\]",
    re.IGNORECASE,
)
_SONG = re.compile(r"[♪♫][^♪♫]*(?:[♪♫]|$)")
_SPEAKER_MARK = re.compile(r"^(?:>>(?!>)\s*|[-–—]\s+(?=[^\W\d]))")
_SPEAKER_MARK_INSIDE = re.compile(r"(?<=\s)>>\s+(?=[^\W\d])")


@dataclass(frozen=True)
class Token:
    """A word of a caption, and its own start where the file gives one."""

    text: str
    at_ms: int | None = None


def tokens_of(line: str) -> tuple[Token, ...]:
    """The spoken words of one caption line, in order; empty when nothing in it is speech.

    >>> [token.text for token in tokens_of("<v Ann>Hi &amp; <i>bye</i> [Music]")]
    ['Hi', '&', 'bye']
    >>> tokens_of("so<00:00:01.500><c> far</c>")
    (Token(text='so', at_ms=None), Token(text='far', at_ms=1500))
    """
    line = _TAG.sub("", _RUBY_READING.sub("", line.replace("&nbsp;", " ")))
    line = _SOUND.sub(" ", _INVISIBLE.sub("", _SRT_STYLE.sub(" ", line)))
    line = _SONG.sub(" ", line)
    tokens: list[Token] = []
    joined = False  # whether the last word touches what follows its time stamp
    pieces = _STAMP.split(line)
    for index in range(0, len(pieces), 2):
        at_ms = _moment(pieces[index - 1]) if index else None
        text = _unescape(pieces[index])
        if index == 0:
            text = _SPEAKER_MARK.sub("", text.lstrip())
        words = _SPEAKER_MARK_INSIDE.sub("", f" {text}")[1:].split()
        if words and joined and not text[:1].isspace():
            last = tokens.pop()
            tokens.append(Token(last.text + words.pop(0), last.at_ms))
            at_ms = None
        for word in words:
            tokens.append(Token(word, at_ms))
            at_ms = None
        if text:
            joined = bool(tokens) and not text[-1:].isspace()
    return tuple(tokens)


def _moment(stamp: str) -> int | None:
    try:
        return parse_ms(stamp)
    except ValueError:  # 0:74 is no time
        return None


def _unescape(text: str) -> str:
    """Character references resolved, only where they end with a semicolon (``R&D`` stays)."""
    if "&" not in text:
        return text
    import html

    return _ENTITY.sub(lambda match: html.unescape(match[0]), text)
