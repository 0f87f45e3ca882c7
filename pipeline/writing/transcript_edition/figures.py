"""Which frames become figures."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from pipeline.models import Frame
from pipeline.text.window_lines import is_menu
from pipeline.text.words import bare
from pipeline.writing.transcript_edition.headlines import content_text
from pipeline.writing.transcript_edition.repeats import Repeats
from pipeline.writing.transcript_edition.screen_code.rows import is_shell_prompt
from pipeline.writing.transcript_edition.slides import distinct, slide_title
from pipeline.writing.transcript_edition.window_chrome import WindowChrome

# Good chapters have .2 to .35 figures a minute; a short talk is allowed a few more.
_PER_MINUTE = 0.33
_LEAST = 5
_MOST_ROOM_MS = 300_000
# The first and the last have a neighbour on one side: as if the other were a little further away,
# so that of frames that are equally near the inner ones go, not one after the other from the front.
_END = 1.5
_FEW_WORDS, _PROMPT = 3, 2  # words, of more letters than "In" in a prompt
_MUCH = 250  # letters of words that stand once
# A wall of numbers: notebooks scrolled down their outputs had .92 to 1 of their words as numbers,
# those with code beside the output .5 to .86.
_MANY, _NUMBERS, _WALL = 60, 0.9, 0.4
_LEAST_SAID = 20  # letters: a wall beside which less is written is what a notebook passes
_ONLY_PAGE = 1.5  # what the only page of a site shows, no other figure shows
_SPOKEN_MS = 5_000
_BRIEF = 0.5  # what goes sooner is on its way to what is spoken about: a program that starts
_EVERY_MS, _FEWEST = 15_000, 2
_SILENT_EVERY_MS = 5_000  # where nobody speaks, the screens are all there is to read
# Talks up to so long show all their slides; of longer lectures at most one a minute has a place.
_SHORT_MS, _TITLED_PER_MINUTE = 20 * 60_000, 1.0
_COURTESY = re.compile(
    r"(?:thank(?:s| you)\b.{0,30}|(?:any )?questions\W*|q\s?(?:&|and)\s?a|agenda|outline|contents"
    r"|(?:table of )?contents|overview|the end|(?:vielen |herzlichen )?dank(?:e\b.{0,30})?"
    r"|fragen\W*|gliederung|inhalt|ende|merci\b.{0,30}|sommaire|plan|(?:muchas )?gracias\b.{0,30}"
    r"|preguntas\W*|índice|(?:muito )?obrigad[oa]\b.{0,30}|perguntas\W*|grazie\b.{0,30}|domande\W*"
    r"|спасибо\b.{0,30}|вопросы\W*|содержание|teşekkür.{0,30}|감사합니다.{0,5}|목차|질문.{0,5}"
    r"|目录|谢谢.{0,10}|感谢.{0,10}|ご清聴.{0,20}|ありがとう.{0,20}|目次)",
    re.IGNORECASE,
)


def chosen_figures(
    frames: Sequence[Frame],
    duration_ms: int,
    told: Sequence[str] = (),
    shown: Sequence[Frame] = (),
    silent: bool = False,
) -> list[Frame]:
    """The frames worth showing, in order of time.

    Every slide with a title of its own that stays ``_SPOKEN_MS``; of the others at most one in
    about three minutes: one for each distinct screen, and where there are too many, the ones that
    say least that is not on their neighbours, and stand closest to these, go. Never more than one
    for ``_EVERY_MS``; where nobody speaks, up to one for ``_SILENT_EVERY_MS``. None repeats what
    another figure shows.

    Args:
        told: lines that the chapter shows as code: on a frame they say nothing new.
        shown: frames that are figures anyway.
        silent: nobody speaks in the lecture.
    """
    chrome = WindowChrome(frames)
    kept = [frame for frame in distinct(frames) if not _is_empty(frame, frames)]
    kept = [frame for frame in kept if not _is_courtesy(frame, chrome)] or kept
    kept = [frame for frame in kept if not _is_begun(frame, kept, chrome)]
    every_ms = _SILENT_EVERY_MS if silent else _EVERY_MS
    most = max(_FEWEST, -(-duration_ms // every_ms))
    titled = _titled(kept, chrome)
    weights = _Weights({bare(line) for line in told}, chrome, silent)
    if duration_ms > _SHORT_MS:
        most = min(most, int(_TITLED_PER_MINUTE * duration_ms / 60_000))
    _thin(titled, most, weights)
    sure = {frame.id for frame in titled}
    usual = most if silent else max(_LEAST, int(_PER_MINUTE * duration_ms / 60_000))
    limit = min(most, max(usual, len(titled)))
    there = {frame.id for frame in shown}
    repeats = Repeats(chrome, told)
    while True:
        chosen = _thinned([frame for frame in kept if frame.id not in there], limit, sure, weights)
        again = repeats.among([*chosen, *shown], sure | there)
        if len(chosen) > _FEWEST:
            again |= weights.bare_walls(chosen) - sure
        if not again:
            return chosen
        kept = [frame for frame in kept if frame.id not in again]  # others may take their places


def _thinned(
    frames: Sequence[Frame], limit: int, sure: Collection[str], weights: _Weights
) -> list[Frame]:
    """``limit`` of the frames, or all that are ``sure`` if these are more."""
    left = list(frames)
    while len(left) > limit:
        spare = [index for index, frame in enumerate(left) if frame.id not in sure]
        if not spare:
            break
        del left[min(spare, key=lambda index: (weights.worth(left, index), index))]
    return left


def _titled(frames: Sequence[Frame], chrome: WindowChrome) -> list[Frame]:
    """The slides that stay long enough to be spoken about, each title once."""
    found: list[Frame] = []
    titles: set[str] = set()
    for frame in frames:
        title = slide_title(frame, chrome)
        key = " ".join(title.casefold().split()) if title else ""
        if key and key not in titles and frame.end_ms - frame.start_ms >= _SPOKEN_MS:
            titles.add(key)
            found.append(frame)
    return found


def _thin(frames: list[Frame], limit: int, weights: _Weights) -> None:
    while len(frames) > limit:
        spare = range(len(frames))
        del frames[min(spare, key=lambda index: (weights.worth(frames, index), index))]


def _is_courtesy(frame: Frame, chrome: WindowChrome) -> bool:
    """An agenda, thanks, a call for questions: what no reader misses."""
    if frame.kind not in ("slide", "diagram", "other") or chrome.in_window(frame):
        return False
    heads = [slide_title(frame, chrome) or "", *chrome.content(frame)[:1]]  # "Q & A" is no title
    return any(_COURTESY.fullmatch(" ".join(head.split())) for head in heads)


def _is_begun(frame: Frame, kept: Sequence[Frame], chrome: WindowChrome) -> bool:
    """A window with a word or two that another frame shows with all that came below them."""
    lines = [line for line in content_text(frame).splitlines() if not is_menu(line)]
    own = {key for line in lines for token in line.split() if len(key := bare(token)) > _PROMPT}
    if not 0 < len(own) <= _FEW_WORDS or not chrome.in_window(frame):
        return False
    return any(
        own < {bare(token) for token in content_text(one).split()}
        for one in kept
        if one is not frame
    )


def _is_empty(frame: Frame, frames: Sequence[Frame]) -> bool:
    """Hardly any text, where frames have text at all, and no drawing either; or a terminal with
    nothing but its prompt."""
    lines = [line for line in frame.text.splitlines() if bare(line)]
    if lines and all(map(is_shell_prompt, lines)):
        return len(frames) > 1
    read = any(other.text for other in frames)
    return read and frame.kind != "diagram" and len(bare(content_text(frame))) < 8


class _Weights:
    """What each frame is worth as a figure, among others.

    Args:
        told: lines that say nothing new, as ``bare`` has them.
        chrome: of the lecture.
        silent: nobody speaks in it.
    """

    def __init__(self, told: Collection[str], chrome: WindowChrome, silent: bool) -> None:
        self._told = told
        self._chrome = chrome
        self._silent = silent
        self._sites: dict[str, str | None] = {}
        self._walls: dict[str, bool] = {}
        self._words: dict[str, frozenset[str]] = {}
        self._letters: dict[tuple[str, ...], int] = {}

    def worth(self, kept: Sequence[Frame], index: int) -> float:
        """What the frame at ``index`` is worth beside its neighbours."""
        frame = kept[index]
        near = _near(kept, index)
        gaps = [abs(frame.start_ms - one.start_ms) for one in near]
        if len(gaps) == 1:
            gaps.append(round(_END * gaps[0]))
        room_s = min(sum(gaps) / 2, _MOST_ROOM_MS) / 1000
        says = min(self._says(frame, near), _MUCH) / _MUCH
        kind = {"slide": 1.3, "diagram": 1.4, "code": 0.9}.get(frame.kind, 1.0)
        alone = _ONLY_PAGE if self._is_only_page(kept, frame) else 1.0
        wall = _WALL if self._is_wall(frame) else 1.0
        is_brief = frame.end_ms - frame.start_ms < _SPOKEN_MS and not self._silent
        brief = _BRIEF if is_brief else 1.0
        return (room_s + 5) * (0.5 + says) * kind * alone * wall * brief

    def bare_walls(self, kept: Sequence[Frame]) -> set[str]:
        """The ids of walls of numbers that say hardly a word beside their neighbours."""
        return {
            frame.id
            for index, frame in enumerate(kept)
            if self._is_wall(frame) and self._says(frame, _near(kept, index)) < _LEAST_SAID
        }

    def _is_wall(self, frame: Frame) -> bool:
        if frame.id not in self._walls:
            tokens = [key for token in content_text(frame).split() if (key := bare(token))]
            numbers = sum(key.isdigit() for key in tokens)
            self._walls[frame.id] = len(tokens) >= _MANY and numbers >= _NUMBERS * len(tokens)
        return self._walls[frame.id]

    def _is_only_page(self, kept: Sequence[Frame], frame: Frame) -> bool:
        site = self._site(frame)
        return site is not None and not any(
            self._site(one) == site for one in kept if one is not frame
        )

    def _site(self, frame: Frame) -> str | None:
        if frame.id not in self._sites:
            self._sites[frame.id] = self._chrome.web_page(frame)
        return self._sites[frame.id]

    def _says(self, frame: Frame, near: Sequence[Frame]) -> int:
        """The letters of the words that stand on no neighbour; a wall of numbers says nothing."""
        key = (frame.id, *(one.id for one in near))
        if key not in self._letters:
            new = self._words_of(frame).difference(*map(self._words_of, near))
            self._letters[key] = sum(map(len, new))
        return self._letters[key]

    def _words_of(self, frame: Frame) -> frozenset[str]:
        if frame.id not in self._words:
            lines = [
                line for line in content_text(frame).splitlines() if bare(line) not in self._told
            ]
            words = {key for line in lines for token in line.split() if (key := bare(token))}
            self._words[frame.id] = frozenset(word for word in words if not word.isdigit())
        return self._words[frame.id]


def _near(kept: Sequence[Frame], index: int) -> list[Frame]:
    return [kept[at] for at in (index - 1, index + 1) if 0 <= at < len(kept)]
