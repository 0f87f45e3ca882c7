"""What a block says, for the checks: its words, formulas, code and outputs."""

from __future__ import annotations

from pipeline.document.parse import parse
from pipeline.document.walk import prose_of
from pipeline.text.languages.guess import is_foreign
from pipeline.writing.checks.block_text import code_of, everything_in, prose_beside_code

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


def test_letters_in_code_make_a_table_no_other_language() -> None:
    blocks = parse(
        "| New token | Sequence | Tokens in the sequence | Vocabulary size |\n"
        "| --- | --- | --- | --- |\n"
        "| none | `de la que se` | 11 | 4 |\n| `la` = `el` | `el de el que se` | 9 | 5 |\n"
        "| `los` = `de` | `los la los que` | 7 | 6 |\n\n[[s0001]]\n"
    )
    assert is_foreign(prose_of(blocks), "en")
    assert not is_foreign(prose_beside_code(blocks), "en")
    assert "Vocabulary size" in prose_beside_code(blocks)
