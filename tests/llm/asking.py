"""Asking a scripted server one question through the client, as the tests of replies do."""

from __future__ import annotations

from pathlib import Path

from pipeline.llm.chat import ModelRequest, system, user
from pipeline.llm.client import Client
from pipeline.settings.llm import LLMSettings
from tests.llm.remembering_progress import Heard
from tests.servers.chat import ChatServer, Reaction, Reply, Script

SAID = "Bytes are numbers. [[s0001]]"
PLAN = "I could write: Bytes rule. [[s0002]]"


def client(server: ChatServer, folder: Path, heard: Heard | None = None, **llm: object) -> Client:
    """A client of ``server`` that waits for nothing."""
    settings = LLMSettings.model_validate(
        {"base_url": server.base_url, "model": "scripted", "backoff_s": 0.01, **llm}
    )
    return Client(settings, folder, heard or Heard())


def question(text: str = "What is a byte?") -> ModelRequest:
    """A question with rules of its own."""
    return ModelRequest("section 2, part 1, draft", (system("be brief"), user(text)), 100)


def asked(script: Script, folder: Path, **llm: object) -> tuple[str, ChatServer]:
    """The client's reply, and the server to look at."""
    with ChatServer(script) as server:
        return client(server, folder, None, **llm).ask_all([question()])[0], server


def first(reaction: Reaction, then: Reaction | None = None) -> Script:
    """``reaction`` to the first request, a good reply to the others."""
    return lambda incoming: reaction if incoming.number == 1 else (then or Reply(SAID))
