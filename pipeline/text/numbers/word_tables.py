"""The words of numbers of each language that no library reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pipeline.text.english import word_set


@dataclass(frozen=True)
class NumberWords:
    """How a language says its numbers.

    Attributes:
        units: what is added up.
        scales: what multiplies the smaller numbers before it.
        prefix: grown together with a word ("and" of Arabic and Hebrew).
        joint: a word of its own between two numbers ("and" of Persian).
        point: what stands before the digits of a fraction.
        doubtful: words that alone are another word as often ("no" of Persian is its nine).
    """

    units: Mapping[str, int]
    scales: Mapping[str, int]
    prefix: str = ""
    joint: str = ""
    point: str = ""
    doubtful: frozenset[str] = frozenset()


# 0 to 99, ten a line.
_HINDI = (
    "शून्य एक दो तीन चार पाँच छह सात आठ नौ"
    " दस ग्यारह बारह तेरह चौदह पंद्रह सोलह सत्रह अठारह उन्नीस"
    " बीस इक्कीस बाईस तेईस चौबीस पच्चीस छब्बीस सत्ताईस अट्ठाईस उनतीस"
    " तीस इकतीस बत्तीस तैंतीस चौंतीस पैंतीस छत्तीस सैंतीस अड़तीस उनतालीस"
    " चालीस इकतालीस बयालीस तैंतालीस चौवालीस पैंतालीस छियालीस सैंतालीस अड़तालीस उनचास"
    " पचास इक्यावन बावन तिरपन चौवन पचपन छप्पन सत्तावन अट्ठावन उनसठ"
    " साठ इकसठ बासठ तिरसठ चौंसठ पैंसठ छियासठ सड़सठ अड़सठ उनहत्तर"
    " सत्तर इकहत्तर बहत्तर तिहत्तर चौहत्तर पचहत्तर छिहत्तर सतहत्तर अठहत्तर उनासी"
    " अस्सी इक्यासी बयासी तिरासी चौरासी पचासी छियासी सत्तासी अट्ठासी नवासी"
    " नब्बे इक्यानवे बानवे तिरानवे चौरानवे पचानवे छियानवे सत्तानवे अट्ठानवे निन्यानवे"
)
_HINDI_OTHER = {"पांच": 5, "छः": 6, "छे": 6, "पन्द्रह": 15, "अट्ठारह": 18, "अठाईस": 28, "चौंसठ": 64}
_RUSSIAN = {
    "ноль": 0, "один": 1, "одна": 1, "два": 2, "две": 2, "три": 3, "четыре": 4, "пять": 5,
    "шесть": 6, "семь": 7, "восемь": 8, "девять": 9, "десять": 10, "одиннадцать": 11,
    "двенадцать": 12, "тринадцать": 13, "четырнадцать": 14, "пятнадцать": 15, "шестнадцать": 16,
    "семнадцать": 17, "восемнадцать": 18, "девятнадцать": 19, "двадцать": 20, "тридцать": 30,
    "сорок": 40, "пятьдесят": 50, "шестьдесят": 60, "семьдесят": 70, "восемьдесят": 80,
    "девяносто": 90, "сто": 100, "двести": 200, "триста": 300, "четыреста": 400, "пятьсот": 500,
    "шестьсот": 600, "семьсот": 700, "восемьсот": 800, "девятьсот": 900,
    "двух": 2, "трёх": 3, "трех": 3, "четырёх": 4, "четырех": 4, "пяти": 5, "шести": 6, "семи": 7,
    "восьми": 8, "девяти": 9, "десяти": 10, "одиннадцати": 11, "двенадцати": 12, "двадцати": 20,
    "тридцати": 30, "сорока": 40, "пятидесяти": 50, "шестидесяти": 60, "семидесяти": 70,
    "восьмидесяти": 80, "девяноста": 90, "ста": 100, "двухсот": 200, "трёхсот": 300, "пятисот": 500,
}  # fmt: skip
_ARABIC = {
    "صفر": 0, "واحد": 1, "واحدة": 1, "اثنان": 2, "اثنين": 2, "اثنتان": 2, "ثلاثة": 3, "ثلاث": 3,
    "أربعة": 4, "أربع": 4, "خمسة": 5, "خمس": 5, "ستة": 6, "ست": 6, "سبعة": 7, "سبع": 7,
    "ثمانية": 8, "ثماني": 8, "ثمان": 8, "تسعة": 9, "تسع": 9, "عشرة": 10, "عشر": 10,
    "عشرون": 20, "عشرين": 20, "ثلاثون": 30, "ثلاثين": 30, "أربعون": 40, "أربعين": 40,
    "خمسون": 50, "خمسين": 50, "ستون": 60, "ستين": 60, "سبعون": 70, "سبعين": 70, "ثمانون": 80,
    "ثمانين": 80, "تسعون": 90, "تسعين": 90, "مئتان": 200, "مائتان": 200, "مئتين": 200,
    "مائتين": 200, "ثلاثمائة": 300, "ثلاثمئة": 300, "أربعمائة": 400, "أربعمئة": 400,
    "خمسمائة": 500, "خمسمئة": 500, "ستمائة": 600, "ستمئة": 600, "سبعمائة": 700, "سبعمئة": 700,
    "ثمانمائة": 800, "ثمانمئة": 800, "تسعمائة": 900, "تسعمئة": 900, "ألفان": 2000, "ألفين": 2000,
    "مليونان": 2 * 10**6, "مليونين": 2 * 10**6,
}  # fmt: skip
_KOREAN = {
    "하나": 1, "둘": 2, "셋": 3, "넷": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9,
    "열": 10, "스물": 20, "서른": 30, "마흔": 40, "쉰": 50, "예순": 60, "일흔": 70, "여든": 80,
    "아흔": 90,
}  # fmt: skip


_KOREAN_BEFORE_NOUNS = {"한": 1, "두": 2, "세": 3, "네": 4}
_KOREAN |= {
    ten + unit: value + more
    for ten, value in _KOREAN.items()
    if value >= 10
    for unit, more in (_KOREAN | _KOREAN_BEFORE_NOUNS).items()
    if more < 10
} | {"스무": 20}


def _values(text: str) -> dict[str, int]:
    """Words by their value, of lines "5 five"; several words may have one."""
    rows = (row.split() for row in text.strip().splitlines())
    return {word: int(value) for value, *words in rows for word in words}


_POLISH = _values("""
    0 zero
    1 jeden jedna jedno
    2 dwa dwie dwóch
    3 trzy trzech
    4 cztery czterech
    5 pięć pięciu
    6 sześć sześciu
    7 siedem siedmiu
    8 osiem ośmiu
    9 dziewięć dziewięciu
    10 dziesięć dziesięciu
    11 jedenaście jedenastu
    12 dwanaście dwunastu
    13 trzynaście trzynastu
    14 czternaście czternastu
    15 piętnaście piętnastu
    16 szesnaście szesnastu
    17 siedemnaście siedemnastu
    18 osiemnaście osiemnastu
    19 dziewiętnaście dziewiętnastu
    20 dwadzieścia dwudziestu
    30 trzydzieści trzydziestu
    40 czterdzieści czterdziestu
    50 pięćdziesiąt pięćdziesięciu
    60 sześćdziesiąt sześćdziesięciu
    70 siedemdziesiąt siedemdziesięciu
    80 osiemdziesiąt osiemdziesięciu
    90 dziewięćdziesiąt dziewięćdziesięciu
    100 sto stu
    200 dwieście dwustu
    300 trzysta trzystu
    400 czterysta czterystu
    500 pięćset pięciuset
    600 sześćset sześciuset
    700 siedemset siedmiuset
    800 osiemset ośmiuset
    900 dziewięćset dziewięciuset
