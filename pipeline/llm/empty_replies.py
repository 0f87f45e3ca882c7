"""Replies that are none: empty, nothing but thoughts or a call of a tool, or a refusal."""

from __future__ import annotations

import re

# How a model begins when it will not do what it is asked, in the languages that lectures are in.
# Such a beginning counts only in a short reply without citations, code or JSON: a lecturer may well
# be sorry too.
_LONGEST = 1_200
_APOSTROPHES = str.maketrans(dict.fromkeys("’ʼ`´", "'"))
_REFUSALS = {
    "en": r"""(?:i'm|i am) (?:really |very |so |truly )?(?:sorry|unable|not able|afraid)|sorry\b
        |(?:i )?apologi[sz]e|my apologies|(?:unfortunately|regrettably),? i\b
        |as an? (?:ai|large language model|language model)\b|we(?:'re| are) sorry\b
        |(?:hi|hello|thanks|thank you)\b[^.!\n]{0,60}[,.!] {0,2}(?:but )?(?:unfortunately,? )?
        i(?:'m (?:not able|unable|sorry)| cannot| can't| won't)|i'd rather not
        |i (?:cannot|can't|can not|won't|will not|decline)\b
        |i (?:must decline|(?:don't|do not) feel comfortable)
        |(?:this|your|the) (?:request|prompt|content)\b[^.\n]{0,40}
        \b(?:violat\w+|goes against|blocked|flagged|rejected|declined)\b
        |it(?:'s| is) not possible for me|my (?:guidelines|policies|instructions)\b[^.\n]{0,20}
        \b(?:don't|do not|forbid|prohibit|prevent)
        |\[(?:content|response|message) (?:blocked|filtered|removed)
        |[^.!?\n]{0,60}\bi(?:'m|'ll| am| will)?(?: [\w']{1,20}){0,3}
        (?: (?:have to|need to|must)(?: respectfully)? decline\b| (?:cannot|can't|can not|unable to
        |not able to|think i can|have the ability to)(?:(?: \w{1,20}){0,2} (?:help|assist|comply
        |fulfil+|(?:do|write|provide) (?:this|that))\b|[^\w\n]*\Z))""",
    "de": r"""(?:es )?tut mir (?:sehr )?leid|entschuldigung
        |leider (?:kann|darf|ist (?:es mir|das mir|mir das))
        |ich kann (?:dir|ihnen|dabei|das|diese|nicht)|(?:nein, )?(?:das|dabei|hier) kann ich
        (?: leider)? nicht|ich bin (?:leider )?nicht in der lage
        |es ist mir (?:leider )?nicht möglich|als (?:ki|sprachmodell)\b""",
    "fr": r"""(?:je suis )?(?:vraiment )?désolée?|je (?:ne peux|ne suis|refuse)|je m'excuse
        |malheureusement,? je|je regrette|il (?:m'est|ne m'est pas) (?:im)?possible
        |en tant qu(?:e|') ?(?:ia|modèle|assistant)""",
    "es": r"""lo siento|no (?:soy capaz|estoy en condiciones)|(?:lo )?lamento|disculpa|perdón
        |no (?:me es posible|puedo)|desafortunadamente|lamentablemente|em sap greu
        |como (?:ia|modelo)""",
    "pt": r"desculpe|(?:sinto|lamento) muito|não (?:posso|consigo)|infelizmente"
    r"|como (?:uma ia|um modelo)",
    "it": r"mi (?:di)?spiace|spiacente|non posso|purtroppo|mi scuso|come modello",
    "nl": r"het spijt me|helaas|ik kan (?:je|u|dit|niet|hier)",
    "sv, da, no, fi": r"""tyvärr|jag är (?:ledsen|tyvärr)|jeg (?:beklager|er ked af)
        |olen pahoillani|jag kan (?:inte|tyvärr)|förlåt|jeg kan (?:ikke|desværre)|beklager
        |desværre|valitettavasti|pahoittelen""",
    "pl, cs, hu, ro": r"""przepraszam|przykro mi|niestety|nie (?:mogę|jestem w stanie)
        |omlouvám se|bohužel|je mi líto|nemohu|nemůžu|nem tudok|nu pot\b|ne mogu
        |prepáčte|nemôžem|oprostite|ne morem|žal mi je
        |omluvte|sajnálom|sajnos|bocsánat|îmi pare rău|izvinite|žao mi je""",
    "ru, uk": r"""извините|простите|прошу прощения|к сожалению|(?:я )?не могу
        |мне (?:жаль|не удалось)|как (?:языковая модель|ии)\b|вибачте|на жаль|я не можу
        |съжалявам|жаль,""",
    "lt, lv, et": r"atsiprašau|deja,|atvainojiet|diemžēl|vabandust|kahjuks",
    "tr, el": r"üzgünüm|maalesef|özür dilerim|συγγνώμη|λυπάμαι|δυστυχώς|δεν μπορώ",
    "ar, fa, he": r"""عذرا|عذرًا|آسف|أنا آسف|أعتذر|(?:لل|مع ال)أسف|لا (?:أستطيع|أقدر)|لا يمكنني
        |متأسفم|متاسفم|متأسفانه
        |מצטער|אני מצטער|לצערי|לא אוכל|(?:אני )?לא יכול""",
    "zh": r"""(?:很|非常|十分)?(?:抱歉|遗憾)|对不起|對不起
        |(?:无法|無法|不能)(?:提供|回答|帮|幫|协助|協助|完成|处理|處理|满足|滿足|写|寫|生成)
        |(?:该|此|您的)请求[^。\n]{0,12}(?:违反|拒绝|拦截|无法)|我(?:无法|無法|不能)|不好意思
        |(?:作为|作為|身为)(?:一个|一個)?(?:AI|人工智能|语言模型|語言模型)""",
    "ja, ko": r"""申し訳|すみません|ごめんなさい|残念ながら|恐れ入りますが
        |[^。\n]{0,24}(?:お応え|お答え|お手伝い|対応)(?:は|を)?できません
        |私は(?:AI|言語モデル)|죄송|미안|[^.\n]{0,12}도와드릴 수 없|유감|(?:AI|언어 모델)로서""",
    "vi, id, th, hi": r"""xin lỗi|rất tiếc|tôi không thể|maaf|mohon maaf|saya tidak (?:dapat|bisa)
        |ขออภัย|ขอโทษ|ฉันไม่สามารถ|मैं [^।\n]{0,40}नहीं कर सकत|আমি দুঃখিত|(?:मुझे )?माफ|क्षमा|मुझे खेद
        |দুঃখিত|மன்னிக்கவும்""",
}
_REFUSAL = re.compile(
    r"[\s>*_\"“”¡¿]*(?:"
    + "|".join(re.sub(r"\n\s*", "", pattern) for pattern in _REFUSALS.values())
    + ")",
    re.IGNORECASE,
)


