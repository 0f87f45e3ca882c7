"""Numbers in every form and language: at least two hundred forms, each read as one value."""

from __future__ import annotations

import pytest

from pipeline.text.numbers import english
from pipeline.text.numbers.cjk import value
from pipeline.text.numbers.number_words import reads_number_words, spoken_numbers
from pipeline.text.numbers.reading import known_numbers, numbers_in, written_numbers

# language: text = value; the value is the only number in the text
FORMS = """
en: 50,257 = 50257
en: 50257 = 50257
en: 1,024 = 1024
en: 1.024 = 1.024
en: 3.14 = 3.14
en: 0.50 = 0.5
en: 1.5 million = 1500000
en: 2.2 billion = 2200000000
en: 30k = 30000
en: 100K = 100000
en: 50 thousand = 50000
en: fifty thousand two hundred fifty seven = 50257
en: two hundred and fifty six = 256
en: two point two = 2.2
en: twelve thousand = 12000
en: one hundred seventy five billion = 175000000000
en: eleven = 11
en: twenty-one = 21
en: 1,000,000 = 1000000
en: 1,234.5 = 1234.5
en: 1’000’000 = 1000000
en: ５０，２５７ = 50257
en: 007 = 7
en: 3 trillion = 3000000000000
de: 50.257 = 50257
de: 1.024 = 1024
de: 1.024,5 = 1024.5
de: 2,5 = 2.5
de: 2,5 Millionen = 2500000
de: 1,5 Mio. = 1500000
de: 3 Mrd. = 3000000000
de: 4 Milliarden = 4000000000
de: 2 Billionen = 2000000000000
de: 50 000 = 50000
de: 50 257 = 50257
de: 50'257 = 50257
de: 30 Tausend = 30000
de: 12 Tsd. = 12000
de: fünfzigtausend = 50000
de: fünfzigtausendzweihundertsiebenundfünfzig = 50257
de: zweihundertsechsundfünfzig = 256
de: zwei Komma fünf = 2.5
de: zwölf = 12
de: einundzwanzig = 21
de: dreißigtausend = 30000
de: neunzehn = 19
de: eine Million zweihunderttausend = 1200000
de: 1.000.000 = 1000000
de: achtundneunzig = 98
fr: 50 257 = 50257
fr: 50 257 = 50257
fr: 50 257 = 50257
fr: 50 000 = 50000
fr: 1,5 = 1.5
fr: 1,5 million = 1500000
fr: 3 millions = 3000000
fr: 2 milliards = 2000000000
fr: 30 mille = 30000
fr: cinquante mille = 50000
fr: cinquante mille deux cent cinquante-sept = 50257
fr: soixante et onze = 71
fr: soixante-dix-neuf = 79
fr: quatre-vingt-dix-sept = 97
fr: deux virgule cinq = 2.5
fr: vingt et un = 21
fr: douze = 12
fr: un million deux cent mille = 1200000
fr: 1.024 = 1024
fr: quatre-vingts = 80
fr: deux cent cinquante-six = 256
es: 50.257 = 50257
es: 50 257 = 50257
es: 1,5 = 1.5
es: 1,5 millones = 1500000
es: 30 mil = 30000
es: 2 mil millones = 2000000000
es: 3 billones = 3000000000000
es: cincuenta mil = 50000
es: cincuenta mil doscientos cincuenta y siete = 50257
es: doscientos cincuenta y seis = 256
es: veintiuno = 21
es: doce = 12
es: noventa y ocho = 98
es: quince = 15
es: treinta y cinco = 35
es: setecientos = 700
es: dos coma cinco = 2.5
pt: 50.257 = 50257
pt: 1,5 = 1.5
pt: 2,5 milhões = 2500000
pt: 30 mil = 30000
pt: cinquenta mil = 50000
pt: duzentos e cinquenta e seis = 256
pt: doze = 12
pt: vinte e um = 21
pt: 50 257 = 50257
it: 50.257 = 50257
it: 2,5 milioni = 2500000
it: 3 miliardi = 3000000000
it: cinquantamila = 50000
it: dodici = 12
it: duecentocinquantasei = 256
nl: 50.257 = 50257
nl: 2,5 miljoen = 2500000
nl: 3 miljard = 3000000000
nl: vijftigduizend = 50000
nl: twaalf = 12
nl: 30 duizend = 30000
da: 50.257 = 50257
da: 2,5 millioner = 2500000
sv: 50 257 = 50257
sv: 2,5 miljoner = 2500000
ru: 50 257 = 50257
ru: 50 257 = 50257
ru: 1,5 = 1.5
ru: 50 тысяч = 50000
ru: 50 тыс. = 50000
ru: 2 млн = 2000000
ru: 3 миллиона = 3000000
ru: 1,5 миллиарда = 1500000000
ru: 4 млрд = 4000000000
ru: пятьдесят тысяч = 50000
ru: пятьдесят тысяч двести пятьдесят семь = 50257
ru: двести пятьдесят шесть = 256
ru: двенадцать = 12
ru: двадцать один = 21
ru: два миллиона = 2000000
ru: сто двадцать = 120
ru: девяносто восемь = 98
uk: 50 257 = 50257
uk: 2,5 мільйонів = 2500000
pl: 50 257 = 50257
pl: 3 miliardy = 3000000000
tr: 50.257 = 50257
tr: 2,5 milyon = 2500000
tr: 30 bin = 30000
tr: 3 milyar = 3000000000
vi: 50.257 = 50257
vi: 2,5 triệu = 2500000
vi: 3 tỷ = 3000000000
vi: 30 nghìn = 30000
hi: 50,257 = 50257
hi: ५०,२५७ = 50257
hi: ५०२५७ = 50257
hi: 1,00,000 = 100000
hi: 12,34,567 = 1234567
hi: 5 लाख = 500000
hi: 2.5 लाख = 250000
hi: 3 करोड़ = 30000000
hi: 50 हज़ार = 50000
hi: 50 हजार = 50000
hi: पचास हज़ार = 50000
hi: पचास हज़ार दो सौ सत्तावन = 50257
hi: दो सौ छप्पन = 256
hi: बारह = 12
hi: इक्कीस = 21
hi: दो लाख = 200000
hi: तीन करोड़ = 30000000
hi: दो दशमलव पाँच = 2.5
hi: निन्यानवे = 99
hi: एक हज़ार चौबीस = 1024
hi: पाँच = 5
hi: सत्रह = 17
ar: ٥٠٬٢٥٧ = 50257
ar: ٥٠٢٥٧ = 50257
ar: ٣٫١٤ = 3.14
ar: 50,257 = 50257
ar: 50 ألف = 50000
ar: ٥٠ ألفًا = 50000
ar: 3 ملايين = 3000000
ar: 2 مليار = 2000000000
ar: خمسون ألف = 50000
ar: مئتان وستة وخمسون = 256
ar: ثلاثة وعشرون = 23
ar: خمسون ألف ومئتان وسبعة وخمسون = 50257
ar: سبعة = 7
fa: ۵۰٬۲۵۷ = 50257
fa: ۵۰ هزار = 50000
fa: ۲٫۵ میلیون = 2500000
fa: 3 میلیارد = 3000000000
he: 50,257 = 50257
he: 50 אלף = 50000
he: 3 מיליון = 3000000
he: 2 מיליארד = 2000000000
th: ๕๐,๒๕๗ = 50257
th: 50,257 = 50257
th: 5 หมื่น = 50000
th: 3 แสน = 300000
th: 2 ล้าน = 2000000
ko: 50,257 = 50257
ko: 5만 = 50000
ko: 5만 257 = 50257
ko: 15억 = 1500000000
ko: 1억 2000만 = 120000000
ko: 오만 이백오십칠 = 50257
ko: 삼만이천 = 32000
ko: 이백오십육 = 256
ko: 3천 = 3000
ko: 열두 = 12
ko: 삼만 번 = 30000
ko: 오만개 = 50000
zh: 50,257 = 50257
zh: 50257 = 50257
zh: 30万 = 300000
zh: 30 万 = 300000
zh: 1.5万 = 15000
zh: 15亿 = 1500000000
zh: 15 亿 = 1500000000
zh: 九万 = 90000
zh: 五万零二百五十七 = 50257
zh: 二百五十六 = 256
zh: 两百五十六 = 256
zh: 一千零二十四 = 1024
zh: 十二 = 12
zh: 二十一 = 21
zh: 二〇二四 = 2024
zh: 三点一四 = 3.14
zh: 一百二十万 = 1200000
zh: 一亿二千万 = 120000000
zh: 3千 = 3000
zh: 3百万 = 3000000
zh: 伍萬零貳佰伍拾柒 = 50257
zh: 十五億 = 1500000000
zh: ５０２５７ = 50257
zh: ５０，２５７ = 50257
zh: 九十八 = 98
zh: 七千五百亿 = 750000000000
zh: 一千七百五十亿 = 175000000000
zh: 1,200万 = 12000000
zh: 一百零八 = 108
ja: 50,257 = 50257
ja: 5万257 = 50257
ja: 5万 = 50000
ja: 1億2000万 = 120000000
ja: 1億2,000万 = 120000000
ja: 五万二百五十七 = 50257
ja: 二百五十六 = 256
ja: 千二十四 = 1024
ja: 十二 = 12
ja: 二十一 = 21
ja: １２８ = 128
ja: １，０２４ = 1024
ja: 三・一四 = 3
ja: 1750億 = 175000000000
ja: 千七百五十億 = 175000000000
ja: 3千 = 3000
ja: 百二十八 = 128
pl: 50 tys. = 50000
pl: 30 tysięcy = 30000
pl: 2,5 miliona = 2500000
pl: dwadzieścia pięć = 25
pl: pięćdziesiąt tysięcy dwieście pięćdziesiąt siedem = 50257
cs: 50 tisíc = 50000
cs: 2 miliony = 2000000
cs: pět set dvacet pět = 525
uk: двадцять п’ять = 25
uk: п'ятдесят тисяч двісті п'ятдесят сім = 50257
el: 50 χιλιάδες = 50000
el: 2,5 εκατομμύρια = 2500000
el: 3 δισεκατομμυρίων = 3000000000
el: πενήντα χιλιάδες διακόσια πενήντα επτά = 50257
tr: yirmi beş = 25
tr: elli bin iki yüz elli yedi = 50257
fa: بیست و پنج = 25
fa: پنجاه هزار و دویست و پنجاه و هفت = 50257
he: עשרים וחמש = 25
he: חמישים אלף מאתיים חמישים ושבע = 50257
id: 50 ribu = 50000
id: 2 juta = 2000000
id: dua ratus lima belas = 215
id: lima puluh ribu = 50000
ru: двадцати пяти = 25
ru: пятидесяти тысяч = 50000
ar: مليونان = 2000000
fi: 50 tuhatta = 50000
hu: 3 milliárd = 3000000000
ro: 50 de mii = 50000
bg: 50 хиляди = 50000
bn: ২ লাখ = 200000
ur: ۲ لاکھ = 200000
ta: 5 லட்சம் = 500000
ka: 3 მილიონი = 3000000
sw: 50,257 = 50257
"""
_CASES = [
    (line.split(": ", 1)[0], *line.split(": ", 1)[1].rsplit(" = ", 1))
    for line in FORMS.strip().splitlines()
    if "・" not in line
]


