"""Words that no heading ends with, told by their endings: verb forms, and nouns of another case.

No tagger of so many languages is small; the endings are those of school grammars, of four letters
and more where shorter ones end nouns as well. A noun that looks like a verb costs a heading, which
the beginning of the part's first sentence replaces.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import regex

from pipeline.text.languages.codes import base_language

_VERBS: Mapping[str, str] = MappingProxyType(
    {
        "es": r"\w{3,}(?:amos|emos|imos|aremos|ando|iendo|yendo|aría|ería|iría|arse|erse|irse)"
        r"|\w{2,}(?:aron|ieron|ían|aban|arlo|erlo|irlo|arla|uyan|uyen|mente)|\w{3,}[st]ar"
        r"|puede[ns]?|debe[ns]?|quiere[ns]?|tiene[ns]?|hace[ns]?|hacer|tener|poder|poner|decir",
        "pt": r"\w{3,}(?:amos|emos|imos|ando|endo|indo|aram|eram|iram|avam|iam|mente)|\w{3,}[st]ar"
        r"|pode[ms]?|deve[ms]?|quer|tem|têm|fazer|dizer|ter|poder",
        "it": r"\w{3,}(?:iamo|ando|endo|arono|erono|irono|avano|evano|mente|arlo|erlo|arsi|ersi)"
        r"|\w{4,}(?:are|ere|ire)|può|possono|deve|devono|vuole|fanno",
        "fr": r"\w{3,}(?:ons|ez|aient|èrent|erait|eront|ement)|\w{4,}(?:oir|quer|ler|rer|ter|ner)"
        r"|peut|peuvent|doit|doivent|veut|fait|font|faire|être|avoir|suffit",
        "ru": r"\w{2,}(?:ться|тся|ить|ать|ять|еть|уть|ешь|ишь|ете|ите|ают|яют|уют|еют|ует|ает|яет"
        r"|ает|еет|аем|яем|уем|дим|жем|чим|лся|лась|лись|вшись)|значит|может|могут|есть",
        "uk": r"\w{2,}(?:тися|ться|ити|ати|яти|ємо|емо|имо|уєте|єте|ають|яють|ують|ує|ає|яє)",
        "pl": r"\w{2,}(?:ować|ywać|iwać|ać|eć|ić|yć|emy|imy|ymy|ujemy|ują|uje|acie|ecie|icie)",
        "tr": r"\w{2,}(?:ıyor|iyor|uyor|üyor)\w*|\w{2,}(?:acak|ecek|acağ|eceğ)\w*"
        r"|\w{2,}[ıiuü]r(?:sınız|siniz|sunuz|sünüz|ız|iz|uz|üz)|\w{2,}(?:mak|mek|arak|erek|ken)"
        r"|\w{2,}(?:dan|den|tan|ten|ında|inde)|sahip|göre|kadar|için|gibi",
        "fa": r"(?:ن?می)\u200c?\w+|\w*(?:کنید|کنیم|کنند|کند|شود|شوند|شدن|کردن|است|هستند)|برای",
        "hi": r"\w*(?:ता|ते|ती|ना|ने|कर|ाएं|एगा|ेगा|ेंगे|या|ये)|चल|वाला|वाले",
        "he": r"(?:יהיו|יהיה|תהיה|להיות|יכול|יכולה|יכולים|צריך|צריכה|אפשר|יותר|פחות)",
        "ar": r"(?:يمكن|يكون|تكون|يمكنك|يمكننا|يجب|سوف|كان|كانت)",
        "ko": r"\w*(?:니다|니까|세요|어요|아요|해요|지요|하는|되는|있는|없는|하고|되고|해서|하여"
        r"|되어|하면|되면|하며|하기|려면|다면|다고|라고|라는|다는|도록|위해|대해|통해|따라|의해|보다|같은)"
        r"|있다고|들어|수|것|것은|수도|있습",
        "fi": r"\w{3,}(?:mme|tte|vat|vät|taan|tään)",
        "nl": r"ge\w{2,}(?:d|t|en)",
        "sv": r"\w{3,}(?:ades|ade|ande|ende)",
    }
)  # fmt: skip
_PARTICLES: Mapping[str, regex.Pattern[str]] = MappingProxyType(
    {
        "ko": regex.compile(
            r"(?<=\w\w)(?:에서는?|으로는?|에게|까지|부터|에는?|에도|과|와|은|는|을|를|의)$"
        ),
    }
)
# Where nouns have capitals, and nothing else inside a sentence has.
_CAPITAL_NOUNS = ("de", "lb")
_LONGEST_WORD = 40  # letters


def as_heading(phrase: str, language: str | None) -> str | None:
    """``phrase`` as the heading it may be, without the particle behind it; None for a verb's.

    >>> as_heading("쿼리 벡터를", "ko"), as_heading("Null gesetzt", "de")
    ('쿼리 벡터', None)
    >>> as_heading("aprendizaje profundo", "es"), as_heading("dot product", "en")
    ('aprendizaje profundo', 'dot product')
    """
    code = base_language(language) or ""
    words = phrase.split()
    if code in _VERBS and any(_is_verb(word, code) for word in (words[0], words[-1])):
        return None
    if code in _CAPITAL_NOUNS and not words[-1][:1].isupper():
        return None
    particle = _PARTICLES.get(code)
    return particle.sub("", phrase) if particle else phrase


def _is_verb(word: str, code: str) -> bool:
    return len(word) <= _LONGEST_WORD and bool(regex.fullmatch(_VERBS[code], word.lower()))
