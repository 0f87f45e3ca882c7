"""A process that asks until the limit of the lecture stops it: ``python -m tests.llm.spender``.

Arguments: the lecture's folder, the settings as JSON, a stage or ``ask``, how many questions.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from pipeline.answering.answer import answer
from pipeline.answering.passages import FoundPassage
from pipeline.engine.progress import Silent
from pipeline.engine.workspace import Workspace
from pipeline.errors import BudgetError, LLMError
from pipeline.llm.chat import ModelRequest, user
from pipeline.llm.stage_client import open_client
from pipeline.settings.llm import LLMSettings


def spend(root: Path, settings: LLMSettings, who: str, count: int) -> str:
    """Ask ``count`` questions; the limit's refusal, or nothing."""
    if who == "ask":
        return _put_questions(root, settings, count)
    asks = [ModelRequest(f"{who} {n}", (user(f"{who} {n}? " * 9),), 60) for n in range(count)]

    async def gather() -> list[object]:
        async with open_client(Workspace(root), who, settings, Silent()) as client:  # type: ignore[arg-type]
            return list(
                await asyncio.gather(*(client.ask(one) for one in asks), return_exceptions=True)
            )

    results = asyncio.run(gather())
    assert all(isinstance(one, str | LLMError) for one in results), results
    return next((str(one) for one in results if isinstance(one, BudgetError)), "")


def _put_questions(root: Path, settings: LLMSettings, count: int) -> str:
    passages = [FoundPassage("p1", "lecture", "Section", 0, "A token is a piece of text.")]
    for n in range(count):
        try:
            answer(
                f"What is a token, {n}?", passages, "Tokens", "en", settings,
                root / "ask" / "replies", Silent(), root,
            )  # fmt: skip
        except BudgetError as error:
            return str(error)
        except LLMError:
            continue
    return ""


if __name__ == "__main__":
    chosen = LLMSettings.model_validate_json(sys.argv[2])
    sys.stdout.write(spend(Path(sys.argv[1]), chosen, sys.argv[3], int(sys.argv[4])))
