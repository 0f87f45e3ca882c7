"""How far a written chapter keeps to the lecture: ``write/fidelity.json``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from pipeline.models import Edition, Model

CheckResult = Literal["passed", "failed", "not for this language"]


class SectionFidelity(Model):
    """How far one written section keeps to the lecture.

    ``words_in`` are the words spoken, ``words_out`` those written (code and citations not counted).
    ``not_covered`` are segments whose content is missing from the text; ``problems`` what is still
    wrong after all repairs, one line each; ``repairs`` how many passages were written again.
    ``edition`` is transcript where no part was written by the model; ``replaced`` names the parts
    in which the lecturer's own words stand in place of the model's, and why; ``left_out`` are the
    segments that the writer left out, and why. ``checks`` says of each check: ``passed``,
    ``failed``, or ``not for this language`` where there is none.
    """

    id: str
    title: str
    words_in: int = 0
    words_out: int = 0
    not_covered: tuple[str, ...] = ()
    numbers_without_source: tuple[str, ...] = ()
    identifiers_without_source: tuple[str, ...] = ()
    citations_checked: int = 0
    figures_checked: int = 0
    repairs: int = 0
    problems: tuple[str, ...] = ()
    edition: Edition = "llm"
    replaced: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    checks: Mapping[str, CheckResult] = Field(default_factory=dict)


class FidelityReport(Model):
    """``write/fidelity.json``: one entry per section, in order."""

    sections: tuple[SectionFidelity, ...]
