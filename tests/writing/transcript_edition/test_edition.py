"""The chapter without a language model."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from pipeline.document.article import Article
from pipeline.document.blocks import Cell
from pipeline.document.inline import words_of
from pipeline.document.parse import parse
from pipeline.document.walk import cells, figures
from pipeline.models import Frame, Segments, Transcript, Video
from pipeline.settings.outline import OutlineSettings
from pipeline.writing.transcript_edition import edition
from pipeline.writing.transcript_edition.edition import screen_shows, write_transcript
from pipeline.writing.transcript_edition.report import report
from pipeline.writing.transcript_edition.screen_code.extraction import ScreenCell
from pipeline.writing.transcript_edition.sections import plan_transcript
from tests.writing.transcript_edition.lectures import frame, lecture, video

SETTINGS = OutlineSettings()
SPEECH = [
    "Hello and welcome. Today we count the bytes of a text. A byte is a small number.",
    "There are 256 of them, um, and the the text becomes long. That is a problem.",
    "Now we look at the pairs. The most frequent pair is replaced by a new token.",
    "This is done again and again. In the end the text is short. Then comes <|endoftext|>.",
]
SLIDES = (
    frame("f0001", 0, 38_000, "Why not just bytes?\nThere are 256"),
    frame("f0002", 40_000, 80_000, "Pairs of bytes\nCount and merge"),
)


def write(
    speech: list[str], frames: tuple[Frame, ...] = (), source: Video | None = None
) -> tuple[Article, Segments]:
    segments, transcript = lecture(speech, frames)
    return _write(segments, transcript, source or video(20_000 * len(speech))), segments


def _write(segments: Segments, transcript: Transcript, source: Video) -> Article:
    outline = plan_transcript(source, segments, transcript, SETTINGS)
    return write_transcript(source, segments, transcript, outline, SETTINGS)


def text_of(article: Article) -> str:
    return "\n".join(section.markdown for section in article.sections)


def prose(article: Article) -> str:
    return re.sub(r"\[\[.*?\]\]|!\[.*?\)", "", text_of(article))


def test_the_lecturer_says_what_he_said_without_the_stumbles() -> None:
    text = " ".join(prose(write(SPEECH)[0]).split())
    assert "There are 256 of them, and the text becomes long. That is a problem." in text
    assert text.startswith("Hello and welcome. Today we count")


def test_every_paragraph_cites_and_every_segment_is_cited() -> None:
    article, segments = write(SPEECH)
    for block in text_of(article).strip().split("\n\n"):
        assert re.search(r" \[\[s\d{4}(-s\d{4})?\]\]$", block)
    assert [section.not_covered for section in report(article, segments).sections] == [()]


def test_special_tokens_survive() -> None:
    assert "<|endoftext|>" in text_of(write(SPEECH)[0])


def test_figures_stand_in_order_while_they_are_on_the_screen() -> None:
    article, segments = write(SPEECH, SLIDES)
    text = text_of(article)
    first = text.index("(frame:f0001)")
    second = text.index("![Slide: “Pairs of bytes”](frame:f0002)")
    assert first < text.index("[[s0001") < second
    assert [s.figures for s in article.sections] == [("f0001", "f0002")]
    assert [s.problems for s in report(article, segments).sections] == [()]


def test_a_slide_that_comes_up_just_before_its_section_stands_below_its_heading() -> None:
    speech = [f"{line} {line}" for line in [*SPEECH, *SPEECH]]
    source = video(320_000, [(0, "Bytes"), (160_000, "Pairs")])
    slides = (
        frame("f0001", 0, 158_000, "Why not just bytes?\nThere are 256"),
        frame("f0002", 159_000, 320_000, "Pairs of bytes\nCount and merge"),
    )
    article = _write(*lecture(speech, slides, segment_ms=40_000), source)
    assert [(s.title, s.figures) for s in article.sections] == [
        ("Bytes", ("f0001",)), ("Pairs", ("f0002",)),
    ]  # fmt: skip
    assert article.sections[1].markdown.startswith("![Slide: “Pairs of bytes”]")


def test_a_slide_that_is_gone_when_the_next_section_begins_stays_in_its_own() -> None:
    speech = [f"{line} {line}" for line in [*SPEECH, *SPEECH]]
    source = video(320_000, [(0, "Bytes"), (160_000, "Pairs")])
    slides = (frame("f0001", 152_000, 159_000, "Why not just bytes?\nThere are 256"),)
    article = _write(*lecture(speech, slides, segment_ms=40_000), source)
    assert [s.figures for s in article.sections] == [("f0001",), ()]


def test_code_on_the_screen_becomes_a_cell_with_its_output() -> None:
    code = frame("f0001", 0, 80_000, "values = [1, 2]\nprint(len(values))\n2", kind="code")
    article, _ = write(SPEECH, (code,))
    cell = "```python\nvalues = [1, 2]\nprint(len(values))\n```\n\n```text output\n2\n```"
    assert cell in text_of(article)
    assert re.search(r"\*On the screen\* \[\[s0004\]\]\n\n```python", text_of(article))
    (found,) = cells(article.sections[0].blocks)
    assert (found.id, found.output) == ("sec01-1", "2\n")


def test_a_fragment_says_that_it_is_one() -> None:
    code = frame(
        "f0001", 0, 80_000, "model.train(data)\nmodel.test(data)\nprint(model.loss)", kind="code"
    )
    assert "```python excerpt\n" in text_of(write(SPEECH, (code,))[0])


def test_a_caption_says_what_stands_on_the_screen() -> None:
    slide = frame("f0001", 0, 38_000, "The price of bytes [in $] and *more*\nThere are 256")
    article, _ = write(SPEECH, (slide,), video(80_000, [(0, "Bytes")]))
    (shown,) = figures(article.sections[0].blocks)
    assert "The price of bytes [in $] and *more*" in words_of(shown.caption)
    assert parse(text_of(article)) == article.sections[0].blocks


def test_a_chapter_mark_that_made_no_section_opens_a_paragraph() -> None:
    source = video(80_000, [(0, "Bytes"), (40_000, "Pairs")])
    article, _ = write(SPEECH, (), source)
    assert [section.title for section in article.sections] == ["Bytes"]
    assert "**Pairs.** Now we look at the pairs." in text_of(article)


def test_a_slides_title_that_its_caption_says_opens_no_paragraph() -> None:
    source = video(80_000, [(0, "Bytes"), (40_000, "Pairs of bytes")])
    text = text_of(write(SPEECH, SLIDES, source)[0])
    assert "![Slide: “Pairs of bytes”](frame:f0002)\n\nNow we look" in text


def test_a_slides_title_that_is_the_heading_above_is_no_caption() -> None:
    source = video(80_000, [(0, "Why not just bytes?")])
    text = text_of(write(SPEECH, SLIDES, source)[0])
    assert "![The screen at 0:00](frame:f0001)" in text
    assert "![Slide: “Pairs of bytes”](frame:f0002)" in text


def test_a_long_section_has_headings_inside() -> None:
    bytes_ = (
        "The bytes of the text are counted. A byte has eight bits, and the byte table is small."
    )
    pairs = (
        "We merge a frequent pair of letters. Then the next pair is merged, until no pair is left."
    )
    source = video(600_000, [(0, "All of it")])
    article, _ = write([bytes_] * 15 + [pairs] * 15, (), source)
    assert len(article.sections) == 1
    headings = re.findall(r"^### (.+)$", text_of(article), re.MULTILINE)
    assert 1 <= len(headings) == len(set(headings))


def test_long_speech_without_punctuation_is_cited_closely() -> None:
    line = "so now we take the text and we count the pairs of bytes and then we merge the best one"
    article, segments = write([line] * 30)
    starts = {segment.id: segment.start_ms for segment in segments.segments}
    cited = [starts[name] for name in re.findall(r"\[\[(s\d+)", text_of(article))]
    assert cited == sorted(cited)
    assert max(b - a for a, b in pairwise(cited)) <= 90_000
    assert max(len(block.split()) for block in text_of(article).split("\n\n")) < 180


def test_a_silent_screencast_is_a_chapter_of_figures() -> None:
    article, _ = write(["", "", "", ""], SLIDES)
    assert text_of(article).count("](frame:") == 2
    assert text_of(article).startswith("*On the screen* [[s0001]]\n\n![")


def test_a_silent_segment_is_named_once_and_before_its_figures() -> None:
    frames = (
        frame("f0001", 0, 8_000, "Star names"),
        frame("f0002", 8_000, 20_000, "Kinds of stars"),
    )
    article, _ = write([""], frames)
    assert re.findall(r"\*On the screen\*|frame:\w+", text_of(article)) == [
        "*On the screen*", "frame:f0001", "frame:f0002",
    ]  # fmt: skip


def test_the_few_added_words_are_in_the_language_of_the_lecture() -> None:
    article, _ = write(["", ""], SLIDES[:1], video(40_000, language="de"))
    assert "Folie: " in text_of(article)
    assert "*Auf dem Bildschirm*" in text_of(article)


def test_the_same_lecture_gives_the_same_bytes() -> None:
    assert write(SPEECH, SLIDES)[0].model_dump_json() == write(SPEECH, SLIDES)[0].model_dump_json()


def test_another_speaker_begins_a_paragraph() -> None:
    speech = ["Are there questions?", "Um, yes. Why pairs?", "They are short.", "And that is all."]
    segments, transcript = lecture(speech, segment_ms=8_000)
    cues = [
        cue.model_copy(update={"new_speaker": number in (0, 1, 2)})
        for number, cue in enumerate(transcript.cues)
    ]
    article = _write(
        segments, transcript.model_copy(update={"cues": tuple(cues)}), video(8_000 * len(speech))
    )
    said = [line.strip() for line in prose(article).splitlines() if line.strip()]
    assert said == ["Are there questions?", "Yes. Why pairs?", "They are short. And that is all."]


def test_below_code_with_a_gap_stands_the_screen_that_shows_what_was_not_read() -> None:
    code = "class Shelf:\n    def put(self, number):\n        self.books.append(number)\n"
    code += "        total of ~ self\n        return self\n\n    def size(self):\n        return 1"
    shown = frame("f0001", 0, 38_000, code, kind="code")
    article, _ = write(SPEECH, (shown, SLIDES[1]))
    blocks = [block for section in article.sections for block in section.blocks]
    (at,) = [place for place, block in enumerate(blocks) if isinstance(block, Cell)]
    assert "        ...\n        return self" in getattr(blocks[at], "source", "")
    assert getattr(blocks[at + 1], "frame", None) == "f0001"


def test_a_web_page_with_code_on_it_is_a_figure_and_the_code_of_an_editor_is_none() -> None:
    code = "def doubled(number):\n    other = number + number\n    return other"
    page = f"Safari File Edit View History Bookmarks Window Help\nsample.org\n{code}"
    for text, shown in ((page, ["f0001", "f0002"]), (code, ["f0002"])):
        screen = frame("f0001", 0, 38_000, text, kind="code")
        article, _ = write(SPEECH, (screen, SLIDES[1]))
        blocks = [block for section in article.sections for block in section.blocks]
        assert any(isinstance(block, Cell) for block in blocks)
        assert [name for one in article.sections for name in one.figures] == shown


def test_a_lecture_without_a_word_shows_more_of_its_screens() -> None:
    texts = [f"~/d $ git add\n{name * 6} {name * 7} {name * 8}" for name in "abcdefghi"]
    frames = [
        frame(f"f{n}", n * 5_000, (n + 1) * 5_000, text, kind="other")
        for n, text in enumerate(texts)
    ]
    silent, _ = lecture(["", "", ""], frames)
    spoken, _ = lecture(["we add", "", ""], frames)
    assert len(screen_shows(silent, 45_000)) == 9
    assert len(screen_shows(spoken, 45_000)) == 3


def test_a_screen_beside_code_that_was_not_read_whole_is_shown_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "\n".join(f"{name * 6} {name * 7} {name * 8}" for name in "abcdefghi")
    frames = [frame(f"f{n}", n * 60_000, (n + 1) * 60_000, text, kind="code") for n in range(2)]
    cell = ScreenCell(frames[1], "run()\n", "", excerpt=True, unread=tuple(frames))
    monkeypatch.setattr(edition, "screen_cells", lambda frames: [cell])
    segments, _ = lecture(["we run it"] * 6, frames)
    shown = [one.what for one in screen_shows(segments, 120_000)]
    assert [one.id for one in shown if isinstance(one, Frame)] == ["f0"]


@pytest.mark.parametrize(("minutes", "stands_ms"), [(2, 119_500), (10, 0)])
def test_a_screen_stands_beside_code_only_where_it_was_up_shortly_before(
    monkeypatch: pytest.MonkeyPatch, minutes: int, stands_ms: int
) -> None:
    end_ms = minutes * 60_000
    words = "\n".join(f"{name * 6} {name * 7} {name * 8}" for name in "abcdefghi")
    frames = [
        frame("f0", 0, 60_000, words, kind="code"),
        frame("f1", end_ms - 60_000, end_ms, "run()", kind="code"),
    ]
    cell = ScreenCell(frames[1], "run()\n", "", excerpt=True, unread=(frames[0],))
    monkeypatch.setattr(edition, "screen_cells", lambda frames: [cell])
    segments, _ = lecture(["we run it"] * 3 * minutes, frames)
    shows = screen_shows(segments, end_ms)
    assert [one.at_ms for one in shows if one.what == frames[0]] == [stands_ms]
