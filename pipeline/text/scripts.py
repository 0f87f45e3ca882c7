"""The scripts of the world's lectures: their punctuation, and whether words have spaces.

``SCRIPTS`` is the only list. What holds for a script whatever the language stands here; what holds
for a language stands in ``languages``.

Sources: Unicode 16, chapters 6, 9, 12 to 16 (the marks of each script), UAX #24 (the Script
property) and CLDR 46 (exemplar punctuation). Which scripts are captioned without punctuation was
seen on subtitles of films and lectures; Netflix's style guides for Thai, Chinese and Japanese ask
for no full stop (https://partnerhelp.netflixstudios.com/hc/en-us/sections/22463232153235).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import regex

COMMON_SENTENCE_ENDS = ".?!…‥‼⁇⁈⁉"
COMMON_CLAUSE_ENDS = ",;:–—"


@dataclass(frozen=True)
class Script:
    """One script.

    Attributes:
        code: ISO 15924, as Unicode's Script property has it (``Latn``); ``Jpan`` stands for the two
            kana, and for Han among them.
        sentence_ends: marks of its own that close a sentence, beside ``COMMON_SENTENCE_ENDS``.
        clause_ends: marks of its own that close less, beside ``COMMON_CLAUSE_ENDS``.
        spaced: whether there is white space between words.
        unmarked_captions: whether captions written by people go without full stops and commas.
    """

    code: str
    sentence_ends: str = ""
    clause_ends: str = ""
    spaced: bool = True
    unmarked_captions: bool = False


_CJK_ENDS, _CJK_CLAUSES = "。．！？｡", "、，；：､"
_INDIC = "।॥"

SCRIPTS: Mapping[str, Script] = MappingProxyType(
    {
        script.code: script
        for script in (
            Script("Latn"),
            Script("Cyrl"),
            Script("Grek", sentence_ends=";\u037e", clause_ends="·\u0387"),
            # ՞ and ՜ stand over a vowel inside the word; the colon is typed for the verjaket.
            Script("Armn", sentence_ends="։:", clause_ends="՝"),
            Script("Geor"),
            Script("Hebr", sentence_ends="׃"),
            Script("Arab", sentence_ends="؟۔", clause_ends="،؛"),
            Script("Syrc", sentence_ends="܀܁܂؟", clause_ends="،؛"),
            Script("Thaa", sentence_ends="؟", clause_ends="،؛"),
            Script("Nkoo", sentence_ends="߹", clause_ends="߸"),
            # A vertical bar is typed where a keyboard has no danda.
            Script("Deva", sentence_ends=f"{_INDIC}|"),
            Script("Beng", sentence_ends=f"{_INDIC}|"),
            Script("Guru", sentence_ends=f"{_INDIC}|"),
            Script("Gujr", sentence_ends=_INDIC),
            Script("Orya", sentence_ends=f"{_INDIC}|"),
            Script("Taml", sentence_ends=_INDIC),
            Script("Telu", sentence_ends=_INDIC),
            Script("Knda", sentence_ends=_INDIC),
            Script("Mlym", sentence_ends=_INDIC),
            Script("Sinh", sentence_ends="෴"),
            Script("Ethi", sentence_ends="።፧፨", clause_ends="፡፣፤፥፦"),
            Script("Cher"),
            Script("Mong", sentence_ends="᠃᠉", clause_ends="᠂᠈᠄"),
            Script("Tibt", "།༎༏༑", spaced=False, unmarked_captions=True),
            Script("Thai", "๚๛", spaced=False, unmarked_captions=True),
            Script("Laoo", "ຯ", spaced=False, unmarked_captions=True),
            Script("Khmr", "។៕៚", "៖", spaced=False, unmarked_captions=True),
            Script("Mymr", "။", "၊", spaced=False, unmarked_captions=True),
            Script("Hang", _CJK_ENDS, _CJK_CLAUSES, unmarked_captions=True),
            Script("Hani", _CJK_ENDS, _CJK_CLAUSES, spaced=False, unmarked_captions=True),
            Script("Jpan", _CJK_ENDS, _CJK_CLAUSES, spaced=False, unmarked_captions=True),
        )
    }
)

_KANA = ("Hira", "Kana")
# Of the scripts without spaces between words, those with spaces between phrases and sentences.
PHRASE_SPACED = r"[\p{Script=Thai}\p{Script=Laoo}\p{Script=Khmr}\p{Script=Mymr}]"
_UNICODE_CODES = [code for code in SCRIPTS if code != "Jpan"] + list(_KANA)
_SCRIPT = regex.compile("|".join(rf"(?P<{code}>\p{{Script={code}}})" for code in _UNICODE_CODES))
_OTHER_LETTER = regex.compile(r"\p{L}")
UNKNOWN = "Zyyy"
# Where kana are a tenth of the letters, Han beside them is Japanese; Chinese quotes fewer.
_JAPANESE_SHARE = 0.1

_UNSPACED_SCRIPTS = "".join(
    rf"\p{{Script={code}}}"
    for code in (
        *(code for code, script in SCRIPTS.items() if not script.spaced and code != "Jpan"),
        *_KANA,
    )
)
# A class for regular expressions (module regex): letters and punctuation of the scripts that have
# no spaces between words.
UNSPACED = rf"[{_UNSPACED_SCRIPTS}\u3000-\u303f\u30fb-\u30fc\uff00-\uff9f\uffe0-\uffe6]"
# The same without punctuation and digits: one letter, for module regex with its flag V1.
UNSPACED_LETTER = rf"[[{_UNSPACED_SCRIPTS}ー々〆]&&\p{{L}}]"
# More than this share of the letters: of a text in Chinese or Japanese with many Latin terms a
# quarter may be left (a Latin word has about five letters, a Chinese one two).
_UNSPACED_SHARE = 0.2


@lru_cache(maxsize=1 << 14)
def script_code(letter: str) -> str:
    """The code in ``SCRIPTS`` of one character; "" for what is no letter of them.

    Kana give ``Jpan``. A letter of a script that is not listed gives ``UNKNOWN``.

    >>> script_code("я"), script_code("か"), script_code("字"), script_code("7")
    ('Cyrl', 'Jpan', 'Hani', '')
    """
    if match := _SCRIPT.match(letter):
        code = match.lastgroup or ""
        return "Jpan" if code in _KANA else code
    return UNKNOWN if _OTHER_LETTER.match(letter) else ""


def letters_by_script(text: str) -> Counter[str]:
    """How many letters of each script are in ``text``; Han counts as ``Jpan`` beside kana.

    >>> letters_by_script("BPE は 文字")
    Counter({'Latn': 3, 'Jpan': 3})
    """
    found: Counter[str] = Counter()
    for letter, count in Counter(text).items():
        if code := script_code(letter):
            found[code] += count
    if found["Jpan"] > _JAPANESE_SHARE * found["Hani"]:
        found["Jpan"] += found.pop("Hani", 0)
    return +found


def main_script(text: str) -> Script | None:
    """The script of most letters; None without letters, or where it is not in ``SCRIPTS``.

    >>> main_script("यह सरल है।").code
    'Deva'
    """
    found = letters_by_script(text)
    return SCRIPTS.get(max(found, key=lambda code: found[code])) if found else None


def is_unspaced(text: str) -> bool:
    """Whether ``text`` is in a script without spaces between words, Latin terms beside it or not.

    >>> is_unspaced("今天讲BPE算法"), is_unspaced("the sign 好"), is_unspaced("42")
    (True, False, False)
    """
    found = letters_by_script(text)
    unspaced = sum(count for code, count in found.items() if _is_unspaced(code))
    return unspaced > _UNSPACED_SHARE * found.total()


def _is_unspaced(code: str) -> bool:
    script = SCRIPTS.get(code)
    return script is not None and not script.spaced
