"""The Markdown of sections, as models write it and people edit it."""

from __future__ import annotations

from pipeline.document.citation_markup import (
    find_citations,
    find_figures,
    map_text,
    span_ms,
    tidy_citations,
)
from pipeline.document.markdown_blocks import join_blocks, prose_of, split_blocks
from pipeline.document.section_files import section_file
from pipeline.llm.special_tokens import escape, restore
from pipeline.text.numbers import known_numbers, numbers_in
from pipeline.writing.outline.checks import is_boilerplate
from tests.fuzz.target import Target, text_of

_SECTION = """It reads tokens [[s0001]], 50,000 of them.

## Why `C#`?

![A caption with a \\] bracket](frame:f0001)

```python
x = "[[s1]]"
```

- two hundred fifty six bytes [s2, s0003]
"""
_TIMES = {f"s{number:04d}": (number * 1000, number * 1000 + 900) for number in range(1, 5)}


def blocks(data: bytes) -> None:
    """Splitting what was joined gives the same; citations are tidied once and never invented."""
    text = text_of(data)
    found = split_blocks(text)
    joined = join_blocks(found)
    assert join_blocks(split_blocks(joined)) == joined
    if all(block.closed for block in found):
        assert split_blocks(joined) == found
    assert all((block.level > 0) == (block.kind == "heading") for block in found)
    code = [block.code for block in found if block.kind == "code"]
    tidy = tidy_citations(text, list(_TIMES))
    assert tidy_citations(tidy, list(_TIMES)) == tidy
    assert [block.code for block in split_blocks(tidy) if block.kind == "code"] == code
    for citation in find_citations(text):
        span = span_ms(citation, _TIMES)
        assert span is None or (citation.first in _TIMES and citation.last in _TIMES)
    for figure in find_figures(text):
        assert text[figure.start : figure.end].endswith(f"(frame:{figure.frame})")
    map_text(text, str.upper)
    prose_of(text)


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
