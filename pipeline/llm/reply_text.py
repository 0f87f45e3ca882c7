"""What a model meant to say, out of what it sent: without thoughts, wrapping and small talk.

This is the one place where they are removed; nothing else reads a reply before.
"""

from __future__ import annotations

import bisect
import re

from pipeline.llm.reply_framing import unframed

# Tags of DeepSeek, Qwen, Gemini, Claude, Seed and their kin, also as a server escapes them;
# Mistral's, Kimi's, Cohere's, OpenThinker's, MedGemma's and Gemma 4's control words.
_NAMES = (
    r"(?:[a-z]+[:_])?(?:think(?:ing)?|thoughts?|reason(?:ing)?|reflection|scratch_?pad|antthinking"
    r"|analysis|monologue|cot|chain_of_thoughts?|plan(?:ning)?)(?:_(?:process|content|steps?))?"
)
_OPEN = re.compile(
    rf"(?i:(?:[<＜]|&lt;)\s?{_NAMES}(?:\s[^<>\n/]{{0,80}})?(?:[>＞]|&gt;))|\[THINK(?:ING)?\]|◁think▷"
    r"|<[|｜](?:begin[_▁]of[_▁]thought|START_THINKING|think(?:ing)?)[|｜]>|<(?:unused|ctrl)94>(?:thought\b)?"
    r"|<\|channel>(?:thought\b)?"
)
_CLOSE = re.compile(
    rf"(?i:(?:[<＜]|&lt;)/\s?{_NAMES}\s*(?:[>＞]|&gt;))|\[/THINK(?:ING)?\]|◁/think▷"
    r"|<[|｜](?:end[_▁]of[_▁]thought|END_THINKING|/think(?:ing)?)[|｜]>|<(?:unused|ctrl)95>|<channel\|>"
)
_NO_THOUGHT = re.compile(rf"<{_NAMES}\s?/>", re.IGNORECASE)
# What tells thoughts from the reply by words, at its beginning: Granite and Apriel, web interfaces'
# folded blocks, fences, and the labels of models that were told to think aloud.
_TOLD = re.compile(
    r"(?:here (?:is|are) my (?:thought process|thoughts|reasoning(?: steps)?):"
    r".*?(?:\n[ *]*here is my (?:response|answer):[ *]*\n|\[BEGIN FINAL RESPONSE\]|\Z)"
    r"|<details(?: type=\"reasoning\"[^<>]{0,80}>"
    r"|(?: open)?>\s*<summary>[\W_]{0,6}(?:thought|thinking|reasoning))"
    r".*?</details>"
    r"|(?P<fence>`{3,}|~{3,})(?:think(?:ing)?|thoughts?|reasoning)\n.*?\n(?P=fence)"
    r"|[*#_ ]{0,6}(?:thinking(?: process)?|thoughts?|reasoning):.*?"
    r"\n[*#_ ]{0,6}(?:(?:final )?(?:answer|response|output):[*_ ]{0,3}\n|final answer:[*_ ]{0,3})"
    r"|thinking\.{3}\n.*?\n\.{3} ?done thinking\.?\n)",
    re.DOTALL | re.IGNORECASE,
)
# The harmony format of gpt-oss, with its control words and as some servers send it without them.
_CHANNEL = re.compile(r"<\|channel\|>\s*(\w+)(?:[^<]|<\|constrain\|>){0,200}<\|message\|>")
_MESSAGE_END = re.compile(r"<\|(?:end|return|start|call|channel)\|>")
_BARE_CHANNELS = re.compile(
    r"\s*(?:(?:analysis|commentary)(?=\S|\n).*assistantfinal"
    r"|(?:analysis|commentary)(?=[A-Z\n]).*assistant\s*final|assistantfinal)(?=\S|\n)",
    re.DOTALL,
)
_SOLUTION = re.compile(
    r"<\|(?:(?:begin|end)_of_(?:solution|box)|(?:START|END)_(?:RESPONSE|TEXT))\|>"
    r"|\[END FINAL RESPONSE\]"
)
_TURN_BEGINS = re.compile(
    r"(?:(?:<s>|<bos>|<\|begin_of_text\|>|\ufeff){1,3}"
    r"|<\|start_header_id\|>assistant<\|end_header_id\|>|<\|im_start\|>assistant\b|<\|message\|>"
    r"|<\|start_of_role\|>assistant<\|end_of_role\|>|<start_of_turn>model\b|<unused\d{1,4}>"
    r"|<[|｜]assistant[|｜]>|assistant:(?=\s)|(?-i:assistant|model)[ \t]*\n)",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    r"\s*<(answer|response|output|result|final(?:_answer)?)>(.*)</\1>\s*",
    re.DOTALL | re.IGNORECASE,
)
_TURN_END = re.compile(
    r"<[|｜][\w▁]{1,40}[|｜]>|<(?:end_of_turn|turn\||eos|/s|unused\d{1,4}|SPECIAL_\d{1,4})>"
    r"|\[/INST\]|\[\|endofturn\|\]",
    re.IGNORECASE,
)
# A model that nobody stops goes on with the next turn of the talk.
_NEXT_TURN = re.compile(
    r"(?:<\|(?:im_end|eot_id|end|end_of_text)\|>|<(?:end_of_turn|turn\||/s)>)\s{0,4}"
    r"(?:<\|(?:im_start|start_header_id|start_of_role|user|turn)\|?>|<start_of_turn>|<s>|\[INST\])"
)
_ANSWER_BEGINS = re.compile(r"<(answer|response|output)>\s*", re.IGNORECASE)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
# Of thoughts, wrapping and small talk around each other; servers were seen with three.
_MOST_LAYERS = 16
_TICKS = re.compile(r"(?<!`)(`++)[^`\n]+\1")


