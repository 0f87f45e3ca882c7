"""The few words that the transcript edition adds, in the lecture's language."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.i18n.page import language_of


@dataclass(frozen=True)
class EditionWords:
    """``at_time`` is a format with the field ``{clock}``.

    ``quotes`` are the marks around a title (CLDR's delimiters), ``colon`` stands behind a label.
    """

    on_screen: str
    slide: str
    code: str
    diagram: str
    screen: str
    at_time: str
    own_words: str
    stop: str = "."
    quotes: tuple[str, str] = ("“", "”")
    colon: str = ": "


_WORDS = {
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
        colon="：",
    ),
    "de": EditionWords(
        on_screen="Auf dem Bildschirm",
        slide="Folie",
        code="Code",
        diagram="Diagramm",
        screen="Bildschirm",
        at_time="Der Bildschirm bei {clock}",
        own_words="In den eigenen Worten des Vortrags:",
        quotes=("„", "“"),
    ),
    "es": EditionWords(
        on_screen="En la pantalla",
        slide="Diapositiva",
        code="Código",
        diagram="Diagrama",
        screen="Pantalla",
        at_time="La pantalla en {clock}",
        own_words="En las propias palabras de la clase:",
        quotes=("«", "»"),
    ),
    "fr": EditionWords(
        on_screen="À l’écran",
        slide="Diapositive",
        code="Code",
        diagram="Schéma",
        screen="Écran",
        at_time="L’écran à {clock}",
        own_words="Dans les mots mêmes du cours :",
        quotes=("«\u00a0", "\u00a0»"),
        colon="\u00a0: ",
    ),
    "zh-Hant": EditionWords(
        on_screen="畫面上",
        slide="投影片",
        code="程式碼",
        diagram="圖示",
        screen="畫面",
        at_time="{clock} 時的畫面",
        own_words="以下為講者原話：",
        stop="。",
        quotes=("「", "」"),
        colon="：",
    ),
    "ja": EditionWords(
        on_screen="画面上",
        slide="スライド",
        code="コード",
        diagram="図",
        screen="画面",
        at_time="{clock} の画面",
        own_words="講師自身の言葉：",
        stop="。",
        quotes=("「", "」"),
        colon="：",
    ),
    "ko": EditionWords(
        on_screen="화면",
        slide="슬라이드",
        code="코드",
        diagram="도표",
        screen="화면",
        at_time="{clock}의 화면",
        own_words="강사의 말 그대로:",
    ),
    "pt": EditionWords(
        on_screen="Na tela",
        slide="Slide",
        code="Código",
        diagram="Diagrama",
        screen="Tela",
        at_time="A tela em {clock}",
        own_words="Nas próprias palavras da aula:",
    ),
    "ru": EditionWords(
        on_screen="На экране",
        slide="Слайд",
        code="Код",
        diagram="Схема",
        screen="Экран",
        at_time="Экран в {clock}",
        own_words="Собственные слова лектора:",
        quotes=("«", "»"),
    ),
    "ar": EditionWords(
        on_screen="على الشاشة",
        slide="شريحة",
        code="شيفرة",
        diagram="رسم",
        screen="شاشة",
        at_time="الشاشة عند {clock}",
        own_words="بكلمات المحاضر نفسه:",
        quotes=("«", "»"),
    ),
    "hi": EditionWords(
        on_screen="स्क्रीन पर",
        slide="स्लाइड",
        code="कोड",
        diagram="आरेख",
        screen="स्क्रीन",
        at_time="{clock} पर स्क्रीन",
        own_words="व्याख्याता के अपने शब्दों में:",
        stop="।",
    ),
}


def edition_words(language: str | None) -> EditionWords:
    """The words for ``language`` (``de``, ``de-AT``); English where there are none."""
    return _WORDS.get(language_of(language), _WORDS["en"])