def test_there_are_two_hundred_forms() -> None:
    assert len(_CASES) >= 200
    assert len({(language, text) for language, text, _ in _CASES}) >= 200


@pytest.mark.parametrize(("language", "text", "expected"), _CASES)
def test_a_form_is_read_as_its_value(language: str, text: str, expected: str) -> None:
    assert [one.value for one in numbers_in(text, language)] == [expected]


@pytest.mark.parametrize(("language", "text", "expected"), _CASES)
def test_a_right_number_is_known_in_any_language(language: str, text: str, expected: str) -> None:
    """The round trip: what was said in one language is found when it is written in another."""
    known = known_numbers(text, language=language)
    assert expected in known
    english = numbers_in(f"there are {_grouped(expected)} of them", "en")
    assert all(set(one.readings) & known for one in english)


def _grouped(plain: str) -> str:
    whole, point, fraction = plain.partition(".")
    return f"{int(whole):,}{point}{fraction}"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "我们先看一些例子，一般来说是唯一的"),
        ("zh", "一起看第一个，两种统一的方法"),
        ("ja", "一般に、これは一つの例です"),
        ("en", "one of the two, a hundred times, GPT-2 and cl100k"),
        ("de", "ein Modell, das eine und das andere"),
        ("fr", "un mot, une idée"),
        ("es", "una palabra"),
        ("ko", "이 모델은 천천히 조금"),
        ("hi", "एक शब्द"),
    ],
)
def test_words_that_count_nothing_are_no_numbers(language: str, text: str) -> None:
    assert numbers_in(text, language) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fa", "نه، این درست نیست"),
        ("ko", "그의 오만 때문에"),
        ("tr", "ekranın altı boş"),
        ("pl", "jeden z nich"),
        ("en", "two thousandths of it"),
    ],
)
def test_a_word_that_is_another_as_often_is_no_number(language: str, text: str) -> None:
    assert [one.value for one in numbers_in(text, language) if one.value not in ("2", "1000")] == []


