"""Words that say nothing about the topic, per language.

English has a list of its own, with the words that lecturers use whatever they speak about; the
others are the lists of ``stopwords-iso`` (https://github.com/stopwords-iso), which are made of
function words. Chinese is told by characters (see ``content``).
"""

from __future__ import annotations

from functools import lru_cache

import regex

from pipeline.text.english import COMMON_VERBS, FILLERS, FUNCTION_WORDS, NUMBERS, word_set
from pipeline.text.languages.known import LANGUAGES, language_of
from pipeline.text.scripts import script_code
from pipeline.text.words import bare

_TALK = word_set(
    "thing things something anything everything stuff way ways kind sort lot lots bit little video"
    " example examples case cases point points idea okay yeah gonna going want wants like likes"
    " actually basically really simply exactly course sense fact question everyone guys today"
    " same different many much more most other others another such own sure able good better best"
    " nice great big small new old long short first second third last next previous whole part"
    " parts time times now then here there left right bottom top up down out off back over again"
    " again especially probably maybe slightly pretty quite fairly roughly instead however"
    " called call calls says said say saying means mean meant happen happens happened become"
    " becomes became start starts starting started end ends work works working worked made makes"
    " making gives given getting got came comes coming goes gone went looks looked looking seen"
    " saw sees shows showing shown talk talked talking tell told wanted wants needed needs trying"
    " tried turn turns turned people person someone today later earlier before after already"
    " always never sometimes often every each both few some any none all else only just even"
    " still yet too also"
    " once twice etc these those because since therefore thus one ones two three let us please"
    " keep kept notice remember recall understand hello hi thanks thank bye mentioned"
    " interesting important specifically particular general order number run running"
    " useful trivial easy hard difficult simple fine correct wrong see look individual"
    " somehow actual basic certain entire exact full further main multiple single specific"
    " various whatever wherever whenever whoever without within anyway cover copy paste brief"
    " briefly scroll mind think thought feel felt hope guess believe"
)
_GERMAN = word_set(
    "der die das den dem des ein eine einen einem einer und oder aber ist sind war waren wird"
    " werden wir ich sie er es man nicht auch noch nur so wie was wenn dann hier da in im an am auf"
    " mit von vom zu zum zur für bei aus über unter nach vor durch um als dass weil also haben hat"
    " kann können muss mal ja jetzt diese dieser dieses mehr sehr schon"
)
_FRENCH = word_set(
    "le la les un une des du de d l et ou mais est sont était on nous vous je il elle ils elles ce"
    " cette ces cet qui que quoi dont où en dans sur sous avec pour par pas ne plus au aux se sa"
    " son ses leur comme si donc alors bien très aussi fait faire peut être avoir ont a y"
)
_SPANISH = word_set(
    "el la los las un una unos unas de del y o pero es son era fue en con por para que qué como"
    " cómo se su sus lo le les no sí más muy ya este esta estos estas eso esto hay al si cuando"
    " donde también porque entonces pues aquí ahora ser estar tener hacer vamos"
)
_LISTED_AS = {"nb": "no", "nn": "no"}
_ENGLISH = frozenset(
    bare(word) for word in FUNCTION_WORDS | COMMON_VERBS | FILLERS | NUMBERS | _TALK
)
_SHORTEST = {"Latn": 3, "Cyrl": 3, "Grek": 3}
_NUMBER = regex.compile(r"[\p{N}.,]+")


def is_content(key: str, language: str | None = None) -> bool:
    """Whether ``key`` (see ``words.bare``) may tell a topic: no stop word, number or letter.

    Args:
        language: of the text; None: English, with what is common in German, French and Spanish, or
            whatever is written in the script of ``key``.

    >>> is_content("tokenizer"), is_content("because"), is_content("weil", "de"), is_content("42")
    (True, False, False, False)
    """
    if not key or _NUMBER.fullmatch(key):
        return False
    script = script_code(key[0])
    if len(key) < _SHORTEST.get(script, 2):
        return False
    known = language_of(language)
    if known is None or script not in known.scripts:
        return key not in _of_script(script)
    return key not in stop_words(known.code)


@lru_cache(maxsize=64)
def stop_words(code: str) -> frozenset[str]:
    """The stop words of a language (two letters), as ``words.bare`` has them; empty without any."""
    if code == "en":
        return _ENGLISH
    import stopwordsiso

    listed = stopwordsiso.stopwords(_LISTED_AS.get(code, code))
    return frozenset(filter(None, map(bare, listed)))


@lru_cache(maxsize=64)
def _of_script(script: str) -> frozenset[str]:
    if script == "Latn":
        return _ENGLISH | _GERMAN | _FRENCH | _SPANISH
    codes = [code for code, one in LANGUAGES.items() if script in one.scripts]
    return frozenset[str]().union(*map(stop_words, codes))
