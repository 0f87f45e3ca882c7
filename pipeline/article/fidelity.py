"""Holding a written chunk to the lecture: everything that a program can check, checked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.article.blocks import Block, join_blocks, prose_of, split_blocks
from pipeline.article.citations import CITATION, find_citations, find_figures, map_text
from pipeline.article.grounding import (
    coverage_problems,
    identifier_problems,
    number_problems,
    time_problems,
)
from pipeline.article.material import Material
from pipeline.article.outlines import is_boilerplate
from pipeline.article.problems import Problem
from pipeline.article.style import fillers, persons_per_hundred, reports
from pipeline.article.words import content_stems, runs, shared_runs, word_count, words

LOWEST_RATIO, HIGHEST_RATIO = 0.45, 0.85
# In a chunk of a few sentences one sentence more or less moves the ratio by a tenth.
_SMALL_CHUNK = 150
_SMALL_RATIOS = (0.35, 1.15)
_LEAST_PARAGRAPH = 12
_WIDEST_CITATION_MS = 150_000
_LEAST_PERSONS = 2.0
_SHARED_RUNS = (0.05, 0.20)
_SAID_TWICE = 0.5
_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\(((?!frame:)[^)\s]+)\)")
_BARE_ADDRESS = re.compile(r"(?<![(\"<])https?://[^\s<>)\]]+")


def check(markdown: str, material: Material, same_language: bool = True) -> list[Problem]:
    """Everything wrong with a chunk's text, in the order of its blocks; empty when nothing is.

    Args:
        markdown: the chunk's text, tidied (see ``tidy_citations``).
        material: what its writer was given.
        same_language: false for a translation: words are then not compared.
    """
    blocks = split_blocks(markdown)
    problems = [
        *_fences(blocks),
        *_headings(blocks, material),
        *_citations(blocks, material),
        *_figures(blocks, material),
        *_links(blocks, material),
        *time_problems(blocks, material),
        *number_problems(blocks, material, same_language),
        *identifier_problems(blocks, material),
        *coverage_problems(blocks, material, same_language),
        *_spellings(blocks, material),
        *_twice(blocks),
        *_fillers(blocks, material),
        *_length(markdown, material),
    ]
    if same_language:
        problems += _voice(markdown, material)
    whole = len(blocks)
    return sorted(problems, key=lambda one: whole if one.block is None else one.block)


def cleaned(markdown: str, material: Material) -> str:
    """The text without what must not reach a reader whatever happens.

    Citations of segments outside the chunk, figures that do not exist, are used twice or are out of
    order, and addresses that are not known go; an open fence is closed. Nothing else changes.
    """
    order = [segment.id for segment in material.chunk.segments]
    addresses = {link.url for link in material.links}

    def citation(found: re.Match[str]) -> str:
        first, last = found.group(1), found.group(2) or found.group(1)
        if first not in order and last not in order:
            return ""
        first = first if first in order else order[0]
        last = last if last in order else order[-1]
        if order.index(first) > order.index(last):
            first, last = last, first
        return f"[[{first}]]" if first == last else f"[[{first}-{last}]]"

    def link(found: re.Match[str]) -> str:
        return found.group() if found.group(2) in addresses else found.group(1)

    def change(text: str) -> str:
        return re.sub(r"[ \t]+$", "", _LINK.sub(link, CITATION.sub(citation, text)), flags=re.M)

    kept = _with_good_figures(split_blocks(map_text(markdown, change)), material)
    return join_blocks(kept)


def _with_good_figures(blocks: Sequence[Block], material: Material) -> list[Block]:
    usable = material.usable
    latest = -1
    kept = []
    for block in blocks:
        text = block.text
        for figure in find_figures(text) if block.kind != "code" else []:
            frame = usable.get(figure.frame)
            if frame is None or frame.at_ms <= latest:
                text = text.replace(f"![{figure.caption}](frame:{figure.frame})", "", 1)
            else:
                latest = frame.at_ms
        if text.strip():
            kept.append(
                Block(block.kind, text.strip() if block.kind == "figure" else text, block.closed)
            )
    return kept


def _fences(blocks: Sequence[Block]) -> list[Problem]:
    return [
        Problem("fence", "this code block is never closed", index)
        for index, block in enumerate(blocks)
        if not block.closed
    ]


def _headings(blocks: Sequence[Block], material: Material) -> list[Problem]:
    problems = []
    headings = [(index, block) for index, block in enumerate(blocks) if block.kind == "heading"]
    taken = {" ".join(words(material.section.title))}
    for index, block in headings:
        title = " ".join(words(block.title))
        if is_boilerplate(block.title):
            problems.append(
                Problem("heading", f'"{block.title}" says nothing: name the content', index)
            )
        elif title in taken:
            problems.append(Problem("heading", f'"{block.title}" is used already', index))
        taken.add(title)
    wanted = material.chunk.headings
    if len(headings) > wanted + 1:
        text = f"{len(headings)} headings: keep the {wanted} most telling, remove the other lines"
        problems.append(Problem("heading", text, headings[-1][0]))
    if blocks and blocks[-1].kind == "heading":
        problems.append(Problem("heading", "nothing follows this heading", len(blocks) - 1))
    return problems


def _citations(blocks: Sequence[Block], material: Material) -> list[Problem]:
    chunk = material.chunk
    times = {segment.id: (segment.start_ms, segment.end_ms) for segment in chunk.segments}
    own = f"{chunk.segments[0].id} to {chunk.segments[-1].id}"
    problems = []
    latest = -1
    for index, block in enumerate(blocks):
        if block.kind not in ("prose", "figure"):
            continue
        found = find_citations(block.text)
        unknown = [c for c in found if c.first not in times or c.last not in times]
        if unknown:
            ids = tuple(dict.fromkeys(c.first for c in unknown))
            text = f"{', '.join(ids)} is not one of your segments ({own})"
            problems.append(Problem("citation", text, index, ids))
        for citation in found:
            if citation in unknown:
                continue
            start, end = times[citation.first][0], times[citation.last][1]
            if start >= end:
                problems.append(Problem("citation", "the citation runs backwards", index))
            elif start < latest:
                text = f"{citation.first} is cited after a later segment: keep the lecture's order"
                problems.append(Problem("citation", text, index))
            elif end - start > _WIDEST_CITATION_MS:
                text = f"{citation.first} to {citation.last} is too much for one citation: split it"
                problems.append(Problem("citation", text, index))
            latest = max(latest, start)
        bare = block.kind == "prose" and not found and not _leads_on(blocks, index)
        if bare and word_count(prose_of(block.text)) >= _LEAST_PARAGRAPH:
            problems.append(
                Problem("citation", "no citation: end it with the segments it comes from", index)
            )
    return problems


def _leads_on(blocks: Sequence[Block], index: int) -> bool:
    """Whether the block only announces the next one, which then has the citation."""
    following = blocks[index + 1 : index + 2]
    return blocks[index].text.rstrip().endswith((":", "：")) and bool(following)


def _figures(blocks: Sequence[Block], material: Material) -> list[Problem]:
    usable = material.usable
    times = {segment.id: (segment.start_ms, segment.end_ms) for segment in material.chunk.segments}
    used: set[str] = set()
    latest = -1
    problems = []
    for index, block in enumerate(blocks):
        for figure in find_figures(block.text) if block.kind != "code" else []:
            frame = usable.get(figure.frame)
            name = f"figure {figure.frame}"
            if frame is None:
                ids = ", ".join(usable) or "none"
                text = f"{name} is not one of the usable screens ({ids}): remove it"
                problems.append(Problem("figure", text, index, (figure.frame,)))
                continue
            if figure.frame in used:
                problems.append(Problem("figure", f"{name} is used twice: remove it here", index))
            elif frame.at_ms < latest:
                text = f"{name} was on screen before the figure above: keep the lecture's order"
                problems.append(Problem("figure", text, index))
            used.add(figure.frame)
            latest = max(latest, frame.at_ms)
            cited = _cited_around(blocks, index, times)
            if cited and not (frame.start_ms < cited[1] and frame.end_ms > cited[0]):
                text = f"{name} was not on screen during the segments cited around it: move it"
                problems.append(Problem("figure", text, index))
            if not figure.caption.strip():
                problems.append(Problem("figure", f"{name} has no caption", index))
            elif not _caption_fits(figure.caption, frame.text):
                text = f"the caption of {name} uses no word that stands on it"
                problems.append(Problem("figure", text, index))
    most = material.chunk.figures + 1
    if len(used) > most:
        text = f"{len(used)} figures: keep the {most} that matter most, remove the others"
        problems.append(Problem("figure", text))
    return problems


def _caption_fits(caption: str, screen: str) -> bool:
    """Whether they share a word; a screen with hardly any text, or in other letters, cannot."""
    shown = content_stems(screen)
    if len(shown) < 2:
        return True
    said = content_stems(caption) | set(words(caption))
    return bool(said & (shown | set(words(screen)))) or caption.isascii() != screen.isascii()


def _cited_around(
    blocks: Sequence[Block], index: int, times: dict[str, tuple[int, int]]
) -> tuple[int, int] | None:
    """Start and end of what the nearest citing blocks before and after cite, in ms."""
    spans = []
    for way in (range(index, -1, -1), range(index + 1, len(blocks))):
        for place in way:
            found = [
                citation
                for citation in find_citations(blocks[place].text)
                if citation.first in times and citation.last in times
            ]
            if found:
                edge = found[-1] if place <= index else found[0]
                spans.append((times[edge.first][0], times[edge.last][1]))
                break
    if not spans:
        return None
    return min(start for start, _ in spans), max(end for _, end in spans)


def _links(blocks: Sequence[Block], material: Material) -> list[Problem]:
    known = {link.url for link in material.links}
    problems = []
    for index, block in enumerate(blocks):
        if block.kind == "code":
            continue
        addresses = [address for _, address in _LINK.findall(block.text)]
        rest = re.sub(r"`[^`]*`", "", _LINK.sub("", block.text))
        addresses += _BARE_ADDRESS.findall(rest)
        unknown = tuple(dict.fromkeys(one for one in addresses if one.rstrip(".,;") not in known))
        if unknown:
            text = f"the address {', '.join(unknown)} is not among the links given: remove the link"
            problems.append(Problem("link", text, index, unknown))
    return problems


def _spellings(blocks: Sequence[Block], material: Material) -> list[Problem]:
    shown = f" {' '.join(words(' '.join(screen.frame.text for screen in material.screens)))} "
    problems = []
    for index, block in enumerate(blocks):
        if block.kind == "code":
            continue
        said = f" {' '.join(words(prose_of(block.text)))} "
        for term in material.glossary:
            right = " ".join(words(term.term))
            for form in term.heard_as:
                wrong = " ".join(words(form))
                # A plural, or a form that the screen has too ("gpt2" in a menu), is no mistake.
                if not wrong or wrong in (right, right + "s") or f" {wrong} " in shown:
                    continue
                rest = said.replace(f" {right} ", " ") if wrong in right else said
                if f" {wrong} " in rest:
                    text = f'"{form}" is spelled "{term.term}" (if that is what it means here)'
                    problems.append(Problem("spelling", text, index))
    return problems


def _twice(blocks: Sequence[Block]) -> list[Problem]:
    problems = []
    seen: list[set[tuple[str, ...]]] = []
    for index, block in enumerate(blocks):
        if block.kind != "prose":
            continue
        mine = set(runs(words(prose_of(block.text)), 5))
        if any(len(mine & other) > _SAID_TWICE * len(mine) for other in seen if len(mine) > 8):
            problems.append(Problem("repetition", "this repeats an earlier paragraph", index))
        seen.append(mine)
    return problems


def _fillers(blocks: Sequence[Block], material: Material) -> list[Problem]:
    problems = []
    for index, block in enumerate(blocks):
        if block.kind == "code":
            continue
        prose = prose_of(block.text)
        if found := fillers(prose, material.speech):
            text = f"say it without {', '.join(repr(phrase) for phrase in dict.fromkeys(found))}"
            problems.append(Problem("filler", text, index))
        if found := reports(prose, material.speech):
            text = f"write as the lecturer, not about a lecture: {', '.join(map(repr, found))}"
            problems.append(Problem("voice", text, index))
    return problems


def _length(markdown: str, material: Material) -> list[Problem]:
    spoken = material.chunk.words
    if spoken < 20:
        return []
    small = spoken < _SMALL_CHUNK
    lowest, highest = _SMALL_RATIOS if small else (LOWEST_RATIO, HIGHEST_RATIO)
    written = word_count(prose_of(markdown))
    goal = material.chunk.target_words
    if written < lowest * spoken:
        text = f"{written} words of prose, {goal} are wanted: restore what was left out, in detail"
        return [Problem("length", text)]
    if written > highest * spoken:
        text = f"{written} words of prose, {goal} are wanted: cut what the lecture does not say"
        return [Problem("length", text)]
    return []


def _voice(markdown: str, material: Material) -> list[Problem]:
    prose = prose_of(markdown)
    if word_count(prose) < _SMALL_CHUNK:
        return []
    problems = []
    if persons_per_hundred(prose) < min(_LEAST_PERSONS, 0.6 * persons_per_hundred(material.speech)):
        text = "hardly any I, we or you: write in the lecturer's own voice"
        problems.append(Problem("voice", text))
    shared = shared_runs(prose, material.speech)
    if shared < _SHARED_RUNS[0]:
        text = "take over more of the lecturer's own phrases, as they were said"
        problems.append(Problem("voice", text))
    elif shared > _SHARED_RUNS[1]:
        text = (
            f"{shared:.0%} of your runs of four words are the speech's, 8 to 15% are wanted: say it "
            "anew, in sentences made for the page, keeping only the most telling phrases"
        )
        problems.append(Problem("voice", text))
    return problems
