"""Asking the chapter in the served page: a model over real HTTP, answers with their seconds."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.settings.llm import LLMSettings
from tests.browser.conftest import Served, Watched, serve_in_thread, until, write_rendered
from tests.render.sample import sample_workspace
from tests.servers.chat import ChatServer, Incoming, Reply

Open = Callable[..., Watched]


def says_where(incoming: Incoming) -> Reply:
    """Cites the passages it was shown that speak of a dictionary."""
    shown = re.findall(r"^\[(p\d+)\] (.*?)(?=^\[p\d+\]|^</speech>)", incoming.text, re.M | re.S)
    names = [name for name, text in shown if "dictionary" in text]
    asked = "dictionary" in incoming.text.rpartition("The question")[2]
    sentence = {"text": "A dictionary keeps the counts.", "passages": names}
    return Reply(json.dumps({"sentences": [sentence] if asked else []}))


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Served]:
    write_rendered(sample_workspace(tmp_path / "output" / "sample"))
    with ChatServer(says_where) as server:
        llm = LLMSettings(base_url=server.base_url, model="small")
        yield from serve_in_thread(tmp_path / "output", llm=llm)


def test_the_answer_stands_below_the_field_and_its_second_plays(
    open_page: Open, library: Served
) -> None:
    page = open_page(f"{library.address}/sample/").page
    page.keyboard.press("/")
    page.fill("dialog.search input", "What is the dictionary for?")
    page.click("text=Ask the chapter")
    page.wait_for_selector(".answer >> text=A dictionary keeps the counts.")
    assert page.inner_text(".answer .time") == "1:25"
    page.click(".answer .time")
    assert page.locator("dialog.search").is_hidden()
    until(page, "document.querySelector('.player video')?.currentTime >= 84")


def test_what_the_lecture_does_not_say_is_said_to_be_so(open_page: Open, library: Served) -> None:
    page = open_page(f"{library.address}/sample/", bypass_csp=True).page
    page.keyboard.press("/")
    page.fill("dialog.search input", "Who won the match?")
    page.click("text=Ask the chapter")
    page.wait_for_selector(".answer >> text=The lecture does not say.")
    from tests.browser.test_access import violations  # skips where axe is not installed

    assert violations(page) == []


def test_without_a_model_there_is_nothing_to_ask_with(open_page: Open, served: Served) -> None:
    page = open_page(f"{served.address}/sample/").page
    page.keyboard.press("/")
    page.wait_for_selector("dialog.search")
    assert page.locator(".ask-chapter").count() == 0
    answer = page.request.post(f"{served.address}/chapters/sample/ask", data={"question": "why"})
    assert answer.status == 404


@pytest.mark.parametrize(
    ("data", "status"), [("{}", 400), ("[1]", 400), ('{"question": ""}', 400), ("x" * 9000, 413)]
)
def test_what_is_no_question_is_refused(
    open_page: Open, library: Served, data: str, status: int
) -> None:
    page = open_page(library.address).page
    answer = page.request.post(f"{library.address}/chapters/sample/ask", data=data)
    assert answer.status == status
