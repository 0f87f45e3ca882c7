"""The footnotes of a section: numbered in the order of their marks, at the section's end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from pipeline.document.blocks import AnyBlock, Note
from pipeline.render.html.anchors import Anchors


class Footnotes:
    """Numbers the footnotes of one section while its text is written."""

    def __init__(self, notes: Sequence[Note], anchors: Anchors) -> None:
        self._notes: dict[str, list[AnyBlock]] = {}
        for note in notes:
            self._notes.setdefault(note.label, []).extend(note.blocks)
        self._anchors = anchors
        self._order: list[str] = []
        self._places: dict[str, str] = {}
        self._marks: dict[str, list[str]] = {}

    def mark(self, label: str) -> str:
        """The mark in the text; the label as it is written where no footnote has it."""
        if label not in self._notes:
            return escape(f"[^{label}]")
        number = self._number(label)
        mark = self._anchors.take(f"note-mark-{number}")
        self._marks[label].append(mark)
        link = f'<a class="footnote-ref" href="#{self._places[label]}">{number}</a>'
        return f'<sup id="{mark}">{link}</sup>'

    def _number(self, label: str) -> int:
        if label not in self._places:
            self._order.append(label)
            self._places[label] = self._anchors.take(f"note-{len(self._order)}")
            self._marks[label] = []
        return self._order.index(label) + 1

    def html(self, convert: Callable[[Sequence[AnyBlock]], str]) -> str:
        """The notes with links back to their marks, those without a mark last; "" for none.

        Args:
            convert: makes the HTML of blocks; marks in a footnote may bring up further ones.
        """
        items: list[tuple[str, str]] = []
        while len(items) < len(self._notes):
            if len(items) == len(self._order):
                self._number(next(one for one in self._notes if one not in self._places))
            label = self._order[len(items)]
            items.append((label, convert(self._notes[label])))
        if not items:
            return ""
        made = "\n".join(self._item(label, text) for label, text in items)
        return f'\n<div class="footnote">\n<hr>\n<ol>\n{made}\n</ol>\n</div>'

    def _item(self, label: str, text: str) -> str:
        back = "".join(
            f' <a class="footnote-backref" href="#{mark}">↩</a>' for mark in self._marks[label]
        )
        inside = f"{text[: -len('</p>')]}{back}</p>" if text.endswith("</p>") else text + back
        return f'<li id="{self._places[label]}">{inside}</li>'