""")
_CZECH = _values("""
    0 nula
    1 jeden jedna jedno
    2 dva dvě dvou
    3 tři tří
    4 čtyři čtyř
    5 pět pěti
    6 šest šesti
    7 sedm sedmi
    8 osm osmi
    9 devět devíti
    10 deset deseti
    11 jedenáct
    12 dvanáct
    13 třináct
    14 čtrnáct
    15 patnáct
    16 šestnáct
    17 sedmnáct
    18 osmnáct
    19 devatenáct
    20 dvacet dvaceti
    30 třicet třiceti
    40 čtyřicet čtyřiceti
    50 padesát padesáti
    60 šedesát šedesáti
    70 sedmdesát sedmdesáti
    80 osmdesát osmdesáti
    90 devadesát devadesáti
    100 sto
""")
_UKRAINIAN = _values("""
    0 нуль
    1 один одна одне
    2 два дві двох
    3 три трьох
    4 чотири чотирьох
    5 п'ять п'яти
    6 шість шести
    7 сім семи
    8 вісім восьми
    9 дев'ять дев'яти
    10 десять десяти
    11 одинадцять одинадцяти
    12 дванадцять дванадцяти
    13 тринадцять тринадцяти
    14 чотирнадцять чотирнадцяти
    15 п'ятнадцять п'ятнадцяти
    16 шістнадцять шістнадцяти
    17 сімнадцять сімнадцяти
    18 вісімнадцять вісімнадцяти
    19 дев'ятнадцять дев'ятнадцяти
    20 двадцять двадцяти
    30 тридцять тридцяти
    40 сорок сорока
    50 п'ятдесят п'ятдесяти
    60 шістдесят шістдесяти
    70 сімдесят сімдесяти
    80 вісімдесят вісімдесяти
    90 дев'яносто
    100 сто ста
    200 двісті двохсот
    300 триста трьохсот
    400 чотириста чотирьохсот
    500 п'ятсот п'ятисот
    600 шістсот шестисот
    700 сімсот семисот
    800 вісімсот восьмисот
    900 дев'ятсот дев'ятисот
