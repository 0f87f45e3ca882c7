"""The real outputs stand in the article, and nothing else of it changes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.cells.checker import Text, check_texts
from pipeline.document.blocks import AnyBlock
from pipeline.document.parse import parse
from pipeline.document.serialise import serialise
from pipeline.settings.check import CheckSettings
from tests.cells.conftest import Check, sandboxed, statuses

Rewritten = Callable[[str], str]


def test_an_output_is_put_after_a_cell_that_had_none(rewritten: Rewritten) -> None:
    assert rewritten("Before.\n\n```python\nprint(1)\n```\nAfter.\n") == (
        "Before.\n\n```python\nprint(1)\n```\n\n```text output\n1\n```\n\nAfter.\n"
    )


def test_a_false_output_gives_way_to_the_real_one(rewritten: Rewritten) -> None:
    assert rewritten("```python\nprint(2 + 2)\n```\n\n**Output:**\n\n```\n5\n```\n\nEnd.\n") == (
        "```python\nprint(2 + 2)\n```\n\n```text output\n4\n```\n\nEnd.\n"
    )


def test_an_output_that_was_claimed_and_did_not_come_goes(rewritten: Rewritten) -> None:
    text = rewritten("```python\nx = 1\n```\n\n```text\n1\n```\n\nEnd.\n")
    assert text == "```python\nx = 1\n```\n\nEnd.\n"


@pytest.mark.parametrize(
    ("line", "corrected"),
    [
        ("print(60 + 5)  # 66", "print(60 + 5)  # 65"),
        ("[4, 6]  # [4, 7]", "[4, 6]  # [4, 6]"),
        ("print('a b')  # -> a c", "print('a b')  # -> a b"),
        ("print(60 + 5)  # 65", "print(60 + 5)  # 65"),
        ("print(1, 2)  # the two", "print(1, 2)  # the two"),
    ],
)
def test_false_comments_are_corrected_in_place(
    rewritten: Rewritten, line: str, corrected: str
) -> None:
    assert f"```python\n{corrected}\nend = 0\n```" in rewritten(
        f"```python\n{line}\nend = 0\n```\n"
    )


def test_an_output_too_long_to_read_is_cut_and_says_so(rewritten: Rewritten) -> None:
    text = rewritten("```python\nfor i in range(1000): print(i)\n```\n")
    assert "59\n... (940 more lines)\n```" in text


def test_an_abbreviated_output_is_replaced_by_the_whole(rewritten: Rewritten) -> None:
    text = rewritten("```python\nprint(list(range(5)))\n```\n\n```text\n[0, 1, ...]\n```\n")
    assert "[0, 1, 2, 3, 4]" in text


def test_a_cell_that_did_not_run_keeps_what_the_text_says(rewritten: Rewritten) -> None:
    text = "```python\nimport no_such_package\n```\n\n```text output\n42\n```\n"
    assert rewritten(text) == text


def test_checking_twice_changes_nothing_more(rewritten: Rewritten) -> None:
    text = "Words [[s0001]].\n\n- item\n\n  ```python\n  print('a')\n  3  # 4\n  ```\n\nEnd.\n"
    once = rewritten(text)
    assert "  ```text output\n  a\n  3\n  ```" in once
    assert rewritten(once) == once


IN_LISTS = """\
1. First:

   ```python
   x = 1
   print(x)
   ```

2. Then:

   ```python
   for i in range(2):
       print(i + x)
   ```

- Bullet:
  ```python
  def f():
      return \"""a
      b\"""
  print(f())  # a
  ```
> Note:
>
> ```python
> print("in a quote")
> ```

> [!TIP]
> ```python
> 6 * 7
> ```
"""


def test_cells_in_lists_and_quotations_get_their_outputs_in_place(rewritten: Rewritten) -> None:
    assert (
        rewritten(IN_LISTS)
        == """\
1. First:

   ```python
   x = 1
   print(x)
   ```

   ```text output
   1
   ```

2. Then:

   ```python
   for i in range(2):
       print(i + x)
   ```

   ```text output
   1
   2
   ```

- Bullet:

  ```python
  def f():
      return \"""a
      b\"""
  print(f())  # a
  ```

  ```text output
  a
      b
  ```

> Note:
>
> ```python
> print("in a quote")
> ```
>
> ```text output
> in a quote
> ```

> [!TIP]
>
> ```python
> 6 * 7
> ```
>
> ```text output
> 42
> ```
"""
    )


def test_an_output_that_was_cut_is_not_called_false_when_it_is_checked_again(check: Check) -> None:
    text = "```python\nfor i in range(1000): print(i)\n```\n"
    shown = "".join(f"{number}\n" for number in range(60)) + "... (940 more lines)\n"
    again = check(f"{text}\n```text output\n{shown}```\n")
    assert statuses(again) == ["passed"]


MIXED = """\
Words. [[s0001]]

- item

  ```python
  print("a")
  3  # 4
  ```

  Output:

  ```
  b
  ```

> ```python
> print({1: 2})
> 1 / 0
> ```

```python excerpt
print(5)
```

```text
6
```

```bash
ls
```
"""


def test_the_checked_document_is_not_changed_by_another_check() -> None:
    def checked(blocks: tuple[AnyBlock, ...]) -> tuple[AnyBlock, ...]:
        return check_texts([Text("", blocks)], sandboxed(), CheckSettings()).blocks[0]

    once = checked(parse(MIXED))
    assert once != parse(MIXED)
    assert checked(once) == once
    assert parse(serialise(once)) == once


def test_a_text_without_cells_is_left_alone(rewritten: Rewritten) -> None:
    text = "# Title\n\nWords, `code`, and\n\n```text\na quotation\n```\n\n![x](frame:f0001)\n"
    assert rewritten(text) == text


def test_output_with_fences_in_it_stays_in_its_block(rewritten: Rewritten) -> None:
    text = rewritten("```python\nprint('```\\n# not a heading\\n```')\n```\n")
    assert "````text output\n```\n# not a heading\n```\n````" in text


def test_the_partial_output_of_an_endless_cell_is_shown(rewritten: Rewritten) -> None:
    text = rewritten("```python\nprint('so far')\nimport os\nos.abort()\n```\n")
    assert "```text output\nso far\n```" in text
