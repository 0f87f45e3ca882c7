"""Thoughts, wrapping and small talk are taken off, whatever a model puts around its reply."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from pipeline.llm.reply_text import unframed, without_thoughts
from pipeline.llm.structured import ReplyModel, ask_json, parse
from tests.llm.asking import PLAN, SAID, asked, client, first, question
from tests.servers.chat import ChatServer, Reply
from tests.servers.faulty import choices


class Plan(ReplyModel):
    title: str
    parts: tuple[str, ...] = ()


THOUGHTS = {
    "tags": f"<think>{PLAN}</think>\n\n{SAID}",
    "thinking": f"<thinking>\n{PLAN}\n</thinking>{SAID}",
    "thought": f"<thought>{PLAN}</thought>{SAID}",
    "upper case": f"<THINK>{PLAN}</THINK>{SAID}",
    "vendor's prefix": f"<seed:think>{PLAN}</seed:think>{SAID}",
    "end alone": f"{PLAN}\n</think>\n\n{SAID}",
    "end alone, same line": f"{PLAN}</think>{SAID}",
    "two": f"<think>{PLAN}</think><think>more</think>{SAID}",
    "nested": f"<think>a <think>b</think> {PLAN}</think>{SAID}",
    "speaks of tags": f"<think>I shall not write <think> here. {PLAN}</think>{SAID}",
    "brackets": f"[THINK]{PLAN}[/THINK]{SAID}",
    "triangles": f"◁think▷{PLAN}◁/think▷{SAID}",
    "control words": f"<|START_THINKING|>{PLAN}<|END_THINKING|><|START_RESPONSE|>{SAID}"
    "<|END_RESPONSE|>",
    "answer tags": f"<think>{PLAN}</think>\n<answer>{SAID}</answer>",
    "harmony": f"<|channel|>analysis<|message|>{PLAN}<|end|><|start|>assistant"
    f"<|channel|>final<|message|>{SAID}<|return|>",
    "harmony without marks": f"analysisThe user wants {PLAN}assistantfinal{SAID}",
    "harmony for JSON": f"<|channel|>analysis<|message|>{PLAN}<|end|><|start|>assistant"
    f"<|channel|>final <|constrain|>json<|message|>{SAID}",
    "harmony with commentary": f"<|channel|>analysis<|message|>{PLAN}<|end|><|start|>assistant"
    f"<|channel|>commentary<|message|>{PLAN}<|end|><|start|>assistant"
    f"<|channel|>final<|message|>{SAID}",
    "channels of Gemma 4": f"<|channel>thought\n{PLAN}\n<channel|>{SAID}",
    "analysis": f"<analysis>{PLAN}</analysis>\n{SAID}",
    "thought process": f"<thought_process>{PLAN}</thought_process>{SAID}",
    "monologue": f"<internal_monologue>{PLAN}</internal_monologue>{SAID}",
    "spaces in tags": f"< think >{PLAN}</ think >{SAID}",
    "escaped tags": f"&lt;think&gt;{PLAN}&lt;/think&gt;{SAID}",
    "wide bars": f"<｜think｜>{PLAN}<｜/think｜>{SAID}<｜end▁of▁sentence｜>",
    "empty": f"<think>\n\n</think>\n\n{SAID}",
    "none": f"<think/>{SAID}",
    "box": f"<think>{PLAN}</think><|begin_of_box|>{SAID}<|end_of_box|>",
    "in words": f"Here is my thought process:\n{PLAN}\n\nHere is my response:\n{SAID}",
    "steps": f"Here are my reasoning steps:\n{PLAN}\n[BEGIN FINAL RESPONSE]\n{SAID}\n"
    "[END FINAL RESPONSE]",
    "folded": f'<details type="reasoning" done="true">\n> {PLAN}\n</details>\n{SAID}',
    "summary": f"<details>\n<summary>Thought for 3 seconds</summary>\n{PLAN}\n</details>\n{SAID}",
    "fence of thoughts": f"```thinking\n{PLAN}\n```\n\n{SAID}",
    "labels": f"**Thinking:** {PLAN}\n\n**Answer:**\n\n{SAID}",
    "a draft inside": f"<think>First a draft:\n\n```markdown\n{PLAN}\n```\n\n1. It cites.\n</think>"
    f"\n\n{SAID}",
    "header of the turn": f"<|start_header_id|>assistant<|end_header_id|>\n\n{SAID}<|eot_id|>",
    "turn of the model": f"<start_of_turn>model\n{SAID}<end_of_turn>",
    "open fence inside": f"<think>\n```python\nx = 1\n</think>\n{SAID}",
    "full width": f"＜think＞{PLAN}＜/think＞{SAID}",
    "scratch pad": f"<scratch_pad>{PLAN}</scratch_pad>{SAID}",
    "content of thoughts": f"<reasoning_content>{PLAN}</reasoning_content>{SAID}",
    "chain": f"<chain_of_thought>{PLAN}</chain_of_thought>{SAID}",
    "plan": f"<planning>{PLAN}</planning>\n{SAID}",
    "underlines": f"<|begin▁of▁thought|>{PLAN}<|end▁of▁thought|>{SAID}",
    "message without a channel": f"<|message|>{SAID}<|end|>",
    "final without marks": f"assistantfinal{SAID}",
    "harmony without marks, in lines": f"analysis\n{PLAN}\nassistantfinal\n{SAID}",
    "answer on the line of its label": f"Thought: {PLAN}\nFinal Answer: {SAID}",
    "done thinking": f"Thinking...\n{PLAN}\n...done thinking.\n\n{SAID}",
    "opened": f"<details open><summary>💭 Thinking</summary>\n{PLAN}\n</details>\n\n{SAID}",
    "answer without end": f"<think>{PLAN}</think><response>{SAID}",
    "begin of text": f"<s> {SAID}</s>",
    "byte order mark": f"\ufeff{SAID}",
    "user's turn": f"{SAID}<|user|>",
    "end of text": f"{SAID}<eos>",
    "end of instructions": f"{SAID} [/INST]",
    "end of turn": f"{SAID}<|im_end|>",
}


@pytest.mark.parametrize("name", THOUGHTS)
def test_thoughts_are_removed_in_every_spelling(name: str, tmp_path: Path) -> None:
    assert asked(lambda incoming: Reply(THOUGHTS[name]), tmp_path)[0] == SAID


def test_a_thought_further_on_is_removed_too(tmp_path: Path) -> None:
    text = f"{SAID}\n\n<think>\nDone?\n</think>\n\nSo are words. [[s0003]]"
    reply, _ = asked(lambda incoming: Reply(text), tmp_path)
    assert reply == f"{SAID}\n\nSo are words. [[s0003]]"


@pytest.mark.parametrize(
    "text",
    [
        "The token `</think>` ends a thought. [[s0001]]",
        "The model then writes </think> and its answer. [[s0001]]",
        "It looks so: [[s0001]]\n\n```text\n<think>\nHm.\n</think>\nYes.\n```",
        "We say `<think>` to it. [[s0001]]\n\n~~~\n</think>\n~~~",
        "Thinking: fast and slow. [[s0001]]\n\nThe answer: both. [[s0002]]",
        "`<analysis>` is an element. [[s0001]]\n\nSo is `</analysis>`. [[s0002]]",
        "Assistant is a role. [[s0001]]",
    ],
)
def test_a_lecture_on_thoughts_keeps_its_marks(text: str) -> None:
    assert without_thoughts(text) == text


@pytest.mark.parametrize(
    "parts",
    [
        [{"type": "thinking", "thinking": [{"text": PLAN}]}, {"type": "text", "text": SAID}],
        [{"type": "thinking", "text": PLAN}, {"type": "text", "text": SAID}],
        [{"type": "reasoning", "text": PLAN}, {"type": "output_text", "text": SAID}],
    ],
)
def test_parts_that_are_thoughts_are_no_text(parts: list[object], tmp_path: Path) -> None:
    script = first(choices({"message": {"content": parts}}))
    assert asked(script, tmp_path)[0] == SAID


@pytest.mark.parametrize(
    "text",
    [
        f"```markdown\n{SAID}\n```",
        f"```\n{SAID}\n```",
        f"~~~md\n{SAID}\n~~~",
        f"```markdown\n{SAID}",
        f"Here is the section:\n\n{SAID}",
        f"Here’s the rewritten part:\n\n---\n\n{SAID}\n\n---",
        f"Sure! I have kept to the rules.\n\n{SAID}",
        f"Certainly, here it is:\n\n```markdown\n{SAID}\n```\n\nLet me know if you need changes!",
        f"{SAID}\n\nI hope this helps!",
        f"{SAID}\n\n**Word count:** 612",
        f"Voici la section :\n\n{SAID}\n\nN’hésitez pas à demander.",
        f"Here you go:\n\n{SAID}",
        f"Here’s my attempt:\n\n{SAID}",
        f"I've written the section below.\n\n{SAID}",
        f"**Section 2, part 1**\n\n{SAID}",
        f"Output:\n\n{SAID}",
        f"<markdown>\n{SAID}\n</markdown>",
        f"{SAID}\n\n**Note:** I have kept all citations as requested.",
        f"{SAID}\n\n*Note: I left out s0004.*",
        f"{SAID}\n\n[End of section]",
        f"إليك القسم:\n\n{SAID}",
        f"As requested, here is the section:\n\n{SAID}",
        f"Great! Here's the Markdown:\n\n{SAID}",
        f"I'll write the section now.\n\n{SAID}",
        f"The section follows:\n\n{SAID}",
        f"```markdown\n{SAID}\n```\n\nThis covers all the segments.",
        f"{SAID}\n\n---\n\nThis section is 300 words long.",
        f"{SAID}\n\n(300 words)",
        f"{SAID}\n\n✅ All citations are included.",
        f"{SAID}\n\nEspero que te sirva.",
        f"{SAID}\n\nНадеюсь, это поможет.",
        f"以下がセクションです。\n\n{SAID}\n\nご確認ください。",
        f"다음은 섹션입니다:\n\n{SAID}\n\n도움이 되었기를 바랍니다!",
        f"以下是该部分：\n\n{SAID}\n\n如需修改，请告诉我。",
    ],
)
def test_wrapping_and_small_talk_are_removed(text: str, tmp_path: Path) -> None:
    assert asked(lambda incoming: Reply(text), tmp_path)[0] == SAID


@pytest.mark.parametrize(
    "text",
    [
        "Here is the section of the file that matters: the header. [[s0001]]\n\nMore. [[s0002]]",
        "```python\nprint(1)\n```",
        "Let me know the bytes, he said. [[s0001]]",
        "Bytes are numbers. [[s0001]]\n\n> **Note.** In the lecture I said 300; it is 255.",
        "Bytes are numbers. [[s0001]]\n\nI have used both. [[s0002]]",
        "Here is the text of the block:\n\n```python\nprint(1)\n```\n\nIt prints. [[s0001]]",
        "Great tokenizers have one thing in common:\n\n- They merge. [[s0001]]",
        "The result follows:\n\n- Two. [[s0001]]",
        "We look at the code:\n\n```python\nprint(1)\n```\n\nIt prints. [[s0001]]",
    ],
)
def test_what_only_looks_like_small_talk_stays(text: str) -> None:
    assert unframed(text) == text


INNER = '{"title": "Bytes", "parts": ["a // b", "c"]}'


@pytest.mark.parametrize(
    "text",
    [
        INNER,
        f'{{"Result": {INNER}}}',
        f'{{"data": {{"plan": {INNER}}}}}',
        f"[{INNER}]",
        json.dumps(INNER),
        json.dumps({"response": INNER}),
        f"```json\n{INNER}\n```",
        f"Sure!\n\n```json\n[{INNER}]\n```\nLet me know.",
        f'<think>{{"title": "A draft", "parts": []}}</think>{INNER}',
        '{"title": "Bytes", // the name\n "parts": ["a // b", /* two */ "c",],}',
        INNER[:-1],
        f"```json\n{INNER[:-2]}\n```",
        "{'title': 'Bytes', 'parts': ['a // b', 'c']}",
        '{"title": "Bytes", "parts": ["a // b", "c"], "formula": "\\\\(x\\\\)"}'.replace(
            "\\\\", "\\"
        ),
    ],
)
def test_json_is_found_in_every_wrapping(text: str, tmp_path: Path) -> None:
    wanted = Plan(title="Bytes", parts=("a // b", "c"))
    assert parse(without_thoughts(text), Plan) == wanted
    with ChatServer(lambda incoming: Reply(text)) as server:
        some = client(server, tmp_path)

        async def ask() -> Plan:
            async with some:
                return await ask_json(some, question(), Plan, attempts=1)

        assert asyncio.run(ask()) == wanted


def test_null_is_what_a_model_has_nothing_to_say_of() -> None:
    assert parse('{"title": "Bytes", "parts": null}', Plan) == Plan(title="Bytes")
    with pytest.raises(ValueError, match="title"):
        parse('{"title": null, "parts": []}', Plan)


def test_a_formula_in_json_keeps_its_backslash() -> None:
    assert (
        parse('{"title": "About \\\\(x\\\\)"}'.replace("\\\\", "\\"), Plan).title == "About \\(x\\)"
    )
