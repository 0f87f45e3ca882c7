"""Words at the beginning of a sentence that only tie it to the one before.

A heading made of the sentence stands alone, so it begins without them. Two kinds: conjunctions,
which go as they stand, and adverbs, which go where a comma sets them apart; without one the order
of the words may hang on them (German "Dann zählen wir").
"""

from __future__ import annotations

from functools import lru_cache

import regex

from pipeline.text.languages.codes import base_language

# Conjunctions; adverbs and phrases.
_TABLE = {
    "en": (
        "so|and|but|now|well|okay|ok|alright|then|or",
        "of course|in fact|actually|basically|for example|for instance|again|first of all|first"
        "|next|finally|here|in other words|that is|also|however|all right|right",
    ),
    "de": (
        "und|aber|denn|oder|sondern",
        "also|nun|jetzt|dann|gut|natürlich|zum beispiel|eigentlich|übrigens|okay|ok|zuerst"
        "|zunächst|schließlich|das heißt|mit anderen worten|ehrlich gesagt",
    ),
    "fr": (
        "et|mais|donc|alors|or|ou|car",
        "bien sûr|en fait|par exemple|maintenant|ensuite|enfin|d'abord|tout d'abord|bon|bien"
        "|ici|autrement dit|cependant|d’abord|tout d’abord|eh bien",
    ),
    "es": (
        "y|pero|entonces|pues|o|así que|ahora",
        "por supuesto|de hecho|por ejemplo|bueno|bien|primero|luego|finalmente|por último|aquí"
        "|en otras palabras|es decir|sin embargo|además|claro",
    ),
    "pt": (
        "e|mas|então|ou|agora",
        "claro|na verdade|por exemplo|bom|bem|primeiro|depois|finalmente|por fim|aqui"
        "|em outras palavras|ou seja|no entanto|além disso|portanto",
    ),
    "it": (
        "e|ma|quindi|allora|o|ora|adesso|dunque",
        "certo|infatti|per esempio|ad esempio|bene|prima|poi|infine|qui|in altre parole|cioè"
        "|tuttavia|inoltre",
    ),
    "nl": (
        "en|maar|want|of",
        "dus|nu|dan|goed|natuurlijk|bijvoorbeeld|eigenlijk|oké|eerst|ten eerste|tot slot|kortom",
    ),
    "ru": (
        "и|но|а|или|так что|теперь",
        "итак|конечно|на самом деле|например|кстати|хорошо|во-первых|сначала|наконец|то есть"
        "|другими словами|однако|кроме того|честно говоря",
    ),
    "tr": (
        "ve|ama|fakat|ancak|peki|şimdi|veya",
        "tabii ki|elbette|aslında|örneğin|mesela|öncelikle|ilk olarak|son olarak|yani"
        "|başka bir deyişle|o zaman",
    ),
    "vi": (
        "và|nhưng|vậy|rồi|hoặc",
        "bây giờ|tất nhiên|thực ra|thực tế|ví dụ|đầu tiên|trước hết|cuối cùng|nói cách khác"
        "|tức là|tuy nhiên|vì vậy|do đó|ở đây",
    ),
    "ar": (
        "لكن|ولكن|ثم|أو|والآن|الآن|إذن|إذًا",
        "بالطبع|في الواقع|على سبيل المثال|مثلا|مثلاً|أولا|أولاً|أخيرا|أخيراً|بعبارة أخرى|هنا",
    ),
    "fa": (
        "و|اما|ولی|پس|یا|حالا|اکنون",
        "البته|در واقع|برای مثال|به عنوان مثال|ابتدا|اول|سپس|در نهایت|به عبارت دیگر|یعنی"
        "|با این حال",
    ),
    "he": (
        "אבל|אז|או|עכשיו|כעת",
        "כמובן|למעשה|לדוגמה|למשל|ראשית|קודם כל|לבסוף|במילים אחרות|כלומר|עם זאת|כאן",
    ),
    "hi": (
        "और|लेकिन|तो|अब|या|पर",
        "बेशक|वास्तव में|उदाहरण के लिए|सबसे पहले|पहले|अंत में|दूसरे शब्दों में|यानी|हालाँकि|यहाँ",
    ),
    "ko": (
        "그리고|하지만|그러나|그래서|그런데|그러면|그럼|이제|자|또는",
        "물론|사실|예를 들어|예를 들면|먼저|우선|마지막으로|즉|다시 말해|다시 말하면|여기서",
    ),
    "th": (
        "และ|แต่|ดังนั้น|หรือ",
        "ตอนนี้|แน่นอน|จริงๆ แล้ว|ตัวอย่างเช่น|ก่อนอื่น|สุดท้าย|กล่าวอีกนัยหนึ่ง|อย่างไรก็ตาม|ที่นี่",
    ),
    # Written without spaces: only a comma shows that the word ends.
    "ja": (
        "",
        "しかし|そして|だから|それで|では|さて|でも|また|つまり|すると|ただ|ただし|さらに|なお|まず"
        "|次に|最後に|もちろん|実は|実際|例えば|たとえば|ここで|ここでは|それでは|一方|ところで|要するに"
        "|はっきり言って|正直に言うと|言い換えれば|このように|したがって|なので",
    ),
    "zh": (
        "",
        "但|但是|而|而且|所以|因此|那么|那麼|然后|然後|于是|於是|首先|其次|接下来|接下來|接着|接著|最后"
        "|最後|当然|當然|事实上|事實上|实际上|實際上|其实|其實|例如|比如|比如说|比如說|也就是说|也就是說"
        "|换句话说|換句話說|现在|現在|好|好的|此外|另外|不过|不過|然而|同样|同樣|在这里|在這裡|说白了|說白了"
        "|老实说|老實說",
    ),
}
_COMMA = r"\s*[,，、،]\s*"


def without_connectives(sentence: str, language: str | None = None) -> str:
    """``sentence`` from the first word on that says something; whole where nothing would be left.

    Args:
        language: a BCP 47 tag; English where it is None. Of a language that is not known nothing
            is dropped.

    >>> without_connectives("But now, of course, we count the pairs.")
    'we count the pairs.'
    >>> without_connectives("しかし、計算を段階的に進める", "ja")
    '計算を段階的に進める'
    """
    found = _opening(base_language(language or "en") or "").match(sentence)
    return sentence[found.end() :] or sentence if found else sentence


@lru_cache
def _opening(language: str) -> regex.Pattern[str]:
    """Matches the connectives at the beginning of a sentence."""
    conjunctions, adverbs = _TABLE.get(language, ("", ""))
    words = "|".join(filter(None, (conjunctions, adverbs)))
    if not words:
        return regex.compile(r"(?!)")
    bare = rf"|(?:{conjunctions})\s+" if conjunctions else ""
    return regex.compile(rf"(?:(?:{words}){_COMMA}{bare})+", regex.IGNORECASE)
