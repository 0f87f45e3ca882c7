"""A heading made of the beginning of a sentence: cut where a phrase ends, never inside a word."""

from __future__ import annotations

import regex

from pipeline.text.languages.stop_words import is_content
from pipeline.text.phrases import phrases
from pipeline.text.punctuation import SENTENCE_ENDS
from pipeline.text.scripts import is_unspaced, main_script
from pipeline.text.words import bare, joined

# Letters: three quarters of the chapter marks that an author wrote are no longer (19 of 25).
LONGEST = 60
# A character of Chinese or Japanese says as much as two to three letters, and is two of them wide.
_LONGEST_UNSPACED = 24
_LONGEST_HANGUL = 36  # of syllables, with spaces between words
_LEAST = 8  # letters before a comma that can stand alone: "Firstly," cannot
# Stripped at both ends; a question keeps its mark.
_MARKS = f" \t,;:，、：；،؛—–-…{SENTENCE_ENDS}".translate(dict.fromkeys(map(ord, "?？؟፧")))
# Japanese: what a noun or a verb is tied to the rest by that was cut off.
_PARTICLES = regex.compile(
    r"(?<=[\p{L}・]{4})(?:[のとに]は|では|から|なら|のが|[はがをもにので])(?= …|$)", regex.VERSION1
)
# A bracket that is opened and not closed any more.
_OPEN_BRACKET = regex.compile(r"[(（「『【\[][^)）」』】\]]*$")
# In any script; the Ethiopic word space is in Unicode's list too.
_CLAUSE_END = regex.compile(r"[\p{Terminal_Punctuation}—–--፡](?=\s|\p{Lo}|$)", regex.VERSION1)


def headline(text: str, language: str | None = None) -> str:
    """At most ``LONGEST`` letters of ``text``, with " …" where it goes on; "" for no words.

    >>> headline("In this part we count the pairs, and then we merge them all into tokens.")
    'In this part we count the pairs'
    >>> headline("如果你从上一章继续阅读，就知道我们接下来要做什么，也知道为什么。", "zh")
    '如果你从上一章继续阅读'
    >>> headline("アテンション・ブロックは、単に単語の意味を洗練させるだけではない。", "ja")
    'アテンション・ブロック'
    """
    line = " ".join(text.split()).strip(_MARKS)
    unspaced = is_unspaced(line)
    script = main_script(line)
    hangul = script is not None and script.code == "Hang"
    longest = _LONGEST_UNSPACED if unspaced else _LONGEST_HANGUL if hangul else LONGEST
    if len(line) > longest:
        ends = [found.start() for found in _CLAUSE_END.finditer(line, 0, longest + 1)]
        good = [end for end in ends if end >= _LEAST]
        line = line[: good[0]] if good else _cut(line, language, longest, unspaced)
        line = _PARTICLES.sub("", line)
    if open_bracket := _OPEN_BRACKET.search(line):
        line = line[: open_bracket.start()].strip(_MARKS) or line
    return line[:1].upper() + line[1:]


def _cut(line: str, language: str | None, longest: int, unspaced: bool) -> str:
    pieces = phrases(line, language) if unspaced else line.split(" ")
    kept: list[str] = []
    for piece in pieces:
        whole = "".join([*kept, piece]) if unspaced else " ".join([*kept, piece])
        if len(whole) > longest - 2:
            break
        kept.append(piece)
    # No heading ends with "of the" or "and so".
    while len(kept) > 1 and not unspaced and not is_content(bare(kept[-1]), language):
        kept.pop()
    text = "".join(kept) if unspaced else joined(kept)
    return f"{text.strip(_MARKS)} …" if text else f"{line[: longest - 2]} …"