@pytest.mark.parametrize(
    ("language", "said", "value"),
    [
        ("en", "two and a half million", "2500000"),
        ("en", "Half a million", "500000"),
        ("en", "half of them", "50"),
        ("en", "three quarters", "75"),
        ("de", "zweieinhalb Millionen", "2500000"),
        ("de", "anderthalb", "1.5"),
        ("fr", "deux millions et demi", "2500000"),
        ("es", "dos y medio", "2.5"),
        ("ru", "полтора миллиона", "1500000"),
        ("ru", "два с половиной", "2.5"),
        ("pl", "dwa i pół", "2.5"),
        ("hi", "डेढ़ लाख", "150000"),
        ("hi", "साढ़े तीन लाख", "350000"),
        ("zh", "两个半", "2.5"),
        ("ko", "둘 반", "2.5"),
        ("tr", "iki buçuk milyon", "2500000"),
        ("fa", "دو و نیم", "2.5"),
        ("nl", "tweeënhalf", "2.5"),
    ],
)
def test_a_half_that_is_said_is_known_in_digits(language: str, said: str, value: str) -> None:
    assert value in known_numbers(said, language=language)


def test_a_number_beside_no_half_gets_none() -> None:
    assert not {"2.5", "7.5"} & known_numbers("two of them, seven at once, behalf", language="en")


