"""What a writer left out on purpose: housekeeping, out-takes, repetition, each with its reason.

A reply ends with the list, between ``<left-out>`` and ``</left-out>``, one segment a line. The list
goes from the text into the report; coverage accepts it up to a share of the chunk's words, and
a single segment up to half of them: a short last chunk may end with a long farewell.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from pipeline.models import Segment
from pipeline.text.units import word_count

# Of the words spoken in a chunk; more is no housekeeping any more.
MOST_LEFT_OUT = 0.15
_MOST_OF_ONE = 0.5
_LIST = re.compile(r"<left-out>(.*?)(?:</left-out>|\Z)", re.DOTALL | re.IGNORECASE)
_LINE = re.compile(r"^\W*(s\d+)\]*(?:\s*[-–]\s*\[*(s\d+)\]*)?\s*[:：—–-]?\s*(.*)$")
_LONGEST_REASON = 120


def without_list(reply: str) -> str:
    """The reply without the list."""
    return _LIST.sub("", reply).strip()


def left_out(reply: str, segments: Sequence[Segment]) -> dict[str, str]:
    """The chunk's segments that the reply lists, and the reason for each; unknown ids are passed
    over."""
    order = [segment.id for segment in segments]
    found: dict[str, str] = {}
    for body in _LIST.findall(reply):
        for line in body.splitlines():
            match = _LINE.match(line.strip())
            if not match or match[1] not in order:
                continue
            last = match[2] if match[2] in order else match[1]
            reason = " ".join(match[3].split())[:_LONGEST_REASON]
            for name in order[order.index(match[1]) : order.index(last) + 1]:
                found[name] = reason
    return found


def is_too_much(names: Collection[str], segments: Sequence[Segment]) -> bool:
    """Whether more is left out than may be."""
    most = MOST_LEFT_OUT if len(set(names)) > 1 else _MOST_OF_ONE
    return words_left_out(names, segments) > most


def words_left_out(names: Collection[str], segments: Sequence[Segment]) -> float:
    """The share of the segments' words that stand in those of these names, 0 to 1."""
    spoken = {segment.id: word_count(segment.text) for segment in segments}
    total = sum(spoken.values())
    return sum(spoken.get(name, 0) for name in set(names)) / total if total else 0.0
