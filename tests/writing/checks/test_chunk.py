"""A chunk is held to the lecture: each lie is found, and honest text passes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.document.outline import EarlierChapter, GlossaryTerm, Link, OutlineSection
from pipeline.document.parse import parse
from pipeline.document.serialise import serialise
from pipeline.document.walk import prose_of
from pipeline.models import Frame, Segment
from pipeline.text.units import word_count
from pipeline.writing.checks import chunk as checks
from pipeline.writing.checks.cleaning import cleaned
from pipeline.writing.checks.problems import Problem, items_of, to_repair
from pipeline.writing.chunks import Chunk
from pipeline.writing.context_screens import ContextScreen
from pipeline.writing.prompt_context import PromptContext

SPEECH = [
    "So the tokenizer turns a string into integers, and its vocabulary has two hundred fifty six "
    "tokens, which are the bytes of the text.",
    "Now the bite pair encoding counts every pair of neighbors in the list and replaces the most "
    "frequent pair, and the get stats function does the counting with a dictionary.",
    "We repeat this until fifty thousand merges are done, and the sequence becomes shorter while "
    "the compression ratio grows to 2.2 in our example.",
]
GOOD = """The tokenizer turns a string into integers. Its vocabulary has 256 tokens, the bytes of \
the text. [[s0001]]

![Count every pair of neighbors, then replace it.](frame:f0001)

Byte pair encoding counts every pair of neighbors and replaces the most frequent one; `get_stats` \
does the counting, with a dictionary. [[s0002]]

### How far to go

