"""What is known of each language: its scripts, and the encodings of its old files.

``LANGUAGES`` is the only list; a rule that needs a fact of a language gets a field here.

Sources: CLDR 46, likelySubtags (scripts); IANA's character sets and Windows' code pages by locale
(encodings), the most used first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pipeline.text.languages.codes import base_language
from pipeline.text.scripts import SCRIPTS, Script


@dataclass(frozen=True)
class Language:
    """One language.

    Attributes:
        code: ISO 639, two letters where there are two.
        scripts: codes in ``scripts.SCRIPTS``, the most used first.
        encodings: Python codecs of files from before Unicode, the most used first; empty where
            there were none to speak of.
    """

    code: str
    scripts: tuple[str, ...]
    encodings: tuple[str, ...] = ()

    @property
    def script(self) -> Script:
        """The script that it is mostly written in."""
        return SCRIPTS[self.scripts[0]]


_LATIN = ("Latn",)
_WESTERN = ("cp1252", "iso8859-15", "mac-roman", "cp850", "cp437")
_CENTRAL = ("cp1250", "iso8859-2", "cp852", "mac-latin2")
_BALTIC = ("cp1257", "iso8859-13", "cp775", "iso8859-4")
_CYRILLIC = ("cp1251", "koi8-r", "iso8859-5", "cp866", "mac-cyrillic")
_ARABIC = ("cp1256", "iso8859-6", "cp720")

# Codes, scripts, encodings.
_TABLE: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "af ca da de en es eu fi fo fr ga gl id is it lb ms nb nl nn no pt sv sw tl",
        _LATIN,
        _WESTERN,
    ),
    ("cs hr hu pl ro sk sl sq", _LATIN, _CENTRAL),
    ("et lt lv", _LATIN, _BALTIC),
    ("bs", ("Latn", "Cyrl"), (*_CENTRAL, *_CYRILLIC)),
    ("sr", ("Cyrl", "Latn"), (*_CYRILLIC, *_CENTRAL)),
    ("tr", _LATIN, ("cp1254", "iso8859-9", "cp857")),
    ("az uz", ("Latn", "Cyrl"), ("cp1254", "cp1251")),
    ("vi", _LATIN, ("cp1258",)),
    ("cy", _LATIN, ("iso8859-14", *_WESTERN)),
    ("eo mt", _LATIN, ("iso8859-3",)),
    ("ha ig so xh yo zu", _LATIN, ()),
    ("be bg ky mk mn ru", ("Cyrl",), _CYRILLIC),
    ("uk", ("Cyrl",), ("cp1251", "koi8-u", "iso8859-5", "cp1125")),
    ("kk", ("Cyrl",), ("cp1251", "kz1048", "ptcp154")),
    ("tg", ("Cyrl",), ("koi8-t", "cp1251")),
    ("el", ("Grek",), ("cp1253", "iso8859-7", "cp737", "mac-greek")),
    ("hy", ("Armn",), ()),
    ("ka", ("Geor",), ()),
    ("he yi", ("Hebr",), ("cp1255", "iso8859-8", "cp862")),
    ("ar fa ps sd ug ur", ("Arab",), ("cp1256", "iso8859-6", "cp720")),
    ("ku", ("Latn", "Arab"), ("cp1254", "cp1256")),
    ("dv", ("Thaa",), ()),
    ("hi mr ne sa", ("Deva",), ()),
    ("as bn", ("Beng",), ()),
    ("pa", ("Guru", "Arab"), ()),
    ("gu", ("Gujr",), ()),
    ("or", ("Orya",), ()),
    ("ta", ("Taml",), ()),
    ("te", ("Telu",), ()),
    ("kn", ("Knda",), ()),
    ("ml", ("Mlym",), ()),
    ("si", ("Sinh",), ()),
    ("am ti", ("Ethi",), ()),
    ("th", ("Thai",), ("cp874", "iso8859-11")),
    ("lo", ("Laoo",), ()),
    ("km", ("Khmr",), ()),
    ("my", ("Mymr",), ()),
    ("bo", ("Tibt",), ()),
    ("zh", ("Hani",), ("gb18030", "big5", "big5hkscs")),
    ("yue", ("Hani",), ("big5hkscs", "gb18030")),
    ("ja", ("Jpan",), ("cp932", "euc-jp")),
    ("ko", ("Hang",), ("cp949", "johab")),
)

LANGUAGES: Mapping[str, Language] = MappingProxyType(
    {
        code: Language(code, scripts, encodings)
        for codes, scripts, encodings in _TABLE
        for code in codes.split()
    }
)


def language_of(tag: str | None) -> Language | None:
    """The language of a tag with or without region and script; None where it is not listed.

    >>> language_of("pt-BR").code, language_of("zh_Hant_TW").script.code, language_of("x-none")
    ('pt', 'Hani', None)
    """
    return LANGUAGES.get(base_language(tag) or "")
