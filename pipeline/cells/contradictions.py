"""Numbers in the prose around a cell that its real output contradicts.

The text claimed an output, the cell printed another one, and the prose beside it still speaks of
the number that was claimed. Only such numbers are found that stand neither in the real output nor
in the cell: a reader finds them nowhere but in the prose.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pipeline.cells.report import CellReport, OracleReport
from pipeline.document.blocks import AnyBlock, List, Paragraph, Quote
from pipeline.document.walk import cells, prose_of
from pipeline.text.numbers.reading import known_numbers, written_numbers

# How many blocks before and after a cell are about it.
_NEAR = 2


def contradictions(
    blocks: Sequence[AnyBlock], reports: Mapping[str, CellReport]
) -> Iterator[OracleReport]:
    """What is found in one text, in its order.

    Args:
        blocks: the text, checked.
        reports: of its cells, by their ids.
    """
    for at, block in enumerate(blocks):
        for cell in cells([block]):
            report = reports.get(cell.id)
            if report is None or report.status != "mismatch" or not report.claimed:
                continue
            near = [block, *_around(blocks, at)]
            wrong = _wrong_numbers(report)
            said = [one for one in dict.fromkeys(written_numbers(prose_of(near))) if one in wrong]
            if said:
                printed = " ".join(report.stdout.split())[:80]
                yield OracleReport(
                    name="prose",
                    status="failed",
                    detail=f"the text says {', '.join(said)}, cell {report.index} gives {printed}",
                )


def _around(blocks: Sequence[AnyBlock], at: int) -> list[AnyBlock]:
    """The prose up to ``_NEAR`` blocks away, not past another cell."""
    found: list[AnyBlock] = []
    for way in (-1, 1):
        for place in range(at + way, at + way * (_NEAR + 1), way):
            if not 0 <= place < len(blocks) or cells([blocks[place]]):
                break
            if isinstance(blocks[place], (Paragraph, List, Quote)):
                found.append(blocks[place])
    return found


def _wrong_numbers(report: CellReport) -> set[str]:
    """The numbers that were claimed and stand neither in the real output nor in the code."""
    real = written_numbers(report.stdout)
    if not real:
        return set()
    right = known_numbers(report.stdout, report.source)
    return set(written_numbers(report.claimed or "")) - right
