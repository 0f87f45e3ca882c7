"""Caption files in every encoding become the text that was written."""

from __future__ import annotations

import codecs

import pytest

from pipeline.transcript.captions.decode import decode

TIMES = "1\n00:00:00,000 --> 00:00:04,000\n"
TEXTS = {
    "ar": "اليوم نرى كيف يصبح النص أرقاما.\nفي البايت ثمانية بتات، وهذا كل شيء.",
    "bg": "Днес ще видим как текстът се превръща в числа.\nЕдин байт има осем бита.",
    "cs": "Dnes uvidíme, jak se text změní na čísla.\nKaždý bajt má osm bitů, žádný víc.",
    "de": "Heute sehen wir, wie für größere Texte Zahlen entstehen.\nDas ist schön und natürlich.",
    "el": "Σήμερα βλέπουμε πώς το κείμενο γίνεται αριθμοί.\nΈνα byte έχει οκτώ bit.",
    "es": "Hoy veremos cómo el texto se convierte en números.\n¿Qué es un dígito? Mañana más.",
    "fa": "امروز خواندن را آغاز کردم تا چگونه عدد شود پدر.\nهر بار هشت عدد دارد و گفت.",
    "fr": "Aujourd’hui nous voyons où le texte devient nombre.\nÇa, c’est déjà très élégant.",
    "he": "היום נראה איך טקסט הופך למספרים.\nבכל בית יש שמונה סיביות, וזה הכול.",
    "hu": "Ma megnézzük, hogyan lesz a szövegből szám.\nEgy bájt nyolc bitből áll, ő a kisebb.",
    "ja": "今日は、文章がどのように数字になるかを見ます。\n一バイトは八ビットです。",
    "ko": "오늘은 글이 어떻게 숫자가 되는지 봅니다.\n한 바이트는 여덟 비트입니다.",
    "pl": "Dziś zobaczymy, jak tekst staje się liczbami.\nKażdy bajt ma osiem bitów, nic więcej.",
    "ru": "Сегодня мы посмотрим, как текст становится числами.\nВ байте восемь бит.",
    "th": "วันนี้เราจะดูว่าข้อความกลายเป็นตัวเลขได้อย่างไร\nหนึ่งไบต์มีแปดบิต",
    "tr": "Bugün metnin nasıl sayılara dönüştüğünü göreceğiz.\nBir bayt sekiz bittir, değil mi?",
    "uk": "Сьогодні ми побачимо, як текст стає числами.\nОдин байт має вісім бітів, їх небагато.",
    "zh": "今天我们看看一段文字如何变成数字。\n一个字节有八个位，因此一共有二百五十六个。",
    "zh-TW": "今天我們看看一段文字如何變成數字。\n一個位元組有八個位元，所以一共有二百五十六個。",
}
ENCODINGS = [
    ("ar", "cp1256"),
    ("ar", "iso8859-6"),
    ("bg", "cp1251"),
    ("cs", "cp1250"),
    ("cs", "iso8859-2"),
    ("de", "cp1252"),
    ("de", "cp850"),
    ("de", "mac-roman"),
    ("el", "cp1253"),
    ("es", "cp1252"),
    ("fa", "cp1256"),
    ("fr", "cp1252"),
    ("he", "cp1255"),
    ("hu", "cp1250"),
    ("ja", "cp932"),
    ("ja", "euc-jp"),
    ("ja", "iso2022-jp"),
    ("ko", "euc-kr"),
    ("pl", "cp1250"),
    ("ru", "cp1251"),
    ("ru", "koi8-r"),
    ("ru", "cp866"),
    ("ru", "iso8859-5"),
    ("ru", "mac-cyrillic"),
    ("th", "cp874"),
    ("tr", "cp1254"),
    ("uk", "cp1251"),
    ("uk", "koi8-u"),
    ("zh", "gb18030"),
    ("zh-TW", "big5"),
    ("zh", "utf-8"),
    ("zh", "utf-8-sig"),
    ("zh", "utf-16"),
    ("zh", "utf-16-le"),
    ("zh", "utf-16-be"),
    ("zh", "utf-32-le"),
    ("zh", "utf-32-be"),
    ("de", "utf-16-le"),
]


@pytest.mark.parametrize(("language", "encoding"), ENCODINGS)
def test_the_encoding_is_found_without_knowing_the_language(language: str, encoding: str) -> None:
    text = TIMES + TEXTS[language] + "\n"
    decoded = decode(text.encode(encoding))
    assert decoded.text == text
    assert not decoded.doubt


@pytest.mark.parametrize(
    "data",
    [
        "naïve – 你好".encode(),
        codecs.BOM_UTF8 + "naïve – 你好".encode(),
        "naïve – 你好".encode("utf-16"),
        codecs.BOM_UTF16_BE + "naïve – 你好".encode("utf-16-be"),
    ],
)
def test_unicode_is_read_with_and_without_a_mark(data: bytes) -> None:
    assert decode(data).text == "naïve – 你好"


def test_line_ends_are_made_one() -> None:
    assert decode(b"one\r\ntwo\rthree").text == "one\ntwo\nthree"


def test_the_language_decides_where_the_letters_alone_do_not() -> None:
    data = (TIMES + "Đây là một câu.\n").encode("cp1258", "ignore")
    assert decode(data, "vi").text == data.decode("cp1258")
    assert decode(data, "vi").doubt


def test_what_is_too_short_to_tell_is_doubtful_and_says_what_it_was_taken_for() -> None:
    decoded = decode((TIMES + "caf\xe9 \x93quoted\x94").encode("latin-1"))
    assert decoded.text == TIMES + "café “quoted”"
    assert "cp1252" in decoded.doubt


def test_a_text_that_was_encoded_twice_is_repaired_with_a_doubt() -> None:
    text = TIMES + TEXTS["fr"]
    decoded = decode(text.encode().decode("cp1252").encode())
    assert decoded.text == text
    assert "twice" in decoded.doubt


def test_a_lecture_that_shows_a_garbled_word_keeps_it() -> None:
    text = TIMES + "You get cafÃ© instead of café.\nThat is naïve.\nSo: déjà vu.\n"
    assert decode(text.encode()).text == text
    assert not decode(text.encode()).doubt


def test_damaged_lines_of_utf8_are_read_apart_and_told() -> None:
    lines = [*TEXTS["de"].split("\n"), "Süß ist es, schön und größer.", "Noch ein Wörtchen."]
    other = "Müller übt größere Töne."
    data = b"\n".join([*(line.encode() for line in lines), other.encode("cp1252")])
    decoded = decode(data)
    assert decoded.text == "\n".join([*lines, other])
    assert "1 lines are not UTF-8" in decoded.doubt
