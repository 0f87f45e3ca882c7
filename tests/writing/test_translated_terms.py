"""A translated chapter uses the terms of its outline, over HTTP with a scripted model."""

from __future__ import annotations

import random
import re
from pathlib import Path

from pipeline.document.outline import GlossaryTerm
from pipeline.llm.client import Client
from pipeline.settings.llm import LLMSettings
from pipeline.settings.write import WriteSettings
from pipeline.writing.writer import write_chapter
from tests.llm.remembering_progress import Heard
from tests.servers.chat import ChatServer, Incoming, Reaction, Reply, good_writer
from tests.writing import lecture

COUNT = 12
NOUNS = ["Paar", "Wort", "Zeichen", "Byte", "Bild", "Modell", "Programm", "Muster", "Beispiel"]


def in_german(said: str) -> str:
    """A made-up sentence on a segment: its names, and German words in an order of its own."""
    names = [word.strip(".") for word in dict.fromkeys(said.split()) if "topic" in word]
    nouns = " und das ".join(random.Random(said).sample(NOUNS, 8))
    return f"Wir lesen, dass {nouns} im Vokabular (vocabulary) von {names[0]} stehen."


def german_writer(incoming: Incoming) -> Reaction:
    """Each part gives the original; the first one calls the thing by another name."""
    if incoming.task == "repair":
        shown = re.findall(r"^=== block \d+ ===\n.*?\]\]", incoming.text, re.M | re.DOTALL)
        return Reply("\n".join(shown).replace("Wortschatz", "Vokabular"))
    if incoming.task == "joint":
        return good_writer(incoming)
    text = "\n\n".join(f"{in_german(said)} [[{name}]]" for name, said in incoming.segments)
    is_first = "s0001" in dict(incoming.segments)
    return Reply(text.replace("Vokabular", "Wortschatz") if is_first else text)


def test_all_parts_use_the_form_of_the_outline_and_the_original_stands_once(tmp_path: Path) -> None:
    term = GlossaryTerm(term="vocabulary", written="Vokabular")
    outline = lecture.outline(COUNT, 4).model_copy(update={"language": "de", "glossary": (term,)})
    with ChatServer(german_writer) as server:
        settings = LLMSettings(base_url=server.base_url, model="scripted", backoff_s=0.01)
        article, report = write_chapter(
            Client(settings, tmp_path / "replies", Heard()),
            lecture.video(COUNT),
            lecture.segments(COUNT),
            lecture.transcript(COUNT),
            outline,
            WriteSettings(shared_words=0),
            settings,
            tmp_path,
            Heard(),
        )
    repairs = [one.text for one in server.requests if one.task == "repair"]
    assert any('the term "vocabulary" is written "Vokabular"' in text for text in repairs)
    text = "\n".join(section.markdown for section in article.sections)
    assert "Wortschatz" not in text and text.count("Vokabular") == COUNT
    assert text.count("(vocabulary)") == 1
    assert [section.checks["terms"] for section in report.sections] == 3 * ["passed"]
