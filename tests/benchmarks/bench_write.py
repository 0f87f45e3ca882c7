"""Writing against a server that takes two seconds a reply: python -m tests.benchmarks.bench_write

Prints, for made-up lectures of 1, 2, 2h13m and 4 hours, the wall time of the write stage beside
the ideal (calls in full rounds of eight), and the tokens sent beside the transcript. A run is then
killed with SIGKILL in the middle and started again; calls that were answered twice are counted.

    python -m tests.benchmarks.bench_write --lecture FOLDER [--outline FILE] [--shared-words N]

writes a converted lecture (its folder holds the stages up to the outline) by a scripted model that
invents a number in every third part and repairs it when asked to, and prints calls, tokens, and
what share of the tokens sent stood at the beginning of an earlier request, where a server's cache
has them.
"""

from __future__ import annotations

import argparse
import math
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.artifacts import OUTLINE, SEGMENTS, TRANSCRIPT, VIDEO
from pipeline.document.outline import Outline
from pipeline.engine.progress import Silent
from pipeline.engine.workspace import Workspace
from pipeline.llm.client import Client
from pipeline.llm.tokens import estimate_tokens
from pipeline.settings.llm import LLMSettings
from pipeline.settings.write import WriteSettings
from pipeline.writing.writer import write_chapter
from tests.servers.chat import ChatServer, Incoming, Reaction, Reply, good_writer, shortened
from tests.writing import lecture

REPLY_S = 2.0
CONCURRENCY = 8
WORDS = 92  # spoken in half a minute, as in the lecture the bar was measured on
LENGTHS = {"1 h": 120, "2 h": 240, "2 h 13 min": 267, "4 h": 480}


def write(address: str, count: int, folder: Path) -> None:
    """Write a lecture of ``count`` segments with a slide each minute."""
    settings = LLMSettings(base_url=address, model="scripted", concurrency=CONCURRENCY)
    write_chapter(
        Client(settings, folder / "replies", Silent()),
        lecture.video(count),
        lecture.segments(count, folder, WORDS),
        lecture.transcript(count, WORDS),
        lecture.outline(count, 9),
        WriteSettings(),
        settings,
        folder,
        Silent(),
    )


