"""The captions of figures: built from the text on the frame, never from the lecturer's words."""

from __future__ import annotations

import builtins
import re
from collections.abc import Collection, Sequence

from pipeline.i18n.transcript_edition import EditionWords
from pipeline.models import Frame, ScreenLine, Segments
from pipeline.text.content import content_terms
from pipeline.text.words import bare
from pipeline.timecode import clock
from pipeline.writing.transcript_edition.headlines import (
    CERTAIN,
    SHORT,
    SURE,
    content_lines,
    headings_in_text,
    headline,
    heads_content,
    reads_as_title,
    window_headlines,
)
from pipeline.writing.transcript_edition.screen_code.rows import shell_command
from pipeline.writing.transcript_edition.window_chrome import WindowChrome

_LONGEST = 90
_EDIT = re.compile(r" ?\[? ?\bedit ?\]$")  # behind the headings of a wiki
_FEW_LINES = 10
_TITLE_BAR = 0.1  # of the height of the picture
_LONG_WORD = 8  # letters: a shorter one by itself is a button
_SHORT_CALL = 40  # letters: longer calls are cut to their name
_MARGIN = re.compile(r"^(?:(?:In )?\[[ \d*]*\]:?|>>>) *")
_QUOTE = re.compile("[\"']")
_PRINT = re.compile(r"^print\((\w.*\))\)$")
_CALL = re.compile(r"(?P<head>(?:[A-Za-z_]\w*+(?:, \w++)*+ ?= ?)?[A-Za-z_][\w.]*+)\(.*")
_DEFINITION = re.compile(r"^(?:def|class)\s+\w+.*")


class FigureCaptions:
    """Captions for the figures of one lecture, each from another line where there is one.

    Args:
        segments: the words spoken while a frame is shown tell which of its lines matters.
        words: the labels, in the lecture's language.
    """

    def __init__(self, segments: Segments, words: EditionWords) -> None:
        self._segments = segments.segments
        self._chrome = WindowChrome(segments.frames)
        self._words = words
        self._used: set[str] = set()

    def caption(self, frame: Frame, headings: Collection[str] = ()) -> str:
        """What to see on the frame; the clock time where nothing on it can be read, and where that
        is one of the ``headings`` above. Plain text."""
        line = self._line(frame, self._used.union(map(bare, headings)))
        label, colon = self._label(frame, line), self._words.colon
        if line:
            self._used.add(bare(line))
            quoted = (
                _cut(line.rstrip(":")) if _is_code(line) else _cut(line).join(self._words.quotes)
            )
            host = self._chrome.sure_host(frame)
            return f"{label} ({host}){colon}{quoted}" if host else f"{label}{colon}{quoted}"
        if host := self._chrome.sure_host(frame):
            return f"{label}{colon}{host}, {clock(frame.start_ms)}"
        return self._words.at_time.format(clock=clock(frame.start_ms))

    def _label(self, frame: Frame, line: str | None) -> str:
        window = self._chrome.in_window(frame)
        if (window or frame.kind == "code") and _is_code(line or ""):
            return self._words.code
        if window or frame.kind not in ("slide", "diagram"):
            return self._words.screen
        return self._words.slide if frame.kind == "slide" else self._words.diagram

    def _line(self, frame: Frame, used: Collection[str]) -> str | None:
        """A definition, the title of a slide, or the line that shares most with the speech."""
        content, window = self._chrome.content(frame), self._chrome.in_window(frame)
        spoken = self._spoken(frame)
        lines = [line for line in content if bare(line) not in used]
        if typed := [one for one in _commands(frame) if bare(one) not in used]:
            return typed[-1]
        if not window and frame.kind != "code":
            found = _headline(frame, content)
            if found is None or bare(found) not in used:
                return found
            # The title stands above it already.
            return _shared(
                [line for line in _sure_lines(frame) if bare(line) not in used], spoken, 2
            )
        if frame.kind == "code":
            for line in lines:
                if _DEFINITION.match(line):
                    return line
        if not frame.lines:
            return _shared([line for line in lines if reads_as_title(line)], spoken, 2)
        large, usual = (
            self._titles(
                sorted(found, key=lambda line: -line.box.width / len(line.text)), frame, used
            )
            for found in window_headlines(frame)
        )
        sure = {_EDIT.sub("", one.text) for one in frame.lines if one.confidence >= CERTAIN}
        telling = [  # an editor has hints in large letters
            line
            for line in large
            if frame.kind != "code" and line in sure and (" " in line or len(line) >= _LONG_WORD)
        ]
        headings = self._titles(headings_in_text(frame), frame, used)
        return (
            _shared(large, spoken, 1)
            or next(iter(telling), None)
            or _shared(usual, spoken, 2)
            or _shared(headings, spoken, 1)
            or next((one for one in _statements(lines) if bare(one) not in used), None)
            or self._only_headline(frame, used)
        )

    def _titles(
        self, found: Sequence[ScreenLine], frame: Frame, used: Collection[str]
    ) -> list[str]:
        """Those of the lines that may be the title of what is shown, and of no other figure."""
        content = [
            line for line in content_lines(frame) if not self._chrome.is_chrome(line.text, True)
        ]
        named = [(line, _EDIT.sub("", line.text)) for line in found if line in content]
        return [
            text for line, text in named if bare(text) not in used and heads_content(line, content)
        ]

    def _only_headline(self, frame: Frame, used: Collection[str]) -> str | None:
        """The headline of a window with a few short lines, as of a slide that is shown in it."""
        lines = [line.text for line in content_lines(frame) if reads_as_title(line.text)]
        own = [line for line in lines if not self._chrome.is_chrome(line, True)]
        few = (
            frame.kind != "code"
            and len(own) <= _FEW_LINES
            and all(len(line.split()) <= SHORT for line in own)
        )
        found = headline(frame) if few else None
        bar = [one.text for one in frame.lines if one.box.y < _TITLE_BAR * frame.height]
        is_bar = found is None or any(found.startswith(text) for text in bar)
        return None if is_bar or found is None or bare(found) in used else found

    def _spoken(self, frame: Frame) -> set[str]:
        texts = [
            segment.text
            for segment in self._segments
            if segment.start_ms < frame.end_ms and segment.end_ms > frame.start_ms
        ]
        return set(content_terms(" ".join(texts)))


