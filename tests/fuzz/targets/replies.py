"""What comes back from a language model: replies in Markdown and JSON, and replies on disk."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

from pipeline.document.outline import GlossaryTerm, Link, OutlineSection
from pipeline.llm.reply_store import read_all
from pipeline.llm.reply_text import meant
from pipeline.llm.structured import parse
from pipeline.models import Segment
from pipeline.writing.checks.block_text import known_addresses, runs_in
from pipeline.writing.checks.chunk import check
from pipeline.writing.checks.cleaning import cleaned
from pipeline.writing.chunks import Chunk
from pipeline.writing.outline.checks import (
    known_links,
    known_terms,
    repaired_sections,
    section_problems,
)
from pipeline.writing.prompt_context import PromptContext
from pipeline.writing.replies.reply_cleanup import read_reply
from pipeline.writing.replies.seams import Joint
from tests.fuzz.target import Target, text_of

_SEGMENTS = tuple(
    Segment(
        id=f"s{number:04d}",
        start_ms=number * 30_000,
        end_ms=(number + 1) * 30_000,
        text="I count the pairs of bytes and you merge the most frequent one, 256 times.",
        first_word=0,
        last_word=13,
    )
    for number in range(1, 5)
)
_SECTION = OutlineSection(
    id="sec1", title="Pairs of bytes", first_segment="s0001", last_segment="s0004"
)
_MATERIAL = PromptContext(
    label="section 1, part 1",
    chunk=Chunk(
        section=0,
        part=0,
        parts=1,
        segments=_SEGMENTS,
        words=60,
        target_words=40,
        headings=1,
        figures=0,
    ),
    section=_SECTION,
    screens=(),
    before="",
    after="",
    earlier_code=(),
    glossary=(GlossaryTerm(term="BPE", heard_as=("bpa",)),),
    links=(Link(title="minbpe", url="https://example.org/minbpe"),),
)
_REPLY = b"""<think>hm</think>```markdown
## Pairs of bytes

I count the pairs [s1, s2]. ![A slide](frame:f1 "title") See [it](https://example.org/minbpe).

```python
x = 1
```
```
"""
_RECORD = b"""---
key: abc
label: outline
model: m
finish: stop
tokens_sent: 1
tokens_cached: 0
tokens_received: 2
---
The reply.
"""


def reply(data: bytes) -> None:
    """Any reply is tidied, checked and cleaned; no address is left that was not given."""
    text = meant(text_of(data))
    blocks = read_reply(text, _MATERIAL)
    check(blocks, _MATERIAL)
    good = cleaned(blocks, _MATERIAL)
    links = {run.link for block in good for run in runs_in(block)}
    assert links <= {"", *known_addresses(_MATERIAL.links)}
    assert cleaned(good, _MATERIAL) == good


def json_reply(data: bytes) -> None:
    """A JSON reply is of the wanted form, or a ValueError that says why not."""
    with contextlib.suppress(ValueError):
        parse(text_of(data), Joint)


def record(data: bytes) -> None:
    """A damaged reply on disk is passed over, and hides no other."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "a-1.md").write_bytes(_RECORD)
        (folder / "b-2.md").write_bytes(data)
        assert read_all(folder)[0].answer.text == "The reply.\n"


def plan(data: bytes) -> None:
    """Any plan is held against the lecture: it covers all segments in order, or it is refused."""
    lines = text_of(data).split("\n")
    sections = [
        OutlineSection(id=f"x{n}", title=line, first_segment=line[:5], last_segment=line[-5:])
        for n, line in enumerate(lines[:20])
    ]
    section_problems(sections, _SEGMENTS)
    repaired = repaired_sections(sections, _SEGMENTS)
    if repaired:
        problems = section_problems(repaired, _SEGMENTS)
        assert not [one for one in problems if "begin" in one or "segment" in one]
    links = [Link(title=line, url=line) for line in lines[:20]]
    assert all(link.url.startswith(("http://", "https://")) for link in known_links(links, lines))
    known_terms([GlossaryTerm(term=line, heard_as=(line[1:],)) for line in lines[:20]], "", lines)


TARGETS = (
    Target("reply", reply, (_REPLY, b"Sure, here it is:\n\nI count. [[s0001-s0004]]")),
    Target(
        "json",
        json_reply,
        (b'Here: {"first": "a, ]", "second": null,}', b'```json\n{"first": {"x": [1e9]}}\n```'),
    ),
    Target("record", record, (_RECORD,), textual=False),
    Target("plan", plan, (b"s0001 a s0002\ns0003 b s0004\nhttps://example.org", b"s0001\ns0004")),
)
