"""Thoughts, wrapping and small talk are taken off, whatever a model puts around its reply."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from pipeline.llm.reply_framing import unframed
from pipeline.llm.reply_text import meant, without_thoughts
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
    "Gemma's unused words": f"<unused94>thought\n{PLAN}<unused95>{SAID}<unused7>",
    "Gemini's control words": f"<ctrl94>thought\n{PLAN}\n<ctrl95>{SAID}",
    "bare channels in small letters": f"analysiswe write {PLAN}assistantfinal{SAID}",
    "bare commentary": f"commentaryI will write.assistantfinal{SAID}",
    "capital answer tags": f"<Thought>\n{PLAN}\n</Thought>\n<Output>\n{SAID}\n</Output>",
    "text of Cohere": f"<|START_TEXT|>{SAID}<|END_TEXT|>",
    "role of Granite": f"<|start_of_role|>assistant<|end_of_role|>{SAID}<|end_of_text|>",
    "role as a word": f"assistant\n\n{SAID}",
    "special number": f"<think>{PLAN}</think>{SAID}<SPECIAL_12>",
    "turn of EXAONE": f"{SAID}[|endofturn|]",
    "goes on as the user": f"{SAID}<|im_end|>\n<|im_start|>user\nThanks!<|im_end|>",
    "goes on as another": f"{SAID}<end_of_turn>\n<start_of_turn>user\nMore, [[s0009]]!",
    "in the fence": f"```markdown\n<think>\n{PLAN}\n</think>\n{SAID}\n```",
    "before the fence": f"<think>{PLAN}</think>\n```markdown\n{SAID}\n```",
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
        "analysis is the first step, and the assistant finally answers. [[s0001]]",
        "It is sent so: [[s0001]]\n\n```text\nHi<|im_end|>\n<|im_start|>user\nYes\n```",
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
        f"Here is the prose:\n\n{SAID}",
        f"I will now write the text.\n\n{SAID}",
        f"Based on the lecture, here is the section:\n\n{SAID}",
        f"I'd be happy to help! Here is the rewritten part:\n\n{SAID}",
        f"Markdown:\n\n{SAID}",
        f"Zeker, hier is de sectie:\n\n{SAID}",
        f"Jasne, oto sekcja:\n\n{SAID}",
        f"Självklart! Här är avsnittet:\n\n{SAID}",
        f"Tabii ki! İşte bölüm:\n\n{SAID}",
        f"बिल्कुल, यहाँ अनुभाग है:\n\n{SAID}",
        f"בטח, הנה הקטע:\n\n{SAID}",
        f"```Markdown\n{SAID}\n```",
        f"``` markdown\n{SAID}\n```",
        f"{SAID}\n```",
        f"Here is the section:\n```md\n{SAID}\n```\nLet me know if you'd like changes.",
        f"<article>\n{SAID}\n</article>",
        f"{SAID}\n\n**Total words: 310**",
        f"{SAID}\n\n[Word count: 310]",
        f"{SAID}\n\nShall I continue with the next part?",
        f"{SAID}\n\nReady for the next section.",
        f"{SAID}\n\nI've followed the style guide and cited every paragraph.",
        f"{SAID}\n\nFeel free to ask for changes.\n\nBest regards",
        f"{SAID}\n\n---\n*Note: This text follows the house style.*",
        f"{SAID}\n\n**Changes made:**\n- the citation\n- the number",
        f"{SAID}\n\nSag Bescheid, wenn du Änderungen möchtest.",
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
        "Of course there are two cases:\n\n- One. [[s0001]]",
        "Natürlich gilt hier:\n\n$$x^2$$\n\nDas genügt. [[s0001]]",
        "Certo, lo dice lui:\n\n> Bytes. [[s0001]]",
        "We print it. [[s0001]]\n\n```\n1\n```",
        "Two changes were made. [[s0001]]\n\n- The first. [[s0002]]",
    ],
)
def test_what_only_looks_like_small_talk_stays(text: str) -> None:
    assert unframed(text) == text
    assert meant(text) == text


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