We repeat this until 50,000 merges are done. The sequence gets shorter, and the compression ratio \
in our example grows to 2.2. [[s0003]]
"""


def material(*further: str) -> PromptContext:
    """Of ``SPEECH``, and of what is said after it, each a segment."""
    speech = [*SPEECH, *further]
    segments = tuple(
        Segment(
            id=f"s{n + 1:04d}",
            start_ms=n * 20_000,
            end_ms=(n + 1) * 20_000,
            text=text,
            first_word=0,
            last_word=len(text.split()) - 1,
        )
        for n, text in enumerate(speech)
    )
    words = sum(len(text.split()) for text in speech)
    frames = [
        Frame(
            id=f"f{n + 1:04d}",
            at_ms=n * 36_000 + 15_000,
            start_ms=n * 36_000 + 5_000,
            end_ms=n * 36_000 + 25_000,
            path="x.jpg",
            width=640,
            height=360,
            text=text,
            kind="slide",
        )
        for n, text in enumerate(["Count every pair\nof neighbors", "Merges: 50,000\nratio 2.2"])
    ]
    return PromptContext(
        label="section 1, part 1",
        chunk=Chunk(0, 0, 1, segments, words, round(0.65 * words), 1, 1),
        section=OutlineSection(
            id="sec01", title="Pairs", first_segment="s0001", last_segment="s0003"
        ),
        before="",
        after="",
        screens=tuple(ContextScreen(frame, frame.text, True) for frame in frames),
        earlier_code=(),
        glossary=(GlossaryTerm(term="byte pair encoding", heard_as=("bite pair encoding",)),),
        links=(Link(title="Paper", url="https://example.org/paper"),),
    )


def check(text: str, material: PromptContext, same_language: bool = True) -> list[Problem]:
    return checks.check(parse(text), material, same_language)


def found(text: str, kind: str) -> list[Problem]:
    return [problem for problem in check(text, material()) if problem.kind == kind]


def test_honest_text_passes() -> None:
    assert check(GOOD, material()) == []


@pytest.mark.parametrize("citation", ["", " [[s0001]]"])
def test_a_note_needs_no_citation_and_may_have_one_from_anywhere(citation: str) -> None:
    note = "In the lecture I said one place of the pair is replaced at a time; it is all."
    problems = check(f"{GOOD}\n\n> **Note.** {note}{citation}", material())
    assert [one for one in problems if one.kind == "citation"] == []


@pytest.mark.parametrize(
    ("old", "new", "kind", "said"),
    [
        ("256 tokens", "512 tokens", "number", "512"),
        ("50,000", "60,000", "number", "60000"),
        ("[[s0001]]", "[[s0009]]", "citation", "s0009"),
        ("[[s0001]]", "", "citation", "no citation"),
        ("[[s0001]]", "[[s0003]]", "citation", "order"),
        ("frame:f0001", "frame:f0042", "figure", "f0042"),
        ("frame:f0001", "frame:f0002", "figure", "not on screen"),
        ("Count every pair of neighbors, then replace it.", "A nice view.", "figure", "caption"),
        ("`get_stats`", "`count_all_pairs`", "identifier", "count_all_pairs"),
        ("Byte pair encoding", "Bite pair encoding", "spelling", "byte pair encoding"),
        ("### How far to go", "### Conclusion", "heading", "says nothing"),
        ("### How far to go", "### Pairs", "heading", "used already"),
        ("We repeat this", "It is important to note that we repeat this", "filler", "note"),
        ("We repeat this", "The speaker says to repeat this", "voice", "lecturer"),
        ("The sequence", "At 1:23 the sequence", "time", "1:23"),
        ("a dictionary.", "a [dictionary](https://invented.example).", "link", "invented"),
        ("a dictionary.", "a dictionary, see https://invented.example.", "link", "invented"),
        ("### How far to go", "```python\nx = 1", "fence", "never closed"),
    ],
)
def test_each_lie_is_found(old: str, new: str, kind: str, said: str) -> None:
    assert old in GOOD
    problems = found(GOOD.replace(old, new, 1), kind)
    assert any(said in problem.text for problem in problems)


def test_a_text_with_hardly_any_persons_is_reported_and_not_asked_for_again() -> None:
    own = material()
    spoken = tuple(
        replace_text(segment, f"I say we know what you see {segment.text}")
        for segment in own.chunk.segments
    )
    own = replace(own, chunk=replace(own.chunk, segments=spoken))
    dry = GOOD.replace("We repeat this", "This is repeated").replace("our", "the")
    paragraphs = [f"Topic {letter * 3} has its bytes counted in the list." for letter in "abcdefg"]
    text = dry + "\n\n".join(paragraph * 3 for paragraph in paragraphs)
    problems = [problem for problem in check(text, own) if problem.kind == "impersonal"]
    assert len(problems) == 1
    assert to_repair(problems) == []


def test_a_table_is_cited_as_a_whole() -> None:
    own = material()
    segments = tuple(
        segment.model_copy(update={"start_ms": n * 90_000, "end_ms": (n + 1) * 90_000})
        for n, segment in enumerate(own.chunk.segments)
    )
    own = replace(own, chunk=replace(own.chunk, segments=segments))
    table = "| what | bytes |\n| --- | --- |\n| a | 1 |\n\n[[s0001-s0003]]\n"
    wide = "too much for one citation"
    assert not any(wide in problem.text for problem in check(table, own))
    assert any(wide in problem.text for problem in check("A text. [[s0001-s0003]]\n", own))


LEAD = "Some of the names that the shell keeps for itself can be used at once, as they stand here"


@pytest.mark.parametrize(
    ("text", "is_asked"),
    [
        (f"{LEAD}.\n\n- One. [[s0001]]\n", False),
        (f"{LEAD}\n\n- one,\n- two. [[s0001]]\n", False),
        (f"{LEAD}.\n\n| a | b |\n| --- | --- |\n| a | 1 |\n\n[[s0001]]\n", False),
        (f"{LEAD}:\n\n```sh\nls\n```\n", False),
        (f"{LEAD}.\n\n- One.\n", True),
        (f"{LEAD}.\n\n```sh\nls\n```\n", True),
        (f"{LEAD}.\n\nMore. [[s0001]]\n", True),
        (f"{LEAD}:\n", True),
    ],
)
def test_what_leads_on_to_a_cited_list_needs_no_citation(text: str, is_asked: bool) -> None:
    missing = [one for one in check(text, material()) if "no citation" in one.text]
    assert bool(missing) is is_asked


def replace_text(segment: Segment, text: str) -> Segment:
    return segment.model_copy(update={"text": text})


def with_code(text: str, seconds: int = 20) -> PromptContext:
    """The material with code on its first screen, which is up for so long."""
    plain = material()
    first, *others = plain.screens
    shown = {"kind": "code", "text": text, "start_ms": 0, "end_ms": seconds * 1000}
    frame = first.frame.model_copy(update=shown)
    return replace(plain, screens=(ContextScreen(frame, text, True), *others))


UNSHOWN = GOOD.replace("![Count every pair of neighbors, then replace it.](frame:f0001)\n\n", "")


def kinds(material: PromptContext) -> list[str]:
    return [problem.kind for problem in check(UNSHOWN, material)]


def test_code_that_is_spoken_of_planned_or_dwelt_on_is_wanted() -> None:
    scrolled_past = with_code("class BigramModel:\n    pass")
    section = scrolled_past.section.model_copy(update={"defines": ("BigramModel",)})
    assert kinds(with_code("def get_stats(ids):\n    return {}")) == ["code"]
    assert kinds(with_code("class BigramModel:\n    pass", seconds=60)) == ["code"]
    assert kinds(replace(scrolled_past, section=section)) == ["code"]


def test_code_that_is_scrolled_past_is_reported_and_not_asked_for() -> None:
    found = check(UNSHOWN, with_code("class BigramModel:\n    pass"))
    assert [problem.kind for problem in found] == ["unspoken code"]
    assert "BigramModel" in found[0].text and to_repair(found) == []


def test_no_repair_is_asked_for_taste_alone() -> None:
    filler = check(GOOD.replace("We repeat this", "In this section we repeat this"), material())
    wrong = check(GOOD.replace("256 tokens", "512 tokens"), material())
    assert [problem.kind for problem in filler] == ["filler"] and to_repair(filler) == []
    assert to_repair([*wrong, *filler]) == [*wrong, *filler]


def test_a_block_may_say_how_a_name_is_spoken() -> None:
    spoken = GOOD.replace(
        "Byte pair encoding counts", 'Byte pair encoding, a "bite pair encoding", counts'
    )
    assert spoken != GOOD and check(spoken, material()) == []


def test_a_segment_left_out_is_named() -> None:
    without = "\n\n".join(block for block in GOOD.split("\n\n") if "[[s0002]]" not in block)
    assert items_of(check(without, material()), "coverage") == ("s0002",)


def test_what_an_earlier_chapter_explains_may_be_recalled_in_a_clause() -> None:
    """Only where both the segment and the passage that cites it speak of the term."""
    first, _, _, heading, last = GOOD.split("\n\n")
    clause = "Again the most frequent pair goes first. [[s0002]]"
    recalled = "\n\n".join([first, clause, heading, last])
    assert items_of(check(recalled, material()), "coverage") == ("s0002",)
    of_book = replace(
        material(), earlier=(EarlierChapter(title="Merging", terms=("frequent pair",)),)
    )
    assert items_of(check(recalled, of_book), "coverage") == ()
    elsewhere = recalled.replace(clause, "All of that is here too. [[s0002]]")
    assert items_of(check(elsewhere, of_book), "coverage") == ("s0002",)


def test_what_is_said_twice_is_told_once_and_cites_both_places() -> None:
    """The passage stands where it is said first; the words of the second place are not missed."""
    said = material(" ".join([SPEECH[0]] * 6))
    assert {one.kind for one in check(GOOD, said)} == {"coverage", "length"}
    assert "or the citation alone" in str(check(GOOD, said))
    assert "or the citation alone" not in str(
        check(GOOD, material("Now a fifth hundred of other merges is stored on the disk."))
    )
    assert check(GOOD.replace("[[s0001]]", "[[s0001]] [[s0004]]"), said) == []
    backwards = check(GOOD.replace("[[s0001]]", "[[s0004]] [[s0001]]"), said)
    assert "keep the lecture's order" in backwards[0].text


def test_what_is_left_out_asks_for_no_words() -> None:
    said = material("You can see my screen now. " * 20)
    blocks = parse(GOOD)
    assert any(one.kind == "length" for one in checks.check(blocks, said))
    assert not any(one.kind == "length" for one in checks.check(blocks, said, True, ["s0004"]))


def test_what_is_missing_is_named_in_the_words_that_were_said() -> None:
    (problem,) = found(GOOD.replace("gets shorter", "changes").split("\n\n### How")[0], "coverage")
    assert "(it speaks of repeat, merges, done, sequence, " in problem.text


def test_a_citation_alone_does_not_cover_a_segment() -> None:
    blocks = GOOD.split("\n\n")
    blocks[1:3] = ["Then some more things happen here. [[s0002]]"]
    assert items_of(check("\n\n".join(blocks), material()), "coverage") == ("s0002",)


def test_too_short_and_too_long_are_found() -> None:
    assert "that are missing" in found("Tokens. [[s0001-s0003]]", "length")[0].text
    long = GOOD + "\n\n" + " ".join(["We say and say it over and over."] * 12) + " [[s0003]]\n"
    assert "cut what the lecture does not say" in found(long, "length")[0].text


def test_a_text_with_every_point_in_few_words_is_long_enough() -> None:
    """It is not asked for the spoken words; what stands as code need not be told in prose, too."""
    said = material("So basically what we have here is, um, it is just that again, right. " * 7)
    told = GOOD + "\n\nThat is all there is. [[s0004]]\n"
    share = word_count(prose_of(parse(told))) / said.chunk.words
    assert 0.39 < share < 0.45
    assert not any(one.kind == "length" for one in check(told, said))
    longer = replace(said, chunk=replace(said.chunk, target_words=round(1.3 * said.chunk.words)))
    assert any(one.kind == "length" for one in check(told, longer))
    code = told + "\n\n```python excerpt\n" + "merges[pair] = index\n" * 20 + "```\n"
    assert not any(one.kind == "length" for one in check(code, longer))


def test_a_paragraph_said_twice_is_found() -> None:
    paragraph = GOOD.split("\n\n")[0]
    assert found(GOOD + "\n\n" + paragraph.replace("s0001", "s0003"), "repetition")


def test_numbers_of_code_and_of_names_are_no_lies() -> None:
    code = "```python\nidx = 4711\n```\n\nThe cell sets 4711, as GPT-4 and cl100k do. [[s0003]]\n"
    assert not found(GOOD + "\n" + code, "number")


COUNTED = """Some things help to choose a vocabulary, and {count} of them are told in what follows
here by the text:

