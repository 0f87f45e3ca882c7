"""Sound descriptions out of captions: ``[Music]``, ``(LAUGHS)``, ``【掌声】``, ``♪ la la ♪``.

Captions for the deaf name sounds in brackets, in any words: what is known by the list of
``pipeline.text.sounds`` goes wherever it stands; other words in square brackets go where they are
all that a caption shows, or open or close it as a remark of its own. Brackets within a sentence,
of code, of mathematics and of special tokens (``[CLS]``) stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from pipeline.text.sounds import describes_sound, is_inaudible

_BRACKETS = regex.compile(
    r"\[(?P<square>[^\[\]\n]*(?:\n[^\[\]\n]*)?)\]|［(?P<square>[^［］]*)］"
    r"|【(?P<square>[^【】]*)】|〔(?P<square>[^〔〕]*)〕"
    r"|\((?P<round>[^()\n]*(?:\n[^()\n]*)?)\)|（(?P<round>[^（）]*)）"
    r"|(?<![*\w])\*(?P<stars>[^*\s](?:[^*\n]*[^*\s])?)\*(?![*\w])"
)
_SONG = regex.compile(r"[♩♪♫♬🎵🎶][^♩♪♫♬🎵🎶\n]*(?:[♩♪♫♬🎵🎶]|$)", regex.MULTILINE)
# MIT's mark for a word that the writer was not sure of; the word was said.
_UNSURE = regex.compile(r"\[\?\s*([^\[\]?]*?)\s*\?\]")
_LABEL = regex.compile(r"(?m)^\s*(?:>>|-)?\s*\p{Lu}[\p{L}\p{M} .'’-]{0,30}:[ \t]*$")
_PLAIN_WORDS = regex.compile(r"[\p{L}\p{M}'’.,\-\s]*\p{L}{2}[\p{L}\p{M}'’.,:\-\s]*")
_ATTACHED_BEFORE = regex.compile(r"[\p{Latin}\p{N}_)\]}]$")
_ATTACHED_AFTER = regex.compile(r"[\p{Latin}\p{N}_(\[]")
_SENTENCE_FOLLOWS = regex.compile(r"\s*[\"'“‘«¿¡]?[\p{Lu}\p{Lo}]")
_SENTENCE_ENDED = regex.compile(r"(?:^|[\p{Sentence_Terminal}…][\"'”’»]?\s*)$")
# Words in round brackets that may name an action ("laughs loudly"), and between stars.
_ACTION_WORDS = range(2, 6)
_MOST_STARRED = 4
_ACTION = regex.compile(r"\b\w{3,}(?:ing|s)\b")
_LITTLE_WORD = regex.compile(
    r"\b(?:a|an|and|as|at|but|for|if|in|is|it|like|of|on|or|so|the|then|this|that|to|we|you|with)\b",
    regex.IGNORECASE,
)


@dataclass(frozen=True)
class Spoken:
    """A cue's text without its sounds, line by line; ``inaudible`` counts what nobody made out."""

    lines: tuple[str, ...]
    inaudible: int = 0


def without_sounds(lines: Sequence[str], bracketed: bool = False) -> Spoken:
    """``lines`` of one cue without sounds, songs and labels that nothing follows.

    Args:
        lines: markup is out of them already.
        bracketed: all speech of the file stands in square brackets: only known sounds go.
    """
    text = "\n".join(lines)
    if not _SIGNS.search(text):
        return Spoken(tuple(lines))
    text = _UNSURE.sub(r"\1", text)
    inaudible = 0
    kept: list[str] = []
    end = 0
    for match in _BRACKETS.finditer(text):
        if _is_sound(match, text, bracketed):
            kept += [text[end : match.start()], " "]
            end = match.end()
            inaudible += is_inaudible(_inside(match))
    text = _SONG.sub(" ", "".join([*kept, text[end:]]))
    if end:
        text = _LABEL.sub("", text)
    return Spoken(tuple(text.split("\n")), inaudible)


def is_bracketed(lines: Sequence[str]) -> bool:
    """Whether all of a cue stands in one pair of square brackets, and is no known sound."""
    text = "\n".join(lines).strip()
    match = _BRACKETS.fullmatch(text)
    return bool(match and match["square"] and not describes_sound(match["square"]))


_SIGNS = regex.compile(r"[\[(［【〔（*♩♪♫♬🎵🎶]")


def _inside(match: regex.Match[str]) -> str:
    return (match["square"] or match["round"] or match["stars"] or "").strip()


def _is_sound(match: regex.Match[str], text: str, bracketed: bool) -> bool:
    before, after, inside = text[: match.start()], text[match.end() :], _inside(match)
    own = match[0][0] in "[(*"
    if own and (_ATTACHED_BEFORE.search(before[-1:]) or _ATTACHED_AFTER.match(after[:1])):
        return False
    if not inside:
        return False
    if describes_sound(inside):
        return True
    if bracketed or not _PLAIN_WORDS.fullmatch(inside):
        return False
    alone = not before.strip() and not after.strip()
    words = inside.split()
    shouted = inside == inside.upper() != inside.lower()
    if match["round"] is not None:
        if shouted:
            return len(words) > 1 and (alone or _stands_apart(before, after))
        return alone and len(words) in _ACTION_WORDS and _names_action(inside)
    if match["stars"] is not None:
        return alone and len(words) <= _MOST_STARRED
    if len(words) == 1:
        return alone and not shouted
    return alone or _stands_apart(before, after)


def _stands_apart(before: str, after: str) -> bool:
    """Whether brackets open a cue before a sentence, or close it after one."""
    if not before.strip():
        return bool(_SENTENCE_FOLLOWS.match(after))
    return not after.strip() and bool(_SENTENCE_ENDED.search(before.rstrip()))


def _names_action(inside: str) -> bool:
    return bool(_ACTION.search(inside)) and not _LITTLE_WORD.search(inside)
