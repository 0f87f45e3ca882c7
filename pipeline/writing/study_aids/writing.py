"""A summary of the chapter, and questions on it: each a setting, each marked as added.

They are asked for when the chapter is finished, from its text alone, and stand in its first and
last section as asides (``Note``) whose roles say what they are. An entry that cites what the
chapter does not cite, or brings a number of its own, is asked for once more and then left out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from typing import TypeVar

from pipeline.document.article import Article
from pipeline.document.blocks import AnyBlock, List, Note, Paragraph
from pipeline.document.citations import Citation
from pipeline.document.inline import canonical
from pipeline.engine.progress import Progress
from pipeline.llm.chat import ModelRequest, system, user
from pipeline.llm.client import Client
from pipeline.llm.prompts import render
from pipeline.llm.structured import ReplyModel, UnusableReplyError, again, ask_json
from pipeline.llm.tokens import estimate_tokens
from pipeline.llm.transport import CutReplyError, RefusedError, UnrecordedError
from pipeline.settings.write import WriteSettings
from pipeline.text.numbers.reading import written_numbers
from pipeline.writing.checks.block_text import everything_in
from pipeline.writing.checks.citations import segments_cited
from pipeline.writing.study_aids.checks import Entry, faults_of

PROMPTS = ("added_system", "added_summary", "added_questions")
REPLY_TOKENS = 1_500
_LEAST_LINES = 3
# Of the model's window, what the chapter may take.
_SHARE_OF_WINDOW = 0.8


class Aids(ReplyModel):
    """A reply: lists of entries by their names."""

    def entries(self) -> dict[str, tuple[Entry, ...]]:
        """Each list by its name."""
        return {name: getattr(self, name) for name in type(self).model_fields}


class Summary(Aids):
    """What the chapter teaches."""

    lines: tuple[Entry, ...]


class Questions(Aids):
    """The lecturer's own exercises, and questions with their answers."""

    exercises: tuple[Entry, ...] = ()
    questions: tuple[Entry, ...] = ()


A = TypeVar("A", bound=Aids)


def with_study_aids(
    client: Client,
    article: Article,
    write: WriteSettings,
    language: str,
    tag: str | None,
    window: int,
    progress: Progress,
    edited: Collection[int] = (),
) -> Article:
    """The article with the aids that the settings ask for; without one that the model cannot give,
    which the user is told. A section that a user edited is left as it is.

    Args:
        language: the chapter's, in words; ``tag``: its tag, None where it is not known.
        window: tokens that the model reads at once.
        edited: numbers of sections, from 0.

    Raises:
        LLMError: the server cannot be asked, or a limit would be passed.
    """
    sections = list(article.sections)
    last = len(sections) - 1
    writer = _AidWriter(client, article, language, tag, window)
    wanted = write.summary and 0 not in edited
    if wanted and (notes := _asked(client, writer.summary, progress)):
        sections[0] = sections[0].with_blocks((*notes, *sections[0].blocks))
    wanted = write.questions and last not in edited
    if wanted and (notes := _asked(client, writer.questions, progress)):
        sections[last] = sections[last].with_blocks((*sections[last].blocks, *notes))
    return article.model_copy(update={"sections": tuple(sections), "usage": client.usage})


def prompts_of(article: Article, language: str, name: str) -> tuple[str, str]:
    """The rules with the chapter's text, the same for all aids, and the request for one."""
    rules = render(
        "added_system", language=language, title=article.title, sections=article.sections
    )
    return rules, render(f"added_{name}")


def _asked(
    client: Client, work: Callable[[], Awaitable[list[Note]]], progress: Progress
) -> list[Note]:
    async def ask() -> list[Note]:
        async with client:
            return await work()

    try:
        return asyncio.run(ask())
    except (UnusableReplyError, CutReplyError, RefusedError, UnrecordedError) as error:
        progress.warn(f"{error.message}; it is left out")
        return []


class _AidWriter:
    """Asks for the aids of one chapter."""

    def __init__(
        self, client: Client, article: Article, language: str, tag: str | None, window: int
    ) -> None:
        blocks = [block for section in article.sections for block in section.blocks]
        self._client = client
        self._article = article
        self._language = language
        self._tag = tag
        self._window = window
        order = list(dict.fromkeys(name for one in article.sections for name in one.segments))
        self._places = {name: place for place, name in enumerate(order)}
        self._cited = segments_cited(blocks, order)
        self._numbers = frozenset(written_numbers(everything_in(blocks)))

    async def summary(self) -> list[Note]:
        """What the chapter teaches in about five lines; nothing where fewer than three are
        sound."""
        lines = (await self._sound("summary", Summary))["lines"]
        if len(lines) < _LEAST_LINES:
            raise UnusableReplyError(f"added summary: {len(lines)} sound lines of about 5")
        return [Note(role="summary", blocks=(self._list(lines),))]

    async def questions(self) -> list[Note]:
        """The lecturer's exercises, and questions with their answers; each aside that has any."""
        found = await self._sound("questions", Questions)
        found["questions"] = [one for one in found["questions"] if one.answer.strip()]
        return [
            Note(role=role, blocks=(self._list(entries, ordered=True),))
            for role, entries in found.items()
            if entries
        ]

    async def _sound(self, name: str, kind: type[A]) -> dict[str, list[Entry]]:
        """The entries of the last of two replies that nothing is wrong with, by their lists."""
        rules, request = prompts_of(self._article, self._language, name)
        ask = ModelRequest(f"added {name}", (system(rules), user(request)), REPLY_TOKENS)
        if estimate_tokens(rules) > _SHARE_OF_WINDOW * self._window:
            raise UnusableReplyError(f"added {name}: the chapter does not fit llm.context_tokens")
        reply = await ask_json(self._client, ask, kind)
        if faults := self._faults(reply):
            more = again(ask, reply.model_dump_json(), faults, f"{ask.label}, again")
            with suppress(UnrecordedError):
                reply = await ask_json(self._client, more, kind, attempts=1)
        return {
            name: [one for one in entries if not self._faults_of(one)]
            for name, entries in reply.entries().items()
        }

    def _faults(self, reply: Aids) -> list[str]:
        lists = reply.entries().values()
        return [fault for entries in lists for one in entries for fault in self._faults_of(one)]

    def _faults_of(self, entry: Entry) -> list[str]:
        return faults_of(entry, self._cited, self._numbers, self._tag)

    def _list(self, entries: Sequence[Entry], ordered: bool = False) -> List:
        return List(ordered=ordered, items=tuple(map(self._item, entries)))

    def _item(self, entry: Entry) -> tuple[AnyBlock, ...]:
        """An entry with its citations; where there is an answer, they are the answer's."""
        names = sorted(dict.fromkeys(entry.segments), key=lambda name: self._places.get(name, 0))
        sources = tuple(Citation(first=name, last=name) for name in names)
        if not entry.answer.strip():
            return (Paragraph(text=canonical(entry.text), citations=sources),)
        answer = Paragraph(text=canonical(entry.answer), citations=sources)
        return Paragraph(text=canonical(entry.text)), Note(role="answer", blocks=(answer,))
