"""What no chapter should say, in the languages of the page: boilerplate titles, fillers, remarks
about the lecture from outside, and what a model says about itself.

The lists are short and sure: a phrase that a lecturer may well use himself is not among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import regex

from pipeline.text.languages.known import language_of


@dataclass(frozen=True)
class HouseWords:
    """Of one language; patterns are alternatives of a regular expression.

    Attributes:
        titles: headings that say nothing, in lower case.
        fillers: phrases that say nothing.
        reports: phrases that speak of the lecture from outside.
        remarks: how a model begins to speak of itself or of its task.
    """

    titles: frozenset[str]
    fillers: str
    reports: str
    remarks: str


def _of(titles: str, fillers: str, reports: str, remarks: str) -> HouseWords:
    return HouseWords(
        frozenset(one.strip() for one in titles.split("|")), fillers, reports, remarks
    )


_WORDS: Mapping[str, HouseWords] = MappingProxyType(
    {
        "en": _of(
            "introduction|overview|conclusion|conclusions|summary|wrap-up|wrapping up|outro|intro"
            "|final thoughts|closing remarks",
            r"crucial(?:ly)?|delv(?:e|es|ed|ing)|in (?:summary|conclusion|essence)"
            r"|to (?:summarize|conclude|wrap up)"
            r"|it(?:'s| is) (?:important|worth|crucial) (?:to note|noting|mentioning)"
            r"|plays? an? (?:vital|key|pivotal|significant) role"
            r"|div(?:e|es|ing) (?:deep(?:er)? )?into"
            r"|in this (?:section|chapter|part),? (?:we|i|you)|let(?:'s| us) explore|landscape"
            r"|realms?|leverag(?:e|es|ed|ing)|seamless(?:ly)?|pivotal|intricac(?:y|ies)"
            r"|powerful tool|tapestry|(?:fascinating|groundbreaking) (?:world|journey)"
            r"|as an ai(?: language)? model",
            r"the (?:speaker|lecturer|instructor|presenter|narrator|author of the video)"
            r"|in (?:this|the) (?:video|transcript)|in this (?:lecture|talk)"
            # The lecturer's own: "in the lecture on editors", "in the lecture I said 3".
            r"|in the (?:lecture|talk)(?! (?:on|about|where|when|i|we)\b)",
            r"as an ai(?: language)? model|i(?:'m| am) (?:sorry|unable)"
            r"|i can(?:no|')t (?:help|assist)"
            r"|here(?:'s| is) (?:the|your) (?:chapter|section|part|text|translation|markdown)",
        ),
        "zh": _of(
            "总结|小结|引言|简介|概述|概览|结论|结语|前言|总览|總結|小結|引言|簡介|概述|結論|結語",
            r"值得注意的是|值得一提的是|需要注意的是|总而言之|综上所述|至关重要|不可或缺|发挥着?(?:重要|关键)作用"
            r"|深入探讨|让我们一起探索|總而言之|綜上所述|值得注意的是",
            r"(?:主讲人|讲者|演讲者|讲师|講者|講師)(?:说|指出|提到|认为|表示|解释|說|認為)|在(?:这|该|本)(?:个)?(?:视频|讲座|影片)中",
            r"作为(?:一个|一名)?(?:AI|人工智能)|作為(?:一個)?(?:AI|人工智慧)|(?:很)?抱歉，我|对不起，我|以下是(?:本章|该部分|翻译|第)",
        ),
        "ja": _of(
            "まとめ|はじめに|おわりに|概要|結論|序論|総括|イントロダクション|要約",
            r"重要なのは言うまでもありません|注目すべき点は|言うまでもなく|重要な役割を果たし|深く掘り下げて|総じて言えば",
            r"(?:講師|話者|講演者|発表者)は|この(?:動画|ビデオ|講義)では",
            r"AI(?:言語)?モデルとして|申し訳(?:あり|ござい)ませんが|以下は(?:、)?(?:本章|翻訳|第)|承知(?:いた)?しました",
        ),
        "ko": _of(
            "요약|결론|소개|개요|서론|마무리|정리|맺음말",
            r"주목할 만한 점은|중요한 역할을 합니다|결론적으로|요약하자면",
            r"(?:강사|발표자|연사)(?:는|은|가|이)|이 (?:영상|비디오|강의)에서는?",
            r"AI (?:언어 )?모델로서|죄송하지만|다음은 (?:번역|본문)",
        ),
        "de": _of(
            "fazit|zusammenfassung|einleitung|einführung|überblick|schluss|schlussfolgerung"
            "|schlusswort|abschluss|ausblick",
            r"es ist wichtig zu (?:beachten|erwähnen)|zusammenfassend lässt sich sagen"
            r"|spielt eine (?:entscheidende|wichtige|zentrale) Rolle|tauchen wir (?:tiefer )?ein"
            r"|nahtlos",
            r"(?:der|die) (?:Dozent|Dozentin|Sprecher|Sprecherin|Vortragende|Referent|Referentin)"
            r"|in (?:diesem|dem) (?:Video|Transkript)|in diesem Vortrag|in dieser Vorlesung"
            r"|in dem Vortrag(?! (?:über|zu|zum|zur|habe ich|sagte ich)\b)",
            r"als (?:KI|AI)[- ]?(?:Sprachm|M)odell|es tut mir leid|leider kann ich"
            r"|hier ist (?:das|der|die) (?:Kapitel|Abschnitt|Text|Übersetzung)",
        ),
        "es": _of(
            "introducción|resumen|conclusión|conclusiones|visión general|panorama general",
            r"es importante (?:señalar|destacar)|cabe (?:destacar|señalar)|en resumen"
            r"|desempeña un papel (?:crucial|clave|fundamental)|sumerg(?:irnos|ámonos)",
            r"el (?:ponente|orador|conferenciante|presentador)|en este (?:vídeo|video)"
            r"|en esta (?:charla|conferencia)",
            r"como modelo de (?:lenguaje|IA)|lo siento,|aquí (?:está|tienes) (?:el|la)",
        ),
        "fr": _of(
            "introduction|résumé|conclusion|conclusions|aperçu|vue d'ensemble|synthèse",
            r"il est important de (?:noter|souligner)|il convient de (?:noter|souligner)"
            r"|en résumé|joue un rôle (?:crucial|clé|essentiel)|plongeons",
            r"(?:le conférencier|l['’]orateur|l['’]intervenant|le présentateur)"
            r"|dans cette (?:vidéo|conférence)",
            r"en tant que modèle|je suis désolée?|je ne peux pas"
            r"|voici (?:le|la) (?:chapitre|texte)",
        ),
        "pt": _of(
            "introdução|resumo|conclusão|conclusões|visão geral|panorama",
            r"é importante (?:notar|destacar|ressaltar)|vale (?:destacar|ressaltar)|em resumo"
            r"|desempenha um papel (?:crucial|fundamental)",
            r"o (?:palestrante|orador|apresentador)|neste vídeo|nesta palestra",
            r"como (?:um )?modelo de (?:linguagem|IA)|sinto muito|desculpe,|aqui está",
        ),
        "ru": _of(
            "введение|заключение|итоги|итог|вывод|выводы|обзор|резюме|краткое содержание",
            r"важно отметить|стоит отметить|следует отметить|подводя итог"
            r"|играет (?:важную|ключевую) роль",
            r"(?:лектор|докладчик|спикер|ведущий) (?:говорит|объясняет|отмечает)|в этом видео"
            r"|в этой лекции",
            r"как (?:языковая модель|ИИ)|к сожалению, я|извините|вот (?:перевод|глава|текст)",
        ),
        "ar": _of(
            "مقدمة|المقدمة|خاتمة|الخاتمة|ملخص|الملخص|خلاصة|الخلاصة|نظرة عامة|استنتاج",
            r"من المهم (?:أن نلاحظ|الإشارة)|تجدر الإشارة|في الختام|يلعب دور(?:ا|ًا) (?:مهم|حاسم)",
            r"(?:المحاضر|المتحدث|مقدم الفيديو)|في هذا الفيديو|في هذه المحاضرة",
            r"بصفتي نموذج|كنموذج لغوي|عذر(?:ا|ًا)|آسف|إليك (?:الفصل|الترجمة|النص)",
        ),
        "hi": _of(
            "परिचय|सारांश|निष्कर्ष|उपसंहार|अवलोकन|भूमिका",
            r"यह ध्यान (?:देने|रखने) योग्य|ध्यान देने वाली बात|महत्वपूर्ण भूमिका निभात",
            r"(?:वक्ता|व्याख्याता|प्रस्तुतकर्ता)|इस वीडियो में|इस व्याख्यान में",
            r"एक (?:AI|एआई)|क्षमा करें|माफ़ कीजिए|यहाँ (?:अध्याय|अनुवाद)",
        ),
    }
)  # fmt: skip
_NUMBERING = regex.compile(r"^[\p{N}.、)）\s]+|[\s:：.。!！]+$")


def has_house_words(language: str | None) -> bool:
    """Whether the lists exist for the language; an unknown one counts as English."""
    known = language_of(language)
    return known is None or known.code in _WORDS


def is_boilerplate(title: str) -> bool:
    """Whether a heading says nothing about its content, in any of the languages.

    >>> is_boilerplate("5. Conclusion:"), is_boilerplate("总结"), is_boilerplate("Fazit")
    (True, True, True)
    >>> is_boilerplate("Summary statistics"), is_boilerplate("まとめ方")
    (False, False)
    """
    bare = _NUMBERING.sub("", title).lower()
    return any(bare in own.titles for own in _WORDS.values())


def fillers(text: str, source: str = "", language: str | None = None) -> list[str]:
    """The filler phrases in ``text`` that the lecturer did not use, in order.

    >>> fillers("It is important to note that we delve into it.", "we delve in")
    ['It is important to note']
    >>> fillers("总而言之，这很简单。", "", "zh")
    ['总而言之']
    """
    return _found("fillers", text, source, language)


def reports(text: str, source: str = "", language: str | None = None) -> list[str]:
    """Phrases that speak about the lecture from outside, unless the lecturer does so too."""
    return _found("reports", text, source, language)


def remarks(text: str, source: str = "", language: str | None = None) -> list[str]:
    """What a model says of itself or of its task, in the chapter's language or in English."""
    own = _found("remarks", text, source, language)
    return own if _code(language) == "en" else own + _found("remarks", text, source, "en")


def _found(kind: str, text: str, source: str, language: str | None) -> list[str]:
    pattern = _pattern(_code(language), kind)
    if pattern is None:
        return []
    said = source.lower()
    return [found[0] for found in pattern.finditer(text) if found[0].lower() not in said]


def _code(language: str | None) -> str:
    known = language_of(language)
    return ("zh" if known.code == "yue" else known.code) if known else "en"


@lru_cache(maxsize=64)
def _pattern(code: str, kind: str) -> regex.Pattern[str] | None:
    own = _WORDS.get(code)
    if own is None:
        return None
    known = language_of(code)
    edge = r"\b" if known and known.script.spaced else ""
    return regex.compile(rf"{edge}(?:{getattr(own, kind)}){edge}", regex.IGNORECASE)
