"""Names for files and folders, made of a title: letters of every script, nothing else."""

from __future__ import annotations

import unicodedata

import regex

# File systems take names of 255 bytes, encrypted ones (eCryptfs) of 143; what a caller adds has to
# fit, too.
_MOST_BYTES = 100
# The vowel "am" of Thai and Lao, which compatibility takes for two letters.
_TAKEN_APART = {"\u0e4d\u0e32": "\u0e33", "\u0ecd\u0eb2": "\u0eb3"}
_LATIN_MARKS = regex.compile(r"(?<=\p{Latin}\p{M}*)\p{M}")
_LEADING = regex.compile(r"^[\p{M}_-]+")
_OTHER = regex.compile(r"[^\p{L}\p{M}\p{N}_]+")


def slug(text: str, longest: int = 60) -> str:
    """``text`` in small letters and digits joined by dashes; "" when nothing is left.

    Accents of Latin letters go, other scripts keep theirs. Characters that Unicode does not assign
    go, though ``regex`` counts those of the ideographic planes as letters.

    >>> slug("Why not just bytes?"), slug("Größe & Café"), slug("注意力 机制"), slug("गिनती, भाग 2")
    ('why-not-just-bytes', 'große-cafe', '注意力-机制', 'गिनती-भाग-2')
    """
    apart = unicodedata.normalize("NFKD", text)
    plain = unicodedata.normalize("NFC", _LATIN_MARKS.sub("", apart)).lower()
    for parted, whole_letter in _TAKEN_APART.items():
        plain = plain.replace(parted, whole_letter)
    known = "".join(char for char in plain if unicodedata.category(char) != "Cn")
    kept = _OTHER.sub("-", known).strip("-_")[:longest]
    # A mark that lost its letter to the cut goes as well as half a letter.
    whole = kept.encode("utf-8")[:_MOST_BYTES].decode("utf-8", "ignore")
    # A mark in front would be drawn over whatever stands before the name.
    return _LEADING.sub("", whole.rstrip("-_"))
