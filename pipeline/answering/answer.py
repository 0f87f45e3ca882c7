"""Asks the model a question about a chapter, and keeps of its answer what the chapter bears out."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.answering.passages import FoundPassage, best
from pipeline.engine.progress import Progress
from pipeline.errors import UsageError
from pipeline.llm.chat import ModelRequest, system, user
from pipeline.llm.client import Client
from pipeline.llm.prompts import render
from pipeline.llm.structured import ReplyModel, ask_json
from pipeline.models import Usage
from pipeline.settings.llm import LLMSettings
from pipeline.text.numbers.reading import known_numbers, written_numbers

# Passages of 50 to 150 words: 14 have about 2,000 tokens, which the smallest servers (4,096 tokens
# of context) take together with the prompt and the reply.
MOST_PASSAGES = 14
_MOST_QUESTION = 2_000  # characters: a page of text
_REPLY_TOKENS = 800  # some ten sentences in JSON, each with its passages


class _Sentence(ReplyModel):
    text: str
    passages: tuple[str, ...]


class _Reply(ReplyModel):
    sentences: tuple[_Sentence, ...]


@dataclass(frozen=True)
class AnswerSentence:
    """One sentence and the passages that say so, at least one."""

    text: str
    passages: tuple[FoundPassage, ...]


@dataclass(frozen=True)
class Answer:
    """What the lecture says to a question; no sentence: it does not say.

    ``dropped`` counts sentences of the model that named no passage it was shown, or a number that
    stands in none of those it named.
    """

    sentences: tuple[AnswerSentence, ...]
    dropped: int
    usage: Usage


def answer(
    question: str,
    passages: Sequence[FoundPassage],
    title: str,
    language: str | None,
    settings: LLMSettings,
    folder: Path,
    progress: Progress,
    lecture: Path | None = None,
) -> Answer:
    """Ask the model, with the passages that the question may be about.

    Args:
        folder: where its replies are kept: the same question costs nothing a second time.
        lecture: the lecture's folder, whose account the question is put on (see ``Client``).

    Raises:
        UsageError: there is no question, or it is far too long.
        LLMError: no model is named, the server does not answer, a limit would be passed, or the
            reply is not in the wanted form.
    """
    question = " ".join(question.split())
    if not question or len(question) > _MOST_QUESTION:
        raise UsageError("the question is empty or far too long", "ask one question of a few lines")
    shown = best(question, passages, MOST_PASSAGES, language)
    # What is on disk by now was paid for by an earlier question.
    client = Client(settings, folder, progress, finished_at=time.time(), lecture=lecture)
    reply = asyncio.run(_ask(client, question, shown, title)) if shown else _Reply(sentences=())
    kept = _borne_out(reply, shown, language)
    return Answer(kept, len(reply.sentences) - len(kept), client.usage)


async def _ask(client: Client, question: str, shown: Sequence[FoundPassage], title: str) -> _Reply:
    lines = [(one.name, one.section, one.text) for one in shown]
    request = ModelRequest(
        label=f"question {hashlib.sha256(question.encode()).hexdigest()[:12]}",
        messages=(
            system(render("ask_system")),
            user(render("ask", title=title, passages=lines, question=question)),
        ),
        max_output_tokens=_REPLY_TOKENS,
    )
    async with client:
        return await ask_json(client, request, _Reply)


def _borne_out(
    reply: _Reply, shown: Sequence[FoundPassage], language: str | None
) -> tuple[AnswerSentence, ...]:
    by_name = {one.name: one for one in shown}
    kept = []
    for sentence in reply.sentences:
        named = dict.fromkeys(name.strip("[] ") for name in sentence.passages)
        cited = tuple(by_name[name] for name in named if name in by_name)
        known = known_numbers(*(one.text for one in cited), language=language)
        numbers = written_numbers(sentence.text, language)
        if sentence.text.strip() and cited and all(one in known for one in numbers):
            kept.append(AnswerSentence(" ".join(sentence.text.split()), cited))
    return tuple(kept)
