"""The command ``ask``, over real HTTP: text and JSON, chapters and books."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from pipeline.book.record import BookEntry, BookRecord, save
from pipeline.cli.main import main
from tests.render.sample import sample_workspace
from tests.servers.chat import ChatServer, Incoming, Reply

TUBE = "https://www.youtube.com/watch?v=zduSFxRajkE"


def says_where(incoming: Incoming) -> Reply:
    """Cites every passage it was shown that speaks of 50,257 tokens."""
    shown = re.findall(r"^\[(p\d+)\] ([^\[]*)", incoming.text, re.MULTILINE)
    names = [name for name, text in shown if "50,257" in text]
    sentence = {"text": "That makes 50,257 tokens.", "passages": names}
    return Reply(json.dumps({"sentences": [sentence] if names else []}))


@pytest.fixture
def output(tmp_path: Path) -> Path:
    made = tmp_path / "output"
    for name in ("one", "two"):
        sample_workspace(made / name, url=TUBE, video=False)
        source = {"source": TUBE, "start_ms": None, "end_ms": None}
        (made / name / "source.json").write_text(json.dumps(source))
    return made


def ask(output: Path, name: str, question: str, *options: str) -> int:
    with ChatServer(says_where) as server:
        return main([
            "ask", name, *question.split(), "--output", str(output), *options,
            "--set", f"llm.base_url={server.base_url}", "--set", "llm.model=small",
        ])  # fmt: skip


def test_the_answer_has_the_second_of_each_sentence_and_its_address(
    output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask(output, "one", "How many tokens has GPT-2?") == 0
    told = capsys.readouterr()
    sentence, link = told.out.strip().splitlines()
    assert re.fullmatch(r"That makes 50,257 tokens\. \[2:\d\d\]", sentence)
    assert re.fullmatch(r"\[2:\d\d\] https://www\.youtube\.com/watch\?v=zduSFxRajkE&t=1\d\ds", link)
    assert re.search(r"the answer took [\d,]+ tokens and cost", told.err)
    assert ask(output, "one", "How many tokens has GPT-2?") == 0
    assert "asked before: this answer cost nothing" in capsys.readouterr().err


def test_what_the_lecture_does_not_say_is_said_to_be_so(
    output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask(output, "one", "What is a neighbor?") == 0
    assert capsys.readouterr().out == "The lecture does not say.\n"


def test_programs_get_json(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ask(output, "one", "How many tokens has GPT-2?", "--json")
    told = json.loads(capsys.readouterr().out)
    (sentence,) = told["sentences"]
    assert sentence["passages"][0]["lecture"] == "one"
    assert sentence["passages"][0]["section"] == "Vocabulary size and compression"
    assert sentence["passages"][0]["at_ms"] > 0 and told["dropped"] == 0


def test_a_book_is_asked_through_all_its_chapters(
    output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entries = tuple(
        BookEntry(id=name, source=name, title=name, state="done", chapter=number)
        for number, name in enumerate(("two", "one"), start=1)
    )
    (output / "books" / "course").mkdir(parents=True)
    save(output / "books" / "course", BookRecord(title="C", sources=(), entries=entries))
    assert ask(output, "course", "How many tokens has GPT-2?") == 0
    first = capsys.readouterr().out.splitlines()[0]
    assert re.search(r"\[two 2:\d\d\] \[one 2:\d\d\]", first)


def test_without_a_model_the_error_says_what_to_set(
    output: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    assert main(["ask", "one", "why", "--output", str(output)]) == 1
    assert "llm.model" in capsys.readouterr().err