- the bytes,
- the pairs,
- the merges, until 50,000 are done. [[s0003]]
"""


def test_a_text_may_count_the_entries_of_its_list() -> None:
    assert not found(f"{GOOD}\n{COUNTED.format(count=3)}", "number")
    (problem,) = found(f"{GOOD}\n{COUNTED.format(count=7)}", "number")
    assert problem.items == ("7",)


def test_a_line_before_a_list_needs_no_citation_of_its_own() -> None:
    stops = COUNTED.format(count=3).replace("text:", "text.")
    assert not found(f"{GOOD}\n{stops}", "citation")
    uncited = found(f"{GOOD}\n{stops.replace(' [[s0003]]', '')}", "citation")
    assert len(uncited) == 1


def test_a_known_link_may_stand() -> None:
    assert not found(GOOD.replace("a string", "a [string](https://example.org/paper)"), "link")


def test_a_translation_is_not_compared_word_by_word() -> None:
    chinese = "词元化器把字符串变成整数，词表有 256 个词元。 [[s0001]]\n\n"
    chinese += "字节对编码统计每一对相邻元素，用 `get_stats` 统计。 [[s0002]]\n\n"
    chinese += "我们重复这一步，直到 50,000 次合并，压缩率是 2.2。 [[s0003]]\n"
    assert check(chinese, material(), False) == []
    assert items_of(check(chinese.replace("256", "999"), material(), False), "number") == ("999",)
    without = chinese.replace(" [[s0002]]", "")
    assert "s0002" in items_of(check(without, material(), False), "coverage")


def clean(text: str) -> str:
    return serialise(cleaned(parse(text), material()))


def test_what_must_not_reach_a_reader_is_removed_in_the_end() -> None:
    bad = GOOD.replace("[[s0001]]", "[[s0099]]").replace("frame:f0001", "frame:f0042")
    bad = bad.replace("a string", "a [string](https://invented.example)")
    bad += "\n![Merges](frame:f0002)\n\n![Merges](frame:f0002)\n\n```python\nopen_fence = 1\n"
    good = clean(bad)
    assert "s0099" not in good and "f0042" not in good and "invented" not in good
    assert good.count("frame:f0002") == 1
    assert good.count("```") == 2
    assert "a string into integers" in good


def test_the_space_before_a_code_span_stays() -> None:
    text = "We call `merge` and then `get_stats` on it. [[s0001]]\n"
    assert "We call `merge` and then `get_stats` on it." in clean(text)


def test_cleaning_leaves_good_text_as_it_is() -> None:
    assert cleaned(parse(GOOD), material()) == parse(GOOD)
    assert clean(GOOD) == GOOD


def test_code_built_on_screen_has_to_be_in_a_cell() -> None:
    plain = material()
    code = "In [3]:\n   def merge(ids, pair, idx):\n        return ids\n"
    frame = plain.screens[1].frame.model_copy(update={"text": code, "kind": "code"})
    built = replace(plain, screens=(plain.screens[0], ContextScreen(frame, code, True)))
    (missing,) = (one for one in check(GOOD, built) if one.kind == "code")
    assert (missing.items, missing.block) == (("merge",), 4)  # below what is said while it is up
    cell = "\n```python\ndef merge(ids, pair, idx):\n    return ids\n```\n"
    assert not items_of(check(GOOD + cell, built), "code")
    known = replace(built, defined_before=frozenset({"merge"}))
    assert not items_of(check(GOOD, known), "code")


def test_a_returning_screen_is_no_figure() -> None:
    plain = material()
    seen = replace(plain.screens[0], usable=False)
    again = replace(plain, screens=(seen, *plain.screens[1:]))
    assert [p.kind for p in check(GOOD, again)] == ["figure"]


LISTED = """
1. The cell sets it:

   ```python
   idx = 4711  # at 1:23, see https://invented.example
   ```

   > So 4711 it is, and `idx` holds it. [[s0003]]
