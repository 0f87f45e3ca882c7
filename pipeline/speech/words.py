"""Tokens with times to words with times: punctuation joined, impossible lengths cut."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.speech.engine import HeardWord

# Punctuation that belongs to the next word, and to the one before (Whisper's own lists).
_BEFORE = "\"'“¿([{-"
# The languages that Whisper's tokeniser cuts into characters.
_UNSPACED = frozenset({"zh", "ja", "th", "lo", "my", "yue"})
_AFTER = "\"'.。,，!！?？:：”)]}、"


def merged(pieces: Sequence[HeardWord], language: str) -> tuple[HeardWord, ...]:
    """Words from the aligned pieces of a window.

    A piece whose text begins with a space begins a word (``GPT`` and ``-2`` are one); in languages
    without spaces every piece is a word. Lone punctuation joins its neighbour. Texts come back
    without spaces around them.
    """
    spaced = language not in _UNSPACED
    words: list[HeardWord] = []
    opening = ""
    for piece in pieces:
        text = piece.text
        bare = text.strip()
        if not bare:
            continue
        if bare in _BEFORE and text.startswith(" "):
            opening += bare
        elif words and not text.startswith(" ") and (spaced or bare in _AFTER):
            last = words[-1]
            end_s = last.end_s if bare in _AFTER else max(piece.end_s, last.end_s)
            words[-1] = HeardWord(last.start_s, end_s, last.text + bare, last.probability)
        else:
            words.append(HeardWord(piece.start_s, piece.end_s, opening + bare, piece.probability))
            opening = ""
    return tuple(words)


def shared_out(text: str, start_s: float, end_s: float) -> tuple[HeardWord, ...]:
    """Words over a stretch of time in proportion to their lengths, for models without alignment."""
    texts = text.split()
    total = sum(len(word) + 1 for word in texts)
    words, done = [], 0
    for word in texts:
        begin = start_s + (end_s - start_s) * done / total
        done += len(word) + 1
        stop = start_s + (end_s - start_s) * done / total
        words.append(HeardWord(begin, stop, word, None))
    return tuple(words)