def row(name: str, count: int) -> str:
    """One line of the table."""
    transcript = sum(len(one.text) for one in lecture.segments(count, None, WORDS).segments) // 4
    with tempfile.TemporaryDirectory() as folder, ChatServer(good_writer, REPLY_S) as server:
        lecture.segments(count, Path(folder), WORDS)  # the pictures are drawn before the clock runs
        began = time.monotonic()
        write(server.base_url, count, Path(folder))
        wall = time.monotonic() - began
        calls = len(server.requests)
        sent = sum(len(one.text) // 4 + 425 * one.pictures for one in server.requests)
    ideal = math.ceil(calls / CONCURRENCY) * REPLY_S
    return (
        f"{name:<11} {calls:>5} {wall:>7.1f} {ideal:>7.1f} {wall / ideal:>6.2f} "
        f"{sent:>10,} {sent / transcript:>8.2f}"
    )


def killed() -> str:
    """Kill a run of the long lecture in the middle, go on, and count what was answered twice."""
    count = LENGTHS["2 h 13 min"]
    with tempfile.TemporaryDirectory() as folder, ChatServer(good_writer, REPLY_S) as server:
        command = [sys.executable, "-m", "tests.benchmarks.bench_write", server.base_url]
        child = subprocess.Popen([*command, str(count), folder])
        while server.answered < 15:
            time.sleep(0.05)
        child.send_signal(signal.SIGKILL)
        child.wait()
        time.sleep(REPLY_S + 0.5)
        kept = {path.name for path in Path(folder, "replies").glob("*.prompt.md")}
        before = len(server.requests)
        subprocess.run([*command, str(count), folder], check=True)
        after = server.requests[before:]
        repeated = [one for one in after if one.attempt > 1]
        total = len({one.key for one in server.requests})
    return (
        f"killed after {len(kept)} kept replies; then {len(after)} calls of {total}; "
        f"asked again because the kill cut them off: {len(repeated)}; "
        f"kept replies asked for again: {len(after) + len(kept) - total}"
    )


_CODE_WANTED = re.compile(r"^- (.*): give the code as a complete cell below this$", re.MULTILINE)
_FAULTY = re.compile(r"^=== block \d+ ===\n.*?(?=^=== block |^\(block \d|\Z)", re.M | re.DOTALL)
_DEFINED = re.compile(r"\b(?:def|class)\s+([A-Za-z]\w*)")
INVENTED = " It took 31337 steps."
PICTURE_TOKENS = 425


def sloppy_writer(incoming: Incoming) -> Reaction:
    """Good parts, of which every third has an invented number until it is asked to repair it."""
    if incoming.task == "repair":
        request = _texts_in(incoming.body["messages"][-1]).rpartition("Reply with the")[0]
        problems = request.partition("=== block ")[0]
        code = [_cell(name) for line in _CODE_WANTED.findall(problems) for name in _names(line)]
        blocks = [block.replace(INVENTED, "") for block in _FAULTY.findall(request)]
        return Reply("\n\n".join([*blocks, *code]))
    if incoming.task != "chunk":
        return good_writer(incoming)
    texts = [
        _text(part)
        for part in re.split(r"(?=^Write (?:part \d|the section))", incoming.text, flags=re.M)[1:]
    ]
    if len(texts) == 1:
        return Reply(texts[0])
    return Reply("\n\n".join(f"=== text {n} ===\n\n{text}" for n, text in enumerate(texts, 1)))


def _texts_in(message: Any) -> str:
    """A message's text without its pictures."""
    content = message["content"]
    parts: list[Any] = content if isinstance(content, list) else [{"text": content}]
    return "\n\n".join(part["text"] for part in parts if "text" in part)


def _text(request: str) -> str:
    """A part of a chapter: its segments shortened, spelled as the glossary says, and the functions
    on its screens."""
    speech = request.partition("<speech>\n")[2].partition("</speech>")[0]
    segments = re.findall(r"^(?:\([\d:]+\) )?\[(s\d+)\] (.*)$", speech, re.MULTILINE)
    paragraphs = [f"{shortened(said)} [[{name}]]" for name, said in segments if said.split()]
    if int(segments[0][0][1:]) % 3 == 0:
        paragraphs[0] = paragraphs[0].replace(" [[", f"{INVENTED} [[")
    text = "\n\n".join(paragraphs)
    for term, heard in re.findall(r"^(.+?) \(heard as: ([^()\n]+)\)", request, re.MULTILINE):
        for form in sorted(heard.split("; "), key=len, reverse=True):
            spelled = term.replace("\\", r"\\")
            text = re.sub(rf"(?<!\w){re.escape(form)}(?!\w)", spelled, text, flags=re.IGNORECASE)
    shown = re.findall(r"<screen [^>]*usable[^>]*>(.*?)</screen>", request, re.DOTALL)
    shown += re.findall(r"<shown-code [^>]*>(.*?)</shown-code>", request, re.DOTALL)
    names = [name for screen in shown for name in _DEFINED.findall(screen)]
    return "\n\n".join([text, *map(_cell, dict.fromkeys(names))])


def _names(line: str) -> list[str]:
    return re.findall(r"`(\w+)`", line)


def _cell(name: str) -> str:
    """About as many tokens as a function on a screen has."""
    return f"```python\ndef {name}(ids):\n" + "    ids = list(ids)\n" * 10 + "    return ids\n```"


def converted(folder: Path, outline: Path | None, settings: WriteSettings) -> str:
    """What writing a converted lecture takes."""
    workspace = Workspace(folder)
    planned = workspace.read(OUTLINE)
    if outline:
        planned = Outline.model_validate_json(outline.read_bytes())
    with tempfile.TemporaryDirectory() as replies, ChatServer(sloppy_writer) as server:
        llm = LLMSettings(base_url=server.base_url, model="scripted", concurrency=1)
        article, _ = write_chapter(
            Client(llm, Path(replies), Silent()),
            workspace.read(VIDEO),
            workspace.read(SEGMENTS),
            workspace.read(TRANSCRIPT),
            planned,
            settings,
            llm,
            folder,
            Silent(),
        )
        requests = server.requests
        tasks = server.tasks()
    sent = [_pieces(one) for one in requests]
    total = sum(tokens for pieces in sent for _, tokens in pieces)
    cached = sum(
        max((_same(pieces, other) for other in sent[:place]), default=0)
        for place, pieces in enumerate(sent)
    )
    spent = dict.fromkeys(tasks, 0)
    for task, pieces in zip(tasks, sent, strict=True):
        spent[task] += sum(tokens for _, tokens in pieces)
    kinds = ", ".join(f"{tasks.count(task)} {task}: {spent[task]:,} in" for task in spent)
    return (
        f"{len(planned.sections)} sections: {len(requests)} calls ({kinds}), {total:,} tokens in "
        f"({PICTURE_TOKENS * sum(one.pictures for one in requests):,} of them for pictures), "
        f"{article.usage.output_tokens:,} out; {cached / total:.0%} of what was sent stood at the "
        "beginning of an earlier request"
    )


def _pieces(incoming: Incoming) -> list[tuple[str, int]]:
    """The texts and pictures of a request in order, each with its tokens."""
    found: list[tuple[str, int]] = []
    for message in incoming.body["messages"]:
        content: Any = message["content"]
        parts: list[Any] = content
        if isinstance(content, str):
            parts = [{"type": "text", "text": content}]
        for part in parts:
            if part["type"] == "text":
                found.append((part["text"], estimate_tokens(part["text"])))
            else:
                found.append((part["image_url"]["url"], PICTURE_TOKENS))
    return found


def _same(one: Sequence[tuple[str, int]], other: Sequence[tuple[str, int]]) -> int:
    """Tokens with which both begin."""
    total = 0
    for (text, tokens), (before, _) in zip(one, other, strict=False):
        if text != before:
            pairs = enumerate(zip(text, before, strict=False))
            end = next((at for at, (a, b) in pairs if a != b), min(len(text), len(before)))
            return total + estimate_tokens(text[:end])
        total += tokens
    return total


def main() -> None:
    """Print the table."""
    print(f"{'lecture':<11} {'calls':>5} {'wall s':>7} {'ideal s':>7} {'ratio':>6}", end=" ")
    print(f"{'tokens in':>10} {'x speech':>8}")
    for name, count in LENGTHS.items():
        print(row(name, count), flush=True)
    print(killed())


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("child", nargs="*", help="ADDRESS COUNT FOLDER: write, to be killed")
    parser.add_argument("--lecture", type=Path)
    parser.add_argument("--outline", type=Path)
    parser.add_argument("--shared-words", type=int)
    return parser.parse_args()


if __name__ == "__main__":
    given = _arguments()
    if given.lecture:
        changed = {} if given.shared_words is None else {"shared_words": given.shared_words}
        print(converted(given.lecture, given.outline, WriteSettings.model_validate(changed)))
    elif given.child:
        write(given.child[0], int(given.child[1]), Path(given.child[2]))
    else:
        main()
