"""How a chunk reads: headings, links, spellings, length and voice."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import regex

from pipeline.document.blocks import AnyBlock, Heading
from pipeline.document.inline import words_of
from pipeline.document.walk import prose_of, walk
from pipeline.text.house_words import fillers, is_boilerplate, remarks, reports
from pipeline.text.languages.codes import other_language
from pipeline.text.languages.guess import is_foreign
from pipeline.text.units import in_unit, unit, word_count
from pipeline.text.words import longest_shared, shared_runs, spaced, word_runs, words
from pipeline.writing.checks.block_text import (
    addresses_in,
    code_of,
    is_running_text,
    known_addresses,
    prose_beside_code,
)
from pipeline.writing.checks.citations import repeated
from pipeline.writing.checks.problems import Problem
from pipeline.writing.checks.wording import persons_per_hundred
from pipeline.writing.prompt_context import PromptContext
from pipeline.writing.replies.omissions import words_left_out

# Words written for each word spoken: half to four fifths in good chapters (docs/how-it-works.md),
# and a little more room.
HIGHEST_RATIO = 0.85
# Of the words to write. Ten minutes of talk with questions, put point first with a list, a table
# and commands as code, had every segment covered in 66 to 69% of them; to ask for more there is to
# ask for the spoken sentences.
SHORTEST = 0.6
# In a chunk of a few sentences one sentence more or less moves the ratio by a tenth.
_SMALL_CHUNK = 150
_SMALL_RATIOS = (0.35, 1.15)
_LEAST_PERSONS = 2.0
# Above this share of its runs of four words a chunk is a transcript. Chapters that blind readers
# liked had 8 to 30%; asking for less made strained sentences.
_MOST_SHARED = 0.35
_LONGEST_NAMED = 3
_SAID_TWICE = 0.5
_BRACKETS = regex.compile(r"\s?[(（]([^()（）]{1,60})[)）]")


def heading_problems(blocks: Sequence[AnyBlock], material: PromptContext) -> list[Problem]:
    """Headings that say nothing, are used twice, or are too many."""
    problems = []
    headings = [
        (index, words_of(one.text))
        for index, block in enumerate(blocks)
        for one in walk([block])
        if isinstance(one, Heading)
    ]
    taken = {" ".join(words(material.section.title))}
    for index, heading in headings:
        title = " ".join(words(heading))
        if is_boilerplate(heading):
            text = f'"{heading}" says nothing: name the content'
            problems.append(Problem("heading", text, index))
        elif title in taken:
            problems.append(Problem("heading", f'"{heading}" is used already', index))
        taken.add(title)
    wanted = material.chunk.headings
    if len(headings) > wanted + 1:
        text = f"{len(headings)} headings: keep the {wanted} most telling, remove the other lines"
        problems.append(Problem("heading", text))
    if blocks and isinstance(blocks[-1], Heading):
        problems.append(Problem("heading", "nothing follows this heading", len(blocks) - 1))
    return problems


def link_problems(blocks: Sequence[AnyBlock], material: PromptContext) -> list[Problem]:
    """Addresses that are not among the known links."""
    known = known_addresses(material.links)
    problems = []
    for index, block in enumerate(blocks):
        found = addresses_in(block)
        unknown = tuple(dict.fromkeys(one for one in found if one.rstrip(".,;") not in known))
        if unknown:
            text = f"the address {', '.join(unknown)} is not among the links given: remove the link"
            problems.append(Problem("link", text, index, unknown))
    return problems


def spelling_problems(blocks: Sequence[AnyBlock], material: PromptContext) -> list[Problem]:
    """Words written as they were misheard; not where the right form stands in the same block, which
    then speaks of both ("`!!`, called bang bang"), nor where the right form is a string with signs
    around it: what sounds like `<|endoftext|>` may be loose speech."""
    shown = spaced(" ".join(screen.frame.text for screen in material.screens))
    problems = []
    for index, block in enumerate(blocks):
        text = prose_of([block])
        said = spaced(text)
        for term in material.glossary:
            if not (term.term[:1].isalnum() or term.term[-1:].isalnum()):
                continue
            right = " ".join(words(term.term))
            for form in term.heard_as:
                wrong = " ".join(words(form))
                # A plural, or a form that the screen has too ("gpt2" in a menu), is no mistake.
                if not wrong or wrong in (right, right + "s") or f" {wrong} " in shown:
                    continue
                rest = said.replace(f" {right} ", " ") if wrong in right else said
                is_explained = wrong not in right and term.term.lower() in text.lower()
                if f" {wrong} " in rest and not is_explained:
                    fault = f'"{form}" is spelled "{term.term}" (if that is what it means here)'
                    problems.append(Problem("spelling", fault, index))
    return problems


def repetition_problems(blocks: Sequence[AnyBlock]) -> list[Problem]:
    """Paragraphs that repeat an earlier one."""
    problems = []
    seen: list[set[tuple[str, ...]]] = []
    for index, block in enumerate(blocks):
        if not is_running_text(block):
            continue
        mine = set(word_runs(words(prose_of([block])), 5))
        if any(len(mine & other) > _SAID_TWICE * len(mine) for other in seen if len(mine) > 8):
            problems.append(Problem("repetition", "this repeats an earlier paragraph", index))
        seen.append(mine)
    return problems


def filler_problems(blocks: Sequence[AnyBlock], material: PromptContext) -> list[Problem]:
    """Filler phrases, and talk about the lecture from outside."""
    problems = []
    for index, block in enumerate(blocks):
        prose = prose_of([block])
        if found := fillers(prose, material.speech, material.written_in):
            text = f"say it without {', '.join(repr(phrase) for phrase in dict.fromkeys(found))}"
            problems.append(Problem("filler", text, index))
        if found := reports(prose, material.speech, material.written_in):
            text = f"write as the lecturer, not about a lecture: {', '.join(map(repr, found))}"
            problems.append(Problem("voice", text, index))
        if found := remarks(prose, material.speech, material.written_in):
            text = f"this speaks about your task, not about the lecture: {found[0]!r}: remove it"
            problems.append(Problem("remark", text, index))
    return problems


def length_problems(
    blocks: Sequence[AnyBlock], material: PromptContext, left_out: Collection[str] = ()
) -> list[Problem]:
    """Too many words for what was said, or too few for what was said once: segments ``left_out``,
    and those that are cited only as saying something again, ask for none. What stands as code need
    not be told in prose."""
    spoken = material.chunk.words
    passed = {*left_out, *repeated(blocks, material)}
    once = spoken * (1 - words_left_out(passed, material.chunk.segments))
    if spoken < 20:
        return []
    small = spoken < _SMALL_CHUNK
    target = material.chunk.target_words
    lowest, highest = _SMALL_RATIOS if small else (SHORTEST * target / spoken, HIGHEST_RATIO)
    language = material.written_in
    prose = without_originals(prose_of(blocks), material)
    written = word_count(prose, language)
    told = f"{in_unit(written, language)} {unit(language)} of prose"
    told += f", about {in_unit(target, language)} are usual for what was said"
    if written + sum(word_count(code) for code in code_of(blocks)) < lowest * once:
        text = f"{told}: add the points, reasons and examples that are missing"
        return [Problem("length", text)]
    if written > highest * spoken:
        return [Problem("length", f"{told}: cut what the lecture does not say")]
    return []


def without_originals(prose: str, material: PromptContext) -> str:
    """``prose`` of a translation without the original terms in brackets, which the prompt asks
    for: they do not count against its length."""
    if not material.is_translated:
        return prose
    said = frozenset(words(" ".join(material.sources())))

    def kept(found: regex.Match[str]) -> str:
        inside = words(found[1])
        return "" if inside and all(word in said for word in inside) else found[0]

    return _BRACKETS.sub(kept, prose)


def language_problems(blocks: Sequence[AnyBlock], material: PromptContext) -> list[Problem]:
    """Passages that are not in the chapter's language, most of all the lecture's."""
    problems = []
    for index, block in enumerate(blocks):
        if not is_running_text(block):
            continue
        if is_foreign(prose_beside_code([block]), material.written_in, material.spoken_in):
            text = f"this is not in the chapter's language ({material.written_in}): translate it"
            problems.append(Problem("language", text, index))
    return problems


def voice_problems(blocks: Sequence[AnyBlock], material: PromptContext) -> list[Problem]:
    """A voice that is not the lecturer's, or is too much of it."""
    prose = prose_of(blocks)
    if word_count(prose) < _SMALL_CHUNK:
        return []
    problems = []
    english = not other_language(material.written_in, "en")
    if english and persons_per_hundred(prose) < min(
        _LEAST_PERSONS, 0.6 * persons_per_hundred(material.speech)
    ):
        text = "hardly any I, we or you, which the lecturer says often"
        problems.append(Problem("impersonal", text))
    if shared_runs(prose, material.speech) > _MOST_SHARED:
        longest = longest_shared(prose, material.speech)[:_LONGEST_NAMED]
        named = "; ".join(f'"{run}"' for run in longest)
        text = (
            f"much of this is the speech word for word; write these passages for the page: {named}"
        )
        problems.append(Problem("voice", text))
    return problems
