"""Emphasis that every reader of CommonMark sees, beside letters of any script.

CommonMark takes ``**`` between a letter and a mark of punctuation for no emphasis (its rule of
flanking delimiters, https://spec.commonmark.org/0.31.2/#left-flanking-delimiter-run): brackets and
quotation marks at the edges of emphasised words in writing without spaces would leave the stars in
the text. The marks are put outside: ``是「**重点**」吗`` for ``是**「重点」**吗``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import regex

from pipeline.document.runs import Run, Style, tidied

_DELIMITED: tuple[Style, ...] = ("strong", "emphasis", "deleted")
_MARKS = r"[\p{P}\p{S}\s]"
# A note in brackets behind the words: it goes with its brackets.
_NOTE = regex.compile(rf"(?<=\w)\s?\p{{Ps}}[^\p{{Ps}}\p{{Pe}}]{{1,80}}\p{{Pe}}{_MARKS}*$")
_LETTER = regex.compile(r"[^\p{P}\p{S}\s]")
_LAST_LETTER = regex.compile(_LETTER.pattern, regex.REVERSE)


def within_marks(found: Sequence[Run]) -> tuple[Run, ...]:
    """The runs, emphasis beginning and ending with a letter where it touches another one.

    What begins or ends with code, a formula or a link there loses the emphasis of that part.
    """
    runs = list(found)
    for style in _DELIMITED:
        start = 0
        while start < len(runs):
            end = start
            while end < len(runs) and style in runs[end].styles:
                end += 1
            if end > start and (_touches(runs, start, -1) or _touches(runs, end - 1, 1)):
                inner = _trimmed(runs[start:end], style)
                runs[start:end] = inner
                end = start + len(inner)
            start = max(end, start) + 1
    return tidied(runs)


def _touches(runs: Sequence[Run], at: int, step: int) -> bool:
    """Whether the run ends there with a mark, and a letter follows: no delimiter would be read."""
    beyond = at + step
    if not 0 <= beyond < len(runs) or runs[beyond].kind != "text":
        return False
    edge, neighbour = runs[at], runs[beyond].text[0 if step > 0 else -1 :][:1]
    is_mark = not _is_words(edge) or not _LETTER.match(edge.text[-1 if step > 0 else 0])
    return is_mark and bool(_LETTER.match(neighbour))


def _trimmed(span: list[Run], style: Style) -> list[Run]:
    """The span, its edges without the style as far as they are no letters."""
    for step in (1, -1):
        at = 0 if step > 0 else len(span) - 1
        while 0 <= at < len(span):
            one = span[at]
            plain = replace(one, styles=one.styles - {style})
            if not _is_words(one) or not _LETTER.search(one.text):
                span[at] = plain
                at += step
                continue
            edge = _edge(one.text, step)
            if edge:
                inner = one.text[len(edge) :] if step > 0 else one.text[: -len(edge)]
                parts = [replace(plain, text=edge), replace(one, text=inner)]
                span[at : at + 1] = parts[::step]
            break
    return span


def _is_words(run: Run) -> bool:
    return run.kind == "text" and not run.link


def _edge(text: str, step: int) -> str:
    """What stands before the first letter of a text that has some, or after the last one."""
    if step > 0:
        first = _LETTER.search(text)
        return text[: first.start()] if first else ""
    if note := _NOTE.search(text):
        return str(note[0])
    last = _LAST_LETTER.search(text)
    return text[last.end() :] if last else ""
