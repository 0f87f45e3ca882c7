"""How what was read from a drawn lecture compares with what it showed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields

from pipeline.models import Frame
from pipeline.writing.transcript_edition.screen_code.cut_ends import SCREEN_BEGINS, SCREEN_ENDS
from tests.drawn.reel import Drawn, Program

NEAR_MS = 1_500


@dataclass(frozen=True)
class Read:
    """What a chapter makes of a lecture: frames, (source, output) of cells, (ms, caption) of
    figures."""

    frames: Sequence[Frame]
    cells: Sequence[tuple[str, str]]
    figures: Sequence[tuple[Frame, str]]


@dataclass(frozen=True)
class Marks:
    """Counts that add up over lectures. Blank lines of code do not count.

    ``lines`` are the lines of programs that stand in the cells exactly; ``added`` those that stand
    there and in no program; ``whole`` the programs that one cell holds from the first line to the
    last; ``outputs`` the claimed outputs that are right, ``invented`` those that are not;
    ``figures`` the titled slides that became a figure, ``captioned`` those of them whose caption
    names the title; ``junk`` the captions with words of a window.
    """

    states: int = 0
    of_states: int = 0
    more_states: int = 0
    lines: int = 0
    of_lines: int = 0
    added: int = 0
    whole: int = 0
    of_whole: int = 0
    outputs: int = 0
    of_outputs: int = 0
    invented: int = 0
    figures: int = 0
    of_figures: int = 0
    captioned: int = 0
    junk: int = 0

    def __add__(self, other: Marks) -> Marks:
        return Marks(*[getattr(self, f.name) + getattr(other, f.name) for f in fields(self)])

    def __str__(self) -> str:
        return (
            f"{self.states:>5}/{self.of_states:<3}{self.more_states:>4}"
            f"{self.lines:>8}/{self.of_lines:<4}{self.added:>4}{self.whole:>6}/{self.of_whole:<3}"
            f"{self.outputs:>5}/{self.of_outputs:<3}{self.invented:>4}"
            f"{self.figures:>6}/{self.of_figures:<3}{self.captioned:>4}{self.junk:>5}"
        )


HEADING = (
    f"{'states':>9}{'more':>4}{'lines':>13}{'add':>4}{'whole':>10}"
    f"{'output':>9}{'inv':>4}{'titled':>10}{'capt':>4}{'junk':>5}"
)


def marks(lecture: Drawn, read: Read) -> Marks:
    """The lecture's marks."""
    matched = sum(
        any(abs(frame.start_ms - state.start_ms) <= NEAR_MS for frame in read.frames)
        for state in lecture.states
    )
    shown = Counter(line for program in lecture.programs for line in _code(program.lines))
    given = Counter(line for source, _ in read.cells for line in _code(source.splitlines()))
    sources = [_code(source.splitlines()) for source, _ in read.cells]
    outputs = [_text(program.output) for program in lecture.programs if program.output]
    claimed = [_text(output.splitlines()) for _, output in read.cells if output.strip()]
    right = sum((Counter(outputs) & Counter(claimed)).values())
    titled = [_figure(start_ms, lecture, read) for start_ms, _ in lecture.titles]
    return Marks(
        states=matched,
        of_states=len(lecture.states),
        more_states=max(0, len(read.frames) - matched),
        lines=(shown & given).total(),
        of_lines=shown.total(),
        added=(given - shown).total(),
        whole=sum(_is_whole(program, sources) for program in lecture.programs),
        of_whole=len(lecture.programs),
        outputs=right,
        of_outputs=len(outputs),
        invented=len(claimed) - right,
        figures=sum(caption is not None for caption in titled),
        of_figures=len(titled),
        captioned=sum(
            caption is not None and title in caption
            for caption, (_, title) in zip(titled, lecture.titles, strict=True)
        ),
        junk=sum(any(word in caption for word in lecture.chrome) for _, caption in read.figures),
    )


def _figure(start_ms: int, lecture: Drawn, read: Read) -> str | None:
    """The caption of the figure of the slide that came up at ``start_ms``; None without one."""
    end_ms = next(state.end_ms for state in lecture.states if state.start_ms == start_ms)
    for frame, caption in read.figures:
        if start_ms <= frame.at_ms < end_ms:
            return caption
    return None


def _is_whole(program: Program, sources: Sequence[Sequence[str]]) -> bool:
    lines = _code(program.lines)
    return any(
        lines == source[at : at + len(lines)]
        for source in sources
        for at in range(len(source) - len(lines) + 1)
    )


def _code(lines: Sequence[str]) -> list[str]:
    """The lines that say something: not blank ones, nor what stands for a line not read or not on
    the screen."""
    notes = (SCREEN_BEGINS, SCREEN_ENDS)
    return [
        line.rstrip()
        for line in lines
        if line.strip() not in ("", "...") and not line.endswith(notes)
    ]


def _text(lines: Sequence[str]) -> str:
    """An output without the spaces that OCR cannot count."""
    return "\n".join(" ".join(line.split()) for line in lines)
