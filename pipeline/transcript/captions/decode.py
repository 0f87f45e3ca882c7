"""The text of a caption file, whatever its encoding: one decoder for all who read captions.

What a byte order mark, the zero bytes of UTF-16 and UTF-32, or valid UTF-8 do not tell is detected
with ``chardet``. Of 8,968 pieces of captions in 13 languages and 24 encodings, 13 were wrong
without a doubt, all of one or two cues; 3 where the language was known
(tests/benchmarks/bench_encodings.py). ``charset-normalizer`` missed 32 of 300, Spanish, Turkish and
Vietnamese for the most part.
"""

from __future__ import annotations

import codecs
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import regex

from pipeline.text.languages.known import language_of

# Below this confidence of chardet's, 3 of 9 answers were wrong (files of one cue); above, 5 of
# 2493, nearly all of them Cyrillic for Macs: see ``_oddness``.
_SURE = 0.08
# With fewer letters that are not ASCII, even a high confidence was wrong at times.
_FEW = 5
# Candidates whose confidence is this part of the best are compared by their text; of two that are
# alike, Cyrillic for Macs goes last.
_CLOSE = 0.9
# What the language uses is believed when its confidence is this part of the best.
_HINT = 1 / 3
# A signal within a word, or a capital within small letters: not what a language looks like.
_ODD = regex.compile(
    r"(?<=\p{L})[\p{S}“”«»\p{Ps}¿¡§¶†‡](?=\p{L})|[‚„†‡‰¤](?!\S)|(?<!\S)[–…‚„](?=\p{Ll})"
    r"|(?<=\p{Ll}\p{Ll})\p{Lu}(?!\p{Lu})|[\u2500-\u259f]"
)
_NO_TEXT = regex.compile(r"[\x80-\x84\x86-\x9f\ufffd]")
# What files of the first are mostly in truth: the same and more letters.
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949", "shift_jis": "cp932"}
# One byte in twenty is zero: UTF-16, where the times alone make a sixth of Chinese captions zeros.
_ZEROS = 20
_ESCAPE = b"\x1b"  # begins a switch of alphabets in the ISO 2022 encodings


@dataclass(frozen=True)
class Decoded:
    """``text`` with ``\\n`` for all line ends; ``doubt`` says what is not sure of it ("": nothing).

    ``encoding`` is Python's name of the codec.
    """

    text: str
    encoding: str
    doubt: str = ""


def decode(data: bytes, language: str | None = None) -> Decoded:
    """The text in ``data``.

    Args:
        data: a caption file: its times are ASCII, which tells UTF-16 without a mark.
        language: what the text is believed to be in (``ru``, ``zh-TW``), to choose between
            encodings that fit equally well.
    """
    encoding = _marked(data) or _wide(data)
    if encoding:
        text = data.decode(encoding, "replace")
        damaged = text.count("\ufffd")
        doubt = f"{damaged} characters are damaged" if damaged else ""
        return Decoded(_lines(text), encoding, doubt)
    if _ESCAPE not in data:
        try:
            return _once(data.decode("utf-8"))
        except UnicodeDecodeError:
            pass
    return _mixed(data, language) or _detected(data, language)


def _marked(data: bytes) -> str:
    """The codec that a byte order mark names."""
    marks = (
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
        (codecs.BOM_UTF8, "utf-8-sig"),
    )
    return next((encoding for mark, encoding in marks if data.startswith(mark)), "")


def _wide(data: bytes) -> str:
    """UTF-16 or UTF-32 without a mark: the codec that makes most letters ASCII, as times are."""
    if data.count(0) * _ZEROS < len(data):
        return ""
    ascii_letters = {
        encoding: sum(
            letter.isascii() and letter > "\0" for letter in data.decode(encoding, "replace")
        )
        for encoding in ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
    }
    return max(ascii_letters, key=lambda encoding: ascii_letters[encoding])


