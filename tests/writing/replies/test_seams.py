"""The joints between two texts of one section are smoothed lightly, or not at all."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from pipeline.document.blocks import AnyBlock
from pipeline.document.parse import parse
from pipeline.document.serialise import serialise
from pipeline.engine.progress import Silent
from pipeline.llm.client import Client
from pipeline.settings.llm import LLMSettings
from pipeline.writing.replies.seams import Change, changed, joint_changes
from tests.servers.chat import ChatServer, Incoming, Reply

SEGMENTS = ["s0001", "s0002", "s0003"]
BEFORE = parse("We count.\n\nThe pair of bytes that is most frequent is merged. [[s0001]]\n")
AFTER = parse("As I said, the pair of bytes that is most frequent is merged. [[s0002]]\n\nEnd.\n")


def smoothed(
    folder: Path, first: str | None, second: str | None, after: tuple[AnyBlock, ...] = AFTER
) -> tuple[str, str] | None:
    """Both texts after the joint, for a model that replies these paragraphs."""

    def script(incoming: Incoming) -> Reply:
        asked.append(incoming)
        return Reply(json.dumps({"first": first, "second": second}))

    asked: list[Incoming] = []

    async def run(client: Client) -> tuple[Change, Change] | None:
        async with client:
            return await joint_changes(client, "joint", BEFORE, after, SEGMENTS)

    with ChatServer(script) as server:
        settings = LLMSettings(base_url=server.base_url, model="scripted")
        pair = asyncio.run(run(Client(settings, folder, Silent())))
    if pair is None:
        assert not asked
        return None
    assert "pair of bytes that is most frequent" in asked[0].text
    return (
        serialise(changed(BEFORE, pair[0], at_end=True)),
        serialise(changed(after, pair[1], at_end=False)),
    )


def test_what_is_said_twice_goes_and_citations_may_be_loose(tmp_path: Path) -> None:
    assert smoothed(tmp_path, None, "So it is merged. [s2]") == (
        serialise(BEFORE),
        "So it is merged. [[s0002]]\n\nEnd.\n",
    )


@pytest.mark.parametrize(
    "spoiled",
    [
        "So it is merged.",
        "So it is merged. [[s0003]]",
        "So 31337 are merged. [[s0002]]",
        "So it is merged, see [it](https://invented.example). [[s0002]]",
        "So it is merged, see https://invented.example. [[s0002]]",
        "So it is merged. [[s0002]]\n\n![A slide](frame:f0001)",
        "So it is merged. [[s0002]]\n\n```python\nmerge()\n```",
        "- So it is merged. [[s0002]]",
        "So it is merged, and much more is to say of it than there was before, " * 3 + "[[s0002]]",
        "",
    ],
)
def test_what_is_no_light_touch_is_not_taken(tmp_path: Path, spoiled: str) -> None:
    assert smoothed(tmp_path, None, spoiled) == (serialise(BEFORE), serialise(AFTER))


def test_only_paragraphs_are_joined(tmp_path: Path) -> None:
    listed = parse("- The pair of bytes. [[s0002]]\n")
    assert smoothed(tmp_path, "x", "y", listed) is None


def test_a_paragraph_that_is_gone_meanwhile_is_not_changed() -> None:
    (old, _), (new, _) = AFTER, parse("New. [[s0002]]\n\nEnd.\n")
    change = Change(old, (new,))  # type: ignore[arg-type]
    assert changed(AFTER[1:], change, at_end=False) == AFTER[1:]
    assert changed((), change, at_end=True) == ()
