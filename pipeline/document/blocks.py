"""The typed document: what a section of a chapter is made of.

A block cites the segments that it retells and, once that is known, leads to a moment of the
lecture. A text block (``Paragraph``, ``Heading``) has its citations at its end; citations in the
middle of its text stay in the text. ``settled`` is the order that a sequence of blocks is always
in; the models bring themselves to it, so that no two documents say the same in different ways.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

from pipeline.document.characters import clean_code
from pipeline.document.citations import Citation, without_citations
from pipeline.document.inline import Inline, InlineLine, canonical, runs, write
from pipeline.document.runs import tidied
from pipeline.models import Box, Model

Alignment = Literal["", "left", "center", "right"]

PYTHON = frozenset({"python", "py", "python3", "py3", "pycon", "ipython", "ipython3", "pyconsole"})
# Languages of a fence that is no code, but text or what a program printed.
PLAIN = frozenset({"text", "output", "stdout", "console", "txt", "plaintext"})
MATH = "math"  # a fence of this language holds a formula
# Roles of asides that were added to a chapter, and that the lecture does not have.
ADDED = frozenset({"summary", "exercises", "questions", "answer"})
# The tag of a cell that was written from what is said, not copied from a screen.
RECONSTRUCTED = "reconstructed"
# The tag of a cell with a text of which the screen shows but a part; it runs on that part.
SHORTENED = "shortened"
_WORD = r"[^\s`~\\&{}]+"


class BaseBlock(Model):
    """What all blocks have: ``citations`` in order, and ``moment_ms``, None while not known."""

    citations: tuple[Citation, ...] = ()
    moment_ms: int | None = Field(None, ge=0)


class TextBlock(BaseBlock):
    """A block of one text. Citations at the end of ``text`` become ``citations``."""

    text: str

    @model_validator(mode="before")
    @classmethod
    def _lift_citations(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("text"), str) and "[[" in data["text"]:
            text, lifted = without_citations(runs(canonical(data["text"])))
            return data | {
                "text": write(text),
                "citations": (*lifted, *data.get("citations", ())),
            }
        return data


class Paragraph(TextBlock):
    """Running text; empty only where nothing but citations stands."""

    kind: Literal["paragraph"] = "paragraph"
    text: Inline


class Heading(TextBlock):
    """A heading within a section."""

    kind: Literal["heading"] = "heading"
    level: int = Field(3, ge=1, le=6)
    text: InlineLine


def _is_rectangle(box: Box) -> Box:
    if min(box.x, box.y) < 0 or min(box.width, box.height) < 1:
        raise ValueError("a crop is a rectangle within the picture")
    return box


Crop = Annotated[Box, AfterValidator(_is_rectangle)]


class Figure(BaseBlock):
    """A state of the screen: the id of its frame, a caption (inline Markdown), and the part of the
    picture that is shown, None for all of it.

    Citations in ``caption`` become ``citations``.
    """

    kind: Literal["figure"] = "figure"
    frame: str = Field(pattern=r"^[A-Za-z0-9_-]+$")
    caption: InlineLine = ""
    crop: Crop | None = None

    @property
    def picture(self) -> str:
        """The name of what is shown: the frame's, with the numbers of the crop behind it."""
        numbers = self.crop and (self.crop.x, self.crop.y, self.crop.width, self.crop.height)
        return "-".join([self.frame, *map(str, numbers or ())])

    @model_validator(mode="before")
    @classmethod
    def _lift_citations(cls, data: Any) -> Any:
        if isinstance(data, dict) and "[[" in str(data.get("caption", "")):
            found = runs(canonical(data["caption"]))
            lifted = [Citation.of(one.text) for one in found if one.kind == "citation"]
            caption = write(tidied(one for one in found if one.kind != "citation"))
            cited = (*lifted, *data.get("citations", ()))
            return data | {"caption": caption, "citations": cited}
        return data


class Source(BaseBlock):
    """Text shown letter by letter; ``source`` ends with a newline unless empty.

    ``language`` is the first word behind the fence in lower case, ``tags`` the further ones.
    """

    language: str = Field(pattern=rf"^{_WORD}$")
    tags: tuple[Annotated[str, Field(pattern=rf"^{_WORD}$")], ...] = ()
    source: str = ""

    @field_validator("source")
    @classmethod
    def _as_lines(cls, source: str) -> str:
        return _lines(source)


class Cell(Source):
    """Code. Its verdict, output and pictures hang on its ``id``, which is its own in the chapter.

    ``output`` is what the text shows that it prints, None for nothing; ``pictures`` are the paths
    of what it drew, in the check folder.
    """

    kind: Literal["cell"] = "cell"
    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")
    output: str | None = None
    pictures: tuple[Annotated[str, Field(pattern=r"^pictures/[\w.-]+$")], ...] = ()

    @field_validator("language")
    @classmethod
    def _is_code(cls, language: str) -> str:
        if language in PLAIN or language == MATH:
            raise ValueError(f"{language} is no language of code")
        return language

    @field_validator("output")
    @classmethod
    def _output_as_lines(cls, output: str | None) -> str | None:
        return _lines(output or "") or None

    @property
    def is_python(self) -> bool:
        """Whether it can be run."""
        return self.language in PYTHON

    @property
    def is_reconstructed(self) -> bool:
        """Whether it was written from what is said; no screen of the lecture shows it."""
        return RECONSTRUCTED in self.tags