def meant(reply: str) -> str:
    """What the model meant to say: no thoughts, and neither wrapping nor small talk around it, in
    whatever order they lie around each other; empty when there is nothing else.

    >>> meant("```markdown\\n<think>Hm.</think>\\n\\nBytes are numbers. [[s0001]]\\n```")
    'Bytes are numbers. [[s0001]]'
    """
    for _ in range(_MOST_LAYERS):
        before, reply = reply, unframed(without_thoughts(reply))
        if reply == before:
            break
    return reply


def without_thoughts(reply: str) -> str:
    """``reply`` without what the model thought aloud; empty when there is nothing else.

    Thoughts are known by their marks: at the beginning (ended or not), before an end mark that has
    no beginning, and as a block of their own further on. Marks in code are the lecture's.

    >>> without_thoughts("<think>The user wants [[s0001]].</think>Bytes are numbers.")
    'Bytes are numbers.'
    >>> without_thoughts("A plan.\\n</think>\\n\\nBytes are numbers.")
    'Bytes are numbers.'
    >>> without_thoughts("The tag `</think>` ends it.")
    'The tag `</think>` ends it.'
    """
    text = _after(_TURN_BEGINS, _final_channel(reply))
    text = _after(_NO_THOUGHT, _after(_TOLD, text))
    text = _without_leading(text)
    text = _without_orphaned(text)
    text = _without_blocks(text)
    text = _after(_TURN_BEGINS, text)
    text = _SOLUTION.sub("", text).rstrip()
    text = _without_turn_ends(_first_turn(text))
    if found := _ANSWER.fullmatch(text):
        text = found[2]
    elif (begun := _ANSWER_BEGINS.match(text)) and f"</{begun[1]}" not in text:
        text = text[begun.end() :]
    return text.strip("\n") if text.strip() else ""


def _after(pattern: re.Pattern[str], text: str) -> str:
    """``text`` behind what it begins with, if it does."""
    found = pattern.match(text := text.lstrip())
    return text[found.end() :] if found else text


def _first_turn(text: str) -> str:
    """``text`` up to where it goes on as somebody else; code may show such a talk."""
    code = _code_in(text) if _NEXT_TURN.search(text) else []
    for found in _NEXT_TURN.finditer(text):
        if not any(begin <= found.start() < end for begin, end in code):
            return text[: found.start()]
    return text