"""


def test_code_in_lists_and_quotations_is_code() -> None:
    kinds = {problem.kind for problem in check(GOOD + LISTED, material())}
    assert not kinds & {"number", "time", "link", "identifier", "citation"}


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("- It has 31337 tokens. [[s0003]]", "number", "31337"),
        ("> It has `many_merges` of them. [[s0003]]", "identifier", "many_merges"),
        ("| a | b |\n|---|---|\n| [x](https://invented.example) | 1 |\n", "link", "invented"),
        ("- ![Merges](frame:f0042)", "figure", "f0042"),
        ("- ### Conclusion", "heading", "says nothing"),
        ("$$\n31337\n$$", "number", "31337"),
        ("It has $31337$ of them. [[s0003]]", "number", "31337"),
        ("- ```python\n  x = 1\n\n  Text. [[s0003]]", "fence", "never closed"),
        ("1. At 1:23 it is said. [[s0003]]", "time", "1:23"),
    ],
)
def test_a_lie_is_found_at_any_depth(text: str, kind: str, said: str) -> None:
    problems = found(f"{GOOD}\n{text}\n", kind)
    assert any(said in problem.text for problem in problems)
    assert {problem.block for problem in problems} == {len(parse(GOOD))}


def test_a_list_begun_late_has_no_number_of_its_own() -> None:
    assert not found(f"{GOOD}\n31337. We repeat it. [[s0003]]\n", "number")


def test_an_address_may_hold_letters_of_any_script() -> None:
    link = Link(title="Sun", url="https://example.org/日本 (1)".replace(" ", "%20"))
    known = replace(material(), links=(link,))
    text = f"{GOOD}\nIt is [here](<{link.url}>) and <{link.url}>. [[s0003]]\n"
    assert not [one for one in check(text, known) if one.kind == "link"]
    assert cleaned(parse(text), known) == parse(text)
    assert "example.org" not in clean(text)


def test_cleaning_reaches_lists_tables_and_captions() -> None:
    text = f"""{GOOD}
- See [x](https://invented.example) [[s0099]]

  ![Merges](frame:f0002)

  ```python
  print("[[s0099]] https://invented.example")
  ```

| a https://invented.example |
|---|
| ![z](http://evil.example/x.png) |

![Again](frame:f0002)

[[s0003]]
"""
    blocks = cleaned(parse(text), material())
    prose = serialise(blocks).replace('print("[[s0099]] https://invented.example")', "")
    assert "example" not in prose.replace("an example", "").replace("our example", "")
    assert "s0099" not in prose
    assert "| z |" in prose
    assert prose.count("frame:f0002") == 1
    assert prose.endswith("[[s0003]]\n")


def test_a_drawing_that_no_code_has_made_goes() -> None:
    drawn = "```python\nx = 1\n```\n\n![A plot](pictures/cell-001-1.png)\n"
    assert clean(drawn) == "```python\nx = 1\n```\n"


def test_what_sounds_like_a_string_may_be_loose_speech() -> None:
    string = GlossaryTerm(term="<|endoftext|>", heard_as=("end of text",))
    own = replace(material(), glossary=(string,))
    text = GOOD.replace("256 tokens", "256 tokens and some end of text token")
    assert [one for one in check(text, own) if one.kind == "spelling"] == []
