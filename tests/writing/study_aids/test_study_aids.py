"""A summary and questions are added where they are asked for, and say nothing that is not there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.document.article import Article, Section
from pipeline.document.blocks import Note
from pipeline.document.parse import parse
from pipeline.document.passage_times import with_passage_times
from pipeline.document.walk import cited, prose_of, walk
from pipeline.llm.client import Client
from pipeline.settings.llm import LLMSettings
from pipeline.settings.write import WriteSettings
from pipeline.writing.study_aids.writing import with_study_aids
from tests.llm.remembering_progress import Heard
from tests.servers.chat import ChatServer, Incoming, Reaction, Reply, Script
from tests.writing import lecture

LINES = [
    {"text": "Bytes are numbers from 0 to 255.", "segments": ["s0001"]},
    {"text": "A pair is replaced by a new token.", "segments": ["s0003", "s0002"]},
    {"text": "The text gets shorter with each merge.", "segments": ["s0004"]},
]
SUMMARY = {"lines": LINES}
QUESTIONS = {
    "exercises": [{"text": "Write the merge yourself.", "segments": ["s0004"]}],
    "questions": [
        {"text": "What is a byte?", "answer": "A number from 0 to 255.", "segments": ["s0001"]}
    ],
}
INVENTED = {"text": "There are 31337 tokens.", "segments": ["s0001"]}
UNKNOWN = {"text": "Pairs are counted.", "segments": ["s0009"]}


def chapter() -> Article:
    texts = [
        "Bytes are numbers from 0 to 255. [[s0001]]\n\nWe count pairs of tokens. [[s0002]]",
        "A pair becomes a new token. [[s0003]]\n\nEach merge makes the text shorter. [[s0004]]",
    ]
    sections = tuple(
        Section(
            id=f"sec0{n}",
            title=f"Part {n}",
            start_ms=n * 60_000,
            end_ms=(n + 1) * 60_000,
            markdown=text,
            segments=(f"s000{2 * n + 1}", f"s000{2 * n + 2}"),
        )
        for n, text in enumerate(texts)
    )
    return Article(title="Bytes", edition="llm", sections=sections)


def aided(
    script: Script,
    folder: Path,
    heard: Heard | None = None,
    window: int = 8_000,
    article: Article | None = None,
    **write: object,
) -> tuple[Article, ChatServer]:
    with ChatServer(script) as server:
        llm = LLMSettings(base_url=server.base_url, model="scripted", backoff_s=0.01)
        client = Client(llm, folder / "replies", heard or Heard())
        settings = WriteSettings.model_validate(write)
        made = with_study_aids(
            client, article or chapter(), settings, "English", "en", window, heard or Heard()
        )
    return made, server


def says(reply: object) -> Script:
    return lambda incoming: Reply(json.dumps(reply))


def notes(article: Article) -> dict[str, Note]:
    blocks = [block for section in article.sections for block in section.blocks]
    return {block.role: block for block in walk(blocks) if isinstance(block, Note)}


def test_nothing_is_asked_or_added_by_default(tmp_path: Path) -> None:
    article, server = aided(says(SUMMARY), tmp_path)
    assert article.sections == chapter().sections and server.requests == []


def test_the_summary_stands_first_with_its_citations_in_the_order_of_the_lecture(
    tmp_path: Path,
) -> None:
    article, server = aided(says(SUMMARY), tmp_path, summary=True)
    first = article.sections[0].blocks[0]
    assert isinstance(first, Note) and first.role == "summary"
    assert [one.first for one in cited(first)] == ["s0001", "s0002", "s0003", "s0004"]
    assert article.sections[0].markdown.startswith("> [!SUMMARY]\n")
    assert "We count pairs of tokens. [[s0002]]" in server.requests[0].text
    assert article.usage.calls == 1


def test_a_segment_within_a_cited_range_is_cited(tmp_path: Path) -> None:
    section = chapter().sections[0].model_copy(update={"segments": ("s0001", "s0002", "s0003")})
    section = section.with_blocks(parse("Bytes are numbers, and we count them. [[s0001-s0003]]"))
    one = chapter().model_copy(update={"sections": (section,)})
    question = {"text": "What is counted?", "answer": "Bytes.", "segments": ["s0002"]}
    reply = {"exercises": [], "questions": [question]}
    article, server = aided(says(reply), tmp_path, article=one, questions=True)
    assert len(server.requests) == 1
    assert [one.first for one in cited(notes(article)["answer"])] == ["s0002"]


def test_exercises_and_questions_stand_last_with_answers_apart(tmp_path: Path) -> None:
    article, _ = aided(says(QUESTIONS), tmp_path, questions=True)
    assert [block.role for block in article.sections[1].blocks[-2:] if isinstance(block, Note)] == [
        "exercises",
        "questions",
    ]
    found = notes(article)
    assert prose_of([found["answer"]]) == "A number from 0 to 255."
    assert [one.first for one in cited(found["answer"])] == ["s0001"]
    again = Section.model_validate(article.sections[1].model_dump(exclude={"blocks"}))
    assert again.blocks == article.sections[1].blocks


@pytest.mark.parametrize(("bad", "why"), [(INVENTED, "31337 does not stand"), (UNKNOWN, "s0009")])
def test_an_entry_without_a_source_is_asked_for_again_and_then_left_out(
    bad: dict[str, object], why: str, tmp_path: Path
) -> None:
    article, server = aided(says({"lines": [*LINES, bad]}), tmp_path, summary=True)
    assert len(server.requests) == 2 and why in server.requests[1].text
    assert str(bad["text"]) not in article.sections[0].markdown
    assert str(LINES[0]["text"]) in article.sections[0].markdown


def test_a_better_second_reply_is_taken(tmp_path: Path) -> None:
    def script(incoming: Incoming) -> Reaction:
        lines = [*LINES[:2], INVENTED] if incoming.number == 1 else LINES
        return Reply(json.dumps({"lines": lines}))

    article, _ = aided(script, tmp_path, summary=True)
    assert str(LINES[2]["text"]) in article.sections[0].markdown


def test_without_a_sound_summary_the_chapter_stays_and_the_user_is_told(tmp_path: Path) -> None:
    for reply in ("No idea.", json.dumps({"lines": [INVENTED] * 3})):
        heard = Heard()
        article, _ = aided(lambda incoming, r=reply: Reply(r), tmp_path, heard, summary=True)  # type: ignore[misc]
        assert article.sections == chapter().sections
        assert any("added summary" in line for line in heard.warnings)


def test_a_chapter_beyond_the_window_is_not_asked_about(tmp_path: Path) -> None:
    heard = Heard()
    _, server = aided(says(SUMMARY), tmp_path, heard, 100, summary=True)
    assert server.requests == []
    assert any("does not fit llm.context_tokens" in line for line in heard.warnings)


def test_what_was_added_takes_no_part_in_the_times_of_the_chapter(tmp_path: Path) -> None:
    article, _ = aided(says(QUESTIONS), tmp_path, questions=True)
    timed = with_passage_times(article, lecture.segments(4), lecture.transcript(4))
    added = [one for note in notes(timed).values() for one in walk([note])]
    assert added and all(one.moment_ms is None for one in added)
    assert timed.sections[1].blocks[0].moment_ms is not None