def _without_turn_ends(text: str) -> str:
    while text.endswith((">", "]")):
        begin = max(text.rfind("<"), text.rfind("["))
        if not _TURN_END.fullmatch(text, begin):
            break
        text = text[:begin].rstrip()
    return text


def _final_channel(reply: str) -> str:
    marks = list(_CHANNEL.finditer(reply))
    if not marks:
        bare = _BARE_CHANNELS.match(reply)
        return reply[bare.end() :] if bare else reply
    final = [mark for mark in marks if mark[1] == "final"]
    if not final:
        return ""
    rest = reply[final[-1].end() :]
    end = _MESSAGE_END.search(rest)
    return rest[: end.start()] if end else rest


class _Marks:
    """Where thoughts begin and end in a text, and where code stands; found once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.opens = list(_OPEN.finditer(text))
        self.closes = list(_CLOSE.finditer(text))
        self._open_places = [mark.start() for mark in self.opens]
        self._close_places = [mark.start() for mark in self.closes]
        self._code = _code_in(text) if self.opens or self.closes else []

    def in_code(self, mark: re.Match[str]) -> bool:
        number = bisect.bisect_right(self._code, mark.start(), key=lambda span: span[0]) - 1
        return number >= 0 and mark.start() < self._code[number][1]

    def end_of(self, begin: re.Match[str]) -> int:
        """Where the thought ends that begins with a mark; the end of the text when nowhere.

        Marks are counted, since a thought may hold others; a thought that only speaks of a
        beginning ends with the last end mark.
        """
        before = bisect.bisect_left(self._open_places, begin.end())
        first = bisect.bisect_left(self._close_places, begin.end())
        closes = self.closes[first:]
        for number, place in enumerate(self._close_places[first:]):
            if bisect.bisect_left(self._open_places, place) - before <= number:
                return closes[number].end()
        outside = [close for close in closes if not self.in_code(close)]
        return (outside or closes)[-1].end() if closes else len(self.text)


def _without_leading(text: str) -> str:
    marks = _Marks(text)
    place = 0
    for begin in marks.opens:
        if begin.start() < place:
            continue
        if text[place : begin.start()].strip():
            break
        place = marks.end_of(begin)
    return text[place:]


def _without_orphaned(text: str) -> str:
    """Without what stands before the last end mark that has no beginning."""
    marks = _Marks(text)

    def counts(mark: re.Match[str]) -> bool:
        inline = text[mark.start() - 1 : mark.start()] == " " == text[mark.end() : mark.end() + 1]
        return not inline and not marks.in_code(mark)

    begun = [mark.start() for mark in marks.opens if counts(mark)]
    closes = [mark for mark in marks.closes if counts(mark)]
    for number, close in reversed(list(enumerate(closes))):
        if bisect.bisect_left(begun, close.start()) <= number:
            return text[close.end() :]
    return text


def _without_blocks(text: str) -> str:
    """Without thoughts that begin a line further on."""
    marks = _Marks(text)
    kept, place = [], 0
    for begin in marks.opens:
        line_start = text.rfind("\n", 0, begin.start()) + 1
        is_inline = bool(text[line_start : begin.start()].strip())
        if begin.start() < place or is_inline or marks.in_code(begin):
            continue
        kept.append(text[place:line_start].strip())
        place = marks.end_of(begin)
    rest = text[place:].strip() if kept else text
    return "\n\n".join(piece for piece in [*kept, rest] if piece)


def _code_in(text: str) -> list[tuple[int, int]]:
    """Where code stands: fenced blocks that are closed, and spans between backticks; in order."""
    spans: list[tuple[int, int]] = []
    fence, began, place = "", 0, 0
    for line in text.splitlines(keepends=True):
        mark = _FENCE.match(line)
        if not fence and mark:
            fence, began = mark[1], place
        elif fence and mark and mark[1].startswith(fence) and not line.strip(" `~\r\n"):
            spans.append((began, place + len(line)))
            fence = ""
        elif not fence:
            spans += [(place + a, place + b) for a, b in (t.span() for t in _TICKS.finditer(line))]
        place += len(line)
    return spans
