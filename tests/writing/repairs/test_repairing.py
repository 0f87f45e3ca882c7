"""Faulty blocks are sent back by number, and what comes back is laid over them."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from pipeline.document.blocks import AnyBlock
from pipeline.document.serialise import serialise
from pipeline.document.walk import cells, prose_of
from pipeline.llm.chat import ModelRequest, user
from pipeline.writing.checks.problems import Problem
from pipeline.writing.draft import Attempt
from pipeline.writing.repairs.repairing import new_blocks, patched, repaired_texts
from pipeline.writing.repairs.request import is_local, local_request, repair_request
from pipeline.writing.replies.reply_cleanup import read_reply
from tests.document.documents import ALIKE, MARKDOWN
from tests.writing.checks.test_chunk import material

DRAFT = """\
We count. [[s0001]]

1. Then we merge:

   ```python
   print(1)
   ```

   ```text output
   1
   ```

And stop. [[s0003]]
"""


def draft() -> tuple[AnyBlock, ...]:
    return read_reply(DRAFT, material())


def attempt(*problems: Problem, first: str = "s0001") -> Attempt:
    own = material()
    segments = (own.chunk.segments[0].model_copy(update={"id": first}), *own.chunk.segments[1:])
    own = replace(own, chunk=replace(own.chunk, segments=segments))
    return Attempt(own, ModelRequest("draft", (user("Write."),), 100), draft(), problems, {})


def repaired(reply: str) -> tuple[AnyBlock, ...]:
    return patched(draft(), repaired_texts(reply), material())


def test_the_request_shows_only_the_blocks_concerned_each_whole() -> None:
    request = repair_request([attempt(Problem("number", "wrong number", 1))])
    assert "Block 2: wrong number" in request and "has 3 blocks" in request
    assert "=== block 2 ===\n1. Then we merge:\n\n   ```python\n   print(1)\n" in request
    assert "=== block 1 ===" not in request
    assert "=== block 3 ===" in repair_request([attempt(Problem("length", "too short"))])


def test_the_blocks_of_several_texts_are_counted_through() -> None:
    one = attempt(Problem("number", "wrong number", 1))
    other = attempt(Problem("number", "wrong again", 0), Problem("length", "too short"), first="s7")
    request = repair_request([one, other])
    assert "Your 2 texts above have 6 blocks together, counted through" in request
    assert "- Block 2: wrong number\n- Block 4: wrong again\n" in request
    assert "- In the text on s7 to s0003: too short\n" in request
    shown = [line for line in request.splitlines() if line.startswith("=== block")]
    assert shown == [f"=== block {number} ===" for number in (2, 4, 5, 6)]


def test_what_is_wrong_in_one_block_is_asked_for_with_its_passage_alone() -> None:
    one = attempt(Problem("number", "wrong number", 2))
    assert is_local(one)
    request = local_request([one])
    shown = [line for line in request.splitlines() if "block " in line and line[0] in "=("]
    assert shown == ["(block 2, stays)", "=== block 3 ==="]
    assert "- Block 3: wrong number" in request
    assert "[s0003]" in request and "[s0001]" not in request


def test_what_is_wrong_with_the_whole_needs_the_whole() -> None:
    assert not is_local(attempt(Problem("length", "too short")))
    assert not is_local(attempt(Problem("number", "wrong", 0), Problem("repetition", "twice", 2)))


def test_screens_are_shown_only_where_they_may_hold_what_is_right() -> None:
    assert "<screen " in local_request([attempt(Problem("number", "wrong number", 0))])
    assert "<screen " not in local_request([attempt(Problem("spelling", "misspelled", 0))])


def test_neighbours_that_stay_bring_no_speech_of_their_own() -> None:
    own = attempt(Problem("spelling", "misspelled", 0))
    far = replace(own, blocks=read_reply("One. [[s0001]]\n\nTwo. [[s0003]]\n", own.material))
    request = local_request([far])
    assert "(block 2, stays)" in request
    speech = request.partition("</speech>")[0]
    assert "[s0002]" in speech and "[s0003]" not in speech


def test_a_repair_is_told_the_terms_of_its_passage_alone() -> None:
    heard = "byte pair encoding (heard as: bite pair encoding)"
    assert heard in local_request([attempt(Problem("spelling", "misspelled", 0))])
    own = attempt(Problem("spelling", "misspelled", 0))
    last = replace(own.material.chunk, segments=own.material.chunk.segments[2:])
    silent = replace(own, material=replace(own.material, chunk=last))
    assert "<glossary>" not in local_request([silent])


def test_only_a_wrong_link_is_shown_the_links() -> None:
    assert "<links>" not in local_request([attempt(Problem("number", "wrong number", 0))])
    assert "<links>" in local_request([attempt(Problem("link", "unknown", 0))])


def test_a_repaired_block_keeps_the_id_of_its_cell() -> None:
    (before,) = cells(draft())
    after = repaired(
        "=== block 2 ===\n1. Then we merge pairs:\n\n   ```python\n   print(1)\n   ```\n\n"
        "   ```python\n   print(2)\n   ```\n\n   So [s2] it is."
    )
    assert [cell.id for cell in cells(after)] == [before.id, "sec01-1-2"]
    assert "merge pairs" in prose_of(after)
    assert "[[s0002]]" in serialise(after)


def test_other_blocks_stay_and_an_empty_one_goes() -> None:
    before = draft()
    assert repaired("=== block 2 ===\n") == (before[0], before[2])
    assert repaired("Here they are:\n=== block 3 ===\nAnd end. [[s0003]]")[:2] == before[:2]
    assert new_blocks(before, repaired("=== block 3 ===\nAnd end. [[s0003]]")) == 1


def test_a_fence_left_open_swallows_no_other_block() -> None:
    after = repaired("=== block 1 ===\nWe count.\n\n```python\nx = 1")
    assert prose_of(after) == "We count.\nThen we merge:\nAnd stop."


def test_a_number_given_twice_or_after_the_last_adds() -> None:
    after = repaired("=== block 1 ===\nOne.\n=== block 1 ===\nTwo.\n=== block 9 ===\nMore.")
    assert prose_of(after) == "One.\nTwo.\nThen we merge:\nAnd stop.\nMore."


def test_a_reply_without_numbers_changes_nothing() -> None:
    assert repaired_texts("We count. [[s0001]]") == {}


@ALIKE
@given(MARKDOWN)
def test_blocks_given_back_as_they_were_are_as_they_were(text: str) -> None:
    blocks = read_reply(text, material())
    reply = "\n".join(f"=== block {n} ===\n{serialise([one])}" for n, one in enumerate(blocks, 1))
    assert patched(blocks, repaired_texts(reply), material()) == blocks
