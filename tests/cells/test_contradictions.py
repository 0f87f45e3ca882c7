"""What the prose says of a cell's output is held against the output that it has."""

from __future__ import annotations

import pytest

from pipeline.cells.contradictions import contradictions
from pipeline.cells.report import CellReport
from pipeline.document.parse import numbered, parse
from pipeline.document.walk import cells
from tests.cells.conftest import Check

TEXT = """The merge gives 259 tokens in 3 rounds.

```python
print(len(range(260)), 3)
```

```text output
259 3
```

So there are 259 of them.

```python
print(1)
```

Far away 259 is another number.
"""


def found(text: str, status: str = "mismatch", stdout: str = "260 3\n") -> list[str]:
    blocks = parse(text, numbered("c-"))
    first = cells(blocks)[0]
    report = CellReport.model_validate(
        {
            "id": first.id,
            "index": 1,
            "section": "",
            "language": "python",
            "source": first.source,
            "status": status,
            "claimed": first.output,
            "stdout": stdout,
        }
    )
    return [one.detail for one in contradictions(blocks, {first.id: report})]


def test_a_number_that_the_output_contradicts_is_found() -> None:
    assert found(TEXT) == ["the text says 259, cell 1 gives 260 3"]


@pytest.mark.parametrize(
    ("text", "status", "stdout"),
    [
        (TEXT, "passed", "259 3\n"),
        (TEXT, "failed", ""),
        (TEXT, "mismatch", "no number\n"),
        (TEXT.replace("range(260)", "range(259 + 1)"), "mismatch", "260 3\n"),
        (
            TEXT.replace("gives 259", "gives 260").replace("are 259", "are many"),
            "mismatch",
            "260 3",
        ),
    ],
)
def test_what_agrees_or_stands_in_the_code_is_none(text: str, status: str, stdout: str) -> None:
    assert found(text, status, stdout) == []


def test_a_check_reports_it_and_is_not_good(check: Check) -> None:
    report = check(TEXT)
    assert report.cells[0].status == "mismatch" and not report.is_good()
    assert [one.detail for one in report.oracles if one.name == "prose"] == [
        "the text says 259, cell 1 gives 260 3"
    ]