class Listing(Source):
    """Text in the form of a listing that is no code: a log, a file, what a program printed."""

    kind: Literal["listing"] = "listing"
    language: str = "text"

    @field_validator("language")
    @classmethod
    def _is_plain(cls, language: str) -> str:
        if language not in PLAIN:
            raise ValueError(f"{language} is a language of code: make it a Cell")
        return language


class Formula(BaseBlock):
    """A displayed formula: LaTeX without marks around it, without empty lines."""

    kind: Literal["formula"] = "formula"
    latex: str = Field(min_length=1)

    @field_validator("latex")
    @classmethod
    def _without_empty_lines(cls, latex: str) -> str:
        lines = (line.strip() for line in clean_code(latex).split("\n"))
        return "\n".join(line for line in lines if line)


class Table(BaseBlock):
    """A table: titles and alignments of its columns; rows of as many cells (inline Markdown)."""

    kind: Literal["table"] = "table"
    header: tuple[Inline, ...] = Field(min_length=1)
    alignment: tuple[Alignment, ...]
    rows: tuple[tuple[Inline, ...], ...] = ()

    @model_validator(mode="after")
    def _is_rectangular(self) -> Table:
        widths = {len(self.header), len(self.alignment), *map(len, self.rows)}
        if len(widths) != 1:
            raise ValueError("all rows of a table have as many cells as its header")
        return self


class List(BaseBlock):
    """A list; each item is a sequence of blocks, maybe empty. ``start`` counts if ``ordered``."""

    kind: Literal["list"] = "list"
    ordered: bool = False
    start: int = Field(1, ge=0, le=999_999_999)
    items: tuple[Blocks, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _bullets_count_nothing(cls, data: Any) -> Any:
        return data | {"start": 1} if isinstance(data, dict) and not data.get("ordered") else data


class Quote(BaseBlock):
    """What somebody else wrote or said."""

    kind: Literal["quote"] = "quote"
    blocks: Blocks = Field(min_length=1)


class Note(BaseBlock):
    """An aside: ``> [!NOTE]`` with its word in lower case as ``role``; or a footnote, whose role is
    ``footnote`` and whose ``label`` stands in the text as ``[^label]``."""

    kind: Literal["note"] = "note"
    role: str = Field("note", pattern=r"^[a-z]{1,20}$")
    label: str = Field("", pattern=r"^[^\s\[\]^]{0,40}$")
    blocks: Blocks = ()

    @property
    def is_apart(self) -> bool:
        """Whether it stands apart from the order of the lecture: footnotes, and what was added to
        the chapter. Nothing in it leads to a moment of its own."""
        return bool(self.label) or self.role in ADDED

    @model_validator(mode="after")
    def _footnotes_have_labels(self) -> Note:
        if (self.role == "footnote") != bool(self.label):
            raise ValueError("a footnote has a label, and nothing else has")
        return self


Block = Annotated[
    Paragraph | Heading | Figure | Cell | Listing | Formula | Table | List | Quote | Note,
    Field(discriminator="kind"),
]
AnyBlock = Paragraph | Heading | Figure | Cell | Listing | Formula | Table | List | Quote | Note


def settled(blocks: Iterable[AnyBlock]) -> tuple[AnyBlock, ...]:
    """``blocks`` as they are read back once they are written.

    Citations alone in a paragraph belong to the block before, unless that is a heading; a listing
    of text right after a Python cell is its output; empty paragraphs and headings go.
    """
    made: list[AnyBlock] = []
    for block in blocks:
        before = made[-1] if made else None
        if isinstance(block, (Paragraph, Heading)) and not block.text:
            if isinstance(block, Heading):
                block = Paragraph(text="", citations=block.citations)
            if not block.citations:
                continue
            if before and not isinstance(before, Heading):
                cited = (*before.citations, *block.citations)
                made[-1] = before.model_copy(update={"citations": cited})
                continue
        if isinstance(block, Listing) and (joined := _with_output(before, block)):
            made[-1] = joined
            continue
        made.append(block)
    return tuple(made)


Blocks = Annotated[tuple[Block, ...], AfterValidator(settled)]
for _model in (List, Quote, Note):
    _model.model_rebuild()


def _with_output(before: AnyBlock | None, listing: Listing) -> Cell | None:
    """The cell before with the listing as its output; None when it is none, or has one."""
    if not isinstance(before, Cell) or before.citations or before.pictures:
        return None
    if before.output is not None or not listing.source:
        return None
    if not before.is_python and "output" not in (listing.language, *listing.tags):
        return None
    return before.model_copy(update={"output": listing.source, "citations": listing.citations})


def _lines(text: str) -> str:
    text = clean_code(text)
    return text if not text or text.endswith("\n") else text + "\n"
