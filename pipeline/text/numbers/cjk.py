"""Numerals as Chinese, Japanese and Korean write them: 五万零二百五十七, 1億2000万, 十五亿.

An own reader of one page instead of a library: those for Chinese know neither 億 nor Korean, and
turn the "one" of 一些 ("some") into a digit.
"""

from __future__ import annotations

import regex

_SIGNS = (
    "零〇○영공 一壱壹일 二弐贰貳两兩이 三参叁參삼 四肆사 五伍오 六陆陸륙육 七柒칠 八捌팔 九玖구"
)
_DIGITS = {char: value for value, chars in enumerate(_SIGNS.split()) for char in chars}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000,
         "십": 10, "백": 100, "천": 1000}  # fmt: skip
_MYRIADS = {"万": 10**4, "萬": 10**4, "만": 10**4, "亿": 10**8, "億": 10**8, "억": 10**8,
            "兆": 10**12, "조": 10**12}  # fmt: skip
_HAN = "零〇○一壱壹二弐贰貳两兩三参叁參四肆五伍六陆陸七柒八捌九玖"
_HAN_TENS = "十拾百佰千仟"
_HAN_MYRIADS = "万萬亿億兆"
_HANGUL = "영공일이삼사오육륙칠팔구십백천만억조"
_SCALE = f"[{_HAN_MYRIADS}만억조]"

# Digits before 万: they may have a point or marks between thousands ("1.5万", "1,200万").
_AMOUNT = r"(?<!\p{Nd})(?<!\p{Nd}[.,，．])\p{Nd}++(?:[.,，．]\p{Nd}++)*+"
_MIXED = (
    rf"(?:{_AMOUNT}\s?(?:[千百仟佰천백]?{_SCALE}(?:(?<=[만억조])\s(?=\p{{Nd}}))?"
    rf"|[千仟천](?![\p{{L}}])))+(?:\p{{Nd}}+)?"
)
_WRITTEN = rf"[{_HAN}{_HAN_TENS}][{_HAN}{_HAN_TENS}{_HAN_MYRIADS}]*(?:[点點][{_HAN}]+)?"
# Korean: two syllables are another word as often as a number (조사 is an investigation).
_SYLLABLE = "[영공일이삼사오육륙칠팔구]"
_SECTION = rf"(?:{_SYLLABLE}?천)?\s?(?:{_SYLLABLE}?백)?\s?(?:{_SYLLABLE}?십)?\s?{_SYLLABLE}?"
_KOREAN = (
    rf"(?<!\p{{L}})(?![만억조])(?=[{_HANGUL}\s]{{0,3}}[십백천만억조])(?=(?:\s?[{_HANGUL}]){{3}})"
    rf"(?:{_SECTION}조\s?)?(?:{_SECTION}억\s?)?(?:{_SECTION}만\s?)?{_SECTION}(?<=[{_HANGUL}])"
)
# Before a word that counts, two are a number (오만 alone is arrogance).
_COUNTED = (
    rf"(?<!\p{{L}}){_SYLLABLE.replace('영공', '')}[십백천만억조](?=\s?"
    r"(?:번|개|명|차|원|년|분|초|가지|줄|배|시간|대|층|비트|바이트|단어|토큰|글자|퍼센트|달러|킬로|메가))"
)
_LONGEST = 40  # characters: 九千九百九十九兆... has 31, and what is longer is a table of digits
NUMERAL = regex.compile(rf"{_MIXED}|{_WRITTEN}|{_KOREAN}|{_COUNTED}")
# "some", "one kind", "the same": words that hold the sign of a number and count nothing.
_NO_NUMBER = regex.compile(
    r"(?:一[些般样樣直起切定旦度边邊面致共种種个個下点點则則位套步系律例方何]"
    r"|[万萬][一能有]|千[萬万]别|百分之|三角|四[处處面]|五[官笔筆]"
    r"|十分(?!钟|鐘|之|间)|百般"
    r"|唯一|统一|統一|同一|另一|某一|每一|第一)"
)
_LONGEST_WORD = 3  # characters, of those in ``_NO_NUMBER``


def value(text: str) -> float | int | None:
    """The value of a numeral that ``NUMERAL`` matches; None where it is none, or too long.

    >>> value("五万零二百五十七"), value("15亿"), value("1億2000万"), value("两点五")
    (50257, 1500000000, 120000000, 2.5)
    >>> value("삼만이천"), value("十"), value("三十万")
    (32000, 10, 300000)
    """
    if len(text) > _LONGEST:
        return None
    text = regex.sub(r"\s", "", text).replace("點", "点")
    whole, point, fraction = text.partition("点")
    if point:
        total = value(whole)
        digits = "".join(str(_DIGITS[char]) for char in fraction if char in _DIGITS)
        return None if total is None or not digits else float(f"{total}.{digits}")
    if all(char in _DIGITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    return _composed(text)


def _composed(text: str) -> float | int | None:
    """Digits and signs of tens and myriads added up."""
    total: float = 0
    section: float = 0
    current: float | None = None
    for piece in regex.findall(r"\p{Nd}+(?:[.,，．]\p{Nd}+)*|.", text):
        if piece[0].isdecimal():
            plain = (
                regex.sub(r"[,，](?=\p{Nd}{3})", "", piece).replace("．", ".").replace("，", ".")
            )
            try:
                current = float(plain)
            except ValueError:
                return None
        elif piece in _DIGITS:
            current = _DIGITS[piece] if not current else current * 10 + _DIGITS[piece]
        elif piece in _TENS:
            section += (1 if current is None else current) * _TENS[piece]
            current = None
        elif piece in _MYRIADS:
            amount = section + (current or 0)
            total += (amount or 1) * _MYRIADS[piece]
            section, current = 0, None
        else:
            return None
    whole = total + section + (current or 0)
    return int(whole) if whole == int(whole) else whole


def shortened(text: str) -> list[float | int]:
    """What Chinese means by a last digit without its sign: 两千五 is 2500, for Japanese 2005.

    >>> shortened("两千五"), shortened("三万五"), shortened("两千零五"), shortened("二十五")
    ([2500], [35000], [], [])
    """
    if len(text) < 3 or text[-1] not in _DIGITS or not _DIGITS[text[-1]]:
        return []
    scale = (_TENS | _MYRIADS).get(text[-2], 0)
    whole = value(text[:-1]) if scale > 10 else None
    return [] if whole is None else [whole + _DIGITS[text[-1]] * scale // 10]


def are_digits(text: str) -> bool:
    """Whether all signs are digits from one to nine: 三五 is "three to five" as often as 35."""
    return all(_DIGITS.get(char, 0) > 0 for char in text)


def counts_nothing(text: str, at: int) -> bool:
    """Whether the numeral at this place of ``text`` is part of a word that counts nothing."""
    near = _NO_NUMBER.finditer(text, max(0, at - _LONGEST_WORD), at + _LONGEST_WORD)
    return any(found.start() <= at < found.end() for found in near)
