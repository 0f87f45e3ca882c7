"""Whole replies without the fence around them, and without words to the reader before and after."""

from __future__ import annotations

import re

_MARKDOWN = r"(?:[ \t]?(?:markdown|md)\b)"
_WRAPPED = re.compile(
    rf"(`{{3,}}|~{{3,}})(?:({_MARKDOWN})|text|txt|plaintext)?[ \t]*\n(.*?)\n?\1\s*",
    re.DOTALL | re.IGNORECASE,
)
_TAGGED = re.compile(
    r"<(markdown|text|section|article|document|chapter|reply)>\n(.*)</\1>", re.DOTALL
)
_WRAP_BEGINS = re.compile(rf"(`{{3,}}|~{{3,}}){_MARKDOWN}[ \t]*\n", re.IGNORECASE)
_FENCE_LINE = re.compile(r"[ \t]*(?:`{3,}|~{3,})[ \t]*")
# What a line leads on to is the text's own: code, and of what may only be small talk also a list,
# a quotation, a table, a formula.
_CODE_BEGINS = re.compile(r"(?:`{3,}|~{3,})(?!markdown|md|text|txt|plaintext|json)\w")
_LED_TO = re.compile(r"(?:[-*+]|\d{1,3}[.)])[ \t]|[>|]|\$\$|\\\[")
_RULE = re.compile(r"(?:-{3,}|\*{3,}|_{3,})")
_RULE_ABOVE = re.compile(r"(?:-{3,}|\*{3,}|_{3,})\n")
_REPLY = (
    r"section|part|attempt|chapter|text|prose|draft|version|markdown|translation|passages?"
    r"|paragraphs?|blocks?|plan|outline|json|re-?writ\w+|revis\w+|request\w*|correct\w*|result"
)
_TELLING = (  # of the reply itself
    r"(?:i(?:'ll|’ll| will)|let me)(?: now)? (?:write|rewrite|revise|provide)\b[^\n]{0,40}"
    r"\b(?:section|part|chapter|markdown|text)\b[^\n]{0,80}[:.]",
    r"the (?:section|part|chapter|draft) follows[:.]",
    r"(?:here(?:'s|’s| is| are)|below is|the following is)\b"
    rf"[^\n]{{0,40}}\b(?:{_REPLY})\b[^\n]{{0,120}}[:.]",
    rf"[^\n:]{{1,120}}[,.!] here(?:'s|’s| is) (?:the|your|a|my)\b[^\n]{{0,40}}\b(?:{_REPLY})\b"
    r"[^\n]{0,60}:",
    r"i(?:'ve|’ve| have) (?:written|rewritten|revised|prepared)\b[^\n]{0,120}[:.]",
    r"(?:section \d+, )?part \d+:?|(?:(?:final|my) )?(?:output|answer|response|result|reply):"
    r"|markdown:|text:",
)
_LIKELY = (  # as a lecturer may say, too
    r"(?:sure|certainly|of course|absolutely|okay|ok|got it|understood"
    r"|as (?:you )?requested)\b[^\n]{0,200}[:.!]",
    r"(?:alright|great|perfect)[,.!:] (?:here|i)\b[^\n]{0,160}[:.!]",
    r"here(?:'s|’s| it is| you (?:go|are)| are they)\b[^\n]{0,12}:",
    # "Here is", "of course" in other languages.
    r"(?:hier (?:ist|sind|kommt|is)|gerne|natürlich|selbstverständlich|perfekt|zeker|natuurlijk"
    r"|voici|bien sûr|aquí (?:está|tienes?|va)|claro|por supuesto|perfecto|com certeza|aqui está"
    r"|ecco|certo|certamente|her er|selvfølgelig|här är|självklart|tässä on|tietysti"
    r"|oto|jasne|oczywiście|tu je|zde je|tady je|jistě|samozřejmě|itt van|íme|persze|iată|desigur"
    r"|вот|конечно|ось|звісно|işte|tabii|elbette|ορίστε|βεβαίως|φυσικά|berikut|tentu"
    r"|đây là|dưới đây|chắc chắn|הנה|בטח|إليك|هذا هو|البته)\b[^\n]{0,160}:",
    r"(?:यहाँ|बिल्कुल|ज़रूर|นี่คือ|แน่นอน)[^\n]{0,160}:",
    r"(?:以下是|好的|当然|こちらが|以下[がは]|承知|다음은|물론)[^\n]{0,80}[:：。]?",
)
_PREAMBLE = re.compile("|".join([*_TELLING, *_LIKELY]), re.IGNORECASE)
_SURE_PREAMBLE = re.compile("|".join(_TELLING), re.IGNORECASE)
_TAILS = (
    r"(?:please )?let me know|i hope (?:this|that|it)\b|hope (?:this|that) helps|feel free to",
    r"(?:would you like|(?:do you )?want) (?:me|any)\b|is there anything (?:else|more)",
    r"(?:shall|should) i (?:continue|go on|proceed|write)\b|ready for the next\b"
    r"|(?:best|kind) regards",
    r"if you(?:'d|’d| would)? (?:need|want|like|have)\b[^\n]{0,120}(?:let me know|just ask|i can)",
    r"[\[(]?\*{0,3}(?:total )?(?:word count|words|wortzahl)\*{0,3}:?\*{0,3}:? {0,3}"
    r"(?:approx\w*\.?|about|~)? {0,3}\d+",
    r"\((?:about |approx\w*\.? |~ ?)?\d+ words\)",
    rf"(?:this|the) (?:{_REPLY}) (?:is|has) (?:about |approximately |~ ?)?\d+ words",
    rf"(?:note:?[* ]{{0,3}})?this(?: (?:{_REPLY}))? (?:covers|includes|keeps|follows|cites)\b"
    r"[^\n]{0,80}\b(?:citations?|rules|instructions?|segments?|guidelines|house style)\b",
    r"espero que (?:te|le|les|os|isso|isto) |spero che (?:ti|vi|le|questo) |j['’]espère que"
    r"|надеюсь|ich hoffe,? (?:das|dies|es) (?:hilft|passt|ist)|espero que ajude",
    r"lass(?:en sie)? (?:es )?mich wissen|sag(?:en sie)?(?: mir)? (?:gerne? )?bescheid"
    r"|n['’]hésitez pas|déjame saber|avísame|fammi sapere",
    r"[\[(]?end of (?:the )?(?:section|part|text|chapter)\b",
    r"(?:note:?[* ]{0,3})?(?:i(?: have|['’]ve)?|all) (?:kept|followed|used|ensured|included|"
    r"preserved|left out|omitted|cited|citations)\b[^\n]{0,120}\b(?:"
    r"citations?|rules|instructions?|requested|segments?|guidelines|kept|included|met|style guide"
    r"|s\d{4,9})\b",
    r"дайте знать|если (?:вам )?(?:нужн|потребу)",
    r"도움이 되(?:었|셨)|더 필요하",
    r"希望(?:这|对你|对您|能)|ご確認ください|如果(?:您|你)(?:需要|想)|如需|他に(?:ご質問|何か)",
)
_TAIL = re.compile("|".join(_TAILS), re.IGNORECASE)
_CHANGES = re.compile(
    r"\n\n[*_]{0,3}(?:(?:key )?(?:changes|repairs|corrections) made|summary of changes)"
    r":?[*_]{0,3}:?"
    r"(?:\n{1,2}[ \t]{0,4}(?:[-*+•]|\d{1,2}[.)])[^\n]{1,400})+\s*\Z",
    re.IGNORECASE,
)


