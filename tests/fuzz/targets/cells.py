"""Code cells: what is extracted is put back unchanged, and comparing outputs ends."""

from __future__ import annotations

import contextlib
import json

from pipeline.cells.compare import agree, normalise
from pipeline.cells.oracles.token_claims import TokenClaims
from pipeline.cells.program import (
    defined_names,
    has_magic,
    prepared,
    rewritten,
    with_claimed_outputs,
)
from pipeline.cells.repair import code_of
from pipeline.cells.sandbox.message_stream import FrameSplitter
from pipeline.cells.sandbox.output_buffer import OutputBuffer
from pipeline.document import walk
from pipeline.document.blocks import AnyBlock, Cell
from pipeline.document.parse import parse
from pipeline.document.serialise import serialise
from tests.fuzz.target import Target, halves, text_of

_CELLS = b"""```python
x = 1 + 1
print(x)  # 2
```

Output:

```text
2
```

- in a list
  ~~~py excerpt
  >>> x
  2
  ~~~
"""


def cells(data: bytes) -> None:
    """Cells of any Markdown; with real outputs in place they are found again, with these."""
    text = text_of(data)
    before = with_claimed_outputs(parse(text))
    assert with_claimed_outputs(before) == before
    after = walk.changed(before, _ran)
    again = walk.cells(with_claimed_outputs(parse(serialise(after))))
    assert [(one.language, one.source) for one in again] == [
        (one.language, one.source) for one in walk.cells(before)
    ]
    assert all(one.output == "out\n" for one in again if one.is_python)
    for cell in again:
        has_magic(cell.source)
        defined_names(cell.source)
    code_of(text)
    list(TokenClaims().read(text, [text], {}))


def _ran(block: AnyBlock) -> list[AnyBlock]:
    """The cell as it is after it printed something."""
    if not isinstance(block, Cell) or not block.is_python:
        return [block]
    shown = rewritten(prepared(block), (), "out\n")
    assert rewritten(prepared(shown), (), "out\n") == shown
    return [shown]


def compare(data: bytes) -> None:
    """A claim agrees with itself; comparing any two texts gives an answer."""
    claimed, real = halves(data)
    assert agree(claimed, claimed)
    assert agree(real, real)
    assert isinstance(agree(claimed, real), bool)
    assert normalise(normalise(real)) == normalise(real)


def frames(data: bytes) -> None:
    """Raw output and messages come out as they went in, however the stream is cut."""
    size = 1 + (data[0] if data else 0)
    stream = data[1:].replace(b"\0t", b"\0u")
    message = json.dumps({"a": stream.hex()}).encode()
    whole = stream + b"\0tk." + message + b"\0" + stream
    splitter = FrameSplitter("t", ["k"], 1 << 20)
    raw, messages = b"", []
    for start in range(0, len(whole), size):
        for piece in splitter.feed(whole[start : start + size]):
            if isinstance(piece, bytes):
                raw += piece
            else:
                messages.append(piece.data)
    assert messages == [{"a": stream.hex()}]
    assert (stream + stream).startswith(raw)
    assert len(stream) * 2 - len(raw) <= 1  # a byte that may begin a frame waits for the next
    hostile = FrameSplitter("t", ["k"], 1 << 16)
    with contextlib.suppress(ValueError):
        list(hostile.feed(b"\0t" + data))


def messages(data: bytes) -> None:
    """What a cell may forge as the worker's messages: taken, or refused as garbled."""
    collected = OutputBuffer(1 << 16, 7, "w")
    splitter = FrameSplitter("t", ["k", "w"], 1 << 20)
    for line in data.split(b"\n"):
        with contextlib.suppress(ValueError, KeyError, TypeError, OverflowError):
            for piece in splitter.feed(b"\0t" + line + b"\0"):
                if isinstance(piece, bytes):
                    collected.add("stdout", piece)
                else:
                    collected.take(piece)
    outcome = collected.outcome()
    if outcome.done:
        assert int(outcome.done.seconds) >= 0
    assert all(isinstance(picture.content, bytes) for picture in outcome.pictures)


_DONE = (
    b'k.{"event": "picture", "ticket": "", "kind": "png"}\x01iVBORw0KGgo=\n'
    b'k.{"event": "done", "ticket": "", "error": null, "result": "1", "seconds": 0.5, '
    b'"attempts": [["file", "x"]], "names": {"x": "int"}}'
)
TARGETS = (
    Target(
        "cells",
        cells,
        (
            _CELLS,
            b"```python\nprint('a')\n# -> a\n```\n\n```\na\n```",
            b"\t~~~~\n~~~\n~~~~~\n````a`\n```",
        ),
    ),
    Target(
        "compare",
        compare,
        (
            b"[1, 2, ...]\n====\n[1, 2, 3]",
            b"0.333\n====\n0.333333",
            b"{'a': 1}\n====\n{'a': 1.0}",
            b"took 1.5 ms at 0x7f3a9c2b10",
        ),
    ),
    Target(
        "messages",
        messages,
        (
            b'k.{"event": "begin", "ticket": "", "statement": 0}\n'
            b'k.{"event": "end", "ticket": "", "statement": 0, "value": "1"}\n' + _DONE,
            b'w.{"event": "exit", "process": 7, "code": -14}',
            b'k.{"event": "answer", "ticket": ""}\x01[["value", 1]]\n'
            b'k.{"event": "ready", "ticket": "", "worker": 8}',
        ),
        textual=False,
    ),
    Target("frames", frames, (b"\x03print\0some", b'\x00.{"a": 1}\0'), textual=False),
)
