"""The few words that the transcript edition adds, in the lecture's language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class EditionWords:
    """``at_time`` is a format with the field ``{clock}``."""

    on_screen: str
    slide: str
    code: str
    diagram: str
    screen: str
    at_time: str
    own_words: str
    stop: str = "."


_FURNITURE = {
    "en": EditionWords(
        on_screen="On the screen",
        slide="Slide",
        code="Code",
        diagram="Diagram",
        screen="Screen",
        at_time="The screen at {clock}",
        own_words="In the lecturer’s own words:",
    ),
    "zh": EditionWords(
        on_screen="屏幕上",
        slide="幻灯片",
        code="代码",
        diagram="图示",
        screen="屏幕",
        at_time="{clock} 时的屏幕",
        own_words="以下为讲者原话：",
        stop="。",
    ),
    "de": EditionWords(
        on_screen="Auf dem Bildschirm",
        slide="Folie",
        code="Code",
        diagram="Diagramm",
        screen="Bildschirm",
        at_time="Der Bildschirm bei {clock}",
        own_words="In den eigenen Worten des Vortrags:",
    ),
    "es": EditionWords(
        on_screen="En la pantalla",
        slide="Diapositiva",
        code="Código",
        diagram="Diagrama",
        screen="Pantalla",
        at_time="La pantalla en {clock}",
        own_words="En las propias palabras de la clase:",
    ),
    "fr": EditionWords(
        on_screen="À l’écran",
        slide="Diapositive",
        code="Code",
        diagram="Schéma",
        screen="Écran",
        at_time="L’écran à {clock}",
        own_words="Dans les mots mêmes du cours :",
    ),
}


def edition_words(language: str | None) -> EditionWords:
    """The words for ``language`` (``de``, ``de-AT``); English where there are none."""
    return _FURNITURE.get((language or "en").lower().split("-")[0], _FURNITURE["en"])
