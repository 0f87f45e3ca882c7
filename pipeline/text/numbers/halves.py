"""Halves and quarters said in words: "two and a half million" is the 2.5 million of a page.

Only what may be meant is told, for looking numbers up: a half that stands beside a number, whatever
is between them, may belong to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

import regex

from pipeline.text.english import word_set
from pipeline.text.numbers.number_words import spoken_numbers
from pipeline.text.numbers.numerals import Number, canonical

# In languages with number words of their own (see ``number_words``).
_HALF = word_set(
    "half halves halb halbe halben halbes halber demi demie demis medio media mezzo mezza meio meia"
    " halve halv halvt половина половиной половины пол половиною pół połowa połowy půl polovina"
    " buçuk yarım yarısı نصف ونصف النصف نیم نصف חצי וחצי μισό μισή μισά setengah साढ़े आधा आधे"
)
_QUARTER = word_set(
    "quarter quarters viertel quart quarts cuarto cuartos quarto quartos kwart четверть четверти"
    " ćwierć čtvrt çeyrek ربع רבע τέταρτο seperempat सवा पौने"
)
_SIGNS = "半반"  # grown together with their words
_WHOLE: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(
        word_set(
            "anderthalb eineinhalb anderhalf halvanden полтора полторы полутора півтора півтори"
            " półtora półtorej डेढ़ ενάμισι μιάμιση"
        ),
        "1.5",
    )
    | dict.fromkeys(("ढाई", "δυόμισι", "δυόμιση"), "2.5")
)
_PART = regex.compile(
    rf"(?<![\p{{L}}\p{{M}}])(?:(?P<half>{'|'.join(_HALF)})|(?P<quarter>{'|'.join(_QUARTER)})"
    rf"|(?P<whole>{'|'.join(_WHOLE)})|(?P<count>\p{{L}}{{3,9}}?)(?P<tongue>einhalb|[eë]nhalf))"
    rf"(?![\p{{L}}\p{{M}}])|(?P<sign>[{_SIGNS}])",
    regex.IGNORECASE,
)
_TONGUES = {"einhalb": "de", "enhalf": "nl", "ënhalf": "nl"}
_NEAR = 8  # letters between a number and its half: " und ein "
_LEAST_SCALE = Decimal(1000)


def halves(text: str, numbers: Sequence[Number]) -> Iterator[str]:
    """What the numbers of ``text`` and the halves and quarters beside them may mean.

    >>> number = Number(0, 3, ("2",)), Number(15, 22, ("1000000",))
    >>> sorted(halves("two and a half million", number))
    ['0.5', '2.5', '2500000', '50', '500000']
    """
    for part in _PART.finditer(text):
        near = [one for one in numbers if 0 <= part.start() - one.end <= _NEAR][-1:]
        scales = [Decimal(1)]
        for one in [one for one in numbers if 0 <= one.start - part.end() <= _NEAR][:1]:
            if _is_plain(one.value) and _scale(one.value) == Decimal(one.value) > 1:
                scales.append(_scale(one.value))
            else:
                near.append(one)
        yield from {
            canonical(value * scale) for value in _values(part, near) for scale in scales
        } | {canonical(100 * share) for share in _shares(part)}


def _shares(part: regex.Match[str]) -> tuple[Decimal, ...]:
    if part["quarter"]:
        return Decimal("0.25"), Decimal("0.75")
    return (Decimal("0.5"),) if part["half"] or part["sign"] else ()


def _values(part: regex.Match[str], near: Sequence[Number]) -> Iterator[Decimal]:
    if part["whole"]:
        yield Decimal(_WHOLE[part["whole"].lower()])
    if part["count"]:
        for one in spoken_numbers(part["count"].lower(), _TONGUES[part["tongue"].lower()]):
            yield Decimal(one.value) + Decimal("0.5")
    for share in _shares(part):
        yield share
        for one in near:
            if _is_plain(one.value):
                yield Decimal(one.value) + share * _scale(one.value)


def _is_plain(value: str) -> bool:
    return value.replace(".", "", 1).isdecimal()


def _scale(value: str) -> Decimal:
    """The greatest power of a thousand (or of ten thousand, a hundred thousand) in a number.

    >>> _scale("2000000"), _scale("300000"), _scale("250")
    (Decimal('1000000'), Decimal('100000'), Decimal('1'))
    """
    zeros = len(value) - len(value.rstrip("0")) if value.isdecimal() else 0
    scale = Decimal(10) ** zeros if value.strip("0") else Decimal(1)
    return scale if scale >= _LEAST_SCALE else Decimal(1)