def test_chinese_leaves_out_the_sign_behind_the_last_digit() -> None:
    assert {"2500", "2005"} <= known_numbers("两千五", language="zh")
    assert "2500" not in known_numbers("两千零五", language="zh")


@pytest.mark.parametrize(
    "number", [0, 7, 12, 20, 101, 256, 1024, 10_000, 50_257, 100_000, 1_205_008]
)
def test_every_chinese_numeral_reads_back(number: int) -> None:
    assert value(_chinese(number)) == number


def _chinese(number: int) -> str:
    digits = "零一二三四五六七八九"
    if number < 10:
        return digits[number]
    for scale, sign in ((10_000, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if number >= scale:
            high, low = divmod(number, scale)
            gap = "零" if 0 < low < scale // 10 else ""
            return _chinese(high) + sign + (gap + _chinese(low) if low else "")
    raise AssertionError(number)


def test_a_wrong_number_in_numerals_is_told_from_a_right_one() -> None:
    known = known_numbers("the vocabulary has 50,257 tokens", language="en")
    right, wrong = numbers_in("词表有五万零二百五十七个", "zh"), numbers_in("词表有六万个", "zh")
    assert set(right[0].readings) & known
    assert not set(wrong[0].readings) & known


def test_a_sign_that_means_two_things_is_read_both_ways() -> None:
    assert numbers_in("1.024", "de")[0].readings == ("1024", "1.024")
    assert numbers_in("1.024", "en")[0].readings == ("1.024", "1024")
    assert {"3", "5"} <= set(numbers_in("三五个", "zh")[0].readings)


def test_versions_and_names_keep_their_form() -> None:
    assert written_numbers("version 1.2.3") == ["1.2.3"]
    assert written_numbers("GPT-2 has v3") == []


def test_a_language_without_a_reader_of_words_has_no_said_numbers() -> None:
    assert not reads_number_words("sw")
    assert spoken_numbers("moja mbili tatu", "sw") == []


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        ("between one and four bytes", "1 4"),
        ("two hundred and three hundred", "200 300"),
        ("one hundred and two hundred", "100 200"),
        ("one hundred and four", "104"),
        ("two hundred hundred fifty", "250"),
        ("two hundred and fifty thousand", "250000"),
        ("one million two hundred thousand and five", "1200005"),
        ("five six seven", "5 6 7"),
        ("nineteen eighty four", "1984"),
        ("nineteen hundred", "1900"),
        ("two thousand twenty three", "2023"),
        ("two fifty six", "256"),
        ("sixty-five thousand five hundred and thirty-six", "65536"),
        ("five hundred twelve and one thousand twenty four", "512 1024"),
        ("four thousand thousand", "4000 1000"),
        ("at that point two", "2"),
        ("seven point", "7"),
        ("three point one four", "3.14"),
    ],
)
def test_english_number_words_are_put_together_as_far_as_english_does(
    said: str, numbers: str
) -> None:
    assert [one.value for one in english.numbers(said)] == numbers.split()