# A call of a tool as text: templates of Qwen, Mistral, DeepSeek, Kimi, Llama, Gemma and their kin.
_TOOL_CALL = re.compile(
    r"\s*(?:<tool_calls?>|<function_calls?>|<function=|\[TOOL_CALLS\]|<\|python_tag\|>"
    r"|<[|｜]tool[_▁]calls?|```tool_(?:code|call)"
    r"|\{\s*\"name\":\s*\"[^\"\n]{1,80}\",\s*\"(?:arguments|parameters)\":)"
)
# A letter or a figure, or brackets that may be JSON.
_SAYS = re.compile(r"[\w{\[]")


def is_tool_call(text: str) -> bool:
    """Whether ``text``, free of thoughts, is a call of a tool that the server left in it.

    >>> is_tool_call('<tool_call>\\n{"name": "search"}'), is_tool_call("A call. [[s0001]]")
    (True, False)
    """
    return "[[s" not in text and _TOOL_CALL.match(text) is not None


def is_refusal(text: str) -> bool:
    """Whether ``text``, free of thoughts, is nothing but a refusal.

    >>> is_refusal("I’m sorry, but I can’t help with that."), is_refusal("Lo siento, no puedo.")
    (True, True)
    >>> is_refusal("I cannot stress this enough: bytes are numbers. [[s0001]]")
    False
    """
    if len(text) > _LONGEST or any(mark in text for mark in ("[[", "{", "```", "=== block")):
        return False
    return _REFUSAL.match(text.translate(_APOSTROPHES)) is not None


def fault_of(text: str, finish: str, refusal: str | None, calls_tool: bool) -> tuple[str, bool]:
    """Why a reply is none, and whether the model refused; an empty reason for a real reply.

    Args:
        text: the reply without thoughts and small talk.
        finish: ``stop``, ``length`` or ``content_filter``.
        refusal: the refusal that the server sent apart from the text.
        calls_tool: whether the model wanted to call a tool; none was offered.
    """
    if refusal:
        return " ".join(refusal.split())[:200], True
    if finish == "content_filter":
        return "its content filter cut the reply", True
    if not _SAYS.search(text):
        if finish == "length":
            return "", False  # cut before it was done thinking: it needs more room
        return ("a call of a tool and no text" if calls_tool else "no text"), False
    return (" ".join(text.split())[:200], True) if is_refusal(text) else ("", False)
