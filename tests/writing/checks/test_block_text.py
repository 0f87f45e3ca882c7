"""What a block says, for the checks: its words, formulas, code and outputs."""

from __future__ import annotations

from pipeline.document.parse import parse
from pipeline.writing.checks.block_text import code_of, everything_in

TEXT = """We count. [[s0001]]

```python
print(41 + 1)
```

```output
42
```
"""


def test_an_output_is_part_of_the_code_that_is_checked() -> None:
    blocks = parse(TEXT)
    assert [one.strip() for one in code_of(blocks)] == ["print(41 + 1)", "42"]
    assert "42" in everything_in(blocks) and "We count." in everything_in(blocks)