def _commands(frame: Frame) -> list[str]:
    """The commands in a terminal; the one that is still being typed below others, or that a shell
    proposes there, names nothing on the screen."""
    lines = [line for line in frame.text.splitlines() if line.strip()]
    return [one for line in lines[: max(1, len(lines) - 1)] if bare(one := shell_command(line))]


def _shared(lines: Sequence[str], spoken: set[str], least: int) -> str | None:
    """The first line that shares most words with the speech, if at least so many."""
    shared = [len(spoken & set(content_terms(line))) for line in lines]
    return lines[shared.index(max(shared))] if shared and max(shared) >= least else None


def _statements(lines: Sequence[str]) -> list[str]:
    """The calls and the values that the code on a screen gives names to, the last one first; of a
    long one what stands within its brackets is left out. Python's own functions tell nothing.

    Behind them come calls without a name for what they give, which may be values that were
    printed; one alone does not count if it has no dot: a text may have a formula.
    """
    found: list[str] = []
    calls: list[str] = []
    for line in reversed(lines):
        own = _PRINT.sub(r"\1", _MARGIN.sub("", line))
        match = _CALL.match(own)
        if match is None or hasattr(builtins, match["head"]):
            continue
        closed = match[0].count("(") == match[0].count(")") and match[0].endswith(")")
        # In a string may stand what cannot be read.
        short = closed and len(match[0]) <= _SHORT_CALL and not _QUOTE.search(match[0])
        is_code = own != line or "=" in match["head"]
        told = match[0] if short else f"{match['head']}(…)"
        (found if is_code else calls).append(told)
    is_formula = not found and len(calls) == 1 and "." not in calls[0].split("(")[0]
    return [] if is_formula else [*found, *calls]


def _sure_lines(frame: Frame) -> list[str]:
    lines = [line for line in content_lines(frame) if line.confidence >= SURE]
    return [line.text for line in lines if reads_as_title(line.text)]


def _headline(frame: Frame, lines: Sequence[str]) -> str | None:
    """The largest line that reads as language; the first one where sizes are not known."""
    if frame.lines:
        return headline(frame)
    return next((line for line in lines if reads_as_title(line)), None)


def _is_code(line: str) -> bool:
    return bool(_DEFINITION.match(line) or _CALL.fullmatch(line) or line.endswith("(…)"))


def _cut(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    return text[:_LONGEST].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"