""")
_GREEK = _values("""
    0 μηδέν
    1 ένα ένας μία μια
    2 δύο δυο
    3 τρία τρεις τριών
    4 τέσσερα τέσσερις τεσσάρων
    5 πέντε
    6 έξι
    7 επτά εφτά
    8 οκτώ οχτώ
    9 εννέα εννιά
    10 δέκα
    11 έντεκα ένδεκα
    12 δώδεκα
    13 δεκατρία δεκατρείς
    14 δεκατέσσερα δεκατέσσερις
    15 δεκαπέντε
    16 δεκαέξι δεκάξι
    17 δεκαεπτά δεκαεφτά
    18 δεκαοκτώ δεκαοχτώ
    19 δεκαεννέα δεκαεννιά
    20 είκοσι
    30 τριάντα
    40 σαράντα
    50 πενήντα
    60 εξήντα
    70 εβδομήντα
    80 ογδόντα
    90 ενενήντα
    100 εκατό εκατόν
    200 διακόσια διακόσιοι διακόσιες
    300 τριακόσια τριακόσιοι τριακόσιες
    400 τετρακόσια τετρακόσιοι τετρακόσιες
    500 πεντακόσια πεντακόσιοι πεντακόσιες
    600 εξακόσια εξακόσιοι εξακόσιες
    700 επτακόσια επτακόσιοι επτακόσιες εφτακόσια
    800 οκτακόσια οκτακόσιοι οκτακόσιες οχτακόσια
    900 εννιακόσια εννιακόσιοι εννιακόσιες
    1000 χίλια χίλιοι χίλιες
""")
_TURKISH = _values("""
    0 sıfır
    1 bir
    2 iki
    3 üç
    4 dört
    5 beş
    6 altı
    7 yedi
    8 sekiz
    9 dokuz
    10 on
    20 yirmi
    30 otuz
    40 kırk
    50 elli
    60 altmış
    70 yetmiş
    80 seksen
    90 doksan
""")
_PERSIAN = _values("""
    0 صفر
    1 یک
    2 دو
    3 سه
    4 چهار
    5 پنج
    6 شش
    7 هفت
    8 هشت
    9 نه
    10 ده
    11 یازده
    12 دوازده
    13 سیزده
    14 چهارده
    15 پانزده
    16 شانزده
    17 هفده
    18 هجده هیجده
    19 نوزده
    20 بیست
    30 سی
    40 چهل
    50 پنجاه
    60 شصت
    70 هفتاد
    80 هشتاد
    90 نود
    100 صد یکصد
    200 دویست
    300 سیصد
    400 چهارصد
    500 پانصد
    600 ششصد
    700 هفتصد
    800 هشتصد
    900 نهصد
