"""The speech in a caption: markup and sound descriptions out, inline word times kept.

Only the tags of the caption formats are taken out, so that ``<|endoftext|>`` or ``a < b`` in a
lecture survives.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

import regex

from pipeline.text.scripts import PHRASE_SPACED, UNSPACED, main_script
from pipeline.timecode import parse_ms
from pipeline.transcript.captions.sounds import without_sounds

_RUBY_READING = regex.compile(r"<rt\b[^<>]*>[^<]*</rt>", regex.IGNORECASE)
_TAG = regex.compile(r"</?(?:c|i|b|u|s|v|lang|ruby|rt|font)(?:[.\s][^<>]*)?/?>", regex.IGNORECASE)
# Styles of SubStation Alpha stand at a word or at an end of the line; else they are spoken of.
_STYLE = regex.compile(
    r"^\s*\{\\[^{}]*\}|\{\\[^{}]*\}(?=[\p{L}\p{N}\"“'¿¡(\[<\\-]|$)"
    r"|(?<=[\p{L}\p{N}\p{P}])\{\\[^{}]*\}|\{/?[biu]\}"
)
_BREAK = regex.compile(r"\[br\]|<br\s*/?>", regex.IGNORECASE)
# Its line break and hard space, not within a path or a command of LaTeX.
_SSA_SPACE = regex.compile(
    r"(?<=[\p{L}\p{M}\p{N}\p{P}])\\(?:N|h(?!at\b|bar\b|space|line|fill|box))"
)
# The line break of a program that did not resolve it, as exports have it; not of LaTeX (\nabla).
_ESCAPED_BREAK = regex.compile(
    r"(?<=[\p{L}\p{M}\p{N}\p{P}])(?<!\\)(?:\\r)?\\n"
    r"(?!abla\b|e[qg]?\b|u\b|ot\b|i\b|mid\b|ormal|ew(?:line|command)|onumber)(?=\S)"
)
_PATH = regex.compile(r"[A-Za-z]:\\|^\\")
_STAMP = regex.compile(r"<((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})>", regex.ASCII)
_ENTITY = regex.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
# Exports escape twice, some three times.
_MOST_ESCAPES = 3
# Control characters, marks that turn the direction of what follows, and marks of no width that
# belong to no word. ZWNJ and ZWJ stay, they spell Persian, Hindi and emoji; so does a zero-width
# space between letters of a script without spaces.
_INVISIBLE = regex.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u2060-\u2064\u202a-\u202e\u2066-\u2069\ufeff]"
    f"|\u200b(?!{UNSPACED})|(?<!{UNSPACED})\u200b"
)
_DIRECTION_MARK = regex.compile("[\u200e\u200f\u061c]")
_RIGHT_TO_LEFT = ("Hebr", "Arab", "Syrc", "Thaa", "Nkoo")
_WORD = regex.compile(rf"(?:(?<={PHRASE_SPACED}) (?={PHRASE_SPACED}))?\S+")
_SPEAKER_MARK = regex.compile(r"^(?:>>(?!>)\s*|[-–—]\s+(?=[^\W\d]))")
_SPEAKER_MARK_INSIDE = regex.compile(r"(?<=\s)>>\s+(?=[^\W\d])")
_NEW_SPEAKER = "\x00"  # put before a word; of the file's own, ``_visible`` leaves none
# A dash behind a finished sentence: another person answers.
DIALOGUE = regex.compile(r"(?<=[\p{Sentence_Terminal}…][\"”’]?)\s+[-–—]\s+(?=[\p{Lu}\p{Lo}])")


@dataclass(frozen=True)
class CaptionToken:
    """A word of a caption, and its own start where the file gives one.

    ``new_speaker``: ``>>`` stands before it: another person begins to speak (see ``speakers``).
    """

    text: str
    at_ms: int | None = None
    new_speaker: bool = False


@dataclass(frozen=True)
class CueText:
    """The words of each line of a cue, no line empty; ``inaudible`` as for ``Spoken``."""

    lines: tuple[tuple[CaptionToken, ...], ...]
    inaudible: int = 0


def has_escaped_break(lines: Sequence[str]) -> bool:
    r"""Whether ``\n`` is written out between two words of a cue."""
    return any(_ESCAPED_BREAK.search(line) for line in lines if "\\" in line)


def cue_text(lines: Sequence[str], bracketed: bool = False, escaped: bool = False) -> CueText:
    r"""The speech of a cue, as written in its ``lines``; ``bracketed`` as for ``without_sounds``.

    ``escaped``: whether a ``\n`` between two words is a line break; else it is spoken of.
    """
    if escaped:
        lines = [part for line in lines for part in _ESCAPED_BREAK.sub("\n", line).split("\n")]
    plain = [part for line in lines for part in _unmarked(line).split("\n")]
    spoken = without_sounds(plain, bracketed)
    return CueText(tuple(filter(None, map(_tokens, spoken.lines))), spoken.inaudible)


def caption_tokens(line: str) -> tuple[CaptionToken, ...]:
    """The spoken words of one caption line, in order; empty when nothing in it is speech.

    >>> [token.text for token in caption_tokens("<v Ann>Hi &amp; <i>bye</i> [Music]")]
    ['Hi', '&', 'bye']
    >>> [(token.text, token.at_ms) for token in caption_tokens("so<00:00:01.500><c> far</c>")]
    [('so', None), ('far', 1500)]
    """
    return tuple(token for part in cue_text([line]).lines for token in part)


def _unmarked(line: str) -> str:
    """``line`` without tags and styles; a line break within it becomes one."""
    line = _BREAK.sub("\n", _RUBY_READING.sub("", line.replace("&nbsp;", " ")))
    line = _TAG.sub("", line)
    if "\\" not in line and "{" not in line:
        return line
    line = _STYLE.sub("", line)
    words = line.split(" ")
    return " ".join(word if _PATH.search(word) else _SSA_SPACE.sub(" ", word) for word in words)


def _tokens(line: str) -> tuple[CaptionToken, ...]:
    tokens: list[CaptionToken] = []
    joined = False  # whether the last word touches what follows its time stamp
    pieces = _STAMP.split(line)
    for index in range(0, len(pieces), 2):
        at_ms = _moment(pieces[index - 1]) if index else None
        text = _visible(_unescape(pieces[index]))
        if index == 0:
            text = _without_dialogue_marks(text.lstrip())
        words = _words(_SPEAKER_MARK_INSIDE.sub(_NEW_SPEAKER, f" {text}")[1:])
        if words and joined and not text[:1].isspace() and words[0][0] != _NEW_SPEAKER:
            last = tokens.pop()
            tokens.append(CaptionToken(last.text + words.pop(0), last.at_ms))
            at_ms = None
        for word in words:
            bare = word.removeprefix(_NEW_SPEAKER)
            tokens.append(CaptionToken(bare, at_ms, new_speaker=bare != word))
            at_ms = None
        if text:
            joined = bool(tokens) and not text[-1:].isspace()
    return tuple(tokens)


def _words(text: str) -> list[str]:
    """The words of ``text``; a space between two phrases of Thai stays, before the second: the
    next line of a caption begins without one."""
    return _WORD.findall(" ".join(text.split()))


def _without_dialogue_marks(text: str) -> str:
    bare = _SPEAKER_MARK.sub("", text)
    if bare == text:
        return bare
    mark = _NEW_SPEAKER if bare and text.startswith(">>") else ""
    return mark + DIALOGUE.sub(" ", bare)


def _moment(stamp: str) -> int | None:
    try:
        return parse_ms(stamp)
    except ValueError:  # 0:74 is no time
        return None


def _unescape(text: str) -> str:
    """Character references resolved, only where they end with a semicolon (``R&D`` stays)."""
    for _ in range(_MOST_ESCAPES):
        if "&" not in text:
            break
        text, before = _ENTITY.sub(lambda match: html.unescape(match[0]), text), text
        if text == before:
            break
    return text


def _visible(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    text = _INVISIBLE.sub("", text)
    if _DIRECTION_MARK.search(text):
        script = main_script(text)
        if script is None or script.code not in _RIGHT_TO_LEFT:
            text = _DIRECTION_MARK.sub("", text)
    return text