def unframed(text: str) -> str:
    """A whole reply without the fence around it, and without words to the reader before and after
    (``Here is the section:``, ``Let me know ...``).

    >>> unframed("Here is the section:\\n\\n```markdown\\nBytes. [[s0001]]\\n```\\n\\nLet me know!")
    'Bytes. [[s0001]]'
    """
    while True:
        before, text = text, _unframed_once(text.strip())
        if text == before:
            return text


def _unframed_once(text: str) -> str:
    if (found := _WRAPPED.fullmatch(text)) and (found[2] or "[[" in found[3]):
        return found[3]
    if tagged := _TAGGED.fullmatch(text):
        return tagged[2]
    if (begun := _WRAP_BEGINS.match(text)) and begun[1] not in text[begun.end() :]:
        return text[begun.end() :]
    return _without_tail(_without_preamble(text))


def _without_preamble(text: str) -> str:
    first, gap, rest = text.partition("\n\n")
    if not gap and _PREAMBLE.match(text):  # a fence or a text right below
        first, gap, rest = text.partition("\n")
    rest = rest.lstrip()
    if _CODE_BEGINS.match(rest) or not _is_framing(first, _PREAMBLE):
        return text
    if _LED_TO.match(rest) and not _is_framing(first, _SURE_PREAMBLE):
        return text
    return rest if gap or first.rstrip("*_ ").endswith(":") else text


def _without_tail(text: str) -> str:
    if (changes := _CHANGES.search(text)) and "[[" not in changes[0]:
        return text[: changes.start()]
    before, gap, last = text.rpartition("\n\n")
    if gap and (_RULE.fullmatch(last.strip()) or _begins_framing(last)):
        return before
    before, _, last = text.rpartition("\n")
    lines = before.splitlines()
    if lines and _FENCE_LINE.fullmatch(lines[-1]) and _begins_framing(last):
        return before
    if (
        _FENCE_LINE.fullmatch(last)
        and before
        and not any("```" in one or "~~~" in one for one in lines)
    ):
        return before  # it closes what nothing opened
    return text


def _is_framing(block: str, pattern: re.Pattern[str]) -> bool:
    block = block.strip().strip("*_").strip()
    return bool(_RULE.fullmatch(block) or ("[[" not in block and pattern.fullmatch(block)))


def _begins_framing(block: str) -> bool:
    block = block.strip()
    above = _RULE_ABOVE.match(block)
    block = block[above.end() if above else 0 :].lstrip("*_ ✅✔☑️👍🙂😊")
    return "[[" not in block and "\n" not in block.strip() and bool(_TAIL.match(block))
