"""Words that a person corrected, and a title given in the library: ``corrections.json``."""

from __future__ import annotations

from functools import lru_cache

import regex
from pydantic import Field, field_validator, model_validator

from pipeline.document.characters import clean_prose
from pipeline.errors import RenderError
from pipeline.models import Model

# Each goes over the whole chapter: so many are a minute for two hours of lecture.
MOST_CORRECTIONS = 1_000
# Letters that all of them together may add, a long lecture's worth: "a" by "bb" and "b" by "aa" by
# turns double each time.
_MOST_ADDED = 1_000_000
_LONGEST_TITLE = 2_000  # of a corrected one: the same holds for it


class Correction(Model):
    """``wrong`` is written ``right``: in passages and cues that begin within ``start_ms`` up to
    ``end_ms`` (exclusive), or everywhere where these are None. Code stays as it is."""

    wrong: str = Field(min_length=1, max_length=200)
    right: str = Field(max_length=200)
    start_ms: int | None = Field(None, ge=0)
    end_ms: int | None = Field(None, ge=0)

    @field_validator("right")
    @classmethod
    def _is_text_of_a_line(cls, right: str) -> str:
        return clean_prose(right).replace("\n", " ")

    @model_validator(mode="after")
    def _says_something(self) -> Correction:
        if not self.wrong.strip() or self.wrong == self.right:
            raise ValueError("a correction changes something")
        if (self.start_ms is None) != (self.end_ms is None):
            raise ValueError("a place has a start and an end")
        return self

    def holds_at(self, ms: int | None) -> bool:
        """Whether it is meant for what begins at this moment."""
        if self.start_ms is None or self.end_ms is None:
            return True
        return ms is not None and self.start_ms <= ms < self.end_ms

    def applied(self, text: str) -> str:
        """``text`` with it; whole words only, whatever the spaces between them. Where it says
        already what is right, it stays: ``Karpathy`` by ``Andrej Karpathy``, laid over twice."""
        return _pattern(self.wrong, self.right).sub(
            lambda match: self.right if match["wrong"] else match[0], text
        )

    def places(self, text: str) -> list[tuple[int, int]]:
        """Where ``text`` has what it corrects: the first letter, and the one after the last."""
        found = _pattern(self.wrong, self.right).finditer(text)
        return [match.span() for match in found if match["wrong"]]


class Corrections(Model):
    """The whole file: the ``title`` that the chapter was given (None: its own), and the corrections
    in the order in which they are applied."""

    title: str | None = Field(None, max_length=200)
    corrections: tuple[Correction, ...] = Field((), max_length=MOST_CORRECTIONS)

    @field_validator("title")
    @classmethod
    def _is_text_of_a_line(cls, title: str | None) -> str | None:
        return " ".join(clean_prose(title or "").split()) or None

    def titled(self, title: str) -> str:
        """What a chapter whose own title is ``title`` is called."""
        if self.title is not None:
            return self.title
        for one in self.corrections:
            title = one.applied(title)[:_LONGEST_TITLE] if one.start_ms is None else title
        return title


class Growth:
    """Counts the letters that corrections add to a chapter, and refuses growth without end."""

    def __init__(self) -> None:
        self._added = 0

    def add(self, letters: int, one: Correction) -> None:
        """Count what ``one`` added at a place; fewer than none count as none.

        Raises:
            RenderError: it is more than all corrections of a chapter may add.
        """
        self._added += max(0, letters)
        if self._added > _MOST_ADDED:
            raise RenderError(
                f"corrections.json: the corrections add more than {_MOST_ADDED:,} letters, "
                f"at the latest with {one.wrong[:40]!r}",
                "take out those that repeat what they replace",
            )


@lru_cache(maxsize=MOST_CORRECTIONS)
def _pattern(wrong: str, right: str) -> regex.Pattern[str]:
    """What is to be replaced, as the group ``wrong``, and before it what is right already."""
    words = rf"(?P<wrong>{_words(wrong)})"
    if _whole(_words(wrong)).search(right):
        words = f"{_words(right)}|{words}"
    return _whole(words)


def _words(text: str) -> str:
    return r"\s+".join(map(regex.escape, text.split()))


def _whole(words: str) -> regex.Pattern[str]:
    spaced = r"[\p{L}\p{M}\p{N}_--\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]"
    whole = rf"(?<!{spaced}(?={spaced}))(?:{words})(?!(?<={spaced}){spaced})"
    return regex.compile(whole, regex.V1)