""")
_HEBREW = _values("""
    0 אפס
    1 אחד אחת
    2 שניים שתיים שני שתי שנים
    3 שלוש שלושה שלושת
    4 ארבע ארבעה ארבעת
    5 חמש חמישה חמשת
    6 שש שישה ששת
    7 שבע שבעה שבעת
    8 שמונה שמונת
    9 תשע תשעה תשעת
    10 עשר עשרה עשרת
    20 עשרים
    30 שלושים
    40 ארבעים
    50 חמישים
    60 שישים
    70 שבעים
    80 שמונים
    90 תשעים
    200 מאתיים
    2000 אלפיים
""")
_INDONESIAN = _values("""
    0 nol
    1 satu
    2 dua
    3 tiga
    4 empat
    5 lima
    6 enam
    7 tujuh
    8 delapan lapan
    9 sembilan
    10 sepuluh belas
    11 sebelas
    100 seratus
    1000 seribu
""")


NUMBER_WORDS: Mapping[str, NumberWords] = MappingProxyType(
    {
        "hi": NumberWords(
            {word: value for value, word in enumerate(_HINDI.split())} | _HINDI_OTHER,
            {"सौ": 100, "हज़ार": 1000, "हजार": 1000, "लाख": 10**5, "करोड़": 10**7, "अरब": 10**9},
            point="दशमलव",
        ),
        "ru": NumberWords(
            _RUSSIAN,
            _values("""
                1000 тысяча тысячи тысяч тысячу
                1000000 миллион миллиона миллионов
                1000000000 миллиард миллиарда миллиардов
            """),
        ),
        "ar": NumberWords(
            _ARABIC,
            {"مئة": 100, "مائة": 100, "ألف": 1000, "ألفا": 1000, "ألفًا": 1000, "آلاف": 1000,
             "مليون": 10**6, "ملايين": 10**6, "مليار": 10**9},
            prefix="و",
        ),
        "ko": NumberWords(_KOREAN, {}),
        "pl": NumberWords(
            _POLISH,
            _values("""
                1000 tysiąc tysiące tysięcy tysiąca
                1000000 milion miliony milionów miliona
                1000000000 miliard miliardy miliardów
            """),
        ),
        "cs": NumberWords(
            _CZECH,
            _values("""
                100 sta stě set
                1000 tisíc tisíce
                1000000 milion milión miliony milionů
                1000000000 miliarda miliardy miliard
            """),
        ),
        "uk": NumberWords(
            _UKRAINIAN,
            _values("""
                1000 тисяча тисячі тисяч тисячу
                1000000 мільйон мільйона мільйони мільйонів
                1000000000 мільярд мільярда мільярди мільярдів
            """),
        ),
        "el": NumberWords(
            _GREEK,
            _values("""
                1000 χιλιάδες χιλιάδων
                1000000 εκατομμύριο εκατομμύρια εκατομμυρίων
                1000000000 δισεκατομμύριο δισεκατομμύρια δισεκατομμυρίων
            """),
            point="κόμμα",
        ),
        "tr": NumberWords(
            _TURKISH,
            {"yüz": 100, "bin": 1000, "milyon": 10**6, "milyar": 10**9},
            point="virgül",
            doubtful=word_set("altı yedi"),  # "its lower side", "ate"
        ),
        "fa": NumberWords(
            _PERSIAN,
            {"هزار": 1000, "میلیون": 10**6, "میلیارد": 10**9},
            joint="و",
            point="ممیز",
            doubtful=word_set("نه سی"),  # "no", the letter C
        ),
        "he": NumberWords(
            _HEBREW,
            {"מאה": 100, "מאות": 100, "אלף": 1000, "אלפים": 1000, "מיליון": 10**6,
             "מיליארד": 10**9},
            prefix="ו",
        ),
        **dict.fromkeys(
            ("id", "ms"),
            NumberWords(
                _INDONESIAN,
                {"puluh": 10, "ratus": 100, "ribu": 1000, "juta": 10**6, "miliar": 10**9},
                point="koma",
            ),
        ),
    }
)  # fmt: skip
