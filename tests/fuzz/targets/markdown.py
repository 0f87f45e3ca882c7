"""The Markdown of sections, as models write it and people edit it."""

from __future__ import annotations

from pipeline.document.article import section_file
from pipeline.document.blocks import Heading
from pipeline.document.parse import parse, parse_edited
from pipeline.document.serialise import serialise
from pipeline.document.walk import cells, cited, prose_of, walk
from pipeline.llm.special_tokens import escape, restore
from pipeline.text.house_words import is_boilerplate
from pipeline.text.numbers.reading import known_numbers, numbers_in
from tests.fuzz.target import Target, text_of
from tests.render.forms import WithoutDrawings

_SECTION = """It reads tokens [[s0001]], 50,000 of them.

## Why `C#`?

![A caption with a \\] bracket](frame:f0001)

```python
x = "[[s1]]"
```

- two hundred fifty six bytes [s2, s0003]
"""
_SEGMENTS = [f"s{number:04d}" for number in range(1, 5)]


def blocks(data: bytes) -> None:
    """What was read is written and read as the same, cells keep their ids, no code is prose;
    in a file for other readers no word and no code is lost."""
    text = text_of(data)
    found = parse(text)
    assert parse(serialise(found)) == found
    assert parse_edited(serialise(found), found, iter(())) == found
    assert all(1 <= block.level <= 6 for block in walk(found) if isinstance(block, Heading))
    loose = parse(text, (), _SEGMENTS)
    assert [cell.source for cell in cells(loose)] == [cell.source for cell in cells(found)]
    assert parse(serialise(loose)) == loose
    for block in loose:
        assert all(citation.first[0] == citation.last[0] == "s" for citation in cited(block))
    portable = parse(serialise(found, WithoutDrawings()))
    assert prose_of(portable) == prose_of(found)
    assert [cell.source for cell in cells(portable)] == [cell.source for cell in cells(found)]


def numbers(data: bytes) -> None:
    """Numbers in any text, in one form, all of them known in their own text."""
    text = text_of(data)
    assert {one.value for one in numbers_in(text)} <= known_numbers(text)


def tokens(data: bytes) -> None:
    """Special tokens: the way back is exactly the opposite of the way out."""
    text = text_of(data)
    assert restore(escape(text)) == text


def titles(data: bytes) -> None:
    """A section's file name is safe, whatever its title."""
    text = text_of(data)
    name = section_file(1, text)
    assert name.startswith("sections/01-")
    assert name.endswith(".md")
    assert name[9:].replace("-", "").replace(".", "").isalnum()
    assert len(name) < 100
    is_boilerplate(text)


TARGETS = (
    Target("blocks", blocks, (_SECTION.encode(), b"~~~\n```\n~~~\n", b"# #\n#\n## C# ##\n")),
    Target(
        "numbers",
        numbers,
        (b"50,000 merges, 2.20 times, GPT-2, 1.5 million", b"two hundred and fifty six point two"),
    ),
    Target("tokens", tokens, (b"<|im_start|>, hidden <\xc2\xa6x\xc2\xa6>, [INST] </s>",)),
    Target("titles", titles, (b"3. Why not just bytes?", b"Conclusion:", "字节对".encode())),
)
