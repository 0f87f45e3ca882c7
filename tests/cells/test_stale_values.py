"""What is computed from a value that is not the lecture's is not held against its outputs."""

from __future__ import annotations

from pipeline.cells.stale_values import StaleValues
from tests.cells.conftest import Check, statuses

LESSON = """```python
text = "short"
```

```python
def size():
    return len(text)
print(size())
```

```python skip-execution
text = "a long text that no screen shows whole ..."
```

```python
print(len(text))
```

```output
24000
```

```python
size()
```

```python
half = size() / 2
```

```python
print(half)
```

```output
12000.0
```

```python
text = "short"
print(size())
```

```output
6
```
"""


def test_outputs_of_the_lecture_stay_where_its_text_is_not_there_to_run(check: Check) -> None:
    report = check(LESSON)
    wanted = ["passed", "passed", "skipped", "shown", "shown", "passed", "shown", "mismatch"]
    assert statuses(report) == wanted
    why = "ran on another text than the lecture's, as cell 3 did not"
    assert [report.cells[k].reason for k in (3, 4)] == [why] * 2
    assert report.cells[6].reason == "ran on another half than the lecture's, as cell 3 did not"
    assert report.cells[3].claimed == "24000"


CUT_OFF = """```python shortened
text = "a long text of which the screen shows but a …"
tokens = list(text.encode())
print(len(tokens))
```

```output
24597
```

```python
def halved(values):
    return values[: len(values) // 2]
print(len(halved(tokens)))
```

```output
12298
```

```python
print(tokens[5000])
```

```python
print(len(halved([1, 2])))
```

```output
1
```

```python
undefined(tokens)
```
"""


def test_a_text_that_the_screen_cuts_off_runs_and_what_follows_keeps_the_outputs_of_the_lecture(
    check: Check,
) -> None:
    report = check(CUT_OFF)
    assert statuses(report) == ["shown", "shown", "skipped", "passed", "failed"]
    assert [cell.ran for cell in report.cells] == [True, True, False, True, False]
    first, second, third = report.cells[:3]
    assert first.reason == "ran on the part of its text that the screen shows"
    why = "on another tokens than the lecture's, as cell 1 has but a part of it"
    assert (second.reason, second.claimed) == (f"ran {why}", "12298")
    assert third.reason == f"fails {why} (IndexError: list index out of range)"
    assert report.headline == "3 of 5 cells ran"


def test_a_cut_text_whose_output_is_the_lectures_all_the_same_passes(check: Check) -> None:
    code = "text = 'a long text …'\nprint(text == text)"
    report = check(f"```python shortened\n{code}\n```\n\n```output\nTrue\n```\n")
    assert statuses(report) == ["passed"]


def test_a_first_value_and_a_function_shown_in_part_make_nothing_stale() -> None:
    values = StaleValues()
    values.left_out("text = 'a long one'", 1)
    assert values.used_by("print(text)") is None
    values.ran("text = 'short'\ndef f(): return text")
    values.left_out("def f(): ...", 3)
    assert values.used_by("f()") is None


def test_names_of_a_function_itself_are_no_names_of_the_session() -> None:
    values = StaleValues()
    values.ran("ids = [1]\ndef f(ids): return len(ids)\ndef g(): return f(ids)")
    values.left_out("ids = [1, 2]", 2)
    assert values.used_by("f([3])") is None
    assert values.used_by("g()") == ("ids", 2)
    assert values.used_by("this is no Python") is None


def test_only_what_is_made_of_a_stale_value_is_stale() -> None:
    values = StaleValues()
    values.ran("tokens = [1]")
    values.left_out("tokens = [1, 2]", 2)
    values.ran("size = 276\nids = list(tokens)\nmerges = {}\nfor i in ids:\n    merges[i] = i")
    assert values.used_by("size") is None
    assert values.used_by("ids") == ("ids", 2)
    assert values.used_by("ids = [3]\nprint(ids)") is None
    assert values.used_by("merges") == ("merges", 2)
    assert values.used_by("{i: [i] for i in range(3)}") is None
    values.ran("found = []\nfound.append(ids[0])\nkept = []\nkept.append(size)")
    assert values.used_by("found") == ("found", 2)
    assert values.used_by("kept") is None
