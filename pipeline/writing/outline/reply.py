"""The outline as a model replies it, and as our own sections."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.document.outline import GlossaryTerm, OutlineSection
from pipeline.llm.structured import ReplyModel


class PlannedSection(ReplyModel):
    """A section as the model plans it; ``begins_with`` are its first words as they were said."""

    title: str
    purpose: str = ""
    first_segment: str
    last_segment: str
    begins_with: str = ""
    defines: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


class PlannedTerm(ReplyModel):
    """A glossary entry as the model gives it."""

    term: str
    heard_as: tuple[str, ...] = ()


class ExplainedTerm(PlannedTerm):
    """A glossary entry of a chapter in the lecture's language: what the term is, or nothing."""

    meaning: str = ""


class TranslatedTerm(PlannedTerm):
    """A glossary entry of a chapter in another language: the term's form there, or nothing."""

    written: str = ""


class PlannedLink(ReplyModel):
    """A link as the model gives it."""

    title: str
    url: str


class Plan(ReplyModel):
    """The reply to the outline prompt, as far as it is the same for all chapters."""

    title: str
    summary: str = ""
    sections: tuple[PlannedSection, ...]
    glossary: tuple[PlannedTerm, ...] = ()
    links: tuple[PlannedLink, ...] = ()


class ExplainedPlan(Plan):
    """The reply for a chapter in the lecture's language."""

    glossary: tuple[ExplainedTerm, ...] = ()


class TranslatedPlan(Plan):
    """The reply for a chapter in another language."""

    glossary: tuple[TranslatedTerm, ...] = ()


class WholePlan(ReplyModel):
    """The reply to the second level's prompt."""

    title: str
    summary: str = ""
    titles: tuple[str, ...] = ()


def sections_of(plan: Plan) -> tuple[OutlineSection, ...]:
    """The planned sections in our own form, numbered; nothing is checked."""
    return tuple(
        OutlineSection(
            id=f"sec{number:02d}",
            title=" ".join(section.title.split()),
            purpose=" ".join(section.purpose.split()),
            first_segment=section.first_segment.strip(),
            last_segment=section.last_segment.strip(),
            defines=section.defines,
            needs=section.needs,
        )
        for number, section in enumerate(plan.sections, start=1)
    )


def terms_of(plan: Plan) -> list[GlossaryTerm]:
    """The glossary in our own form, each text in one line; nothing is checked."""
    return [
        GlossaryTerm.model_validate(
            {
                name: " ".join(value.split()) if isinstance(value, str) else value
                for name, value in term.model_dump().items()
            }
        )
        for term in plan.glossary
    ]


def retitled(sections: Sequence[OutlineSection]) -> tuple[OutlineSection, ...]:
    """The sections with a second use of a title numbered."""
    seen: dict[str, int] = {}
    kept = []
    for number, section in enumerate(sections, start=1):
        title = section.title or f"Part {number}"
        count = seen[title.casefold()] = seen.get(title.casefold(), 0) + 1
        kept.append(
            section.model_copy(update={"title": title if count == 1 else f"{title} ({count})"})
        )
    return tuple(kept)
