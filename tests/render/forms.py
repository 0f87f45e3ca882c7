"""Forms of Markdown for tests."""

from __future__ import annotations

from pipeline.render.formats.markdown import PortableForms


class WithoutDrawings(PortableForms):
    """Without the words that stand for a drawing where it cannot be seen."""

    def drawing(self, path: str, words: str) -> str:
        return ""
