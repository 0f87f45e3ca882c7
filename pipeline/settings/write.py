"""Settings of the write stage."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pipeline.settings.base import Settings, run_only


class WriteSettings(Settings):
    """``write:`` in config.yaml; the outline stage reads ``edition`` and ``language`` too."""

    edition: Literal["auto", "llm", "transcript"] = Field(
        "auto", description="auto: llm when a server is configured, else transcript"
    )
    language: str | None = Field(
        None, description="language of the chapter, e.g. en or zh; null: the lecture's"
    )
    detail: float = Field(
        0.65, ge=0.45, le=0.85, description="words written per word spoken (llm edition)"
    )
    instructions: str = Field("", description="free wishes for the writer (llm edition)")
    chunk_words: int = Field(
        750, ge=200, le=2000, description="spoken words that one call writes up (llm edition)"
    )
    shared_words: int = Field(
        1200,
        ge=0,
        le=4000,
        description="neighbouring sections with together at most so many spoken words are written "
        "in one call; 0: none are (llm edition)",
    )
    repairs: int = Field(
        2, ge=0, le=5, description="times a passage that fails a check is sent back (llm edition)"
    )
    joints: bool = Field(
        True, description="one light pass over the places where two calls' texts meet (llm edition)"
    )
    summary: bool = Field(
        False,
        description="add what the chapter teaches in five lines, marked as added (llm edition)",
    )
    questions: bool = Field(
        False,
        description="add the lecturer's exercises and five questions with answers folded away, "
        "marked as added (llm edition)",
    )
    reconstruct: bool = Field(
        False,
        description="code that the speech describes and no screen shows is written anew from "
        "what is said, run if it is Python, and marked as reconstructed; else told in prose "
        "(llm edition)",
    )
    follow_book: bool = run_only(
        False,
        "write a chapter of a book again, at its price, when the chapters before it have changed",
    )
