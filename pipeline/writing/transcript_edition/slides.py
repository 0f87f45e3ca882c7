"""Which frames show a screen of their own, and the titles of slides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipeline.models import Frame, Video
from pipeline.sources.ids import is_named_after_source
from pipeline.text.words import bare, words
from pipeline.writing.transcript_edition.headlines import content_text, headline, reads_as_title
from pipeline.writing.transcript_edition.screen_code.rows import is_shell_prompt
from pipeline.writing.transcript_edition.shown_titles import is_no_title
from pipeline.writing.transcript_edition.window_chrome import WindowChrome

_MANY = 30  # words
_SEEN = 0.8  # of its words: with so many of them on an earlier screen it is that one again
_HINT = 0.05  # of its words: a tooltip on a dashboard had 3 of 313
_FIRST_SLIDE_MS = 60_000  # a slide that comes later is no title slide


def distinct(frames: Sequence[Frame]) -> list[Frame]:
    """Frames that show a screen of their own, in order of time.

    Left out: returns of an earlier screen, the lecturer's face, steps of a screen that is built up
    (a later frame shows all of their text and more), and what says nothing that is new (a tooltip
    on the same dashboard).
    """
    shown = sorted(
        (f for f in frames if f.same_as is None and f.kind != "talking head"),
        key=lambda frame: (frame.start_ms, frame.id),
    )
    kept: list[Frame] = []
    told: list[Counter[str]] = []  # the words of each of these
    for frame in shown:
        if kept and _adds_a_hint(kept[-1], frame):
            continue
        own = _told_words(frame)
        if kept and grows(kept[-1], frame):
            kept[-1], told[-1] = frame, own
        elif not (kept and _repeats(kept[-1], frame)) and not _is_return(own, told):
            kept.append(frame)
            told.append(own)
    return kept


def _repeats(earlier: Frame, later: Frame) -> bool:
    """Whether ``earlier`` says (nearly) all that ``later`` says.

    Of a few words that proves nothing: the same labels stand on another drawing.
    """
    return _words(content_text(later)).total() >= _MANY and grows(later, earlier)


def _adds_a_hint(earlier: Frame, later: Frame) -> bool:
    """Whether ``later`` shows a tooltip on the screen that was there before, and for longer."""
    before, after = _words(content_text(earlier)), _words(content_text(later))
    shorter = later.end_ms - later.start_ms < earlier.end_ms - earlier.start_ms
    few = after.total() >= _MANY and (after - before).total() <= _HINT * after.total()
    return shorter and few and grows(earlier, later)


def _is_return(own: Counter[str], kept: Sequence[Counter[str]]) -> bool:
    """Whether a screen of these words shows an earlier one again, scrolled by a few lines."""
    total = own.total()
    return total >= _MANY and any((own & one).total() >= _SEEN * total for one in kept)


def _told_words(frame: Frame) -> Counter[str]:
    """The words that it shows; numbers alone prove nothing."""
    words = _words(content_text(frame))
    return Counter({word: count for word, count in words.items() if not word.isdigit()})


def grows(earlier: Frame, later: Frame) -> bool:
    """Whether ``later`` shows (nearly) everything that ``earlier`` shows, and more.

    A slide with another title is another slide, and what loses several lines did not grow.
    """
    before, after = _words(content_text(earlier)), _words(content_text(later))
    if not before or after.total() < before.total():
        return False
    if (before & after).total() < 0.85 * before.total():
        return False
    lines = _lines(earlier)
    lost = [line for line in lines if not _is_in(line, after)]
    if lost and lost[0] == lines[0]:
        return False
    # In a tooltip the same words stand with other numbers; a menu has words of its own.
    told = sum(not key.isdigit() for key in before - after) <= 2
    return len(lost) <= (max(1, len(lines) // 10) if told else 1)


def slide_titles(frames: Sequence[Frame]) -> list[tuple[int, str]]:
    """(start in ms, title) of every slide that has one, in order; a window is no slide."""
    chrome = WindowChrome(frames)
    found = []
    for frame in distinct(frames):
        if title := slide_title(frame, chrome):
            found.append((frame.start_ms, title))
    return found


def lecture_title(video: Video, frames: Sequence[Frame], said: Sequence[str] = ()) -> str:
    """The video's title; where that is only its file's name, what its first slide is called.

    Args:
        said: the sentences of the lecture; a slide that shows what is said has no title.
    """
    if not is_named_after_source(video.title, video.video_id):
        return video.title
    for start_ms, title in slide_titles(frames)[:1]:
        early = start_ms - video.start_ms <= _FIRST_SLIDE_MS
        if len(words(title)) > 1 and early and not is_no_title(title, said):
            return title
    return video.title


def slide_title(frame: Frame, chrome: WindowChrome) -> str | None:
    """The title of a slide; None for a window or terminal, and for a slide without one."""
    if frame.kind not in ("slide", "diagram") or chrome.in_window(frame):
        return None
    if any(is_shell_prompt(line) for line in frame.text.splitlines()):
        return None
    if frame.lines:
        return headline(frame)
    lines = chrome.content(frame)
    return lines[0] if lines and reads_as_title(lines[0]) else None


def _lines(frame: Frame) -> list[str]:
    """The lines that say something."""
    return [line for line in content_text(frame).splitlines() if len(bare(line)) >= 3]


def _is_in(line: str, known: Counter[str]) -> bool:
    """Whether the words of ``line`` are among ``known``: all numbers, and most of the others."""
    own = [key for token in line.split() if (key := bare(token))]
    found = [key for key in own if key in known]
    numbers = [key for key in own if key.isdigit()]
    return len(found) >= 0.7 * len(own) and all(number in known for number in numbers)


def _words(text: str) -> Counter[str]:
    return Counter(key for token in text.split() if (key := bare(token)))
