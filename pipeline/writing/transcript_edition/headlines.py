"""The headline of a screen: the largest text on it that reads as language.

Menus, tabs, addresses, log lines and what OCR makes of icons are none, however large.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

from pipeline.models import Frame, ScreenLine
from pipeline.text.english import HANGING, PREPOSITIONS
from pipeline.text.scripts import is_unspaced
from pipeline.text.window_lines import is_address, is_button, is_menu, is_status_bar
from pipeline.text.words import bare, joined

LONGEST = 90  # letters
SURE = 0.85  # confidence: a headline is large, and read well
LARGEST = 0.8  # of the largest text: as large as it
LARGER = 1.15  # times the usual text: a headline stands out
TOP = 0.12  # of the height of the picture: where a title stands that is no larger than the text
CERTAIN = 0.95  # confidence
LARGER_IN_WINDOW = 1.3  # boxes of small text differ by a fifth
# Times the mean width of the letters of the other lines: titles of papers and pages had 1.6 to 1.9,
# headings within a text 1.25 to 1.45.
WIDER, WIDER_IN_TEXT, LONG = 1.5, 1.2, 12
OTHER_TEXT = 1.35  # two lines of one text differed by 1.25
AS_WIDE = 1.15  # a button has a high box, and letters as wide as others
# Titles of pages and their parts had .23 to .98 of the letters below them, with up to two lines
# beside them; heads of tables, boxes of drawings and heads of side bars .00 to .21, or more beside.
HEADED, ROW = 0.22, 3
MOST_WORDS, SHORT = 12, 6  # words; of usual size, more are a sentence
FULL = 0.8  # of the width of the picture
FEW = 3  # lines of the largest size: more are the text itself
_SAME_SIZE = 0.15  # of the height, between two lines of a headline
_REST, _REST_SIZE = 4, 0.35  # letters that did not fit on a full line; of the height
_NO_LANGUAGE = re.compile(
    r"[\\^_|{}<>~]|https?:|www\.|\b\w+\(|\.\w{2,4}\)|\d[,.:]\d+\s?\d"
    r"|[:;]-\w|[a-z]:[a-z]"
)
_LOG = re.compile(
    r"[=#*+-]{3}|@\d+\.\d|^Traceback\b|\b(?:ERROR|WARN|WARNING|INFO|DEBUG|FATAL)(?:[:\]]| [a-z])"
)
_NEXT_SENTENCE = re.compile(r"[a-z]{4}[.?!] [A-Z]")
_FILE_NAME = re.compile(r"^\S+\.(?:py|ipynb|html|js|c|cpp|rs|md|txt)$", re.IGNORECASE)
_SPACED_SCRIPT = re.compile(r"[A-Za-z\u00c0-\u024f\u0370-\u04ff]")


def reads_as_title(line: str) -> bool:
    """Whether a line read from a picture is made of words, and short enough for a title."""
    words = [word for word in line.split() if word.strip("0123456789.,:-")] or [line]
    letters = sum(char.isalpha() for char in line)
    if not 4 <= len(line) <= LONGEST or letters < 0.6 * len(line.replace(" ", "")):
        return False
    if _NO_LANGUAGE.search(line) or _LOG.search(line) or _FILE_NAME.match(line):
        return False
    if is_menu(line) or is_status_bar(line) or is_address(line):
        return False
    if not _SPACED_SCRIPT.search(line):
        return True  # Chinese and Japanese have no words to look at
    single = sum(
        len(bare(word)) == 1 and bare(word) not in ("a", "i", "o", "y", "e") for word in words
    )
    return sum(map(len, words)) / len(words) >= 2.5 and single <= len(words) / 4


def content_lines(frame: Frame) -> list[ScreenLine]:
    """The lines of the part of ``frame`` that its figure shows."""
    return [line for line in frame.lines if not frame.crop or frame.crop.overlaps(line.box)]


def content_text(frame: Frame) -> str:
    """The text of that part, a line for each line."""
    if frame.crop is None:
        return frame.text
    return "\n".join(line.text for line in content_lines(frame))


def headline(frame: Frame) -> str | None:
    """The headline of ``frame``, whose lines have boxes; None when nothing stands out.

    A headline of two lines is joined.
    """
    lines = [line for line in content_lines(frame) if line.confidence >= SURE]
    lines = [line for line in lines if any(char.isalpha() for char in line.text)]
    if not lines:
        return None
    readable = [line for line in lines if reads_as_title(line.text)]
    if not readable:
        return None
    largest = max(line.box.height for line in readable)
    others = [line.box.height for line in lines if line.box.height < LARGEST * largest]
    first = min(
        (line for line in readable if line.box.height >= LARGEST * largest),
        key=lambda line: (line.box.y, line.box.x),
    )
    alone = len(lines) - len(others) <= FEW
    stands_out = alone and (not others or largest >= LARGER * median(others))
    return _with_second_line(first, lines, frame.width) if stands_out else _at_the_top(lines, frame)


def window_headlines(frame: Frame) -> tuple[list[ScreenLine], list[ScreenLine]]:
    """What may be a headline on a page or in a window: lines in letters larger than usual, and
    short ones in usual letters; none reads as a piece of a sentence, a list or code."""
    lines = content_lines(frame)
    found = _alone(lines, lower=True)
    least = LARGER_IN_WINDOW * median(line.box.height for line in lines) if lines else 0
    usual = median(widths) if (widths := [_pitch(one) for one in lines if _is_long(one)]) else 0
    large = [
        line
        for line in found
        if (line.box.height >= least and _pitch(line) >= AS_WIDE * usual and _is_upper(line))
        or (_is_long(line) and _pitch(line) >= WIDER * usual > 0)
    ]
    found = [line for line in found if _is_upper(line)]
    short = [line for line in found if len(line.text.split()) <= SHORT and not is_button(line.text)]
    return large, [line for line in short if line not in large]


def heads_content(line: ScreenLine, lines: Sequence[ScreenLine]) -> bool:
    """Whether enough of the text stands below ``line``, in its columns, for a title of what is
    shown: not a button, a box of a drawing, the head of a table or of a list beside the page."""
    beside = sum(line is not other and _is_beside(line, other) for other in lines)
    below = [one for one in lines if one.box.y >= line.box.bottom - line.box.height // 4]
    headed = [one for one in below if one.box.x < line.box.right and line.box.x < one.box.right]
    letters = sum(len(bare(one.text)) for one in lines)
    return beside < ROW and sum(len(bare(one.text)) for one in headed) >= HEADED * letters


def _is_beside(line: ScreenLine, other: ScreenLine) -> bool:
    middle = line.box.y + line.box.height / 2
    return other.box.y < middle < other.box.bottom


def headings_in_text(frame: Frame) -> list[ScreenLine]:
    """The headings within the text of a page, top to bottom: in letters somewhat wider than its."""
    lines = content_lines(frame)
    widths = [_pitch(one) for one in lines if _is_long(one)]
    least = WIDER_IN_TEXT * median(widths) if widths else 0
    found = [line for line in _alone(lines) if _is_long(line) and " " in line.text]
    return [line for line in found if _pitch(line) >= least and line.confidence >= CERTAIN]


def _alone(lines: Sequence[ScreenLine], lower: bool = False) -> list[ScreenLine]:
    found = [line for line in lines if line.confidence >= SURE and _stands_alone(line.text)]
    if lower:  # names of programs and headings of notes begin with a small letter
        small = [line for line in lines if line.confidence >= CERTAIN and not _is_upper(line)]
        found += [line for line in small if _stands_alone(line.text[:1].upper() + line.text[1:])]
    return [line for line in found if not any(_goes_on(line, other) for other in lines)]


def _is_upper(line: ScreenLine) -> bool:
    return not line.text[0].islower()


def _is_long(line: ScreenLine) -> bool:
    """Whether the mean width of its letters tells their size."""
    return len(line.text) >= LONG


def _pitch(line: ScreenLine) -> float:
    return line.box.width / len(line.text)


def _goes_on(line: ScreenLine, other: ScreenLine) -> bool:
    """Whether ``other`` is the line above or below in the same text: both are pieces of it."""
    one, two = sorted((line.box, other.box), key=lambda box: box.y)
    alike = abs(one.height - two.height) <= 0.25 * one.height
    if _is_long(line) and _is_long(other):
        narrow, wide = sorted(map(_pitch, (line, other)))
        alike = alike and wide < OTHER_TEXT * narrow
    near = -0.3 * one.height <= two.y - one.bottom <= 0.8 * one.height
    return line is not other and alike and near and one.x < two.right and two.x < one.right


def _stands_alone(line: str) -> bool:
    begins = line[0].isalpha() and not line[0].islower()
    words = line.split()
    ends = line[-1] not in ".,;-–" and bare(words[-1]) not in HANGING | PREPOSITIONS
    ends = ends and not _NEXT_SENTENCE.search(line)
    return begins and ends and len(words) <= MOST_WORDS and reads_as_title(line)


def _at_the_top(lines: Sequence[ScreenLine], frame: Frame) -> str | None:
    """The uppermost line of what the figure shows, where titles stand, if it may be one."""
    first = min(lines, key=lambda line: (line.box.y, line.box.x))
    top = frame.crop.y if frame.crop else 0
    is_title = first.box.y - top < TOP * frame.height and first.confidence >= CERTAIN
    return (
        first.text if is_title and first.text[0].isupper() and reads_as_title(first.text) else None
    )


def _with_second_line(first: ScreenLine, lines: Sequence[ScreenLine], width: int) -> str:
    """The headline, with the line below it where it goes on there.

    Args:
        width: of the picture.
    """
    # A script without spaces and capitals breaks anywhere, but only where the line is full.
    full = is_unspaced(first.text) and first.box.right >= FULL * width
    for line in lines:
        below = line.box.y - (first.box.y + first.box.height)
        # The rest of a full line is short: the box of two or three letters has any height.
        rest = full and len(line.text) <= _REST
        size = _REST_SIZE if rest else _SAME_SIZE
        same_size = abs(line.box.height - first.box.height) <= size * first.box.height
        middles = [2 * one.box.x + one.box.width for one in (line, first)]
        aligned = abs(line.box.x - first.box.x) <= first.box.height
        aligned = aligned or abs(middles[0] - middles[1]) <= first.box.height  # centred
        goes_on = first.text[-1].isalnum() and (line.text[0].islower() or full)
        near = -0.3 * first.box.height <= below <= 0.6 * first.box.height
        if line is not first and near and same_size and aligned and goes_on:
            both = joined([first.text, line.text])
            return both if len(both) <= LONGEST else first.text
    return first.text
