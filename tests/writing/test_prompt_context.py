"""What a writer is given: whose screen it is, which terms, and nothing twice in a shared call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pipeline.document.outline import EarlierChapter, GlossaryTerm, Outline
from pipeline.models import Box, Frame, FrameKind, ScreenLine
from pipeline.settings.llm import LLMSettings
from pipeline.writing.chunks import Chunk, chunks_of
from pipeline.writing.draft_prompts import Style, prompts_of, shared_prompts_of
from pipeline.writing.earlier_code import earlier_code
from pipeline.writing.prompt_context import PromptContext, prompt_context, restricted, terms_in
from pipeline.writing.screen_text import ScreenTexts
from tests.writing import lecture

COUNT = 8
HALF = COUNT // 2
HALF_MS = HALF * 30_000
STYLE = Style(lecture.outline(COUNT, HALF), "English", True, "", 2, Path(), LLMSettings())


def frame(number: int, start_ms: int, end_ms: int, text: str, kind: FrameKind = "code") -> Frame:
    return Frame(
        id=f"f{number:04d}",
        at_ms=end_ms - 1_000,
        start_ms=start_ms,
        end_ms=end_ms,
        path="x.webp",
        width=640,
        height=360,
        text=text,
        kind=kind,
    )


def contexts(
    *frames: Frame,
    terms: tuple[str, ...] = (),
    outline: Outline | None = None,
    said: Mapping[int, str] = {},
) -> list[PromptContext]:
    """Of two sections of four segments each; ``said`` are texts of segments by their number."""
    plain = lecture.segments(COUNT)
    spoken = tuple(
        one.model_copy(update={"text": said.get(at, one.text)})
        for at, one in enumerate(plain.segments)
    )
    segments = plain.model_copy(update={"frames": frames, "segments": spoken})
    outline = (outline or lecture.outline(COUNT, HALF)).model_copy(
        update={"glossary": tuple(GlossaryTerm(term=term, heard_as=()) for term in terms)}
    )
    chunks: tuple[Chunk, ...] = chunks_of(
        (segments.segments[:HALF], segments.segments[HALF:]), 0.65, 2_000
    )
    return prompt_context(chunks, segments, lecture.transcript(COUNT), outline)


def test_a_screen_is_marked_where_another_part_writes_it_up() -> None:
    early = frame(1, 10_000, HALF_MS + 20_000, "x = 1")
    early = early.model_copy(update={"at_ms": 20_000})
    late = frame(2, HALF_MS - 20_000, HALF_MS + 40_000, "y = 2")
    first, second = contexts(early, late)
    told = [[(one.usable, one.belongs_to) for one in part.screens] for part in (first, second)]
    assert told == [
        [(True, ""), (False, "a later part")],
        [(False, "an earlier part"), (True, "")],
    ]


def test_the_request_says_whose_screen_it_is() -> None:
    early = frame(1, 10_000, HALF_MS + 20_000, "x = 1")
    _, second = contexts(early.model_copy(update={"at_ms": 20_000}))
    rules, request = prompts_of(second, STYLE)
    assert '<screen id="f0001" kind="code" during="s0005" belongs to an earlier part>' in request
    assert "*belongs to an earlier part*" in rules


def test_in_half_a_part_the_other_half_has_its_screens() -> None:
    whole, _ = contexts(frame(1, 10_000, 70_000, "x = 1"), frame(2, 70_000, 100_000, "y = 2"))
    chunk = chunks_of((whole.chunk.segments[:2],), 0.65, 2_000)[0]
    screens = [(one.usable, one.belongs_to) for one in restricted(whole, chunk).screens]
    assert screens == [(False, "a later part")]


def test_an_empty_screen_that_another_part_has_is_not_shown() -> None:
    first, second = contexts(frame(1, 0, HALF_MS + 30_000, "", "other"))
    assert [len(part.screens) for part in (first, second)] == [1, 0]


def test_a_term_that_only_a_cut_away_line_of_the_screen_has_is_not_listed() -> None:
    tabs = "A tab with encoder.py\n" + "\n".join(f"n_{at} = f({at}" for at in range(200))
    first, _ = contexts(frame(1, 0, 60_000, tabs), terms=("encoder.py", "n_5"))
    assert [term.term for term in first.glossary] == ["n_5"]


def test_only_programs_are_recalled_as_code_seen_before() -> None:
    tree = "\n".join(f"file_{at}.py    {at}    [0] {at}" for at in range(20))
    program = "def count(ids):\n    return len(ids)\nn = count([1])"
    outline = lecture.outline(COUNT, HALF)
    wanted = outline.sections[1].model_copy(update={"needs": ("count",)})
    for text, seen in ((program, (program,)), (tree, ())):
        segments = lecture.segments(COUNT)
        frames = (frame(1, 10_000, 60_000, text),)
        chunk = chunks_of((segments.segments[HALF:],), 0.65, 2_000)[0]
        assert earlier_code(wanted, chunk, frames, ScreenTexts(frames)) == seen


def test_a_shared_call_gives_nobody_the_neighbours_speech_a_second_time() -> None:
    parts = contexts()
    _, request = shared_prompts_of(parts, STYLE)
    assert request.count(parts[1].speech[:200]) == 1
    assert "<context-" not in request


def test_a_term_comes_with_those_of_its_misheard_forms_that_stand_there() -> None:
    term = GlossaryTerm(term="OpenAI", heard_as=("open AI", "opening ey"))
    silent = GlossaryTerm(term="Llama", heard_as=("lamma",))
    (found,) = terms_in([term, silent], ["what open AI does", "a screen"])
    assert (found.term, found.heard_as) == ("OpenAI", ("open AI",))
    assert terms_in([term], ["OpenAI"])[0].heard_as == ()


def test_a_form_with_signs_at_its_edge_is_found_with_them_only() -> None:
    option = GlossaryTerm(term="-f", heard_as=("-F",))
    assert terms_in([option], ["both F fail"]) == ()
    assert terms_in([option], ["grep -F fails"])[0].heard_as == ("-F",)


def test_a_term_is_defined_in_the_first_part_that_has_it_in_singular_or_plural() -> None:
    outline = lecture.outline(COUNT, HALF)
    sections = (outline.sections[0].model_copy(update={"title": "Dotfiles"}), *outline.sections[1:])
    term = GlossaryTerm(term="dotfile", meaning="a configuration file")
    outline = outline.model_copy(update={"glossary": (term,), "sections": sections})
    segments = lecture.segments(COUNT)
    said = [
        one.model_copy(update={"text": f"{one.text} a dotfile"}) for one in segments.segments[HALF:]
    ]
    chunks = chunks_of((segments.segments[:HALF], tuple(said)), 0.65, 2_000)
    first, second = prompt_context(chunks, segments, lecture.transcript(COUNT), outline)
    assert (
        "dotfile (unless your speech explains it: a configuration file)"
        in prompts_of(first, STYLE)[1]
    )
    request = prompts_of(second, STYLE)[1]
    assert "dotfile (introduced earlier)" in request and "unless your speech" not in request
    book = (EarlierChapter(title="The shell", terms=("dotfile",)),)
    first, _ = prompt_context(chunks, segments, lecture.transcript(COUNT), outline, book)
    assert "unless your speech" not in prompts_of(first, STYLE)[1]


def test_what_the_plan_defines_earlier_is_defined_though_no_screen_shows_it() -> None:
    plain, plan = lecture.segments(COUNT), lecture.outline(COUNT, HALF)
    one, two = plan.sections[:2]
    sections = (
        one.model_copy(update={"defines": ("get_stats", "merge")}),
        two.model_copy(update={"defines": ("merge",)}),
    )
    chunks = chunks_of((plain.segments[:HALF], plain.segments[HALF:]), 0.65, 2_000)
    first, second = prompt_context(
        chunks,
        plain,
        lecture.transcript(COUNT),
        plan.model_copy(update={"sections": sections}),
    )
    assert not first.defined_before
    assert second.defined_before == {"get_stats"}


def test_figures_are_asked_for_by_number_with_what_may_excuse_fewer() -> None:
    drawing = frame(1, 10_000, 60_000, "A drawing of the merges", "diagram")
    (request, *_), silent = (
        [prompts_of(part, STYLE)[1] for part in contexts(*shown)] for shown in ((drawing,), ())
    )
    assert "Use 1 of the usable screens as figure, one more only where" in request
    assert "nothing but code" not in request
    assert all("Use no figure." in one for one in silent)
    code = contexts(drawing, frame(2, 70_000, 100_000, "x = 1"))[0]
    assert "nothing but code" in prompts_of(code, STYLE)[1]


def test_a_figure_that_a_part_has_no_screen_for_is_the_next_one_s() -> None:
    drawings = [
        frame(at, HALF_MS + 40_000 * at, HALF_MS + 40_000 * (at + 1), f"Drawing {at}", "diagram")
        for at in (0, 1, 2)
    ]
    first, second = contexts(*drawings)
    assert (first.chunk.figures, second.chunk.figures) == (0, 2)
    bare = replace(second, chunk=replace(second.chunk, figures=0))
    assert "No figure is needed; use one only where" in prompts_of(bare, STYLE)[1]


def planned(*names: tuple[str, ...], shown: Frame) -> list[tuple[bool, str]]:
    """Whose the screen is, for each section, when the plan has the sections define these names."""
    plain, plan = lecture.segments(COUNT), lecture.outline(COUNT, HALF)
    sections = tuple(
        section.model_copy(update={"defines": own})
        for section, own in zip(plan.sections, names, strict=True)
    )
    chunks = chunks_of((plain.segments[:HALF], plain.segments[HALF:]), 0.65, 2_000)
    parts = prompt_context(
        chunks,
        plain.model_copy(update={"frames": (shown,)}),
        lecture.transcript(COUNT),
        plan.model_copy(update={"sections": sections}),
    )
    return [(part.screens[0].usable, part.screens[0].belongs_to) for part in parts]


def test_code_belongs_to_the_section_that_is_to_define_it_where_it_is_on_screen() -> None:
    code = "def decode(ids):\n    return text"
    # At its fullest just after the section that it belongs to.
    shown = frame(1, 40_000, HALF_MS + 20_000, code)
    mine, theirs = (True, ""), (False, "an earlier part")
    assert planned(("decode",), (), shown=shown) == [mine, theirs]
    assert planned(("decode",), ("decode",), shown=shown)[1] == mine
    assert planned((), (), shown=shown)[1] == mine
    assert planned(("encode",), (), shown=shown)[1] == mine


def test_a_screen_of_nothing_but_what_is_said_is_no_screen() -> None:
    said = " ".join(lecture.speech(1).split()[:24])
    assert contexts(frame(1, 20_000, 70_000, said, "slide"))[0].screens == ()
    own = contexts(frame(1, 20_000, 70_000, f"{said} {' '.join('abcdefghijkl')}", "slide"))[0]
    assert own.usable
    below = frame(1, 20_000, 70_000, said, "slide")
    box = Box(x=10, y=300, width=600, height=30)
    lines = (ScreenLine(text=said, box=box, confidence=1.0),)
    assert contexts(below.model_copy(update={"lines": lines}))[0].usable


def test_code_in_the_making_is_left_to_the_section_that_has_it_whole() -> None:
    plain, plan = lecture.segments(COUNT), lecture.outline(COUNT, HALF)
    one, two = plan.sections[:2]
    later = two.model_copy(update={"defines": ("encode",)})
    chunks = chunks_of((plain.segments[:HALF], plain.segments[HALF:]), 0.65, 2_000)
    first, second = prompt_context(
        chunks,
        plain.model_copy(update={"frames": (frame(1, 10_000, 60_000, "def encode(text):"),)}),
        lecture.transcript(COUNT),
        plan.model_copy(update={"sections": (one, later)}),
    )
    assert first.defined_later == {"encode"} and not second.defined_later
    requests = [prompts_of(part, STYLE)[1] for part in (first, second)]
    told = "The screens show encode in the making: a later section has it whole"
    assert [told in request for request in requests] == [True, False]


def test_a_picture_belongs_to_the_part_that_speaks_of_it() -> None:
    """On screen longer in the second part, told in the first."""
    text = "Llama 2 vocabulary\nattention over 4096 tokens\nmore data"
    table = frame(1, HALF_MS - 20_000, HALF_MS + 30_000, text, "slide")
    assert [len(part.usable) for part in contexts(table)] == [0, 1]
    spoken = contexts(table)[0].chunk.segments[-1].text
    told = contexts(
        table, said={HALF - 1: f"{spoken} Llama has a vocabulary, and attention over its data"}
    )
    assert [len(part.usable) for part in told] == [1, 0]