def _once(text: str) -> Decoded:
    """Valid UTF-8; where most lines were encoded twice ("cafÃ©"), what they were before."""
    from ftfy import fix_encoding
    from ftfy.badness import is_bad

    lines = text.split("\n")
    foreign = [line for line in lines if not line.isascii()]
    repaired = {line: fix_encoding(line) for line in foreign if is_bad(line)}
    # A lecture on encodings shows a garbled line or two; a garbled file has hardly another.
    if 2 * sum(repaired[line] != line for line in repaired) <= len(foreign):
        return Decoded(_lines(text), "utf-8")
    text = "\n".join(repaired.get(line, line) for line in lines)
    return Decoded(_lines(text), "utf-8", "it was encoded twice, which is undone")


def _mixed(data: bytes, language: str | None) -> Decoded | None:
    """UTF-8 with some lines that are not: damaged, or pasted from another file."""
    lines = data.split(b"\n")
    foreign = [line for line in lines if not line.isascii()]
    others = [line for line in foreign if not _is_utf_8(line)]
    if 2 * len(others) >= len(foreign) or _ESCAPE in data:
        return None
    rest = _detected(b"\n".join(others), language)
    texts = iter(rest.text.split("\n"))
    text = "\n".join(
        line.decode("utf-8") if _is_utf_8(line) else next(texts, "\ufffd") for line in lines
    )
    doubt = f"{len(others)} lines are not UTF-8 as the rest, and were read as {rest.encoding}"
    return Decoded(_lines(text), "utf-8", doubt)


def _is_utf_8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _detected(data: bytes, language: str | None) -> Decoded:
    """What chardet takes it for, and how sure it is of that."""
    known = language_of(language)
    few = _ESCAPE not in data and sum(byte > 127 for byte in data) < _FEW
    candidates, sure = _candidates(data)
    if known and (hint := _hint(data, known.encodings, candidates)):
        candidates = {hint: 1.0}
    elif few and (hint := _hint(data, ("cp1252",), candidates)):
        candidates = {hint: 1.0, **candidates}
    texts = [(data.decode(encoding, "replace"), encoding) for encoding in candidates]
    text, encoding = min(texts, key=lambda one: (_oddness(one[0]), one[1] == "mac-cyrillic"))
    doubt = ""
    if few or not sure or _NO_TEXT.search(text):
        doubt = f"its encoding is not sure: it was read as {encoding}"
    return Decoded(_lines(text), encoding, doubt)


def _candidates(data: bytes) -> tuple[dict[str, float], bool]:
    """The encodings that fit best with their confidence, and whether one of them is sure."""
    import chardet

    found = [
        (_codec(str(one["encoding"])), one["confidence"])
        for one in chardet.detect_all(data, ignore_threshold=True)
        if one["encoding"]
    ]
    best = max((confidence for _, confidence in found), default=0.0)
    close = {codec: confidence for codec, confidence in found if confidence >= best * _CLOSE}
    return close or {"cp1252": 0.0}, best >= _SURE


def _hint(data: bytes, usual: Sequence[str], found: Mapping[str, float]) -> str:
    """The best of the ``usual`` encodings, where it fits about as well as those found; else ""."""
    import chardet

    if not usual:
        return ""
    best = chardet.detect(data, include_encodings=usual, no_match_encoding=usual[0])
    fits = best["encoding"] and best["confidence"] >= max(found.values()) * _HINT
    return _codec(str(best["encoding"])) if fits else ""


def _codec(name: str) -> str:
    """Python's name of an encoding, with the most letters."""
    codec = codecs.lookup(name).name
    return _SUPERSETS.get(codec.replace("-", "_"), codec)


def _oddness(text: str) -> int:
    """How often the text has what stands in no word: the wrong one of two near encodings does."""
    return len(_ODD.findall(text)) + 10 * len(_NO_TEXT.findall(text))


def _lines(text: str) -> str:
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\0", "\ufffd")
