"""Whether a model can do what chapters need, found out by three small questions.

The questions are ``prompts/trial_*.md.j2``. They go the way that the stages' questions go, so a
server's quirks are met, and adapted to, here as there.
"""

from __future__ import annotations

import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.document.citations import Citation, citation_at
from pipeline.engine.progress import Progress
from pipeline.errors import LLMError
from pipeline.llm.chat import ModelRequest, user
from pipeline.llm.client import Client
from pipeline.llm.prompts import render
from pipeline.llm.spending.ledger import charges
from pipeline.llm.structured import ReplyModel, UnusableReplyError, ask_json
from pipeline.settings.llm import LLMSettings

Skill = Literal["json", "plan", "cite", "account"]

# Four minutes of a made-up lecture with one change of subject, after the third segment.
_SEGMENTS = (
    ("s0001", "A computer keeps text as bytes, and a byte is a number from 0 to 255."),
    ("s0002", "An English letter takes one byte, a Chinese character takes three."),
    ("s0003", "So the same sentence is longer in bytes than it is in letters."),
    ("s0004", "Now to merging: we count which two numbers stand side by side most often."),
    ("s0005", "That pair becomes a new number, 256, everywhere in the text."),
    ("s0006", "We repeat this, and each round makes the text shorter."),
)
_IDS = tuple(name for name, _ in _SEGMENTS)
_REPLY_TOKENS = 600  # each of the replies asked for has a few lines
_LONGEST_WAIT_S = 120.0  # a large model is loaded from a disk in a minute or two


@dataclass(frozen=True)
class TrialResult:
    """One question: whether the reply would do, and what was right or wrong with it."""

    skill: Skill
    passed: bool
    detail: str


class _Terms(ReplyModel):
    terms: tuple[str, ...]
    count: int


class _PlannedSection(ReplyModel):
    title: str
    first_segment: str
    last_segment: str


class _Plan(ReplyModel):
    sections: tuple[_PlannedSection, ...]


def try_model(settings: LLMSettings, progress: Progress) -> list[TrialResult]:
    """Ask the configured model for JSON, for a plan and for a passage with citations; if it could
    do any of that, the last result says whether its server gave an account of what it charged.

    The replies are not kept. A question that costs money counts in no lecture's account.

    Raises:
        LLMError: no model or server is named.
    """
    import asyncio

    patient = min(settings.timeout_s, _LONGEST_WAIT_S)
    once = settings.model_copy(update={"timeout_s": patient, "retries": 1, "paid_retries": 0})
    with tempfile.TemporaryDirectory() as folder:
        results = asyncio.run(_ask_all(Client(once, Path(folder), progress)))
        if any(one.passed for one in results):
            results.append(_account(Path(folder)))
        return results


def _account(folder: Path) -> TrialResult:
    told = [charge.paid is not None for charge in charges(folder)]
    if all(told):
        return TrialResult("account", True, "told what each call cost (usage)")
    detail = (
        f"told of {sum(told)} of {len(told)} calls what they cost (usage): under llm.max_cost the "
        "others count as the model's longest reply"
    )
    return TrialResult("account", False, detail)


async def _ask_all(client: Client) -> list[TrialResult]:
    questions: list[tuple[Skill, Callable[[Client], Awaitable[tuple[bool, str]]]]] = [
        ("json", _json),
        ("plan", _plan),
        ("cite", _cite),
    ]
    results = []
    async with client:
        for skill, question in questions:
            try:
                passed, detail = await question(client)
            except UnusableReplyError as error:
                passed, detail = False, error.message
            except LLMError as error:
                passed, detail = False, str(error)
            results.append(TrialResult(skill, passed, detail))
    return results


async def _json(client: Client) -> tuple[bool, str]:
    reply = await ask_json(client, _question("json"), _Terms, attempts=1)
    if reply.count == len(reply.terms) == 3:
        return True, "an object of the form that was asked for"
    return False, f"the form is right, the content is not: {reply.count} of {len(reply.terms)}"


async def _plan(client: Client) -> tuple[bool, str]:
    reply = await ask_json(client, _question("plan"), _Plan, attempts=1)
    covered = tuple(name for section in reply.sections for name in _range(section))
    if len(reply.sections) < 2:
        return False, f"{len(reply.sections)} section where 2 or 3 were asked for"
    if covered != _IDS:
        spans = ", ".join(f"{one.first_segment} to {one.last_segment}" for one in reply.sections)
        return False, f"sections {spans or 'none'} do not cover {_IDS[0]} to {_IDS[-1]} in order"
    return True, f"{len(reply.sections)} sections that cover every segment in order"


def _range(section: _PlannedSection) -> tuple[str, ...]:
    """The ids of a section's segments; empty where it names others or turns them round."""
    if not {section.first_segment, section.last_segment} <= set(_IDS):
        return ()
    first, last = _IDS.index(section.first_segment), _IDS.index(section.last_segment)
    return _IDS[first : last + 1]


async def _cite(client: Client) -> tuple[bool, str]:
    text = await client.ask(_question("cite"))
    paragraphs = [part.strip() for part in text.split("\n\n") if part.strip()]
    if not paragraphs:
        return False, "the reply is empty"
    uncited = [part for part in paragraphs if _last_citation(part) is None]
    if uncited:
        return False, f"{len(uncited)} of {len(paragraphs)} paragraphs end without a citation"
    cited = [one for part in paragraphs for one in _citations(part)]
    names = {name for one in cited for name in (one.first, one.last)}
    if foreign := sorted(names - set(_IDS)):
        return False, f"cites {', '.join(foreign)}, which it was not shown"
    return True, f"{len(cited)} citations of segments that it was shown"


def _citations(text: str) -> list[Citation]:
    found, at = [], 0
    while (at := text.find("[", at)) >= 0:
        if one := citation_at(text, at, len(text), _IDS):
            found.append(one[0])
            at = one[1]
        else:
            at += 1
    return found


def _last_citation(paragraph: str) -> Citation | None:
    """The citation at the paragraph's end, where there may be a full stop behind it."""
    found = _citations(paragraph)
    return found[-1] if found and paragraph.rstrip(" .").endswith("]") else None


def _question(skill: Skill) -> ModelRequest:
    prompt = render(f"trial_{skill}", **({} if skill == "json" else {"segments": _SEGMENTS}))
    return ModelRequest(f"trial, {skill}", (user(prompt),), _REPLY_TOKENS)
